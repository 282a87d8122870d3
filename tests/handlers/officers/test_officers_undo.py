"""Taking back: within five minutes, while the person has not been told and nothing has gone on since."""

import pytest

from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level
from storage.queries.casework import cases
from storage.queries.programme import rounds
from tests.handlers.officers.test_officers import complain, status_of
from tests.support.programme import DAY, beneficiary, local, paid
from tests.support.world import World
from wording import say


def case_of(world: World, reference: str) -> cases.CaseRecord:
    with world.store.reading() as tx:
        found = cases.by_reference(tx, reference)
    assert found is not None
    return found


def later(world: World, seconds: float) -> None:
    """Let time pass and deliver what is due, without any sweep."""
    from datetime import timedelta

    world.now += timedelta(seconds=seconds)
    world.drain()


@pytest.mark.parametrize("command", ["resolve", "reject"])
def test_a_decision_taken_back_in_time_never_reaches_her(world: World, command: str) -> None:
    reference = complain(world)
    officer, she = world.officer("facilitator"), world.phone()
    before, heard = case_of(world, reference), len(she.texts)
    officer.writes(f"/{command} 1 បើកប្រាក់ហើយ")
    assert status_of(world, reference)[0] == "resolved"
    assert officer.writes("/undo") == [say("officer_undone", Language.KM, ref=reference)]
    assert case_of(world, reference) == before
    later(world, 3600)
    assert len(she.texts) == heard
    assert officer.writes("/undo") == [say("officer_undo_none", Language.KM)]


def test_the_answer_has_a_button_that_takes_back(world: World) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    officer.writes("/resolve 1 បើកប្រាក់ហើយ")
    assert officer.received[-1].buttons[-1][0].label == say("button_undo", Language.KM)
    assert officer.taps(say("button_undo", Language.KM)) == [say("officer_undone", Language.KM, ref=reference)]
    assert status_of(world, reference) == ("new", "facilitator")
    assert officer.taps(say("button_undo", Language.KM)) == [say("officer_undo_none", Language.KM)]


def test_what_the_person_was_told_cannot_be_taken_back(world: World) -> None:
    reference = complain(world)
    officer, she = world.officer("facilitator"), world.phone()
    officer.writes("/resolve 1 បើកប្រាក់ហើយ")
    later(world, 61)
    assert any("បើកប្រាក់ហើយ" in text for text in she.texts)
    assert officer.writes("/undo") == [say("officer_undo_left", Language.KM, ref=reference)]
    assert status_of(world, reference)[0] == "resolved"


def test_a_transfer_comes_back_with_the_notice(world: World) -> None:
    reference = complain(world)
    officer, neighbour = world.officer("district"), world.officer("neighbour")
    before = case_of(world, reference)
    officer.writes(f"/transfer {reference} ចារឈូក")
    assert any(reference in text for text in neighbour.texts)
    officer.writes("/undo")
    assert case_of(world, reference) == before
    assert {each.message_id for each in world.deleted} & {each.message_id for each in neighbour.received}
    assert reference not in "".join(neighbour.writes("/cases"))


def test_who_transferred_out_of_his_own_sight_can_take_it_back(world: World) -> None:
    reference = complain(world)
    officer = world.officer("facilitator")
    officer.writes("/transfer 1 ចារឈូក")
    assert reference not in "".join(officer.writes("/cases"))
    officer.writes("/undo")
    assert status_of(world, reference) == ("new", "facilitator")
    assert reference in "".join(officer.writes("/cases"))


def test_what_has_gone_on_since_is_not_taken_back(world: World) -> None:
    reference = complain(world)
    world.officer("district").writes(f"/transfer {reference} ចារឈូក")
    world.officer("neighbour").writes(f"/take {reference}")
    answer = say("officer_undo_gone_on", Language.KM, ref=reference)
    assert world.officer("district").writes("/undo") == [answer]
    assert status_of(world, reference)[0] == "in_progress"


def test_after_five_minutes_nothing_is_taken_back(world: World) -> None:
    reference = complain(world)
    world.officer("district").writes(f"/transfer {reference} ចារឈូក")
    later(world, 301)
    assert world.officer("district").writes("/undo") == [say("officer_undo_none", Language.KM)]


def test_nobody_takes_back_what_another_did(world: World) -> None:
    reference = complain(world)
    world.officer("facilitator").writes("/resolve 1 បើកប្រាក់ហើយ")
    tapped = world.officer("facilitator").received[-1].buttons[-1][0].data
    from domain.inbound import InboundKind

    assert world.officer("district").writes("/undo") == [say("officer_undo_none", Language.KM)]
    world.officer("district").sends(InboundKind.TAP, data=tapped)
    assert status_of(world, reference)[0] == "resolved"


def test_nothing_refused_can_be_taken_back(world: World) -> None:
    complain(world)
    officer = world.officer("facilitator")
    officer.writes("/resolve 1 partly")
    assert not officer.received[-1].buttons
    assert officer.writes("/undo") == [say("officer_undo_none", Language.KM)]


def test_by_sms_the_answer_waits_while_the_code_is_on_its_way(world: World) -> None:
    import re

    officer = world.add_officer("by sms", Level.FACILITATOR, "170107", language=Language.EN, channel=Channel.SMS)
    reference, she = complain(world), world.phone()
    heard = len(she.texts)

    def code(words: str) -> str:
        return re.findall(r"\b\d{4}\b", officer.writes(words)[0].replace(reference, ""))[0]

    officer.writes(code("resolve 1 paid on Friday"))
    assert status_of(world, reference)[0] == "resolved"
    later(world, 40)
    given = code("undo")
    later(world, 60)
    assert len(she.texts) == heard
    assert officer.writes(given) == [say("officer_undone", Language.EN, ref=reference)]
    later(world, 3600)
    assert len(she.texts) == heard
    assert status_of(world, reference)[0] == "new"


def test_the_case_that_waited_for_her_waits_again(world: World) -> None:
    reference = complain(world)
    officer, she = world.officer("facilitator"), world.phone()
    officer.writes("/ask 1 តើខែណា?")
    later(world, 61)
    officer.writes("/resolve 1 បើកប្រាក់ហើយ")
    officer.writes("/undo")
    assert status_of(world, reference)[0] == "awaiting"
    she.writes("ខែមករា")
    assert status_of(world, reference)[0] == "in_progress"


def test_nothing_waits_for_her_after_it_was_taken_back(world: World) -> None:
    complain(world)
    officer = world.officer("facilitator")
    officer.writes("/reject 1 មិនមែនគម្រោងយើង")
    officer.writes("/undo")
    with world.store.reading() as tx:
        assert tx.connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE action = 'send'").scalar() == 0


def test_a_decision_of_what_became_sensitive_meanwhile_never_leaves(world: World) -> None:
    reference, she = complain(world), world.phone()
    heard = len(she.texts)
    world.officer("facilitator").writes("/resolve 1 បើកប្រាក់ហើយ")
    world.officer("facilitator").writes(f"/sensitive {reference}")
    later(world, 3600)
    assert len(she.texts) == heard
    assert world.officer("facilitator").writes("/undo") == [say("officer_undo_none", Language.KM)]


@pytest.mark.parametrize("word", ["unpaid", "មិនទាន់", "ຍັງ"])
def test_that_a_round_was_paid_is_taken_back_by_a_word(world: World, word: str) -> None:
    paid(world, beneficiary(world, "+85512100001"))
    local(world, DAY, 15)
    staff = world.officer("staff")
    assert staff.writes(f"/round r3 {word}") == [say("staff_round_wrong", Language.KM, code="r3")]
    assert staff.writes("ជុំ r3 ហើយ") == [say("staff_round_paid", Language.KM)]
    assert staff.writes(f"/round r3 {word}") == [say("staff_round_unpaid", Language.KM)]
    with world.store.reading() as tx:
        found = rounds.round_by_code(tx, "r3")
    assert found is not None
    assert found.state == "planned"


def test_what_comes_back_goes_on_where_its_officer_has_gone(world: World) -> None:
    from handlers.staffing import leaving

    reference = complain(world)
    world.officer("district").writes(f"/transfer {reference} ចារឈូក")
    leaving.deactivate(world.context, world.staff["facilitator"], world.now)
    world.officer("district").writes("/undo")
    assert status_of(world, reference) == ("new", "commune")
    assert any(reference in text for text in world.officer("chief").texts)


def test_who_holds_no_post_any_more_takes_nothing_back(world: World) -> None:
    from storage.queries.staffing import staff

    reference = complain(world)
    officer = world.officer("facilitator")
    officer.writes("/resolve 1 បើកប្រាក់ហើយ")
    with world.store.transaction() as tx:
        staff.leave_posts(tx, world.staff["facilitator"], world.now)
    officer.taps(say("button_undo", Language.KM))
    assert status_of(world, reference)[0] == "resolved"
