"""Case references: those made are right, what people type is mended, and one slip is caught."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.texts.references import ALPHABET, find_reference, is_valid, new_reference, within_one_slip

PREFIXES = ("LP", "RR")
KHMER, LAO = "០១២៣៤៥៦៧៨៩", "໐໑໒໓໔໕໖໗໘໙"
REFERENCES = st.builds(
    lambda prefix, seed: new_reference(prefix, Random(seed)), st.sampled_from(PREFIXES), st.integers()
)


def _in_digits(reference: str, digits: str) -> str:
    return "".join(digits[int(char)] if char.isdigit() else char for char in reference)


TYPED = {
    "lower case": str.lower,
    "no dashes": lambda reference: reference.replace("-", ""),
    "spaces": lambda reference: reference.replace("-", " ").lower(),
    "dots": lambda reference: reference.replace("-", "."),
    "a colon": lambda reference: reference.replace("-", ":", 1).replace("-", ""),
    "long dashes": lambda reference: reference.replace("-", "–"),
    "spaced dashes": lambda reference: reference.replace("-", " - "),
    "letters for digits": lambda reference: reference.replace("0", "O").replace("1", "l"),
    "Khmer digits": lambda reference: _in_digits(reference, KHMER),
    "Lao digits": lambda reference: _in_digits(reference, LAO),
}
SENTENCES = (
    "{}",
    "{} dol na hery",
    "រឿង {}",
    "ເລກ {} ຮອດໃສແລ້ວ",
    "លេខ{}នៅណា",
    "({})",
    "case no.{} pls",
    "is {}, 3 months",
)


@pytest.mark.parametrize("way", TYPED)
@given(reference=REFERENCES, sentence=st.sampled_from(SENTENCES))
def test_what_people_type_is_mended(way: str, reference: str, sentence: str) -> None:
    found = find_reference(sentence.format(TYPED[way](reference)), PREFIXES)
    assert found is not None
    assert (found.normalised, found.valid) == (reference, True)


@given(reference=REFERENCES, place=st.integers(0, 5), other=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_caught(reference: str, place: int, other: str) -> None:
    body = reference[3:].replace("-", "")
    if body[place] == other:
        return
    wrong = body[:place] + other + body[place + 1 :]
    typed = f"{reference[:3]}{wrong[:4]}-{wrong[4:]}"
    assert not is_valid(typed)
    assert within_one_slip(typed, reference)


def test_the_next_word_is_not_taken_into_a_reference_that_lacks_a_character() -> None:
    found = find_reference("my complaint LP 5T2 X8 i think", PREFIXES)
    assert found is not None
    assert found.typed == "LP 5T2 X8"
    assert not found.valid


@pytest.mark.parametrize("text", ["call 012 345 678", "help", "I am in LP 3 now", "15.000 kip", "PL"])
def test_other_things_are_no_reference(text: str) -> None:
    assert find_reference(text, PREFIXES) is None
