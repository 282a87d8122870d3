"""What officers get by SMS: at most two segments, whatever stands in it; every command has its words and wordings."""

import string

import pytest

from domain.reading import Category, Language
from domain.sending.segments import count_segments
from handlers.officers.card import words_of
from handlers.officers.commands import SHAPES, Command
from wording import say, texts

TELEGRAM_ONLY = frozenset(
    {
        "officer_words",
        "officer_words_noted",
        "officer_words_none",
        "officer_words_media",
        "officer_words_you",
        "officer_words_person",
        "officer_case_words_gone",
        "officer_case_call",
        "officer_write_words",
        "officer_send_question",
        "officer_share_contact",
        "officer_contact_wrong",
        "officer_contact_foreign",
        "officer_invite_invalid",
        "officer_welcome",
        "officer_edit_ignored",
        "officer_language",
    }
)
"""What is only ever said by Telegram: it answers taps, shows her words, or ties an account to the register."""
IN_PARTS = frozenset({"officer_stats", "officer_cases_row", "officer_list_more", "officer_find_title"})
"""Lines of answers that are put together, and cut to two segments where that is done."""


def _longest(language: Language, prefix: str) -> str:
    found = (text for key, text in texts(language).items() if key.startswith(prefix) and "{" not in text)
    return max(found, key=lambda text: len(text.encode("utf-16-le")))


def _values(language: Language) -> dict[str, str]:
    level = _longest(language, "level_")
    categories = [say(f"category_{category}", language) for category in Category]
    places = {"km": "ស្រែខ្វាវ អង្គរជុំ", "lo": "ບ້ານນາຫວາຍ ເມືອງຄູນ", "en": "Srae Khvav, Angkor Chum"}
    return {
        "ref": "LP-7K3M-9Q",
        "refs": "LP-7K3M-9Q, LP-3W8N-2T",
        "number": "99",
        "numbers": "[95] [96] [97] [98] [99]",
        "day": "15/12",
        "until": "15/12",
        "month": "12/2026",
        "time": "7:00",
        "code": "4827",
        "minutes": "10",
        "seconds": "60",
        "segments": "12",
        "most": "3",
        "level": level,
        "office": _longest(language, "office_"),
        "status": _longest(language, "status_name_"),
        "outcome": _longest(language, "outcome_"),
        "category": max(categories, key=len),
        "act": _longest(language, "act_"),
        "possible": ", ".join(say(f"act_{each}", language) for each in ("take", "reply", "note")),
        "place": places[language.value],
        "options": "; ".join([places[language.value]] * 2),
        "command": "/resolve LP-7K3M-9Q",
        "usage": say("usage_absent", language),
        "text": places[language.value],
        "who_before": say("officer_taken_from", language),
        "rows": f"[98] {categories[0]}; [99] {categories[1]}",
        "project": "LEAP",
        "outside": "grievances@worldbank.org",
        "days": "15",
        **dict.fromkeys(("count", "overdue", "new", "today", "received", "open", "resolved", "in_time", "good"), "99"),
    }


def _by_sms(language: Language) -> list[str]:
    known = texts(language)
    keys = [key for key in known if key.startswith("officer_") and not key.endswith("_sms")]
    return [f"{key}_sms" if f"{key}_sms" in known else key for key in keys if key not in TELEGRAM_ONLY | IN_PARTS]


@pytest.mark.parametrize("language", Language)
def test_every_answer_to_an_officer_by_sms_fits_two_segments(language: Language) -> None:
    values = _values(language)
    too_long = {}
    for key in _by_sms(language):
        asked = {name for _, name, _, _ in string.Formatter().parse(texts(language)[key]) if name is not None}
        count = count_segments(say(key, language, **{name: values.get(name, "99") for name in asked}))
        if count.segments > 2:
            too_long[key] = count.units
    assert not too_long


@pytest.mark.parametrize("command", Command)
@pytest.mark.parametrize("language", Language)
def test_every_command_has_a_word_in_every_language(command: Command, language: Language) -> None:
    assert words_of(command, language)


@pytest.mark.parametrize("command", Command)
@pytest.mark.parametrize("language", Language)
def test_every_command_is_named_in_the_menu_and_where_it_is_confirmed(command: Command, language: Language) -> None:
    assert f"menu_{command}" in texts(language)
    if SHAPES[command].changes:
        assert f"act_{command}" in texts(language)
