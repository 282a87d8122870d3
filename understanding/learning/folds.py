"""Honest estimates: models that never saw a writer are judged by that writer's messages, with every tuning inside."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from domain.reading import Language
from understanding.learning.calibration import calibration_of
from understanding.learning.figures import Judged
from understanding.learning.fit import Recipe, Taken, fit, sharpened
from understanding.learning.messages import Message
from understanding.model import Model
from understanding.reader import read

Told = Callable[[str], None]
_INNER = 3


def split(messages: Sequence[Message], count: int) -> Iterator[tuple[list[Message], list[Message]]]:
    """Split messages into what is learned and what is judged, `count` times: each writer is judged once, as a stranger.

    All themes of a writer go together, so that neither his voice nor what he wrote about is known to the model.
    """
    fold_of: dict[tuple[str, str], int] = {}
    for group in sorted({message.group for message in messages}):
        writers = sorted({message.writer for message in messages if message.group == group})
        fold_of |= {(group, writer): n % count for n, writer in enumerate(writers)}
    for fold in range(count):
        judged = [m for m in messages if fold_of[m.group, m.writer] == fold]
        strangers = {message.writer for message in judged}
        yield [m for m in messages if m.writer not in strangers], judged


def fitted(
    messages: Sequence[Message], taken: Taken, recipe: Recipe, *, told: Told = lambda _: None, inner: int = _INNER
) -> Model:
    """Fit a model to all messages, calibrated by models of the same recipe that did not see whom they were judged by."""
    weighed = []
    for number, (known, unseen) in enumerate(split(messages, inner), start=1):
        told(f"calibrating, part {number} of {inner}: {len(known)} messages")
        part = fit(known, taken, recipe)
        weighed += [(message, part.weigh(taken.of(message))) for message in unseen]
    told(f"fitting all {len(messages)} messages")
    sharpness, thresholds = calibration_of(weighed)
    return sharpened(fit(messages, taken, recipe), sharpness, thresholds)


def judged_by_strangers(
    messages: Sequence[Message],
    taken: Taken,
    recipe: Recipe,
    count: int,
    *,
    told: Told = lambda _: None,
) -> list[Judged]:
    """Return every message as it is read by a model, calibrated too, that knew nothing of its writer."""
    judged = []
    for number, (known, unseen) in enumerate(split(messages, count), start=1):
        told(f"fold {number} of {count}")
        model = fitted(known, taken, recipe, told=told)
        reader = partial(read, prefixes=taken.prefixes, model=model)
        judged += [Judged(m, reader(m.text, default_language=Language(m.language))) for m in unseen]
    return judged
