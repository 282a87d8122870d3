"""Ready answers while a case asks something: given without a number of their own; words that they did not help make a case."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.sending.segments import count_segments
from samleng.files.faq_files import faq_of
from samleng.files.projects import packaged
from storage.queries import audit, faq
from storage.queries.faq import Counts
from storage.queries.persons import messages
from tests.handlers.test_faq import FORGOT, JOIN, REFERENCE, case_rows, counts, with_entries
from tests.support.statements import noted
from tests.support.world import Phone, World
from wording import say

MISSING = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
PLACE = "ស្រែខ្វាវ អង្គរជុំ"


@pytest.fixture
def leap(world: World) -> World:
    return with_entries(world, faq_of(packaged()["leap"]))


def after_a_case(world: World, *, by_telegram: bool = False) -> Phone:
    """Return the phone of somebody whose case is an hour old and who was asked where she lives."""
    she = world.telegram() if by_telegram else world.phone()
    she.writes(MISSING)
    world.now += timedelta(hours=1)
    return she


@pytest.mark.parametrize("by_telegram", [False, True])
def test_while_a_case_asks_something_the_answer_is_given_without_a_number_of_its_own(
    leap: World, by_telegram: bool
) -> None:
    she = after_a_case(leap, by_telegram=by_telegram)
    (answer,) = she.writes(FORGOT)
    assert "អត្តសញ្ញាណប័ណ្ណ" in answer
    assert answer.endswith(say("faq_answer_only", "km", answer="").strip())
    assert count_segments(answer).segments <= 2
    assert "បាន" not in she.labels()
    assert counts(leap, "forgot_pin") == Counts(given=1)
    (noted,) = she.writes(PLACE)
    assert "ស្រែខ្វាវ" in noted
    (case,) = case_rows(leap)
    assert case.area_id == leap.areas["170107"]


def test_a_number_still_answers_what_was_asked_about_the_case(leap: World) -> None:
    she = leap.phone()
    she.writes(MISSING)
    officer_resolves(leap, she)
    leap.now += timedelta(hours=1)
    assert say("faq_answer_only", "en", answer="").strip() in she.writes(JOIN)[0]
    she.writes("1")
    (case,) = case_rows(leap)
    assert (case.status, case.confirmed) == ("closed", True)
    assert counts(leap, "join_group") == Counts(given=1)


@pytest.mark.parametrize("by_telegram", [False, True])
@pytest.mark.parametrize(
    "words", ["ទេ", "នៅតែមិនបាន", "ធ្វើតាមហើយនៅតែអត់បាន!", "it did not help", "It didn't help.", "nov tae ot ban", "ບໍ່ຊ່ວຍ"]
)
def test_words_that_say_it_did_not_help_make_a_case(leap: World, words: str, by_telegram: bool) -> None:
    she = after_a_case(leap, by_telegram=by_telegram)
    she.writes(FORGOT)
    receipt = she.writes(words)[0]
    first, second = case_rows(leap)
    assert REFERENCE.findall(receipt)[0] == second.reference != first.reference
    assert (second.kind, second.category) == ("question", "payment_access")
    assert counts(leap, "forgot_pin") == Counts(given=1, not_helped=1)
    with leap.store.reading() as tx:
        assert [m.text for m in messages.of_case(tx, second.id) if m.direction == "in"] == [FORGOT, words]
        assert "case.answer_did_not_help" in [each.type for each in audit.of_case(tx, second.id)]
    she.writes(words)
    assert len(case_rows(leap)) == 2


@pytest.mark.parametrize("by_telegram", [False, True])
def test_who_asks_the_same_again_within_a_day_was_not_helped(leap: World, by_telegram: bool) -> None:
    she = after_a_case(leap, by_telegram=by_telegram)
    she.writes(FORGOT)
    leap.now += timedelta(hours=23)
    again = "បងអើយ ខ្ញុំភ្លេចលេខសម្ងាត់ ធ្វើម៉េច"
    assert any(REFERENCE.search(text) for text in she.writes(again))
    _, case = case_rows(leap)
    assert counts(leap, "forgot_pin") == Counts(given=1, not_helped=1)
    with leap.store.reading() as tx:
        assert [m.text for m in messages.of_case(tx, case.id) if m.direction == "in"] == [FORGOT, again]


def test_who_asks_the_same_again_another_day_or_something_else_is_answered(leap: World) -> None:
    she = after_a_case(leap)
    she.writes(FORGOT)
    assert say("faq_answer_only", "en", answer="").strip() in she.writes(JOIN)[0]
    leap.now += timedelta(hours=25)
    assert "អត្តសញ្ញាណប័ណ្ណ" in she.writes(FORGOT)[0]
    assert len(case_rows(leap)) == 1
    assert counts(leap, "forgot_pin") == Counts(given=2)


def test_a_no_to_what_was_asked_after_the_answer_is_not_about_the_answer(leap: World) -> None:
    she = after_a_case(leap)
    she.writes(FORGOT)
    officer_resolves(leap, she)
    she.writes("ទេ")
    (case,) = case_rows(leap)
    assert case.status == "acknowledged"
    assert counts(leap, "forgot_pin") == Counts(given=1)


def test_words_say_it_too_where_the_number_was_asked_for(leap: World) -> None:
    she = leap.phone()
    she.writes(FORGOT)
    assert REFERENCE.search(she.writes("នៅតែមិនបាន")[0])
    assert len(case_rows(leap)) == 1
    assert counts(leap, "forgot_pin") == Counts(given=1, not_helped=1)


@pytest.mark.parametrize("words", ["នៅតែមិនបាន", "it did not help"])
def test_words_of_help_without_an_answer_are_read_as_any(leap: World, words: str) -> None:
    she = after_a_case(leap)
    she.writes(words)
    with leap.store.reading() as tx:
        assert "case.answer_did_not_help" not in [
            each.type for case in case_rows(leap) for each in audit.of_case(tx, case.id)
        ]


def officer_resolves(world: World, she: Phone) -> None:
    """Let the case go to its place and be resolved there."""
    she.writes(PLACE)
    officer = world.officer("facilitator")
    (case,) = case_rows(world)
    officer.writes(f"/resolve {case.reference} upheld លុយចូលហើយ")
    world.pass_time(minutes=5)


def test_the_answer_that_is_looked_for_again_is_found_by_indexes(leap: World) -> None:
    she = after_a_case(leap)
    she.writes(FORGOT)
    with noted(leap.store) as statements, leap.store.reading() as tx:
        assert faq.unjudged_use(tx, 1, leap.now, code="forgot_pin") is None
        ((statement, values),) = [each for each in statements if "faq_use" in each[0]]
        if not leap.store.is_sqlite:
            tx.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if leap.store.is_sqlite else "EXPLAIN "
        plan = " ".join(str(row) for row in tx.connection.exec_driver_sql(explain + statement, values))
    assert "ix_message_contact" in plan, plan
    assert "ix_faq_use_message_id" in plan, plan
