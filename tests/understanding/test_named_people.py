"""Whether a text names somebody, in Khmer, Lao and Latin letters, with slips, by initials, behind a title."""

import pytest

from understanding.persons.named_people import named_in
from understanding.wishes.withdrawing import says_withdraw

PEOPLE = (
    ("សុខ ដារ៉ា", "Sok Dara"),
    ("ສົມພອນ ວົງສາ", "Somphone Vongsa"),
    ("Chan Sophea", "Bopha"),
    ("chief",),
)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("លោក សុខដារ៉ា យកលុយខ្ញុំ", {0}),
        ("លោកដារ៉ា យកលុយ", {0}),
        ("sok dara took it", {0}),
        ("DARA SOK took it", {0}),
        ("sock daraa took it", {0}),
        ("S.D. took it", {0}),
        ("ស.ដ. យកលុយ", {0}),
        ("bong dara took it", {0}),
        ("ທ່ານສົມພອນ ເອົາເງິນ", {1}),
        ("ສົມພອນ ວົງສາ ເອົາເງິນ", {1}),
        ("ສ.ວ. ເອົາເງິນ", {1}),
        ("bopha took it", {2}),
        ("chan sophear and sok dara", {0, 2}),
        ("mr chief took it", {3}),
        ("the chief took it", set()),
        ("លុយអត់ទាន់ចូលទេ ៣ខែហើយ", set()),
        ("i want soda and sugar", set()),
        ("", set()),
    ],
)
def test_names_are_found(text: str, who: set[int]) -> None:
    assert named_in(text, PEOPLE) == who


def test_empty_names_are_nobodys() -> None:
    assert named_in("sok dara", (("",), (" ", "."))) == frozenset()


@pytest.mark.parametrize("text", ["ខ្ញុំលែងយកទៀតហើយ", "ຂໍຖອນເລື່ອງແດ່", "I don’t want it any more.", "Withdraw!"])
def test_a_matter_is_taken_back_by_a_whole_text(text: str) -> None:
    assert says_withdraw(text)


@pytest.mark.parametrize("text", ["ឈប់", "ຂໍຖອນເງິນ", "i cannot withdraw my money", "i want to withdraw cash", "", "no"])
def test_other_texts_take_nothing_back(text: str) -> None:
    assert not says_withdraw(text)
