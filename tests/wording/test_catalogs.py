"""The three catalogs: same keys and placeholders, two SMS segments at most, nothing foreign, the dialogues kept."""

import string
from collections.abc import Iterator
from importlib.resources import files

import pytest
import regex

from domain.reading import Category, Language
from domain.segments import Encoding, count_segments
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


def test_officers_help_names_the_same_commands_everywhere() -> None:
    commands = {each: regex.findall(r"/[a-z]+", say("officer_help", each)) for each in Language}
    assert commands[KM] == commands[LO] == commands[EN]
    for language in LOCAL:
        assert len(regex.findall(r"/[a-z]+ \(\p{L}[\p{L}\p{M}]*\)", say("officer_help", language))) == len(commands[EN])


def test_a_value_not_given_is_a_fault() -> None:
    with pytest.raises(UnknownWording):
        say("receipt", KM, ref=R)


# The dialogues, to the letter. A value of the form `@key` stands for the text of that key in the same language.
DISTRICT = {"level": "@level_district"}
OFFICE = {"office": "@office_district"}
PLACE = {KM: "ស្រែខ្វាវ", LO: "ບ້ານນາຫວາຍ"}
ANSWER = {KM: "បើកប្រាក់ថ្ងៃសុក្រ នៅសាលាឃុំ", LO: "ຈ່າຍເງິນວັນສຸກ ຢູ່ຫ້ອງການເມືອງ"}

DIALOGUES: tuple[tuple[str, dict[str, object], str, str], ...] = (
    (
        "receipt",
        {"area_kind": {KM: "@area_kind_commune", LO: "@area_kind_village"}},
        "បានទទួលសារហើយ។ លេខ R។ យើងឆ្លើយមុន D។ អ្នកនៅឃុំណា? តបឈ្មោះឃុំ ឬមិនបាច់តប។ ចង់ឲ្យខលទៅ សរសេរម៉ោង។",
        "ໄດ້ຮັບຂໍ້ຄວາມແລ້ວ. ເລກ R. ພວກເຮົາຈະຕອບກ່ອນ D. ທ່ານຢູ່ບ້ານໃດ? ຕອບຊື່ບ້ານ ຫຼື ບໍ່ຕອບກໍໄດ້. ຢາກໃຫ້ໂທຫາ ຂຽນໂມງມາ.",
    ),
    (
        "notice",
        {"emergency": {KM: "117", LO: "1191"}},
        "មានតែអ្នកដោះស្រាយទើបឃើញសារ។ មិនបង្ហាញឈ្មោះ សរសេរ «គ្មានឈ្មោះ»។ កុំផ្ញើលេខ PIN។ ឈប់ទទួលសារ សរសេរ STOP។ អាសន្ន ខល 117។",
        "ມີແຕ່ຜູ້ແກ້ໄຂເຫັນຂໍ້ຄວາມ. ບໍ່ໃຫ້ເຫັນຊື່ ຂຽນ «ບໍ່ອອກຊື່». ຢ່າສົ່ງລະຫັດ PIN. ເຊົາຮັບຂໍ້ຄວາມ ຂຽນ STOP. ເຫດດ່ວນ ໂທ 1191.",
    ),
    (
        "place_choice",
        {
            "count": "@count_2",
            "options": {
                KM: "1 ស្រែខ្វាវ អង្គរជុំ 2 ស្រែខ្វាវ ស្រុកផ្សេង",
                LO: "1 ບ້ານນາຫວາຍ ເມືອງຄູນ 2 ບ້ານນາຫວາຍ ເມືອງໜອງແຮດ",
            },
            "numbers": {KM: "1 ឬ 2", LO: "1 ຫຼື 2"},
        },
        "មានពីរកន្លែង៖ 1 ស្រែខ្វាវ អង្គរជុំ 2 ស្រែខ្វាវ ស្រុកផ្សេង។ តប 1 ឬ 2។",
        "ມີສອງບ່ອນ: 1 ບ້ານນາຫວາຍ ເມືອງຄູນ 2 ບ້ານນາຫວາຍ ເມືອງໜອງແຮດ. ຕອບ 1 ຫຼື 2.",
    ),
    (
        "place_noted",
        {"place": {KM: "ឃុំស្រែខ្វាវ ស្រុកអង្គរជុំ", LO: "ບ້ານນາຫວາຍ ເມືອງຄູນ"}},
        "អរគុណ។ បានកត់ ឃុំស្រែខ្វាវ ស្រុកអង្គរជុំ។",
        "ຂອບໃຈ. ບັນທຶກແລ້ວ ບ້ານນາຫວາຍ ເມືອງຄູນ.",
    ),
    (
        "help",
        {"emergency": {KM: "117", LO: "1191"}},
        "នេះជាលេខព័ត៌មានគម្រោង៖ ថ្ងៃប្រជុំ សំណួរ និងមតិ។ សរសេរអ្វីក៏បាន។ អាសន្ន ខល 117។",
        "ນີ້ແມ່ນເບີຂໍ້ມູນໂຄງການ: ວັນປະຊຸມ, ຄຳຖາມ ແລະ ຄຳເຫັນ. ຂຽນຫຍັງມາກໍໄດ້. ເຫດດ່ວນ ໂທ 1191.",
    ),
    (
        "status_ask_reference",
        {"prefix": "LP"},
        "សូមផ្ញើលេខ LP-… ដែលបានទទួល ឬសរសេរម្ដងទៀត។",
        "ກະລຸນາສົ່ງເລກ LP-… ທີ່ໄດ້ຮັບ ຫຼື ຂຽນມາໃໝ່.",
    ),
    ("noted", {}, "អរគុណ បានកត់ហើយ។", "ຂອບໃຈ ບັນທຶກແລ້ວ."),
    ("stopped", {}, "បានឈប់ផ្ញើសារហើយ។ ចង់ទទួលវិញ សរសេរ START។", "ເຊົາສົ່ງຂໍ້ຄວາມແລ້ວ. ຢາກຮັບຄືນ ຂຽນ START."),
    ("started", {}, "បានបើកវិញហើយ។ ឈប់ សរសេរ STOP។", "ເປີດຄືນແລ້ວ. ຢາກເຊົາ ຂຽນ STOP."),
    (
        "named_safe",
        DISTRICT,
        "សារនេះ មានតែថ្នាក់ស្រុកឃើញ។ យើងមិនបង្ហាញឈ្មោះ និងលេខអ្នកទេ តែរឿងដែលអ្នកសរសេរ អាចឲ្យគេស្គាល់។ បើមានគេគំរាម សរសេរមក។",
        "ຂໍ້ຄວາມນີ້ ມີແຕ່ຂັ້ນເມືອງເຫັນ. ພວກເຮົາບໍ່ໃຫ້ເຫັນຊື່ ແລະ ເບີ ແຕ່ເລື່ອງທີ່ຂຽນ ອາດເຮັດໃຫ້ຄົນຮູ້. ຖ້າມີຄົນຂົ່ມຂູ່ ຂຽນມາ.",
    ),
    (
        "round_moved",
        {"round": ROUNDS},
        "ការបើកប្រាក់ខែ 11 លើកទៅ D។ អ្នកមិនបាត់សិទ្ធិទេ។ មិនត្រូវបង់ប្រាក់ឲ្យអ្នកណាឡើយ។",
        "ເງິນຮອບເດືອນ 11 ເລື່ອນໄປ D. ສິດຂອງທ່ານບໍ່ເສຍ. ບໍ່ຕ້ອງຈ່າຍເງິນໃຫ້ໃຜ.",
    ),
    (
        "survey",
        {"round": ROUNDS},
        "ការបើកប្រាក់ខែ 11៖ អ្នកបានទទួលហើយឬនៅ? 1 បានគ្រប់ 2 មិនបាន 3 បានខ្វះ។ មិនតបក៏បាន។",
        "ເງິນຮອບເດືອນ 11: ທ່ານໄດ້ຮັບແລ້ວບໍ? 1 ໄດ້ຄົບ 2 ບໍ່ໄດ້ 3 ໄດ້ບໍ່ຄົບ. ບໍ່ຕອບກໍໄດ້.",
    ),
    (
        "take_up",
        {},
        "ចង់ឲ្យយើងពិនិត្យទេ? 1 ពិនិត្យ មិនបង្ហាញឈ្មោះ 2 ពិនិត្យ បង្ហាញឈ្មោះបាន 3 ប្រាប់ឲ្យដឹងប៉ុណ្ណោះ",
        "ຢາກໃຫ້ພວກເຮົາກວດບໍ? 1 ກວດ ບໍ່ອອກຊື່ 2 ກວດ ອອກຊື່ໄດ້ 3 ພຽງແຕ່ແຈ້ງໃຫ້ຮູ້",
    ),
    (
        "take_up_receipt",
        {},
        "លេខ R។ ឆ្លើយមុន D។ អ្នកបានទទួលប៉ុន្មាន? តបជាលេខ ឬមិនបាច់តប។",
        "ເລກ R. ຈະຕອບກ່ອນ D. ທ່ານໄດ້ຮັບເທົ່າໃດ? ຕອບເປັນຕົວເລກ ຫຼື ບໍ່ຕອບກໍໄດ້.",
    ),
    (
        "pin_warning",
        {},
        "កុំប្រាប់លេខសម្ងាត់ដល់អ្នកណា។ យើងបានលាក់វាហើយ។ សូមប្ដូរលេខសម្ងាត់ឆាប់។ លេខ R។ យើងឆ្លើយមុន D។",
        "ຢ່າບອກລະຫັດໃຫ້ໃຜ. ພວກເຮົາເຊື່ອງມັນແລ້ວ. ກະລຸນາປ່ຽນລະຫັດໄວໆ. ເລກ R. ຈະຕອບກ່ອນ D.",
    ),
    (
        "status_open",
        DISTRICT,
        "លេខ R៖ ឥឡូវនៅថ្នាក់ស្រុក។ យើងឆ្លើយមុន D។",
        "ເລກ R: ດຽວນີ້ຢູ່ຂັ້ນເມືອງ. ຈະຕອບກ່ອນ D.",
    ),
    (
        "reference_slip",
        {},
        "លេខនេះមិនត្រូវ។ R មែនទេ? 1 មែន 2 មិនមែន",
        "ເລກນີ້ບໍ່ຖືກ. R ແມ່ນບໍ? 1 ແມ່ນ 2 ບໍ່ແມ່ນ",
    ),
    (
        "status_other_phone",
        {},
        "សូមផ្ញើពីទូរស័ព្ទដែលសរសេរមកដំបូង ឬសួរមន្ត្រីផ្ទាល់។",
        "ກະລຸນາສົ່ງຈາກໂທລະສັບທີ່ຂຽນມາຄັ້ງທຳອິດ ຫຼື ຖາມພະນັກງານໂດຍກົງ.",
    ),
    (
        "solved_question",
        {},
        "លេខ R៖ រួចហើយឬនៅ? 1 រួច 2 មិនទាន់។ មិនតបទេ អ្នកនៅតែអាចប្រាប់យើងវិញ រហូតដល់ D។",
        "ເລກ R: ແກ້ໄຂແລ້ວບໍ? 1 ແລ້ວ 2 ຍັງ. ບໍ່ຕອບ ທ່ານຍັງບອກພວກເຮົາຄືນໄດ້ ຮອດ D.",
    ),
    (
        "not_solved",
        DISTRICT,
        "បានបន្តទៅថ្នាក់ស្រុក លេខដដែល។ យើងឆ្លើយមុន D។ នៅខ្វះអ្វី? សរសេរក៏បាន មិនសរសេរក៏បាន។",
        "ສົ່ງໄປຂັ້ນເມືອງແລ້ວ ເລກເກົ່າ. ຈະຕອບກ່ອນ D. ຍັງຂາດຫຍັງ? ຂຽນກໍໄດ້ ບໍ່ຂຽນກໍໄດ້.",
    ),
    (
        "last_level",
        {"outside": "grievances@worldbank.org"},
        "ថ្នាក់ជាតិសម្រេចហើយ។ អ្នកទៅតុលាការបានគ្រប់ពេល ឬធនាគារពិភពលោក៖ grievances@worldbank.org។ ត្រូវការជំនួយ តប 1។",
        "ຂັ້ນສູນກາງຕັດສິນແລ້ວ. ທ່ານໄປສານໄດ້ທຸກເວລາ ຫຼື ທະນາຄານໂລກ: grievances@worldbank.org. ຕ້ອງການຄວາມຊ່ວຍເຫຼືອ ຕອບ 1.",
    ),
    (
        "officer_new",
        {"number": 3, "category": "@category_payment_missing", "place": PLACE},
        "ថ្មី [3] R · ប្រាក់មិនបាន · ស្រែខ្វាវ · ឆ្លើយមុន D",
        "ໃໝ່ [3] R · ບໍ່ໄດ້ເງິນ · ບ້ານນາຫວາຍ · ຕອບກ່ອນ D",
    ),
    (
        "officer_send_question",
        {"text": ANSWER},
        "ផ្ញើទៅអ្នកសរសេរ? «បើកប្រាក់ថ្ងៃសុក្រ នៅសាលាឃុំ»",
        "ສົ່ງໃຫ້ຜູ້ຂຽນບໍ? «ຈ່າຍເງິນວັນສຸກ ຢູ່ຫ້ອງການເມືອງ»",
    ),
    ("button_send", {}, "ផ្ញើ", "ສົ່ງ"),
    ("button_keep_note", {}, "ទុកជាកំណត់ចំណាំ", "ເກັບເປັນບັນທຶກ"),
    ("officer_held", {"seconds": 60}, "នឹងផ្ញើក្នុង 60 វិនាទី។", "ຈະສົ່ງໃນ 60 ວິນາທີ."),
    ("button_undo", {}, "យកវិញ", "ຖອນຄືນ"),
    (
        "officer_confirm",
        {"act": "@act_resolve", "code": "4827", "minutes": 10},
        "ចង់បិទ R មែនទេ? តបលេខ 4827 ក្នុង 10 នាទី។",
        "ປິດ R ແມ່ນບໍ? ຕອບເລກ 4827 ພາຍໃນ 10 ນາທີ.",
    ),
    ("officer_resolved", {}, "បានកត់។ កំពុងសួរអ្នកសរសេរ។", "ບັນທຶກແລ້ວ. ກຳລັງຖາມຜູ້ຂຽນ."),
    (
        "human",
        {},
        "បានទទួល។ លេខ R។ យើងខលទៅមុន D។ ម៉ោងណាស្រួល? តបម៉ោង ឬមិនបាច់តប។",
        "ໄດ້ຮັບແລ້ວ. ເລກ R. ຈະໂທຫາກ່ອນ D. ໂມງໃດສະດວກ? ຕອບໂມງ ຫຼື ບໍ່ຕອບກໍໄດ້.",
    ),
    (
        "missed_call",
        {},
        "យើងឃើញអ្នកខលមក។ យើងខលទៅវិញមុន D។ មិនចង់ឲ្យខល តប 2។",
        "ພວກເຮົາເຫັນທ່ານໂທມາ. ຈະໂທຄືນກ່ອນ D. ບໍ່ຢາກໃຫ້ໂທ ຕອບ 2.",
    ),
    (
        "survey_echo",
        {"number": 1, "answer": "@survey_label_1"},
        "អ្នកតប 1 = បានគ្រប់។ បើខុស សរសេរ «ខុស»។ អរគុណ។",
        "ທ່ານຕອບ 1 = ໄດ້ຄົບ. ຖ້າຜິດ ຂຽນ «ຜິດ». ຂອບໃຈ.",
    ),
    (
        "question_late",
        {},
        "សំណួរនោះហួសពេលហើយ។ ចង់ប្រាប់អ្វី សូមសរសេរជាពាក្យ។",
        "ຄຳຖາມນັ້ນໝົດເວລາແລ້ວ. ຢາກບອກຫຍັງ ຂຽນເປັນຄຳເວົ້າ.",
    ),
    (
        "escalated",
        DISTRICT,
        "លេខ R បានបន្តទៅថ្នាក់ស្រុក។ អ្នកមិនបាច់ធ្វើអ្វីទេ។ ឆ្លើយមុន D។",
        "ເລກ R ສົ່ງໄປຂັ້ນເມືອງແລ້ວ. ທ່ານບໍ່ຕ້ອງເຮັດຫຍັງ. ຈະຕອບກ່ອນ D.",
    ),
    (
        "officer_overdue",
        OFFICE,
        "R ហួសពេល បានបន្តទៅស្រុក។ អ្នកនៅតែអាចកត់ចំណាំ។",
        "R ກາຍກຳນົດ ສົ່ງໄປເມືອງແລ້ວ. ທ່ານຍັງບັນທຶກໄດ້.",
    ),
    (
        "desk_vacant",
        {"place": PLACE, **OFFICE},
        "ស្រែខ្វាវ គ្មានអ្នកទទួលការងារ។ R ទៅស្រុក។ សូមតែងតាំងអ្នកថ្មី។",
        "ບ້ານນາຫວາຍ ບໍ່ມີຜູ້ຮັບຜິດຊອບ. R ໄປເມືອງ. ກະລຸນາແຕ່ງຕັ້ງຄົນໃໝ່.",
    ),
)


def _dialogue_lines() -> Iterator[tuple[str, Language, dict[str, object], str]]:
    for key, values, khmer, lao in DIALOGUES:
        for language, expected in ((KM, khmer), (LO, lao)):
            yield key, language, values, expected


def _resolved(value: object, language: Language) -> object:
    if isinstance(value, dict):
        value = value[language]
    if isinstance(value, str) and value.startswith("@"):
        return say(value[1:], language)
    return value


@pytest.mark.parametrize(
    ("key", "language", "values", "expected"),
    [pytest.param(*line, id=f"{line[0]}-{line[1].value}") for line in _dialogue_lines()],
)
def test_dialogue_to_the_letter(key: str, language: Language, values: dict[str, object], expected: str) -> None:
    filled = {name: _resolved(value, language) for name, value in values.items()}
    assert say(key, language, ref="R", day="D", **filled) == expected
