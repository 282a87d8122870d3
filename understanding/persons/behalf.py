"""Whether somebody writes for another: for whom, by relation or by name, where the text says so."""

from dataclasses import dataclass

import regex

_RELATIONS = (
    *("mother", "mom", "father", "grandmother", "grandfather", "sister", "brother", "aunt", "uncle", "neighbour"),
    *("neighbor", "friend", "daughter", "son", "wife", "husband", "parents"),
    *("ម្ដាយក្មេក", "ម្ដាយ", "ម្តាយ", "ឪពុក", "ជីដូន", "ជីតា", "យាយ", "តា", "បងស្រី", "បងប្រុស", "ប្អូនស្រី", "ប្អូនប្រុស", "ប្អូន"),
    *("អ្នកជិតខាង", "មិត្ត", "កូនស្រី", "កូន", "ប្រពន្ធ", "ប្ដី", "មីង", "ពូ", "អ៊ំ", "បង"),
    *("ແມ່ເຖົ້າ", "ແມ່", "ພໍ່", "ແມ່ຕູ້", "ພໍ່ຕູ້", "ເອື້ອຍ", "ອ້າຍ", "ນ້ອງສາວ", "ນ້ອງ", "ເພື່ອນບ້ານ", "ໝູ່", "ລູກສາວ", "ລູກ"),
    *("ເມຍ", "ຜົວ", "ປ້າ", "ລຸງ", "ນ້າ"),
)
_STARTS = (
    *(r"i(?: am|'m|m)? (?:write|writing|complain|complaining|texting) (?:for|on behalf of)", "on behalf of"),
    *("ខ្ញុំសរសេរជំនួស", "សរសេរជំនួស", "ខ្ញុំសួរជំនួស", "សួរជំនួស", "តវ៉ាជំនួស", "ប្ដឹងជំនួស", "ខ្ញុំសរសេរឲ្យ", "និយាយជំនួស", "រាយការណ៍ជំនួស"),
    *("ຂ້ອຍຂຽນແທນ", "ຂຽນແທນ", "ຖາມແທນ", "ຮ້ອງທຸກແທນ", "ແຈ້ງແທນ", "ຂ້ອຍຂຽນໃຫ້", "ເວົ້າແທນ"),
)
_EXAMINED, _LONGEST_NAME = 300, 40
_START = regex.compile("|".join(_STARTS), regex.IGNORECASE)
_RELATION = regex.compile(
    r"^\s*(?:my|the|our)?\s*(" + "|".join(sorted(_RELATIONS, key=len, reverse=True)) + r")(?:របស់)?(?:ខ្ញុំ|ຂ້ອຍ|ຂອງຂ້ອຍ)?",
    regex.IGNORECASE,
)
_MARKED = regex.compile(r"^\s*(?:ឈ្មោះ|ຊື່|named|called|whose name is)\s*([\p{L}\p{M}]+(?: [\p{L}\p{M}]+)?)")
_DIRECT = regex.compile(r"^\s*(\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?)")


@dataclass(frozen=True, slots=True)
class Behalf:
    """For whom somebody writes: the name that the text gives, where it gives one."""

    name: str | None


def written_for(text: str) -> Behalf | None:
    """Return for whom a text says that it is written (`I write for my mother Sok Chan`); None where it does not say so.

    A name is taken behind a word for it (`ឈ្មោះ`, `ຊື່`), or in Latin letters where it begins with a capital.
    """
    text = " ".join(text[:_EXAMINED].split())
    start = _START.search(text)
    if start is None:
        return None
    rest = text[start.end() :]
    relation = _RELATION.match(rest)
    rest = rest[relation.end() :] if relation else rest
    named = _MARKED.match(rest) or _DIRECT.match(rest)
    if named is None:
        return Behalf(None) if relation else None
    return Behalf(named[1][:_LONGEST_NAME].strip())
