"""Makes the model that the program comes with, from the messages that it comes with: `python -m understanding.learning`."""

import sys
from pathlib import Path

import understanding
from understanding.learning.fit import Recipe, Taken
from understanding.learning.folds import fitted
from understanding.learning.messages import packaged
from understanding.model import PACKAGED


def main() -> None:
    """Fit, calibrate and write the packaged model."""
    model = fitted(packaged(), Taken(), Recipe(), told=_told)
    data = model.saved()
    Path(understanding.__file__).with_name(PACKAGED).write_bytes(data)
    _told(f"{len(model.rarity)} pieces, {len(data) / 1e6:.1f} MB, {dict(model.about)}")


def _told(step: str) -> None:
    sys.stderr.write(f"{step}\n")


if __name__ == "__main__":
    main()
