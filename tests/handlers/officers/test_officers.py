"""Officers' work: what each may see and do, what is refused and why, and how a commands' words are read."""

import re
from datetime import timedelta

import pytest

from domain.inbound import Channel, InboundKind
from domain.lifecycle import Status
from domain.permissions import Permission
from domain.reading import Language
from domain.settings import Level
from handlers.officers.commands import SHAPES, Command, parse
from storage.queries import areas
from storage.queries.casework import cases
from storage.queries.staffing import staff
from tests.support.world import World
from wording import say

COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")


def complain(world: World, place: str = "ស្រែខ្វាវ អង្គរជុំ", number: str = "+85512345678") -> str:
    phone = world.phone(number)
    reference = REFERENCE.findall(phone.writes(COMPLAINT)[0])[0]
    phone.writes(place)
    return str(reference)


def status_of(world: World, reference: str) -> tuple[str, str]:
    with world.store.reading() as tx:
        case = cases.by_reference(tx, reference)
    assert case is not None
    return case.status.value, case.level.value


PARSED = [
    ("/cases", Command.CASES, None, None, ""),
    ("cases overdue", Command.CASES, None, None, "overdue"),
    ("/case 3", Command.CASE, 3, None, ""),
    ("/case@samleng_bot ៣", Command.CASE, 3, None, ""),
    ("រួច 3 បានបើកប្រាក់", Command.RESOLVE, 3, None, "បានបើកប្រាក់"),
    ("ແລ້ວ ໓ ຈ່າຍເງິນແລ້ວ", Command.RESOLVE, 3, None, "ຈ່າຍເງິນແລ້ວ"),
    ("/reply LP-7K3M-9Q come tomorrow", Command.REPLY, None, "LP-7K3M-9Q", "come tomorrow"),
    ("reply lp 7k3m 9q: come", Command.REPLY, None, "LP-7K3M-9Q", "come"),
    ("/reply [12] come", Command.REPLY, 12, None, "come"),
    ("/help", Command.HELP, None, None, ""),
]


@pytest.mark.parametrize(("text", "command", "number", "reference", "words"), PARSED, ids=[p[0] for p in PARSED])
def test_commands_are_read(text: str, command: Command, number: int | None, reference: str | None, words: str) -> None:
    given = parse(text, ("LP",))
    assert given is not None
    assert (given.command, given.number, given.reference, given.words) == (command, number, reference, words)
    assert given.complete


@pytest.mark.parametrize("text", ["reply me please", "take care", "help my money did not come", "case closed", "note"])
def test_an_officers_own_words_are_no_command(text: str) -> None:
    given = parse(text, ("LP",))
    assert given is None or not given.complete


def test_every_command_has_a_shape_and_a_permission() -> None:
    assert set(SHAPES) == set(Command)
    assert all(isinstance(shape.permission, Permission) for shape in SHAPES.values())


@pytest.mark.parametrize("command", [command for command, shape in SHAPES.items() if shape.case])
@pytest.mark.parametrize("who", ["neighbour", "staff", "stranger"])
def test_nobody_else_sees_or_changes_a_case(world: World, command: Command, who: str) -> None:
    reference = complain(world)
    phone = world.telegram("5555") if who == "stranger" else world.officer(who)
    before = status_of(world, reference)
    answers = phone.writes(f"/{command} {reference} some words")
    assert len(answers) == 1
    assert COMPLAINT not in answers[0]
    assert "ស្រែខ្វាវ" not in answers[0]
    assert status_of(world, reference) == before


def test_the_area_decides_what_is_listed(world: World) -> None:
    here, there = complain(world), complain(world, "ចារឈូក", "+85512000002")
    for name, sees in {
        "facilitator": {here},
        "chief": {here},
        "neighbour": {there},
        "district": {here, there},
        "province": {here, there},
        "nation": {here, there},
        "desk": {here, there},
    }.items():
        listed = set(REFERENCE.findall("".join(world.officer(name).writes("/cases"))))
        assert listed == sees, name


def test_a_part_of_the_list_says_how_many_more_and_never_that_there_is_no_case(world: World) -> None:
    for n in range(12):
        complain(world, number=f"+855120000{n:02}")
    officer = world.officer("facilitator")
    title = say("officer_cases_title", Language.KM, count=12, overdue=0)
    assert officer.writes("/cases overdue") == [title]
    (listed,) = officer.writes("/cases new")
    assert listed.splitlines()[0] == title
    assert listed.splitlines()[-1] == say("officer_list_more", Language.KM, count=2)


def test_take_note_escalate_transfer(world: World) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    assert reference in officer.writes("/take 1")[0]
    assert status_of(world, reference) == ("in_progress", "facilitator")
    assert reference in officer.writes("/note 1 spoke with the agent")[0]
    assert reference in officer.writes("/escalate 1 not in my power")[0]
    assert status_of(world, reference)[1] == "commune"
    assert any(reference in text for text in world.officer("chief").texts)
    world.officer("district").writes(f"/transfer {reference} ចារឈូក")
    assert any(reference in text for text in world.officer("neighbour").texts)
    assert reference not in "".join(officer.writes("/cases"))
    told, *_ = world.officer("desk").writes(f"/transfer {reference} ស្រុកវ៉ារិន")
    assert told.count("វ៉ារិន") == 1
    with world.store.reading() as tx:
        assert areas.by_id(tx, cases.by_reference(tx, reference).area_id).code == "1702"


def test_ask_stops_the_clock_until_she_answers(world: World) -> None:
    reference = complain(world)
    officer, she = world.officer("facilitator"), world.phone()
    officer.writes("/ask 1 តើខែណា?")
    world.pass_time(seconds=61)
    assert "តើខែណា?" in she.texts[-1]
    world.pass_time(days=2)
    assert status_of(world, reference) == ("awaiting", "facilitator")
    she.writes("ខែមករា")
    assert status_of(world, reference)[0] == "in_progress"
    assert any(reference in text for text in officer.texts[-1:])
    world.pass_time(days=5)
    assert status_of(world, reference) == ("in_progress", "facilitator")
    world.pass_time(days=5)
    assert status_of(world, reference)[1] == "commune"


def test_a_reply_by_command_is_shown_back_held_and_sent(world: World) -> None:
    complain(world)
    officer, she = world.officer("facilitator"), world.phone()
    (held,) = officer.writes("/reply 1 មកថ្ងៃសុក្រ")
    assert "«មកថ្ងៃសុក្រ»" in held
    assert "មកថ្ងៃសុក្រ" not in she.texts[-1]
    world.pass_time(seconds=61)
    assert she.texts[-1].endswith("មកថ្ងៃសុក្រ")
    assert she.writes("ចាស អរគុណ តែខ្ញុំនៅភ្នំពេញ") == ["អរគុណ បានកត់ហើយ។"]


def test_an_answer_at_night_waits_for_the_morning(world: World) -> None:
    complain(world)
    world.pass_time(hours=12)
    officer, she = world.officer("facilitator"), world.phone()
    assert "7:00" in officer.writes("/reply 1 មកថ្ងៃសុក្រ")[0]
    world.pass_time(hours=1)
    assert "មកថ្ងៃសុក្រ" not in she.texts[-1]
    world.pass_time(hours=9)
    assert "មកថ្ងៃសុក្រ" in she.texts[-1]


def test_reject_tells_the_reason_and_what_the_status_refuses_is_said(world: World) -> None:
    reference = complain(world)
    officer, she = world.officer("facilitator"), world.phone()
    officer.writes("/reject 1 មិនមែនគម្រោងយើង")
    world.pass_time(seconds=61)
    assert any("មិនមែនគម្រោងយើង" in text for text in she.texts)
    assert status_of(world, reference) == ("resolved", "facilitator")
    (refused,) = officer.writes("/take 1")
    assert reference in refused
    assert status_of(world, reference)[0] == "resolved"
    with world.store.reading() as tx:
        found = cases.by_reference(tx, reference)
    assert found is not None
    assert found.outcome == "not_upheld"


def test_resolve_needs_words_and_takes_an_outcome(world: World) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    officer.writes("/resolve 1")
    officer.writes("/resolve 1 partly")
    assert status_of(world, reference)[0] == "new"
    officer.writes("/resolve 1 partly បានពាក់កណ្ដាល")
    with world.store.reading() as tx:
        found = cases.by_reference(tx, reference)
    assert found is not None
    assert (found.status, found.outcome) == (Status.RESOLVED, "partly")


def test_silence_closes_as_unconfirmed_and_a_later_not_solved_makes_an_appeal(world: World) -> None:
    reference = complain(world)
    world.officer("facilitator").writes("/resolve 1 រួច")
    world.pass_time(days=8)
    assert status_of(world, reference)[0] == "closed"
    (receipt,) = world.phone().writes(f"{reference} មិនទាន់រួចទេ")
    appeal = next(each for each in REFERENCE.findall(receipt) if each != reference)
    assert status_of(world, appeal) == ("new", "commune")


def test_marking_sensitive_takes_the_case_and_its_notices_away(world: World) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    officer.writes("/sensitive 1")
    assert len(world.deleted) >= 1
    assert reference not in "".join(officer.writes("/cases all"))
    assert any(reference in text for text in world.officer("focal one").texts)
    assert reference in "".join(world.officer("focal one").writes("/cases"))
    assert world.phone().writes(reference)[0].startswith("សូមផ្ញើពីទូរស័ព្ទ")
    world.officer("focal one").writes(f"/release {reference} not a personal matter")
    assert reference in "".join(officer.writes("/cases"))


def test_words_open_on_a_tap_protected_and_go_after_ten_minutes(world: World) -> None:
    complain(world)
    officer = world.officer("facilitator")
    assert COMPLAINT not in "".join(officer.texts)
    officer.taps("អាន")
    assert COMPLAINT in officer.texts[-1]
    assert officer.received[-1].protect
    assert not world.deleted
    world.pass_time(minutes=11)
    assert [each.message_id for each in world.deleted] == [officer.received[-1].message_id]


def test_by_sms_nothing_of_her_words_is_said_and_a_change_needs_its_code(world: World) -> None:
    officer = world.add_officer("by sms", Level.FACILITATOR, "170107", language=Language.EN, channel=Channel.SMS)
    reference = complain(world)
    assert COMPLAINT not in "".join(officer.texts + officer.writes("cases") + officer.writes("case 1"))
    assert re.search(r"\d{4}", officer.writes("take 1")[0].replace(reference, ""))
    assert status_of(world, reference)[0] == "new"
    for wrong in ("0001", "0002", "0003"):
        officer.writes(wrong)
    code = "0004"
    officer.writes(code)
    assert status_of(world, reference)[0] == "new"


def test_an_officer_may_be_a_beneficiary_too(world: World) -> None:
    (receipt, _) = world.officer("facilitator").writes(COMPLAINT)
    assert REFERENCE.findall(receipt)


def test_somebody_in_person(world: World) -> None:
    officer = world.officer("facilitator")
    (logged,) = [text for text in officer.writes(f"/log {COMPLAINT}") if "ថ្មី" not in text]
    reference = REFERENCE.findall(logged)[0]
    assert status_of(world, reference) == ("new", "facilitator")
    assert len(officer.writes(f"/reply {reference} come")) == 1
    officer.writes(f"/resolve {reference} done")
    assert status_of(world, reference)[0] == "resolved"


def test_an_invitation_works_once_and_needs_the_own_number(world: World) -> None:
    with world.store.transaction() as tx:
        staff_id = staff.add(tx, name="Dara", language="en", phone="+85599123456", now=world.now)
        staff.hold(tx, staff.post(tx, Level.COMMUNE, world.areas["170101"]), staff_id, world.now)
        staff.invite(tx, staff_id, code="secret-code", now=world.now, expires_at=world.now + timedelta(hours=48))
    dara, thief = world.telegram("8001"), world.telegram("8002")
    assert len(dara.writes("/start secret-code")) == 1
    assert dara.received[-1].request_contact
    assert "លេខកូដនេះប្រើលែងបានហើយ" in thief.writes("/start secret-code")[0]
    dara.sends(InboundKind.CONTACT, phone=None)
    assert "Dara" not in dara.texts[-1]
    dara.sends(InboundKind.CONTACT, phone="+85599999999")
    assert "Dara" not in dara.texts[-1]
    dara.sends(InboundKind.CONTACT, phone="+85599123456")
    assert "Dara" in dara.texts[-1]
    reference = complain(world, "ចារឈូក")
    assert any(reference in text for text in dara.texts)


def test_language_is_chosen_with_a_button(world: World) -> None:
    officer = world.officer("facilitator")
    officer.writes("/language")
    assert officer.taps("English")[0].startswith("The bot speaks English")
    assert "no open case" in officer.writes("/cases")[0]


def test_words_that_are_too_long_for_her_sms_are_refused_with_the_length(world: World) -> None:
    complain(world)
    officer = world.officer("facilitator")
    (refused,) = officer.writes("/reply 1 " + "បើកប្រាក់ " * 80)
    assert "SMS" in refused
    (refused,) = officer.writes("/resolve 1 " + "បើកប្រាក់ " * 80)
    assert "SMS" in refused
    world.pass_time(minutes=2)
    assert "បើកប្រាក់" not in world.phone().texts[-1]


def test_an_officer_who_cannot_be_reached_is_reported_to_the_desk(world: World) -> None:
    from storage.queries.persons import contacts

    with world.store.transaction() as tx:
        for contact in contacts.of_staff(tx, world.staff["facilitator"]):
            contacts.change(tx, contact.id, blocked_at=world.now)
    reference = complain(world)
    assert reference in world.officer("desk").texts[-1]


def test_the_desk_hands_a_voice_message_on_to_an_area(world: World) -> None:
    from tests.support.world import photo

    she = world.telegram()
    she.sends(InboundKind.MEDIA, media=photo())
    desk = world.officer("desk")
    reference = REFERENCE.findall(desk.texts[-1])[0]
    assert world.officer("neighbour").texts == []
    desk.writes(f"/transfer {reference} ចារឈូក")
    assert any(reference in text for text in world.officer("neighbour").texts)
    assert status_of(world, reference) == ("new", "commune")


def test_nobody_handles_what_he_wrote_himself(world: World) -> None:
    officer = world.officer("facilitator")
    reference = REFERENCE.findall(officer.writes(COMPLAINT)[0])[0]
    officer.writes("ស្រែខ្វាវ អង្គរជុំ")
    assert status_of(world, reference) == ("new", "commune")
    assert reference not in officer.writes("/cases")[0]
    assert reference in world.officer("chief").writes("/cases")[0]
    assert not any("តែងតាំង" in text for text in world.officer("desk").texts), "his post is not vacant"


def test_words_that_are_missing_are_asked_for_and_shown_back_for_what_they_are(world: World) -> None:
    reference, officer = complain(world), world.officer("facilitator")
    (asked,) = officer.writes("/escalate 1")
    assert reference in asked
    assert officer.writes("ហួសសមត្ថភាព") == [say("officer_escalate_question", Language.KM, text="ហួសសមត្ថភាព")]
    assert officer.taps(say("button_escalate", Language.KM))[0].startswith(reference)
    assert status_of(world, reference)[1] == "commune"
    chief = world.officer("chief")
    assert "ត្រឹមត្រូវ" in chief.writes("រួច 1")[0]
    assert chief.writes("ខ្លះ បានបើក") == [say("officer_decide_question", Language.KM, text="ខ្លះ បានបើក")]
    chief.taps(say("button_send", Language.KM))
    assert status_of(world, reference)[0] == "resolved"
    assert "/take 3" in officer.writes("/take")[0]
    other = complain(world, number="+85512345679")
    officer.writes("/reply 2")
    officer.writes("/note 2 ទៅជួបស្អែក")
    over = say("officer_send_question", Language.KM, text="អរគុណ")
    assert over not in officer.writes("អរគុណ"), "he went on to something else"
    assert status_of(world, other)[0] == "new"


def test_a_quantity_is_not_taken_for_a_case_without_asking(world: World) -> None:
    reference, officer = complain(world), world.officer("facilitator")
    (asked,) = officer.writes("រួច 1 ខែហើយ មិនទាន់បានលុយ")
    assert asked == say("officer_did_you_mean", Language.KM, command=f"/resolve {reference} ខែហើយ មិនទាន់បានលុយ")
    assert status_of(world, reference)[0] == "new"


@pytest.mark.parametrize("words", ["ឃុំ", "commune", "ថ្នាក់ឃុំ", "{name}", "{number}"])
def test_the_desk_bars_by_the_words_that_people_use(world: World, words: str) -> None:
    reference, desk = complain(world), world.officer("desk")
    (asked,) = desk.writes(f"/bar {reference}  ?")
    assert "ឃុំ" in asked
    assert "commune" not in asked
    desk.writes(f"/bar {reference} {words.format(name='chief', number=world.staff['chief'])}")
    assert world.officer("chief").writes(f"/case {reference}")[0].startswith("គ្មានករណី")
    assert status_of(world, reference)[1] == "district"


def test_who_gets_a_case_reads_what_was_noted_and_why_it_came_but_not_what_the_desk_wrote(world: World) -> None:
    reference = complain(world)
    world.officer("facilitator").writes("/note 1 បានទៅជួបគាត់ហើយ")
    world.officer("desk").writes(f"/note {reference} គាត់ខ្លាចមេឃុំ")
    world.officer("facilitator").writes("/escalate 1 ហួសសមត្ថភាព")
    world.officer("chief").writes("/case 1")
    (words,) = world.officer("chief").taps("អាន")
    assert "បានទៅជួបគាត់ហើយ" in words
    assert "ហួសសមត្ថភាព" in words
    assert "គាត់ខ្លាចមេឃុំ" not in words
    world.officer("desk").writes(f"/case {reference}")
    assert "គាត់ខ្លាចមេឃុំ" in world.officer("desk").taps("អាន")[0]
