"""`samleng import`, as it is typed: lists from CSV and XLSX with headings in three languages, doubts, rejects, corrections."""

import csv
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from domain.inbound import Channel
from handlers.importing import files as importing_files
from handlers.importing import people as importing_people
from handlers.importing import people_writing
from handlers.importing.files import opened
from handlers.importing.headers import understood
from samleng import config
from samleng.cli import main
from samleng.wiring import build
from storage.queries.persons import bulk, contacts, people
from storage.store import Tx
from tests.support.databases import Databases
from tests.support.lists import ROUND, SOON, Place, counts
from tests.support.world import START


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[Place]:
    """An installation on each database."""
    return Place(tmp_path, databases.fresh_url(request.param))


KHMER = """លេខសម្គាល់;ឈ្មោះ;លេខទូរស័ព្ទ;ភេទ;ភូមិ;ឃុំ;ស្រុក;ចេះអាន;យល់ព្រម
១០១;សុខ សុភា;០១២ ០០០ ១២៣;ស្រី;ភូមិថ្មី;ស្រែខ្វាវ;អង្គរជុំ;ទេ;បាទ
១០២;ចាន់ វិបុល;+៨៥៥ ១២ ០០០ ១២៤;ប្រុស;ត្រពាំងរុន;Srae Khvav;1701;ចេះ;ទេ
"""
LAO = "ລະຫັດ\tຊື່\tເບີໂທ\tເພດ\tບ້ານ\tພາສາເວົ້າ\tເຕືອນເລື່ອງເງິນ\n໒໐໑\tນາງ ບຸນມີ\t໐໑໒ ໐໐໐ ໑໒໕\tຍິງ\tບ້ານໃໝ່\tKhmu\tບໍ່\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_khmer_headings_and_digits_and_names_of_places(place: Place, encoding: str) -> None:
    path = place.file("people.csv", KHMER, encoding)
    assert counts(place.says("people", path)) == (2, 0, 0, 0, 0)
    first, second = place.person("101"), place.person("102")
    assert first is not None
    assert second is not None
    assert (first.name, first.sex, first.reads, first.consent) == ("សុខ សុភា", "F", False, True)
    assert (second.sex, second.reads, second.consent) == ("M", True, False)
    assert first.area_id != second.area_id
    assert place.looks(lambda tx: contacts.find(tx, Channel.SMS, "+85512000124")).person_id == second.id
    assert counts(place.says("people", path)) == (0, 0, 2, 0, 0)


def test_lao_headings_and_what_a_list_says_of_reading_and_reminders(place: Place) -> None:
    path = place.file("people.csv", LAO)
    assert counts(place.says("people", path)) == (1, 0, 0, 0, 0)
    found = place.person("201")
    assert found is not None
    assert (found.name, found.sex, found.spoken_language, found.money_reminders) == ("ນາງ ບຸນມີ", "F", "Khmu", False)
    assert counts(place.says("people", path)) == (0, 0, 1, 0, 0)
    again = place.says("people", place.file("again.csv", "id,money reminders\n201,yes\n"))
    assert [(each["row"], each["column"]) for each in again["doubts"]] == [(2, "money_reminders")]


def test_a_workbook_gives_numbers_days_and_noughts_as_they_read(place: Place) -> None:
    def format_code(sheet: Any) -> None:
        sheet["E2"].number_format = "0000"

    rows = [
        ["id", "name", "phone", "sex", "district"],
        [1001, "Sok Sophea", 12000123, "F", 901],
        [1002.0, "Chan", None, None, None],
    ]
    path = place.workbook("people.xlsx", rows, format_code)
    assert counts(place.says("people", path)) == (2, 0, 0, 0, 0)
    found = place.person("1001")
    assert found is not None
    assert place.looks(lambda tx: contacts.find(tx, Channel.SMS, "+85512000123")).person_id == found.id
    assert found.area_id is not None
    assert place.person("1002") is not None
    lost = place.workbook("lost.xlsx", [["id", "district"], [1002, 901]])
    assert counts(place.says("people", lost)) == (0, 1, 0, 0, 0)
    paid = place.workbook(
        "round.xlsx", [["id", "amount", "date", "area"], [1001, 120000.0, SOON + timedelta(days=1), "17010701"]]
    )
    assert counts(place.says("round", paid, *ROUND)) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("rows", "row", "why"),
    [
        ([["id", "name", None, "phone"], ["1", "x", "y", "012000123"]], 1, "merged"),
        ([["List of people", None, None], ["id", "name", "phone"]], 1, "merged"),
        ([["id", "name"], ["1", "x", "y"]], 2, "merged"),
        ([["id", "name"], ["1", "#REF!"]], 2, "formula failed"),
    ],
)
def test_a_workbook_that_cannot_be_read_row_by_row_is_told_so(
    place: Place, rows: list[list[Any]], row: int, why: str
) -> None:
    def merge(sheet: Any) -> None:
        if rows[0][-1] is None:
            sheet.merge_cells("A1:C1")

    said = place.says("people", place.workbook("bad.xlsx", rows, merge))
    assert said["faults"][0]["row"] == row
    assert why in said["faults"][0]["why"]
    assert not said["written"]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("old.csv", "id,name\n1,café\n".encode("cp1252"), "not UTF-8"),
        ("wide.csv", "id\tname\n1\tx\n".encode("utf-16"), "UTF-16"),
        ("book.csv", b"PK\x03\x04rest", "workbook"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0rest", "XLSX"),
        ("lost.csv", "id,name\n1,caf\ufffd\n".encode(), "letters were lost"),
        ("rounded.csv", b"id,phone\n1,8.5512E+10\n", "rounded"),
    ],
)
def test_files_in_other_forms_are_named_with_the_remedy(place: Place, name: str, data: bytes, why: str) -> None:
    path = place.folder / name
    path.write_bytes(data)
    result = place.run("people", path, "--json")
    assert result.exit_code == 1
    assert why in json.loads(result.stdout)["faults"][0]["why"]
    assert place.person("1") is None


def test_columns_said_once_are_remembered_by_the_headings(place: Place) -> None:
    text = "Member No,Full name of member,Tel. 1,Signature\nM-1,Sok Sophea,012000123,x\n"
    path = place.file("people.csv", text)
    unknown = place.says("people", path)
    assert unknown["faults"][0]["column"] == "id"
    said = (
        "--map",
        "id=Member No",
        "--map",
        "name=Full name of member",
        "--map",
        "phone=Tel. 1",
        "--map",
        "-=Signature",
    )
    assert counts(place.says("people", path, *said, "--dry-run")) == (1, 0, 0, 0, 0)
    assert not place.says("people", path)["written"]
    assert counts(place.says("people", path, *said)) == (1, 0, 0, 0, 0)
    again = place.file("next.csv", text.replace("M-1,Sok Sophea", "M-2,Chan Vibol").replace("000123", "000124"))
    assert counts(place.says("people", again)) == (1, 0, 0, 0, 0)
    wrong = place.run("people", path, "--map", "nonsense")
    assert wrong.exit_code == 2


def test_names_of_places_are_narrowed_asked_back_or_refused_with_the_choices(place: Place) -> None:
    text = "id,commune,district\n1,ស្រែខ្វាវ,\n2,ស្រែខ្វាវ,វ៉ារិន\n3,Srae Khvalp,Angkor Chum\n4,Nowhere At All,\n5,170205,Angkor Chum\n"
    said = place.says("people", place.file("people.csv", text))
    assert counts(said) == (1, 0, 0, 1, 3)
    why = {each["row"]: each["why"] for each in (*said["faults"], *said["doubts"])}
    assert "170107" in why[2]
    assert "170205" in why[2]
    assert "Angkor Chum" in why[2]
    assert "nearest is Srae Khvav (170107)" in why[4]
    assert "there is no commune" in why[5]
    assert "does not lie in Angkor Chum" in why[6]
    assert not said["written"]
    # Of two communes of one name only one has this village; both have the other name not at all.
    two = place.file("two.csv", "ល.រ,id,village,commune\n1,1,ភូមិថ្មី,ស្រែខ្វាវ\n2,2,គ្មាន,ស្រែខ្វាវ\n")
    said = place.says("people", two)
    assert [(each["row"], each["column"]) for each in said["faults"]] == [(3, "commune")]


def test_nearly_the_same_name_in_one_village_is_doubtful_and_nowhere_else(place: Place) -> None:
    known = "id,name,village\n1,សុខ សុភាព,17010701\n"
    assert place.says("people", place.file("known.csv", known))["written"]
    text = "id,name,village\n2,សុខ  សុភាព,17010701\n3,សុខ សុភាព,17010702\n4,Chan Vibol,17010701\n5,Chann Vibol,17010701\n"
    said = place.says("people", place.file("more.csv", text))
    assert {each["row"]: each["column"] for each in said["doubts"]} == {2: "name", 5: "name"}
    assert "សុភាព" not in json.dumps(said, ensure_ascii=False)
    assert place.person("3") is None
    accepted = place.says("people", place.file("more.csv", text), "--accept-doubtful")
    assert counts(accepted) == (4, 0, 0, 0, 0)
    assert counts(place.says("people", place.file("more.csv", text))) == (0, 0, 4, 0, 0)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_wrong_and_doubtful_rows_come_back_with_the_reasons_and_go_in_once_mended(place: Place, form: str) -> None:
    rows = [
        ["លេខសម្គាល់", "ឈ្មោះ", "ទូរស័ព្ទ"],
        ["1", "Sok", "012000123"],
        ["2", "Chan", "nothing"],
        ["3", "Mao", "012000123"],
    ]
    if form == "csv":
        path = place.file("people.csv", "".join(",".join(row) + "\n" for row in rows), "utf-8-sig")
    else:
        path = place.workbook("people.xlsx", rows)
    rejects = place.folder / f"rejects.{form}"
    dry = place.says("people", path, "--dry-run", "--skip-wrong", rejects)
    assert (counts(dry), dry["kept_out"], rejects.exists()) == ((1, 0, 0, 1, 1), 2, False)
    result = place.run("people", path, "--skip-wrong", rejects)
    assert result.exit_code == 0
    assert "2 rows were kept out" in result.output
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    assert [place.person(each) is not None for each in "123"] == [True, False, False]
    back = _read(rejects)
    assert back[0] == [*rows[0], "why"]
    assert [row[:3] for row in back[1:]] == [rows[2], rows[3]]
    assert "no phone number" in back[1][3]
    assert "row 2" in back[2][3]
    mended = [[*back[0], "ok"], [*back[1], ""], [*back[2], "yes"]]
    mended[1][2] = "012000777"
    csv_text = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in mended)
    assert counts(place.says("people", place.file("mended.csv", csv_text))) == (2, 0, 0, 0, 0)
    whose = place.looks(lambda tx: bulk.holders(tx, ["+85512000123"]))["+85512000123"]
    both = {place.person("1"), place.person("3")}
    assert whose.people == {each.id for each in both if each is not None}
    assert place.run("people", path, "--skip-wrong", rejects).exit_code == 1


def _read(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream))
    return [
        [str(cell or "") for cell in row] for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    ]


def test_a_shared_phone_is_no_doubt_where_the_row_or_the_command_says_so(place: Place) -> None:
    path = place.file("people.csv", "id,name,phone,shared\n1,Sok,012000123,\n2,Chan,012000123,yes\n")
    assert counts(place.says("people", path)) == (2, 0, 0, 0, 0)
    labels = place.looks(
        lambda tx: [
            each.label for each in contacts.sharers(tx, bulk.holders(tx, ["+85512000123"])["+85512000123"].contact_id)
        ]
    )
    assert sorted(labels) == ["Chan", "Sok"]
    third = place.file("third.csv", "id,name,phone\n3,Mao,012000123\n")
    assert counts(place.says("people", third)) == (0, 0, 0, 1, 0)
    assert counts(place.says("people", third, "--shared-phones")) == (1, 0, 0, 0, 0)
    assert counts(place.says("people", path)) == (0, 0, 2, 0, 0)
    assert counts(place.says("people", third)) == (0, 0, 1, 0, 0)


def test_the_table_says_what_changes_and_shows_no_number(place: Place) -> None:
    place.says("people", place.file("people.csv", "id,name,phone\n1,Sok,012000123\n"))
    text = "លេខសម្គាល់,ឈ្មោះ,ទូរស័ព្ទ\n1,Sok Sophea,012000999\n2,Chan,12345678901234\n"
    result = place.run("people", place.file("again.csv", text), "--dry-run")
    assert result.exit_code == 1
    assert "name, phone" in result.output
    assert "phone (ទូរស័ព្ទ)" in result.output
    assert "dry run" in result.output
    assert "12345678901234" not in result.output
    assert "012000999" not in result.output


@pytest.mark.parametrize(("language", "project"), [("km", "leap"), ("lo", "rrpm")])
def test_the_examples_go_in_one_after_the_other(
    tmp_path: Path, databases: Databases, language: str, project: str
) -> None:
    empty = Place(tmp_path, databases.fresh_url("sqlite"), areas="", project=project)
    lists = Path(__file__).parents[3] / "docs" / "lists"
    for kind in ("areas", "people"):
        done = empty.says(kind, lists / f"{kind}_{language}.csv")
        assert (done["written"], done["notes"]) == (True, []), done
    with opened(lists / f"round_{language}.csv") as sheet:
        assert None not in understood("round", sheet.header, {}, None).columns
        assert [cells[0] for _, cells in sheet.rows] == [f"{'KH' if language == 'km' else 'LA'}-00{n}" for n in (1, 2)]


def test_the_areas_of_cambodia_go_in_as_they_are_written(tmp_path: Path, databases: Databases) -> None:
    empty = Place(tmp_path, databases.fresh_url("sqlite"), areas="")
    written = CliRunner().invoke(main, ["areas", "1710", "--town", "1710"])
    assert "171001,commune,1710,sangkat,ស្លក្រាម,Sla Kram" in written.output
    assert empty.says("areas", empty.file("areas.csv", written.output))["written"]
    for wrong in (["99"], ["1701", "--town", "1710"]):
        refused = CliRunner().invoke(main, ["areas", *wrong])
        assert (refused.exit_code, "write codes like 17" in refused.output) == (2, True)


def test_a_list_that_somebody_changed_under_is_not_written_at_all(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place.file("people.csv", "id,name,phone\n1,Sok,012000123\n2,Chan,012000124\n")
    real = importing_people.doubt_near_names

    def meanwhile(tx: Tx, *rest: Any) -> None:
        real(tx, *rest)
        monkeypatch.undo()
        opened_again = build(config.load(place.path, {"BOT_TOKEN": "1:x"}))
        with opened_again.store.transaction() as other:
            people.create(other, START, external_id="2", name="Another")
        opened_again.close()

    monkeypatch.setattr(importing_people, "doubt_near_names", meanwhile)
    said = place.says("people", path)
    assert "meanwhile" in said["faults"][0]["why"]
    assert not said["written"]
    assert place.person("1") is None


def test_a_long_list_lets_others_write_between_its_parts_and_goes_on_where_it_stopped(
    tmp_path: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, databases.fresh_url("sqlite"))
    assert place.run("people", place.file("one.csv", "id,name,phone\n0,Mao,012000100\n")).exit_code == 0
    rows = "".join(f"{n},{'ABCDEFG'[n] * 5},01200012{n},\n" for n in range(6))
    path = place.file("people.csv", f"id,name,phone,shared\n{rows}7,Chan,012000122,yes\n")

    def somebody(identifier: str) -> Callable[[float], None]:
        def writes(_seconds: float) -> None:
            monkeypatch.setattr(people_writing.time, "sleep", lambda _: None)
            opened_again = build(config.load(place.path, {"BOT_TOKEN": "1:x"}))
            with opened_again.store.transaction() as other:
                people.create(other, START, external_id=identifier, name="Another")
            opened_again.close()

        return writes

    monkeypatch.setattr(people_writing, "AT_ONCE", 3)
    monkeypatch.setattr(people_writing, "_PART", 2)
    monkeypatch.setattr(people_writing.time, "sleep", somebody("3"))
    stopped = place.run("people", path)
    assert stopped.exit_code == 1
    assert "2 rows were written and stay. Run the same command again" in " ".join(stopped.output.split())
    assert [place.person(each) is not None for each in "1247"] == [True, True, False, False]
    assert counts(place.says("people", path)) == (3, 2, 2, 0, 0)
    sharing = place.looks(lambda tx: bulk.holders(tx, ["+85512000122"]))["+85512000122"].people
    assert sharing == {place.person("2").id, place.person("7").id}  # type: ignore[union-attr]
    told = [json.loads(row[0]) for row in place.looks(_imports)]
    assert [(each["new"], each["changed"]) for each in told] == [(1, 0), (2, 0), (2, 0), (1, 2)]


def _imports(tx: Tx) -> list[Any]:
    query = "SELECT data FROM audit_entry WHERE type = 'people.imported' ORDER BY id"
    return list(tx.connection.exec_driver_sql(query).all())


def test_no_file_fills_the_memory_and_no_reject_acts_in_a_spreadsheet(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(place.workbook("bomb.xlsx", [["id"], ["1"]]), "a") as packed:
        packed.writestr("xl/media/image.png", b"x" * 100_000)
    monkeypatch.setattr(importing_files, "_MOST_BYTES", 50_000)
    assert "far more than a list" in place.says("people", place.folder / "bomb.xlsx")["faults"][0]["why"]
    monkeypatch.undo()
    forged = place.workbook("forged.xlsx", [["id"], ["1"]])
    _rewrite(forged, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="99999999999"')
    monkeypatch.setattr(importing_files, "_MOST_ROWS", 20)
    assert "so many rows" in place.says("people", forged)["faults"][0]["why"]
    text = place.file(
        "people.csv", 'id,name,phone\n1,"=HYPERLINK(""http://x"")",nothing\n2,@SUM(A1),+85512000\n3,Mao,\n'
    )
    place.run("people", text, "--skip-wrong", place.folder / "rejects.csv")
    back = _read(place.folder / "rejects.csv")
    assert [row[1:3] for row in back[1:]] == [['\'=HYPERLINK("http://x")', "nothing"], ["'@SUM(A1)", "+85512000"]]
    with opened(place.folder / "rejects.csv") as sheet:
        assert [cells[1] for _, cells in sheet.rows] == ['=HYPERLINK("http://x")', "@SUM(A1)"]


def _rewrite(path: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as packed:
        parts = {each.filename: packed.read(each) for each in packed.infolist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
