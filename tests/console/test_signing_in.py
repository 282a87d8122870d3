"""Coming in to the console: link, password, one-time code; guessing, sessions, forms of others, and what pages carry."""

import re
import time

import pytest

from handlers.console import accounts
from handlers.console.accounts import AccountFault
from storage.queries import audit
from tests.console.staff_site import PASSWORD, StaffSite, Visitor, text_of
from tests.support.world import World


@pytest.fixture
def site(world: World) -> StaffSite:
    return StaffSite(world)


def entries(world: World, type_: str) -> list[audit.Event]:
    from sqlalchemy import select

    from storage.tables import AuditEntry
    from storage.tables.base import table_of

    table = table_of(AuditEntry)
    with world.store.reading() as tx:
        rows = tx.execute(select(*table.c).where(table.c.type == type_).order_by(table.c.id))
        return [audit.Event(row.id, row.at, row.type, row.actor, row.actor_id, row.data) for row in rows]


def cookie(visitor: Visitor, name: str = "samleng_console") -> str:
    found = visitor.client.get_cookie(name, path="/console/")
    return found.value if found else ""


def test_first_sign_in_sets_up_both_factors_and_shows_ten_codes_once(site: StaffSite) -> None:
    desk = site.visitor("desk")
    assert len(desk.recovery) == len(set(desk.recovery)) == 10
    assert "ការិយាល័យគម្រោង" in desk.reads("desk")
    assert desk.recovery[0] not in desk.reads("sessions")
    assert desk.opens("set-up/qr.svg").status_code == 404
    assert [each.actor_id for each in entries(site.world, "console.signed_in")] == [site.world.staff["desk"]]


def test_a_link_works_once_and_for_two_days(site: StaffSite) -> None:
    world, staff_id = site.world, site.world.staff["desk"]
    late = accounts.invite(world.context, staff_id, username=None, now=world.now).token
    site.pass_time(hours=49)
    assert site.app.test_client().get(f"/console/password/{late}").status_code == 404
    first = accounts.invite(world.context, staff_id, username=None, now=world.now).token
    second = accounts.invite(world.context, staff_id, username=None, now=world.now).token
    assert accounts.username_of(world.context, first, world.now) is None
    assert accounts.set_password(world.context, second, PASSWORD, world.now)
    assert not accounts.set_password(world.context, second, "another long one", world.now)
    assert site.app.test_client().get(f"/console/password/{second}").status_code == 404


def test_only_those_with_pages_are_invited(site: StaffSite) -> None:
    with pytest.raises(AccountFault):
        accounts.invite(site.world.context, site.world.staff["chief"], username=None, now=site.world.now)


@pytest.mark.parametrize("weak", ["short", "x" * 30, "desk-something" * 20])
def test_a_weak_password_is_refused(site: StaffSite, weak: str) -> None:
    token = accounts.invite(site.world.context, site.world.staff["desk"], username=None, now=site.world.now).token
    with pytest.raises(AccountFault):
        accounts.set_password(site.world.context, token, weak, site.world.now)


def test_a_code_works_once(site: StaffSite) -> None:
    desk = site.visitor("desk")
    used = desk.code()
    assert desk.comes_again(used).status_code == 403, "the code that set it up must not come in again"
    site.pass_time(seconds=60)
    assert desk.comes_again().status_code == 200
    other = Visitor(site, "desk")
    other.username, other.secret = desk.username, desk.secret
    assert other.comes_again().status_code == 403


def test_a_recovery_code_works_once_and_in_any_case(site: StaffSite) -> None:
    desk = site.visitor("desk")
    assert desk.comes_again(f" {desk.recovery[3].upper()} ").status_code == 200
    assert desk.comes_again(desk.recovery[3]).status_code == 403
    assert len(entries(site.world, "console.recovery_used")) == 1


def test_khmer_digits_are_digits(site: StaffSite) -> None:
    desk = site.visitor("desk")
    site.pass_time(seconds=60)
    typed = desk.code().translate({ord("0") + n: chr(0x17E0 + n) for n in range(10)})
    assert desk.comes_again(typed).status_code == 200


def test_the_password_alone_opens_nothing(site: StaffSite) -> None:
    desk = site.visitor("desk")
    half = Visitor(site, "desk")
    half.username = desk.username
    half.gives_password()
    for path in ("", "desk", "sessions", "sensitive", "set-up"):
        assert "លេខកូដប្រើម្ដង" in half.reads(path) or "ឈ្មោះអ្នកប្រើ" in half.reads(path), path


def test_whoever_guesses_elsewhere_cannot_keep_her_out(site: StaffSite) -> None:
    desk = site.visitor("desk")
    guesser = Visitor(site, "desk")
    guesser.username = desk.username
    for _ in range(8):
        guesser.gives_password("wrong password")
        site.pass_time(minutes=16)
    assert guesser.gives_password("wrong password").status_code == 403
    assert guesser.gives_password().status_code == 403, "a strange device has to wait"
    assert desk.comes_again().status_code == 200, "her own has not"
    stolen = cookie(desk, "samleng_device")
    guesser.client.set_cookie("samleng_device", stolen[::-1], path="/console/")
    assert guesser.gives_password().status_code == 403, "an invented mark is none"
    for _ in range(3):
        assert desk.gives_password("wrong password").status_code == 403
    assert desk.gives_password().status_code == 403, "her device is limited too"


def test_guessing_waits_longer_and_longer_and_is_noted(site: StaffSite) -> None:
    desk = site.visitor("desk")
    guesser = Visitor(site, "desk")
    guesser.username = desk.username
    for _ in range(3):
        assert guesser.gives_password("wrong password").status_code == 403
    assert guesser.gives_password().status_code == 403, "the right one too has to wait"
    site.pass_time(seconds=31)
    assert guesser.gives_password("wrong again").status_code == 403
    site.pass_time(seconds=31)
    assert guesser.gives_password().status_code == 403, "the wait has grown"
    site.pass_time(seconds=31)
    assert guesser.gives_password().status_code == 200
    assert {each.data["staff"] for each in entries(site.world, "console.locked")} == {site.world.staff["desk"]}


def test_guessing_codes_is_limited_too(site: StaffSite) -> None:
    desk = site.visitor("desk")
    site.pass_time(seconds=60)
    desk.gives_password()
    for _ in range(3):
        assert desk.sends("second-factor", page="second-factor", code="000000").status_code == 403
    assert desk.sends("second-factor", page="second-factor", code=desk.code()).status_code == 403
    site.pass_time(seconds=31)
    assert desk.sends("second-factor", page="second-factor", code=desk.code()).status_code == 200


def test_one_address_cannot_try_many_names(site: StaffSite) -> None:
    desk = site.visitor("desk")
    guesser = Visitor(site, "desk")
    guesser.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    for number in range(20):
        guesser.gives_password("wrong password", f"somebody{number}")
    guesser.username = desk.username
    assert guesser.gives_password().status_code == 403


def test_an_unknown_name_is_answered_alike_and_as_slowly(site: StaffSite) -> None:
    desk = site.visitor("desk")
    answers, times = [], {desk.username: [], "nobody-at-all": []}
    for _ in range(3):
        for username, taken in times.items():
            visitor = Visitor(site, "desk")
            form = visitor.client.get("/console/sign-in")
            assert form.status_code == 200
            began = time.perf_counter()
            answer = visitor.gives_password("wrong password", username)
            taken.append(time.perf_counter() - began)
            answers.append((answer.status_code, re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))))
    assert len(set(answers)) == 1
    known, unknown = min(times[desk.username]), min(times["nobody-at-all"])
    assert 0.4 < known / unknown < 2.5


def test_sessions_end_by_rest_and_by_age(site: StaffSite) -> None:
    desk = site.visitor("desk")
    site.pass_time(minutes=29)
    assert desk.client.get("/console/desk").status_code == 200
    site.pass_time(minutes=31)
    assert desk.client.get("/console/desk").status_code == 303
    desk.comes_again()
    for _ in range(12 * 3):
        site.pass_time(minutes=20)
        desk.client.get("/console/desk")
    assert desk.client.get("/console/desk").status_code == 303


def test_a_session_that_was_there_before_is_not_taken_up(site: StaffSite) -> None:
    victim = Visitor(site, "desk")
    victim.client.set_cookie("samleng_console", "chosen-by-somebody-else", path="/console/")
    victim.comes_in()
    assert cookie(victim) not in ("", "chosen-by-somebody-else")
    attacker = site.app.test_client()
    attacker.set_cookie("samleng_console", "chosen-by-somebody-else", path="/console/")
    assert attacker.get("/console/desk").status_code == 303


def test_the_token_changes_between_password_and_code(site: StaffSite) -> None:
    desk = site.visitor("desk")
    site.pass_time(seconds=60)
    desk.gives_password()
    half = cookie(desk)
    desk.sends("second-factor", page="second-factor", code=desk.code())
    assert cookie(desk) != half
    thief = site.app.test_client()
    thief.set_cookie("samleng_console", half, path="/console/")
    assert thief.get("/console/desk").status_code == 303


def test_signing_out_ends_the_session_itself(site: StaffSite) -> None:
    desk = site.visitor("desk")
    token = cookie(desk)
    assert "ចាកចេញហើយ" in text_of(desk.sends("sign-out", page="desk"))
    thief = site.app.test_client()
    thief.set_cookie("samleng_console", token, path="/console/")
    assert thief.get("/console/desk").status_code == 303
    assert len(entries(site.world, "console.signed_out")) == 1


def test_other_sessions_can_be_ended(site: StaffSite) -> None:
    desk = site.visitor("desk")
    other = Visitor(site, "desk")
    other.username, other.secret = desk.username, desk.secret
    site.pass_time(seconds=60)
    other.comes_again()
    assert site.sessions("desk") == 2
    desk.sends("sessions", page="sessions")
    assert site.sessions("desk") == 1
    assert other.client.get("/console/desk").status_code == 303
    assert desk.client.get("/console/desk").status_code == 200


def test_paper_codes_are_made_anew_with_a_code_and_the_old_ones_end(site: StaffSite) -> None:
    desk = site.visitor("desk")
    old = desk.recovery
    assert "10" in desk.reads("sessions")
    assert desk.sends("recovery", page="sessions", code="000000").status_code == 403
    site.pass_time(seconds=60)
    answer = desk.sends("recovery", page="sessions", code=desk.code())
    new = re.findall(r"<li><code>([^<]+)</code>", answer.get_data(as_text=True))
    assert len(new) == 10
    assert not set(old) & set(new)
    assert len(entries(site.world, "console.recovery_renewed")) == 1
    site.pass_time(minutes=20)
    desk.sends("sign-out", page="desk")
    assert desk.comes_again(old[0]).status_code == 403
    assert desk.comes_again(new[0]).status_code == 200


def test_a_new_password_ends_every_session(site: StaffSite) -> None:
    desk = site.visitor("desk")
    wrong = desk.sends("my-password", page="my-password", **_passwords("not my password"))
    assert wrong.status_code == 422
    site.pass_time(seconds=60)
    desk.sends("my-password", page="my-password", **_passwords(PASSWORD))
    assert site.sessions("desk") == 0
    assert desk.gives_password().status_code == 403
    assert desk.gives_password("four quiet buffaloes").status_code == 200


def _passwords(old: str) -> dict[str, str]:
    return {"old": old, "password": "four quiet buffaloes", "again": "four quiet buffaloes"}


def test_a_reset_ends_password_codes_and_sessions(site: StaffSite) -> None:
    desk = site.visitor("desk")
    accounts.invite(site.world.context, site.world.staff["desk"], username=None, now=site.world.now, again=True)
    assert desk.client.get("/console/desk").status_code == 303
    assert desk.gives_password().status_code == 403
    desk.comes_in()
    assert desk.reads("desk")


def test_who_leaves_the_staff_is_out_at_once(site: StaffSite) -> None:
    desk = site.visitor("desk")
    site.deactivates("desk")
    assert desk.client.get("/console/desk").status_code == 303
    assert desk.gives_password().status_code == 403


def test_a_form_without_its_token_is_refused(site: StaffSite) -> None:
    desk = site.visitor("desk")
    for path in ("sessions", "sign-out", "desk/cases/LP-0000-00/hand-over", "sign-in", "my-password"):
        assert desk.client.post(f"/console/{path}", data={"form": "f" * 20}).status_code == 400, path
    assert desk.client.get("/console/desk").status_code == 200


def test_a_form_of_another_site_is_refused(site: StaffSite) -> None:
    from tests.console.staff_site import form_of

    desk = site.visitor("desk")
    form = form_of(desk.opens("sessions").get_data(as_text=True), "/console/sessions")
    answer = desk.client.post("/console/sessions", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400


def test_a_token_of_somebody_else_is_refused(site: StaffSite) -> None:
    from tests.console.staff_site import form_of

    desk, focal = site.visitor("desk"), site.visitor("focal one")
    form = form_of(focal.opens("sessions").get_data(as_text=True), "/console/sessions")
    assert desk.client.post("/console/sessions", data=form).status_code == 400


def test_every_page_lets_nothing_foreign_in_and_is_not_kept(site: StaffSite) -> None:
    desk = site.visitor("desk")
    for path in ("sign-in", "desk", "sessions", "nowhere"):
        answer = desk.client.get(f"/console/{path}")
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), path
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        page = answer.get_data(as_text=True)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://", page), path
    for name in ("bootstrap.css", "console.css", "slip.css", "console.svg"):
        with desk.client.get(f"/console/static/{name}") as file:
            assert file.status_code == 200
    assert desk.client.get("/console/static/phone.js").status_code == 404


def test_cookies_are_for_no_script_and_no_other_site(world: World) -> None:
    from flask import Flask

    from console.staff import add_pages

    site = StaffSite(world)
    site.app = Flask("https", static_folder=None)
    add_pages(site.app, world.context, site.clock, https=True)
    token = accounts.invite(world.context, world.staff["desk"], username="desk", now=world.now).token
    accounts.set_password(world.context, token, PASSWORD, world.now)
    client = site.app.test_client()
    page = client.get("/console/sign-in", base_url="https://localhost").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    fields = {"csrf_token": found[1], "username": "desk", "password": PASSWORD}
    answer = client.post("/console/sign-in", data=fields, base_url="https://localhost")
    set_now = answer.headers.getlist("Set-Cookie")
    assert any(each.startswith("samleng_console=") for each in set_now)
    for each in set_now:
        assert "HttpOnly" in each
        assert "SameSite=Strict" in each
        assert "Secure" in each
        assert "Path=/console/" in each


def test_the_language_can_be_chosen_before_and_after(site: StaffSite) -> None:
    desk = Visitor(site, "desk")
    assert "Sign in" in desk.reads("sign-in?lang=en")
    assert 'lang="en"' in desk.opens("sign-in").get_data(as_text=True)
    desk.comes_in()
    assert "To be read first" in desk.reads("desk")
    assert "ຕ້ອງອ່ານກ່ອນ" in desk.reads("desk?lang=lo")


def test_nothing_of_a_sign_in_is_logged(site: StaffSite, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        desk = site.visitor("desk")
        desk.gives_password("wrong password")
    said = caplog.text
    for secret in (PASSWORD, desk.username, desk.secret, desk.recovery[0], cookie(desk) or "-" * 9):
        assert secret not in said


def test_old_attempts_are_forgotten(site: StaffSite) -> None:
    from sqlalchemy import func, select

    from storage.tables import LoginAttempt

    desk = site.visitor("desk")
    Visitor(site, "desk").gives_password("wrong password", "somebody-else")
    site.pass_time(days=2)
    desk.comes_again()
    with site.world.store.reading() as tx:
        assert tx.execute(select(func.count()).select_from(LoginAttempt)).scalar_one() == 0
