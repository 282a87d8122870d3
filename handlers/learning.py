"""Learning from what officers corrected: a model is proposed with its figures, and used once a person adopts it.

No text of a sensitive case is looked at, and what fewer than five persons wrote (a name, a place) never
enters the vocabulary of a model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.reading import Category, Intent, Language, Script
from handlers.context import Context
from storage.queries import audit, learning
from storage.queries.learning import CorrectedText, ModelRecord
from understanding.learning.compare import Comparison, compare
from understanding.learning.fit import CORRECTED, Recipe, Taken
from understanding.learning.folds import fitted
from understanding.learning.messages import Message
from understanding.model import ModelFault, load

_MOST = 5_000
_FEWEST = 20
"""With fewer corrections no difference between two models could be told from chance."""


class LearningFault(Exception):
    """What was asked for cannot be done; the text names the remedy."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A model that waits for a person's decision, and how it compares with the one in use."""

    id: int
    corrected: int
    comparison: Comparison


def propose(
    context: Context,
    base: Sequence[Message],
    now: datetime,
    *,
    folds: int = 3,
    fewest: int = _FEWEST,
    told: Callable[[str], None] = lambda _: None,
) -> Proposal:
    """Fit a model to the base messages and the corrected texts, compare it with one without them, and keep it.

    Raises `LearningFault` where too few cases were corrected.
    """
    with context.store.reading() as tx:
        extra = [message for text in learning.corrected(tx, most=_MOST) if (message := _message(text)) is not None]
    if len(extra) < fewest:
        raise LearningFault(
            f"{len(extra)} cases were corrected by officers so far, {fewest} are needed; "
            "they correct with /category, and sensitive cases do not count"
        )
    taken, recipe = Taken(context.settings.prefix), Recipe()
    comparison = compare(base, extra, taken, recipe, folds, told=told)
    model = fitted([*base, *extra], taken, recipe, told=told)
    with context.store.transaction() as tx:
        number = learning.propose(
            tx, data=model.saved(), corrected_count=len(extra), figures=comparison.plain(), now=now
        )
        audit.add(tx, "model.proposed", actor="staff", now=now, data={"model": number, "corrected": len(extra)})
    return Proposal(number, len(extra), comparison)


def adopt(context: Context, number: int, now: datetime) -> None:
    """Put a proposed model to use. Raises `LearningFault` where there is none, or this version cannot use it."""
    with context.store.transaction() as tx:
        if learning.by_id(tx, number) is None:
            raise LearningFault(f"there is no model {number}; `samleng understand models` lists them")
        try:
            load(learning.data_of(tx, number), name=f"model {number}")
        except ModelFault as fault:
            raise LearningFault(str(fault)) from fault
        learning.adopt(tx, number, now)
        audit.add(tx, "model.adopted", actor="staff", now=now, data={"model": number})


def retire(context: Context, now: datetime) -> None:
    """Go back to the model that comes with the program. Raises `LearningFault` where it is in use already."""
    with context.store.transaction() as tx:
        number = learning.adopted(tx)
        if number is None:
            raise LearningFault("the model that comes with the program is in use already")
        learning.retire(tx, now)
        audit.add(tx, "model.retired", actor="staff", now=now, data={"model": number})


def models(context: Context) -> list[ModelRecord]:
    """Return the models that were learned here, newest first."""
    with context.store.reading() as tx:
        return learning.models(tx)


def _message(corrected: CorrectedText) -> Message | None:
    """Return a corrected text as a labelled message; None where it was read as nothing that has a category."""
    reading: dict[str, Any] = corrected.reading
    intent = Intent(reading["intent"])
    if corrected.category == Category.ABUSE or intent not in _ABOUT_SOMETHING:
        return None
    return Message(
        corrected.text,
        Language(corrected.language),
        Script(reading["script"]),
        intent,
        Category(corrected.category),
        sensitive=False,
        writer=CORRECTED,
        theme=str(corrected.person_id),
    )


_ABOUT_SOMETHING = frozenset({Intent.COMPLAINT, Intent.QUESTION, Intent.FEEDBACK})
