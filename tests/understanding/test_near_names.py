"""Many names against many: the same pairs as one by one, in every script, whatever the blocks."""

import pytest

from understanding import same_name
from understanding.persons import near_names
from understanding.persons.near_names import NearNames

NAMES = (
    "សុខ សុភា", "សុខ សុភី", "សុខសុភា", "លោកស្រី សុខ សុភា", "ចាន់ ដារ៉ា", "ចាន់ តារា", "ນາງ ບຸນມີ", "ບຸນມີ", "ສົມສັກ ແກ້ວ", "ສົມສີ ແກ້ວ",
    "Sok Sophea", "Sophea Sok", "Suk Sophea", "Chan Vibol", "Chann Vibol", "Mr Chan Vibol", "12", "",
)  # fmt: skip


@pytest.mark.parametrize("least", [85.0, 90.0, 97.0, 100.0])
@pytest.mark.parametrize("block", [3, 1000])
def test_the_pairs_are_those_of_two_by_two(monkeypatch: pytest.MonkeyPatch, least: float, block: int) -> None:
    monkeypatch.setattr(near_names, "_BLOCK", block)
    expected = {
        (one, other)
        for one, first in enumerate(NAMES)
        for other, second in enumerate(NAMES)
        if round(same_name(first, second), 3) >= least
    }
    assert len(expected) > len(NAMES) - 2
    found = list(NearNames(NAMES).among(NAMES, least))
    assert {(one, other) for one, other, _ in found} == expected
    assert sorted(found) == sorted(NearNames(NAMES).within(least))
    for one, other, score in found:
        assert score == pytest.approx(same_name(NAMES[one], NAMES[other]), abs=0.01)
