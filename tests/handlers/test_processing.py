"""Intake and processing: nothing is lost, nothing happens twice, one person's messages are taken in order."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import event, text

from domain.inbound import LONGEST_ID, Channel, Inbound, InboundKind
from handlers import conversation
from handlers.incoming.intake import receive, take_in
from handlers.incoming.processing import process_due, process_sender
from storage.queries.casework import caseload
from storage.queries.persons import inbound
from tests.support.world import SMS, World

COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
NUMBER = "+85512345678"


def item(world: World, provider_id: str = "SM1", text: str = COMPLAINT, address: str = NUMBER) -> Inbound:
    return Inbound(SMS, Channel.SMS, provider_id, address, InboundKind.TEXT, world.now, text=text)


def count(world: World, table: str, where: str = "1=1") -> int:
    with world.store.reading() as tx:
        return int(tx.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one())


def test_a_repeat_changes_nothing(world: World) -> None:
    assert receive(world.context, item(world), world.now).new
    assert not receive(world.context, item(world), world.now).new
    assert (count(world, "grievance_case"), count(world, "inbound"), count(world, "outbox")) == (1, 1, 2)


def test_the_same_id_from_another_gateway_is_another_message(world: World) -> None:
    receive(world.context, item(world), world.now)
    world.pass_time(hours=1)
    other = replace(item(world), gateway="other")
    assert receive(world.context, other, world.now).new


@pytest.mark.parametrize(
    "id_", ["x" * 500, "half \ud83d a pair", "a\x00b", ""], ids=["long", "half a pair", "nul", "none"]
)
def test_whatever_a_provider_calls_a_message_it_is_kept_once(world: World, id_: str) -> None:
    named = replace(item(world), provider_id=id_)
    assert receive(world.context, named, world.now).new
    assert not receive(world.context, named, world.now).new
    assert receive(world.context, replace(named, provider_id=f"{id_}y"), world.now).new
    assert len(named.cleaned().provider_id) <= LONGEST_ID
    assert count(world, "inbound") == 2


def test_what_is_stored_is_processed_by_the_sweep(world: World) -> None:
    take_in(world.context, item(world), world.now)
    assert count(world, "grievance_case") == 0
    assert process_due(world.context, world.now) == 1
    assert count(world, "grievance_case") == 1
    assert process_due(world.context, world.now) == 0


def test_the_payload_goes_once_it_is_processed(world: World) -> None:
    receive(world.context, item(world), world.now)
    assert count(world, "inbound", "payload IS NULL AND processed_at IS NOT NULL") == 1


def test_messages_of_one_person_are_processed_in_order(world: World) -> None:
    for number, words in enumerate(("លុយអត់ទាន់ចូលទេ", "ចារឈូក", "ឈប់"), start=1):
        take_in(world.context, item(world, f"SM{number}", words), world.now)
    process_due(world.context, world.now)
    with world.store.reading() as tx:
        assert caseload.listed(tx, 10)[0].area_id == world.areas["170101"]
        assert inbound.count_waiting(tx) == 0


class Broken(Exception):
    """Something that goes wrong while processing."""


def test_what_cannot_be_processed_is_tried_again_and_then_told(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise Broken(COMPLAINT)

    monkeypatch.setattr(conversation, "handle", broken)
    she = world.phone(NUMBER)
    assert she.writes(COMPLAINT) == []
    assert she.writes("second") == []
    world.pass_time(seconds=4)
    assert world.phone(NUMBER).texts == []
    world.pass_time(seconds=6)
    world.pass_time(seconds=31)
    assert len(she.texts) == 1
    assert len(world.officer("desk").texts) == 1
    assert count(world, "message", "kind = 'unsorted' AND sealed_text IS NOT NULL AND text IS NULL") == 1
    assert COMPLAINT not in caplog.text
    assert NUMBER not in caplog.text
    monkeypatch.undo()
    world.pass_time(seconds=60)
    assert count(world, "inbound", "processed_at IS NULL") == 0


def test_a_fault_leaves_nothing_half_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = inbound.finish

    def broken(*_: object) -> None:
        raise Broken

    monkeypatch.setattr(inbound, "finish", broken)
    receive(world.context, item(world), world.now)
    assert (count(world, "grievance_case"), count(world, "outbox"), count(world, "question")) == (0, 0, 0)
    monkeypatch.setattr(inbound, "finish", real)
    world.pass_time(seconds=6)
    assert count(world, "grievance_case") == 1


def test_two_messages_of_one_person_at_once_make_one_case(world: World) -> None:
    for number in range(1, 9):
        take_in(world.context, item(world, f"SM{number}", f"{COMPLAINT} {number}"), world.now)
    with world.store.reading() as tx:
        sender = inbound.senders_due(tx, world.now, 10)[0]
    threads = [threading.Thread(target=process_sender, args=(world.context, sender, world.now)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(world, "grievance_case") == 1
    assert count(world, "message", "direction = 'in'") == 8


def test_many_people_at_once(world: World) -> None:
    def send(number: int) -> None:
        receive(world.context, item(world, f"SM{number}", COMPLAINT, f"+855123456{number:02}"), world.now)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    process_due(world.context, world.now)
    assert count(world, "grievance_case") == 16
    assert count(world, "inbound", "processed_at IS NULL") == 0


@pytest.mark.parametrize(
    ("text_", "most"), [(COMPLAINT, 36), ("1", 13), ("LP-7K3M-9Q", 14), ("ឈប់", 20), ("ជំរាបសួរ", 16)]
)
def test_queries_and_commits_of_a_message_are_counted(world: World, text_: str, most: int) -> None:
    world.context.settings  # noqa: B018 - read before the count begins
    world.phone("+85599000001").writes(COMPLAINT)
    statements, commits = [], []

    def executed(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    def committed(_c: object) -> None:
        commits.append(1)

    event.listen(world.store.engine, "before_cursor_execute", executed)
    event.listen(world.store.engine, "commit", committed)
    receive(world.context, item(world, text=text_), world.now)
    event.remove(world.store.engine, "before_cursor_execute", executed)
    event.remove(world.store.engine, "commit", committed)
    assert len(statements) <= most, "\n".join(statements)
    assert len(commits) <= 3


def test_many_cases_of_one_officer_at_once_get_a_number_each(world: World) -> None:
    def complain(number: int) -> None:
        address = f"+855123457{number:02}"
        receive(world.context, item(world, f"SM{number}a", COMPLAINT, address), world.now)
        receive(world.context, item(world, f"SM{number}b", "ចារឈូក", address), world.now)

    threads = [threading.Thread(target=complain, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(world, "inbound", "processed_at IS NULL OR fault IS NOT NULL") == 0
    neighbour = world.staff["neighbour"]
    assert count(world, "case_number", f"staff_id = {neighbour}") == 12
