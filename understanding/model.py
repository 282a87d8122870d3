"""The learned model: linear weights over the pieces of a text, and what they say of its intent, category and the rest.

A model is one file of numpy arrays. Its heads (`intent`, `category`, `sensitive`, `tongue`) share one vocabulary; each
is a softmax over its labels. Weights are kept as bytes, with one scale a label for grams and one for signs.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from domain.reading import Category, Intent, Language, Script
from understanding.grams import Pieces

SHAPE = 1
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
_Rows = tuple[npt.NDArray[np.int32], Floats]


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

    The first `grams` rows are grams, the rest signs. `about` tells what it was made from, and its thresholds.
    """

    vocabulary: Mapping[str, int]
    grams: int
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

    def spoken(self, pieces: Pieces, head: str, label: str) -> float:
        """Return how much the letters of a text speak for a label, below 0 against it; its signs are left out."""
        grams, _ = self._known(Pieces(pieces.grams, {}))
        column = self.heads[head].start + self.heads[head].labels.index(label)
        return float(self._spoken(grams, 0)[column])

    def threshold(self, name: str) -> float:
        """Return one of the probabilities from which on something is taken for true, as found when the model was made."""
        return float(self.about["thresholds"].get(name, THRESHOLDS[name]))

    def saved(self) -> bytes:
        """Return the model as the bytes of its file."""
        words = "\n".join(self.vocabulary).encode()
        heads = {name: [list(h.labels), h.start, h.end, h.sharpness] for name, h in self.heads.items()}
        told = {"shape": SHAPE, "grams": self.grams, "heads": heads, "about": dict(self.about)}
        target = io.BytesIO()
        np.savez_compressed(
            target,
            words=np.frombuffer(words, dtype=np.uint8),
            told=np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), dtype=np.uint8),
            rarity=self.rarity.astype(np.float16),
            weights=self.weights,
            scales=self.scales,
            biases=self.biases,
        )
        return target.getvalue()

    def _known(self, pieces: Pieces) -> tuple[_Rows, _Rows]:
        """Return the rows of the grams and of the signs that the model knows, each with their values."""
        find = self.vocabulary.get
        grams = np.array([row for row in map(find, pieces.grams) if row is not None], dtype=np.int32)
        signs = [(row, value) for sign, value in pieces.signs.items() if (row := find(sign)) is not None]
        rarity = self.rarity[grams]
        norm = float(np.sqrt(rarity @ rarity)) or 1.0
        rows = np.array([row for row, _ in signs], dtype=np.int32)
        values = np.array([value for _, value in signs], dtype=np.float32) * self.rarity[rows]
        return (grams, rarity * np.float32(self.about["gram_scale"] / norm)), (rows, values)

    def _spoken(self, known: _Rows, block: int) -> Floats:
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
                vocabulary={word: row for row, word in enumerate(file["words"].tobytes().decode().split("\n"))},
                rarity=file["rarity"].astype(np.float32),
                weights=file["weights"],
                scales=file["scales"],
                biases=file["biases"],
                grams=told["grams"],
                heads={head: Head(tuple(v[0]), v[1], v[2], v[3]) for head, v in told["heads"].items()},
                about=told["about"],
            )
            _check(found)
    except ModelFault:
        raise
    except (OSError, EOFError, LookupError, ValueError, TypeError, AttributeError, BadZipFile) as fault:
        raise ModelFault(f"{name} cannot be read as a model ({type(fault).__name__})") from None
    return found


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
    fits = rows == len(model.vocabulary) == len(model.rarity) and model.grams <= rows
    if not fits or model.scales.shape != (2, columns) or model.biases.shape != (columns,):
        raise ValueError("its arrays do not fit together")
    for name in THRESHOLDS:
        model.threshold(name)
    model.weigh(Pieces(frozenset(), {}))


def load_file(path: Path) -> Model:
    """Return a model from a file. Raises `ModelFault`, `OSError`."""
    return load(path.read_bytes(), name=str(path))


def _softmax(head: Head, scores: Floats) -> dict[str, float]:
    raised = np.exp(scores - scores.max())
    shares = raised / raised.sum()
    return {label: float(share) for label, share in zip(head.labels, shares, strict=True)}
