"""What the whole web answers where something is wrong: plainly, and nothing of it in the log."""

import logging
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.registry import Collector

from samleng import web
from samleng.config import load
from samleng.setup import Answers, set_up
from samleng.wiring import build
from storage import Store
from tests.support.databases import TEST_KEYS
from tests.support.world import START


def test_faults_are_answered_plainly_and_logged_by_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    set_up(tmp_path / "config.toml", Answers(), START)
    opened = build(load(tmp_path / "config.toml", {}))
    client: FlaskClient = web.create_app(opened).test_client()

    def breaks(_self: Collector) -> list[object]:
        raise ValueError("her words")

    def answer(path: str) -> tuple[int, str]:
        with client.get(path, headers={"Accept-Language": "km"}) as answered:
            return answered.status_code, answered.get_data(as_text=True)

    assert answer("/no<b>where") == (404, "not found\n")
    monkeypatch.setattr(web._Queues, "collect", breaks)
    assert answer("/metrics") == (500, "internal server error\n")
    monkeypatch.undo()
    opened.store.engine.dispose()
    gone = Store("postgresql://nobody@127.0.0.1:1/none", TEST_KEYS)
    opened.store.engine = gone.engine
    for path in ("/metrics", "/calendar/abc.ics"):
        assert answer(path) == (503, "try again\n")
    assert answer("/readyz")[0] == 503
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(said) == 1
    assert "ValueError at" in said[0]
    assert "her words" not in caplog.text
    gone.close()
    opened.close()
