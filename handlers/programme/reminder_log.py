"""What was sent about a round, meeting or condition: which words, when, to whom, what came of it, and at what cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from handlers.broadcasts.failures import masked
from handlers.broadcasts.preview import cost_of
from handlers.context import Context
from storage import Tx
from storage.queries.programme import conditions, rounds
from storage.queries.sending import reminder_log
from storage.queries.sending.reminder_log import Sent

COLUMNS = ("at", "kind", "plan", "person", "channel", "address", "state", "failure", "gateway", "parts", "cost", "text")


KINDS = ("round", "meeting", "condition")


class NoSubject(LookupError):
    """There is no round, meeting or condition with this code."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `at` is when it was handed over (None: it was not); `cost` is at today's prices, None without one."""

    at: datetime | None
    kind: str
    plan: str
    person: str
    channel: str
    address: str
    state: str
    failure: str | None
    gateway: str | None
    parts: int
    cost: float | None
    text: str | None


def lines(context: Context, tx: Tx, code: str, *, kind: str = "round") -> Iterator[Line]:
    """Give what was sent about one of `KINDS`, under whatever day it stood. Raises `NoSubject`."""
    by_code = {"round": rounds.round_by_code, "meeting": rounds.meeting_by_code, "condition": conditions.by_code}
    found = by_code[kind](tx, code)
    if found is None:
        raise NoSubject(code)
    return (_line(context, each) for each in reminder_log.of_subject(tx, f"{kind}:{found.id}"))


def _line(context: Context, each: Sent) -> Line:
    info = context.gateways.get(each.gateway or "")
    gone = each.state not in ("queued", "withdrawn")
    return Line(
        at=each.handed_over_at,
        kind=each.kind,
        plan=each.plan,
        person=each.external_id or f"#{each.person_id}",
        channel=each.channel.value,
        address=masked(each.channel, each.address),
        state=each.state,
        failure=each.failure,
        gateway=each.gateway,
        parts=each.parts,
        cost=cost_of(info, each.parts) if info is not None and gone else None,
        text=each.text,
    )
