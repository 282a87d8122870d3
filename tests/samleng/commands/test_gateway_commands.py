"""`samleng gateway list` and `credit`, `samleng messages failed`, and what the metrics tell of gateways."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from samleng import config
from samleng.cli import main
from samleng.setup import Answers, set_up
from samleng.web import create_app
from samleng.wiring import build, utc_now
from storage.queries.persons import messages
from tests.samleng.test_config_sms import ENVIRON, KANNEL
from tests.support.world import START

MORE = KANNEL + 'daily_cap = 400\ncost = 0.03\nlow_credit = 5.0\nprefixes = ["+85510"]\nconcurrency = 4\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "config.toml"
    set_up(made, Answers(sms="none"), START)
    made.write_text(made.read_text() + MORE)
    return made


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--config", str(path)], env=ENVIRON)


def test_the_core_is_told_what_the_table_says(path: Path) -> None:
    opened = build(config.load(path, ENVIRON))
    info = opened.context.gateways["k"]
    assert (info.daily_cap, info.cost, info.low_credit) == (400, 0.03, 5.0)
    assert (info.prefixes, info.concurrency) == (("+85510",), 4)
    opened.close()


@pytest.mark.parametrize("line", ['prefixes = ["85510"]', "concurrency = 0", "cost = -1.0", "daily_cap = 0"])
def test_what_cannot_be_is_told(path: Path, line: str) -> None:
    key = line.partition(" ")[0]
    kept = [each for each in path.read_text().splitlines() if not each.startswith(f"{key} =")]
    path.write_text("\n".join(kept) + f"\n{line}\n")
    done = run(path, "gateway", "list")
    assert done.exit_code == 2
    assert f"sms_gateway[0].{key}" in done.output


def test_credit_is_told_and_shown(path: Path) -> None:
    assert "about 667 SMS parts" in run(path, "gateway", "credit", "k", "20").output
    added = run(path, "gateway", "credit", "k", "5.5", "--add", "--json")
    assert json.loads(added.output) == {"gateway": "k", "credit": 25.5}
    (row,) = json.loads(run(path, "gateway", "list", "--json").output)
    assert row == {
        "name": "k", "state": "good", "since": None, "tried_at": None, "fault": None, "sent_today": 0,
        "daily_cap": 400, "credit": 25.5, "waiting": 0,
    }  # fmt: skip
    assert "0 / 400" in run(path, "gateway", "list").output
    opened = build(config.load(path, ENVIRON))
    shown = create_app(opened).test_client().get("/metrics").text
    opened.close()
    assert 'samleng_gateway_state{gateway="k",state="good"} 1.0' in shown
    assert 'samleng_gateway_state{gateway="k",state="down"} 0.0' in shown
    assert 'samleng_gateway_sent_today{gateway="k"} 0.0' in shown
    assert 'samleng_gateway_credit{gateway="k"} 25.5' in shown


def test_an_unknown_gateway_is_told_with_those_there_are(path: Path) -> None:
    done = run(path, "gateway", "credit", "z", "20")
    assert done.exit_code == 2
    assert "there is no SMS gateway z; there are k" in done.output


def test_what_failed_is_listed_without_numbers_or_texts(path: Path) -> None:
    opened = build(config.load(path, ENVIRON))
    with opened.store.transaction() as tx:
        for state in ("failed", "undelivered", "delivered"):
            number = messages.add(
                tx, text="a secret", sealed=False, direction="out", kind="system", state=state, gateway="k",
                failure="landline", channel="sms", at=utc_now(), state_at=utc_now(),
            )  # fmt: skip
    opened.close()
    rows = json.loads(run(path, "messages", "failed", "--json").output)
    assert [(row["message_id"], row["reason"]) for row in rows] == [
        (number - 1, "wrong_number"),
        (number - 2, "wrong_number"),
    ]
    table = run(path, "messages", "failed", "--csv").output
    assert [row["message_id"] for row in csv.DictReader(io.StringIO(table))] == [str(row["message_id"]) for row in rows]
    shown = run(path, "messages", "failed").output
    assert shown.count("wrong_number") == 2
    assert "secret" not in table + shown
    assert run(path, "messages", "failed", "--since", "2999-01-01").output == "Nothing failed.\n"
    assert run(path, "messages", "failed", "--since", "soon").exit_code == 2
