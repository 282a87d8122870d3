"""The simulator's routes: who may be played, what is on a phone, and what may be asked of the page."""

import asyncio
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from console import phone as routes
from console.phone import MAX_BODY, TOKEN_COOKIE, TOKEN_HEADER
from domain.inbound import Channel, Media
from domain.permissions import Permission
from domain.ports import gateways_by_name
from handlers import simulator
from storage.queries import audit
from storage.queries.persons import contacts, people
from storage.queries.staffing import staff
from storage.store import DatabaseAway, Store
from tests.console.site import PhoneSite
from tests.support.world import World, photo

HER = "+855970000001"
HER_ACCOUNT = "sim-855970000001"
COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ ឃុំចារឈូក"
ABUSE = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"
ON_ONE_DATABASE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
"""For what never comes to the database."""


class Browser:
    """What the page does, without a page: it keeps the cookie and sends the token back."""

    def __init__(self, site: PhoneSite) -> None:
        self.site = site
        self.client: FlaskClient = site.app.test_client()
        self.page = self.client.get("/phone/")
        cookie = self.client.get_cookie(TOKEN_COOKIE, path="/phone/")
        assert cookie is not None
        self.token = cookie.value

    def posts(self, path: str, body: Any, headers: dict[str, str] | None = None) -> TestResponse:
        ours = {TOKEN_HEADER: self.token, "Origin": "http://localhost"}
        return self.client.post(f"/phone/api/{path}", json=body, headers=ours if headers is None else headers)

    def sends(self, address: str, kind: str = "text", **values: Any) -> None:
        channel = "sms" if address.startswith("+") else "telegram"
        answer = self.posts("send", {"channel": channel, "address": address, "kind": kind, **values})
        assert answer.status_code == 200, answer.text
        self.site.drain()

    def shows(self, address: str, after: int = 0) -> list[dict[str, Any]]:
        return self.conversation(address, after)["bubbles"]

    def conversation(self, address: str, after: int = 0) -> Any:
        channel = "sms" if address.startswith("+") else "telegram"
        answer = self.client.get(
            "/phone/api/messages", query_string={"channel": channel, "address": address, "after": after}
        )
        assert answer.status_code == 200, answer.text
        return answer.json

    def taps(self, address: str, label: str) -> None:
        """Tap the newest button with this label."""
        for bubble in reversed(self.shows(address)):
            for button in (each for row in bubble["buttons"] for each in row):
                if button["label"] == label:
                    self.sends(address, "tap", reply_to=bubble["id"], data=button["data"])
                    return
        raise AssertionError(f"no button {label!r}")


@pytest.fixture
def site(world: World) -> PhoneSite:
    return PhoneSite(world)


@pytest.fixture
def browser(site: PhoneSite) -> Browser:
    return Browser(site)


def account_of(browser: Browser, name: str) -> str:
    """Play an officer of the cast, and return the Telegram account."""
    answer = browser.posts(f"officers/{browser.site.world.staff[name]}", {})
    assert answer.status_code == 200, answer.text
    return next(line["address"] for line in answer.json["lines"] if line["channel"] == "telegram")


def texts(bubbles: list[dict[str, Any]]) -> list[str]:
    return [each["text"] for each in bubbles]


def part_from_telegram(world: World, name: str) -> int:
    """Take an officer's account away, and return the officer's number."""
    staff_id = world.staff[name]
    with world.store.transaction() as tx:
        for each in contacts.of_staff(tx, staff_id):
            contacts.change(tx, each.id, staff_id=None)
    return staff_id


@ON_ONE_DATABASE
def test_every_route_names_its_permission(site: PhoneSite) -> None:
    views = {name: view for name, view in site.app.view_functions.items() if name != "static"}
    assert {getattr(view, "permission", None) for view in views.values()} == {Permission.PUBLIC}
    assert len(views) == 6


@ON_ONE_DATABASE
def test_the_page_runs_nothing_that_is_not_its_own(browser: Browser) -> None:
    policy = browser.page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert browser.page.headers["X-Frame-Options"] == "DENY"
    assert browser.page.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|https?://", browser.page.text)
    assert all(flag in browser.page.headers["Set-Cookie"] for flag in ("HttpOnly", "SameSite=Strict", "Path=/phone/"))


@ON_ONE_DATABASE
def test_every_file_that_the_page_names_is_served_and_no_other(browser: Browser) -> None:
    asked = set(re.findall(r'"static/([^"]+)"', browser.page.text))
    for name in routes._FILES:
        answer = browser.client.get(f"/phone/static/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if name.endswith(".js"):
            asked |= set(re.findall(r'"(?:\./|static/)([^"]+)"', answer.text))
        answer.close()
    assert asked == routes._FILES
    assert browser.client.get("/phone/static/other.css").status_code == 404
    assert browser.client.get("/phone/static/..%2Fphone.py").status_code == 404


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Origin": "http://localhost", TOKEN_HEADER: "x" * 32},
        {"Origin": "http://elsewhere", TOKEN_HEADER: "the token"},
        {"Origin": "http://localhost", TOKEN_HEADER: "the token", "Sec-Fetch-Site": "cross-site"},
        {TOKEN_HEADER: "the token"},
    ],
)
def test_only_the_page_itself_changes_anything(browser: Browser, headers: dict[str, str]) -> None:
    headers = {name: browser.token if value == "the token" else value for name, value in headers.items()}
    body = {"channel": "sms", "address": HER, "kind": "text", "text": COMPLAINT}
    assert browser.posts("send", body, headers).status_code == 403
    assert browser.posts(f"officers/{browser.site.world.staff['chief']}", {}, headers).status_code == 403
    assert browser.shows(HER) == []


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("channel", {"channel": "fax"}),
        ("channel", {"channel": None}),
        ("address", {"address": "12"}),
        ("address", {"address": 12}),
        ("address", {"address": "+0123456789"}),
        ("address", {"channel": "telegram", "address": "sim-7"}),
        ("address", {"channel": "telegram", "address": "77001"}),
        ("kind", {"kind": "fax"}),
        ("kind", {"kind": "photo"}),
        ("kind", {"kind": "contact"}),
        ("kind", {"kind": "tap", "reply_to": 1, "data": "c:take:1"}),
        ("text", {"text": " "}),
        ("text", {"text": None}),
        ("text", {"text": "a\0b"}),
        ("text", {"text": "\ud800"}),
        ("text", {"text": "x" * 4097}),
        ("reply_to", {"reply_to": "1"}),
        ("reply_to", {"reply_to": True}),
        ("reply_to", {"reply_to": 1}),
        ("reply_to", {"channel": "telegram", "address": HER_ACCOUNT, "reply_to": 999}),
        ("reply_to", {"channel": "telegram", "address": HER_ACCOUNT, "kind": "tap", "data": "c:take:1"}),
    ],
)
def test_what_cannot_be_sent_is_refused_by_the_name_of_the_field(
    browser: Browser, field: str, wrong: dict[str, Any]
) -> None:
    body = {"channel": "sms", "address": HER, "kind": "text", "text": COMPLAINT}
    answer = browser.posts("send", body | wrong)
    assert (answer.status_code, answer.json["field"]) == (400, field)
    assert answer.json["error"]


@ON_ONE_DATABASE
def test_what_is_no_message_at_all_is_refused(browser: Browser) -> None:
    assert browser.posts("send", ["what"]).json == {"field": "body", "error": "a JSON object"}
    assert browser.posts("send", {"text": "x" * MAX_BODY}).status_code == 413
    assert browser.posts("officers/999", {}).json["field"] == "staff_id"
    answer = browser.client.get("/phone/api/messages?channel=sms&address=%2B85512345678&after=-1")
    assert (answer.status_code, answer.json["field"]) == (400, "after")
    assert browser.client.get("/phone/api/messages").json["field"] == "channel"


def test_a_text_takes_the_road_of_every_message(browser: Browser) -> None:
    answer = browser.posts("send", {"channel": "sms", "address": HER, "kind": "text", "text": COMPLAINT})
    hers, *waiting = browser.shows(HER)
    assert (hers["direction"], hers["text"], hers["segments"]) == ("in", COMPLAINT, 1)
    assert hers["ref"] == answer.json["ref"]
    assert hers["at"] == "2026-03-03T10:00+07:00"
    assert [(each["waiting"], each["text"]) for each in waiting] == [(True, "")] * 2
    browser.site.drain()
    _, receipt, notice = browser.shows(HER)
    assert "LP-" in receipt["text"]
    assert (receipt["state"], receipt["waiting"], receipt["segments"]) == ("accepted", False, 1)
    assert notice["segments"] == 2
    assert browser.shows(HER, after=receipt["id"]) == [notice]


def test_a_long_conversation_comes_in_pages(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sends(HER, text=COMPLAINT)
    every = browser.shows(HER)
    monkeypatch.setattr(simulator, "SHOWN_AT_ONCE", 2)
    first = browser.conversation(HER)
    second = browser.conversation(HER, first["bubbles"][-1]["id"])
    assert (first["more"], second["more"]) == (True, False)
    assert first["bubbles"] + second["bubbles"] == every


def test_people_of_the_project_and_new_numbers_can_be_played(browser: Browser) -> None:
    world = browser.site.world
    with world.store.transaction() as tx:
        person = people.create(tx, world.now, language="km", area_id=world.areas["170101"])
        contact = contacts.lock(tx, Channel.SMS, "+85512345678", now=world.now)
        contacts.change(tx, contact.id, person_id=person)
    cast = browser.client.get("/phone/api/people").json
    assert cast["channels"] == ["sms", "telegram"]
    known, new = cast["handsets"]
    assert (known["number"], known["area"]["km"], known["language"], known["new"]) == (
        "+85512345678",
        "ចារឈូក",
        "km",
        False,
    )
    assert (new["number"], new["account"], new["new"]) == (HER, HER_ACCOUNT, True)
    chief = next(each for each in cast["officers"] if each["name"] == "chief")
    assert chief["asked_area"]["en"] == "Srae Khvav"
    assert chief["levels"][0]["km"] == "ថ្នាក់ឃុំ"
    browser.sends(HER_ACCOUNT, text="/start")
    used, new = [each for each in browser.client.get("/phone/api/people").json["handsets"] if each["number"] >= HER][
        -2:
    ]
    assert [(each["number"], each["new"]) for each in (used, new)] == [(HER, False), ("+855970000002", True)]


def test_an_officer_without_an_account_gets_one_and_then_notices(browser: Browser) -> None:
    world = browser.site.world
    staff_id = part_from_telegram(world, "neighbour")
    with world.store.reading() as tx:
        before = audit.entries(tx)
    account = account_of(browser, "neighbour")
    assert account == account_of(browser, "neighbour") == f"sim-{staff_id}"
    with world.store.reading() as tx:
        assert audit.entries(tx) == before + 1
    browser.sends(HER, text=COMPLAINT)
    (notice,) = browser.shows(account)
    assert COMPLAINT not in notice["text"]
    assert [each["label"] for row in notice["buttons"] for each in row] == ["អាន", "ខ្ញុំទទួលធ្វើ", "រួច"]
    assert browser.conversation(HER)["with_staff"] == [staff_id]


def test_an_account_is_tied_to_an_officer_by_invitation_and_shared_number(browser: Browser) -> None:
    world = browser.site.world
    staff_id = part_from_telegram(world, "facilitator")
    with world.store.transaction() as tx:
        staff.invite(tx, staff_id, code="CODE", now=world.now, expires_at=world.now.replace(year=2027))
        number = staff.phone_of(tx, staff_id)
    account = f"sim-{str(number).removeprefix('+')}"
    browser.sends(account, text="/start CODE")
    (asked,) = browser.shows(account)
    assert asked["asks_contact"]
    browser.sends(account, "contact")
    assert "facilitator" in browser.shows(account)[-1]["text"]


def test_words_open_on_a_tap_and_go_from_the_phone_after_ten_minutes(browser: Browser) -> None:
    account = account_of(browser, "neighbour")
    browser.sends(HER, text=COMPLAINT)
    browser.taps(account, "អាន")
    assert COMPLAINT in browser.shows(account)[-1]["text"]
    browser.site.pass_time(minutes=10)
    browser.site.drain()
    assert not any(COMPLAINT in text for text in texts(browser.shows(account)))
    assert len(browser.shows(account)) == 1


def test_an_answer_to_a_notice_is_shown_back_held_and_then_sent(browser: Browser) -> None:
    account = account_of(browser, "neighbour")
    browser.sends(HER, text=COMPLAINT)
    browser.sends(account, text="បើកប្រាក់ថ្ងៃសុក្រ", reply_to=browser.shows(account)[-1]["id"])
    browser.taps(account, "ផ្ញើ")
    assert browser.shows(HER)[-1]["waiting"]
    browser.site.pass_time(seconds=60)
    browser.site.drain()
    assert "បើកប្រាក់ថ្ងៃសុក្រ" in browser.shows(HER)[-1]["text"]


def test_only_buttons_that_are_on_the_phone_can_be_tapped(browser: Browser) -> None:
    account = account_of(browser, "neighbour")
    browser.sends(HER, text=COMPLAINT)
    bubble = browser.shows(account)[-1]["id"]
    tap = {"channel": "telegram", "address": account, "kind": "tap", "reply_to": bubble, "data": "c:release:1"}
    assert browser.posts("send", tap).json["field"] == "data"
    other = tap | {"address": account_of(browser, "chief"), "data": "c:take:1"}
    assert browser.posts("send", other).json["field"] == "reply_to"


def test_what_tells_of_abuse_is_on_her_phone_only(browser: Browser) -> None:
    accounts = [account_of(browser, name) for name in browser.site.world.staff]
    browser.sends(HER, text=ABUSE)
    conversation = browser.conversation(HER)
    assert conversation["bubbles"][0]["text"] == ABUSE
    assert conversation["with_staff"] == []
    assert not any(ABUSE in text for account in accounts for text in texts(browser.shows(account)))


def test_words_that_an_officer_opened_are_gone_as_soon_as_the_case_is_sensitive(browser: Browser) -> None:
    account = account_of(browser, "neighbour")
    browser.sends(HER, text=COMPLAINT)
    browser.taps(account, "អាន")
    sent = {"channel": "telegram", "address": account, "kind": "text", "text": "/sensitive 1"}
    assert browser.posts("send", sent).status_code == 200
    assert not any(COMPLAINT in text for text in texts(browser.shows(account)))
    browser.site.drain()
    assert not any(COMPLAINT in text for text in texts(browser.shows(account)))


def test_a_photo_is_shown_where_it_was_sent_from(browser: Browser) -> None:
    browser.sends(HER_ACCOUNT, "photo")
    assert [each["kind"] for each in browser.shows(HER_ACCOUNT)][:2] == ["photo", "text"]


def test_a_shared_number_is_shown_as_one(browser: Browser) -> None:
    browser.sends(HER_ACCOUNT, "contact")
    assert [each["kind"] for each in browser.shows(HER_ACCOUNT)] == ["contact", "text"]


def test_phones_of_real_gateways_are_neither_played_nor_read(world: World) -> None:
    her = world.phone("+85512345678")
    her.writes(COMPLAINT)
    site = PhoneSite(world)
    browser = Browser(site)
    assert browser.shows(her.address) == []
    site.context.gateways = {**world.context.gateways, **site.context.gateways}
    assert browser.client.get("/phone/api/people").json["channels"] == []
    asked = {"channel": "sms", "address": her.address}
    assert browser.client.get("/phone/api/messages", query_string=asked).json["field"] == "channel"
    site.context.gateways = {**gateways_by_name(simulator.GATEWAYS), **world.context.gateways}
    assert browser.client.get("/phone/api/messages", query_string=asked).json["field"] == "address"
    assert browser.posts("send", {**asked, "kind": "text", "text": "STOP"}).json["field"] == "address"
    assert her.address not in [each["number"] for each in browser.client.get("/phone/api/people").json["handsets"]]
    officer = world.officer("chief")
    officer.writes("/cases")
    assert browser.posts(f"officers/{world.staff['chief']}", {}).json["field"] == "staff_id"


def test_without_the_database_the_page_is_told_to_try_again(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "reading", away)
    answer = browser.client.get("/phone/api/people")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def away(*_: object) -> None:
    raise DatabaseAway("OperationalError")


def test_a_deletion_waits_for_the_database(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    account = account_of(browser, "neighbour")
    browser.sends(HER, text=COMPLAINT)
    browser.taps(account, "អាន")
    browser.site.world.now = browser.site.world.now.replace(minute=30)
    monkeypatch.setattr(simulator, "deleted", away)
    browser.site.drain()
    assert COMPLAINT in browser.shows(account)[-1]["text"]
    monkeypatch.undo()
    browser.site.pass_time(minutes=30)
    browser.site.drain()
    assert not any(COMPLAINT in text for text in texts(browser.shows(account)))


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("media", "limit", "there"),
    [(simulator.SAMPLE_PHOTO, 5_000_000, True), (simulator.SAMPLE_PHOTO, 10, False), (photo()[0], 5_000_000, False)],
)
def test_the_sample_photo_can_be_fetched_and_nothing_else(
    site: PhoneSite, media: Media, limit: int, there: bool
) -> None:
    data = asyncio.run(site.senders[1].fetch(media, limit))
    assert (data is not None) is there
    assert data is None or data.startswith(b"\x89PNG")
