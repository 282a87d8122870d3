"""Whether somebody writes for another: for whom, by relation or by name, where the text says so."""

from dataclasses import dataclass, field

import regex

from understanding.wishes.ways import Ways, spelled_alike, word_alike

_GIVE = "(?:ឲ្យ|អោយ|ឱ្យ|ឲយ|អុយ)"
_KM_WRITES = "(?:សរសេរ|ផ្ញើ|ផ្ញើរ|សួរ|តវ៉ា|ប្ដឹង|ប្តឹង|និយាយ|រាយការណ៍|ប្រាប់|រៀបរាប់|ឆាត|តេ)"
_LO_WRITES = "(?:ຂຽນ|ສົ່ງ|ຖາມ|ຮ້ອງທຸກ|ຮ້ອງ|ແຈ້ງ|ເວົ້າ|ຟ້ອງ|ບອກ|ລາຍງານ|ພິມ|ໂທ)"
_EN_WRITES = (
    "(?:write|writing|wrote|ask|asking|send|sending|complain|complaining|report|reporting|message|messaging|text|texting"
    "|speak|speaking|contacting)"
)
_START = regex.compile(
    "|".join(
        (
            (
                rf"(?:^|[.,;:!?]\s*|\b(?:i|im|i'm|i am|we|we are)\s+){_EN_WRITES}"
                r"(?: (?:this|it|to|you|a|an|message|sms|text|letter|now|here)){0,3}"
                r" (?:for|on behalf of|in place of|instead of|in the name of)\s"
            ),
            r"(?:^|[.,;:!?]\s*)(?:this is |it is |i am |im )?on behalf of\s",
            rf"{_KM_WRITES}(?:\s*(?:សារ|មក|នេះ|រឿង))*\s*ជំនួស",
            rf"(?:^|ខ្ញុំ\s*(?:ជួយ|សូម|សុំ)?\s*){_KM_WRITES}(?:\s*(?:សារ|មក|នេះ))*\s*{_GIVE}",
            rf"(?:ខ្ញុំ|ជា)\s*តំណាង\s*{_GIVE}?",
            rf"{_LO_WRITES}(?:\s*(?:ຂໍ້ຄວາມ|ມາ|ນີ້))*\s*ແທນ",
            rf"(?:^|ຂ້ອຍ\s*(?:ຊ່ວຍ|ຂໍ)?\s*){_LO_WRITES}(?:\s*(?:ຂໍ້ຄວາມ|ມາ|ນີ້))*\s*ໃຫ້",
            r"ຂ້ອຍ\s*(?:ຕາງໜ້າ|ຕາງຫນ້າ)\s*(?:ໃຫ້)?",
        )
    ),
    regex.IGNORECASE,
)
_LATIN_START = Ways(
    "<k_writes> [<k_text>] [<k_come>] [<k_this>] <k_instead>",
    "<k_me> [ជួយ/jouy/juoy/chouy/chuoy/joy] <k_writes> [<k_text>] [<k_come>] [<k_this>] (ឲ្យ/oy/aoy/oi)",
    "<k_me> [<k_be>] (តំណាង/domnang/tomnang/damnang) [oy/aoy]",
    "<l_writes> [<l_text>] [<l_come>] <l_instead>",
    "<l_me> [ຊ່ວຍ/suay/xuay/suey/khor/kho] <l_writes> [<l_text>] [<l_come>] (ໃຫ້/hai)",
    "<l_me> (tang na/tangna/tang nar)",
)
_RELATIONS = (
    *("mother", "mom", "father", "grandmother", "grandfather", "sister", "brother", "aunt", "uncle", "neighbour"),
    *("neighbor", "friend", "daughter", "son", "wife", "husband", "parents", "grandma", "grandpa", "mother in law"),
    *("cousin", "niece", "nephew"),
    *("ម្ដាយក្មេក", "ម្ដាយ", "ម្តាយ", "ម៉ាក់", "ម៉ែ", "ឪពុក", "ប៉ា", "ជីដូន", "ជីតា", "យាយ", "តា", "បងស្រី", "បងប្រុស", "ប្អូនស្រី", "ប្អូនប្រុស", "ប្អូន"),
    *("អ្នកជិតខាង", "មិត្តភក្តិ", "មិត្ត", "កូនស្រី", "កូនប្រុស", "កូន", "ប្រពន្ធ", "ប្ដី", "ប្តី", "មីង", "ពូ", "អ៊ំ", "បង", "ក្មួយ", "ចៅ"),
    *("ແມ່ເຖົ້າ", "ພໍ່ເຖົ້າ", "ແມ່", "ພໍ່", "ແມ່ຕູ້", "ພໍ່ຕູ້", "ເອື້ອຍ", "ອ້າຍ", "ນ້ອງສາວ", "ນ້ອງຊາຍ", "ນ້ອງ", "ເພື່ອນບ້ານ", "ໝູ່", "ລູກສາວ", "ລູກຊາຍ", "ລູກ"),
    *("ເມຍ", "ຜົວ", "ປ້າ", "ລຸງ", "ນ້າ", "ຫຼານ", "ຫລານ"),
)  # fmt: skip
_RELATION = regex.compile(
    r"^\s*(?:my|the|our|an?)?\s*(?:old|poor|sick|dear)?\s*(?:"
    + "|".join(sorted(_RELATIONS, key=len, reverse=True))
    + r")(?![a-z'’])(?:\s*(?:របស់)?ខ្ញុំ|ຂ້ອຍ|ຂອງຂ້ອຍ)?"
    r"(?!\s+(?:money|card|cards|grant|name|phone|house|land|payment|food|rice|school|medicine))",
    regex.IGNORECASE,
)
_LATIN_RELATION = Ways("[<k_of>/<l_of>] (<k_kin>/<l_kin>) [<k_my>/<l_my>]")
_MARK = r"(?:ឈ្មោះ|ຊື່|named|called|whose name is|chh?m[uo]+[ah]?[sh]*|(?:x|s|z)[eu]+e?)"
_NO_NAME = (
    "(?:លុយ|មិន|អត់|នៅ|ເງິນ|ບໍ່|ຢູ່)"
    r"|(?:luy|loy|ot|min|mn|nov|ban|mok|kat|bo|bor|yu|ngern|ngeun|dai|lao|is|has|did|the|she|he)\b"
)
_MARKED = regex.compile(
    rf"^\s*{_MARK}\s*(?<![a-z])([\p{{L}}\p{{M}}]+(?: (?!{_NO_NAME})[\p{{L}}\p{{M}}]+)?)",
    regex.IGNORECASE,
)
_DIRECT = regex.compile(r"^\s*(\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?)")
_LATIN_WORD = regex.compile(r"[A-Za-z][A-Za-z'’]*")
_APOSTROPHES = regex.compile(r"['’]")
_EXAMINED, _LONGEST_NAME, _FEW = 300, 40, 6


@dataclass(frozen=True, slots=True)
class Behalf:
    """For whom somebody writes: the name that the text gives, where it gives one, and what is said behind that."""

    name: str | None
    rest: str = field(default="", compare=False)

    @property
    def says_more(self) -> bool:
        """Tell whether the text may say more than for whom it is written."""
        return sum(letter.isalnum() for letter in self.rest) > _FEW


def written_for(text: str) -> Behalf | None:
    """Return for whom a text says that it is written (`I write for my mother Sok Chan`); None where it does not say so.

    Latin letters of Khmer and Lao count by their sound (`khoy khian thaen mae`). A name is taken behind a word for it
    (`ឈ្មោះ`, `ຊື່`, `chmos`), or in Latin letters where it begins with a capital.
    """
    text = " ".join(text[:_EXAMINED].split())
    start = _START.search(text)
    if start is not None:
        rest = text[start.end() :]
        relation = _RELATION.match(rest)
        return _whom(rest, rest[relation.end() :] if relation else None)
    latin = _behind(_LATIN_START, text)
    return _whom(latin, _behind(_LATIN_RELATION, latin, at_start=True)) if latin is not None else None


def _whom(rest: str, behind: str | None) -> Behalf | None:
    """Return for whom words are written that begin with a relation and go on `behind` it, or with a name."""
    after = rest if behind is None else behind
    named = _MARKED.match(after) or _DIRECT.match(after)
    if named is None:
        return None if behind is None else Behalf(None, behind)
    return Behalf(named[1][:_LONGEST_NAME].strip(), after[named.end() :])


def _behind(ways: Ways, text: str, *, at_start: bool = False) -> str | None:
    """Return what follows on words in Latin letters that are spelled in one of some ways; None where none is there."""
    if ways.end_in(spelled_alike(text)) is None:
        return None
    words = list(_LATIN_WORD.finditer(text))
    sounds = [word_alike(_APOSTROPHES.sub("", word[0]).lower()) for word in words]
    end = ways.end_in(" ".join(sounds), at_start=at_start)
    if end is None or (at_start and text[: words[0].start()].strip()):
        return None
    length = -1
    for word, sound in zip(words, sounds, strict=True):
        length += len(sound) + 1
        if length >= end:
            return text[word.end() :]
    return None
