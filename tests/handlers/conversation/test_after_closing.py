"""After a case: taking it back, how it was settled, an appeal with everything in it, and whether all is well with her."""

import pytest

from domain.inbound import Channel, InboundKind
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord
from tests.handlers.cases.test_deadlines import newest
from tests.support.world import Phone, World

MISSING = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
PLACE = "ស្រែខ្វាវ អង្គរជុំ"
ABUSE = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"


def complained(she: Phone, text: str = MISSING) -> CaseRecord:
    she.writes(text)
    she.writes(PLACE)
    return newest(she.world)


def closed(she: Phone, *, answer: str = "1") -> CaseRecord:
    """Return a case that the facilitator took and resolved, and she called solved."""
    case = complained(she)
    officer = she.world.officer("facilitator")
    officer.writes(f"/take {case.reference}")
    officer.writes(f"/note {case.reference} បានទូរស័ព្ទទៅធនាគារ")
    officer.writes(f"/resolve {case.reference} upheld បើកថ្ងៃសុក្រ")
    she.world.pass_time(minutes=2)
    if answer:
        she.writes(answer)
    return of(she.world, case)


def of(world: World, case: CaseRecord) -> CaseRecord:
    with world.store.reading() as tx:
        return cases.by_id(tx, case.id)


@pytest.mark.parametrize("text", ["ខ្ញុំលែងយកទៀតហើយ", "សុំដករឿងវិញ", "I don't want it any more", "ຂໍຖອນເລື່ອງ"])
def test_she_takes_her_matter_back_and_is_asked_once(world: World, text: str) -> None:
    she = world.phone()
    case = complained(she)
    (question,) = she.writes(text)
    assert case.reference in question
    assert of(world, case).is_open
    (told,) = she.writes("2")
    assert case.reference in told
    after = of(world, case)
    assert (after.status, after.outcome, after.due_at) == ("closed", "withdrawn", None)
    assert case.reference in world.officer("facilitator").texts[-1]
    world.pass_time(days=40)
    assert len(she.texts) == 5


def test_one_goes_on(world: World) -> None:
    she = world.phone()
    case = complained(she)
    she.writes("withdraw")
    she.writes("១")
    assert of(world, case).is_open


def test_a_sensitive_case_is_not_taken_back_by_a_message(world: World) -> None:
    she = world.phone()
    she.writes(ABUSE)
    assert not any("2" in text for text in she.writes("សុំដករឿងវិញ"))
    with world.store.reading() as tx:
        assert all(case.is_open for case in cases.askable_from(tx, 1))


def test_some_days_after_closing_she_is_asked_how_it_was_and_only_totals_are_shown(world: World) -> None:
    grades = ["1", "1", "2", "3"]
    for n, grade in enumerate(grades):
        she = world.phone(f"+8551200001{n}")
        case = closed(she)
        world.pass_time(days=7)
        assert case.reference in she.texts[-1]
        she.writes(grade)
        assert of(world, case).satisfaction == int(grade)
    officer = world.staff["facilitator"]
    with world.store.reading() as tx:
        assert caseload.grades_of(tx, officer) == {}
    she = world.phone("+85512000019")
    closed(she)
    world.pass_time(days=7)
    she.writes("1")
    with world.store.reading() as tx:
        assert caseload.grades_of(tx, officer) == {1: 3, 2: 1, 3: 1}
    told = "".join(world.officer("facilitator").texts) + "".join(world.officer("facilitator").writes("/cases all"))
    assert "មិនពេញចិត្ត" not in told


def test_a_survey_waits_while_another_question_is_open(world: World) -> None:
    she = world.phone()
    closed(she)
    world.pass_time(days=6, hours=23)
    before = len(she.texts)
    complained(she, "ស្ពាននៅភូមិខ្ញុំបាក់ហើយ")
    world.pass_time(hours=1)
    assert not any("ពេញចិត្ត" in text for text in she.texts[before:])


def test_the_lowest_grade_offers_an_appeal_in_one_number(world: World) -> None:
    she = world.phone()
    case = closed(she)
    world.pass_time(days=7)
    assert case.reference in she.writes("៣")[0]
    (receipt,) = she.writes("១")
    assert case.reference in receipt
    appeal = newest(world)
    assert (appeal.parent_id, appeal.level) == (case.id, "commune")


def test_an_appeal_has_everything_in_it_and_is_made_once(world: World) -> None:
    she = world.phone()
    case = closed(she)
    other = _known(world)
    with world.store.transaction() as tx:
        cases.change(tx, case.id, anonymous=True)
        cases.add_contact(tx, case.id, other)
    she.writes(f"{case.reference} not solved")
    appeal = newest(world)
    assert (appeal.parent_id, appeal.anonymous, appeal.area_id) == (case.id, True, case.area_id)
    with world.store.reading() as tx:
        assert appeal.id in {each.id for each in cases.askable_from(tx, other)}
    words = "".join(world.officer("chief").taps("អាន"))
    assert MISSING in words
    assert "បានទូរស័ព្ទទៅធនាគារ" in words
    assert "បើកថ្ងៃសុក្រ" in words
    she.writes(f"{case.reference} not solved")
    assert newest(world).id == appeal.id


def test_after_the_days_for_it_courts_and_the_bank_are_named(world: World) -> None:
    she = world.phone()
    case = closed(she)
    world.pass_time(days=30)
    (told,) = she.writes(f"{case.reference} not solved")
    assert "grievances@worldbank.org" in told
    assert "តុលាការ" in told
    assert newest(world).id == case.id


def test_every_decision_names_courts_and_the_bank(world: World) -> None:
    she = world.phone()
    closed(she, answer="")
    decision = next(text for text in she.texts if "បើកថ្ងៃសុក្រ" in text)
    assert "តុលាការ" in decision
    assert "grievances@worldbank.org" in decision


@pytest.mark.parametrize("channel", list(Channel))
def test_a_month_later_she_is_asked_whether_all_is_well_in_words_that_betray_nothing(
    world: World, channel: Channel
) -> None:
    she = world.phone("+85512345678", channel)
    case = closed(she)
    world.pass_time(days=31)
    question = she.texts[-1]
    assert case.reference not in question
    assert "1" in question
    she.writes("1")
    world.pass_time(days=31)
    assert she.texts.count(question) == 1


@pytest.mark.parametrize("answer", ["2", "២", "មេឃុំគំរាមវាយខ្ញុំ ព្រោះខ្ញុំប្ដឹង"])
def test_trouble_makes_a_sensitive_case_and_the_receipt_of_every_case(world: World, answer: str) -> None:
    she, other = world.phone(), world.phone("+85512999999")
    case = closed(she)
    world.pass_time(days=31)
    seen = {name: len(world.officer(name).texts) for name in world.staff}
    received = she.writes(answer)
    receipt = other.writes(MISSING + " " + PLACE)[0]
    hers = _known(world, she.address)
    with world.store.reading() as tx:
        made = cases.askable_from(tx, hers)[0]
    assert (made.id != case.id, made.sensitive) == (True, "retaliation")
    reference = made.reference
    assert (
        received[0].replace(reference, "R").split("។")[:3]
        == receipt.replace(newest(world).reference, "R").split("។")[:3]
    )
    for name in world.staff:
        told = any(reference in text for text in world.officer(name).texts[seen[name] :])
        assert told == name.startswith("focal"), name
    with world.store.reading() as tx:
        assert cases.by_id(tx, case.id).status == "closed"


def test_who_wanted_to_be_called_is_called_by_the_desk(world: World) -> None:
    she = world.phone()
    case = closed(she)
    with world.store.transaction() as tx:
        cases.change(tx, case.id, call_hours=[8, 10], satisfaction=1)
    before = len(she.texts)
    world.pass_time(days=31)
    assert len(she.texts) == before
    assert any(case.reference in text for text in world.officer("desk").texts)
    assert of(world, case).call_wanted_at is not None


def _known(world: World, address: str = "+85512888888") -> int:
    from storage.queries.persons import contacts

    with world.store.transaction() as tx:
        return contacts.lock(tx, Channel.SMS, address, now=world.now).id


def test_an_appeal_reads_what_the_desk_heard_and_officers_noted(world: World) -> None:
    from storage.queries import console_lists
    from tests.support.world import photo

    she = world.phone()
    case = complained(she)
    she.sends(InboundKind.MEDIA, media=photo())
    with world.store.transaction() as tx:
        (file,) = console_lists.files_of_case(tx, case.id)
        desk, now = world.staff["desk"], world.now
        console_lists.transcribe(tx, file.id, case.id, words="the paper says 50,000", staff_id=desk, now=now)
    officer = world.officer("facilitator")
    officer.writes(f"/note {case.reference} the agent was away")
    officer.writes(f"/resolve {case.reference} upheld បើកថ្ងៃសុក្រ")
    world.pass_time(minutes=2)
    she.writes("1")
    she.writes(f"{case.reference} not solved")
    chief = world.officer("chief")
    chief.taps("អាន")
    assert "the paper says 50,000" in chief.texts[-1]
    assert "the agent was away" in chief.texts[-1]


def test_after_the_last_level_nobody_is_promised_another_look_and_help_comes_after_closing_too(world: World) -> None:
    she = world.phone()
    case = complained(she)
    with world.store.transaction() as tx:
        cases.change(tx, case.id, rung=4, level="national")
    world.officer("nation").writes(f"/resolve {case.reference} not for the project")
    world.pass_time(minutes=2)
    she.writes("1")
    (told,) = she.writes(f"{case.reference} not solved")
    assert "grievances@worldbank.org" in told
    assert newest(world).id == case.id
    she.writes("1")
    assert (of(world, case).level, of(world, case).status) == ("desk", "acknowledged")
    assert any(case.reference in text for text in world.officer("desk").texts)


def test_who_took_her_matter_back_is_asked_too_whether_all_is_well(world: World) -> None:
    she = world.phone()
    complained(she)
    she.writes("I don't want it any more")
    she.writes("2")
    heard = len(she.texts)
    world.pass_time(days=31)
    assert any("1 សុខសប្បាយ" in text for text in she.texts[heard:])


def test_her_answer_to_an_officer_reaches_the_level_that_has_the_case_by_then(world: World) -> None:
    she = world.phone()
    case = complained(she)
    world.officer("facilitator").writes(f"/ask {case.reference} ខែណា?")
    world.pass_time(minutes=2)
    world.officer("facilitator").writes(f"/escalate {case.reference} not in my power")
    world.pass_time(minutes=30)
    chief = world.officer("chief")
    assert not any("មិនបានឆ្លើយ" in text for text in chief.texts), "nobody says that she did not answer"
    she.writes("ខែមករា និងខែកុម្ភៈ")
    assert newest(world).id == case.id
    assert of(world, case).status == "in_progress"
    chief.taps("អាន")
    assert "ខែមករា" in chief.texts[-1]
