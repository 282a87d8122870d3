"""`/find`: cases that an officer may see, by a part of the reference, what they are about, where, or words that were said."""

import re

from domain.reading import Category, Language
from domain.texts.digits import to_ascii_digits
from handlers.cases import who_wrote
from handlers.officers.asking.listing import as_list
from handlers.officers.commands import Given
from handlers.officers.duty import Duty
from handlers.places import find_places
from storage.queries import areas
from storage.queries.casework import search
from storage.queries.casework.search import Line
from understanding.spelling.normal import loose_key
from understanding.wishes.labels import closest_label
from wording import say

_ROWS, _ROWS_SMS = 10, 4
_CASES, _MESSAGES = 1000, 2000
_REFERENCE_PART = re.compile(r"[0-9A-Z]{3,8}")
_SHORTEST = 2


def find(duty: Duty, given: Given) -> None:
    """List the cases that words find, with the officer's numbers; of what was said in them nothing is shown."""
    words = given.words.strip()
    limit = _ROWS_SMS if duty.by_sms else _ROWS
    found = _found(duty, words)
    if not found:
        duty.tell("officer_find_none", text=words[:40])
        return
    shown = search.of_ids(duty.tx, found[:limit])
    title = say("officer_find_title", duty.language, count=len(found))
    listed = [shown[case_id] for case_id in found[:limit]]
    duty.send(as_list(duty, title, listed, len(found)), key="officer_find")


def _found(duty: Duty, words: str) -> list[int]:
    """Return what was found, in order: by reference, by what and where it is, then by words; each newest first."""
    if len(words) < _SHORTEST:
        return []
    recent = search.newest(duty.tx, duty.staff.posts, _CASES)
    found = dict.fromkeys(_by_reference(duty, words))
    found |= dict.fromkeys(_by_subject(duty, words, recent))
    said = search.words_of(duty.tx, [line.id for line in recent], _MESSAGES)
    return list(found | dict.fromkeys(_not_by_a_hidden_name(duty, words, _by_words(words, said), said)))


def _not_by_a_hidden_name(duty: Duty, words: str, hits: list[int], said: list[tuple[int, str]]) -> list[int]:
    """Leave out cases that are found only by the name or number of somebody who hid them: a search would tell whose it is."""
    shown = []
    for case_id, case in search.of_ids(duty.tx, list(dict.fromkeys(hits))).items():
        texts = [text for of, text in said if of == case_id]
        veiled = [(case_id, who_wrote.veil(duty.context, duty.tx, case, text)) for text in texts]
        if not who_wrote.is_hidden(case) or _by_words(words, veiled):
            shown.append(case_id)
    return [case_id for case_id in hits if case_id in shown]


def _by_words(words: str, said: list[tuple[int, str]]) -> list[int]:
    """Return the cases in which words were said as they are typed; where there are none, however they are spelled.

    Laying spelling aside takes a hundred times as long, while others wait to write.
    """
    plain = words.casefold()
    as_typed = [case_id for case_id, text in said if plain in text.casefold()]
    if as_typed:
        return as_typed
    key = loose_key(words)
    return [case_id for case_id, text in said if key in loose_key(text)]


def _by_reference(duty: Duty, words: str) -> list[int]:
    part = to_ascii_digits(words).upper().replace("-", "").replace(" ", "")
    if not _REFERENCE_PART.fullmatch(part):
        return []
    return search.by_reference_part(duty.tx, duty.staff.posts, part, _ROWS + 1)


def _by_subject(duty: Duty, words: str, recent: list[Line]) -> list[int]:
    names = {
        category.value: [category.value, *(say(f"category_{category}", language) for language in Language)]
        for category in Category
    }
    category = closest_label(words, names)
    codes = {areas.codes_in(place.path)[-1] for place in find_places(duty.context, duty.tx, words, whole=True)}
    return [
        line.id
        for line in recent
        if (category is not None and category in (line.category, line.secondary))
        or codes & set(areas.codes_in(line.area_path))
    ]
