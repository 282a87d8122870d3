"""What those who handle a case learn of its person: name and number by her leave, and neither anywhere where she hid them."""

from collections.abc import Sequence
from dataclasses import replace

from domain.inbound import Channel
from domain.reading import Language
from handlers.context import Context
from storage import Tx
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, people
from storage.queries.persons.messages import MessageRecord
from understanding.slots.glossary import Country
from understanding.slots.phones import find_phones
from wording import say

HIDDEN = "•••"


def is_hidden(case: CaseRecord) -> bool:
    """Tell whether nobody who handles a case learns her name and number: by her wish, or as she was promised it.

    That is promised to whoever complains about an officer.
    """
    return case.anonymous or case.barred_to >= 0


def veiled(context: Context, tx: Tx, case: CaseRecord, said: Sequence[MessageRecord]) -> list[MessageRecord]:
    """Return the words of a case without her own number and name, where she wished to stay unnamed; else as they are."""
    if not is_hidden(case):
        return list(said)
    return [replace(each, text=veil(context, tx, case, each.text)) for each in said]


def veil(context: Context, tx: Tx, case: CaseRecord, text: str) -> str:
    """Return a text without every number in it, and without the names of those whom the case is of or about."""
    if not is_hidden(case) or not text:
        return text
    country: Country = "KH" if context.settings.country == "KH" else "LA"
    for found in reversed(find_phones(text, country)):
        text = text[: found.start] + HIDDEN + text[found.end :]
    for person_id in filter(None, (case.person_id, case.about_id)):
        name = people.by_id(tx, person_id).name
        for known in (name, *(name or "").split()):
            text = text.replace(known, HIDDEN) if known and len(known) > 1 else text
    return text


def lines(tx: Tx, case: CaseRecord, language: Language) -> list[str]:
    """Return what is shown of the person beside a case: who she is, for whom she writes, her number if she wants a call,
    a second matter of her words, and that others use her phone.

    Of an unnamed one, only that she writes for somebody.
    """
    behalf = [] if case.about_id is None else [_behalf(tx, case, language)]
    if case.secondary is not None:
        behalf.append(say("case_also", language, category=say(f"category_{case.secondary}", language)))
    if _is_shared(tx, case):
        behalf.append(say("person_shares_phone", language))
    if is_hidden(case):
        return [say("person_hidden", language), *behalf]
    shown = []
    if (name := people.by_id(tx, case.person_id).name) is not None:
        shown.append(say("person_named", language, name=name))
    number = number_of(tx, case) if case.call_wanted_at is not None and case.called_at is None else None
    if number is not None:
        shown.append(say("person_number", language, phone=number))
    return [*shown, *behalf]


def _is_shared(tx: Tx, case: CaseRecord) -> bool:
    return case.contact_point_id is not None and len(contacts.sharers(tx, case.contact_point_id)) > 1


def number_of(tx: Tx, case: CaseRecord) -> str | None:
    """Return the number by which a case's person is called: the one it came from, else her own, else one that she shares."""
    came_by = [contacts.by_id(tx, case.contact_point_id)] if case.contact_point_id is not None else []
    known = (*came_by, *contacts.of_person(tx, case.person_id), *contacts.shared_by(tx, case.person_id))
    return next((each.address for each in known if each.channel is Channel.SMS and each.address), None)


def _behalf(tx: Tx, case: CaseRecord, language: Language) -> str:
    assert case.about_id is not None
    name = None if is_hidden(case) else people.by_id(tx, case.about_id).name
    if name is None:
        return say("person_on_behalf", language)
    return say("person_on_behalf_of", language, name=name)
