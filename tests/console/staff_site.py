"""The staff's pages as they run, on a world: people of the cast who can sign in, and what they send."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from waitress import wasyncore
from waitress.server import create_server
from werkzeug.test import TestResponse

from console.staff import add_pages
from domain.inbound import Media, MediaKind
from handlers.console import accounts
from storage.queries import console_lists
from storage.queries.casework import cases, incidents
from storage.queries.persons import attachments
from storage.queries.staffing import logins, staff
from tests.support.world import World

PASSWORD = "three green mangoes"


class Visitor:
    """Somebody of the cast at a browser: opens pages and sends their forms, as a browser without scripts does."""

    def __init__(self, site: "StaffSite", name: str) -> None:
        self.site, self.name = site, name
        self.client: FlaskClient = site.app.test_client()
        self.username = self.secret = ""

    def opens(self, path: str) -> TestResponse:
        """Open a page of the console, following redirects."""
        return self.client.get(f"/console/{path}", follow_redirects=True)

    def reads(self, path: str) -> str:
        """Open a page that must be there and return its words."""
        answer = self.opens(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return text_of(answer)

    def sends(self, path: str, *, page: str, action: str | None = None, **fields: str) -> TestResponse:
        """Send the form of a page whose action is this address; its hidden fields go along."""
        form = form_of(self.opens(page).get_data(as_text=True), f"/console/{action or path}")
        return self.client.post(f"/console/{path}", data={**form, **fields}, follow_redirects=True)

    def code(self) -> str:
        """Return the code that her phone shows now."""
        return pyotp.TOTP(self.secret).at(self.site.world.now)

    def sets_password(self, password: str = PASSWORD) -> None:
        """Use a link to set a password."""
        link = accounts.invite(self.site.world.context, self.site.world.staff[self.name], username=None, now=self.now)
        self.username = link.username
        path = f"password/{link.token}"
        page = self.client.get(f"/console/{path}").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        fields = {"csrf_token": token[1], "password": password, "again": password}
        assert self.client.post(f"/console/{path}", data=fields).status_code == 303

    def gives_password(self, password: str = PASSWORD, username: str | None = None) -> TestResponse:
        """Type name and password."""
        fields = {"username": username or self.username, "password": password}
        return self.sends("sign-in", page="sign-in", **fields)

    def comes_in(self) -> "Visitor":
        """Come in for the first time: set a password, sign in, set up one-time codes."""
        self.sets_password()
        answer = self.gives_password()
        shown = re.search(r'class="secret">([^<]+)<', answer.get_data(as_text=True))
        assert shown is not None
        self.secret = shown[1].replace(" ", "")
        answer = self.sends("set-up", page="set-up", code=self.code())
        assert answer.status_code == 200
        self.recovery = re.findall(r"<li><code>([^<]+)</code>", answer.get_data(as_text=True))
        return self

    def comes_again(self, code: str | None = None) -> TestResponse:
        """Sign in with password and code."""
        assert self.gives_password().status_code == 200
        return self.sends("second-factor", page="second-factor", code=code or self.code())

    @property
    def now(self):
        return self.site.world.now


class StaffSite:
    """The staff's pages on a world, whose clock is theirs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.app = Flask("site", static_folder=None)
        self.app.config["TESTING"] = False
        add_pages(self.app, world.context, self.clock, https=False)
        self.url = ""

    def clock(self):
        return self.world.now

    def pass_time(self, **span: float) -> None:
        """Let time pass without a sweep."""
        self.world.now += timedelta(**span)

    def visitor(self, name: str) -> Visitor:
        """Return somebody of the cast who has come in."""
        return Visitor(self, name).comes_in()

    def reference(self, **of: object) -> str:
        """Return the reference of the newest case, or of one of these columns."""
        with self.world.store.reading() as tx:
            number = 1
            found = None
            while True:
                try:
                    each = cases.by_id(tx, number)
                except Exception:
                    break
                if all(getattr(each, name) == value for name, value in of.items()):
                    found = each
                number += 1
        assert found is not None, of
        return found.reference

    def case(self, reference: str):
        """Return a case as stored."""
        with self.world.store.reading() as tx:
            return cases.by_reference(tx, reference)

    def fetched(self, reference: str, data: bytes, mime: str) -> int:
        """Let the file of a case's message have come, with its bytes."""
        case = self.case(reference)
        with self.world.store.transaction() as tx:
            file = console_lists.files_of_case(tx, case.id)[0]
            attachments.keep(tx, file.id, data, mime)
        return file.id

    def sessions(self, name: str) -> int:
        """Count the open sessions of somebody."""
        staff_id = self.world.staff[name]
        with self.world.store.reading() as tx:
            found = logins.sessions_of(
                tx, staff_id, seen_since=self.world.now - timedelta(minutes=30), now=self.world.now
            )
        return len(found)

    def deactivates(self, name: str) -> None:
        """Let somebody leave the staff."""
        with self.world.store.transaction() as tx:
            staff.change(tx, self.world.staff[name], active=False)

    @contextmanager
    def running(self) -> Iterator["StaffSite"]:
        """Serve the pages on a free port of this machine."""
        server = create_server(self.app, host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=True)
        self.url = f"http://127.0.0.1:{server.effective_port}/console/"
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield self
        finally:
            server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
            thread.join()
            server.task_dispatcher.shutdown()


def crowd(world: World, people: int = 3) -> int:
    """Let some people write on one matter, which hangs under an incident, and return its number."""
    area = world.areas["170107"]
    for n in range(people):
        she = world.phone(f"+855121000{n:02}")
        she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
        she.writes("ស្រែខ្វាវ អង្គរជុំ")
    with world.store.transaction() as tx:
        number = incidents.raise_one(tx, category="payment_missing", area_id=area, now=world.now)
        for n in range(people):
            cases.change(tx, n + 1, incident_id=number)
    return number


def voice() -> tuple[Media, ...]:
    """Return the media of a message with a voice recording."""
    return (Media(MediaKind.VOICE, "voice-1", "audio/ogg", 900),)


def text_of(answer: TestResponse) -> str:
    """Return what a reader sees of a page."""
    page = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", unescape(page))


def form_of(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the first form of a page with this action."""
    for form in re.findall(r"<form .*?</form>", page, re.DOTALL):
        if re.search(rf'<form [^>]*action="{re.escape(action)}"', form):
            return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    raise AssertionError(f"no form for {action}")
