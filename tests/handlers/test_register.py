"""The staff's register: adding, inviting, handing over and leaving, and what is refused in which words."""

from datetime import timedelta

import pytest

from domain.inbound import Channel, InboundKind
from domain.reading import Language
from domain.settings import Level
from handlers.staffing import leaving, register
from handlers.staffing.register import RegisterFault, masked_phone, to_e164
from storage.queries import audit
from storage.queries.casework import caseload, cases
from storage.queries.persons import contacts
from storage.queries.staffing import staff
from tests.support.world import World
from wording import say

COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"


def add(world: World, **values: object) -> int:
    given = {
        "name": "សុខ ដារ៉ា",
        "level": Level.COMMUNE,
        "area_code": "170205",
        "phone": "012 000 777",
        "language": Language.KM,
        "now": world.now,
    }
    return register.add_staff(world.context, **(given | values))  # type: ignore[arg-type]


def complain(world: World) -> str:
    phone = world.phone()
    phone.writes(COMPLAINT)
    phone.writes("ស្រែខ្វាវ អង្គរជុំ")
    with world.store.reading() as tx:
        return caseload.listed(tx, 1)[0].reference


def case_of(world: World, reference: str) -> cases.CaseRecord:
    with world.store.reading() as tx:
        found = cases.by_reference(tx, reference)
    assert found is not None
    return found


def test_somebody_added_holds_a_post_and_is_reached_by_sms(world: World) -> None:
    staff_id = add(world)
    with world.store.reading() as tx:
        record = staff.by_phone(tx, "+85512000777")
        assert record is not None
        assert record.id == staff_id
        assert [(post.level, post.area_path) for post in record.posts] == [(Level.COMMUNE, "17/1702/170205/")]
        assert [(each.channel, each.address) for each in contacts.of_staff(tx, staff_id)] == [
            (Channel.SMS, "+85512000777")
        ]
    assert staff_id in {each.id for each in register.everybody(world.context)}


FAULTS = [
    ({"area_code": "999999"}, "no area with the code 999999"),
    ({"area_code": None}, "commune needs the code of an area"),
    ({"area_code": "1702"}, "commune needs a commune, and 1702 is a district"),
    ({"level": Level.DESK}, "desk is for the whole project"),
    ({"level": Level.NATIONAL, "area_code": "17"}, "national is for the whole project"),
    ({"level": Level.FACILITATOR, "area_code": "17"}, "commune or district or village, and 17 is a province"),
    ({"phone": "hello"}, "not a number of KH"),
    ({"phone": ""}, "not a number of KH"),
    ({"phone": "12"}, "not a number of KH"),
    ({"phone": "+85599000001"}, "is that of number 1"),
    ({"name": "  "}, "the name is empty"),
]


@pytest.mark.parametrize(("values", "words"), FAULTS, ids=[words for _, words in FAULTS])
def test_what_is_wrong_is_named_and_nothing_is_written(world: World, values: dict[str, object], words: str) -> None:
    before = len(register.everybody(world.context))
    with pytest.raises(RegisterFault, match=words):
        add(world, **values)
    assert len(register.everybody(world.context)) == before


def test_a_fault_shows_no_whole_number(world: World) -> None:
    add(world)
    with pytest.raises(RegisterFault) as fault:
        add(world, name="another", phone="012000777")
    assert "012000777" not in str(fault.value)


NUMBERS = [
    ("012 000 123", "KH", "+85512000123"),
    ("12000123", "KH", "+85512000123"),
    ("85512000123", "KH", "+85512000123"),
    ("+855 (0)12 000 123", "KH", "+85512000123"),
    ("០១២ ០០០ ១២៣", "KH", "+85512000123"),
    ("12000123.0", "KH", "+85512000123"),
    ("020 5500 0123", "LA", "+8562055000123"),
    ("໐໒໐ ໕໕໐໐ ໐໑໒໓", "LA", "+8562055000123"),
    ("1.2E7", "KH", None),
    ("000", "KH", None),
    ("", "KH", None),
    ("call me", "KH", None),
]


@pytest.mark.parametrize(("typed", "country", "number"), NUMBERS, ids=[typed for typed, _, _ in NUMBERS])
def test_numbers_are_read_as_people_write_them(typed: str, country: str, number: str | None) -> None:
    assert to_e164(typed, country) == number


def test_masked_numbers_tell_no_number() -> None:
    assert [masked_phone(each) for each in ("012345678", "1234", "")] == ["012…78", "1…", "…"]


def test_an_invitation_ties_an_account_once(world: World) -> None:
    staff_id = add(world)
    world.context.bot_links = {"bot-test": "SamlengBot"}
    first = register.invite(world.context, staff_id, world.now)
    invitation = register.invite(world.context, staff_id, world.now)
    assert invitation.link == f"https://t.me/SamlengBot?start={invitation.code}"
    assert len(invitation.code) == 22
    assert invitation.expires_at - world.now == timedelta(hours=48)
    account = world.telegram("4242")
    account.writes(f"/start {first.code}")
    account.sends(InboundKind.CONTACT, phone="+85512000777")
    with world.store.reading() as tx:
        assert contacts.of_staff(tx, staff_id)[0].channel is Channel.SMS
    account.writes(f"/start {invitation.code}")
    account.sends(InboundKind.CONTACT, phone="+85512000777")
    with world.store.reading() as tx:
        assert [each.address for each in contacts.of_staff(tx, staff_id)] == ["4242", "+85512000777"]


def test_without_a_bots_name_the_link_is_what_to_write(world: World) -> None:
    invitation = register.invite(world.context, add(world), world.now)
    assert invitation.link == f"/start {invitation.code}"


def test_nobody_and_the_inactive_are_not_invited(world: World) -> None:
    with pytest.raises(RegisterFault, match="nobody with the number 4711"):
        register.invite(world.context, 4711, world.now)
    leaving.deactivate(world.context, world.staff["neighbour"], world.now)
    with pytest.raises(RegisterFault, match="not active"):
        register.invite(world.context, world.staff["neighbour"], world.now)


def test_posts_and_what_was_taken_are_handed_over(world: World) -> None:
    reference = complain(world)
    world.officer("facilitator").writes(f"/take {reference}")
    post = case_of(world, reference).post_id
    new = add(world)
    leaving.handover(world.context, world.staff["facilitator"], new, world.now)
    case = case_of(world, reference)
    assert (case.post_id, case.taken_by) == (post, new)
    with world.store.reading() as tx:
        assert staff.holders(tx, case.post_id or 0, world.now) == [new]
        old = staff.by_id(tx, world.staff["facilitator"])
        assert old is not None
        assert old.posts == ()
    assert reference not in world.officer("facilitator").writes(f"/case {reference}")[0]
    world.officer("chief").writes(f"/ask {reference} ភូមិណា?")
    world.pass_time(minutes=2)
    world.phone().writes("ភូមិខាងកើត")
    (told,) = world.phone("+85512000777").texts
    assert told == say(
        "officer_person_wrote_sms", Language.KM, number=1, category=say("category_payment_missing", Language.KM)
    )


REFUSED = [("neighbour", "neighbour", "themselves"), ("empty", "neighbour", "holds no post")]


@pytest.mark.parametrize(("giver", "taker", "words"), REFUSED)
def test_a_handover_that_makes_no_sense_is_refused(world: World, giver: str, taker: str, words: str) -> None:
    world.staff["empty"] = add(world)
    leaving.handover(world.context, world.staff["empty"], world.staff["chief"], world.now)
    with pytest.raises(RegisterFault, match=words):
        leaving.handover(world.context, world.staff[giver], world.staff[taker], world.now)


def test_who_leaves_is_parted_and_the_desk_hears_of_the_vacant_post(world: World) -> None:
    reference = complain(world)
    phone = world.officer("facilitator")
    phone.writes(f"/take {reference}")
    post = case_of(world, reference).post_id
    desk = world.officer("desk")
    before = len(desk.texts)
    leaving.deactivate(world.context, world.staff["facilitator"], world.now)
    world.drain()
    case = case_of(world, reference)
    assert (case.level, case.taken_by) == (Level.COMMUNE, None)
    assert case.post_id not in (None, post)
    told = desk.texts[before:]
    assert len(told) == 1
    assert reference in told[0]
    assert "ស្រែខ្វាវ" in told[0]
    with world.store.reading() as tx:
        assert contacts.of_staff(tx, world.staff["facilitator"]) == []
    assert reference not in "".join(phone.writes(f"/case {reference}"))


def test_a_post_with_another_holder_is_not_called_vacant(world: World) -> None:
    desk = world.officer("desk")
    leaving.deactivate(world.context, world.staff["focal one"], world.now)
    world.drain()
    assert desk.texts == []
    leaving.deactivate(world.context, world.staff["focal two"], world.now)
    world.drain()
    assert len(desk.texts) == 1


def test_a_leavers_number_is_free_for_a_successor(world: World) -> None:
    first = add(world)
    leaving.deactivate(world.context, first, world.now)
    assert add(world, name="another") != first
    with pytest.raises(RegisterFault, match="not active"):
        leaving.deactivate(world.context, first, world.now)


def test_every_act_is_in_the_audit_log(world: World) -> None:
    staff_id = add(world)
    register.invite(world.context, staff_id, world.now)
    leaving.handover(world.context, staff_id, world.staff["chief"], world.now)
    leaving.deactivate(world.context, staff_id, world.now)
    world.sweep()
    with world.store.reading() as tx:
        assert list(audit.faults(tx, {})) == []
        types = set(tx.connection.exec_driver_sql("SELECT type FROM audit_entry").scalars())
    assert types >= {"staff.added", "staff.invited", "staff.handed_over", "staff.deactivated"}
