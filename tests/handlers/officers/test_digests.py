"""The morning digest and the SMS to officers who are offline: what they say, to whom, and when they are silent."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.inbound import Channel
from domain.reading import Language
from domain.sending.segments import count_segments
from domain.settings import Level
from handlers.sweeps import digests
from storage.queries.casework import cases
from storage.queries.persons import contacts
from tests.handlers.officers.test_officers import COMPLAINT, complain
from tests.support.world import World
from wording import say

KM = Language.KM
MORNING = datetime(2026, 3, 4, 1, 5, tzinfo=UTC)
"""A Wednesday at five past eight in Cambodia."""


def in_the_morning(world: World, at: datetime = MORNING) -> int:
    world.now = at
    done = digests.send_digests(world.context, world.now)
    world.drain()
    return done


def due(world: World, reference: str, at: datetime) -> None:
    with world.store.transaction() as tx:
        case = cases.by_reference(tx, reference)
        assert case is not None
        cases.change(tx, case.id, due_at=at)


def test_the_morning_tells_what_lies_with_him(world: World) -> None:
    first, second, third = (complain(world, number=f"+8551200000{n}") for n in range(3))
    due(world, first, MORNING - timedelta(days=1))
    due(world, second, MORNING + timedelta(hours=3))
    officer = world.officer("facilitator")
    officer.writes(f"/take {third}")
    before = len(officer.texts)
    in_the_morning(world)
    (told,) = officer.texts[before:]
    assert told.splitlines() == [
        say("officer_digest", KM, new=2, today=1, overdue=1),
        say("officer_digest_numbers", KM, numbers="[1] [2] [3]", list="/cases"),
    ]
    assert first in officer.writes("/case 1")[0]


def test_nothing_is_told_where_nothing_lies(world: World) -> None:
    complain(world)
    chief = world.officer("chief")
    in_the_morning(world)
    assert chief.texts == []
    assert world.officer("neighbour").texts == []


def test_the_desk_is_told_of_messages_of_no_case_that_wait_to_be_read(world: World) -> None:
    world.phone().writes("asdf qwer")
    in_the_morning(world)
    assert world.officer("desk").texts[-1] == say("officer_digest_unsorted", KM, count=1)
    assert world.officer("staff").texts == []


def test_it_comes_once_a_day(world: World) -> None:
    complain(world)
    officer = world.officer("facilitator")
    assert in_the_morning(world) >= 1
    count = len(officer.texts)
    assert in_the_morning(world, MORNING + timedelta(minutes=30)) == 0
    assert len(officer.texts) == count
    assert in_the_morning(world, MORNING + timedelta(days=1)) >= 1


@pytest.mark.parametrize(
    "at",
    [MORNING - timedelta(minutes=10), MORNING + timedelta(hours=5), datetime(2026, 3, 7, 1, 5, tzinfo=UTC)],
    ids=["before the hour", "in the afternoon", "on a Saturday"],
)
def test_it_comes_only_in_the_morning_of_working_days(world: World, at: datetime) -> None:
    complain(world)
    assert in_the_morning(world, at) == 0


def test_nothing_in_it_harms_on_a_lock_screen(world: World) -> None:
    reference = complain(world)
    sensitive = complain(world, number="+85512000002")
    world.officer("facilitator").writes(f"/sensitive {sensitive}")
    for name in ("facilitator", "focal one", "focal two", "desk"):
        before = len(world.officer(name).texts)
        in_the_morning(world, MORNING)
        for text in world.officer(name).texts[before:]:
            for word in (reference, sensitive, COMPLAINT, "ស្រែខ្វាវ", "LP-", say("category_abuse", KM), name):
                assert word not in text
    assert world.officer("focal one").texts[-1] != ""
    assert not any(say("officer_digest", KM, new=1, today=0, overdue=0) in t for t in world.officer("focal one").texts)


def test_who_was_away_is_greeted_once(world: World) -> None:
    officer = world.officer("facilitator")
    officer.writes("/absent 3/3")
    in_the_morning(world)
    assert officer.texts[-1] == say("officer_present", KM)
    count = len(officer.texts)
    in_the_morning(world, MORNING + timedelta(days=1))
    assert len(officer.texts) == count


def test_who_is_away_is_told_nothing(world: World) -> None:
    complain(world)
    officer = world.officer("facilitator")
    officer.writes("/absent 10/3")
    count = len(officer.texts)
    in_the_morning(world)
    assert len(officer.texts) == count


@pytest.mark.parametrize("language", Language)
def test_by_sms_it_is_two_segments_at_most(world: World, language: Language) -> None:
    officer = world.add_officer("by sms", Level.FACILITATOR, "170107", language=language, channel=Channel.SMS)
    for n in range(7):
        complain(world, number=f"+8551200000{n}")
    in_the_morning(world)
    assert count_segments(officer.texts[-1]).segments <= 2
    assert say("officer_digest", language, new=7, today=0, overdue=0) in officer.texts[-1]


def with_both(world: World) -> tuple[str, object]:
    """Return a case of the facilitator, who has an SMS number besides Telegram, and that phone."""
    with world.store.transaction() as tx:
        contact = contacts.lock(tx, Channel.SMS, "+85577999999", now=world.now)
        contacts.change(tx, contact.id, staff_id=world.staff["facilitator"], language="km")
    return complain(world), world.phone("+85577999999")


def offline(world: World, **span: float) -> int:
    world.now += timedelta(**span)
    sent = digests.tell_offline(world.context, world.now)
    world.drain()
    return sent


def test_who_is_silent_for_days_gets_one_sms_with_number_and_category(world: World) -> None:
    _, phone = with_both(world)
    assert offline(world, hours=2) == 0
    assert offline(world, days=2, hours=1) == 1
    category = say("category_payment_missing", KM)
    assert phone.texts == [say("officer_waiting", KM, rows=f"[1] {category}")]  # type: ignore[attr-defined]
    assert offline(world, hours=3) == 0


def test_who_has_seen_it_gets_no_sms(world: World) -> None:
    _, phone = with_both(world)
    world.now += timedelta(hours=1)
    world.officer("facilitator").writes("/cases")
    assert offline(world, days=3) == 0
    assert phone.texts == []  # type: ignore[attr-defined]


def test_a_notice_that_failed_comes_by_sms_at_once(world: World) -> None:
    reference, phone = with_both(world)
    with world.store.transaction() as tx:
        tx.connection.exec_driver_sql("UPDATE message SET state = 'failed' WHERE key = 'officer_new'")
    assert offline(world, minutes=5) == 1
    assert reference not in phone.texts[0]  # type: ignore[attr-defined]


def test_what_was_taken_or_became_sensitive_meanwhile_comes_by_no_sms(world: World) -> None:
    reference, _ = with_both(world)
    other = complain(world, number="+85512000002")
    world.officer("chief").writes(f"/take {reference}")
    world.officer("chief").writes(f"/sensitive {other}")
    assert offline(world, days=3) == 0


def test_many_cases_come_in_one_sms_of_two_segments(world: World) -> None:
    _, phone = with_both(world)
    for n in range(9):
        complain(world, number=f"+8551200000{n}")
    assert offline(world, days=3) == 1
    (text,) = phone.texts  # type: ignore[attr-defined]
    assert count_segments(text).segments <= 2
