"""Parts of long SMS, cut and joined; and what the sent items mean: rules that need no daemon."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ports import DeliveryState, FailureKind
from domain.sending.segments import clusters, count_segments
from sms_gateway.gammu.parts import InboxRow, joined, parts_to_send, text_of
from sms_gateway.gammu.receipts import SentPart, meaning

NOW = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
NUMBER = "+85512345678"
TEXTS = st.text(st.sampled_from("ក្ខស្រី្ដំ៉ ເແໂາະກ່ ab[€ç👩🏽‍🌾\u0301\n"), max_size=600)


class TestParts:
    @given(TEXTS)
    def test_parts_fit_and_joined_give_back_the_text(self, text: str) -> None:
        parts = parts_to_send(text, 300)
        assert len(parts) == count_segments(text).segments
        assert "".join(text_of(part.text_hex) for part in parts) == text
        if len(parts) > 1:
            room = 153 if parts[0].coding == "Default_No_Compression" else 67
            assert all(_units(text_of(part.text_hex), part.coding) <= room for part in parts)
            assert parts[0].udh == f"0500032C{len(parts):02X}01"

    def test_cuts_fall_between_clusters_where_that_costs_nothing(self) -> None:
        pieces = [text_of(part.text_hex) for part in parts_to_send("ស្រី" * 20, 1)]
        assert [len(each) for each in pieces] == [64, 16]
        assert [cluster for each in pieces for cluster in clusters(each)] == clusters("ស្រី" * 20)

    def test_a_cut_never_costs_a_part_more(self) -> None:
        text = "ស្រី" * 33 + "កក"  # 134 units, two full parts; cut between clusters they would be three
        assert [len(part.text_hex) // 4 for part in parts_to_send(text, 1)] == [67, 67]

    @given(st.lists(TEXTS, min_size=1, max_size=4, unique=True), st.randoms())
    def test_what_is_cut_is_joined_in_whatever_order_and_doubled(self, texts: list[str], chance: Any) -> None:
        rows: list[InboxRow] = []
        for reference, text in enumerate(texts):
            some = [_row(0, part.udh, part.text_hex) for part in parts_to_send(text, reference)]
            rows += some + (some if chance.random() < 0.5 else [])
        chance.shuffle(rows)
        numbered = [replace(row, id=at) for at, row in enumerate(rows, start=1)]
        assert sorted(each.text for each in joined(numbered)) == sorted(texts)

    def test_a_reference_that_came_round_is_another_message(self) -> None:
        rows = [_row(at, f"0500030702{1 + at % 2:02X}", _hex(word)) for at, word in enumerate(["a", "b", "c", "d"])]
        assert [each.text for each in joined(rows)] == ["ab", "cd"]

    @pytest.mark.parametrize(
        ("udh", "texts"),
        [
            ("0608040102030{}", ["abc"]),  # sixteen bits
            ("030A0100", ["a", "b", "c"]),  # another element alone
            ("080A0100000307030{}", ["abc"]),  # after another element
            ("0A0A0301020300030703{:02}", ["abc"]),
            ("05000307000{}", ["a", "b", "c"]),  # none of none
            ("0500", ["a", "b", "c"]),
            ("zz", ["a", "b", "c"]),
            ("", ["a", "b", "c"]),
        ],
    )
    def test_headers_of_every_kind(self, udh: str, texts: list[str]) -> None:
        rows = [_row(at, udh.format(at), _hex("abc"[at - 1])) for at in (1, 2, 3)]
        assert [each.text for each in joined(rows)] == texts

    def test_what_cannot_be_read_is_a_replacement_character(self) -> None:
        assert [each.text for each in joined([_row(1, "", "0041D8"), _row(2, "", "xyz")])] == ["A\ufffd", "\ufffd"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], None),
        ([SentPart("Reserved")], None),
        ([SentPart("SendingOK")], (DeliveryState.SENT, None)),
        ([SentPart("SendingOKNoReport")], (DeliveryState.SENT, None)),
        ([SentPart("DeliveryPending", 0x30)], (DeliveryState.SENT, None)),
        ([SentPart("DeliveryUnknown")], (DeliveryState.SENT, None)),
        ([SentPart("DeliveryOK", 0)], (DeliveryState.DELIVERED, None)),
        ([SentPart("DeliveryOK", 0), SentPart("SendingOK")], (DeliveryState.SENT, None)),
        (
            [SentPart("DeliveryOK", 0), SentPart("DeliveryFailed", 0x46)],
            (DeliveryState.UNDELIVERED, FailureKind.EXPIRED),
        ),
        ([SentPart("DeliveryFailed", 0x43)], (DeliveryState.UNDELIVERED, FailureKind.BAD_ADDRESS)),
        ([SentPart("DeliveryFailed", 0x61)], (DeliveryState.UNDELIVERED, FailureKind.UNREACHABLE)),
        ([SentPart("DeliveryFailed", 0x51)], (DeliveryState.UNDELIVERED, FailureKind.UNCLEAR)),
        ([SentPart("SendingOK"), SentPart("SendingError")], (DeliveryState.FAILED, FailureKind.UNCLEAR)),
        ([SentPart("SendingError", -1, 310)], (DeliveryState.FAILED, FailureKind.CREDENTIALS)),
        ([SentPart("SendingError", -1, 331)], (DeliveryState.FAILED, FailureKind.PROVIDER_DOWN)),
        ([SentPart("Error", -1, 512)], (DeliveryState.FAILED, FailureKind.UNCLEAR)),
    ],
)
def test_sent_items_mean_what_the_table_says(parts: list[SentPart], said: object) -> None:
    assert meaning(parts) == said


def _row(row_id: int, udh: str, text_hex: str) -> InboxRow:
    return InboxRow(row_id, "2026-11-03 09:30:00", NOW, NUMBER, text_hex, udh=udh)


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex()


def _units(text: str, coding: str) -> int:
    return count_segments(text).units if coding == "Default_No_Compression" else len(text.encode("utf-16-be")) // 2
