"""Learning from corrected cases: what is learned from, what never is, and that a person decides."""

import re
from datetime import timedelta

import pytest

from domain.reading import Category, Language
from handlers import learning
from handlers.learning import LearningFault
from storage.queries import learning as rows
from tests.support.world import World
from understanding.learning.messages import Message, packaged

REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")
BASE: list[Message] = [m for m in packaged() if m.writer in ("km1", "km2", "kx1", "kx2")][::12]
TEXTS = ("លុយអត់ទាន់ចូលទេ ៣ខែហើយ", "ផ្លូវចូលភូមិខូចអស់ហើយ", "អណ្ដូងថ្មីស្ងួត", "ឈ្មោះកូនខ្ញុំអត់មានក្នុងបញ្ជី")


def correct(world: World, text: str, category: Category, number: int) -> str:
    phone = world.phone(f"+8551200001{number:02}")
    reference = REFERENCE.findall(phone.writes(text)[0])[0]
    phone.writes("ស្រែខ្វាវ អង្គរជុំ")
    world.officer("facilitator").writes(f"/category {reference} {category}")
    return str(reference)


def learned_texts(world: World) -> set[str]:
    with world.store.reading() as tx:
        return {each.text for each in rows.corrected(tx, most=100)}


def test_only_what_an_officer_corrected_is_learned_from(world: World) -> None:
    correct(world, TEXTS[0], Category.PAYMENT_ACCESS, 1)
    world.phone("+85512000199").writes(TEXTS[1])
    assert learned_texts(world) == {TEXTS[0]}


def test_no_text_of_a_case_that_is_or_ever_was_sensitive_is_looked_at(world: World) -> None:
    now_sensitive = correct(world, TEXTS[0], Category.OTHER, 1)
    world.officer("facilitator").writes(f"/sensitive {now_sensitive}")
    released = correct(world, TEXTS[1], Category.OTHER, 2)
    world.officer("facilitator").writes(f"/sensitive {released}")
    world.officer("focal one").writes(f"/release {released} it was a mistake")
    correct(world, TEXTS[2], Category.ABUSE, 3)
    assert learned_texts(world) == set()


def test_too_few_corrections_are_refused_with_what_is_missing(world: World) -> None:
    correct(world, TEXTS[0], Category.PAYMENT_ACCESS, 1)
    with pytest.raises(LearningFault, match=r"1 cases were corrected .* 20 are needed"):
        learning.propose(world.context, BASE, world.now)


def test_a_model_is_proposed_compared_and_used_only_once_adopted(world: World) -> None:
    for number, text in enumerate(TEXTS):
        correct(world, text, Category.MEETING, number)
    before = world.context.read(TEXTS[0], Language.KM)
    told: list[str] = []
    proposal = learning.propose(world.context, BASE, world.now, folds=2, fewest=4, told=told.append)
    figures = proposal.comparison.plain()
    assert figures["corrected_category"]["n"] == 4
    assert figures["base_intent"]["n"] == len(BASE)
    assert told
    assert world.context.read(TEXTS[0], Language.KM) == before

    learning.adopt(world.context, proposal.id, world.now)
    world.context._read_at -= 60
    after = world.context.read(TEXTS[0], Language.KM)
    assert after.confidence != before.confidence
    learning.retire(world.context, world.now + timedelta(hours=1))
    world.context._read_at -= 60
    assert world.context.read(TEXTS[0], Language.KM) == before
    assert [model.state for model in learning.models(world.context)] == ["retired"]


def test_what_cannot_be_decided_is_said(world: World) -> None:
    with pytest.raises(LearningFault, match="no model 7"):
        learning.adopt(world.context, 7, world.now)
    with pytest.raises(LearningFault, match="in use already"):
        learning.retire(world.context, world.now)


def test_a_model_of_another_version_is_not_used(world: World) -> None:
    with world.store.transaction() as tx:
        number = rows.propose(tx, data=b"old", corrected_count=0, figures={}, now=world.now)
    with pytest.raises(LearningFault, match="cannot be read as a model"):
        learning.adopt(world.context, number, world.now)
    with world.store.transaction() as tx:
        rows.adopt(tx, number, world.now)
    world.context._read_at -= 60
    assert world.context.read(TEXTS[0], Language.KM).category is Category.PAYMENT_MISSING
