"""`samleng plan` and `samleng reminder log`: reminders changed without code, and what was sent told afterwards."""

import csv
import io
import json
from datetime import timedelta

from sqlalchemy import text

from handlers.rounds import moving
from handlers.sweeps.batches import make_reminders
from storage.queries.programme import rounds
from tests.samleng.commands.test_broadcast_commands import START, Scene, scene

__all__ = ["scene"]

WORDS = {"km": "បើកប្រាក់ {round} ថ្ងៃ {day}", "lo": "ຈ່າຍເງິນ {round} {day}", "en": "Payment {round} on {day} at {place}"}


def added(scene: Scene, *options: str, **words: str) -> tuple[int, str]:
    given = [part for language, said in words.items() for part in (f"--{language}", said)]
    channel = ("--channel", "sms", "--days", "2", "--hour", "10", "--by", str(scene.maker))
    done = scene.run("plan", "add", "round", *channel, *given, *options)
    return done.exit_code, done.output


def languages(scene: Scene) -> dict[str, str]:
    return {each.value: WORDS[each.value] for each in scene.opened.context.settings.languages}


def test_a_plan_is_added_worded_and_removed_and_each_change_is_kept(scene: Scene) -> None:
    assert added(scene, **languages(scene)) == (0, "Added: round sms-2d-10h\n")
    assert "two plans are for the same" in added(scene)[1]
    keys = {each["key"]: each["texts"] for each in scene.json("plan", "list") if each["kind"] == "round"}
    assert keys["sms-2d-10h"] == languages(scene)
    by = ("--by", str(scene.maker))
    assert scene.run("plan", "text", "round", "sms-2d-10h", *by).output == "The usual words are said again.\n"
    assert scene.run("plan", "remove", "round", "sms-2d-10h", *by).exit_code == 0
    assert "there is no plan round sms-2d-10h" in scene.run("plan", "remove", "round", "sms-2d-10h", *by).output
    with scene.opened.store.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM audit_entry WHERE type = 'settings.changed'")).scalar() == 3


def test_a_missing_language_and_an_unknown_placeholder_are_refused(scene: Scene) -> None:
    code, said = added(scene, km=WORDS["km"])
    assert code == 2
    assert "has words of its own, but none in" in said
    code, said = added(scene, **{**languages(scene), "km": "ទទួល {amount}"})
    assert code == 2
    assert "{amount} is no placeholder here; there are {agent}, {day}, {place}, {round}" in said
    quiet = ("--channel", "telegram", "--days", "0", "--hour", "21", "--by", str(scene.maker))
    assert "21:00 lies in the quiet hours (20:00 to 07:00)" in scene.run("plan", "add", "round", *quiet).output
    assert "nobody with the number 4711" in scene.run("plan", "bounds", "--budget", "5", "--by", "4711").output


def test_bounds_are_changed_and_shown(scene: Scene) -> None:
    by = ("--by", str(scene.maker))
    assert scene.run("plan", "bounds", "--budget", "12.5", "--second-above", "50", *by).exit_code == 0
    with scene.opened.store.reading() as tx:
        body = json.loads(tx.execute(text("SELECT body FROM setting ORDER BY id DESC LIMIT 1")).scalar_one())
    assert (body["broadcast_budget"], body["broadcast_second_above"]) == (12.5, 50)
    assert scene.json("plan", "bounds", "--budget", "none", *by)["broadcast_budget"] is None
    assert scene.run("plan", "bounds", "--report-day", "31", *by).exit_code == 2


def test_the_log_says_which_words_when_to_whom_at_what_cost(scene: Scene) -> None:
    added(scene, **languages(scene))
    scene.opened.context._read_at = -100.0
    person = scene.person("+85512000001", external_id="HH-17")
    now = scene.morning() + timedelta(minutes=5)
    day = scene.opened.context.calendar.local_day(now) + timedelta(days=2)
    with scene.opened.store.transaction() as tx:
        number = rounds.add_round(tx, START, code="r1", label="មីនា", day=day, place="សាលាឃុំ", area_id=None)
        rounds.add_recipients(tx, number, [(person, None)])
    assert make_reminders(scene.opened.context, now) == 1
    assert scene.leave(now=now) == [("+85512000001", f"បើកប្រាក់ មីនា ថ្ងៃ {day.day}/{day.month}")]
    (row,) = csv.DictReader(io.StringIO(scene.run("reminder", "log", "r1", "--csv").output))
    assert (row["person"], row["address"], row["plan"]) == ("HH-17", "+85512•••01", "sms-2d-10h")
    assert (row["state"], row["gateway"], row["parts"], row["cost"]) == ("accepted", "operator", "1", "0.5")
    assert row["text"].startswith("បើកប្រាក់ មីនា")
    assert row["at"]
    assert "no meeting with the code r1" in scene.run("reminder", "log", "r1", "--kind", "meeting").output
    moving.move_round(scene.opened.context, "r1", day + timedelta(days=1), now)
    scene.leave(now=now)
    kinds = [row["plan"] for row in csv.DictReader(io.StringIO(scene.run("reminder", "log", "r1", "--csv").output))]
    assert kinds == ["sms-2d-10h", "round_moved"]
    assert "no round with the code r9" in scene.run("reminder", "log", "r9").output
