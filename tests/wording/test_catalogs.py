"""The three catalogs: same keys and placeholders, two SMS segments at most, nothing foreign, the dialogues kept."""

import string
from importlib.resources import files

import pytest
import regex

from domain.reading import Category, Language
from domain.sending.segments import Encoding, count_segments
from wording import UnknownWording, catalog, say, texts

KM, LO, EN = Language.KM, Language.LO, Language.EN
LOCAL = (KM, LO)
SCRIPTS = {KM: "Khmer", LO: "Lao"}
R, D = "LP-7K3M-9Q", "15/12"


def _to_beneficiaries() -> list[str]:
    keys = list(texts(EN))
    return keys[keys.index("receipt") : keys.index("area_kind_village") + 1]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _bare(text: str) -> str:
    """Return a text without its placeholders."""
    return "".join(literal for literal, _, _, _ in string.Formatter().parse(text))


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _longest(language: Language, *keys: str) -> str:
    return max((texts(language)[key] for key in keys), key=_utf16_units)


PLACES = {
    KM: "ភូមិស្រែខ្វាវ ឃុំស្រែខ្វាវ អង្គរជុំ",
    LO: "ສາລາປະຊຸມ ບ້ານນາຫວາຍ ເມືອງໜອງແຮດ",
    EN: "Srae Khvav, Angkor Chum, Siem Reap",
}
OPTIONS = {
    KM: "1 ស្រែខ្វាវ អង្គរជុំ សៀមរាប 2 ស្រែខ្វាវ ស្រុកផ្សេង ខេត្តផ្សេង",
    LO: "1 ບ້ານນາຫວາຍ ເມືອງຄູນ ຊຽງຂວາງ 2 ບ້ານນາຫວາຍ ເມືອງໜອງແຮດ ຊຽງຂວາງ",
    EN: "1 Srae Khvav, Angkor Chum, Siem Reap 2 Srae Khvav, Chi Kraeng, Siem Reap",
}
ROUNDS = {KM: "ខែ 11", LO: "ເດືອນ 11", EN: "November"}
NAMES = {KM: "ចាន់ សុភាព", LO: "ນາງ ຄຳແພງ ວົງສາ", EN: "Chan Sopheap"}
TITLES = {KM: "ក្រុមសន្សំប្រាក់", LO: "ກຸ່ມທ້ອນເງິນ", EN: "of the savings group"}
LABELS = {
    KM: "យកកូនទៅថ្លឹងនៅមណ្ឌលសុខភាព",
    LO: "ເອົາລູກໄປຊັ່ງນ້ຳໜັກຢູ່ສຸກສາລາ",
    EN: "have your child weighed at the health centre",
}
SENTENCES = {
    KM: "បើកប្រាក់ថ្ងៃសុក្រ នៅសាលាឃុំ។ សូមយកប័ណ្ណមកជាមួយ។",
    LO: "ຈ່າຍເງິນວັນສຸກ ຢູ່ຫ້ອງການເມືອງ. ເອົາບັດມານຳ.",
    EN: "The money is paid on Friday at the commune hall. Please bring your card.",
}
LADDER = tuple(f"level_{rung}" for rung in ("facilitator", "commune", "district", "province", "national", "desk"))


def _long_values(language: Language) -> dict[str, str]:
    words = texts(language)
    return {
        "ref": R,
        "old": "LP-3W8N-2T",
        "prefix": "LP",
        "day": D,
        "time": "09:30",
        "area_kind": _longest(language, "area_kind_commune", "area_kind_village"),
        "level": _longest(language, *LADDER),
        "place": PLACES[language],
        "options": max(OPTIONS[language], _three_matters(language), key=_utf16_units),
        "matter": max((words[f"category_{category}"] for category in Category), key=_utf16_units),
        "count": words["count_2"],
        "numbers": f"1, 2, 3, 4 {words['or']} 5",
        "number": "3",
        "answer": _longest(language, "survey_label_1", "survey_label_2", "survey_label_3"),
        "round": ROUNDS[language],
        "title": TITLES[language],
        "label": LABELS[language],
        "text": SENTENCES[language],
        "emergency": "1191",
        "outside": "grievances@worldbank.org",
        "months": "24",
        "code": "4827",
        "minutes": "10",
        "month": "12/2026",
        "received": "1204",
        "resolved": words["fewer_than_five"],
        "late": words["fewer_than_five"],
        "name": NAMES[language],
        "who": NAMES[language],
        "words": words["survey"].format(round=ROUNDS[language]),
    }


def _three_matters(language: Language) -> str:
    """Return the longest list of matters that a person is ever offered."""
    names = (texts(language)[f"category_{category}"] for category in Category if category is not Category.ABUSE)
    return " ".join(f"{n} {name}" for n, name in enumerate(sorted(names, key=_utf16_units)[-3:], start=1))


def test_long_values_are_as_long_as_promised() -> None:
    for language in LOCAL:
        values = _long_values(language)
        assert 30 <= _utf16_units(values["place"]) <= 40
        assert _utf16_units(values["round"]) <= 10
        assert _utf16_units(values["level"]) <= 16


@pytest.mark.parametrize("language", LOCAL)
def test_same_keys(language: Language) -> None:
    assert set(texts(language)) == set(texts(EN))


@pytest.mark.parametrize("language", Language)
def test_no_key_twice_and_no_empty_text(language: Language) -> None:
    source = files("wording").joinpath("catalogs", f"{language.value}.po").read_text(encoding="utf-8")
    keys = regex.findall(r'^msgid "(.+)"$', source, regex.MULTILINE)
    assert len(keys) == len(set(keys)) == len(texts(language))
    for message in catalog(language):
        if message.id:
            assert str(message.string).strip(), message.id
            assert not message.fuzzy, message.id


# How a place is written out is each language's own choice: with or without the word for what it is.
PLACE_NAMES = ("place_short", "place_option", "place_full")


@pytest.mark.parametrize("language", LOCAL)
def test_same_placeholders(language: Language) -> None:
    for key, text in texts(EN).items():
        if key not in PLACE_NAMES:
            assert _placeholders(texts(language)[key]) == _placeholders(text), key


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("key", PLACE_NAMES)
def test_placeholders_of_place_names(key: str, language: Language) -> None:
    asked = _placeholders(texts(language)[key])
    assert asked
    assert asked <= {"name", "place", "parent", "parent_place"}


@pytest.mark.parametrize(
    ("language", "kind", "name", "parent", "short", "option", "full"),
    [
        (KM, "commune", "ស្រែខ្វាវ", "អង្គរជុំ", "ស្រែខ្វាវ", "ស្រែខ្វាវ អង្គរជុំ", "ឃុំស្រែខ្វាវ ស្រុកអង្គរជុំ"),
        (LO, "village", "ນາຫວາຍ", "ຄູນ", "ບ້ານນາຫວາຍ", "ບ້ານນາຫວາຍ ເມືອງຄູນ", "ບ້ານນາຫວາຍ ເມືອງຄູນ"),
    ],
)
def test_places_are_named_as_in_the_dialogues(
    language: Language, kind: str, name: str, parent: str, short: str, option: str, full: str
) -> None:
    words = {
        "name": name,
        "place": say(f"area_{kind}", language, name=name),
        "parent": parent,
        "parent_place": say("area_district", language, name=parent),
    }
    assert [say(key, language, **words) for key in PLACE_NAMES] == [short, option, full]


@pytest.mark.parametrize("language", Language)
def test_texts_to_beneficiaries_fit_two_segments(language: Language) -> None:
    values = _long_values(language)
    room = 306 if language is EN else 134
    too_long = {}
    for key in _to_beneficiaries():
        count = count_segments(say(key, language, **values))
        if count.segments > 2 or count.units > room:
            too_long[key] = count
    assert not too_long


def test_english_to_beneficiaries_is_gsm7() -> None:
    for key in _to_beneficiaries():
        assert count_segments(say(key, EN, **_long_values(EN))).encoding is Encoding.GSM7, key


LATIN_ALLOWED = regex.compile(r"/[a-z]+(?: all)?\b|\b(?:STOP|START|PIN|SMS)\b")


@pytest.mark.parametrize("language", LOCAL)
def test_no_latin_letters(language: Language) -> None:
    for key, text in texts(language).items():
        assert not regex.search(r"\p{Latin}", LATIN_ALLOWED.sub("", _bare(text))), key


@pytest.mark.parametrize("language", LOCAL)
def test_no_letters_of_another_script(language: Language) -> None:
    foreign = regex.compile(rf"[^\p{{{SCRIPTS[language]}}}\p{{Latin}}\p{{Common}}]")
    for key, text in texts(language).items():
        assert not foreign.search(_bare(text)), key


@pytest.mark.parametrize("language", Language)
def test_no_invisible_characters(language: Language) -> None:
    for key, text in texts(language).items():
        assert not regex.search(r"[\p{Cf}\p{Zl}\p{Zp}\u00a0]", text), key
        assert not regex.search(r" {2}| $| \n", text) or key == "officer_taken", key


def test_letters_are_spelled_the_usual_way() -> None:
    """Khmer signs in their usual order and vowels in one piece; in Lao ຳ, ແ, ໜ and ໝ are one letter each."""
    for key, text in texts(KM).items():
        assert not regex.search(r"[\u17b6-\u17c5]\u17d2|េី|េា|[\u17a3\u17a4\u17d3]", text), key
    for key, text in texts(LO).items():
        assert not regex.search("ໍ[່້໊໋]?າ|ເເ|ຫນ|ຫມ|ຳ[່້໊໋]", text), key


def test_sentences_end_in_the_local_way() -> None:
    for key, text in texts(KM).items():
        assert "." not in _bare(text), key
    for key, text in texts(LO).items():
        assert "។" not in text, key


def test_nothing_sent_to_her_speaks_of_a_complaint() -> None:
    for key in _to_beneficiaries():
        assert "ຮ້ອງຟ້ອງ" not in texts(LO)[key], key
        assert "ប្ដឹង" not in texts(KM)[key], key
        assert "បណ្ដឹង" not in texts(KM)[key], key
        assert "complain" not in texts(EN)[key].lower(), key


def test_a_value_not_given_is_a_fault() -> None:
    with pytest.raises(UnknownWording):
        say("receipt", KM, ref=R)


# The dialogues, to the letter. A value of the form `@key` stands for the text of that key in the same language.
