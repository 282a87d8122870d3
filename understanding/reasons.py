"""Which words of a text spoke most for its being sensitive: what a focal point is shown as the reason."""

import regex

from understanding.model import Model

_WORDS = regex.compile(r"[^\s,.!?។៖;:«»\"()]+")
_CLUSTERS = regex.compile(r"\X")
_LONGEST, _WINDOW, _STRIDE = 18, 12, 4
_MOST_LOOKED_AT = 120
_SHOWN = 3


def telling_words(text: str, model: Model) -> tuple[str, ...]:
    """Return up to three stretches of a text, as they were typed, that speak most for abuse; most first."""
    stretches = _stretches(text)[:_MOST_LOOKED_AT]
    spoken = zip(model.spoken(stretches, "sensitive", "yes").tolist(), stretches, strict=True)
    chosen = sorted((each for each in spoken if each[0] > 0), reverse=True)[:_SHOWN]
    return tuple(dict.fromkeys(stretch for _, stretch in chosen))


def _stretches(text: str) -> list[str]:
    """Return the words of a text; those written without spaces as windows of some letters."""
    found: list[str] = []
    for word in _WORDS.findall(text):
        clusters = _CLUSTERS.findall(word)
        if len(clusters) <= _LONGEST:
            found.append(word)
        else:
            found += ["".join(clusters[n : n + _WINDOW]) for n in range(0, len(clusters) - _STRIDE, _STRIDE)]
    return found
