"""Filling a database with a project as it stands after half a year: areas, officers, people, cases and their messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, text

from domain.inbound import Channel
from domain.settings import DEFAULT_LADDERS, Level
from domain.texts.references import new_reference
from samleng.demo.leap import PROJECT
from storage import Store, Tx
from storage.queries import areas
from storage.queries.areas import AreaRecord
from storage.queries.persons import contacts
from storage.queries.staffing import staff
from storage.tables import (
    AuditEntry,
    AuditHead,
    Base,
    Case,
    CaseContact,
    CaseNumber,
    ContactPoint,
    InboundItem,
    Message,
    Person,
    Question,
)
from storage.tables.base import table_of

GATEWAY = "twilio"
OPEN_SHARE = 0.15
"""How many of the cases are still open: what a project has that keeps its deadlines."""

_CHUNK = 5_000
_LADDER = [step.model_dump(mode="json") for step in DEFAULT_LADDERS["general"]]
_COMPLAINT, _RECEIPT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ", "ទទួលបានសារហើយ។ លេខ LP-0000-00។ យើងឆ្លើយមុន 9/9។"


@dataclass(frozen=True, slots=True)
class Filled:
    """What is there: the communes, the post of each one's facilitator and who holds it, and people's numbers."""

    communes: list[AreaRecord]
    posts: list[int]
    holders: list[int]
    numbers: list[str]


def fill(store: Store, people: int, now: datetime) -> Filled:
    """Fill a migrated database that holds a project, by bulk inserts, and let PostgreSQL learn what is in it."""
    with store.transaction() as tx:
        communes = _places(tx)
        posts, holders = _officers(tx, communes, now)
        filled = Filled(communes, posts, holders, [number(serial) for serial in range(people)])
        person_ids = _people(tx, filled, now)
        _cases(tx, filled, person_ids, _contacts(tx, filled, person_ids, now), now)
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return filled


def number(serial: int) -> str:
    """Return the phone number of somebody by a serial number below a million, in E.164."""
    return f"+85512{serial:06}"


def _places(tx: Tx) -> list[AreaRecord]:
    made: dict[str, AreaRecord] = {}
    for each in PROJECT.places():
        parent = made[each.parent] if each.parent else None
        made[each.code] = areas.add(
            tx, code=each.code, level=each.level, parent=parent, names=dict(each.names), kind=each.kind
        )
    return [area for area in made.values() if area.level == "commune"]


def _officers(tx: Tx, communes: Sequence[AreaRecord], now: datetime) -> tuple[list[int], list[int]]:
    """Fill every post; return those of the communes' facilitators, with their holders."""
    posts, holders = zip(*(_officer(tx, Level.FACILITATOR, area.id, now) for area in communes), strict=True)
    for area in communes:
        _officer(tx, Level.COMMUNE, area.id, now)
    for level in (Level.DISTRICT, Level.PROVINCE):
        for area in areas.of_level(tx, level.value):
            _officer(tx, level, area.id, now)
    for level in (Level.NATIONAL, Level.DESK, Level.DESK, Level.FOCAL, Level.FOCAL):
        _officer(tx, level, None, now)
    return list(posts), list(holders)


def _officer(tx: Tx, level: Level, area_id: int | None, now: datetime) -> tuple[int, int]:
    staff_id = staff.add(tx, name="មន្ត្រី", language="km", phone=None, now=now)
    post = staff.post(tx, level, area_id)
    staff.hold(tx, post, staff_id, now)
    contact = contacts.lock(tx, Channel.SMS, f"+85577{staff_id:06}", now=now)
    contacts.change(tx, contact.id, staff_id=staff_id, language="km", gateway=GATEWAY)
    return post, staff_id


def _people(tx: Tx, filled: Filled, now: datetime) -> list[int]:
    places = filled.communes
    rows = [
        {"name": "អ្នកទទួលផល", "language": "km", "area_id": places[n % len(places)].id, "created_at": now}
        for n in range(len(filled.numbers))
    ]
    return _add(tx, Person, rows)


def _contacts(tx: Tx, filled: Filled, person_ids: Sequence[int], now: datetime) -> list[int]:
    rows = [
        {
            "channel": "sms",
            "address": address,
            "address_hash": tx.keys.fingerprint("sms", address),
            "person_id": person_id,
            "gateway": GATEWAY,
            "language": "km",
            "noticed_at": now,
            "created_at": now,
        }
        for address, person_id in zip(filled.numbers, person_ids, strict=True)
    ]
    return _add(tx, ContactPoint, rows)


def _cases(tx: Tx, filled: Filled, person_ids: Sequence[int], contact_ids: Sequence[int], now: datetime) -> None:
    """Give everybody a case of the last half year, with what belongs to it."""
    random = Random(11)
    references: dict[str, None] = {}
    while len(references) < len(person_ids):
        references[new_reference("LP", random)] = None
    rows = [
        _case(filled, n, now) | {"reference": reference, "person_id": person_id, "contact_point_id": contact_id}
        for n, (reference, person_id, contact_id) in enumerate(zip(references, person_ids, contact_ids, strict=True))
    ]
    case_ids = _add(tx, Case, rows)
    _add(
        tx,
        CaseContact,
        [{"case_id": case, "contact_point_id": c} for case, c in zip(case_ids, contact_ids, strict=True)],
    )
    _number_open_cases(tx, filled, case_ids, rows)
    _add(tx, Message, [row for known in zip(case_ids, rows, strict=True) for row in _messages(*known)])
    _add(tx, InboundItem, [_intake(tx, filled, n, row) for n, row in enumerate(rows)])
    _add(tx, Question, [_question(*known) for known in zip(case_ids, rows, strict=True)])
    entries = [row for known in zip(case_ids, rows, strict=True) for row in _entries(*known)]
    _add(tx, AuditEntry, [row | {"seq": seq} for seq, row in enumerate(entries, start=1)])
    tx.execute(insert(table_of(AuditHead)).values(id=1, seq=len(entries), hash="0" * 64, at=now))


def _case(filled: Filled, n: int, now: datetime) -> dict[str, Any]:
    place = n % len(filled.communes)
    area = filled.communes[place]
    is_open = (n * 7919) % 1000 < OPEN_SHARE * 1000
    received = now - (timedelta(hours=1 + n % 100) if is_open else timedelta(days=10 + n % 170))
    return {
        "kind": "complaint",
        "status": "new" if is_open else "closed",
        "category": "payment_missing",
        "categories": ["payment_missing"],
        "with_desk": False,
        "anonymous": False,
        "level": "facilitator",
        "ladder": _LADDER,
        "rung": 0,
        "barred_to": -1,
        "area_id": area.id,
        "area_path": area.path,
        "post_id": filled.posts[place],
        "received_at": received,
        "last_inbound_at": received,
        "answer_by": received + timedelta(days=7),
        "due_at": now + timedelta(days=1 + n % 6) if is_open else None,
        "closed_at": None if is_open else received + timedelta(days=8),
    }


def _number_open_cases(tx: Tx, filled: Filled, case_ids: Sequence[int], rows: Sequence[dict[str, Any]]) -> None:
    numbers = dict.fromkeys(filled.holders, 0)
    given = []
    for n, (case_id, row) in enumerate(zip(case_ids, rows, strict=True)):
        if row["status"] == "new":
            holder = filled.holders[n % len(filled.communes)]
            numbers[holder] += 1
            given.append({"staff_id": holder, "case_id": case_id, "number": numbers[holder]})
    _add(tx, CaseNumber, given)


def _messages(case_id: int, case: dict[str, Any]) -> list[dict[str, Any]]:
    shared: dict[str, Any] = {
        "case_id": case_id,
        "contact_point_id": case["contact_point_id"],
        "person_id": case["person_id"],
        "gateway": GATEWAY,
        "channel": "sms",
        "at": case["received_at"],
        "protect": False,
        "segments": 1,
    }
    came: dict[str, Any] = {"direction": "in", "kind": "message", "key": None, "text": _COMPLAINT, "state": "received"}
    said: dict[str, Any] = {
        "direction": "out",
        "kind": "system",
        "key": "receipt",
        "text": _RECEIPT,
        "state": "delivered",
    }
    return [
        shared | each | {"provider_id": f"SM{case_id:020}{n}"}
        for n, each in enumerate((came, said, said | {"key": "notice"}))
    ]


def _intake(tx: Tx, filled: Filled, n: int, case: dict[str, Any]) -> dict[str, Any]:
    return {
        "gateway": GATEWAY,
        "provider_id": f"SMfilled{n:026}",
        "channel": "sms",
        "sender": tx.keys.fingerprint("sms", filled.numbers[n]),
        "received_at": case["received_at"],
        "next_try_at": case["received_at"],
        "processed_at": case["received_at"],
        "attempts": 0,
    }


def _question(case_id: int, case: dict[str, Any]) -> dict[str, Any]:
    return {
        "contact_point_id": case["contact_point_id"],
        "kind": "place",
        "case_id": case_id,
        "options": [],
        "state": "answered",
        "answer": "170101",
        "asked_at": case["received_at"],
        "expires_at": case["received_at"] + timedelta(hours=72),
        "answered_at": case["received_at"],
    }


def _entries(case_id: int, case: dict[str, Any]) -> list[dict[str, Any]]:
    shared: dict[str, Any] = {
        "at": case["received_at"],
        "actor": "person",
        "case_id": case_id,
        "data": {"kind": "complaint"},
    }
    sealed = {"previous": "0" * 64, "hash": "0" * 64}
    types = ("case.opened", "case.placed")
    return [shared | sealed | {"type": each, "mark": f"{case_id:040}{each}"} for each in types]


def _add(tx: Tx, model: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Add rows in their order and return the numbers they got, where the table has numbers."""
    table = table_of(model)
    numbered = "id" in table.c
    last = tx.execute(select(table.c.id).order_by(table.c.id.desc()).limit(1)).scalar() or 0 if numbered else 0
    for start in range(0, len(rows), _CHUNK):
        tx.connection.execute(insert(table), list(rows[start : start + _CHUNK]))
    if not numbered:
        return []
    return list(tx.execute(select(table.c.id).where(table.c.id > last).order_by(table.c.id)).scalars())
