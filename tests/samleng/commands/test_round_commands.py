"""Rounds, meetings, conditions and calendars as they are typed, and the calendar as a program fetches it."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import icalendar
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from domain.reading import Language
from domain.settings import Level
from handlers.staffing import leaving, register
from samleng import config
from samleng.cli import main
from samleng.setup import Answers, set_up
from samleng.web import create_app
from samleng.wiring import Installation, build
from storage.queries import areas
from storage.queries.persons import people
from storage.queries.programme import round_lists, rounds
from storage.queries.programme.round_lists import Stop
from tests.support.world import START

DAY = date(2099, 3, 12)
"""Commands read the clock: nothing here may be past."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    set_up(tmp_path / "config.toml", Answers(sms="phone"), START)
    return tmp_path / "config.toml"


@pytest.fixture
def opened(path: Path) -> Iterator[Installation]:
    made = build(config.load(path, {}))
    with made.store.transaction() as tx:
        known: dict[str, areas.AreaRecord] = {}
        for code, level, parent in (("17", "province", ""), ("1701", "district", "17"), ("170107", "commune", "1701"),
                                    ("170101", "commune", "1701"), ("18", "province", "")):  # fmt: skip
            known[code] = areas.add(tx, code=code, level=level, parent=known.get(parent), names={"km": f"ក{code}"})
        person = people.create(tx, START, external_id="H1", name="Sok", area_id=known["170107"].id)
        number = rounds.add_round(tx, START, code="r3", label="3", day=DAY, place="hall", area_id=known["1701"].id)
        rounds.add_recipients(tx, number, [(person, 80_000)])
        round_lists.put_stop(tx, number, Stop(known["170101"].id, DAY + timedelta(days=2), "pagoda", None))
        far = rounds.add_round(tx, START, code="far", label="4", day=DAY, place="far", area_id=known["18"].id)
        rounds.change_round(tx, far, state="cancelled")
    yield made
    made.close()


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(path), *words])


def good(path: Path, *words: str) -> str:
    done = run(path, *words)
    assert done.exit_code == 0, done.output
    return done.output


def officer(opened: Installation, level: Level, area: str | None, phone: str) -> int:
    return register.add_staff(opened.context, name="Dara", level=level, area_code=area, phone=phone,
                              language=Language.KM, now=START)  # fmt: skip


def test_a_round_from_the_command_line(path: Path, opened: Installation) -> None:
    shown = json.loads(good(path, "round", "show", "r3", "--json"))
    assert shown["total"]["people"] == 1
    assert [each["area"] for each in shown["parts"]] == [None, "170101"]
    assert "not at all" in good(path, "round", "show", "r3")
    assert "Moved. 0 people" in good(path, "round", "move", "r3", "--date", "2099-03-20", "--area", "170107")
    assert {each["area"]: each["day"] for each in json.loads(good(path, "round", "show", "r3", "--json"))["parts"]} == {
        None: "2099-03-12", "170101": "2099-03-14", "170107": "2099-03-20",
    }  # fmt: skip
    assert "Moved. 0 people" in good(path, "round", "move", "r3", "--place", "school", "--agent", "Wing")
    places = {each["area"]: each["place"] for each in json.loads(good(path, "round", "show", "r3", "--json"))["parts"]}
    assert places == {None: "school", "170101": "pagoda", "170107": "school"}
    for words, fault in (
        (("move", "r3"), "say another day, place or agent"),
        (("paid", "r3", "--undo"), "not marked as paid"),
        (("paid", "r3", "--undo", "--date", "2099-01-01"), "leave out --date"),
        (("show", "r9"), "there is no round r9"),
        (("paid", "r3"), "still to come"),
        (("paid", "r3", "--date", "soon"), "'soon' is no day"),
        (("move", "far", "--date", "2099-05-01"), "the round far is cancelled"),
        (("move", "r3", "--date", "2099-05-01", "--area", "99"), "no area with the code 99"),
    ):
        refused = run(path, "round", *words)
        assert refused.exit_code == 2
        assert fault in refused.output
    assert "Cancelled" in good(path, "round", "cancel", "r3")


def test_meetings_that_come_again_from_the_command_line(path: Path, opened: Installation) -> None:
    common = ("--title", "Savings", "--time", "09:00", "--place", "pagoda", "--area", "1701")
    assert "Added, with" in good(path, "meeting", "add", "--code", "sg", "--every", "every Friday", *common)
    rows = json.loads(good(path, "meeting", "list", "--json"))
    assert 7 <= len(rows) <= 9
    assert "every friday; moved" in good(path, "meeting", "series")
    assert "Moved" in good(path, "meeting", "move", rows[0]["code"], "--date", "2099-01-05", "--time", "10:30")
    assert "Moved" in good(path, "meeting", "move", rows[0]["code"], "--place", "school")
    assert run(path, "meeting", "move", rows[0]["code"]).exit_code == 2
    assert "Cancelled" in good(path, "meeting", "cancel", rows[1]["code"])
    assert "Ended" in good(path, "meeting", "end", "sg")
    assert {each["state"] for each in json.loads(good(path, "meeting", "list", "--json"))} == {"cancelled"}
    wrong = run(path, "meeting", "add", "--code", "x", *common)
    assert wrong.exit_code == 2
    assert "--every" in wrong.output
    assert run(path, "meeting", "add", "--code", "x", "--every", "sometimes", *common).exit_code == 2


def test_conditions_from_the_command_line(path: Path, opened: Installation, tmp_path: Path) -> None:
    words = ("--date", "2099-03-12", "--km", "យកកូនទៅថ្លឹង", "--en", "have your child weighed")
    good(path, "condition", "add", "--code", "gm", *words)
    listing = tmp_path / "people.csv"
    listing.write_text("﻿id,name\nH1,Sok\n", encoding="utf-8")
    assert "1 people are new" in good(path, "condition", "import", "gm", str(listing))
    assert "0 people are new" in good(path, "condition", "import", "gm", str(listing))
    assert "0 of 1" in good(path, "condition", "list")
    assert "1 people met it" in good(path, "condition", "met", "gm", "--file", str(listing))
    assert json.loads(good(path, "condition", "list", "--json"))[0]["met"] == 1
    listing.write_text("លេខសម្គាល់,ឈ្មោះ\nH1,Sok\n", encoding="utf-8")
    assert "0 people are new" in good(path, "condition", "import", "gm", str(listing))
    assert "Moved. 0 people" in good(path, "condition", "move", "gm", "--date", "2099-04-12")
    listing.write_text("name\nSok\n", encoding="utf-8")
    assert "no column id" in run(path, "condition", "import", "gm", str(listing)).output
    assert run(path, "condition", "met", "gm").exit_code == 2
    good(path, "condition", "cancel", "gm")
    assert run(path, "condition", "cancel", "gm").exit_code == 2


def client_of(opened: Installation, now: datetime) -> FlaskClient:
    return create_app(opened, lambda: now).test_client()


def test_a_calendar_shows_his_areas_and_nobody_by_name(path: Path, opened: Installation) -> None:
    chief = officer(opened, Level.COMMUNE, "170107", "012345678")
    good(path, "meeting", "add", "--code", "m1", "--title", "Savings", "--date", "2099-03-11", "--time", "09:00",
         "--place", "pagoda", "--area", "1701")  # fmt: skip
    url = json.loads(good(path, "calendar", "link", str(chief), "--json"))["url"]
    client = client_of(opened, opened.context.calendar.at(DAY - timedelta(days=5), time(9)))
    route = "/calendar/" + url.rpartition("/calendar/")[2]
    answer = client.get(route)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert b"Sok" not in answer.data
    found = icalendar.Calendar.from_ical(answer.data)
    (zone,) = found.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Asia/Phnom_Penh"
    events = {str(each["uid"]): each for each in found.walk("VEVENT")}
    assert set(events) == {"round-1-0@lp.samleng", "meeting-1@lp.samleng"}
    assert events["round-1-0@lp.samleng"].decoded("dtstart") == DAY
    meeting = events["meeting-1@lp.samleng"].decoded("dtstart")
    assert meeting.isoformat() == "2099-03-11T09:00:00+07:00"
    again = client.get(route, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"{route}?area=170101").status_code == 404
    good(path, "round", "cancel", "r3")
    changed = icalendar.Calendar.from_ical(client.get(route).data)
    assert {str(each["uid"]): str(each["status"]) for each in changed.walk("VEVENT")} == {
        "round-1-0@lp.samleng": "CANCELLED", "meeting-1@lp.samleng": "CONFIRMED",
    }  # fmt: skip


def test_the_district_sees_each_stop_and_may_ask_for_one_area(path: Path, opened: Installation) -> None:
    district = officer(opened, Level.DISTRICT, "1701", "012345679")
    client = client_of(opened, opened.context.calendar.at(DAY, time(9)))
    route = "/calendar/" + good(path, "calendar", "link", str(district)).strip().rpartition("/calendar/")[2]
    data = client.get(route).data.decode()
    assert data.count("BEGIN:VEVENT") == 2
    assert "LOCATION:pagoda" in data
    one = client.get(f"{route}?area=170101").data.decode()
    assert one.count("BEGIN:VEVENT") == 1
    assert "LOCATION:pagoda" in one
    assert client.get(f"{route}?area=18").status_code == 404


def test_a_calendar_is_shut_to_all_others(path: Path, opened: Installation) -> None:
    officer(opened, Level.COMMUNE, "170101", "012345677")
    chief = officer(opened, Level.COMMUNE, "170107", "012345678")
    client = client_of(opened, START)
    url = good(path, "calendar", "link", str(chief)).strip()
    route = "/calendar/" + url.rpartition("/calendar/")[2]
    secret = route.rpartition("-")[2]
    assert client.get(route).status_code == 200
    for wrong in (f"{chief - 1}-{secret}", f"99-{secret}", secret, f"{chief}-", f"{chief}-{'0' * 40}.ics", "x-ñ.ics"):
        assert client.get(f"/calendar/{wrong.removesuffix('.ics')}.ics").status_code == 404
    renewed = good(path, "calendar", "link", str(chief), "--renew").strip()
    assert renewed != url
    assert good(path, "calendar", "link", str(chief)).strip() == renewed
    assert client.get(route).status_code == 404
    assert client.get("/calendar/" + renewed.rpartition("/calendar/")[2]).status_code == 200
    leaving.deactivate(opened.context, chief, START)
    assert client.get("/calendar/" + renewed.rpartition("/calendar/")[2]).status_code == 404
    assert run(path, "calendar", "link", "4711").exit_code == 2
