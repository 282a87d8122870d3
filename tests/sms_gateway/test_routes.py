"""The web routes themselves, whatever the provider."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from domain.inbound import Channel, Inbound
from domain.permissions import Permission
from domain.ports import Receipt
from sms_gateway.gateway import Answer, Malformed, WebRequest
from sms_gateway.routes import MAX_BODY
from tests.contract.sms_gateway_case import Call
from tests.sms_gateway.parts.front import Front


@dataclass
class Listener:
    """A gateway that understands nothing and remembers what it was shown."""

    name: str = "main"
    channel: Channel = Channel.SMS
    answer: Answer = field(default_factory=lambda: Answer("", "text/plain"))
    seen: list[WebRequest] = field(default_factory=list)

    def receive(self, request: WebRequest, now: datetime) -> Inbound:
        self.seen.append(request)
        raise Malformed("no message in it")

    def status(self, request: WebRequest, now: datetime) -> Receipt | None:
        self.seen.append(request)
        return None


def test_every_route_names_its_permission() -> None:
    views = {name: view for name, view in Front(Listener()).app.view_functions.items() if name != "static"}
    assert {getattr(view, "permission", None) for view in views.values()} == {Permission.PUBLIC}
    assert len(views) == 2


def test_a_request_that_cannot_be_understood_is_told_why() -> None:
    response = Front(Listener()).post(Call("/sms/main/receive", {}, b"what"))
    assert (response.status_code, response.text) == (400, "no message in it\n")


@pytest.mark.parametrize("route", ["receive", "status"])
def test_a_request_is_read_up_to_the_limit(route: str) -> None:
    listener = Listener()
    front = Front(listener)
    assert front.post(Call(f"/sms/main/{route}", {}, b"x" * (MAX_BODY + 1))).status_code == 413
    assert listener.seen == []
    assert front.post(Call(f"/sms/main/{route}", {}, b"x" * MAX_BODY)).status_code != 413
    assert len(listener.seen[0].body) == MAX_BODY


def test_messages_come_by_post_only() -> None:
    client = Front(Listener()).app.test_client()
    assert client.get("/sms/main/receive").status_code == 405
    assert client.get("/sms/main/status").status_code == 405


@dataclass
class Caller(Listener):
    """A gateway whose provider calls by GET and wants 200 for a receipt."""

    methods: frozenset[str] = frozenset({"GET"})
    status_answer: int = 200


def test_a_gateway_that_says_so_is_called_by_get(caplog: pytest.LogCaptureFixture) -> None:
    client = Front(Caller()).app.test_client()
    assert client.get("/sms/main/status?secret=hidden-word").status_code == 200
    assert client.get("/sms/main/receive?secret=hidden-word").status_code == 400
    refused = client.post("/sms/main/status?secret=hidden-word")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")
    assert client.head("/sms/main/status").status_code == 405
    assert client.get("/sms/other/status").status_code == 404
    assert "hidden-word" not in caplog.text


def test_a_gateway_sees_path_query_and_fields_as_they_were_sent() -> None:
    listener = Listener()
    call = Call("/sms/main/status?m=42&x=%2B1&m=43", {"X-Proof": "yes"}, b"a=1&b=&a=2&&c&d=%E1%9E%80+%2B&e=%ff")
    assert Front(listener).post(call).status_code == 204
    (request,) = listener.seen
    assert (request.method, request.path) == ("POST", "/sms/main/status?m=42&x=%2B1&m=43")
    assert request.headers["x-proof"] == "yes"
    assert request.query == {"m": "42", "x": "+1"}
    assert request.form == [("a", "1"), ("b", ""), ("a", "2"), ("c", ""), ("d", "ក +"), ("e", "\ufffd")]
    assert (request.field_of("a"), request.field_of("z")) == ("1", "")


def test_a_request_does_not_show_what_it_carries() -> None:
    listener = Listener()
    Front(listener).post(Call("/sms/main/status", {"X-Proof": "proof"}, b"From=number&Body=words"))
    assert repr(listener.seen[0]) == "WebRequest(method='POST', path='/sms/main/status')"
