"""Going, being away, losing a phone: one step each, audited, and after each every open case has an owner who is there."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level
from handlers.staffing import leaving, register
from handlers.staffing.register import RegisterFault
from storage.queries import audit
from storage.queries.casework import cases
from storage.queries.persons import contacts
from storage.queries.staffing import staff
from tests.handlers.officers.test_officers import complain, status_of
from tests.support.world import World
from wording import say

KM = Language.KM


def without_owner(world: World) -> list[str]:
    """Return the open cases whose post nobody fills who is there, and that are not with the desk or focal points."""
    lost = []
    with world.store.reading() as tx:
        rows = tx.connection.exec_driver_sql("SELECT reference FROM grievance_case").scalars()
        for reference in list(rows):
            case = cases.by_reference(tx, reference)
            assert case is not None
            if not case.is_open:
                continue
            if case.taken_by is not None and not is_there(tx, case.taken_by, world):
                lost.append(reference)
            elif case.sensitive is not None or case.post_id is None:
                level = Level.FOCAL if case.sensitive is not None else case.level
                if level not in (Level.DESK, Level.FOCAL) or not staff.of_level(tx, level, world.now):
                    lost.append(reference)
            elif not staff.holders(tx, case.post_id, world.now, case_id=case.id):
                lost.append(reference)
    return lost


def is_there(tx: object, staff_id: int, world: World) -> bool:
    record = staff.by_id(tx, staff_id)  # type: ignore[arg-type]
    return record is not None and record.active and (record.absent_until is None or record.absent_until <= world.now)


def of_every_kind(world: World) -> list[str]:
    """Make cases at every level, taken and not taken, decided, with the desk and sensitive."""
    made = [complain(world, number=f"+8551200000{n}") for n in range(6)]
    facilitator, chief = world.officer("facilitator"), world.officer("chief")
    facilitator.writes(f"/take {made[0]}")
    facilitator.writes(f"/escalate {made[1]} not in my power")
    facilitator.writes(f"/escalate {made[2]} not in my power")
    chief.writes(f"/take {made[2]}")
    chief.writes(f"/escalate {made[2]} not in my power")
    chief.writes(f"/take {made[3]}")
    facilitator.writes(f"/resolve {made[4]} បើកប្រាក់ហើយ")
    facilitator.writes(f"/sensitive {made[5]}")
    world.officer("focal one").writes(f"/take {made[5]}")
    world.phone("+85512999999").writes("លុយអត់ទាន់ចូលទេ")
    return made


STEPS: dict[str, Callable[[World], object]] = {
    "the facilitator goes": lambda w: leaving.deactivate(w.context, w.staff["facilitator"], w.now),
    "the chief goes": lambda w: leaving.deactivate(w.context, w.staff["chief"], w.now),
    "the nation goes": lambda w: leaving.deactivate(w.context, w.staff["nation"], w.now),
    "a focal point goes": lambda w: leaving.deactivate(w.context, w.staff["focal one"], w.now),
    "the facilitator is away": lambda w: w.officer("facilitator").writes("/absent ស្អែក"),
    "the chief is away": lambda w: leaving.absent(w.context, w.staff["chief"], w.now.date(), w.now),
    "a focal point is away": lambda w: w.officer("focal one").writes("/absent 5/3"),
    "the chief hands over": lambda w: leaving.handover(w.context, w.staff["chief"], w.staff["neighbour"], w.now),
    "to somebody who is away": lambda w: (
        leaving.absent(w.context, w.staff["neighbour"], w.now.date(), w.now),
        leaving.handover(w.context, w.staff["chief"], w.staff["neighbour"], w.now),
    ),
    "a phone is lost": lambda w: leaving.lost_phone(w.context, w.staff["facilitator"], w.now),
    "all go, one after the other": lambda w: [
        leaving.deactivate(w.context, w.staff[name], w.now)
        for name in ("facilitator", "chief", "district", "province", "nation")
    ],
}


@pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
def test_no_case_is_without_an_owner_for_a_minute(world: World, step: Callable[[World], object]) -> None:
    made = of_every_kind(world)
    assert without_owner(world) == []
    step(world)
    assert without_owner(world) == []
    world.drain()
    assert len(made) == 6


def test_who_has_it_now_is_told(world: World) -> None:
    reference = complain(world)
    world.officer("facilitator").writes(f"/take {reference}")
    leaving.deactivate(world.context, world.staff["facilitator"], world.now)
    world.drain()
    assert reference in world.officer("chief").texts[-1]
    assert status_of(world, reference)[1] == "commune"


def test_a_substitute_on_the_same_post_has_it_at_once(world: World) -> None:
    world.add_officer("substitute", Level.FACILITATOR, "170107", language=KM)
    reference = complain(world)
    officer = world.officer("facilitator")
    officer.writes(f"/take {reference}")
    (told,) = officer.writes("/absent 6/3")
    assert told == say("officer_absent", KM, day="6/3", count=1, refs=reference)
    assert reference in world.officer("substitute").texts[-1]
    assert status_of(world, reference)[1] == "facilitator"
    assert without_owner(world) == []


def test_new_cases_step_over_who_is_away_until_he_is_back(world: World) -> None:
    officer = world.officer("facilitator")
    assert officer.writes("/absent ថ្ងៃស្អែក") == [say("officer_absent_free", KM, day="4/3")]
    first = complain(world)
    # The desk has nobody to appoint.
    assert any("មិននៅ ដល់ថ្ងៃទី 4/3" in each for each in world.officer("desk").texts)
    assert status_of(world, first)[1] == "commune"
    world.now += timedelta(days=2)
    assert status_of(world, complain(world, number="+85512000002"))[1] == "facilitator"


def test_who_comes_back_sooner_says_so(world: World) -> None:
    officer = world.officer("facilitator")
    officer.writes("/absent 15/12")
    assert officer.writes("/absent off") == [say("officer_present", KM)]
    assert status_of(world, complain(world))[1] == "facilitator"


@pytest.mark.parametrize("words", ["", "soon", "ម្សិលមិញ", "1/3"])
def test_no_day_to_come_is_asked_again(world: World, words: str) -> None:
    assert "/absent 15/12" in world.officer("facilitator").writes(f"/absent {words}".strip())[0] or not words
    assert status_of(world, complain(world))[1] == "facilitator"


def test_the_last_of_the_desk_cannot_be_away_or_go(world: World) -> None:
    assert world.officer("desk").writes("/absent 5/3") == [say("officer_absent_last", KM)]
    with pytest.raises(RegisterFault, match="last one at the desk"):
        leaving.absent(world.context, world.staff["desk"], world.now.date(), world.now)
    with pytest.raises(RegisterFault, match="last one at the desk"):
        leaving.deactivate(world.context, world.staff["desk"], world.now)


def test_absence_by_sms_needs_its_code(world: World) -> None:
    import re

    officer = world.add_officer("by sms", Level.FACILITATOR, "170101", language=Language.EN, channel=Channel.SMS)
    (asked,) = officer.writes("absent tomorrow")
    assert "tomorrow" in asked
    assert status_of(world, complain(world, "ចារឈូក"))[1] == "facilitator"
    officer.writes(re.findall(r"\b\d{4}\b", asked)[0])
    assert status_of(world, complain(world, "ចារឈូក", "+85512000002"))[1] == "commune"


def add(world: World, phone: str = "012 000 777") -> int:
    return register.add_staff(
        world.context,
        name="សុខ ដារ៉ា",
        level=Level.COMMUNE,
        area_code="170101",
        phone=phone,
        language=KM,
        now=world.now,
    )


def test_a_lost_phone_is_cut_at_once_and_brought_back_in_one_step(world: World) -> None:
    staff_id = add(world)
    leaving.deactivate(world.context, world.staff["neighbour"], world.now)
    lost = world.phone("+85512000777")
    invitation = register.invite(world.context, staff_id, world.now)
    world.now = world.now.replace(hour=15)
    reference = complain(world, "ចារឈូក")
    assert any("[1]" in text for text in lost.texts)
    lost.writes("យក 1")
    heard = len(lost.texts)
    leaving.lost_phone(world.context, staff_id, world.now)
    world.drain()
    with world.store.reading() as tx:
        assert contacts.of_staff(tx, staff_id) == []
        case = cases.by_reference(tx, reference)
    assert case is not None
    assert case.post_id is not None
    assert reference not in "".join(lost.writes("ករណី"))
    account = world.telegram("4242")
    assert say("officer_invite_invalid", KM) in account.writes(f"/start {invitation.code}")
    complain(world, "ចារឈូក", "+85512000002")
    assert not any("[2]" in text for text in lost.texts[heard:])
    leaving.new_phone(world.context, staff_id, "012 000 888", world.now)
    world.drain()
    new = world.phone("+85512000888")
    assert new.texts == [say("officer_phone_set", KM)]
    assert "[1]" in new.writes("ករណី")[0]


def test_what_waits_for_a_lost_phone_is_withdrawn(world: World) -> None:
    staff_id = add(world)
    with world.store.transaction() as tx:
        from handlers.sending.voice import Voice

        voice = Voice(world.context, tx, world.now)
        contact = contacts.of_staff(tx, staff_id)[0]
        due = world.now + timedelta(hours=1)
        voice.send(contact, "x", key="officer_new", kind="notice", staff_id=staff_id, due_at=due)
    assert leaving.lost_phone(world.context, staff_id, world.now) == 1
    world.now += timedelta(hours=2)
    world.drain()
    assert world.phone("+85512000777").texts == []


def test_a_code_that_was_sent_to_a_lost_phone_does_nothing(world: World) -> None:
    import re

    officer = world.add_officer("by sms", Level.FACILITATOR, "170107", language=Language.EN, channel=Channel.SMS)
    reference = complain(world)
    code = re.findall(r"\b\d{4}\b", officer.writes("take 1")[0].replace(reference, ""))[0]
    leaving.lost_phone(world.context, world.staff["by sms"], world.now)
    officer.writes(code)
    assert status_of(world, reference)[0] == "new"


def test_another_number_is_one_step_and_nobody_elses(world: World) -> None:
    staff_id, other = add(world), add(world, "012 000 999")
    leaving.new_phone(world.context, staff_id, "012 000 888", world.now)
    with world.store.reading() as tx:
        assert [each.address for each in contacts.of_staff(tx, staff_id)] == ["+85512000888"]
        found = staff.by_phone(tx, "+85512000888")
    assert found is not None
    assert found.id == staff_id
    for number, words in (("012 000 999", f"that of number {other}"), ("hello", "not a number")):
        with pytest.raises(RegisterFault, match=words) as fault:
            leaving.new_phone(world.context, staff_id, number, world.now)
        assert "012000999" not in str(fault.value).replace(" ", "")


def test_other_names_are_kept_each_once(world: World) -> None:
    staff_id = world.staff["chief"]
    assert leaving.other_names(world.context, staff_id, ["Sok  Dara"], world.now) == ["Sok Dara"]
    assert leaving.other_names(world.context, staff_id, ["S. D.", "Sok Dara"], world.now) == ["Sok Dara", "S. D."]
    assert leaving.other_names(world.context, staff_id, ["Sok Dara"], world.now, remove=True) == ["S. D."]
    with pytest.raises(RegisterFault, match="a name is a line"):
        leaving.other_names(world.context, staff_id, [" "], world.now)


def test_every_step_is_in_the_audit_log_without_names_and_numbers(world: World) -> None:
    staff_id = add(world)
    leaving.absent(world.context, staff_id, world.now.date(), world.now)
    leaving.absent(world.context, staff_id, None, world.now)
    leaving.other_names(world.context, staff_id, ["Sok Dara"], world.now)
    leaving.lost_phone(world.context, staff_id, world.now)
    leaving.new_phone(world.context, staff_id, "012 000 888", world.now)
    with world.store.transaction() as tx:
        audit.seal(tx, world.now, 500)
    with world.store.reading() as tx:
        assert list(audit.faults(tx, {})) == []
        rows = tx.connection.exec_driver_sql("SELECT type, data FROM audit_entry").all()
    types = {row[0] for row in rows}
    assert types >= {"staff.absent", "staff.back", "staff.named", "staff.phone_lost", "staff.phone_changed"}
    assert "000888" not in str(rows)
    assert "Sok Dara" not in str([row[1] for row in rows])


def test_who_gets_many_cases_at_once_is_told_once_how_many(world: World) -> None:
    world.add_officer("substitute", Level.FACILITATOR, "170107", language=KM)
    made = [complain(world, number=f"+8551200001{n}") for n in range(5)]
    officer = world.officer("facilitator")
    for reference in made:
        officer.writes(f"/take {reference}")
    heard = len(world.officer("substitute").texts)
    officer.writes("/absent 6/3")
    assert world.officer("substitute").texts[heard:] == [say("officer_covers_many", KM, count=5)]
    assert without_owner(world) == []
    assert all(reference in "".join(world.officer("substitute").writes("/cases")) for reference in made)
