"""`samleng import round`, as it is typed: whom a list means, what is corrected, each area's own day, and the last list again."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from storage.queries.persons import bulk
from storage.queries.programme import round_lists, rounds
from storage.store import Tx
from tests.support.databases import Databases
from tests.support.lists import ROUND, SOON, Place, counts


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[Place]:
    """An installation on each database."""
    return Place(tmp_path, databases.fresh_url(request.param))


def _three(place: Place) -> None:
    text = "id,name,phone,village\n1,Sok Sophea,012000123,17010701\n2,Chan Vibol,012000124,17010701\n3,Mao Srey,,17010702\n"
    assert place.says("people", place.file("people.csv", text))["written"]


def _sums(place: Place, code: str = "R1") -> dict[str, int | None]:
    def find(tx: Tx) -> dict[str, int | None]:
        known = {person.id: name for name, person in bulk.by_external_ids(tx, ["1", "2", "3"]).items()}
        found = rounds.round_by_code(tx, code)
        assert found is not None
        return {known[each]: amount for each, amount in round_lists.amounts(tx, found.id, list(known)).items()}

    return place.looks(find)  # type: ignore[no-any-return]


def test_a_round_finds_people_by_id_phone_and_name_and_is_corrected(place: Place) -> None:
    _three(place)
    text = "id,phone,name,village,amount\n1,,,,100\n,០១២០០០១២៤,,,200\n,,Mao Srey,Trapeang Run,300\n"
    path = place.file("round.csv", text)
    assert counts(place.says("round", path, *ROUND)) == (3, 0, 0, 0, 0)
    assert _sums(place) == {"1": 100, "2": 200, "3": 300}
    assert counts(place.says("round", path, "--code", "R1")) == (0, 0, 3, 0, 0)
    less = place.file("less.csv", "id,amount\n1,150\n2,\n")
    said = place.says("round", less, "--code", "R1")
    assert (counts(said), said["columns"], said["removed"]) == ((0, 1, 1, 0, 0), {"amount": 1}, 0)
    assert _sums(place) == {"1": 150, "2": 200, "3": 300}
    dry = place.says("round", less, "--code", "R1", "--replace", "--dry-run")
    assert (dry["removed"], _sums(place)["3"]) == (1, 300)
    assert place.says("round", less, "--code", "R1", "--replace")["removed"] == 1
    assert _sums(place) == {"1": 150, "2": 200}


def test_a_round_that_names_nobody_or_several_is_refused(place: Place) -> None:
    _three(place)
    rows = (
        ",,Nobody Here,Thmei",
        ",012999999,,",
        ",,Sok Sophea,",
        "3,,Keo Ratanak,",
        ",,Sok Sopheap,Thmei",
        "2,,,",
        "2,,,",
    )
    text = "".join(f"{row}\n" for row in ("id,phone,name,village", *rows))
    said = place.says("round", place.file("round.csv", text), *ROUND)
    assert {each["row"] for each in said["faults"]} == {2, 3, 4, 8}
    assert {each["row"] for each in said["doubts"]} == {5, 6}
    assert place.looks(lambda tx: rounds.round_by_code(tx, "R1")) is None
    nobody = ("--area", "1701", "--skip-wrong", place.folder / "back.csv")
    said = place.says("round", place.file("nobody.csv", "id\n9\n"), *ROUND, *nobody)
    assert (said["written"], said["kept_out"]) == (False, 1)
    assert "for its whole area" in said["notes"][0]
    assert place.looks(lambda tx: rounds.round_by_code(tx, "R1")) is None


def test_each_area_of_a_round_may_have_its_own_day_and_place(place: Place) -> None:
    _three(place)
    later = SOON + timedelta(days=2)
    text = f"id,date,place\n1,{later:%d/%m/%Y},Wat Thmei\n2,{later},Wat Thmei\n3,,\n"
    said = place.says("round", place.file("round.csv", text.replace("place", "payment place", 1)), *ROUND)
    assert counts(said) == (3, 0, 0, 0, 0)

    def stops(tx: Tx) -> list[tuple[date, str | None]]:
        found = rounds.round_by_code(tx, "R1")
        assert found is not None
        return [(stop.day, stop.place) for stop in round_lists.stops(tx, found.id).values()]

    assert place.looks(stops) == [(later, "Wat Thmei")]
    torn = place.file("torn.csv", f"id,date\n1,{later}\n2,{SOON}\n3,2020-01-01\n")
    said = place.says("round", torn, "--code", "R1")
    assert {each["row"]: each["column"] for each in said["faults"]} == {3: "date", 4: "date"}
    assert place.looks(stops) == [(later, "Wat Thmei")]


def test_a_list_that_changes_a_villages_day_later_tells_whoever_knew_and_the_same_list_changes_nothing(
    place: Place,
) -> None:
    _three(place)
    place.says("round", place.file("round.csv", "id,payment place\n1,Wat Thmei\n2,\n3,\n"), *ROUND)
    place.tell("R1", "1")
    later = SOON + timedelta(days=2)
    moved = place.file("moved.csv", f"id,date\n1,{later}\n2,{later}\n")
    said = place.says("round", moved, "--code", "R1")
    assert (said["changed"], said["columns"]) == (2, {"date": 2})
    assert said["notes"] == ["1 people who were told another day or place are told the new one"]
    again = place.says("round", moved, "--code", "R1")
    assert (counts(again), again["notes"]) == ((0, 0, 2, 0, 0), [])

    def stops(tx: Tx) -> list[tuple[date, str | None]]:
        found = rounds.round_by_code(tx, "R1")
        assert found is not None
        return [(stop.day, stop.place) for stop in round_lists.stops(tx, found.id).values()]

    assert place.looks(stops) == [(later, "Wat Thmei")]


def test_the_last_list_is_taken_again_with_its_sums_or_without(place: Place) -> None:
    _three(place)
    place.says("round", place.file("round.csv", "id,amount\n1,100\n2,200\n"), *ROUND)
    plan = ("--label", "5", "--date", (SOON + timedelta(days=30)).isoformat(), "--place", "x", "--from-last", "R1")
    assert place.says("round", "--code", "R2", *plan)["new"] == 2
    assert _sums(place, "R2") == {"1": 100, "2": 200}
    assert place.says("round", "--code", "R3", *plan, "--without-sums")["new"] == 2
    assert _sums(place, "R3") == {"1": None, "2": None}
    place.says("round", place.file("own.csv", "id,payment place\n1,Wat Thmei\n"), "--code", "R3")
    kept = place.says("round", "--code", "R4", *plan[:-1], "R3")
    assert "1 areas keep the place" in kept["notes"][0]

    def places(tx: Tx) -> list[str | None]:
        found = rounds.round_by_code(tx, "R4")
        assert found is not None
        return [stop.place for stop in round_lists.stops(tx, found.id).values()]

    assert place.looks(places) == ["Wat Thmei"]
    assert place.run("round", "--code", "R2", *plan).exit_code == 1
    assert place.run("round", "--code", "R5").exit_code == 2
