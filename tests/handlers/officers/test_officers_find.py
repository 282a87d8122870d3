"""Finding cases and a month's figures: only what the officer may see, no words of hers, two segments by SMS."""

from datetime import timedelta

import pytest

from domain.inbound import Channel
from domain.reading import Language
from domain.sending.segments import count_segments
from domain.settings import Level
from storage.queries.casework import cases
from tests.handlers.officers.test_officers import COMPLAINT, REFERENCE, complain
from tests.support.world import World
from wording import say

KM = Language.KM


def found(world: World, who: str, words: str) -> set[str]:
    return set(REFERENCE.findall("".join(world.officer(who).writes(f"/find {words}"))))


@pytest.mark.parametrize("words", ["លុយ", "លុយអត់ទាន់", "ស្រែខ្វាវ", "srae khvav"])
def test_cases_are_found_by_words_and_place(world: World, words: str) -> None:
    reference = complain(world)
    assert found(world, "facilitator", words) == {reference}


def test_cases_are_found_by_a_part_of_the_reference(world: World) -> None:
    reference = complain(world)
    for part in (reference, reference[3:7], reference[5:].lower()):
        assert found(world, "facilitator", part) == {reference}, part


@pytest.mark.parametrize("language", Language)
def test_cases_are_found_by_what_they_are_about_in_every_language(world: World, language: Language) -> None:
    reference = complain(world)
    with world.store.reading() as tx:
        case = cases.by_reference(tx, reference)
    assert case is not None
    assert found(world, "facilitator", say(f"category_{case.category}", language)) == {reference}


@pytest.mark.parametrize("words", ["លុយ\u200bអត់", "លុយអត់់ទាន់", "ចូលទេ ៣", "ចូលទេ 3"])
def test_words_are_found_however_they_are_spelled(world: World, words: str) -> None:
    reference = complain(world)
    assert found(world, "facilitator", words) == {reference}


def test_nothing_of_another_area_is_found(world: World) -> None:
    complain(world)
    assert found(world, "neighbour", "លុយ") == set()


def test_a_sensitive_case_is_found_by_nobody(world: World) -> None:
    reference = complain(world)
    assert found(world, "facilitator", "លុយ") == {reference}
    world.officer("facilitator").writes(f"/sensitive {reference}")
    for who in ("facilitator", "chief", "desk", "nation", "focal one"):
        for words in ("លុយ", reference, reference[3:7], "ស្រែខ្វាវ"):
            nothing = say("officer_find_none", KM, text=words)
            assert world.officer(who).writes(f"/find {words}") == [nothing], (who, words)


def test_none_of_her_words_come_back(world: World) -> None:
    complain(world)
    answer = "".join(world.officer("facilitator").writes("/find អត់ទាន់ចូល"))
    assert REFERENCE.findall(answer)
    assert COMPLAINT not in answer
    assert "៣ខែ" not in answer


def test_a_found_number_stands_for_its_case(world: World) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    assert f"[1] {reference}" in officer.writes("/find លុយ")[0]
    assert reference in officer.writes("/case 1")[0]


def test_what_is_not_there_is_said(world: World) -> None:
    assert world.officer("facilitator").writes("/find ទូក") == [say("officer_find_none", KM, text="ទូក")]


def test_by_sms_a_list_is_two_segments(world: World) -> None:
    officer = world.add_officer("by sms", Level.FACILITATOR, "170107", language=KM, channel=Channel.SMS)
    for n in range(8):
        complain(world, number=f"+8551200000{n}")
    world.now += timedelta(days=30)
    for words in ("ស្វែងរក លុយ", "ករណី", "ករណី ហួស", "ស្ថិតិ"):
        (answer,) = officer.writes(words)
        assert count_segments(answer).segments <= 2, answer
        assert COMPLAINT not in answer
    (answer,) = officer.writes("find លុយ")
    assert 2 <= answer.count("[") <= 4


def test_a_sentence_that_begins_with_find_is_a_persons(world: World) -> None:
    answers = world.officer("facilitator").writes(f"find out why {COMPLAINT} please do it now")
    assert any(REFERENCE.findall(each) for each in answers)


def test_lists_take_as_many_queries_for_many_as_for_few(world: World) -> None:
    from tests.handlers.officers.test_officers_slips import queries_for

    officer = world.officer("facilitator")
    complain(world)
    officer.writes("/find លុយ")
    few = {words: len(queries_for(world, officer, words)) for words in ("/find លុយ", "/cases", "/stats")}
    for n in range(6):
        complain(world, number=f"+8551200000{n}")
    officer.writes("/cases")
    for words, count in few.items():
        assert len(queries_for(world, officer, words)) == count, words


def test_figures_are_of_what_he_may_see(world: World) -> None:
    first, _ = complain(world), complain(world, "ចារឈូក", "+85512000002")
    world.officer("facilitator").writes(f"/resolve {first} បើកប្រាក់ហើយ")
    mine, neighbours = world.officer("facilitator").writes("/stats")[0], world.officer("neighbour").writes("/stats")[0]
    values = {"month": "3/2026", "received": 1, "overdue": 0}
    assert say("officer_stats", KM, open=0, resolved=1, in_time=1, **values) in mine
    assert say("officer_stats", KM, open=1, resolved=0, in_time=0, **values) in neighbours
    both = say("officer_stats", KM, open=1, resolved=1, in_time=1, **{**values, "received": 2})
    assert both in world.officer("district").writes("/stats")[0]


def test_figures_know_nothing_of_sensitive_cases(world: World) -> None:
    reference = complain(world)
    world.officer("facilitator").writes(f"/sensitive {reference}")
    nothing = say("officer_stats", KM, month="3/2026", received=0, open=0, overdue=0, resolved=0, in_time=0)
    for who in ("facilitator", "desk", "nation", "focal one"):
        assert world.officer(who).writes("/stats") == [nothing], who


@pytest.mark.parametrize(("words", "month"), [("2", "2/2026"), ("12", "12/2025"), ("ខែ២", "2/2026"), ("", "3/2026")])
def test_a_month_may_be_named(world: World, words: str, month: str) -> None:
    assert world.officer("facilitator").writes(f"/stats {words}".strip())[0].startswith(month)


def test_ratings_are_shown_as_totals_from_five_up(world: World) -> None:
    references = [complain(world, number=f"+8551200000{n}") for n in range(5)]
    officer = world.officer("facilitator")

    def rated(count: int) -> str:
        for reference in references[:count]:
            with world.store.transaction() as tx:
                case = cases.by_reference(tx, reference)
                assert case is not None
                values = {"status": "closed", "resolved_at": world.now, "satisfaction": 1}
                cases.change(tx, case.id, **values)
        return officer.writes("/stats")[0]

    shown = say("officer_stats_ratings", KM, good=100, count=5)
    assert shown.split("·")[0] not in rated(4)
    assert shown in rated(5)


def test_a_day_that_was_put_off_is_not_told_once_the_next_level_has_it(world: World) -> None:
    world.phone().writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    world.phone().writes("ស្រែខ្វាវ")
    world.phone().writes("1")
    officer = world.officer("facilitator")
    officer.writes("/extend 1 3 រង់ចាំឯកសារពីស្រុក")
    told = len(world.phone().texts)
    officer.writes("/escalate 1 ត្រូវការស្រុកជួយ")
    world.pass_time(minutes=2)
    (only,) = world.phone().texts[told:]
    assert "ឃុំ" in only


def test_deadlines_that_were_put_off_are_counted(world: World) -> None:
    world.phone().writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    world.phone().writes("ស្រែខ្វាវ")
    world.phone().writes("1")
    officer = world.officer("facilitator")
    for words in ("/take 1", "/extend 1 3 រង់ចាំឯកសារពីស្រុក", "/resolve 1 upheld បើកប្រាក់ហើយ"):
        officer.writes(words)
        world.pass_time(minutes=2)
    assert say("officer_stats_extended", KM, count=1) in officer.writes("/stats")[0]
