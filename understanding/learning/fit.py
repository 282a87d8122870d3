"""Fitting the model: one linear classifier a head, over the rare and telling pieces of all labelled messages."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from domain.reading import Language
from understanding.features import features_of
from understanding.grams import Pieces, pieces_of
from understanding.learning.messages import Message
from understanding.model import THRESHOLDS, Head, Model

PREFIXES = ("LP", "RR")
"""The prefixes of references in the messages that come with the program."""
CORRECTED = "corrected"
"""The writer of messages that come from cases: what stands in few of them never enters the vocabulary."""
_LEAST_SEEN, _LEAST_CORRECTED = 2, 5
_ROUNDS, _CLOSE_ENOUGH = 200, 1e-3
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is fitted: the length of all grams together, the value of a sign, and how freely each head may fit.

    `keep` is how many grams are kept, those that say most.
    """

    gram_scale: float = 5.0
    sign_scale: float = 0.3
    freedom: Mapping[str, float] = field(
        default_factory=lambda: {"intent": 4.0, "category": 3.0, "sensitive": 3.0, "tongue": 3.0}
    )
    keep: int = 240_000


HEADS: dict[str, Callable[[Message], str | None]] = {
    "intent": lambda message: message.intent.value,
    "category": lambda message: message.category.value if message.category else None,
    "sensitive": lambda message: "yes" if message.sensitive else "no",
    "tongue": lambda message: message.group,
}
"""What each head learns of a message; None where the message has no such label."""


class Taken:
    """The pieces of messages, taken once however many models are fitted to them.

    References are laid aside, as they are when a text is read: those of the messages that come with the program, and
    those of a project whose prefix is given.
    """

    def __init__(self, *prefixes: str) -> None:
        self.prefixes = tuple(dict.fromkeys((*PREFIXES, *prefixes)))
        self._by_text: dict[str, Pieces] = {}

    def of(self, message: Message) -> Pieces:
        """Return the pieces of a message, as they are taken when a text is read."""
        known = self._by_text.get(message.text)
        if known is None:
            features = features_of(message.text, prefixes=self.prefixes, default_language=Language.KM)
            known = self._by_text[message.text] = pieces_of(message.text, features)
        return known


class Space:
    """The vocabulary of a set of messages, and messages as rows over it."""

    def __init__(self, messages: Sequence[Message], taken: Taken, recipe: Recipe) -> None:
        written = Counter(gram for m in messages if m.writer != CORRECTED for gram in taken.of(m).grams)
        corrected = Counter(gram for grams in _of_persons(messages, taken).values() for gram in grams)
        kept = [gram for gram, count in written.items() if count >= _LEAST_SEEN]
        kept += [g for g, n in corrected.items() if n >= _LEAST_CORRECTED and written[g] < _LEAST_SEEN]
        signs = dict.fromkeys(sign for message in messages for sign in taken.of(message).signs)
        self.recipe, self.signs = recipe, len(signs)
        self.vocabulary = {word: row for row, word in enumerate([*kept, *signs])}
        rarity = [np.log((1 + len(messages)) / (1 + written[gram] + corrected[gram])) + 1 for gram in kept]
        self.rarity = np.array([*rarity, *[recipe.sign_scale] * len(signs)], dtype=np.float32)

    def rows(self, listed: Sequence[Pieces]) -> csr_matrix:
        """Return messages as rows: their grams scaled to one length, their signs beside them."""
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for pieces in listed:
            grams = [row for gram in pieces.grams if (row := self.vocabulary.get(gram)) is not None]
            rarity = self.rarity[grams]
            norm = float(np.sqrt(rarity @ rarity)) or 1.0
            columns += grams
            values += list(rarity * (self.recipe.gram_scale / norm))
            for sign, value in pieces.signs.items():
                if sign in self.vocabulary:
                    columns.append(self.vocabulary[sign])
                    values.append(value * self.recipe.sign_scale)
            ends.append(len(columns))
        return csr_matrix((values, columns, ends), shape=(len(listed), len(self.vocabulary)), dtype=np.float32)


def _of_persons(messages: Sequence[Message], taken: Taken) -> dict[str, set[str]]:
    """Return the grams that each person (a corrected message's theme) ever wrote: a name told often is still one person's."""
    found: dict[str, set[str]] = {}
    for message in messages:
        if message.writer == CORRECTED:
            found.setdefault(message.theme, set()).update(taken.of(message).grams)
    return found


def fit(messages: Sequence[Message], taken: Taken, recipe: Recipe, *, corrected_weight: float = 2.0) -> Model:
    """Fit a model to labelled messages; one that was corrected in a case counts `corrected_weight` times.

    Raises `ValueError` where a head has fewer than two labels to learn.
    """
    space = Space(messages, taken, recipe)
    rows = space.rows([taken.of(message) for message in messages])
    counted = np.array([corrected_weight if message.writer == CORRECTED else 1.0 for message in messages])
    weights, biases = [], []
    heads: dict[str, Head] = {}
    width = 0
    for name, label_of in HEADS.items():
        labels = [label_of(message) for message in messages]
        known = [n for n, label in enumerate(labels) if label is not None]
        found = LogisticRegression(
            C=recipe.freedom[name],
            max_iter=_ROUNDS,
            tol=_CLOSE_ENOUGH,
            class_weight="balanced" if name == "sensitive" else None,
        ).fit(rows[known], [str(labels[n]) for n in known], sample_weight=counted[known])
        one_each, bias = _one_row_a_label(found)
        names = tuple(str(label) for label in found.classes_)
        heads[name] = Head(names, width, width + len(names), 1.0)
        width += len(names)
        weights.append(one_each)
        biases.append(bias)
    about = {"gram_scale": recipe.gram_scale, "messages": len(messages), "thresholds": THRESHOLDS}
    return _packed(space, np.vstack(weights), np.concatenate(biases), heads, about)


def sharpened(model: Model, sharpness: Mapping[str, float], thresholds: Mapping[str, float]) -> Model:
    """Return a model with its heads calibrated and its thresholds set."""
    heads = {name: replace(head, sharpness=sharpness.get(name, head.sharpness)) for name, head in model.heads.items()}
    return replace(model, heads=heads, about={**model.about, "thresholds": {**THRESHOLDS, **thresholds}})


def _one_row_a_label(found: Any) -> tuple[Matrix, Matrix]:
    weights, bias = found.coef_, found.intercept_
    if len(found.classes_) == 2:
        return np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return weights, bias


def _packed(space: Space, weights: Matrix, biases: Matrix, heads: dict[str, Head], about: dict[str, Any]) -> Model:
    """Keep the grams that say most, all signs, and their weights as bytes."""
    grams = len(space.vocabulary) - space.signs
    spoken = np.abs(weights[:, :grams]).max(axis=0) * space.rarity[:grams]
    chosen = np.concatenate(
        [np.sort(np.argsort(-spoken)[: space.recipe.keep]), np.arange(grams, len(space.vocabulary))]
    )
    names = list(space.vocabulary)
    weights, grams = weights[:, chosen], min(grams, space.recipe.keep)
    blocks = weights[:, :grams], weights[:, grams:]
    scales = [np.maximum(np.abs(block).max(axis=1, initial=0), 1e-9) / 127 for block in blocks]
    kept = np.hstack([np.rint(block / scale[:, None]) for block, scale in zip(blocks, scales, strict=True)])
    return Model(
        vocabulary={names[old]: new for new, old in enumerate(chosen)},
        grams=grams,
        rarity=space.rarity[chosen],
        weights=np.ascontiguousarray(kept.astype(np.int8).T),
        scales=np.vstack(scales).astype(np.float32),
        biases=biases.astype(np.float32),
        heads=heads,
        about=about,
    )
