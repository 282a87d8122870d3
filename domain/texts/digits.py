"""Digits of the three scripts: 1, ១ and ໑ are the same number, and so is the wide １ of some keyboards."""

_KHMER, _LAO, _WIDE = 0x17E0, 0x0ED0, 0xFF10
_TO_ASCII = {start + n: str(n) for start in (_KHMER, _LAO, _WIDE) for n in range(10)}


def to_ascii_digits(text: str) -> str:
    """Return the text with Khmer, Lao and wide digits as 0 to 9; its length stays the same."""
    return text.translate(_TO_ASCII)


def typed_number(text: str) -> int | None:
    """Return the number where a text is one and nothing else (`1`, `១.`, ` ໒ `), else None."""
    bare = to_ascii_digits(text).strip().strip(".។)(ฯ៖:").strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 9 else None
