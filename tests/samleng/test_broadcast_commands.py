"""`samleng broadcast` as it is typed: shown, submitted, approved by a second person, held, sent again; on both databases."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from domain.inbound import Channel
from domain.ports import FailureKind, SendResult
from domain.reading import Language
from domain.settings import Level
from handlers.sending import dispatch
from handlers.staffing.register import add_staff
from handlers.sweeps.batches import lay_out_all
from samleng import config
from samleng.cli import main
from samleng.setup import Answers, set_up
from samleng.wiring import Installation, build
from storage import schema
from storage.queries import areas, settings
from storage.queries.persons import contacts, people
from storage.queries.programme import rounds
from tests.samleng.test_people_commands import START
from tests.support.databases import Databases

TEXT = "ប្រជុំថ្ងៃសុក្រ ម៉ោង ៩"
BY_SMS, STAFF = "operator", "+85512345601"
GATEWAY = """
[[sms_gateway]]
name = "operator"
kind = "http"
from = "LEAP"
rate = 10.0
cost = 0.5
[sms_gateway.send]
url = "http://127.0.0.1:9/send"
[sms_gateway.send.fields]
to = "{to}"
text = "{text}"
"""


@dataclass
class Scene:
    """An installation with two members of staff, and people of one village."""

    path: Path
    opened: Installation
    maker: int = 0
    second: int = 0
    area: str = ""

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["--config", str(self.path), *words])

    def json(self, *words: str) -> dict:
        done = self.run(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    def person(self, number: str | None, **values: object) -> int:
        with self.opened.store.transaction() as tx:
            area = areas.by_code(tx, self.area)
            made = people.create(tx, START, **{"area_id": area.id, "language": "km", **values})
            if number is not None:
                contact = contacts.lock(tx, Channel.SMS, number, now=START)
                contacts.change(tx, contact.id, person_id=made)
        return made

    def set(self, **values: object) -> None:
        with self.opened.store.transaction() as tx:
            changed = settings.current(tx).model_copy(update=values)
            settings.add(tx, changed, actor="staff", actor_id=None, now=START)

    def submit(self, *words: str) -> int:
        return self.json("broadcast", "submit", "--by", str(self.maker), *words)["id"]

    def approve(self, number: int, by: int | None = None) -> Result:
        return self.run("broadcast", "approve", str(number), "--by", str(by or self.second))

    def leave(self, result: SendResult | None = None, now: datetime | None = None) -> list[tuple[str, str]]:
        """Lay everything out and hand it over, outside quiet hours; return numbers and texts."""
        now = now or self.morning()
        lay_out_all(self.opened.context, now)
        given = []
        while claimed := dispatch.claim(self.opened.context, BY_SMS, now, paced=False):
            given += [(item.outbound.address, item.outbound.text) for item in claimed if item.outbound.address != STAFF]
            done = [(item, result or SendResult.accepted(f"x{item.item_id}")) for item in claimed]
            dispatch.record(self.opened.context, BY_SMS, done, now)
        return given

    def morning(self) -> datetime:
        """Return the next morning that is not in quiet hours."""
        calendar = self.opened.context.calendar
        return calendar.at(calendar.local_day(datetime.now(UTC)) + timedelta(days=1), time(10))


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[Scene]:
    path = tmp_path / "config.toml"
    set_up(path, Answers(sms="phone"), START)
    path.write_text(path.read_text().replace("enabled = true", "enabled = false") + GATEWAY)
    if request.param == "postgresql":
        url = databases.fresh_url("postgresql")
        path.write_text(re.sub(r'(?m)^url = "sqlite.*$', f'url = "{url}"', path.read_text(), count=1))
        before = build(config.load(tmp_path / "config.toml", {}))
        schema.upgrade(before.store)
        before.close()
        from samleng.setup import complete

        complete(path, "leap", {}, START)
    opened = build(config.load(path, {}))
    made = Scene(path, opened)
    for n, name in enumerate(("maker", "second")):
        number = add_staff(
            opened.context, name=name, level=Level.STAFF, area_code=None, phone=f"01234560{n}", language=Language.KM,
            now=START,
        )  # fmt: skip
        setattr(made, name, number)
    with opened.store.transaction() as tx:
        for code in ("170107", "170101"):
            areas.add(tx, code=code, level="commune", parent=None, names={"km": code, "en": code})
    made.area = "170107"
    yield made
    opened.close()


def numbers(count: int) -> list[str]:
    return [f"+8551200{n:04}" for n in range(count)]


def test_it_is_shown_with_names_cost_and_who_gets_nothing_and_why(scene: Scene) -> None:
    scene.person("+85512000001", name="សុភាព")
    scene.person("+85512000002", consent=False)
    scene.person(None)
    stopped, dead = scene.person("+85512000003"), scene.person("+85512000004")
    with scene.opened.store.transaction() as tx:
        for person, values in ((stopped, {"stopped_at": START}), (dead, {"dead_at": START})):
            contacts.change(tx, contacts.of_person(tx, person)[0].id, **values)
    shown = scene.json("broadcast", "preview", "--area", scene.area, "--km", "ជម្រាបសួរ {name}")
    assert shown["people"] == 5
    assert shown["reached"] == 1
    assert shown["nothing"] == {"no_consent": 1, "no_contact": 1, "stopped": 1, "dead": 1}
    assert shown["samples"] == {"km": ["ជម្រាបសួរ សុភាព"]}
    assert shown["gateways"][BY_SMS]["segments"] == 1
    assert shown["gateways"][BY_SMS]["cost"] == shown["cost"] == 0.5
    assert scene.run("broadcast", "list").output == ""


REFUSED = (
    (("--km", "សួស្ដី {nom}"), "{nom} cannot be filled in. What can: {name}"),
    (("--km", "សួស្ដី {"), "cannot be filled in"),
    (("--km", TEXT * 40), "parts; 6 at most"),
    (("--km", TEXT, "--area", "99"), "no area with the code 99"),
    (("--km", TEXT, "--round", "r9"), "no round with the code r9"),
    (("--km", TEXT, "--until", "soon"), "'soon' is no moment"),
    (("--km", TEXT, "--until", "2020-01-01 09:00"), "Give a later end"),
    (("--en", TEXT), "people read Khmer"),
    ((), "no text"),
)


def test_what_may_not_be_is_refused_in_words(scene: Scene) -> None:
    scene.person("+85512000001")
    for words, said in REFUSED:
        given = words if "--area" in words or "--round" in words else ("--area", scene.area, *words)
        refused = scene.run("broadcast", "submit", "--by", str(scene.maker), *given)
        assert refused.exit_code == 2, refused.output
        assert said in refused.output
    assert scene.run("broadcast", "list").output == ""


def test_an_audience_must_be_named_and_its_maker_known(scene: Scene) -> None:
    scene.person("+85512000001")
    assert "Say whom it is for" in scene.run("broadcast", "preview", "--km", TEXT).output
    wrong = scene.run("broadcast", "submit", "--by", "4711", "--area", scene.area, "--km", TEXT)
    assert "Number 4711 is nobody on the staff" in wrong.output


def test_an_audience_is_narrowed(scene: Scene) -> None:
    first = scene.person("+85512000001", programme="cash", group_name="A", sex="f")
    second = scene.person("+85512000002", programme="works", sex="m", language="en")
    scene.person("+85512000003", group_name="A", sex="f")
    with scene.opened.store.transaction() as tx:
        number = rounds.add_round(tx, START, code="r1", label="3", day=date(2026, 3, 1), place="x", area_id=None)
        rounds.add_recipients(tx, number, [(first, None), (second, None)])
        rounds.record_answer(tx, number, second, "received", START)
    both = ("--km", TEXT, "--en", "Meeting on Friday")
    for options, wanted in (
        (("--programme", "cash"), 1),
        (("--group", "A"), 2),
        (("--group", "A", "--programme", "cash"), 1),
        (("--sex", "m"), 1),
        (("--language", "en"), 1),
        (("--language", "km"), 2),
        (("--channel", "sms"), 3),
        (("--round", "r1"), 2),
        (("--unanswered", "r1"), 1),
        (("--round", "r1", "--sex", "f"), 1),
    ):
        assert scene.json("broadcast", "preview", *options, *both)["people"] == wanted, options


def test_who_comes_or_moves_after_the_approval_changes_nothing(scene: Scene) -> None:
    first, second = scene.person("+85512000001"), scene.person("+85512000002")
    number = scene.submit("--area", scene.area, "--km", TEXT)
    assert scene.approve(number).exit_code == 0
    scene.person("+85512000003")
    with scene.opened.store.transaction() as tx:
        elsewhere = areas.by_code(tx, "170101")
        people.change(tx, first, area_id=elsewhere.id)
    assert second
    assert sorted(scene.leave()) == [("+85512000001", TEXT), ("+85512000002", TEXT)]
    assert scene.leave() == []


def test_each_reads_her_own_name_and_who_has_none_is_a_friend(scene: Scene) -> None:
    scene.person("+85512000001", name="សុភាព")
    scene.person("+85512000002", language="en")
    number = scene.submit("--area", scene.area, "--km", "សួស្ដី {name}", "--en", "Dear {name}")
    scene.approve(number)
    assert sorted(scene.leave()) == [("+85512000001", "សួស្ដី សុភាព"), ("+85512000002", "Dear friend")]


def test_above_the_set_size_the_maker_never_approves(scene: Scene) -> None:
    scene.set(broadcast_second_above=1)
    scene.person("+85512000001")
    number = scene.submit("--area", scene.area, "--km", TEXT)
    scene.person("+85512000002")
    refused = scene.approve(number, by=scene.maker)
    assert refused.exit_code == 2
    assert "More than 1 people: a second person must approve it." in refused.output
    assert scene.json("broadcast", "status", str(number))["state"] == "submitted"
    assert scene.leave() == []
    assert scene.approve(number).exit_code == 0
    assert len(scene.leave()) == 2
    assert scene.approve(number).exit_code == 2


def test_the_budget_stops_what_would_exceed_it_before_it_starts(scene: Scene) -> None:
    for each in numbers(3):
        scene.person(each)
    first = scene.submit("--area", scene.area, "--km", TEXT)
    second = scene.submit("--area", scene.area, "--km", TEXT)
    scene.set(broadcast_budget=2.0)
    assert scene.approve(first).exit_code == 0
    refused = scene.approve(second)
    assert refused.exit_code == 2
    assert "It costs 1.5. Of this month's 2, 1.5 is spent." in refused.output
    assert scene.run("broadcast", "cancel", str(first)).exit_code == 0
    assert scene.approve(second).exit_code == 0
    assert len(scene.leave()) == 3


def test_paused_it_holds_and_continued_it_goes_on_and_cancelled_it_ends(scene: Scene) -> None:
    for each in numbers(3):
        scene.person(each)
    number = str(scene.submit("--area", scene.area, "--km", TEXT))
    scene.approve(int(number))
    lay_out_all(scene.opened.context, scene.morning())
    assert scene.run("broadcast", "pause", number).exit_code == 0
    assert scene.leave() == []
    assert scene.run("broadcast", "continue", number).output == "It goes on.\n"
    assert scene.run("broadcast", "continue", number).exit_code == 2
    from handlers.sweeps.housekeeping import recover_claims

    recover_claims(scene.opened.context, scene.morning())
    assert len(scene.leave()) == 3
    assert scene.json("broadcast", "status", number)["messages"] == {"accepted": 3}
    assert scene.run("broadcast", "cancel", number).exit_code == 0
    assert scene.run("broadcast", "cancel", number).exit_code == 2


def test_after_the_end_of_its_use_it_is_dropped_not_sent_late(scene: Scene) -> None:
    scene.person("+85512000001")
    ends = scene.opened.context.calendar.local(scene.morning() + timedelta(minutes=30))
    number = scene.submit("--area", scene.area, "--km", TEXT, "--until", f"{ends:%Y-%m-%d %H:%M}")
    assert scene.approve(number).exit_code == 0
    lay_out_all(scene.opened.context, scene.morning())
    assert scene.leave(now=scene.morning() + timedelta(hours=1)) == []
    listed = scene.run("broadcast", "failures", str(number)).output
    assert "withdrawn  expired" in listed
    refused = scene.run("broadcast", "resend", str(number), "--by", str(scene.second))
    assert refused.exit_code == 2


def test_failures_come_back_with_reasons_and_only_what_may_arrive_is_sent_again(scene: Scene) -> None:
    scene.person("+85512000001", external_id="HH-17")
    wrong = scene.person("+85512000002")
    number = scene.submit("--area", scene.area, "--km", TEXT)
    scene.approve(number)
    lay_out_all(scene.opened.context, scene.morning())
    context, now = scene.opened.context, scene.morning()
    failures = {
        "+85512000001": SendResult.of(FailureKind.REJECTED),
        "+85512000002": SendResult.of(FailureKind.BAD_ADDRESS),
    }
    claimed = dispatch.claim(context, BY_SMS, now, paced=False)
    taken = SendResult.accepted("z")
    dispatch.record(context, BY_SMS, [(each, failures.get(each.outbound.address, taken)) for each in claimed], now)
    listed = scene.run("broadcast", "failures", str(number), "--csv").output.splitlines()
    assert listed[0] == "person,channel,address,state,reason,at"
    assert listed[1].startswith("HH-17,sms,+85512•••01,failed,rejected,")
    assert listed[2].startswith(f"#{wrong},sms,+85512•••02,failed,bad_address,")
    assert "+85512000001" not in "".join(listed)
    again = ("broadcast", "resend", str(number), "--by", str(scene.second))
    assert "Nothing of it can be sent again." in scene.run(*again).output
    with scene.opened.store.transaction() as tx:
        mended = contacts.lock(tx, Channel.SMS, "+85512000009", now=now)
        contacts.change(tx, mended.id, person_id=wrong)
    assert scene.run(*again).output == "1 are sent again.\n"
    assert scene.leave() == [("+85512000009", TEXT)]
    assert scene.run(*again).exit_code == 2
    assert scene.json("broadcast", "status", str(number))["messages"] == {"accepted": 1, "failed": 1}


def test_a_passing_failure_is_sent_again_to_the_same_number(scene: Scene) -> None:
    scene.person("+85512000001")
    scene.person("+85512000002")
    number = scene.submit("--area", scene.area, "--km", TEXT)
    scene.approve(number)
    lay_out_all(scene.opened.context, scene.morning())
    context, now = scene.opened.context, scene.morning()
    given = dispatch.claim(context, BY_SMS, now, paced=False)
    off = SendResult.of(FailureKind.EXPIRED)
    results = [(each, off if each.outbound.address.endswith("1") else SendResult.accepted("y")) for each in given]
    dispatch.record(context, BY_SMS, results, now)
    assert scene.run("broadcast", "resend", str(number), "--by", str(scene.second)).output == "1 are sent again.\n"
    assert scene.leave() == [("+85512000001", TEXT)]
