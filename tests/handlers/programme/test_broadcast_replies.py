"""Answers to a broadcast that asked who comes, wishes apart from STOP, and numbers that are dead."""

from datetime import date, timedelta

from sqlalchemy import text

from domain.inbound import Channel
from domain.ports import FailureKind, SendResult
from handlers.broadcasts import gate, replies
from handlers.broadcasts.approval import approve
from handlers.broadcasts.gate import Draft
from handlers.sending import dispatch
from handlers.sweeps import batches as sweep
from storage.queries import areas
from storage.queries.persons import contacts, people
from tests.handlers.programme.test_reminders import beneficiary, local, paid
from tests.support.world import SMS, World

DAY = date(2026, 3, 12)
NUMBER = "+85512000001"


def asked(world: World, *, asks: bool = True) -> int:
    """Send a broadcast to the commune by hand of two members of staff, and return its number."""
    wanted = Draft(commune(world), {"km": "ប្រជុំថ្ងៃសុក្រ", "en": "Meeting"}, world.staff["staff"], asks_coming=asks)
    number, _ = gate.draft(world.context, wanted, world.now)
    approve(world.context, number, approver_id=world.staff["staff"], now=world.now)
    world.sweep()
    return number


def commune(world: World) -> dict[str, object]:
    with world.store.reading() as tx:
        return {"area": areas.by_id(tx, world.areas["170107"]).path}


def coming(world: World, number: int) -> tuple[int, int]:
    with world.store.reading() as tx:
        found = replies.counted(tx, number)
    return found["coming"], found["not_coming"]


def cases(world: World) -> int:
    with world.store.reading() as tx:
        return int(tx.execute(text("SELECT count(*) FROM grievance_case")).scalar_one())


def test_by_telegram_a_name_is_filled_in_and_an_unknown_placeholder_refused(world: World) -> None:
    person = beneficiary(world, NUMBER)
    with world.store.transaction() as tx:
        people.change(tx, person, name="សុភាព")
    member = world.officer("staff")
    (refused,) = member.writes("/broadcast ស្រែខ្វាវ អង្គរជុំ: សួស្ដី {nom}")
    assert "{nom} បំពេញមិនបានទេ" in refused
    (shown,) = member.writes("/broadcast ស្រែខ្វាវ អង្គរជុំ: សួស្ដី {name}")
    assert "«សួស្ដី សុភាព»" in shown
    member.taps(member.labels()[0])
    world.sweep()
    assert world.phone(NUMBER).texts == ["សួស្ដី សុភាព"]


def test_who_comes_is_counted_by_her_last_word_and_thanked(world: World) -> None:
    beneficiary(world, NUMBER)
    beneficiary(world, "+85512000002")
    number = asked(world)
    assert world.phone(NUMBER).writes("ចាស") == ["អរគុណ។ យើងកត់ទុកថាអ្នកនឹងមក។"]
    assert world.phone("+85512000002").writes("2") == ["អរគុណដែលបានប្រាប់។ យើងកត់ទុកថាអ្នកមកមិនបាន។"]
    assert coming(world, number) == (1, 1)
    world.phone(NUMBER).writes("ខ្ញុំមកអត់បានទេ")
    assert coming(world, number) == (0, 2)
    assert cases(world) == 0


def test_after_three_days_or_where_nothing_was_asked_it_goes_the_ordinary_way(world: World) -> None:
    beneficiary(world, NUMBER)
    first = asked(world)
    world.now += timedelta(hours=73)
    world.phone(NUMBER).writes("ចាស")
    assert coming(world, first) == (0, 0)
    second = asked(world, asks=False)
    world.phone(NUMBER).writes("ចាស")
    assert coming(world, first) == coming(world, second) == (0, 0)


def test_a_complaint_and_the_answer_to_a_question_are_never_taken_for_it(world: World) -> None:
    beneficiary(world, NUMBER)
    she, number = world.phone(NUMBER), 0
    she.writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    with world.store.transaction() as tx:
        tx.execute(text("UPDATE person SET area_id = :area"), {"area": world.areas["170107"]})
    number = asked(world)
    before = cases(world)
    she.writes("មេភូមិយកលុយរបស់ខ្ញុំ")
    assert cases(world) >= before == 1
    she.writes("លុយមិនទាន់មកដល់ខ្ញុំទេ សុំជួយផង")
    assert coming(world, number) == (0, 0)


def test_a_number_answers_what_was_asked_about_a_payment_not_who_comes(world: World) -> None:
    paid(world, beneficiary(world, NUMBER))
    local(world, DAY + timedelta(days=3), 9)
    number = asked(world)
    world.phone(NUMBER).writes("1")
    assert coming(world, number) == (0, 0)
    with world.store.reading() as tx:
        assert tx.execute(text("SELECT answer FROM round_recipient")).scalar() == "received"


def test_no_surveys_is_apart_from_reminders_and_taken_back(world: World) -> None:
    person = beneficiary(world, NUMBER)
    paid(world, person)
    she = world.phone(NUMBER)
    (said,) = she.writes("សុំកុំសួរទៀត")
    assert "មិនសួរ" in said
    local(world, DAY - timedelta(days=1), 9)
    assert len(she.texts) == 2
    local(world, DAY + timedelta(days=3), 9)
    assert len(she.texts) == 2
    she.writes("សួរខ្ញុំវិញបាន")
    local(world, DAY + timedelta(days=4), 9)
    with world.store.reading() as tx:
        assert people.by_id(tx, person).surveys is True


def test_no_money_withdraws_what_waits_and_lets_meetings_be(lao_world: World) -> None:
    world = lao_world
    person = beneficiary(world, "+85620550001", language="lo", area="090101")
    she = world.phone("+85620550001")
    (said,) = she.writes("ບໍ່ຕ້ອງເຕືອນເລື່ອງເງິນ")
    assert "ບໍ່ເຕືອນ" in said.replace("ຈະບໍ່ເຕືອນ", "ບໍ່ເຕືອນ")
    with world.store.reading() as tx:
        record = people.by_id(tx, person)
    assert record.money_reminders is False
    assert record.surveys is True
    she.writes("ເຕືອນເລື່ອງເງິນໄດ້")
    with world.store.reading() as tx:
        assert people.by_id(tx, person).money_reminders is True


def fail(world: World, why: FailureKind) -> int:
    """Let everything that waits fail for good, and count it."""
    claimed = dispatch.claim(world.context, SMS, world.now)
    results = [(each, SendResult.of(why)) for each in claimed]
    dispatch.record(world.context, SMS, results, world.now)
    return len(claimed)


def sent(world: World, why: FailureKind) -> int:
    draft = Draft(commune(world), {"km": "ok", "en": "ok"}, world.staff["staff"])
    try:
        number, _ = gate.draft(world.context, draft, world.now)
    except gate.BroadcastFault:
        return 0
    approve(world.context, number, approver_id=world.staff["staff"], now=world.now)
    sweep.lay_out_all(world.context, world.now)
    return fail(world, why)


def dead(world: World) -> bool:
    with world.store.reading() as tx:
        found = contacts.find(tx, Channel.SMS, NUMBER)
        assert found is not None
        return (
            tx.execute(text("SELECT dead_at FROM contact_point WHERE id = :id"), {"id": found.id}).scalar() is not None
        )


def test_a_number_that_is_not_there_twice_is_dead_until_she_writes(world: World) -> None:
    beneficiary(world, NUMBER)
    assert sent(world, FailureKind.BAD_ADDRESS) == 1
    assert not dead(world)
    assert sent(world, FailureKind.LANDLINE) == 1
    assert dead(world)
    assert sent(world, FailureKind.BAD_ADDRESS) == 0
    world.phone(NUMBER).writes("ចាស")
    assert not dead(world)
    world.now += timedelta(minutes=1)
    assert sent(world, FailureKind.BAD_ADDRESS) == 1
    assert not dead(world)


def test_a_phone_that_is_off_for_a_month_is_dead(world: World) -> None:
    beneficiary(world, NUMBER)
    for _ in range(2):
        assert sent(world, FailureKind.EXPIRED) == 1
        world.now += timedelta(days=16)
    assert not dead(world)
    assert sent(world, FailureKind.EXPIRED) == 1
    assert dead(world)
