"""Several gateways, through the dispatcher: what one cannot send leaves by another, once, in order, and staff hear of it."""

from itertools import pairwise

import pytest

from domain.inbound import Channel
from domain.ports import DeliveryState, FailureKind, Outbound, Receipt, SendResult
from domain.reading import Language
from domain.sending.gateway_health import AT_LEAST, FIRST_PAUSE, PROBES, State
from handlers.sending.receipts import take_receipt
from handlers.sweeps.batches import lay_out_all
from handlers.sweeps.gateways import tell_failures, watch_gateways
from storage.queries import areas
from storage.queries.casework import caseload, cases
from storage.queries.persons import contacts, messages, people
from storage.queries.sending import batches, failures, frozen, gateways
from tests.support.two_gateways import DAY, MINUTE, OTHER, SECOND, Scene
from tests.support.world import SMS, START, TELEGRAM, World
from tests.worker.fakes import Queue, failing
from wording import say
from worker import Dispatcher


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

    @pytest.mark.parametrize("reason", [FailureKind.UNCLEAR, FailureKind.NO_CREDIT])
    def test_a_sim_that_takes_messages_and_sends_none_is_found_out_by_its_receipts(
        self, scene: Scene, reason: FailureKind
    ) -> None:
        for n in range(12):
            sent = scene.says(n, f"m{n}")
            scene.hand_over()
            state = DeliveryState.DELIVERED if n < 4 else DeliveryState.FAILED
            failure = None if n < 4 else reason
            for _ in range(2):  # the second is a repeat, and counts for nothing
                take_receipt(scene.world.context, Receipt(SMS, state, message_id=sent, failure=failure), scene.now)
            scene.go_on(SECOND)
        assert scene.state() is State.DOWN
        assert (len(scene.first.given), scene.second.texts) == (8, ["m7", "m8", "m9", "m10", "m11"])
        (told,) = scene.alarms("gateway_down")
        why = "gateway_why_credit" if reason is FailureKind.NO_CREDIT else "gateway_why_unsent"
        assert any(say(why, language) in told for language in Language)
        assert len(scene.alarms("gateway_no_credit")) == (reason is FailureKind.NO_CREDIT)

    @pytest.mark.parametrize(
        ("state", "reason"),
        [
            (DeliveryState.FAILED, FailureKind.BAD_ADDRESS),
            (DeliveryState.UNDELIVERED, FailureKind.UNCLEAR),
            (DeliveryState.UNDELIVERED, FailureKind.UNREACHABLE),
        ],
    )
    def test_numbers_that_cannot_be_reached_are_not_their_gateways_fault(
        self, scene: Scene, state: DeliveryState, reason: FailureKind
    ) -> None:
        for n in range(12):
            sent = scene.says(n, f"m{n}")
            scene.hand_over()
            take_receipt(scene.world.context, Receipt(SMS, state, message_id=sent, failure=reason), scene.now)
        assert scene.state() is State.GOOD

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
