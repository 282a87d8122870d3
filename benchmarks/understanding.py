"""What reading one message costs, and how well others read the same: nearest phrase, n-grams alone, a packaged engine.

All judge the messages that are kept aside in the tests. The packaged engine is spaCy's text categorizer; it is compared
where it is installed (`.venv/bin/pip install spacy`), as the product does not need it.
"""

import random
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure, Goal, ms, spread
from benchmarks.means.sizes import Sizes
from understanding import model, read
from understanding.grams import Pieces
from understanding.learning.figures import judge, report
from understanding.learning.fit import PREFIXES, Recipe, Taken, fit
from understanding.learning.messages import Message, packaged, read_folder
from understanding.spelling.normal import normalise

_KEPT_ASIDE = Path(__file__).parent.parent / "tests" / "understanding" / "kept_aside"
_LENGTH = 250
_EPOCHS, _BATCH = 4, 256


class _GramsOnly(Taken):
    """Pieces without anything that the lexicon knows."""

    def of(self, message: Message) -> Pieces:
        """Return a message's grams."""
        return Pieces(super().of(message).grams, {})


def run(sizes: Sizes, _databases: Databases, _kinds: Sequence[str]) -> Iterator[Figure]:
    """Print the cost of a message of 250 characters, and the shares that four readers get right."""
    yield from _cost(sizes)
    judged = report(judge(_unseen(), partial(read, prefixes=PREFIXES)), prefixes=PREFIXES).shares["all"]
    ours = judged["intent"].value or 0.0, judged["category"].value or 0.0
    low, high = judged["intent"].interval
    yield Figure(
        "intents of unseen messages", ours[0], f"{ours[0]:.1%}", "right", f"{low:.1%} to {high:.1%}", Goal(0.93, "93 %")
    )
    low, high = judged["category"].interval
    yield Figure(
        "categories of unseen messages",
        ours[1],
        f"{ours[1]:.1%}",
        "right",
        f"{low:.1%} to {high:.1%}",
        Goal(0.84, "84 %"),
    )
    known = packaged()[:: sizes.every_message]
    for name, others in (("nearest phrase by rapidfuzz", _nearest), ("n-grams alone", _grams), ("spaCy", _spacy)):
        found = others(known, _unseen())
        if found is None:
            continue
        intent, category, seconds = found
        told = f"intents {intent:.1%}, categories {category:.1%}, {ms(seconds)} a message"
        yield Figure(f"against {name}", ours[0] / intent, f"{ours[0] / intent:.2f} ×", "its intents", told)


def _unseen() -> list[Message]:
    return read_folder(_KEPT_ASIDE)


def _cost(sizes: Sizes) -> Iterator[Figure]:
    """Time readings of joined messages, against one dictionary look-up a letter: the least that any reader must do.

    It is the processor's time, since the cost is of one core, after one reading in each language: the first of them builds
    what the lexicon keeps.
    """
    drawn = random.Random(5)
    by_group: dict[str, list[str]] = {}
    for message in packaged():
        by_group.setdefault(message.group, []).append(message.text)
    texts = [
        " ".join(drawn.sample(listed, 12))[:_LENGTH] for listed in by_group.values() for _ in range(sizes.readings // 5)
    ]
    before = perf_counter()
    used = model.load(Path(model.__file__).with_name(model.PACKAGED).read_bytes())
    loaded = perf_counter() - before
    for listed in by_group.values():
        read(listed[0], prefixes=PREFIXES, model=used)
    known = {letter: n for n, letter in enumerate(sorted(set("".join(texts))))}
    durations, bare = [], []
    for text in texts:
        before = thread_time()
        read(text, prefixes=PREFIXES, model=used)
        durations.append(thread_time() - before)
        before = thread_time()
        sum(known[letter] for letter in text)
        bare.append(thread_time() - before)
    cost, least = spread(durations), spread(bare)
    yield Figure(
        f"one message of {_LENGTH} characters",
        cost.middle * 1000,
        f"{cost.middle / least.middle:.0f} ×",
        "one look-up a letter",
        str(cost),
        Goal(2.0, "median below 2 ms", most=True),
    )
    yield Figure(
        "and its slowest in a hundred", cost.p99 * 1000, f"{cost.p99 / cost.middle:.1f} ×", "the median", ms(cost.p99),
        Goal(8.0, "99 % below 8 ms", most=True),
    )  # fmt: skip
    size = Path(model.__file__).with_name(model.PACKAGED).stat().st_size / 1e6
    second = Goal(1.0, "1 s", most=True)
    yield Figure("loading the model", loaded, f"{loaded:.2f} s", "of the second allowed", f"{size:.1f} MB", second)


_Found = tuple[float, float, float] | None


def _nearest(known: Sequence[Message], unseen: Sequence[Message]) -> _Found:
    """Take the labels of the most similar known message."""
    phrases = [normalise(message.text) for message in known]
    before = perf_counter()
    best = [
        process.extractOne(normalise(message.text), phrases, scorer=fuzz.ratio, processor=None)[2] for message in unseen
    ]
    seconds = (perf_counter() - before) / len(unseen)
    return (*_shares(unseen, [(known[n].intent, known[n].category) for n in best]), seconds)


def _grams(known: Sequence[Message], unseen: Sequence[Message]) -> _Found:
    """Fit the same linear model without the lexicon's concepts and rules."""
    taken = _GramsOnly()
    fitted = fit(known, taken, Recipe())
    before = perf_counter()
    weighed = [fitted.weigh(taken.of(message)) for message in unseen]
    seconds = (perf_counter() - before) / len(unseen)
    return (*_shares(unseen, [(_best(each["intent"]), _best(each["category"])) for each in weighed]), seconds)


def _spacy(known: Sequence[Message], unseen: Sequence[Message]) -> _Found:
    """Train spaCy's bag-of-words text categorizer, once for intents and once for categories; None where it is missing."""
    if find_spec("spacy") is None:
        return None
    intents = _spacy_labels([(m.text, m.intent.value) for m in known], [m.text for m in unseen])
    categories = _spacy_labels([(m.text, m.category.value) for m in known if m.category], [m.text for m in unseen])
    pairs = list(zip(intents[0], categories[0], strict=True))
    return (*_shares(unseen, pairs), intents[1] + categories[1])


def _spacy_labels(known: Sequence[tuple[str, str]], unseen: Sequence[str]) -> tuple[list[str], float]:
    import spacy
    from spacy.training import Example

    engine = spacy.blank("xx")
    categorizer: Any = engine.add_pipe("textcat", config={"model": {"@architectures": "spacy.TextCatBOW.v3",
                                       "exclusive_classes": True, "ngram_size": 2, "no_output_layer": False}})  # fmt: skip
    labels = sorted({label for _, label in known})
    for label in labels:
        categorizer.add_label(label)
    examples = [
        Example.from_dict(engine.make_doc(text), {"cats": {each: float(each == label) for each in labels}})
        for text, label in known
    ]
    optimizer = engine.initialize(lambda: examples[:100])
    drawn = random.Random(5)
    for _ in range(_EPOCHS):
        drawn.shuffle(examples)
        for start in range(0, len(examples), _BATCH):
            engine.update(examples[start : start + _BATCH], sgd=optimizer)
    before = perf_counter()
    found = [_best(engine(text).cats) for text in unseen]
    return found, (perf_counter() - before) / len(unseen)


def _best(shares: dict[str, float]) -> str:
    return max(shares, key=shares.__getitem__)


def _shares(unseen: Sequence[Message], found: Sequence[tuple[Any, Any]]) -> tuple[float, float]:
    intents = [message.intent == intent for message, (intent, _) in zip(unseen, found, strict=True)]
    categories = [m.category == category for m, (_, category) in zip(unseen, found, strict=True) if m.category]
    return float(np.mean(intents)), float(np.mean(categories))
