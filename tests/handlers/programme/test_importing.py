"""Imports from CSV files: what is brought in, what is refused row by row, and that a refused file writes nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from domain.inbound import Channel
from domain.reading import Language
from handlers import importing
from handlers.importing import Choices, Report, RoundPlan
from storage.queries import areas
from storage.queries.persons import contacts, people
from storage.queries.programme import rounds
from tests.support.world import World

PEOPLE = """id,name,phone,language,sex,area,group,programme
P-1,សុខ សុភា,012 000 123,km,F,170107,ក្រុមសន្សំ,LEAP
P-2,ចាន់ ដារ៉ា,,en,m,170101,,
P-3,"Mao, Srey",+85570000124,,,,,
"""
AREAS = """code,level,parent,kind,name_km,name_lo,name_en
17021001,village,170210,,ភូមិថ្មី,,Phum Thmei
170210,commune,1702,sangkat,ថ្មី,,Thmei
"""
PLAN = RoundPlan(code="2026-04", label="4", day=date(2026, 4, 10), place="សាលាឃុំ", agent="វីង", area_code="1701")

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file to be imported."""

    def written(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "list.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return written


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.faults)


def import_people(world: World, path: Path, *, dry_run: bool = False) -> Report:
    return importing.import_people(world.context, path, now=world.now, choices=Choices(dry_run=dry_run))


def person(world: World, external_id: str) -> people.PersonRecord | None:
    with world.store.reading() as tx:
        found = people.by_external_ids(tx, [external_id]).get(external_id)
        return people.by_id(tx, found) if found is not None else None


def test_people_come_in_with_their_phones_and_a_second_time_nothing_changes(world: World, write: Write) -> None:
    path = write(PEOPLE)
    assert counts(import_people(world, path, dry_run=True)) == (3, 0, 0, 0)
    assert person(world, "P-1") is None
    assert counts(import_people(world, path)) == (3, 0, 0, 0)
    first = person(world, "P-1")
    assert first is not None
    assert (first.name, first.language, first.sex, first.group_name) == ("សុខ សុភា", "km", "F", "ក្រុមសន្សំ")
    assert first.area_id == world.areas["170107"]
    with world.store.reading() as tx:
        contact = contacts.find(tx, Channel.SMS, "+85512000123")
        assert contact is not None
        assert contact.person_id == first.id
    assert counts(import_people(world, path)) == (0, 0, 3, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_are_read_as_spreadsheets_write_them(world: World, write: Write, encoding: str, delimiter: str) -> None:
    text = f" ID ,Name,Phone\r\nP-1,សុខ សុភា,012000123\r\n{',' * 2}\r\n".replace(",", delimiter)
    assert counts(import_people(world, write(text, encoding))) == (1, 0, 0, 0)
    assert person(world, "P-1") is not None


def test_what_changed_is_counted_and_an_empty_cell_changes_nothing(world: World, write: Write) -> None:
    import_people(world, write(PEOPLE))
    again = "id,name,phone,area\nP-1,សុខ សុភី,,\nP-2,,012000999,170107\nP-3,,,\n"
    assert counts(import_people(world, write(again), dry_run=True)) == (0, 2, 1, 0)
    assert counts(import_people(world, write(again))) == (0, 2, 1, 0)
    first, second = person(world, "P-1"), person(world, "P-2")
    assert first is not None
    assert second is not None
    assert (first.name, first.area_id) == ("សុខ សុភី", world.areas["170107"])
    assert (second.name, second.area_id) == ("ចាន់ ដារ៉ា", world.areas["170107"])


def test_a_new_phone_takes_the_place_of_the_old_one(world: World, write: Write) -> None:
    import_people(world, write(PEOPLE))
    assert counts(import_people(world, write("id,phone\nP-1,010000555\n"))) == (0, 1, 0, 0)
    first = person(world, "P-1")
    assert first is not None
    with world.store.reading() as tx:
        assert [each.address for each in contacts.of_person(tx, first.id)] == ["+85510000555"]


def test_whoever_wrote_before_is_the_person_on_the_list(world: World, write: Write) -> None:
    world.phone("+85512000123").writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    assert counts(import_people(world, write(PEOPLE))) == (3, 0, 0, 0)
    first = person(world, "P-1")
    with world.store.reading() as tx:
        contact = contacts.find(tx, Channel.SMS, "+85512000123")
    assert first is not None
    assert contact is not None
    assert contact.person_id == first.id


BAD_PEOPLE = [
    ("id,name\n,Somebody Long\n", 2, "id", "needs an id"),
    ("id,name\nP-1,x\nP-1,y\n", 3, "id", "stands in row 2"),
    ("id,phone\nP-1,no phone\n", 2, "phone", "no phone number"),
    ("id,phone\nP-1,99\n", 2, "phone", "no phone number"),
    ("id,language\nP-1,french\n", 2, "language", "none of km, lo, en"),
    ("id,sex\nP-1,x\n", 2, "sex", "F or M"),
    ("id,area\nP-1,999\n", 2, "area", "no area with this name or code"),
    (f"id,name\nP-1,{'x' * 201}\n", 2, "name", "longer than 200"),
    (f"id\n{'x' * 65}\n", 2, "id", "longer than 64"),
    ("id,name\nP-1,a\x00b\n", 2, "name", "NUL"),
    ("name,phone\nx,012000123\n", 1, "id", "missing"),
    ("id,colour\nP-1,012000123\n", 1, "column 2", "no such column"),
    ("id,name,name\nP-1,x,y\n", 1, "name", "twice"),
    ("id,name\nP-1,x,y,z\n", 2, "", "4 cells, and 2 columns"),
    ("", 1, "id", "missing"),
]


@pytest.mark.parametrize(("text", "row", "column", "why"), BAD_PEOPLE, ids=[why for *_, why in BAD_PEOPLE])
def test_bad_people_are_told_row_by_row(world: World, write: Write, text: str, row: int, column: str, why: str) -> None:
    report = import_people(world, write(text))
    assert [(fault.row, fault.column) for fault in report.faults] == [(row, column)]
    assert why in report.faults[0].why
    assert person(world, "P-1") is None


def test_every_fault_is_listed_and_one_is_enough_to_write_nothing(world: World, write: Write) -> None:
    rows = "".join(f"P-{n},01200{n:04}\n" for n in range(1200))
    report = import_people(world, write(f"id,phone\n{rows}Q-1,nothing\nQ-2,nothing\n"))
    assert [(fault.row, fault.column) for fault in report.faults] == [(1202, "phone"), (1203, "phone")]
    assert person(world, "P-0") is None


def test_faults_show_neither_numbers_nor_names(world: World, write: Write) -> None:
    secrets = ("012000123", "99999999", "សុខ សុភា", "Sophea Sok", "012345678")
    text = (
        "id,name,phone,language,sex,area\n"
        f"P-1,{secrets[2]},{secrets[1]},{secrets[3]},{secrets[2]},{secrets[4]}\n"
        f"P-2,x,{secrets[0]},,,\nP-3,x,{secrets[0]},,,\n"
    )
    shown = str(import_people(world, write(text)).faults)
    assert not [secret for secret in secrets if secret in shown]
    no_header = str(import_people(world, write(f"{secrets[3]},{secrets[0]}\n")).faults)
    assert not [secret for secret in secrets if secret in no_header]


@pytest.mark.parametrize(
    ("rows", "row", "why"),
    [("P-9,012000123\n", 2, "another person"), ("P-8,012000888\nP-9,+85512000888\n", 3, "stands in row 2")],
)
def test_anothers_number_is_doubtful_and_nothing_is_written(
    world: World, write: Write, rows: str, row: int, why: str
) -> None:
    import_people(world, write(PEOPLE))
    report = import_people(world, write(f"id,phone\n{rows}"))
    assert [(doubt.row, doubt.column) for doubt in report.doubts] == [(row, "phone")]
    assert why in report.doubts[0].why
    assert (report.doubtful, report.wrong, report.written) == (1, 0, False)
    assert person(world, "P-8") is None
    assert person(world, "P-9") is None


def test_a_file_that_is_not_utf8_is_named_so(world: World, write: Write) -> None:
    report = import_people(world, write("id,name\nP-1,café\n", "latin-1"))
    assert "not UTF-8" in report.faults[0].why


def import_areas(world: World, path: Path, *, dry_run: bool = False) -> Report:
    return importing.import_areas(world.context, path, now=world.now, choices=Choices(dry_run=dry_run))


def test_areas_come_in_in_any_order(world: World, write: Write) -> None:
    path = write(AREAS)
    assert counts(import_areas(world, path, dry_run=True)) == (2, 0, 0, 0)
    assert counts(import_areas(world, path)) == (2, 0, 0, 0)
    with world.store.reading() as tx:
        village, commune = areas.by_code(tx, "17021001"), areas.by_code(tx, "170210")
    assert village is not None
    assert commune is not None
    assert village.path == "17/1702/170210/17021001/"
    assert (commune.kind, commune.name(Language.KM), commune.name("lo")) == ("sangkat", "ថ្មី", "ថ្មី")
    assert counts(import_areas(world, path)) == (0, 0, 2, 0)


BAD_AREAS = [
    ("18,province,,,,,\n", 2, "name_en", "at least one language"),
    ("18,region,,,,,X\n", 2, "level", "none of province"),
    ("1/8,province,,,,,X\n", 2, "code", "digits, Latin letters"),
    (",province,,,,,X\n", 2, "code", "digits, Latin letters"),
    ("18,province,,,,,X\n18,province,,,,,Y\n", 3, "code", "stands in row 2"),
    ("1801,district,,,,,X\n", 2, "parent", "larger area; write its code"),
    ("1801,district,18,,,,X\n", 2, "parent", "there is no such area"),
    ("1801,district,170107,,,,X\n", 2, "parent", "is a commune"),
    ("18,province,17,,,,X\n", 2, "parent", "is a province"),
    ("1703,district,17,sangkat,,,X\n", 2, "kind", "district or khan or krong"),
    ("1701,district,17,,,,Another\n", 2, "name_en", "known with another"),
    ("170101,commune,1702,,,,\n170108,commune,1701,,,,X\n", 2, "name_en", "at least one"),
]


@pytest.mark.parametrize(("rows", "row", "column", "why"), BAD_AREAS, ids=[why for *_, why in BAD_AREAS])
def test_bad_areas_are_told_row_by_row(world: World, write: Write, rows: str, row: int, column: str, why: str) -> None:
    with world.store.reading() as tx:
        before = areas.count(tx)
    report = import_areas(world, write("code,level,parent,kind,name_km,name_lo,name_en\n" + rows))
    assert (row, column) in [(fault.row, fault.column) for fault in report.faults]
    assert any(why in fault.why for fault in report.faults)
    with world.store.reading() as tx:
        assert areas.count(tx) == before


def test_a_round_gets_its_list(world: World, write: Write) -> None:
    import_people(world, write(PEOPLE))
    path = write('id,amount\nP-1,"120,000"\nP-2,១២០០០០\nP-3,\n')
    assert counts(importing.import_round(world.context, path, PLAN, now=world.now, choices=Choices(dry_run=True))) == (
        3,
        0,
        0,
        0,
    )
    assert counts(importing.import_round(world.context, path, PLAN, now=world.now)) == (3, 0, 0, 0)
    with world.store.reading() as tx:
        found = rounds.round_by_code(tx, "2026-04")
        assert found is not None
        assert (found.label, found.place, found.agent) == ("4", "សាលាឃុំ", "វីង")
        assert rounds.recipients(tx, found.id) == 3
        amounts = tx.connection.exec_driver_sql("SELECT amount FROM round_recipient ORDER BY person_id").scalars()
        assert list(amounts) == [120000, 120000, None]
    assert counts(importing.import_round(world.context, path, PLAN, now=world.now)) == (0, 0, 3, 0)
    other = RoundPlan(code="2026-04", label="4", day=date(2026, 4, 11), place="សាលាឃុំ")
    again = importing.import_round(world.context, path, other, now=world.now)
    assert [(fault.row, fault.column) for fault in again.faults] == [(0, "date")]


BAD_ROUNDS = [
    ("P-9,1\n", {}, 2, "id"),
    ("P-1,1\nP-1,2\n", {}, 3, "id"),
    ("P-1,much\n", {}, 2, "amount"),
    ("P-1,0\n", {}, 2, "amount"),
    ("P-1,-5\n", {}, 2, "amount"),
    ("P-1,1.5\n", {}, 2, "amount"),
    ("P-1,99999999999\n", {}, 2, "amount"),
    ('P-1,"1,5"\n', {}, 2, "amount"),
    ("P-1,1\n", {"day": date(2026, 3, 2)}, 0, "date"),
    ("P-1,1\n", {"area_code": "999"}, 0, "area"),
    ("P-1,1\n", {"place": " "}, 0, "place"),
    ("P-1,1\n", {"label": "x" * 81}, 0, "label"),
]


@pytest.mark.parametrize(("rows", "plan", "row", "column"), BAD_ROUNDS)
def test_bad_rounds_are_told_and_not_made(
    world: World, write: Write, rows: str, plan: dict[str, object], row: int, column: str
) -> None:
    import_people(world, write(PEOPLE))
    values = {name: getattr(PLAN, name) for name in PLAN.__dataclass_fields__} | plan
    report = importing.import_round(world.context, write("id,amount\n" + rows), RoundPlan(**values), now=world.now)
    assert [(fault.row, fault.column) for fault in report.faults] == [(row, column)]
    with world.store.reading() as tx:
        assert rounds.all_rounds(tx) == []
