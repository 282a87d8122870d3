"""Texts are read rightly: the cases that matter word for word, and shares over a table of messages."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.reading import CATEGORY_INTENTS, Category, Intent, Language, Reading, Script
from understanding import read

PREFIXES = ("LP", "RR")
HINTS = [json.loads(line) for line in (Path(__file__).parent / "hints.jsonl").read_text(encoding="utf-8").splitlines()]
MESSAGES = [
    json.loads(line) for line in (Path(__file__).parent / "messages.jsonl").read_text(encoding="utf-8").splitlines()
]


def reading_of(text: str) -> Reading:
    return read(text, prefixes=PREFIXES)


@pytest.mark.parametrize(
    ("text", "intent", "category"),
    [
        ("លុយអត់ទាន់ចូលទេ ៣ខែហើយ", Intent.COMPLAINT, Category.PAYMENT_MISSING),
        ("ເງິນຍັງບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ", Intent.COMPLAINT, Category.PAYMENT_MISSING),
        ("គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច", Intent.COMPLAINT, Category.ABUSE),
        ("ລາວໃຫ້ຂ້ອຍໄປຫາຕອນກາງຄືນ ຈຶ່ງຈະເຊັນໃຫ້ ຂ້ອຍຢ້ານ", Intent.COMPLAINT, Category.ABUSE),
        ("លេខនេះអី?", Intent.HELP, None),
        ("ເບີນີ້ແມ່ນຫຍັງ?", Intent.HELP, None),
        ("រឿងខ្ញុំដល់ណាហើយ?", Intent.STATUS, None),
        ("ເລື່ອງຂ້ອຍຮອດໃສແລ້ວ?", Intent.STATUS, None),
        ("ខលព្រឹក ៨ ដល់ ១០", Intent.HUMAN, None),
        ("ໂທຕອນເຊົ້າ 8 ຫາ 10", Intent.HUMAN, None),
        ("សូមកុំផ្ញើមកទៀត ប្ដីខ្ញុំឃើញសារហើយទះខ្ញុំ", Intent.STOP, None),
        ("ຢ່າສົ່ງມາອີກ ຜົວເຫັນແລ້ວຕົບຂ້ອຍ", Intent.STOP, None),
        ("ឈប់", Intent.STOP, None),
        ("ເຊົາ", Intent.STOP, None),
        ("STOP", Intent.STOP, None),
        ("START", Intent.START, None),
        ("មេឃុំយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ កុំឲ្យគាត់ដឹង", Intent.COMPLAINT, Category.CORRUPTION),
        ("ນາຍບ້ານເກັບເງິນ 50 ພັນ ຈຶ່ງຂຽນຊື່ໃຫ້ ຢ່າໃຫ້ລາວຮູ້", Intent.COMPLAINT, Category.CORRUPTION),
        ("លេខសម្ងាត់ខ្ញុំ 4821 ចូលមិនបាន", Intent.COMPLAINT, Category.PAYMENT_ACCESS),
        ("ລະຫັດຂ້ອຍ 4821 ເຂົ້າບໍ່ໄດ້", Intent.COMPLAINT, Category.PAYMENT_ACCESS),
        ("សុំខលមក អានមិនចេះ", Intent.HUMAN, None),
        ("ຂໍໃຫ້ໂທມາ ອ່ານບໍ່ເປັນ", Intent.HUMAN, None),
        ("ໂຄງການຂຸດທາງເຂົ້າດິນຂ້ອຍ ບໍ່ໄດ້ຖາມກ່ອນ", Intent.COMPLAINT, Category.LAND_ENVIRONMENT),
        ("ខ្ញុំបានលុយតែ ៨ម៉ឺន គេសន្យា ១២ម៉ឺន", Intent.COMPLAINT, Category.PAYMENT_AMOUNT),
        ("មេភូមិសុំលុយតែ", Intent.COMPLAINT, Category.CORRUPTION),
        ("ຊື່ຂ້ອຍຖືກລຶບອອກຈາກບັນຊີ ບໍ່ຮູ້ຍ້ອນຫຍັງ", Intent.COMPLAINT, Category.ELIGIBILITY),
        ("ລູກຄົນທີສອງໄດ້ເງິນນຳບໍ", Intent.QUESTION, Category.ELIGIBILITY),
        ("luy khae nis min toan ban te", Intent.COMPLAINT, Category.PAYMENT_MISSING),
        ("thank you", Intent.FEEDBACK, Category.OTHER),
        ("thanks", Intent.FEEDBACK, Category.OTHER),
        ("orkun", Intent.FEEDBACK, Category.OTHER),
        ("អរគុណ", Intent.FEEDBACK, Category.OTHER),
        ("ຂອບໃຈ", Intent.FEEDBACK, Category.OTHER),
        ("ຂອບໃຈເຈົ້າ", Intent.FEEDBACK, Category.OTHER),
        ("khop chai", Intent.FEEDBACK, Category.OTHER),
    ],
)
def test_texts_of_the_dialogues_are_read_rightly(text, intent, category):
    reading = reading_of(text)
    assert (reading.intent, reading.category) == (intent, category)


@pytest.mark.parametrize(
    ("text", "sensitive", "afraid"),
    [
        ("សូមកុំផ្ញើមកទៀត ប្ដីខ្ញុំឃើញសារហើយទះខ្ញុំ", True, True),
        ("ຢ່າສົ່ງມາອີກ ຜົວເຫັນແລ້ວຕົບຂ້ອຍ", True, True),
        ("គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច", True, True),
        ("មេឃុំយកលុយ ២ម៉ឺន ទើបចុះឈ្មោះឲ្យ កុំឲ្យគាត់ដឹង", False, False),
        ("ផ្ទះខ្ញុំប្រក់ស្លឹក ដើមស្វាយខ្ញុំគេកាប់អស់", False, False),
        ("ឈប់", False, False),
    ],
)
def test_sensitivity_is_decided_whatever_the_intent(text, sensitive, afraid):
    reading = reading_of(text)
    assert (reading.sensitive, reading.afraid) == (sensitive, afraid)
    assert bool(reading.sensitive_reason) or not sensitive


def test_hints_are_told_from_what_only_sounds_like_them():
    """Pairs of a hint and a harmless text in nearly the same words: the hardest there are, far from what people send."""
    noticed = {row["text"]: (r := reading_of(row["text"])).sensitive or r.unsure_sensitive for row in HINTS}
    hints = [row["text"] for row in HINTS if row["sensitive"]]
    harmless = [row["text"] for row in HINTS if not row["sensitive"]]
    overlooked = [text for text in hints if not noticed[text]]
    alarms = [text for text in harmless if noticed[text]]
    assert len(overlooked) <= 0.05 * len(hints), overlooked
    assert len(alarms) <= 0.35 * len(harmless), alarms


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("what happened with LP-7K3M-9Q, my husband beats me again", None),
        ("រឿង LP-7K3M-9Q ដល់ណាហើយ គាត់វាយខ្ញុំទៀត", None),
        ("ເບີນີ້ແມ່ນຫຍັງ ຜົວຕີຂ້ອຍ", None),
        ("can you write in Khmer, he raped my daughter", None),
        ("dont send, my husband beat me", Intent.STOP),
        ("call me, my husband beat me", Intent.HUMAN),
    ],
)
def test_a_sensitive_text_is_not_taken_for_a_lesser_wish(text, kept):
    reading = reading_of(text)
    assert reading.sensitive
    assert reading.intent not in {Intent.HELP, Intent.LANGUAGE, Intent.GREETING, Intent.YES, Intent.UNCLEAR}
    assert kept is None or reading.intent is kept


def test_sensitive_words_at_the_end_of_a_very_long_text_are_found():
    assert reading_of("សួស្ដី ។ " * 1200 + "ប្ដីខ្ញុំវាយខ្ញុំ").sensitive


@pytest.mark.parametrize("text", ["我丈夫打我", "พี่ครับ โดนสามีตี", "муж бьёт меня"])
def test_a_script_that_is_not_read_goes_to_the_desk(text):
    reading = reading_of(text)
    assert reading.unsure_sensitive
    assert reading.confidence < 0.85


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        ("មេឃុំយកលុយ ២ម៉ឺន", ("commune",)),
        ("ចៅសង្កាត់មិនដែលមក", ("commune",)),
        ("មេភូមិ និងអភិបាលស្រុកយកលុយ", ("village", "district")),
        ("ນາຍບ້ານເກັບເງິນ", ("village",)),
        ("ເຈົ້າເມືອງບໍ່ຍຸດຕິທຳ", ("district",)),
        ("ຕົວແທນ U-Money ຕັດເງິນ", ("agent",)),
        ("the commune chief and the wing agent take money", ("commune", "agent")),
        ("mephum yok luy", ("village",)),
        ("nai ban kep ngern", ("village",)),
        ("លុយមិនទាន់ចូល", ()),
    ],
)
def test_posts_that_a_text_names(text, posts):
    assert reading_of(text).named_posts == posts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("english please", Language.EN),
        ("ປ່ຽນເປັນ English", Language.EN),
        ("ភាសាខ្មែរ", Language.KM),
        ("អត់ចេះអង់គ្លេសទេ ខ្មែរវិញ", Language.KM),
        ("ຂໍພາສາລາວ", Language.LO),
        ("can you send in Lao", Language.LO),
        ("som khmer vinh", Language.KM),
        ("មានភាសាចាមអត់", None),
    ],
)
def test_the_language_that_is_asked_for(text, wanted):
    reading = reading_of(text)
    assert (reading.intent, reading.wanted_language) == (Intent.LANGUAGE, wanted)


@pytest.mark.parametrize(
    ("text", "reference", "valid"),
    [
        ("រឿង LP-7K3M-9G ដល់ណាហើយ", "LP-7K3M-9G", None),
        ("lp 7k3m 9q", "LP-7K3M-9Q", None),
        ("LP-៧K៣M-៩Q", "LP-7K3M-9Q", None),
        ("លុយ 5000 រៀល", None, False),
    ],
)
def test_references_are_found_and_normalised(text, reference, valid):
    reading = reading_of(text)
    assert reading.reference == reference
    assert valid is None or reading.reference_valid is valid


def test_a_text_without_words_takes_the_default_language():
    assert read("3", prefixes=PREFIXES, default_language=Language.LO).language is Language.LO


def test_every_language_and_script_of_the_table_is_told():
    wrong = [row["id"] for row in MESSAGES if (row["language"], row["script"]) != _tongue(row["text"])]
    assert len(wrong) <= 2, wrong


def _tongue(text: str) -> tuple[str, str]:
    reading = reading_of(text)
    return reading.language.value, reading.script.value


@pytest.mark.parametrize(("language", "script"), sorted({(row["language"], row["script"]) for row in MESSAGES}))
def test_most_messages_of_each_group_are_read_rightly(language, script):
    rows = [row for row in MESSAGES if (row["language"], row["script"]) == (language, script)]
    readings = [reading_of(row["text"]) for row in rows]
    intents = [reading.intent == row["intent"] for row, reading in zip(rows, readings, strict=True)]
    categories = [r.category == row["category"] for row, r in zip(rows, readings, strict=True) if row["category"]]
    assert sum(intents) / len(intents) >= 0.9
    assert sum(categories) / len(categories) >= 0.85


def test_no_sensitive_message_is_missed_and_few_others_are_taken_for_one():
    verdicts = Counter((row["sensitive"], reading_of(row["text"]).sensitive) for row in MESSAGES)
    assert verdicts[True, False] == 0
    assert verdicts[True, True] / (verdicts[True, True] + verdicts[False, True]) >= 0.8


def test_high_confidence_is_deserved():
    sure = [(row, r) for row in MESSAGES if (r := reading_of(row["text"])).confidence >= 0.85]
    assert len(sure) >= len(MESSAGES) / 2
    assert sum(r.intent == row["intent"] for row, r in sure) / len(sure) >= 0.97


def whole_reading_holds(reading: Reading) -> None:
    assert 0 <= reading.confidence <= 1
    assert (reading.category is not None) == (reading.intent in CATEGORY_INTENTS)
    assert len(reading.categories) <= 3
    assert not (reading.sensitive and reading.unsure_sensitive)
    assert reading.script is Script.NATIVE or reading.language is not Language.EN


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "😀😀😀",
        "\x00\x07\u200b",
        "\ud800\udfff",
        "?" * 500,
        "ក" * 10_000,
        "ບ່" * 5_000,
        "a b " * 2_500,
        "ß" * 300,
        "tit tam LP-8C4Y-3T dae",
    ],
)
def test_odd_texts_are_read_without_failing(text):
    whole_reading_holds(reading_of(text))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text):
    whole_reading_holds(reading_of(text))


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted({word for row in MESSAGES for word in row["text"].split()})), max_size=40))
def test_any_order_of_real_words_is_read_without_failing(words):
    whole_reading_holds(reading_of(" ".join(words)))


@pytest.mark.parametrize(
    "text",
    ["stop hitting me", "make him stop", "ឈប់វាយខ្ញុំ", "ເຊົາຕີຂ້ອຍ", "yut ti khoy", "water stop", "លុយឈប់", "ngoen yut",
     "remove me from list", "stop stealing our money", "ឈប់រៀន", "stop the corruption", "the agent told me to stop",
     "bus stop", "stop work", "dont stop the messages", "t o p", "បញ្ឈប់អំពើពុករលួយ", "ភ្នាក់ងារប្រាប់ខ្ញុំឱ្យឈប់", "កុំឈប់ផ្ញើ",
     "ហេតុអ្វីឈប់បើកលុយ", "ຢຸດສໍ້ລາດບັງຫຼວງ", "ຕົວແທນບອກໃຫ້ຂ້ອຍຢຸດ", "ບ່ອນຈອດລົດ", "ຢ່າຢຸດສົ່ງ", "chhop puk roluy",
     "agent prap oy chhop", "tua thaen bok hai yut", "stop គេវាយខ្ញុំ", "stop ຜົວຕີຂ້ອຍ"],
)  # fmt: skip
def test_what_only_speaks_of_stopping_is_heard(text):
    assert reading_of(text).intent not in (Intent.STOP, Intent.START)


@pytest.mark.parametrize("text", ["ok ប្ដីខ្ញុំវាយខ្ញុំ", "menu ប្ដីវាយខ្ញុំ", "boss តូបចាប់គូទបុគ្គលិកស្រីរាល់ថ្ងៃ", "ok ຜົວຂ້ອຍຕີຂ້ອຍ"])
def test_a_keyword_in_other_letters_does_not_drown_what_stands_beside_it(text):
    reading = reading_of(text)
    assert (reading.intent, reading.category, reading.sensitive) == (Intent.COMPLAINT, Category.ABUSE, True)


@pytest.mark.parametrize("text", ["ok បង", "OK ហើយ", "ok ចាស", "ok ເດີ"])
def test_a_yes_may_be_polite_in_other_letters(text):
    assert reading_of(text).intent is Intent.YES


@pytest.mark.parametrize(
    "text",
    ["S T O P", "s.t.o.p", "S-T-O-P!", "ＳＴＯＰ", "𝐒𝐓𝐎𝐏", "Ⓢⓣⓞⓟ", "st0p", "5TOP", "STOP!!!", "«STOP»", "STOP 🙏", "stop\nstop",
     "S\u200bT\u200bO\u200bP", "st\u200bop", "st op", "stop all", "Stop please", "stop msg", "stop texting me", "ឈប់!!!", "ឈ ប់",
     "ឈ\u200bប់", "បញ្ឈប់", "បញ្ឈប់ការផ្ញើសារ", "សូមឈប់ផ្ញើសារបង", "ຢຸດ", "ຢຸດ!!!", "ຢ ຸດ", "ເຊົາສົ່ງ", "ກະລຸນາຢຸດ", "ຢຸດສົ່ງຂໍ້ຄວາມ",
     "chhop", "c h h o p", "chhop phnher", "bonhchhop", "yut", "Y U T", "sao song"],
)  # fmt: skip
@pytest.mark.parametrize("language", [Language.KM, Language.LO])
def test_a_wish_for_silence_is_known_however_it_is_typed(text, language):
    reading = read(text, prefixes=PREFIXES, default_language=language)
    assert (reading.intent, reading.sensitive) == (Intent.STOP, False)


@pytest.mark.parametrize(
    "text", ["យើងទៅផ្ទះគេប្រជុំ", "ពីរនាក់គាត់ជាកសិករ", "pai ha lao leo bor yu", "khoy pai num lao dai bor"]
)
def test_he_and_she_alone_are_no_hint_of_harm(text):
    reading = reading_of(text)
    assert (reading.sensitive, reading.unsure_sensitive) == (False, False)


@pytest.mark.parametrize("text", ["មេភូមិឲ្យខ្ញុំទៅផ្ទះគាត់", "ភ្នាក់ងារឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់", "ທ່ານໃຫ້ຂ້ອຍໄປຫາລາວກາງຄືນ ຂ້ອຍຢ້ານ"])
def test_to_his_house_is_one_where_the_rest_says_so(text):
    assert reading_of(text).sensitive


def test_a_reference_in_wide_letters_is_found():
    assert reading_of("ＬＰ－７Ｋ３Ｍ－９Ｑ").reference == "LP-7K3M-9Q"


@pytest.mark.parametrize(
    "text", ["STOP", "stop", "ឈប់", "ເຊົາ", "sao", "quit", "StopAll", "please stop", "kom phnher sms mok nh tiet", "ຢຸດສົ່ງ"]
)
def test_a_wish_for_silence_is_one_whatever_its_letters_recall(text):
    reading = reading_of(text)
    assert (reading.intent, reading.sensitive, reading.unsure_sensitive) == (Intent.STOP, False, False)


@pytest.mark.parametrize("text", ["ລົບຊື່ຂ້ອຍຈາກລາຍການຂໍ້ຄວາມ", "beua laew, song ma thuk xao, bo hap"])
def test_a_wish_for_silence_in_words_that_are_not_known_is_no_report_of_harm(text):
    assert not reading_of(text).sensitive


@pytest.mark.parametrize("text", ["lao", "khmer", "HELP", "OK", "រឿងខ្ញុំដល់ណាហើយ?", "ເລື່ອງຂ້ອຍຮອດໃສແລ້ວ?", "after 5pm"])
def test_mere_keywords_and_questions_are_no_report(text):
    assert not reading_of(text).sensitive
