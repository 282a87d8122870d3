"""Several gateways, through the dispatcher: what one cannot send leaves by another, once, in order, and staff hear of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from domain.inbound import Channel
from domain.ports import DeliveryState, FailureKind, GatewayInfo, Outbound, Receipt, SendResult
from domain.sending.gateway_health import AT_LEAST, FIRST_PAUSE, PROBES, State, at
from handlers.sending import gateway_figures
from handlers.sending.receipts import take_receipt
from handlers.sending.voice import Voice
from handlers.sweeps.batches import lay_out_all
from handlers.sweeps.gateways import tell_failures, watch_gateways
from storage.queries import areas
from storage.queries.casework import caseload, cases
from storage.queries.persons import contacts, messages, people
from storage.queries.sending import batches, failures, frozen, gateways, outbox
from tests.support.world import SMS, START, TELEGRAM, World
from tests.worker.fakes import Provider, Queue, failing
from worker import Dispatcher

OTHER = "other"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DAY = timedelta(days=1)


class Scene:
    """A world with two gateways for SMS, each with a provider that can be told to fail."""

    def __init__(self, world: World) -> None:
        self.world, self.queue, self.now = world, Queue(world.store), START
        world.drain()
        world.context.gateways = {**world.context.gateways, OTHER: GatewayInfo(OTHER, Channel.SMS, rate=1000.0)}
        self.first, self.second = Provider(SMS), Provider(OTHER)

    def set(self, name: str, **values: object) -> None:
        """Change what is configured of a gateway."""
        known = self.world.context.gateways
        self.world.context.gateways = {**known, name: replace(known[name], **values)}  # type: ignore[arg-type]

    def hand_over(self) -> None:
        """Hand over what is due by both gateways."""
        senders: dict[str, Callable[[], Provider]] = {SMS: lambda: self.first, OTHER: lambda: self.second}
        Dispatcher(self.world.context, senders, lambda: self.now).drain(self.now)

    def go_on(self, wait: timedelta = 5 * SECOND) -> int:
        """Let time pass, look after the gateways, hand over, and return how many messages were moved."""
        self.now += wait
        moved = watch_gateways(self.world.context, self.now)
        self.hand_over()
        return moved

    def says(self, to: int, text: str) -> int:
        """Say something to a numbered person who wrote to the first gateway."""
        self.queue.mark(to, gateway=SMS)
        with self.world.store.transaction() as tx:
            sent = Voice(self.world.context, tx, self.now).send(self.queue.contact(to), text, key="noted")
        assert sent is not None
        return sent

    def break_first(self, kind: FailureKind = FailureKind.PROVIDER_DOWN) -> list[int]:
        """Let the first gateway fail until it is down; return the messages that it did not take."""
        self.first.answer = failing(kind)
        sent = [self.says(n, f"broken {n}") for n in range(AT_LEAST)]
        self.hand_over()
        assert self.state() is State.DOWN
        return sent

    def state(self, name: str = SMS) -> State:
        """Return a gateway's state."""
        return at(self.row(name).health, self.now).state

    def row(self, name: str = SMS) -> gateways.GatewayRecord:
        """Return a gateway's row."""
        with self.world.store.reading() as tx:
            return gateways.standing(tx)[name]

    def waiting(self) -> dict[str, int]:
        """Count what waits at gateways for SMS."""
        with self.world.store.reading() as tx:
            counted = outbox.waiting(tx)
        return {gateway: count for (gateway, _), count in counted.items() if gateway != TELEGRAM}

    def alarms(self, key: str, who: str = "desk") -> list[str]:
        """Return what somebody was told under a wording's key."""
        with self.world.store.reading() as tx:
            theirs = self.world.officer(who)
            contact = contacts.find(tx, theirs.channel, theirs.address)
            assert contact is not None
            told = messages.of_contact(tx, contact.id, after_id=0, limit=1000)
        return [each.text for each in told if each.key == key]


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


class TestFailover:
    def test_what_a_failing_gateway_did_not_take_leaves_by_the_other_once(self, scene: Scene) -> None:
        sent = scene.break_first()
        assert scene.go_on() == AT_LEAST
        assert sorted(scene.second.texts) == [f"broken {n}" for n in range(AT_LEAST)]
        scene.go_on(10 * MINUTE)
        assert len(scene.second.given) == AT_LEAST
        assert {scene.queue.state(each) for each in sent} == {"accepted"}
        receipt = Receipt(OTHER, DeliveryState.DELIVERED, message_id=sent[0])
        assert take_receipt(scene.world.context, receipt, scene.now)
        assert scene.queue.state(sent[0]) == "delivered"

    def test_new_messages_go_by_the_other_while_hers_is_down(self, scene: Scene) -> None:
        scene.break_first()
        scene.go_on()
        scene.says(77, "new")
        scene.hand_over()
        assert scene.second.texts[-1] == "new"

    def test_what_may_have_arrived_is_never_sent_by_another(self, scene: Scene) -> None:
        sent = scene.break_first(FailureKind.TIMEOUT)
        for _ in range(40):
            scene.go_on(MINUTE)
        assert scene.second.given == []
        given = [each.message_id for each in scene.first.given]
        assert all(given.count(each) <= 2 for each in sent), "once, and once more on the same gateway"

    def test_her_order_holds_whatever_fails(self, scene: Scene) -> None:
        scene.first.answer = failing(FailureKind.PROVIDER_DOWN)
        for n in range(12):
            scene.says(n % 3, f"{n % 3}:{n:02}")
            scene.hand_over()
            scene.now += 6 * SECOND
        for n in range(12, 18):
            scene.says(n % 3, f"{n % 3}:{n:02}")
            scene.go_on()
        for _ in range(5):
            scene.go_on()
        for person in range(3):
            hers = [text for text in scene.second.texts if text.startswith(f"{person}:")]
            assert hers == sorted(hers)
            assert len(hers) == 6
        assert scene.second.overlapping == set()

    def test_it_comes_back_by_single_messages_and_takes_nothing_back(self, scene: Scene) -> None:
        scene.break_first()
        scene.go_on()
        scene.first.answer = lambda each: SendResult.accepted(f"p-{each.message_id}")
        tried = len(scene.first.given)
        scene.now += FIRST_PAUSE
        for n in range(PROBES):
            scene.says(100 + n, f"probe {n}")
            scene.says(200 + n, f"beside {n}")
            scene.hand_over()
        assert scene.first.texts[tried:] == [f"probe {n}" for n in range(PROBES)]
        assert scene.state() is State.GOOD
        before = len(scene.second.given)
        for n in range(40):
            scene.says(300 + n, f"after {n}")
            scene.hand_over()
        assert len(scene.second.given) == before

    def test_a_gateway_that_fails_half_the_time_does_not_flap(self, scene: Scene) -> None:
        count = iter(range(10**6))

        def every_other(message: Outbound) -> SendResult:
            down = next(count) % 2
            return SendResult.of(FailureKind.PROVIDER_DOWN) if down else SendResult.accepted(str(message.message_id))

        scene.first.answer = every_other
        states = []
        for n in range(240):
            scene.says(n, f"m{n}")
            scene.go_on(15 * SECOND)
            states.append(scene.state())
        went_down = sum(now is State.DOWN and before is not State.DOWN for before, now in pairwise(states))
        assert went_down <= 6, "in an hour"
        assert len({each.text for each in scene.first.given + scene.second.given}) == 240
        assert len(scene.alarms("gateway_down")) <= 6

    def test_without_another_gateway_nothing_moves_and_it_is_tried_soon(self, scene: Scene) -> None:
        scene.world.context.gateways = {SMS: scene.world.context.gateways[SMS]} | {
            TELEGRAM: scene.world.context.gateways[TELEGRAM]
        }
        scene.first.answer = failing(FailureKind.PROVIDER_DOWN)
        for n in range(AT_LEAST):
            scene.says(n, f"m{n}")
        dispatcher = Dispatcher(scene.world.context, {SMS: lambda: scene.first}, lambda: scene.now)
        dispatcher.drain(scene.now)
        assert watch_gateways(scene.world.context, scene.now) == 0
        scene.first.answer = lambda each: SendResult.accepted(f"p-{each.message_id}")
        for _ in range(10):
            scene.now += MINUTE
            dispatcher.drain(scene.now)
        assert {each.text for each in scene.first.given} == {f"m{n}" for n in range(AT_LEAST)}
        assert scene.waiting() == {}

    def test_a_simulator_never_stands_in(self, scene: Scene) -> None:
        scene.set(OTHER, simulator=True)
        scene.break_first()
        assert scene.go_on() == 0
        assert scene.second.given == []

    def test_replies_that_nobody_takes_for_minutes_leave_while_others_send(self, scene: Scene) -> None:
        scene.says(1, "stands still")
        scene.now += 6 * MINUTE
        other = Queue(scene.world.store, OTHER)
        other.add(50, "by the other", due=scene.now)
        Dispatcher(scene.world.context, {OTHER: lambda: scene.second}, lambda: scene.now).drain(scene.now)
        with scene.world.store.transaction() as tx:
            gateways.lock(tx, SMS, tokens=1.0, now=START)
        assert watch_gateways(scene.world.context, scene.now) == 1
        scene.hand_over()
        assert scene.second.texts == ["by the other", "stands still"]


class TestBulk:
    def test_bulk_of_a_gateway_that_is_down_leaves_by_the_other(self, scene: Scene) -> None:
        scene.queue.bulk(30)
        scene.break_first()
        refused = len(scene.first.given)
        scene.go_on()
        assert len(scene.first.given) == refused
        assert {each.address for each in scene.second.given} >= {each.address for each in scene.first.given}
        assert (len(scene.second.given), scene.waiting()) == (30 + AT_LEAST, {})

    def test_bulk_waits_at_its_cap_for_tomorrow_and_replies_go_on(self, scene: Scene) -> None:
        scene.world.context.gateways = {
            name: each for name, each in scene.world.context.gateways.items() if name != OTHER
        }
        scene.set(SMS, daily_cap=20)
        scene.queue.bulk(30)
        scene.says(1, "an answer")
        one = Dispatcher(scene.world.context, {SMS: lambda: scene.first}, lambda: scene.now)
        one.drain(scene.now)
        assert len(scene.first.given) == 18
        assert "an answer" in scene.first.texts
        one.drain(scene.now + MINUTE)
        assert len(scene.first.given) == 18
        scene.now += DAY
        one.drain(scene.now)
        assert len(scene.first.given) == 31

    def test_a_capped_gateways_bulk_goes_where_there_is_room_and_no_further(self, scene: Scene) -> None:
        scene.set(SMS, daily_cap=20)
        scene.set(OTHER, daily_cap=10)
        scene.queue.bulk(40)
        for _ in range(4):
            scene.go_on()
        assert (len(scene.first.given), len(scene.second.given)) == (18, 9)
        assert scene.waiting() == {SMS: 13}, "no more was moved than fits into the other's day"


class TestAlarms:
    def test_down_and_back_are_told_once_each_with_what_became_of_what_waited(self, scene: Scene) -> None:
        scene.break_first()
        for _ in range(5):
            scene.go_on()
        for who in ("desk", "staff"):
            (told,) = scene.alarms("gateway_down", who)
            assert SMS in told
            assert str(AT_LEAST) in told
        scene.first.answer = lambda each: SendResult.accepted(f"p-{each.message_id}")
        scene.now += FIRST_PAUSE
        for n in range(PROBES):
            scene.says(100 + n, "probe")
            scene.hand_over()
        for _ in range(3):
            scene.go_on()
        assert len(scene.alarms("gateway_back")) == len(scene.alarms("gateway_down")) == 1
        assert scene.alarms("gateway_down", "chief") == []

    def test_a_day_is_told_at_four_fifths_and_when_it_is_used_up(self, scene: Scene) -> None:
        scene.set(SMS, daily_cap=10)
        told = []
        for n in range(12):
            scene.says(n, f"m{n}")
            scene.hand_over()
            scene.go_on()
            told.append((len(scene.alarms("gateway_cap_near")), len(scene.alarms("gateway_cap_reached"))))
        assert told[6] == (0, 0)
        assert told[7] == (1, 0)
        assert told[-1] == (1, 1)
        assert (len(scene.first.given), len(scene.second.given)) == (10, 2)
        scene.now += DAY
        for n in range(8):
            scene.says(n, f"tomorrow {n}")
        scene.hand_over()
        scene.go_on()
        assert len(scene.alarms("gateway_cap_near")) == 2

    def test_credit_runs_low_and_is_told_once_a_top_up(self, scene: Scene) -> None:
        scene.set(SMS, cost=0.5, low_credit=1.0)
        gateway_figures.tell_credit(scene.world.context, SMS, 2.0, scene.now, added=False)
        told = []
        for n in range(4):
            scene.says(n, f"m{n}")
            scene.go_on(SECOND)
            scene.go_on(SECOND)
            told.append(len(scene.alarms("gateway_credit_low")))
        assert told == [0, 0, 1, 1]
        gateway_figures.tell_credit(scene.world.context, SMS, 0.5, scene.now, added=True)
        scene.go_on()
        assert len(scene.alarms("gateway_credit_low")) == 2
        (figures, _) = gateway_figures.figures(scene.world.context, scene.now)
        assert (figures.name, figures.credit) == (SMS, 0.5)

    def test_a_gateway_without_credit_is_told_at_once(self, scene: Scene) -> None:
        scene.first.answer = failing(FailureKind.NO_CREDIT)
        scene.says(1, "m")
        scene.hand_over()
        for _ in range(3):
            scene.go_on()
        (told,) = scene.alarms("gateway_no_credit")
        assert f"samleng gateway credit {SMS} AMOUNT" in told

    def test_what_failed_is_told_by_kind_each_working_morning(self, scene: Scene) -> None:
        for n, kind in enumerate([FailureKind.BAD_ADDRESS] * 3 + [FailureKind.FILTERED, FailureKind.LANDLINE]):
            scene.says(n, "m")
            scene.first.answer = failing(kind)
            scene.hand_over()
        context = scene.world.context
        assert tell_failures(context, START) == 0, "today's are told tomorrow"
        night, morning = START + timedelta(hours=20), START + DAY
        assert tell_failures(context, night) == 0
        assert tell_failures(context, morning) == 5
        assert tell_failures(context, morning + MINUTE) == 0
        (told,) = scene.alarms("failed_daily")
        assert "5 " in told
        assert "4 " in told
        assert "1 " in told
        assert tell_failures(context, morning + DAY) == 0

    def test_what_fails_before_a_weekend_is_told_after_it(self, scene: Scene) -> None:
        scene.now = friday = START + 3 * DAY
        scene.first.answer = failing(FailureKind.BAD_ADDRESS)
        scene.says(1, "m")
        scene.hand_over()
        told = [tell_failures(scene.world.context, friday + n * DAY) for n in range(6)]
        assert sum(told) == 1
        assert told[1] == told[2] == 0, "nobody works at the weekend"


def test_sensitive_cases_count_in_no_figure(scene: Scene) -> None:
    world = scene.world
    world.phone("+85512000001").writes("The road is broken and nobody comes to repair it")
    world.phone("+85512000002").writes("The road is broken and nobody comes to repair it here")
    with world.store.transaction() as tx:
        plain, sensitive = (each.id for each in reversed(caseload.listed(tx, 10)))
        cases.change(tx, sensitive, sensitive="abuse")
        for case_id in (plain, sensitive):
            messages.add(
                tx, text="x", sealed=False, direction="out", case_id=case_id, kind="system", state="failed",
                failure="bad_address", channel="sms", gateway=SMS, at=START, state_at=START,
            )  # fmt: skip
        reference = cases.by_id(tx, plain).reference
    with world.store.reading() as tx:
        assert [each.reference for each in failures.listed(tx, START - DAY, START + DAY, 100)] == [reference]
    assert tell_failures(world.context, START + DAY) == 1


def test_a_batch_is_laid_out_by_prefix_and_by_room(scene: Scene) -> None:
    world = scene.world
    scene.set(OTHER, prefixes=("+85510",), daily_cap=3)
    numbers = [f"+8551000000{n}" for n in range(5)] + [f"+8558800000{n}" for n in range(3)]
    persons = []
    with world.store.transaction() as tx:
        for number in numbers:
            persons.append(people.create(tx, START, language="km", area_id=world.areas["170107"]))
            contact = contacts.lock(tx, Channel.SMS, number, now=START)
            contacts.change(tx, contact.id, person_id=persons[-1])
        batch = batches.create(
            tx, START, kind="broadcast", subject="broadcast:1", plan="once", state="laying_out", texts={"km": "ok"},
            audience={"area": areas.by_id(tx, world.areas["170107"]).path},
        )  # fmt: skip
        assert batch is not None
        frozen.write(tx, batch, persons)
    assert lay_out_all(world.context, START) == len(numbers)
    scene.hand_over()
    by_smart = {each.address for each in scene.second.given}
    assert len(by_smart) == 2, "the last tenth of its day is kept for replies"
    assert by_smart < set(numbers[:5])
    assert {each.address for each in scene.first.given} == set(numbers) - by_smart
