"""The learned model: linear weights over the pieces of a text, and what they say of its intent, category and the rest.

A model is one file of numpy arrays. Its heads (`intent`, `category`, `sensitive`, `tongue`) share one vocabulary; each
is a softmax over its labels. Weights are kept as bytes, with one scale a label for grams and one for signs. No words of
the messages that it was made from stand in it, only numbers made of them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from domain.reading import Category, Intent, Language, Script
from understanding.grams import Grams, Pieces, Rows, grams_of_each

SHAPE = 2
"""The number of the file's layout and of the pieces that go into it; another number is refused."""
PACKAGED = "model.npz"
"""The name of the file, beside this one, that the program comes with."""
THRESHOLDS = {
    "sensitive": 0.5,
    "maybe_sensitive": 0.25,
    "rule_plausible": 0.05,
    "about_abuse": 0.3,
    "category_sure": 0.5,
    "second_matter": 0.3,
}
"""Probabilities from which on something is taken for true, where a model does not bring its own."""
Floats = npt.NDArray[np.float32]
_Weighed = tuple[Rows, Floats]


class ModelFault(ValueError):
    """A model file cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Head:
    """The labels of one decision, and where its columns begin and end. `sharpness` is its calibration (1: as fitted)."""

    labels: tuple[str, ...]
    start: int
    end: int
    sharpness: float


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model, ready to weigh texts.

    The first rows are those of the `grams`, which are in order, the rest those of the `signs`. `about` tells what it was
    made from, and its thresholds.
    """

    grams: Grams
    signs: Mapping[str, int]
    rarity: Floats
    weights: npt.NDArray[np.int8]
    scales: Floats
    biases: Floats
    heads: Mapping[str, Head]
    about: Mapping[str, Any]

    def weigh(self, pieces: Pieces) -> dict[str, dict[str, float]]:
        """Return the probability of each label of each head."""
        grams, signs = self._known(pieces)
        scores = self.biases + self._spoken(grams, 0) + self._spoken(signs, 1)
        return {
            name: _softmax(head, scores[head.start : head.end] * np.float32(head.sharpness))
            for name, head in self.heads.items()
        }

    def spoken(self, texts: Sequence[str], head: str, label: str) -> Floats:
        """Return how much the letters of each of some short texts speak for a label, below 0 against it."""
        grams, owners = grams_of_each(texts)
        known = self.grams[(places := _places(self.grams, grams))] == grams
        rows, owners = places[known], owners[known]
        column = self.heads[head].start + self.heads[head].labels.index(label)
        said = np.bincount(owners, self.rarity[rows] * self.weights[rows, column], len(texts))
        lengths = np.sqrt(np.bincount(owners, self.rarity[rows] ** 2, len(texts)))
        spoken: Floats = said / np.maximum(lengths, 1e-9) * float(self.about["gram_scale"]) * self.scales[0, column]
        return spoken

    def threshold(self, name: str) -> float:
        """Return one of the probabilities from which on something is taken for true, as found when the model was made."""
        return float(self.about["thresholds"].get(name, THRESHOLDS[name]))

    def saved(self) -> bytes:
        """Return the model as the bytes of its file."""
        words = "\n".join(self.signs).encode()
        heads = {name: [list(h.labels), h.start, h.end, h.sharpness] for name, h in self.heads.items()}
        told = {"shape": SHAPE, "heads": heads, "about": dict(self.about)}
        target = io.BytesIO()
        np.savez_compressed(
            target,
            grams=self.grams,
            words=np.frombuffer(words, dtype=np.uint8),
            told=np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), dtype=np.uint8),
            rarity=self.rarity.astype(np.float16),
            weights=self.weights,
            scales=self.scales,
            biases=self.biases,
        )
        return target.getvalue()

    def _known(self, pieces: Pieces) -> tuple[_Weighed, _Weighed]:
        """Return the rows of the grams and of the signs that the model knows, each with their values."""
        grams = found_in(self.grams, pieces.grams)
        find = self.signs.get
        signs = [(row, value) for sign, value in pieces.signs.items() if (row := find(sign)) is not None]
        rarity = self.rarity[grams]
        norm = float(np.sqrt(rarity @ rarity)) or 1.0
        rows = np.array([row for row, _ in signs], dtype=np.intp)
        values = np.array([value for _, value in signs], dtype=np.float32) * self.rarity[rows]
        return (grams, rarity * np.float32(self.about["gram_scale"] / norm)), (rows, values)

    def _spoken(self, known: _Weighed, block: int) -> Floats:
        rows, values = known
        spoken: Floats = (values @ self.weights[rows].astype(np.float32)) * self.scales[block]
        return spoken


def load(data: bytes, *, name: str = "the model") -> Model:
    """Return a model from the bytes of its file. Raises `ModelFault` where they are none, or of another layout."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            told = json.loads(file["told"].tobytes())
            if told["shape"] != SHAPE:
                raise ModelFault(  # noqa: TRY301
                    f"{name} was made for another version; make it anew with `samleng understand learn`"
                )
            found = Model(
                grams=file["grams"],
                signs=_numbered(file["words"].tobytes().decode(), len(file["grams"])),
                rarity=file["rarity"].astype(np.float32),
                weights=file["weights"],
                scales=file["scales"],
                biases=file["biases"],
                heads={head: Head(tuple(v[0]), v[1], v[2], v[3]) for head, v in told["heads"].items()},
                about=told["about"],
            )
            _check(found)
    except ModelFault:
        raise
    except (OSError, EOFError, LookupError, ValueError, TypeError, AttributeError, BadZipFile) as fault:
        raise ModelFault(f"{name} cannot be read as a model ({type(fault).__name__})") from None
    return found


def found_in(vocabulary: Grams, grams: Grams) -> Rows:
    """Return where those of some grams stand that are in a vocabulary, which is in order."""
    places = _places(vocabulary, grams)
    return places[vocabulary[places] == grams] if len(vocabulary) else places[:0]


def _places(vocabulary: Grams, grams: Grams) -> Rows:
    """Return where each gram stands in a vocabulary, or would."""
    return np.minimum(np.searchsorted(vocabulary, grams), max(0, len(vocabulary) - 1))


def _numbered(words: str, first: int) -> dict[str, int]:
    return {word: row for row, word in enumerate(words.split("\n"), first)}


@cache
def packaged() -> Model:
    """Return the model that the program comes with."""
    return load(files("understanding").joinpath(PACKAGED).read_bytes(), name=PACKAGED)


def _check(model: Model) -> None:
    """Check that the parts of a model fit together. Raises `ValueError`."""
    labels: dict[str, set[str]] = {
        "intent": set(Intent),
        "category": set(Category),
        "sensitive": {"yes", "no"},
        "tongue": {f"{language} {script}" for language in Language for script in Script},
    }
    rows, columns = model.weights.shape
    if set(model.heads) != set(labels) or any(not set(h.labels) <= labels[name] for name, h in model.heads.items()):
        raise ValueError("its heads are others")
    if any(h.end - h.start != len(h.labels) or h.end > columns for h in model.heads.values()):
        raise ValueError("its heads do not fit its weights")
    in_order = model.grams.dtype == np.uint64 and bool(np.all(model.grams[:-1] < model.grams[1:]))
    fits = in_order and rows == len(model.grams) + len(model.signs) == len(model.rarity)
    if not fits or model.scales.shape != (2, columns) or model.biases.shape != (columns,):
        raise ValueError("its arrays do not fit together")
    for name in THRESHOLDS:
        model.threshold(name)
    model.weigh(Pieces(model.grams[:0], {}))


def load_file(path: Path) -> Model:
    """Return a model from a file. Raises `ModelFault`, `OSError`."""
    return load(path.read_bytes(), name=str(path))


def _softmax(head: Head, scores: Floats) -> dict[str, float]:
    raised = np.exp(scores - scores.max())
    shares = raised / raised.sum()
    return {label: float(share) for label, share in zip(head.labels, shares, strict=True)}
