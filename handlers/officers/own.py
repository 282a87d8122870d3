"""`/complain`: an officer's own complaint, in which he is a person like any other, handled outside his own chain.

Nobody on the ladder sees it: the desk has it, or, where he is of the desk himself, the national level. He is barred as
a handler, whatever posts he comes to hold.
"""

from dataclasses import replace

from domain import ladder
from domain.lifecycle import CaseKind
from domain.reading import Category
from domain.settings import LADDER_LEVELS, Level
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Opening, person_of
from handlers.officers.commands import Given
from handlers.officers.duty import Duty
from storage.queries import alerts, areas
from storage.queries.casework import bars
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import messages
from storage.queries.staffing import staff
from understanding.pins import mask_pins

TOPIC = "own"


def complain(duty: Duty, given: Given) -> None:
    """Make a case of what an officer says of his own, and give him the receipt as a person."""
    text, _ = mask_pins(given.words)
    reading = duty.context.read(text, duty.language)
    person_id = person_of(duty.tx, duty.contact, duty.now)
    contact = replace(duty.contact, person_id=person_id)
    by_desk = Level.DESK not in duty.staff.levels
    opening = Opening(
        kind=CaseKind.COMPLAINT,
        category=reading.category or Category.OTHER,
        categories=reading.categories,
        sensitive="unsorted" if reading.sensitive else None,
        barred_to=ladder.rank(Level.NATIONAL if by_desk else Level.PROVINCE),
        reasons=reading.sensitive_reason if reading.sensitive else (),
    )
    case = duty.work.open(opening, person_id=person_id, contact=contact, actor=Actor("person"))
    _bar(duty, case, by_desk=by_desk)
    case = duty.work.change(case, topic=TOPIC, **_where(duty))
    # Nobody is to ask him for a place: his case needs none.
    alerts.alert_once(duty.tx, "unplaced", str(case.id), case_id=case.id, now=duty.now)
    if case.sensitive is None:
        case = _give(duty, case, by_desk=by_desk)
    messages.add(
        duty.tx,
        text=text,
        sealed=case.sensitive is not None,
        direction="in",
        kind="message",
        contact_point_id=contact.id,
        case_id=case.id,
        person_id=person_id,
        language=reading.language.value,
        state="received",
        gateway=duty.item.gateway,
        channel=contact.channel.value,
        provider_id=duty.item.message_id or duty.item.provider_id,
        at=duty.now,
    )
    day = duty.voice.day(case.answer_by)
    duty.voice.tell(contact, "officer_own_receipt", case=case, ref=case.reference, day=day)


def _bar(duty: Duty, case: CaseRecord, *, by_desk: bool) -> None:
    """Keep the case from its own officer, and from his colleagues where they would see it by their post."""
    barred = {duty.staff.id}
    if not by_desk:
        barred |= set(staff.of_level(duty.tx, Level.DESK, duty.now))
    bars.add(duty.tx, case.id, barred, by="machine", now=duty.now)


def _where(duty: Duty) -> dict[str, object]:
    """Return the columns of his own area, for reports: nobody there sees the case."""
    own = [post.area_id for post in duty.staff.posts if post.level in LADDER_LEVELS and post.area_id is not None]
    if not own:
        return {}
    area = areas.by_id(duty.tx, own[0])
    return {"area_id": area.id, "area_path": area.path}


def _give(duty: Duty, case: CaseRecord, *, by_desk: bool) -> CaseRecord:
    """Give the case to the desk, or to the national level; where nobody is there, the desk's others have it after all."""
    post = None if by_desk else staff.filled_post(duty.tx, Level.NATIONAL, (), duty.now)
    if post is None:
        if not by_desk:
            bars.lift(duty.tx, case.id)
            bars.add(duty.tx, case.id, {duty.staff.id}, by="machine", now=duty.now)
        case = duty.work.change(case, level=Level.DESK, post_id=None)
        holders = staff.of_level(duty.tx, Level.DESK, duty.now)
    else:
        case = duty.work.change(case, level=Level.NATIONAL, post_id=post)
        holders = staff.holders(duty.tx, post, duty.now)
    for staff_id in holders:
        if staff_id != duty.staff.id:
            duty.voice.tell_staff(staff_id, "officer_new_own", case=case, actions=("read", "take", "resolve"))
    return case
