"""How a fault is told of: its kind and where it arose, never its words, which may quote a person."""

import traceback
from pathlib import Path


def where(fault: BaseException) -> str:
    """Name a fault's type and the lines that it passed."""
    lines = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)]
    return f"{type(fault).__name__} at {' > '.join(lines)}"
