"""Fitting the model: one linear classifier a head, over the rare and telling pieces of all labelled messages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from domain.reading import Language
from understanding.features import features_of
from understanding.grams import Grams, Pieces, pieces_of
from understanding.learning.messages import Message
from understanding.model import THRESHOLDS, Head, Model, found_in

PREFIXES = ("LP", "RR")
"""The prefixes of references in the messages that come with the program."""
CORRECTED = "corrected"
"""The writer of messages that come from cases: what stands in few of them never enters the vocabulary."""
_LEAST_SEEN, _LEAST_CORRECTED = 2, 5
_ROUNDS, _CLOSE_ENOUGH = 200, 1e-3
Matrix = npt.NDArray[np.float64]
Counts = npt.NDArray[np.intp]


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
        written = _counted([taken.of(m).grams for m in messages if m.writer != CORRECTED])
        corrected = _counted(_of_persons(messages, taken))
        seen = np.union1d(written[0], corrected[0])
        by_writers, by_persons = _counts_of(seen, *written), _counts_of(seen, *corrected)
        kept = (by_writers >= _LEAST_SEEN) | (by_persons >= _LEAST_CORRECTED)
        self.recipe, self.grams = recipe, seen[kept]
        signs = dict.fromkeys(sign for message in messages for sign in taken.of(message).signs)
        self.signs = {sign: row for row, sign in enumerate(signs, len(self.grams))}
        rarity = np.log((1 + len(messages)) / (1 + (by_writers + by_persons)[kept])) + 1
        self.rarity = np.concatenate([rarity, np.full(len(signs), recipe.sign_scale)]).astype(np.float32)

    def rows(self, listed: Sequence[Pieces]) -> csr_matrix:
        """Return messages as rows: their grams scaled to one length, their signs beside them."""
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for pieces in listed:
            grams = found_in(self.grams, pieces.grams)
            rarity = self.rarity[grams]
            norm = float(np.sqrt(rarity @ rarity)) or 1.0
            columns += grams.tolist()
            values += list(rarity * (self.recipe.gram_scale / norm))
            for sign, value in pieces.signs.items():
                if sign in self.signs:
                    columns.append(self.signs[sign])
                    values.append(value * self.recipe.sign_scale)
            ends.append(len(columns))
        return csr_matrix((values, columns, ends), shape=(len(listed), len(self.rarity)), dtype=np.float32)


def _counted(listed: Sequence[Grams]) -> tuple[Grams, Counts]:
    """Return the grams of some texts, in order, and how many of the texts have each."""
    return np.unique(np.concatenate([np.empty(0, dtype=np.uint64), *listed]), return_counts=True)


def _counts_of(seen: Grams, grams: Grams, counts: Counts) -> Counts:
    """Return the counts of some grams laid out over all that were seen, 0 for the others."""
    found = np.zeros(len(seen), dtype=np.intp)
    found[np.searchsorted(seen, grams)] = counts
    return found


def _of_persons(messages: Sequence[Message], taken: Taken) -> list[Grams]:
    """Return the grams that each person (a corrected message's theme) ever wrote: a name told often is still one person's."""
    found: dict[str, list[Grams]] = {}
    for message in messages:
        if message.writer == CORRECTED:
            found.setdefault(message.theme, []).append(taken.of(message).grams)
    return [np.unique(np.concatenate(grams)) for grams in found.values()]


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
    grams = len(space.grams)
    spoken = np.abs(weights[:, :grams]).max(axis=0) * space.rarity[:grams]
    best = np.sort(np.argsort(-spoken, kind="stable")[: space.recipe.keep])
    chosen = np.concatenate([best, np.arange(grams, len(space.rarity))])
    weights, grams = weights[:, chosen], len(best)
    blocks = weights[:, :grams], weights[:, grams:]
    scales = [np.maximum(np.abs(block).max(axis=1, initial=0), 1e-9) / 127 for block in blocks]
    kept = np.hstack([np.rint(block / scale[:, None]) for block, scale in zip(blocks, scales, strict=True)])
    return Model(
        grams=space.grams[best],
        signs={sign: row for row, sign in enumerate(space.signs, grams)},
        rarity=space.rarity[chosen],
        weights=np.ascontiguousarray(kept.astype(np.int8).T),
        scales=np.vstack(scales).astype(np.float32),
        biases=biases.astype(np.float32),
        heads=heads,
        about=about,
    )
