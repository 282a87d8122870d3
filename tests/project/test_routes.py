"""Every route names the permission that it needs, and the pages that only some may see are not there for others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from domain.permissions import Permission
from samleng import config
from samleng.setup import Answers, set_up
from samleng.web import create_app
from samleng.wiring import build
from tests.support.world import START


@pytest.fixture(params=["phone", "none"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    set_up(tmp_path / "config.toml", Answers(sms=request.param), START)
    opened = build(config.load(tmp_path / "config.toml", {}))
    yield create_app(opened), request.param
    opened.close()


def test_every_route_names_its_permission(app: tuple[Flask, str]) -> None:
    views = app[0].view_functions
    assert len(views) >= 6
    for name, view in views.items():
        assert isinstance(getattr(view, "permission", None), Permission), name


def test_the_simulator_is_there_only_where_it_is_turned_on(app: tuple[Flask, str]) -> None:
    made, sms = app
    assert made.test_client().get("/phone/").status_code == (200 if sms == "phone" else 404)


def test_an_unknown_page_tells_nothing(app: tuple[Flask, str]) -> None:
    answer = app[0].test_client().get("/sms/../../etc/passwd")
    assert answer.status_code == 404


def test_metrics_and_health_name_no_case(app: tuple[Flask, str]) -> None:
    client = app[0].test_client()
    assert client.get("/readyz").get_json() == {"database": True, "migrations": True, "outbox_oldest_s": 0.0}
    assert client.get("/healthz").data == b"ok\n"
    assert b"case" not in client.get("/metrics").data
