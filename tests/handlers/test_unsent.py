"""What a provider took and did not send, by a SIM without credit: it leaves later, once, unless that might harm."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from domain.inbound import Channel
from domain.ports import DeliveryState, FailureKind, Outbound, Receipt, SendResult
from domain.sending.gateway_health import State
from domain.sending.retry import UNSENT_STEPS
from handlers.sending.receipts import take_receipt
from storage.queries.casework import cases
from storage.queries.persons import contacts, people
from storage.queries.sending import batches
from storage.queries.sending.outbox import Lane
from storage.tables import CaseContact, Message, OutboxItem
from storage.tables.base import table_of
from tests.support.two_gateways import MINUTE, OTHER, SECOND, Scene
from tests.support.world import SMS, TELEGRAM, World
from tests.worker.fakes import Queue

_M, _O, _KC = table_of(Message), table_of(OutboxItem), table_of(CaseContact)
HOUR = timedelta(hours=1)
COMPLAINT = "លុយឧបត្ថម្ភខ្ញុំអត់ទាន់ចូលទេ ៣ខែហើយ"


def try_of(message: Outbound) -> str:
    """Return the provider's id of one handing over."""
    return f"{message.message_id}-{message.again}"


class Sim:
    """A SIM in the first gateway, which takes everything and sends only while it has credit; receipts come at once."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.credit, self.bad = scene, False, ""
        self.told, self.sent = 0, list[str]()
        scene.first.answer = scene.second.answer = lambda each: SendResult.accepted(try_of(each))

    def go_on(self, wait: timedelta = SECOND) -> None:
        """Let time pass, hand over, and tell what became of what the SIM took."""
        self.scene.go_on(wait)
        while self.told < len(self.scene.first.given):
            message = self.scene.first.given[self.told]
            self.told += 1
            good = self.credit and not message.address.endswith(self.bad or "x")
            self.tell(message, DeliveryState.DELIVERED if good else DeliveryState.FAILED)
            self.sent += [message.text] if good else []

    def tell(self, message: Outbound, state: DeliveryState) -> None:
        """Tell what became of one handing over."""
        failure = FailureKind.UNCLEAR if state is DeliveryState.FAILED else None
        receipt = Receipt(SMS, state, message.message_id, try_of(message), failure)
        take_receipt(self.scene.world.context, receipt, self.scene.now)


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


@pytest.fixture
def sim(scene: Scene) -> Sim:
    return Sim(scene)


def alone(scene: Scene) -> None:
    """Leave only the first gateway for SMS."""
    known = scene.world.context.gateways
    scene.world.context.gateways = {name: known[name] for name in (SMS, TELEGRAM)}


def test_the_first_that_a_dead_sim_took_leave_by_the_other_gateway_once(scene: Scene, sim: Sim) -> None:
    sent = []
    for n in range(8):
        sent.append(scene.says(n, f"m{n}"))
        sim.go_on()
    assert scene.state() is State.DOWN
    for _ in range(4):
        sim.go_on(MINUTE)
    assert sorted(scene.second.texts) == [f"m{n}" for n in range(8)]
    assert {scene.queue.state(each) for each in sent} == {"accepted"}
    assert scene.waiting() == {}


def test_with_one_gateway_everything_leaves_once_the_sim_has_credit_again(scene: Scene, sim: Sim) -> None:
    alone(scene)
    sent = [scene.says(n, f"m{n}") for n in range(12)]
    for _ in range(60):
        sim.go_on(3 * MINUTE)
    assert sim.sent == []
    assert "failed" not in {scene.queue.state(each) for each in sent}
    sim.credit = True
    for _ in range(60):
        sim.go_on(12 * MINUTE)
    assert sorted(sim.sent) == sorted(f"m{n}" for n in range(12))
    assert {scene.queue.state(each) for each in sent} == {"delivered"}


def test_one_number_that_never_goes_out_is_given_up_soon_and_harms_no_gateway(scene: Scene, sim: Sim) -> None:
    sim.credit, sim.bad = True, "00001"
    lost = scene.says(1, "lost")
    for n in range(40):
        scene.says(2 + n % 5, f"m{n}")
        sim.go_on(MINUTE)
        assert scene.state() is State.GOOD
    assert [each.text for each in scene.first.given].count("lost") == 2
    assert scene.second.texts == ["lost"]
    assert scene.queue.state(lost) == "accepted"
    failed = Receipt(OTHER, DeliveryState.FAILED, lost, f"{lost}-2", FailureKind.UNCLEAR)
    assert take_receipt(scene.world.context, failed, scene.now)
    sim.go_on()
    assert (scene.queue.state(lost), scene.waiting()) == ("failed", {})


def test_it_is_given_up_after_a_day(scene: Scene, sim: Sim) -> None:
    alone(scene)
    sent = [scene.says(n, f"m{n}") for n in range(6)]
    for _ in range(40):
        sim.go_on(HOUR)
    assert {scene.queue.state(each) for each in sent} == {"failed"}
    assert scene.waiting() == {}
    assert max(each.again for each in scene.first.given) == len(UNSENT_STEPS)


@pytest.mark.parametrize("with_id", [True, False])
def test_a_repeated_receipt_of_the_first_try_changes_nothing(scene: Scene, sim: Sim, *, with_id: bool) -> None:
    sent = scene.says(1, "hello")
    sim.go_on()
    (first,) = scene.first.given
    again = Receipt(SMS, DeliveryState.FAILED, sent, try_of(first) if with_id else None, FailureKind.UNCLEAR)
    assert take_receipt(scene.world.context, again, scene.now)
    assert (scene.queue.state(sent), scene.waiting()) == ("queued", {SMS: 1})
    scene.go_on(2 * MINUTE)
    assert len(scene.first.given) == 2
    if with_id:
        assert take_receipt(scene.world.context, again, scene.now)
        assert scene.queue.state(sent) == "accepted"


def test_what_was_delivered_after_all_is_not_sent_again(scene: Scene, sim: Sim) -> None:
    sent = scene.says(1, "hello")
    sim.go_on()
    sim.tell(scene.first.given[0], DeliveryState.DELIVERED)
    assert (scene.queue.state(sent), scene.waiting()) == ("delivered", {})


@pytest.mark.parametrize("change", ["nothing", "sensitive", "another's phone", "an officer's", "erased"])
def test_nothing_leaves_again_that_might_harm(world: World, change: str) -> None:
    she = world.phone("+85512345678")
    she.writes(COMPLAINT)
    with world.store.transaction() as tx:
        contact = contacts.find(tx, Channel.SMS, "+85512345678")
        assert contact is not None
        hers = _M.c.id.in_([each.message_id for each in she.received])
        answer = tx.execute(select(_M.c.id, _M.c.case_id).where(hers, _M.c.case_id.is_not(None))).first()
        assert answer is not None
        if change == "sensitive":
            cases.change(tx, answer.case_id, sensitive="auto")
        if change == "another's phone":
            contacts.change(tx, contact.id, person_id=people.create(tx, world.now, display_name="x"))
            tx.execute(delete(_KC).where(_KC.c.case_id == answer.case_id))
        if change == "an officer's":
            contacts.change(tx, contact.id, staff_id=world.staff["chief"])
        if change == "erased":
            tx.execute(update(_M).where(_M.c.id == answer.id).values(text=None))
    take_receipt(
        world.context,
        Receipt(SMS, DeliveryState.FAILED, answer.id, f"out-{answer.id}", FailureKind.NO_CREDIT),
        world.now,
    )
    with world.store.reading() as tx:
        waits = tx.execute(select(_O.c.id).where(_O.c.message_id == answer.id)).first() is not None
    assert waits is (change == "nothing")


def test_what_goes_to_many_keeps_its_end_of_use(scene: Scene, sim: Sim) -> None:
    alone(scene)
    queue = Queue(scene.world.store)
    batch = queue.batch()
    with scene.world.store.transaction() as tx:
        batches.change(tx, batch, not_after=scene.now + 20 * MINUTE)
    sent = queue.add(7, "meeting at nine", lane=Lane.BULK, batch_id=batch)
    for _ in range(20):
        sim.go_on(MINUTE)
    assert [each.text for each in scene.first.given] == ["meeting at nine"] * 3
    assert scene.queue.state(sent) == "failed"


@pytest.mark.parametrize(("minutes", "leaves"), [(5, True), (90, False)])
def test_what_is_told_late_of_an_answer_without_a_case_sends_nothing(
    scene: Scene, sim: Sim, minutes: int, *, leaves: bool
) -> None:
    scene.first.answer = lambda each: SendResult.accepted(try_of(each))
    scene.says(1, "hello")
    scene.hand_over()
    scene.now += minutes * MINUTE
    sim.tell(scene.first.given[0], DeliveryState.FAILED)
    assert (scene.waiting() != {}) is leaves
