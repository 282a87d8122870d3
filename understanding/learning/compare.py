"""Before and after: what learning from corrected texts changes, on texts that neither model has seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from understanding.learning.figures import Judged, Share, judge
from understanding.learning.fit import Recipe, Taken, fit
from understanding.learning.folds import split
from understanding.learning.messages import Message
from understanding.model import Model
from understanding.reader import read


@dataclass(frozen=True, slots=True)
class Pair:
    """One share before and after."""

    before: Share
    after: Share


@dataclass(frozen=True, slots=True)
class Comparison:
    """Categories and intents of `corrected` texts and of the `base` messages, and reports of harm found among these."""

    corrected_category: Pair
    base_category: Pair
    base_intent: Pair
    base_sensitive: Pair

    def plain(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        pairs = {
            "corrected_category": self.corrected_category,
            "base_category": self.base_category,
            "base_intent": self.base_intent,
            "base_sensitive": self.base_sensitive,
        }
        return {
            name: {"before": pair.before.value, "after": pair.after.value, "n": pair.after.of}
            for name, pair in pairs.items()
        }


def compare(
    base: Sequence[Message],
    extra: Sequence[Message],
    taken: Taken,
    recipe: Recipe,
    folds: int,
    *,
    told: Callable[[str], None] = lambda _: None,
) -> Comparison:
    """Judge models with and without the extra messages by writers, and by corrected texts, that they have not seen."""
    before: list[Judged] = []
    after: list[Judged] = []
    for number, (known, unseen) in enumerate(split(base, folds), start=1):
        told(f"comparing, part {number} of {folds}")
        left_out = [message for n, message in enumerate(extra) if n % folds == number - 1]
        learned = [message for n, message in enumerate(extra) if n % folds != number - 1]
        before += _judged(fit(known, taken, recipe), taken, [*unseen, *left_out])
        after += _judged(fit([*known, *learned], taken, recipe), taken, [*unseen, *left_out])
    texts = {message.text for message in extra}

    def pair(figure: Callable[[Sequence[Judged]], Share], *, of_extra: bool) -> Pair:
        shares = (figure([e for e in side if (e.message.text in texts) == of_extra]) for side in (before, after))
        return Pair(*shares)

    return Comparison(
        corrected_category=pair(_category, of_extra=True),
        base_category=pair(_category, of_extra=False),
        base_intent=pair(_intent, of_extra=False),
        base_sensitive=pair(_found, of_extra=False),
    )


def _judged(model: Model, taken: Taken, messages: Sequence[Message]) -> list[Judged]:
    return judge(messages, partial(read, prefixes=taken.prefixes, model=model))


def _category(judged: Sequence[Judged]) -> Share:
    right = [each.category_right for each in judged if each.message.category is not None]
    return Share(sum(right), len(right))


def _intent(judged: Sequence[Judged]) -> Share:
    return Share(sum(each.intent_right for each in judged), len(judged))


def _found(judged: Sequence[Judged]) -> Share:
    found = [each.reading.sensitive for each in judged if each.message.sensitive]
    return Share(sum(found), len(found))
