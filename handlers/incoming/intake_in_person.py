"""Taking down what somebody said in person or wrote on paper: the same for an officer's `/log` and the desk's entry."""

from dataclasses import dataclass, replace

from domain.inbound import Channel
from domain.lifecycle import CaseKind
from domain.reading import CATEGORY_INTENTS, Category, Intent, Language, Reading
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Casework, Opening, person_of
from handlers.cases.conflicts import barred_to
from handlers.places import find_places
from storage.queries.areas import AreaRecord
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, messages, people
from storage.queries.persons.contacts import Contact
from understanding.pins import mask_pins
from understanding.slots.glossary import Country
from understanding.slots.phones import find_phones
from understanding.wishes.hiding import hides_name
from understanding.wishes.speaking import cannot_read, spoken_language

_KINDS = {
    Intent.COMPLAINT: CaseKind.COMPLAINT,
    Intent.QUESTION: CaseKind.QUESTION,
    Intent.FEEDBACK: CaseKind.FEEDBACK,
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said: the words, in which a number of hers may stand; her name; who took it down, where he was.

    `area` stands where the words name no place, `channel` is by what it was taken down.
    """

    words: str
    staff_id: int
    language: Language
    channel: Channel
    name: str | None = None
    area: AreaRecord | None = None


def take_down(work: Casework, spoken: Spoken, actor: Actor) -> CaseRecord:
    """Make a case of what somebody said in person; by a number among the words she is reached, and gets the receipt.

    Whose number is an officer's account is reached by nothing: it is his, not hers.
    """
    text, _ = mask_pins(spoken.words)
    text, contact = _without_number(work, text)
    reading = _as_matter(work.context.read(text, spoken.language))
    person_id = _person(work, spoken, text, contact, reading)
    if contact is not None:
        contact = replace(contact, person_id=person_id)
    case = work.open(_opening(work, spoken, text, reading), person_id=person_id, contact=contact, actor=actor)
    messages.add(
        work.tx,
        text=text,
        sealed=case.sensitive is not None,
        direction="in",
        kind="in_person",
        case_id=case.id,
        person_id=person_id,
        staff_id=spoken.staff_id,
        language=reading.language.value,
        state="received",
        channel=spoken.channel.value,
        at=work.now,
    )
    if contact is not None:
        work.voice.tell(contact, "logged_receipt", case=case, ref=case.reference, day=work.voice.day(case.answer_by))
    return case


def _without_number(work: Casework, text: str) -> tuple[str, Contact | None]:
    """Return the words without the first number in them, and the contact point of that number; None where there is none."""
    country: Country = "KH" if work.context.settings.country == "KH" else "LA"
    found = find_phones(text, country)
    if not found:
        return text, None
    contact = contacts.lock(work.tx, Channel.SMS, found[0].value, now=work.now)
    bare = f"{text[: found[0].start].rstrip()} {text[found[0].end :].lstrip(' :,.-')}".strip()
    return (bare, None) if contact.staff_id is not None else (bare, contact)


def _person(work: Casework, spoken: Spoken, text: str, contact: Contact | None, reading: Reading) -> int:
    """Return who spoke: whose the number is; where several share it, somebody new, so that nobody else is named."""
    if contact is not None and len(contacts.sharers(work.tx, contact.id)) < 2:
        person_id = person_of(work.tx, contact, work.now)
    else:
        person_id = people.create(work.tx, work.now, language=reading.language.value)
    values: dict[str, object] = {"reads": False} if cannot_read(text) else {}
    if (language := spoken_language(text)) is not None:
        values["spoken_language"] = language
    if spoken.name and people.by_id(work.tx, person_id).name is None:
        values["name"] = spoken.name
    if values:
        people.change(work.tx, person_id, **values)
    return person_id


def _as_matter(reading: Reading) -> Reading:
    if reading.intent in CATEGORY_INTENTS:
        return reading
    return replace(reading, intent=Intent.COMPLAINT, category=reading.category or Category.OTHER)


def _opening(work: Casework, spoken: Spoken, text: str, reading: Reading) -> Opening:
    named = find_places(work.context, work.tx, text, whole=False)
    return Opening(
        kind=_KINDS[reading.intent],
        category=reading.category,
        categories=reading.categories,
        secondary=reading.secondary,
        sensitive="unsorted" if reading.sensitive else None,
        with_desk=reading.unsure_sensitive,
        barred_to=barred_to(reading),
        area=named[0] if len(named) == 1 else spoken.area,
        anonymous=hides_name(text),
        reasons=reading.sensitive_reason if reading.sensitive else (),
        text=text,
        reading=reading,
    )
