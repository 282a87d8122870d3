"""The directory of services: brought in whole or not at all, dated, by district, and missed where people have none."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from domain.harm_form import ServiceKind
from handlers.cases import services as directory
from samleng.cli import main
from samleng.config import load
from samleng.files.projects import PROJECT_FILES, ConfigFaults
from samleng.files.service_files import COLUMNS, read_services
from samleng.setup import Answers, set_up
from storage.queries import areas, services
from storage.queries.persons import people
from storage.queries.services import ServiceRow
from tests.support.world import World

HEAD = ",".join(COLUMNS)
TODAY = datetime.now(UTC).date()
GOOD = f"police,police,,នគរបាល,,Police,117,,yes,{TODAY}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    set_up(tmp_path / "config.toml", Answers(), datetime.now(UTC))
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Callable[..., Result]:
    def call(*words: str) -> Result:
        return CliRunner().invoke(main, ["services", *words, "--config", str(folder / "config.toml")])

    return call


def written(folder: Path, *rows: str) -> str:
    path = folder / "services.csv"
    path.write_text("# a remark\n" + "\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return str(path)


def stored(run: Callable[..., Result]) -> list[str]:
    return [each["code"] for each in json.loads(run("list", "--json").output)]


def test_a_directory_is_brought_in_and_replaced_whole(folder: Path, run: Callable[..., Result]) -> None:
    clinic = f"clinic,health,,,,Clinic,,,no,{TODAY - timedelta(days=200)}"
    assert json.loads(run("import", written(folder, GOOD, clinic), "--json").output)["new"] == 2
    assert set(stored(run)) == {"police", "clinic"}
    assert "OLD" in run("list").output
    assert run("check").exit_code == 1
    assert json.loads(run("import", written(folder, GOOD), "--json").output)["removed"] == 1
    assert stored(run) == ["police"]
    assert run("check").exit_code == 0
    assert "child_report is empty" in run("check").output


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Police,police,,,,P,117,,yes,2026-01-01", "row 4, code"),
        ("p,sheriff,,,,P,117,,yes,2026-01-01", "row 4, kind"),
        ("p,police,,,,,117,,yes,2026-01-01", "row 4, name_en"),
        ("p,police,,,,P,call me,,yes,2026-01-01", "row 4, phone"),
        ("p,police,,,,P,117,,perhaps,2026-01-01", "row 4, for_children"),
        ("p,police,,,,P,117,,yes,", "row 4, checked_on: nobody has checked this service"),
        ("p,police,,,,P,117,,yes,2999-01-01", "row 4, checked_on: lies in the future"),
        ("police,police,,,,P,117,,yes,2026-01-01", "code police: 2 rows"),
        ("p,police,nowhere,,,P,117,,yes,2026-01-01", "area: nowhere"),
    ],
)
def test_one_wrong_row_and_nothing_is_brought_in(folder: Path, run: Callable[..., Result], row: str, told: str) -> None:
    done = run("import", written(folder, GOOD, row))
    assert done.exit_code == 2
    assert told in done.output
    assert stored(run) == []


@pytest.mark.parametrize("name", ["leap", "rrpm"])
def test_the_files_that_come_with_the_program_must_be_verified_first(name: str) -> None:
    with pytest.raises(ConfigFaults) as raised:
        read_services(PROJECT_FILES / f"{name}_services.csv", TODAY)
    assert {each.what for each in raised.value.faults} == {"nobody has checked this service"}


def row(code: str, area: str | None, checked: date = TODAY) -> ServiceRow:
    return ServiceRow(code, ServiceKind.HEALTH, area, {"en": code}, None, None, False, checked)


def test_a_focal_point_sees_those_of_the_district_and_of_the_country(world: World) -> None:
    with world.store.transaction() as tx:
        directory.bring_in(tx, [row("here", "1701"), row("there", "1702"), row("all", None)], world.now)
        found = directory.offered(world.context, tx, "17/1701/170107/", world.now)
    assert [each.service.code for each in found] == ["here", "all"]
    with pytest.raises(directory.UnknownAreas), world.store.transaction() as tx:
        directory.bring_in(tx, [row("village", "170107")], world.now)


def test_a_district_with_people_and_no_service_is_told(world: World) -> None:
    with world.store.transaction() as tx:
        area = areas.by_code(tx, "170205")
        assert area is not None
        people.create(tx, world.now, area_id=area.id)
        directory.bring_in(tx, [row("here", "1701")], world.now)
        assert services.districts_without(tx) == ["1702"]
        directory.bring_in(tx, [row("here", "1701"), row("there", "1702")], world.now)
        assert services.districts_without(tx) == []


@pytest.mark.parametrize(
    ("checked", "old"), [(date(2026, 6, 1), False), (date(2026, 5, 24), False), (date(2026, 5, 23), True)]
)
def test_a_service_is_old_after_half_a_year(checked: date, old: bool) -> None:
    assert directory.is_old(checked, date(2026, 11, 23)) is old


def test_check_names_districts_without_any(folder: Path) -> None:
    from samleng.checking import check

    with closing(load(folder / "config.toml", {}).open_store()) as store, store.transaction() as tx:
        now = datetime.now(UTC)
        province = areas.add(tx, code="99", level="province", parent=None, names={"en": "P"})
        district = areas.add(tx, code="9901", level="district", parent=province, names={"en": "D"})
        people.create(tx, now, area_id=district.id)
    assert any(each.key == "services" and "9901" in each.what for each in check(folder / "config.toml", {}))
