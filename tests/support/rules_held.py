"""What the design promises at every moment, looked at from outside: in the database, and in what every phone received."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from domain.inbound import Channel
from domain.ladder import rank
from domain.lifecycle import Act, Status, after
from domain.ports import Outbound
from domain.settings import LADDER_LEVELS, Level
from domain.texts.references import find_reference
from handlers.context import Context
from storage import Tx
from storage.queries import audit
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import staff
from storage.queries.staffing.staff import StaffRecord
from storage.tables import (
    Attachment,
    AuditEntry,
    Case,
    CaseBar,
    ContactPoint,
    Message,
    OutboxItem,
    Question,
    SecondLook,
)
from storage.tables.base import Base, table_of
from tests.support.world import World

REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")
_NUMBERED = re.compile(r"\[(\d+)\] (LP-[0-9A-Z]{4}-[0-9A-Z]{2})")
_NEVER_UNASKED = frozenset(
    {"solved_question", "escalated", "satisfaction", "trouble_question", "decision", "join_offer"}
)
"""What no sensitive case is ever sent of the machine's own accord."""
_ACTS: dict[str, tuple[Act, ...]] = {
    "case.taken": (Act.TAKE,),
    "case.replied": (Act.REPLY,),
    "case.asked": (Act.ASK,),
    "case.person_wrote": (Act.PERSON_WROTE,),
    "case.not_answered": (Act.PERSON_WROTE,),
    "case.withdrawn": (Act.WITHDRAW,),
    "case.duplicate": (Act.MERGE,),
    "case.help_wanted": (Act.NOT_SOLVED,),
}


@dataclass
class Heard:
    """One message as a phone got it, with what was known of its case and its hearer at that moment."""

    outbound: Outbound
    message: dict[str, object]
    staff_id: int | None
    asked: str
    """What the hearer sent just before, in the same step; empty where nobody of his asked."""


class Watched(World):
    """A project on a store in which everything that leaves is looked at as it leaves. `step` is who sends what now."""

    def __init__(self, world: World) -> None:
        self.__dict__.update(world.__dict__)
        self.heard: list[Heard] = []
        self.faults: list[str] = []
        self.said_by_people: list[str] = []
        self.step: tuple[str, str] = ("", "")
        self.numbers_told: dict[tuple[int, str], str] = {}
        self.phones = {}

    def _deliver(self, channel: Channel, outbound: Outbound) -> None:
        super()._deliver(channel, outbound)
        if outbound.action == "delete":
            return
        with self.store.reading() as tx:
            row = tx.execute(select(*_M.c).where(_M.c.id == outbound.message_id)).one()._asdict()
            asked = self.step[1] if self.step[0] == outbound.address else ""
            self.faults += _faults_of_leaving(self, tx, outbound, row, asked)
        self.heard.append(Heard(outbound, row, row["staff_id"], asked))


def check(world: Watched) -> None:
    """Raise `AssertionError` where a rule does not hold now."""
    assert not world.faults, world.faults[:5]
    with world.store.reading() as tx:
        found = [fault for each in _RULES for fault in each(world.context, tx, world)]
    assert not found, found[:5]


def check_swept(world: Watched) -> None:
    """Raise `AssertionError` where the sweeps left something that was due, or the audit chain does not hold."""
    with world.store.reading() as tx:
        late = [
            f"{case.reference} was due and nobody was told"
            for case in _all_cases(tx)
            if case.is_open and case.due_at is not None and case.due_at <= world.now and case.warned < caseload.TOLD
        ]
        broken = list(audit.faults(tx, {}))
    assert not late, late[:5]
    assert not broken, broken[:5]


def everything(world: World) -> dict[str, int]:
    """Return how much there is of all that a repeat must not add to."""
    tables: tuple[type[Base], ...] = (Case, Message, AuditEntry, OutboxItem, Question, Attachment)
    with world.store.reading() as tx:
        return {
            each.__tablename__: tx.execute(select(func.count()).select_from(table_of(each))).scalar_one()
            for each in tables
        }


_M, _CP, _O, _Q = (table_of(each) for each in (Message, ContactPoint, OutboxItem, Question))
_C, _BAR, _AUDIT, _LOOK = (table_of(each) for each in (Case, CaseBar, AuditEntry, SecondLook))


def _all_cases(tx: Tx) -> list[CaseRecord]:
    return [cases.record_of(row) for row in tx.execute(select(*cases.COLUMNS))]


def _references(context: Context, tx: Tx, world: Watched) -> Iterator[str]:
    """Every case has a reference that its check character proves, and somebody to be answered (rule 1)."""
    for case in _all_cases(tx):
        found = find_reference(case.reference, (context.settings.prefix,))
        if found is None or not found.valid:
            yield f"{case.reference} is no reference"
        if case.is_open and case.due_at is None and case.remaining_days is None:
            yield f"{case.reference} is open and never due"
        if not case.is_open and case.due_at is not None and case.status is Status.CLOSED:
            yield f"{case.reference} is closed and still due"


def _questions(context: Context, tx: Tx, world: Watched) -> Iterator[str]:
    """What is asked about a case fits what the case is (rule 2); a sensitive one is never asked whether it is solved (6)."""
    query = select(_Q.c.kind, _Q.c.case_id).where(_Q.c.state == "open", _Q.c.expires_at > world.now)
    query = query.where(_Q.c.case_id.is_not(None))
    known = {case.id: case for case in _all_cases(tx)}
    for kind, case_id in tx.execute(query):
        case = known[case_id]
        if case.sensitive is not None and kind in ("solved", "satisfaction", "trouble", "slip", "same"):
            yield f"{case.reference} is sensitive, and '{kind}' is open"
        if kind == "solved" and case.status is not Status.RESOLVED:
            yield f"{case.reference} is {case.status}, and she is asked whether it is solved"
        if kind in ("ask", "place", "hours", "call") and not case.is_open and case.sensitive is None:
            yield f"{case.reference} is {case.status}, and '{kind}' is open"


def _owners(context: Context, tx: Tx, world: Watched) -> Iterator[str]:
    """Every open case has somebody who is there, may see it, and is not named by it (rules 7 and 1)."""
    people = {each.id: each for each in staff.everybody(tx)}
    for case in _all_cases(tx):
        if not case.is_open:
            continue
        if case.sensitive is not None:
            if case.level is not Level.FOCAL or case.post_id is not None:
                yield f"{case.reference} is sensitive and lies with {case.level}"
        elif case.post_id is None and case.level is not Level.DESK:
            yield f"{case.reference} lies with {case.level} without a post"
        elif case.post_id is None and not staff.of_level(tx, Level.DESK, world.now, case_id=case.id):
            yield f"{case.reference} lies with a desk in which nobody may see it"
        elif case.post_id is not None and case.taken_by is None and not _held(tx, world, case):
            yield f"{case.reference} has nobody: its post {case.post_id} ({case.level}) is empty"
        if case.taken_by is not None:
            yield from _fit(tx, world, case, people[case.taken_by])


def _held(tx: Tx, world: Watched, case: CaseRecord) -> bool:
    return case.post_id is not None and bool(staff.holders(tx, case.post_id, world.now, case_id=case.id))


def _fit(tx: Tx, world: Watched, case: CaseRecord, holder: StaffRecord) -> Iterator[str]:
    if not holder.active or (holder.absent_until is not None and holder.absent_until > world.now):
        yield f"{case.reference} was taken by somebody who is not there"
    elif caseload.find_visible(tx, holder.posts, case_id=case.id) is None:
        yield f"{case.reference} was taken by {holder.name}, who may not see it"


def _silence(context: Context, tx: Tx, world: Watched) -> Iterator[str]:
    """Nothing is queued for who asked for silence (rule 17); what is queued is queued once, and nothing else waits."""
    query = select(_O.c.message_id, _CP.c.stopped_at, _M.c.key, _M.c.state, _O.c.action)
    query = query.join(_CP, _CP.c.id == _O.c.contact_point_id).join(_M, _M.c.id == _O.c.message_id)
    rows = tx.execute(query).all()
    for row in rows:
        if row.action == "send" and row.stopped_at is not None and row.key != "stopped":
            yield f"'{row.key}' is queued for somebody who said STOP"
    sends = [row.message_id for row in rows if row.action == "send"]
    if len(sends) != len(set(sends)):
        yield "a message is queued twice"
    waiting = set(tx.execute(select(_M.c.id).where(_M.c.direction == "out", _M.c.state == "queued")).scalars())
    if waiting != set(sends):
        yield f"messages {waiting ^ set(sends)} say that they wait, or wait without saying so"


def _sensitive_texts(context: Context, tx: Tx, world: Watched) -> Iterator[str]:
    """The words of a sensitive case are sealed, and no decision about one waits for the area's officers (rules 6, 14)."""
    sensitive = {case.id: case for case in _all_cases(tx) if case.sensitive is not None}
    query = select(_M.c.case_id).where(_M.c.case_id.in_(sensitive), _M.c.text.is_not(None), _M.c.text != "")
    for case_id in tx.execute(query.where(_M.c.direction == "in")).scalars():
        yield f"words of {sensitive[case_id].reference} lie unsealed"
    for case in sensitive.values():
        if case.with_desk or case.incident_id is not None:
            yield f"{case.reference} is sensitive, and with the desk or under an incident"


def _second_looks(context: Context, tx: Tx, world: Watched) -> Iterator[str]:
    """A decision that waits for a second person waits in an open case, and was made by one who may decide (rule 7)."""
    people = {each.id: each for each in staff.everybody(tx)}
    for case_id, by in tx.execute(select(_LOOK.c.case_id, _LOOK.c.proposed_by).where(_LOOK.c.state == "open")):
        case = cases.by_id(tx, case_id)
        if not case.is_open:
            yield f"{case.reference} is {case.status}, and a decision still waits"
        elif caseload.find_visible(tx, people[by].posts, case_id=case.id) is None and people[by].posts:
            yield f"a decision on {case.reference} waits that {people[by].name} proposed, who may not see it"


def _trail(context: Context, tx: Tx, world: Watched) -> Iterator[str]:
    """The audit trail, played through the table of transitions, ends where each case stands."""
    trails: dict[int, list[tuple[str, dict[str, object]]]] = {}
    query = select(_AUDIT.c.case_id, _AUDIT.c.type, _AUDIT.c.data).where(_AUDIT.c.case_id.is_not(None))
    for case_id, type_, data in tx.execute(query.order_by(_AUDIT.c.id)):
        trails.setdefault(case_id, []).append((type_, data))
    asked = set(tx.execute(select(_M.c.id).where(_M.c.kind == "question")).scalars())
    for case in _all_cases(tx):
        status = played(trails.get(case.id, []), asked)
        if status is not case.status:
            yield f"{case.reference} is {case.status}, its trail ends at {status}: {[t for t, _ in trails[case.id]]}"


def played(trail: list[tuple[str, dict[str, object]]], asked: set[int]) -> Status:
    """Return the status in which a trail ends; `asked` are the messages that are officers' questions.

    Raises `domain.lifecycle.Refused` where the table does not allow it.
    """
    status, before = Status.NEW, {"resolve": Status.NEW}
    for type_, data in trail:
        if type_ == "case.undone":
            status = before.get(str(data["act"]), status)
            continue
        if type_ == "message.taken_back" and status is Status.AWAITING and data["message"] in asked:
            status = after(status, Act.PERSON_WROTE)
        for act in _acts_of(type_, data, status):
            before |= dict.fromkeys(_undone_as(type_), status)
            status = after(status, act)
    return status


def _acts_of(type_: str, data: dict[str, object], status: Status) -> tuple[Act, ...]:
    if type_ == "case.resolved":
        return (Act.REJECT if data.get("outcome") == "not_upheld" else Act.RESOLVE,)
    if type_ == "case.escalated":
        return (Act(str(data["act"])),)
    if type_ == "case.back_to_desk":
        return (Act.NOT_SOLVED,) if status is Status.RESOLVED else ()
    if type_ == "case.closed":
        wide = data.get("outcome") == "withdrawn"
        return (Act.RESOLVE, Act.SOLVED) if wide and status is not Status.RESOLVED else (Act.SILENCE,)
    return _ACTS.get(type_, ())


def _undone_as(type_: str) -> tuple[str, ...]:
    return {"case.resolved": ("resolve", "reject"), "case.duplicate": ("merge",)}.get(type_, ())


def _faults_of_leaving(world: Watched, tx: Tx, outbound: Outbound, row: dict[str, object], asked: str) -> Iterator[str]:
    """Yield what is wrong with a message as it leaves: who must not hear of it, or not now."""
    contact = tx.execute(select(*_CP.c).where(_CP.c.id == row["contact_point_id"])).one()
    if contact.stopped_at is not None and row["key"] != "stopped":
        yield f"'{row['key']}' was sent to somebody who said STOP"
    record = staff.by_id(tx, row["staff_id"]) if row["kind"] == "notice" and row["staff_id"] is not None else None
    if record is None:
        yield from _to_a_person(tx, outbound, row, asked)
    else:
        yield from _to_staff(world, tx, outbound, row, record, asked)


def _to_a_person(tx: Tx, outbound: Outbound, row: dict[str, object], asked: str) -> Iterator[str]:
    if row["case_id"] is None:
        return
    case = cases.by_id(tx, int(str(row["case_id"])))
    known = tx.execute(
        select(cases._CC.c.case_id).where(
            cases._CC.c.case_id == case.id, cases._CC.c.contact_point_id == row["contact_point_id"]
        )
    ).first()
    if known is None and row["key"] != "decision":
        yield f"'{row['key']}' about {case.reference} went to a phone that may not ask about it"
    if case.sensitive is None:
        return
    if row["key"] in _NEVER_UNASKED or (not asked and row["kind"] not in ("officer", "question")):
        yield f"'{row['key']}' about the sensitive {case.reference} was sent to its phone"


def _to_staff(
    world: Watched, tx: Tx, outbound: Outbound, row: dict[str, object], record: StaffRecord, asked: str
) -> Iterator[str]:
    named = {each for each in REFERENCE.findall(outbound.text) if each not in asked.upper()}
    for reference in named:
        case = cases.by_reference(tx, reference)
        if case is None:
            continue
        barred = tx.execute(select(_BAR.c.case_id).where(_BAR.c.case_id == case.id, _BAR.c.staff_id == record.id))
        if case.sensitive is not None and Level.FOCAL not in record.levels and row["key"] != "officer_marked_sensitive":
            yield f"{record.name} was told '{row['key']}' of the sensitive {reference}"
        if barred.first() is not None:
            yield f"{record.name} was told '{row['key']}' of {reference}, which names him"
        ranks = [rank(each) for each in record.levels]
        if ranks and all(each in LADDER_LEVELS for each in record.levels) and max(ranks) <= case.barred_to:
            yield f"{record.name} was told '{row['key']}' of {reference}, which names his office"
    for number, reference in _NUMBERED.findall(outbound.text):
        if world.numbers_told.setdefault((record.id, number), reference) != reference:
            yield f"{record.name} calls two cases [{number}]"
    by_sms = row["channel"] == "sms"
    if row["key"] == "officer_words" and (by_sms or not row["protect"]):
        yield "a person's words went out unprotected"
    if by_sms:
        yield from (
            f"'{row['key']}' carries her words by SMS" for said in world.said_by_people if said in outbound.text
        )


_RULES = (_references, _questions, _owners, _silence, _sensitive_texts, _second_looks, _trail)
