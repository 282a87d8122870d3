"""One phone, several people: whose matter or wish it is, asked with numbers once a sitting, and their cases kept apart."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.reading import Reading
from handlers.conversation import privacy
from handlers.conversation.asking import same_matter
from handlers.conversation.talk import Talk
from storage.queries import audit, console_lists
from storage.queries.casework import cases, duplicates
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import contacts, joining, messages, people
from storage.queries.persons.contacts import Sharer
from storage.queries.persons.questions import QuestionRecord
from understanding.wishes.hiding import hides_name
from wording import say

KIND = "whose"
_SITTING = timedelta(hours=1)
_MOST = 4
_ANOTHER = "another"


def another_person(talk: Talk, reading: Reading | None) -> None:
    """Let somebody else hold the phone: whom it may be is asked where several are known, else what comes is hers."""
    talk = talk.with_person()
    talk.keep(reading=reading, kind="answer")
    known = contacts.sharers(talk.tx, talk.contact.id)
    if len(known) > 1:
        _ask(talk, known, None)
        return
    if not known and talk.contact.person_id is not None:
        label = people.by_id(talk.tx, talk.contact.person_id).name
        contacts.share(talk.tx, talk.contact.id, talk.contact.person_id, label=label, now=talk.now)
    _welcome(_use(talk, _new_person(talk)))


def is_unclear(talk: Talk) -> bool:
    """Tell whether several share the phone and none of them said this hour that it is she."""
    return _is_unclear(contacts.sharers(talk.tx, talk.contact.id), talk.now)


def hers(talk: Talk, found: list[CaseRecord]) -> list[CaseRecord]:
    """Leave out the cases of others who share the phone, or had it before; all count while it is not clear who uses it."""
    own = [case for case in found if case.person_id == talk.contact.person_id]
    if len(own) == len(found):
        return found
    return found if is_unclear(talk) else own


def is_anothers(talk: Talk, case: CaseRecord) -> bool:
    """Tell whether a case is of somebody who shares the phone, and not of who uses it this hour."""
    return not hers(talk, [case])


def as_hers(talk: Talk, person_id: int) -> Talk:
    """Return the step as one of somebody who shares the phone, since she answers what she was asked; else as it is."""
    if person_id == talk.contact.person_id:
        return talk
    known = contacts.sharers(talk.tx, talk.contact.id)
    return _use(talk, person_id) if person_id in {each.person_id for each in known} else talk


def ask_whose(talk: Talk, case: CaseRecord) -> bool:
    """Ask after the receipt whose matter it is, where several share the phone and none of them used it this hour.

    It is asked after every case alike, so that it tells nothing of what is in it. True where it was asked.
    """
    known = contacts.sharers(talk.tx, talk.contact.id)
    if not _is_unclear(known, talk.now):
        return False
    _ask(talk, known, case)
    return True


def ask_who_wishes(talk: Talk, wish: str, reading: Reading) -> bool:
    """Ask who wishes what concerns one person alone, where the phone does not tell; False where it does.

    Unanswered, the wish stands on the desk's list.
    """
    known = contacts.sharers(talk.tx, talk.contact.id)
    if not _is_unclear(known, talk.now):
        return False
    kept = talk.keep(reading=reading, kind=console_lists.UNSORTED)
    _ask(talk, known, None, then=f":{wish}:{kept}")
    return True


def answered(talk: Talk, question: QuestionRecord, choice: str) -> tuple[Talk, str | None]:
    """Take who it is: her case moves to her, and the next hour is hers. Return the step as hers, and what she wished."""
    whose, _, then = choice.partition(":")
    talk = _use(talk, _new_person(talk) if whose == _ANOTHER else int(whose))
    if then:
        wish, _, kept = then.partition(":")
        console_lists.take_unsorted(talk.tx, int(kept))
        said = messages.by_id(talk.tx, int(kept))
        return replace(talk, text=said.text if said is not None else ""), wish
    if question.case_id is None:
        _welcome(talk)
    else:
        _give(talk, cases.by_id(talk.tx, question.case_id, locked=True))
    return talk, None


def _give(talk: Talk, case: CaseRecord) -> None:
    """Make a case hers: from now on her own contact points may ask about it, and nobody else's."""
    assert talk.contact.person_id is not None
    joining.give_case(talk.tx, case.id, person_id=talk.contact.person_id, contact_id=talk.contact.id)
    words = duplicates.first_words(talk.tx, case.id)
    case = talk.work.change(case, person_id=talk.contact.person_id, anonymous=_stays_unnamed(talk, case, words))
    talk.tell("noted", case=case)
    if not case.is_open:
        return
    reading = talk.context.read(words, talk.language)
    if not same_matter.offer(replace(talk, text=words), case, reading):
        talk.work.ask(talk.contact, "place" if case.area_id is None else "hours", None, case=case)


def _stays_unnamed(talk: Talk, case: CaseRecord, words: str) -> bool:
    """Tell whether she wished to stay unnamed; until it was known whose the case is, it was shown without a name."""
    wished = any(each.type == "case.made_anonymous" for each in audit.of_case(talk.tx, case.id))
    return case.sensitive is not None or wished or hides_name(words) or privacy.hid_lately(talk)


def _is_unclear(known: Sequence[Sharer], now: datetime) -> bool:
    return len(known) > 1 and max(each.last_used_at for each in known) <= now - _SITTING


def _ask(talk: Talk, known: Sequence[Sharer], case: CaseRecord | None, *, then: str = "") -> None:
    lately = sorted(known, key=lambda each: each.last_used_at, reverse=True)[:_MOST]
    shown = [each for each in known if each in lately]
    names = [*(_called(talk, known, each) for each in shown), say("share_another", talk.language)]
    options = " ".join(f"{n} {name}" for n, name in enumerate(names, start=1))
    choices = [f"{whose}{then}" for whose in (*(each.person_id for each in shown), _ANOTHER)]
    key = "share_who" if case is None else "share_whose"
    talk.work.ask(talk.contact, KIND, key, case=case, choices=choices, labels=tuple(names), options=options)


def _called(talk: Talk, known: Sequence[Sharer], one: Sharer) -> str:
    """Return what one of those who share the phone is called there: by her name, or which of them she is."""
    return one.label or say("share_person", talk.language, number=str(known.index(one) + 1))


def _welcome(talk: Talk) -> None:
    """Tell her that it is her turn, and what she is called on this phone."""
    known = contacts.sharers(talk.tx, talk.contact.id)
    she = next(each for each in known if each.person_id == talk.contact.person_id)
    talk.tell("share_new", who=_called(talk, known, she))


def _use(talk: Talk, person_id: int) -> Talk:
    contacts.share(talk.tx, talk.contact.id, person_id, label=None, now=talk.now)
    contacts.change(talk.tx, talk.contact.id, person_id=person_id)
    data = {"contact": talk.contact.id, "person": person_id}
    audit.add(talk.tx, "contact.shared", actor="person", now=talk.now, data=data)
    return replace(talk, contact=replace(talk.contact, person_id=person_id)).with_person()


def _new_person(talk: Talk) -> int:
    return people.create(talk.tx, talk.now, language=talk.contact.language)
