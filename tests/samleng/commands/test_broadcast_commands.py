"""`samleng broadcast` as it is typed: shown, submitted, approved by a second person, held, sent again; on both databases."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from domain.inbound import Channel
from domain.ports import FailureKind, SendResult
from domain.reading import Language
from domain.settings import Level
from handlers.broadcasts import approval, laying_out
from handlers.sending import dispatch
from handlers.staffing.register import add_staff
from handlers.sweeps.batches import lay_out_all
from samleng import config
from samleng.setup import Answers, set_up
from samleng.wiring import build
from storage import Tx, schema
from storage.queries import areas
from storage.queries.persons import contacts, people
from storage.queries.programme import rounds
from storage.queries.sending import frozen
from storage.queries.sending.laid_out import PlainWriter
from tests.support.broadcasting import BY_SMS, Scene
from tests.support.databases import Databases
from tests.support.world import START

PHONES = ["+85512000071", "+85512000072", "+85512000073"]
TEXT = "ប្រជុំថ្ងៃសុក្រ ម៉ោង ៩"
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


@pytest.mark.parametrize("text", [TEXT, "ជម្រាបសួរ {name}"])
def test_who_has_only_a_phone_that_she_shares_reads_it_there_and_one_message_is_enough(scene: Scene, text: str) -> None:
    """Of three phones the owner of one is of the audience, of another she is not, and the third was said to be stopped."""
    owner, elsewhere, silent = scene.person(PHONES[0], name="ម្ចាស់"), scene.person(PHONES[1]), scene.person(PHONES[2])
    theirs = [(scene.person(None, name=f"ឈ្មោះ{n}"), phone) for n, phone in enumerate((0, 0, 1, 1, 2))]
    with scene.opened.store.transaction() as tx:
        points = [contacts.lock(tx, Channel.SMS, each, now=START).id for each in PHONES]
        for person, phone in ((owner, 0), (elsewhere, 1), (silent, 2), *theirs):
            contacts.share(tx, points[phone], person, label=None, now=START)
        people.change(tx, elsewhere, consent=False)
        contacts.change(tx, points[2], stopped_at=START)
    shown = scene.json("broadcast", "preview", "--area", scene.area, "--km", text)
    assert (shown["people"], shown["reached"], shown["shared"]) == (8, 2, 3)
    assert shown["nothing"] == {"no_consent": 1, "no_contact": 1, "stopped": 1}
    number = scene.submit("--area", scene.area, "--km", text)
    scene.approve(number)
    given = scene.leave()
    assert [each for each, _ in given] == PHONES[:2]
    if "{name}" in text:
        assert [said for _, said in given] == ["ជម្រាបសួរ ម្ចាស់", "ជម្រាបសួរ ឈ្មោះ2"]


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
    assert len(scene.leave(SendResult.of(FailureKind.EXPIRED))) == 3
    refused = scene.run("broadcast", "resend", str(second), "--by", str(scene.second))
    assert refused.exit_code == 2
    assert "It costs 1.5. Of this month's 2, 1.5 is spent." in refused.output
    scene.set(broadcast_budget=3.0)
    assert scene.run("broadcast", "resend", str(second), "--by", str(scene.second)).output == "3 are sent again.\n"
    assert scene.json("broadcast", "status", str(second))["cost"] == 3.0
    shown = scene.json("broadcast", "preview", "--area", scene.area, "--km", TEXT)
    assert "Of this month's 3, 3 is spent." in shown["over_budget"]


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


def test_what_a_crash_left_of_an_approval_is_carried_out_by_a_sweep_and_nobody_comes_in_meanwhile(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approval, "_AT_ONCE", 2)
    monkeypatch.setattr(approval, "_READ", 4)
    for each in numbers(5):
        scene.person(each)
    number, real, calls = scene.submit("--area", scene.area, "--km", TEXT), frozen.write, []

    def crashes(tx: Tx, batch_id: int, people: Sequence[int]) -> None:
        calls.append(people)
        if len(calls) == 2:
            raise SystemExit("power cut")
        real(tx, batch_id, people)

    monkeypatch.setattr(frozen, "write", crashes)
    assert "power cut" in str(scene.approve(number).exception)
    assert scene.json("broadcast", "status", str(number))["state"] == "freezing"
    scene.person("+85512009999", at=datetime.now(UTC) + timedelta(seconds=1))
    assert lay_out_all(scene.opened.context, datetime.now(UTC)) == 0, "whoever approved it may still be at it"
    assert sorted(to for to, _ in scene.leave()) == numbers(5)
    assert calls[1] == calls[2], "it goes on where it was left"
    assert scene.leave() == []


def test_what_was_refused_after_it_was_frozen_is_frozen_anew(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approval, "_AT_ONCE", 2)
    gone = [scene.person(each) for each in numbers(3)]
    number = scene.submit("--area", scene.area, "--km", TEXT)
    scene.set(broadcast_budget=1.0)
    assert scene.approve(number).exit_code == 2
    with scene.opened.store.transaction() as tx:
        elsewhere = areas.by_code(tx, "170101")
        people.change(tx, gone[0], area_id=elsewhere.id)
    assert scene.approve(number).exit_code == 0
    assert sorted(to for to, _ in scene.leave()) == numbers(3)[1:]


def test_a_crash_while_it_is_laid_out_repeats_nobody(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying_out, "_LEAST", 2)
    monkeypatch.setattr(laying_out, "_MOST", 2)
    monkeypatch.setattr(laying_out, "_HOLD_S", 0.0)
    for each in numbers(5):
        scene.person(each)
    number, real, calls = scene.submit("--area", scene.area, "--km", TEXT), PlainWriter.write, []
    assert scene.approve(number).exit_code == 0

    def crashes(*given: object, **values: object) -> dict[str, int]:
        calls.append(given)
        done = real(*given, **values)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise SystemExit("power cut")
        return done

    monkeypatch.setattr(PlainWriter, "write", crashes)
    with pytest.raises(SystemExit):
        scene.leave()
    later = scene.morning() + timedelta(minutes=1)
    assert sorted(to for to, _ in scene.leave(now=later)) == numbers(5)
    assert scene.json("broadcast", "status", str(number))["messages"] == {"accepted": 5}


def test_what_waits_is_counted_into_the_hours_of_the_next(scene: Scene) -> None:
    for each in numbers(40):
        scene.person(each)
    what = ("broadcast", "preview", "--area", scene.area, "--km", TEXT)
    before = scene.json(*what)["gateways"][BY_SMS]
    scene.approve(scene.submit("--area", scene.area, "--km", TEXT))
    lay_out_all(scene.opened.context, datetime.now(UTC))
    after = scene.json(*what)["gateways"][BY_SMS]
    assert (before["ahead"], after["ahead"]) == (0, 40)
    assert after["done_at"] > before["done_at"]


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
        people.change(tx, wrong, consent=False)
        mended = contacts.lock(tx, Channel.SMS, "+85512000009", now=now)
        contacts.change(tx, mended.id, person_id=wrong)
    assert scene.run(*again).exit_code == 2, "she took her consent back"
    with scene.opened.store.transaction() as tx:
        people.change(tx, wrong, consent=True)
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
    (again,) = dispatch.claim(context, BY_SMS, now, paced=False)
    assert (again.outbound.address, again.outbound.text) == ("+85512000001", TEXT)
    assert again.outbound.again == 1, "to a phone that knows the first one's id it is another message"
