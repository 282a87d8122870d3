"""Missed calls become call-backs: dialogue 9, and who is called, told and left in peace."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from domain.inbound import Channel, InboundKind
from storage import Store
from storage.queries.persons import contacts
from tests.support.world import Phone, World, new_world

SAID = {
    "km": ("យើងឃើញអ្នកខលមក។ យើងខលទៅវិញមុន 10/3។ មិនចង់ឲ្យខល តប 2។", "អរគុណ បានកត់ហើយ។"),
    "lo": ("ພວກເຮົາເຫັນທ່ານໂທມາ. ຈະໂທຄືນກ່ອນ 11/3. ບໍ່ຢາກໃຫ້ໂທ ຕອບ 2.", "ຂອບໃຈ ບັນທຶກແລ້ວ."),
}
WISH = {"km": "សុំខលមក អានមិនចេះ", "lo": "ຂໍໃຫ້ໂທມາ ອ່ານບໍ່ເປັນ"}
HUMAN = {
    "km": "បានទទួល។ លេខ R។ យើងខលទៅមុន 10/3។ ម៉ោងណាស្រួល? តបម៉ោង ឬមិនបាច់តប។",
    "lo": "ໄດ້ຮັບແລ້ວ. ເລກ R. ຈະໂທຫາກ່ອນ 11/3. ໂມງໃດສະດວກ? ຕອບໂມງ ຫຼື ບໍ່ຕອບກໍໄດ້.",
}
TWO = {"km": "២", "lo": "໒"}
CALLED, NOTED = SAID["km"]
COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
ABUSE = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"


def call(phone: Phone) -> list[str]:
    return phone.sends(InboundKind.CALL)


def rows(world: World, query: str) -> Sequence[Any]:
    with world.store.reading() as tx:
        return tx.execute(text(query)).all()


def case(world: World) -> Any:
    (found,) = rows(world, "SELECT * FROM grievance_case")
    return found


@pytest.mark.parametrize("language", ["km", "lo"])
def test_9_a_missed_call_and_a_wish_in_words(store: Store, language: str) -> None:
    world = new_world(store, "leap" if language == "km" else "rrpm")
    she = world.phone()
    assert call(she) == [SAID[language][0]]
    reference = case(world).reference
    assert (case(world).kind, case(world).level, bool(case(world).with_desk)) == ("question", "desk", True)
    assert reference in world.officer("desk").texts[-1]
    assert she.writes(WISH[language])[0] == HUMAN[language].replace("R", reference)
    assert len(rows(world, "SELECT id FROM grievance_case")) == 1


@pytest.mark.parametrize("language", ["km", "lo"])
def test_9_two_withdraws_the_wish(store: Store, language: str) -> None:
    world = new_world(store, "leap" if language == "km" else "rrpm")
    she = world.phone()
    call(she)
    assert she.writes(TWO[language]) == [SAID[language][1]]
    assert (case(world).status, case(world).outcome, bool(case(world).confirmed)) == ("closed", "withdrawn", True)
    world.pass_time(days=30)
    assert len(she.texts) == 2


def test_what_is_no_call_is_not_answered_as_one(world: World) -> None:
    assert world.phone().sends(InboundKind.OTHER, data="missed_call") != [CALLED]
    assert rows(world, "SELECT id FROM message WHERE kind = 'call'") == []


def test_a_second_call_joins_and_is_not_answered_again(world: World) -> None:
    she = world.phone()
    call(she)
    world.pass_time(minutes=10)
    assert call(she) == []
    assert len(rows(world, "SELECT id FROM message WHERE kind = 'call' AND case_id IS NOT NULL")) == 2
    world.pass_time(hours=1)
    assert call(she) == [CALLED]
    assert case(world).status == "new"


def test_one_says_that_the_call_is_welcome(world: World) -> None:
    she = world.phone()
    call(she)
    assert she.writes("1") == [NOTED]
    assert case(world).status == "new"


def test_an_hour_in_answer_is_kept(world: World) -> None:
    she = world.phone()
    call(she)
    assert she.writes("ព្រឹក ៨ ដល់ ១០") == [NOTED]
    assert case(world).call_hours in ([8, 10], "[8, 10]", "[8,10]")


def test_the_first_words_after_a_call_get_the_receipt(world: World) -> None:
    she = world.phone()
    call(she)
    receipt, notice = she.writes(COMPLAINT)
    assert case(world).reference in receipt
    assert "STOP" in notice
    assert (case(world).kind, case(world).category) == ("complaint", "payment_missing")
    assert bool(case(world).with_desk)


def test_two_after_words_withdraws_only_the_call(world: World) -> None:
    she = world.phone()
    she.writes(COMPLAINT)
    assert call(she) == [CALLED]
    assert she.writes("2") == [NOTED]
    assert case(world).status == "new"


def test_a_place_asked_for_before_the_call_is_still_taken(world: World) -> None:
    she = world.phone()
    she.writes(COMPLAINT)
    call(she)
    she.writes("ចារឈូក")
    assert case(world).area_id == world.areas["170101"]


def test_after_a_report_of_abuse_a_call_is_answered_alike_and_the_desk_learns_nothing(world: World) -> None:
    she, other = world.phone(), world.phone("+85512345679")
    she.writes(ABUSE)
    world.pass_time(hours=2)
    desk, focal = len(world.officer("desk").texts), len(world.officer("focal one").texts)
    assert call(she) == call(other) == [CALLED]
    assert len(world.officer("desk").texts) == desk + 1, "of the other only"
    assert len(world.officer("focal one").texts) == focal + 1
    assert rows(world, "SELECT id FROM message WHERE kind = 'call' AND text IS NOT NULL AND contact_point_id = "
                       "(SELECT contact_point_id FROM grievance_case WHERE sensitive IS NOT NULL)") == []  # fmt: skip
    assert she.writes("2") == other.writes("2") == [NOTED]
    (hers,) = rows(world, "SELECT status FROM grievance_case WHERE sensitive IS NOT NULL")
    assert hers.status == "new"


def test_abuse_told_after_a_call_is_taken_from_the_desk(world: World) -> None:
    she, other = world.phone(), world.phone("+85512345679")
    call(she)
    assert len(she.writes(ABUSE)) == len(other.writes(COMPLAINT)) == 2
    assert case_of(world, "sensitive IS NOT NULL").level == "focal"
    assert rows(world, "SELECT id FROM message WHERE direction = 'in' AND text LIKE '%ផ្ទះគាត់%'") == []


def case_of(world: World, where: str) -> Any:
    (found,) = rows(world, f"SELECT * FROM grievance_case WHERE {where}")
    return found


def test_a_call_after_stop_is_called_back_with_care_and_not_answered(world: World) -> None:
    she = world.phone()
    she.writes("ឈប់")
    assert call(she) == []
    assert "កុំនិយាយជាមួយអ្នកផ្សេង" in world.officer("desk").texts[-1]
    with world.store.reading() as tx:
        found = contacts.find(tx, Channel.SMS, she.address)
    assert found is not None
    assert found.stopped_at is not None


def test_an_officers_call_makes_no_case(world: World) -> None:
    assert call(world.officer("facilitator")) == []
    assert rows(world, "SELECT id FROM grievance_case") == []
    assert len(rows(world, "SELECT id FROM message WHERE kind = 'call'")) == 1


def test_a_hidden_number_is_kept_and_nobody_is_troubled(world: World) -> None:
    world.phone("").sends(InboundKind.CALL)
    assert world.officer("desk").texts == []
    assert len(rows(world, "SELECT id FROM message WHERE kind = 'call'")) == 1


def test_somebody_who_took_the_case_hears_that_the_call_is_off(world: World) -> None:
    she = world.phone()
    call(she)
    with world.store.transaction() as tx:
        tx.execute(text(f"UPDATE grievance_case SET taken_by = {world.staff['desk']}"))
    she.writes("2")
    assert case(world).reference in world.officer("desk").texts[-1]
    assert len(world.officer("desk").texts) == 2
