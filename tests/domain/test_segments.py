"""Counting and cutting SMS, against a slow rule of its own and with texts that nobody thought of."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.sending.segments import Encoding, SegmentCount, clusters, count_segments, cut, encoding_of

# 3GPP TS 23.038, 6.2.1: the table read row by row; ESC stands where the escape to the second table is.
TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
SECOND_TABLE = {"\f": 10, "^": 20, "{": 40, "}": 41, "\\": 47, "[": 60, "~": 61, "]": 62, "|": 64, "€": 101}
ESC = 27

LEADING, FOLLOWING, COENG = "ເແໂໃໄ", "ະາ", "\u17d2"
KHMER_LETTERS = [chr(code) for code in range(0x1780, 0x17B4)]
KHMER_SIGNS = [chr(code) for code in range(0x17B6, 0x17D4)]
LAO_CONSONANTS = "ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮໜໝ"
LAO_SIGNS = "ັິີຶືຸູົຼ່້໊໋໌ໍຳ"

khmer = st.text(st.sampled_from([*KHMER_LETTERS, *KHMER_SIGNS, *[COENG] * 20, " ", "\u200b"]))
lao = st.text(st.sampled_from([*LEADING * 4, *FOLLOWING * 4, *LAO_CONSONANTS, *LAO_SIGNS, " "]))
gsm7 = st.text(st.sampled_from([c for c in TABLE if c != "\x1b"] + list(SECOND_TABLE) * 3))
astral = st.text(st.sampled_from("👩🏽‍🌾🇰🇭👍a\u200d\ufe0f𐍈"))
anything = st.text()
texts = st.lists(khmer | lao | gsm7 | astral | anything, max_size=8).map("".join)
long_texts = st.tuples(texts, st.integers(1, 40)).map(lambda pair: pair[0] * pair[1])


def slow_count(text: str) -> SegmentCount:
    """Write the text as septets or UTF-16 units, then take parts off its front, never through a pair."""
    septets = [
        unit
        for character in text
        for unit in ([ESC, SECOND_TABLE[character]] if character in SECOND_TABLE else [TABLE.find(character)])
    ]
    if -1 not in septets and "\x1b" not in text:
        return SegmentCount(Encoding.GSM7, len(septets), slow_parts(septets, 160, 153, lambda unit: unit == ESC))
    encoded = text.encode("utf-16-be")
    units = [int.from_bytes(encoded[i : i + 2]) for i in range(0, len(encoded), 2)]
    return SegmentCount(Encoding.UCS2, len(units), slow_parts(units, 70, 67, lambda unit: 0xD800 <= unit < 0xDC00))


def slow_parts(units: list[int], single: int, room: int, opens_pair: Callable[[int], bool]) -> int:
    if len(units) <= single:
        return 1
    parts = 0
    while units:
        end = room - 1 if len(units) >= room and opens_pair(units[room - 1]) else room
        units, parts = units[end:], parts + 1
    return parts


@settings(deadline=None)
@given(long_texts)
@example("")
@example("a" * 160)
@example("a" * 161)
@example("€" * 80)
@example("€" * 81)
@example("a" + "€" * 80)
@example("ក" * 70)
@example("ក" * 71)
@example("ក" * 66 + "👍" * 5)
@example("\x1b")
def test_the_count_agrees_with_the_slow_rule(text: str) -> None:
    assert count_segments(text) == slow_count(text)
    assert encoding_of(text) is slow_count(text).encoding


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("a" * 306, Encoding.GSM7, 306, 2),
        ("a" * 307, Encoding.GSM7, 307, 3),
        ("a" * 152 + "€" + "a" * 152, Encoding.GSM7, 306, 3),  # the pair does not fit where one septet is left
        ("ខ្ញុំ" * 32, Encoding.UCS2, 160, 3),
        ("ກ" * 134, Encoding.UCS2, 134, 2),
        ("ກ" * 66 + "👍" + "ກ" * 66, Encoding.UCS2, 134, 3),  # nor a surrogate pair where one unit is left
        ("“quoted”", Encoding.UCS2, 8, 1),
    ],
)
def test_known_counts(text: str, encoding: Encoding, units: int, segments: int) -> None:
    assert count_segments(text) == SegmentCount(encoding, units, segments)


@given(texts)
def test_clusters_give_back_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text
    assert "" not in clusters(text)


@given(texts)
@example("ស្ត្រី")
@example("ເກາະແລະໂລກ")
@example("\u0600ເກ")
@example("ກ\u0eb0\u0ec8າ")
def test_no_cluster_ends_or_begins_where_a_reader_would_stumble(text: str) -> None:
    for before, after in pairwise(clusters(text)):
        assert before[-1] not in LEADING
        assert after[0] not in FOLLOWING
        assert not (before[-1] == COENG and after[0] in KHMER_LETTERS)
        assert not (after[0] == COENG and before[-1] in KHMER_LETTERS)


@settings(deadline=None)
@given(long_texts, st.integers(1, 6))
@example("ກ" * 66 + "ເກ", 1)
@example("ក" * 69 + "ស្ត្រី", 1)
@example("a" * 150 + "ក", 1)
@example("a" * 200 + "ក" * 100, 2)
@example("👍" * 100, 1)
def test_parts_give_back_the_text_and_keep_the_limit(text: str, max_segments: int) -> None:
    parts = cut(text, max_segments)
    assert "".join(parts) == text
    assert all(count_segments(part).segments <= max_segments for part in parts)
    assert parts == [text] or (len(parts) > 1 and "" not in parts)


@settings(deadline=None)
@given(long_texts, st.integers(1, 3))
def test_cuts_fall_between_clusters(text: str, max_segments: int) -> None:
    if any(count_segments(each).segments > max_segments for each in clusters(text)):
        return  # one that no message holds has to be cut inside
    ends = {0}
    for each in clusters(text):
        ends.add(max(ends) + len(each))
    at = 0
    for part in cut(text, max_segments):
        at += len(part)
        assert at in ends


@settings(deadline=None)
@given(long_texts, st.integers(1, 6))
def test_a_text_that_fits_is_not_cut(text: str, max_segments: int) -> None:
    if count_segments(text).segments <= max_segments:
        assert cut(text, max_segments) == [text]


def test_each_part_is_as_full_as_it_can_be() -> None:
    assert [len(part) for part in cut("ក" * 300, 2)] == [134, 134, 32]
    assert [len(part) for part in cut("a" * 400, 1)] == [160, 160, 80]


@pytest.mark.parametrize("monster", ["ກ" + "\u0ec8" * 500, "ເ" * 500, "👩" + "\u200d👩" * 300])
def test_a_cluster_that_no_message_holds_is_cut_inside(monster: str) -> None:
    text = f"before {monster} after"
    parts = cut(text, 1)
    assert "".join(parts) == text
    assert {count_segments(part).segments for part in parts} == {1}


def test_a_long_text_is_cut_in_one_pass() -> None:
    # Counting each part anew for every cluster would take hours here.
    text = "ខ្ញុំមិនទាន់បានទទួលប្រាក់ទេ" * 10_000
    assert cut(text, max_segments=100_000) == [text]
