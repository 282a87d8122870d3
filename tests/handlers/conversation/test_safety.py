"""What must not reach the wrong eyes or get lost on the way: follow-ups of reports, named levels, places, pauses."""

import json
import re

import pytest
from sqlalchemy import text, update

from domain.inbound import InboundKind
from domain.reading import Language
from domain.settings import Level
from storage.queries.casework import cases
from storage.tables import Staff
from storage.tables.base import table_of
from tests.support.world import World, photo

REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")
MISSING = "I have not received my money for three months"
STAFF = table_of(Staff)
ABUSE = "my husband beats me every night"


def all_cases(world: World) -> list[tuple[str | None, str]]:
    with world.store.reading() as tx:
        rows = tx.execute(text("SELECT sensitive, level FROM grievance_case ORDER BY id"))
        return [(row.sensitive, row.level) for row in rows]


def plain_words(world: World) -> str:
    with world.store.reading() as tx:
        return "\n".join(tx.execute(text("SELECT text FROM message WHERE text IS NOT NULL")).scalars())


def seen_by_officers(world: World) -> str:
    names = [name for name in world.staff if not name.startswith("focal")]
    for name in names:
        world.officer(name).writes("/cases all")
        for _ in range(2):
            if "អាន" in world.officer(name).labels():
                world.officer(name).taps("អាន")
    return "\n".join(text_ for name in names for text_ in world.officer(name).texts)


def test_a_report_that_follows_a_photo_takes_the_whole_case_to_the_focal_points(world: World) -> None:
    she = world.telegram()
    she.sends(InboundKind.MEDIA, media=photo())
    she.writes(ABUSE)
    assert all_cases(world) == [("unsorted", "focal")]
    assert "beats" not in plain_words(world)
    assert "beats" not in seen_by_officers(world)


@pytest.mark.parametrize("words", ["status LP-7K3M-9Q he hit me again", "what language, my husband beats me"])
def test_a_report_is_heard_whatever_else_it_reads_as(world: World, words: str) -> None:
    world.phone().writes(words)
    assert all_cases(world) == [("unsorted", "focal")]
    assert words not in plain_words(world)


def test_what_follows_a_report_belongs_to_it(world: World) -> None:
    she = world.phone()
    she.writes("the facilitator raped me")
    she.writes("He works at the school, everybody in the village knows what he did to me")
    she.writes("The commune chief came to my house again yesterday")
    assert [sensitive for sensitive, _ in all_cases(world)] == ["unsorted"]
    assert "school" not in plain_words(world) + seen_by_officers(world)


def test_a_level_named_later_is_kept_out_from_then_on(world: World) -> None:
    she = world.phone()
    she.writes(MISSING)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    she.writes("the commune chief took my money to put me on the list")
    for name in ("facilitator", "chief"):
        assert "LP-" not in "".join(world.officer(name).writes("/cases all")), name
    assert any("LP-" in each for each in world.officer("district").texts)


def test_what_may_hint_at_harm_is_not_shown_to_the_area(world: World) -> None:
    she = world.phone()
    she.writes(MISSING)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    world.officer("facilitator").writes("/ask 1 what happened?")
    world.pass_time(minutes=2)
    she.writes("I am afraid of him")
    assert "afraid" not in seen_by_officers_of_the_area(world)


def seen_by_officers_of_the_area(world: World) -> str:
    found = []
    for name in ("facilitator", "chief", "district"):
        officer = world.officer(name)
        officer.writes("/case 1")
        if "អាន" in officer.labels():
            officer.taps("អាន")
        found += officer.texts
    return "\n".join(found)


def test_an_edit_leaves_no_report_in_plain(world: World) -> None:
    she = world.telegram()
    she.writes("hello", message_id="m-1")
    she.sends(InboundKind.EDIT, text=ABUSE, edit_of="m-1")
    assert "beats" not in plain_words(world)
    assert all_cases(world) == [("unsorted", "focal")]


def test_thanks_make_no_case(world: World) -> None:
    for words in ("អរគុណ", "thank you"):
        assert len(world.phone().writes(words)) == 1
    assert all_cases(world) == []


def test_two_machines_do_not_answer_each_other_without_end(world: World) -> None:
    she = world.phone()
    for _ in range(40):
        she.writes("zzz")
    assert len(she.texts) <= 10


def test_a_place_named_late_or_corrected_moves_the_case(world: World) -> None:
    she = world.phone()
    she.writes(MISSING)
    world.pass_time(days=7)
    she.writes("ចារឈូក")
    assert any("LP-" in each for each in world.officer("neighbour").texts)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    assert "LP-" not in "".join(world.officer("neighbour").writes("/cases"))
    assert any("LP-" in each for each in world.officer("facilitator").texts)


def test_a_case_without_a_place_is_told_to_the_desk_after_a_day(world: World) -> None:
    world.phone().writes(MISSING)
    desk = world.officer("desk")
    assert desk.texts == []
    world.pass_time(days=1, hours=1)
    world.pass_time(hours=1)
    assert len(desk.texts) == 1


def test_a_case_given_to_the_area_late_gets_its_days(world: World) -> None:
    she = world.phone()
    reference = REFERENCE.findall(she.writes(MISSING)[0])[0]
    world.pass_time(days=9)
    world.officer("desk").writes(f"/transfer {reference} ចារឈូក")
    world.pass_time(hours=1)
    assert all_cases(world) == [(None, "commune")]


def test_an_hour_alone_is_taken_where_hours_were_asked_for(world: World) -> None:
    she = world.phone()
    reference = REFERENCE.findall(she.writes("សុំខលមក អានមិនចេះ")[0])[0]
    assert len(she.writes("៨")) == 1
    with world.store.reading() as tx:
        case = cases.by_reference(tx, reference)
    assert case is not None
    assert case.call_hours == [8, 9]


def test_a_decision_at_night_waits_for_the_morning_and_comes_in_order(world: World) -> None:
    she = world.phone()
    she.writes(MISSING)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    world.pass_time(hours=12)
    before = len(she.texts)
    officer = world.officer("facilitator")
    officer.writes("/reply 1 first")
    officer.writes("/resolve 1 second")
    assert len(she.texts) == before
    world.pass_time(hours=10)
    assert ["first" in she.texts[before], "second" in she.texts[before + 1]] == [True, True]
    assert len(she.texts) == before + 3


def test_still_not_solved_in_words_goes_up(world: World) -> None:
    she = world.phone()
    she.writes(MISSING)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    world.officer("facilitator").writes("/resolve 1 it was sent")
    world.pass_time(seconds=61)
    she.writes("I have still not received my money")
    assert all_cases(world) == [(None, "commune")]


def test_whoever_wants_help_at_the_last_level_is_not_closed_by_silence(world: World) -> None:
    she = world.phone()
    reference = REFERENCE.findall(she.writes(MISSING)[0])[0]
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    for name in ("facilitator", "chief", "district", "province", "nation"):
        world.officer(name).writes(f"/resolve {reference} decided")
        world.pass_time(seconds=61)
        she.writes("2")
    she.writes("1")
    world.pass_time(days=20)
    with world.store.reading() as tx:
        case = cases.by_reference(tx, reference)
    assert case is not None
    assert (case.is_open, case.level) == (True, "desk")


def test_what_she_writes_while_a_decision_is_held_is_told_to_whoever_made_it(world: World) -> None:
    she = world.phone()
    she.writes(MISSING)
    she.writes("ស្រែខ្វាវ អង្គរជុំ")
    officer = world.officer("facilitator")
    officer.writes("/take 1")
    officer.writes("/resolve 1 it was sent")
    she.writes("they gave me only half of it")
    assert len(all_cases(world)) == 1
    assert "អ្នកសរសេរផ្ញើសារមកទៀត" in officer.texts[-1]
    world.pass_time(seconds=61)
    she.writes("the road is broken, no car comes through")
    assert len(all_cases(world)) == 2


def test_what_names_one_of_the_desk_is_on_no_list_of_his(world: World) -> None:
    with world.store.transaction() as tx:
        tx.execute(update(STAFF).where(STAFF.c.id == world.staff["desk"]).values(name="Sok Dara"))
    world.phone().writes("Sok Dara hmm zzz")
    assert not plain_words(world).count("unsorted")
    assert all_cases(world) == [(None, "national")], "nobody else is at the desk"
    colleague = world.add_officer("colleague", Level.DESK, None, language=Language.KM)
    account = world.telegram()
    account.writes("qqq", message_id="m-1")
    account.sends(InboundKind.EDIT, text="qqq Sok Dara", edit_of="m-1")
    assert all_cases(world)[1:] == [(None, "desk")]
    assert "LP-" in colleague.writes("/cases")[0]
    assert "LP-" not in "".join(world.officer("desk").writes("/cases all"))


def test_the_desk_hands_over_by_one_tap_and_who_had_read_it_is_kept(world: World) -> None:
    world.telegram().sends(InboundKind.MEDIA, media=photo(), text="")
    desk = world.officer("desk")
    assert desk.labels() == ["អាន", "ឲ្យអ្នកទទួលរឿងសម្ងាត់"]
    desk.taps("អាន")
    desk.taps("ឲ្យអ្នកទទួលរឿងសម្ងាត់")
    world.pass_time(seconds=30)
    assert all_cases(world) == [("unsorted", "focal")]
    assert len(world.deleted) == 2, "the notice and the words are taken off his phone"
    assert any("LP-" in each for each in world.officer("focal one").texts)
    with world.store.reading() as tx:
        data = tx.execute(text("SELECT data FROM audit_entry WHERE type = 'case.marked_sensitive'")).scalar_one()
    assert json.loads(data)["read_by"] == [world.staff["desk"]]


def test_of_several_open_matters_it_is_asked_which_is_taken_back(world: World) -> None:
    she = world.phone()
    first = REFERENCE.findall(she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")[0])[0]
    world.pass_time(hours=1)
    second = REFERENCE.findall(she.writes("ផ្លូវខូច ឡានទៅមិនបាន")[0])[0]
    she.writes(ABUSE)
    assert REFERENCE.findall(she.writes("សុំដករឿង")[0]) == [second, first], "nothing is said of the report"
    she.writes("1")
    she.writes("សុំដករឿង")
    she.writes("3")
    with world.store.reading() as tx:
        closed = tx.execute(text("SELECT reference FROM grievance_case WHERE outcome = 'withdrawn'")).scalars().all()
    assert closed == [first]


def test_odd_marks_on_buttons_do_nothing(world: World) -> None:
    for data in ("q:99999999999999999999:1", "q:²:1", "q:1:²", "c:read:²", "u:99999999999999999999", "b:send:-1"):
        assert world.telegram().sends(InboundKind.TAP, data=data) == []
        world.officer("facilitator").sends(InboundKind.TAP, data=data)
    with world.store.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM inbound WHERE processed_at IS NULL")).scalar() == 0
