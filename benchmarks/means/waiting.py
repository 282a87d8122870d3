"""An installation that sends by an HTTP provider: reminders that wait in its outbox, and officers who reply meanwhile."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from datetime import time as clock_time
from itertools import count, islice
from random import Random

from sqlalchemy import select

from benchmarks.means.databases import Databases
from benchmarks.means.installation import Installation, installed
from benchmarks.means.no_op_provider import MARK, Operator
from domain.inbound import Channel, Inbound, InboundKind
from domain.ports import GatewayInfo
from domain.settings import QuietHours
from handlers.context import Context
from handlers.incoming.intake import receive
from storage import Store
from storage.queries import settings
from storage.queries.persons import contacts
from storage.queries.sending import batches
from storage.tables import Case, ContactPoint
from storage.tables.base import table_of

HOLD_S = 2
"""For how long an answer is held: longer than an idle dispatcher looks away, so that it knows of each in time."""

_OPERATOR, _BOT = "operator", "bot"
_AT_ONCE = 5_000
_REMINDER = "ថ្ងៃស្អែកមានប្រជុំក្រុមសន្សំ ម៉ោង ៨ ព្រឹក នៅសាលាឃុំ"
_CONFIG = """\
[database]
url = "{database}"

[web]
port = {port}

[[sms_gateway]]
name = "operator"
kind = "http"
from = "LEAP"
rate = 1000.0

[sms_gateway.send]
url = "http://127.0.0.1:{provider}/send"

[sms_gateway.send.fields]
to = "{{to}}"
text = "{{text}}"
id = "{{id}}"
"""


def sending(databases: Databases, kind: str, *, people: int, operator: Operator) -> Installation:
    """Make an installation without quiet hours that sends by the operator, at a rate that does not limit it."""
    made = installed(databases, kind, people=people, provider_port=operator.port, config=_CONFIG)
    now = datetime.now(UTC)
    with closing(made.config.open_store()) as store, store.transaction() as tx:
        before = settings.current(tx)
        always = {
            "quiet_hours": QuietHours(start=clock_time(0), end=clock_time(0)),
            "deadlines": before.deadlines.model_copy(update={"hold_seconds": HOLD_S}),
        }
        settings.add(tx, before.model_copy(update=always), actor="staff", actor_id=None, now=now)
        for staff_id in made.filled.holders:
            contact = contacts.lock(tx, Channel.TELEGRAM, _account(staff_id), now=now)
            contacts.change(tx, contact.id, staff_id=staff_id, language="km", gateway=_BOT)
    return made


def queue_reminders(made: Installation, wanted: int) -> None:
    """Queue so many reminders, one batch after the other to everybody, due now."""
    with closing(made.config.open_store()) as store:
        people = _people(store)
        for turn in count(1):
            if wanted <= 0:
                return
            _queue_batch(store, people[:wanted], turn)
            wanted -= len(people)


def _people(store: Store) -> list[tuple[int, int]]:
    table = table_of(ContactPoint)
    query = select(table.c.person_id, table.c.id).where(table.c.person_id.is_not(None)).order_by(table.c.id)
    with store.reading() as tx:
        return [(row.person_id, row.id) for row in tx.execute(query)]


def _queue_batch(store: Store, people: Sequence[tuple[int, int]], turn: int) -> None:
    now = datetime.now(UTC)
    with store.transaction() as tx:
        batch = batches.create(tx, now, kind="broadcast", subject=f"broadcast:{turn}", plan="once", state="sending")
        assert batch is not None
    rows = (
        {
            "person_id": person_id,
            "contact_point_id": contact_id,
            "gateway_name": _OPERATOR,
            "channel": "sms",
            "kind": "broadcast",
            "text": _REMINDER,
            "language": "km",
            "segments": 1,
        }
        for person_id, contact_id in people
    )
    while page := list(islice(rows, _AT_ONCE)):
        with store.transaction() as tx:
            batches.lay_out(tx, batch, page, due_at=now, now=now)


def replies(made: Installation, operator: Operator, marks: Sequence[int]) -> list[float]:
    """Have officers reply, one after the other, and return how long after it was due each answer was handed over.

    They write `/reply` to the bot, whose messages nobody hands over here. In seconds.
    """
    random, due = Random(marks[0]), {}
    with closing(made.config.open_store()) as store:
        bot = GatewayInfo(_BOT, Channel.TELEGRAM, rate=30.0)
        context = Context(store, {**made.config.gateway_infos(), _BOT: bot})
        for mark, (holder, reference) in zip(marks, _open_cases(store, made), strict=False):
            due[mark] = _reply(context, holder, reference, mark)
            time.sleep(random.uniform(0.05, 0.2))
    return [operator.came(mark) - moment for mark, moment in due.items()]


def _open_cases(store: Store, made: Installation) -> Iterator[tuple[int, str]]:
    """Give who holds the post, and the reference, of one open case after the other, without end."""
    table, holders = table_of(Case), dict(zip(made.filled.posts, made.filled.holders, strict=True))
    query = select(table.c.post_id, table.c.reference).where(table.c.status != "closed").order_by(table.c.id)
    with store.reading() as tx:
        found = [(holders[row.post_id], row.reference) for row in tx.execute(query)]
    while True:
        yield from found


def _reply(context: Context, holder: int, reference: str, mark: int) -> float:
    """Let an officer reply now, and return when the answer is due, by `time.perf_counter`."""
    now, moment = datetime.now(UTC), time.perf_counter()
    said = Inbound(
        gateway=_BOT,
        channel=Channel.TELEGRAM,
        provider_id=f"update-{mark}",
        address=_account(holder),
        kind=InboundKind.TEXT,
        received_at=now,
        text=f"/reply {reference} យើងបានទទួលសារហើយ {MARK}{mark:06}",
    )
    receive(context, said, now)
    return moment + HOLD_S


def _account(staff_id: int) -> str:
    return f"90{staff_id:06}"
