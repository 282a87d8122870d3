"""Ready answers to questions: given where they fit, with the question whether they helped; "no" makes a case."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from domain.reading import Category
from domain.sending.segments import count_segments
from handlers.faq import bring_in, tried
from handlers.incoming.intake import receive
from samleng.files.faq_files import faq_of
from samleng.files.projects import packaged
from storage.queries import audit, faq
from storage.queries.faq import Counts, FaqText
from storage.queries.persons import messages
from tests.handlers.test_processing import item
from tests.support.statements import noted
from tests.support.world import World
from wording import say

REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")
FORGOT = "ភ្លេចលេខសម្ងាត់ហើយបង ធ្វើម៉េចទៅ"
JOIN = "how can I join a savings group in my village"


@pytest.fixture
def leap(world: World) -> World:
    return with_entries(world, faq_of(packaged()["leap"]))


@pytest.fixture
def rrpm(lao_world: World) -> World:
    return with_entries(lao_world, faq_of(packaged()["rrpm"]))


def with_entries(world: World, entries: Sequence[FaqText]) -> World:
    with world.store.transaction() as tx:
        bring_in(tx, entries, now=world.now)
    return world


def counts(world: World, code: str) -> Counts:
    with world.store.reading() as tx:
        return faq.counts(tx).get(code, Counts())


def case_rows(world: World) -> list[Any]:
    with world.store.reading() as tx:
        return list(tx.execute(text("SELECT * FROM grievance_case ORDER BY id")))


def test_a_question_that_fits_is_answered_in_two_sms(leap: World) -> None:
    (answer,) = leap.phone().writes(FORGOT)
    assert "អត្តសញ្ញាណប័ណ្ណ" in answer
    assert answer.endswith("ជួយបានទេ? 1 បាន 2 មិនបាន")
    assert count_segments(answer).segments <= 2
    assert case_rows(leap) == []
    assert counts(leap, "forgot_pin") == Counts(given=1)


@pytest.mark.parametrize("yes", ["1", "១", "បាទ", "ok", "yes"])
def test_it_helped(leap: World, yes: str) -> None:
    she = leap.phone()
    she.writes(FORGOT)
    (thanks,) = she.writes(yes)
    assert thanks in {say("faq_helped", "km"), say("faq_helped", "en")}
    assert case_rows(leap) == []
    assert counts(leap, "forgot_pin") == Counts(given=1, helped=1)


@pytest.mark.parametrize("no", ["2", "២", "ទេ", "no"])
def test_it_did_not_help_and_becomes_a_case(leap: World, no: str) -> None:
    she = leap.phone()
    she.writes(FORGOT)
    receipt = she.writes(no)[0]
    reference = REFERENCE.findall(receipt)[0]
    (case,) = case_rows(leap)
    assert (case.reference, case.kind, case.category) == (reference, "question", "payment_access")
    assert counts(leap, "forgot_pin") == Counts(given=1, not_helped=1)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    officer = leap.officer("facilitator")
    officer.taps("អាន")
    assert FORGOT in officer.texts[-1]
    assert "\n2" not in officer.texts[-1]
    with leap.store.reading() as tx:
        assert "case.answer_did_not_help" in [each.type for each in audit.of_case(tx, case.id)]


def test_a_repeated_number_or_tap_makes_no_second_case(leap: World) -> None:
    she = leap.telegram()
    she.writes(FORGOT)
    assert she.labels()[-2:] == ["បាន", "មិនបាន"]
    she.taps("មិនបាន")
    she.taps("មិនបាន")
    she.taps("បាន")
    she.writes("2")
    assert len(case_rows(leap)) == 1
    assert counts(leap, "forgot_pin") == Counts(given=1, not_helped=1)


def test_a_second_number_after_thanks_is_told_so(leap: World) -> None:
    she = leap.phone()
    she.writes(FORGOT)
    she.writes("1")
    (late,) = she.writes("2")
    assert "ហួសពេល" in late
    assert case_rows(leap) == []
    assert counts(leap, "forgot_pin") == Counts(given=1, helped=1)


@pytest.mark.parametrize("by_telegram", [False, True])
def test_after_three_days_of_silence_nothing_happens_and_a_late_answer_is_told_so(
    leap: World, by_telegram: bool
) -> None:
    she = leap.telegram() if by_telegram else leap.phone()
    she.writes(FORGOT)
    before = len(she.received)
    leap.pass_time(hours=73)
    assert len(she.received) == before
    (late,) = she.taps("មិនបាន") if by_telegram else she.writes("2")
    assert "ហួសពេល" in late
    assert case_rows(leap) == []
    assert counts(leap, "forgot_pin") == Counts(given=1)


def test_another_number_is_answered_with_those_that_there_are(leap: World) -> None:
    she = leap.phone()
    she.writes(FORGOT)
    (answer,) = she.writes("3")
    assert "1, 2" in answer
    she.writes("2")
    assert len(case_rows(leap)) == 1


def test_a_complaint_after_the_answer_goes_its_own_way(leap: World) -> None:
    she = leap.phone()
    she.writes(FORGOT)
    she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    (case,) = case_rows(leap)
    assert (case.kind, case.category) == ("complaint", "payment_missing")
    assert counts(leap, "forgot_pin") == Counts(given=1)


def test_another_question_is_answered_too(leap: World) -> None:
    she = leap.phone()
    she.writes(FORGOT)
    (answer,) = she.writes(JOIN)
    assert "group" in answer
    assert answer.endswith("Did this help? 1 yes 2 no")
    she.writes("2")
    (case,) = case_rows(leap)
    assert case.category == "savings_group"
    assert counts(leap, "forgot_pin") == Counts(given=1)


def test_in_lao(rrpm: World) -> None:
    she = rrpm.phone("+8562012345678")
    (answer,) = she.writes("ຂ້ອຍປ່ຽນເບີໂທແລ້ວ ຕ້ອງບອກໃຜ")
    assert answer.endswith("ຊ່ວຍໄດ້ບໍ? 1 ໄດ້ 2 ບໍ່ໄດ້")
    she.writes("ບໍ່")
    (case,) = case_rows(rrpm)
    assert case.kind == "question"


@pytest.mark.parametrize(
    "question",
    [
        "how many chickens does the group have?",
        "the village chief asked me to pay to register, do i have to pay to register?",
        "LP-7K3M-9Q how can i join a savings group in my village?",
        "my husband beats me, how can i join a savings group in my village?",
    ],
)
def test_what_does_not_fit_or_a_person_must_see_is_not_answered(leap: World, question: str) -> None:
    she = leap.phone()
    said = she.writes(question)
    assert not any("Did this help" in each for each in said)
    with leap.store.reading() as tx:
        assert faq.counts(tx) == {}


def test_a_pin_in_the_question_is_warned_of_by_a_person(leap: World) -> None:
    said = leap.phone().writes("i forgot my pin what should i do, my pin was 4321")
    assert not any("Did this help" in each for each in said)


def test_an_entry_without_her_language_makes_a_case(world: World) -> None:
    khmer = next(each for each in faq_of(packaged()["leap"]) if each.code == "join_group")
    with_entries(world, [FaqText(khmer.code, khmer.category, {"en": khmer.words["en"]})])
    she = world.phone()
    she.writes("ជំរាបសួរ")
    assert "Did this help" in she.writes(JOIN)[0]
    stranger = world.phone("+85512345600")
    other = FaqText("join_group", khmer.category, {"km": khmer.words["km"]})
    with_entries(world, [other])
    assert "We have your message" in stranger.writes(JOIN)[0]
    assert len(case_rows(world)) == 1


def test_what_staff_change_is_answered_from_the_next_message_on(leap: World) -> None:
    she = leap.phone()
    assert she.writes(JOIN)[0].startswith("Go to a meeting")
    entries = faq_of(packaged()["leap"])
    joined = next(each for each in entries if each.code == "join_group")
    words = {"en": {"questions": joined.words["en"]["questions"], "answer": "Come to the pagoda on Sunday."}}
    others = [each for each in entries if each is not joined]
    with_entries(leap, [*others, FaqText("join_group", Category.SAVINGS_GROUP, words)])
    assert she.writes(JOIN)[0].startswith("Come to the pagoda on Sunday.")
    assert counts(leap, "join_group").given == 2
    with_entries(leap, [each for each in others if each.code != "group_loan"])
    assert "Did this help" not in she.writes(JOIN)[0]


def test_a_replacement_keeps_what_was(leap: World) -> None:
    entries = faq_of(packaged()["leap"])
    with leap.store.transaction() as tx:
        assert not bring_in(tx, entries, now=leap.now)
        assert not bring_in(tx, entries, now=leap.now, dry_run=True)
    changed = FaqText(entries[0].code, Category.MEETING, entries[0].words)
    with leap.store.transaction() as tx:
        would = bring_in(tx, [changed, *entries[2:]], now=leap.now, dry_run=True)
        assert (would.new, would.changed, would.removed) == ((), (entries[0].code,), (entries[1].code,))
        assert bring_in(tx, [changed, *entries[2:]], now=leap.now) == would
    with leap.store.reading() as tx:
        assert {each.code for each in faq.active(tx)} == {each.code for each in entries} - {entries[1].code}
        assert tx.execute(text("SELECT count(*) FROM faq_entry")).scalar_one() == len(entries) + 1
        rows = tx.execute(text("SELECT count(*) FROM audit_entry WHERE type = 'faq.replaced'"))
        assert rows.scalar_one() == 2


def test_a_question_that_became_a_case_already_makes_no_second_one(leap: World) -> None:
    she = leap.telegram()
    she.writes("i forgot my pin what should i do")
    with leap.store.transaction() as tx:
        asked = tx.execute(text("SELECT message_id FROM faq_use")).scalar_one()
    other = leap.phone("+85512345600")
    other.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    (case,) = case_rows(leap)
    with leap.store.transaction() as tx:
        messages.move_to_case(tx, [asked], case.id)
    assert she.writes("2") == [say("noted", "en")]
    assert len(case_rows(leap)) == 1


def test_queries_of_a_ready_answer_are_counted(leap: World) -> None:
    leap.context.settings  # noqa: B018 - read before the count begins
    leap.phone("+85599000001").writes(FORGOT)
    statements = counted(leap, FORGOT)
    assert len(statements) <= 21, "\n".join(statements)
    assert sum("FROM faq_entry" in each for each in statements) == 1
    assert not any("faq_entry" in each for each in counted(leap, "លុយអត់ទាន់ចូលទេ ៣ខែហើយ", "+85599000002"))


def test_lists_use_their_indexes(leap: World) -> None:
    explain = "EXPLAIN QUERY PLAN " if leap.store.is_sqlite else "EXPLAIN "
    with noted(leap.store) as statements, leap.store.reading() as tx:
        faq.version(tx)
        faq.active(tx)
        asked = [each for each, _ in statements if "faq_entry" in each]
        if not leap.store.is_sqlite:
            tx.execute(text("SET LOCAL enable_seqscan = off"))
        for statement in asked:
            plan = " ".join(str(row) for row in tx.execute(text(explain + statement)))
            assert "uq_faq_entry_active" in plan, plan


def counted(world: World, words: str, number: str = "+85599000001") -> list[str]:
    with noted(world.store) as statements:
        receive(world.context, item(world, f"SM-{number}", words, number), world.now)
    return [each for each, _ in statements if not each.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]


def test_trying_a_text_says_what_would_be_answered(leap: World) -> None:
    found = tried(leap.context, FORGOT)
    assert found.answering is not None
    assert found.answering.code == found.nearest[0].code == "forgot_pin"
    assert tried(leap.context, "").answering is None
    assert case_rows(leap) == []
