"""A village far off the others is found by an exact test, and a small or a common difference is not."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outlying import CHANCE, Answers, chance_of, far_off

counts = st.integers(0, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


def test_the_chance_is_that_of_drawing_without_putting_back() -> None:
    """Of ten answers three are noes; five are drawn: all three among them with 1 in 12."""
    assert chance_of(Answers(5, 3), Answers(5, 0)) == pytest.approx(comb(7, 2) / comb(10, 5))


@given(counts, counts)
def test_a_chance_is_one_and_falls_with_each_no(here: tuple[int, int], others: tuple[int, int]) -> None:
    chance = chance_of(Answers(*here), Answers(*others))
    assert 0 < chance <= 1 + 1e-12
    if here[1]:
        assert chance_of(Answers(here[0], 0), Answers(*others)) >= chance - 1e-12


@pytest.mark.parametrize(
    ("villages", "found"),
    [
        ({"a": Answers(8, 7), "b": Answers(20, 1), "c": Answers(20, 1)}, ["a"]),
        ({"a": Answers(4, 4), "b": Answers(40, 0)}, []),
        ({"a": Answers(8, 8)}, []),
        ({"a": Answers(8, 8), "b": Answers(4, 0)}, []),
        ({"a": Answers(10, 5), "b": Answers(40, 10)}, []),
        ({"a": Answers(6, 2), "b": Answers(30, 3)}, []),
        ({"a": Answers(20, 0), "b": Answers(20, 0)}, []),
        ({"a": Answers(20, 20), "b": Answers(20, 20)}, []),
    ],
)
def test_who_is_far_off(villages: dict[str, Answers], found: list[str]) -> None:
    assert far_off(villages) == found


@given(st.dictionaries(st.integers(), counts, max_size=6))
def test_whoever_is_far_off_is_so_by_all_three_measures(given_: dict[int, tuple[int, int]]) -> None:
    villages = {key: Answers(*each) for key, each in given_.items()}
    for key in far_off(villages):
        here = villages[key]
        others = Answers(
            sum(e.answered for e in villages.values()) - here.answered,
            sum(e.noes for e in villages.values()) - here.noes,
        )
        assert here.answered >= 5
        assert here.noes / here.answered >= 3 * others.noes / others.answered - 1e-9
        assert chance_of(here, others) < CHANCE
