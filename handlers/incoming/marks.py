"""Reading what a tapped button carried back."""

_LONGEST = 18


def row_number(text: str) -> int | None:
    """Return the row number that a part of a button's data stands for, or None where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST else None
