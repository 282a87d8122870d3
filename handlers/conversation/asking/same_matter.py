"""The short question whether a new case is the same as one that is going on; it is asked only after the receipt."""

from datetime import timedelta

from domain.lifecycle import CaseKind
from domain.reading import Category, Reading
from handlers.cases.duplicates import add_her_own
from handlers.conversation.talk import Talk
from storage.queries.casework import cases, duplicates
from storage.queries.casework.cases import CaseRecord
from understanding.spelling.alike import are_near
from wording import say

KIND = "same"
_OTHER = "other"
_WITHIN = timedelta(days=14)
_ASKED_OF = frozenset({CaseKind.COMPLAINT, CaseKind.QUESTION})
_VAGUE = (None, Category.OTHER.value)


def offer(talk: Talk, case: CaseRecord, reading: Reading) -> bool:
    """Ask whether a new case belongs to one of the person's that is going on; False where there is none like it.

    Never where it is or may be sensitive, and never about a case that this phone may not ask about.
    """
    quiet = case.sensitive is not None or case.with_desk or reading.unsure_sensitive
    if quiet or case.kind not in _ASKED_OF or case.parent_id is not None:
        return False
    since = talk.now - _WITHIN
    found = duplicates.earlier(talk.tx, case, contact_id=talk.contact.id, since=since)
    old = next((each for each in found if _is_like(talk, case, each, reading)), None)
    if old is None:
        return False
    labels = (say("button_yes", talk.language), say("button_no", talk.language))
    choices = [str(old.id), _OTHER]
    talk.work.ask(
        talk.contact, KIND, "duplicate_question", case=case, choices=choices, labels=labels, old=old.reference
    )
    return True


def answered(talk: Talk, case: CaseRecord, choice: str) -> None:
    """Make the new case an addition to the old one, or leave both, as she says.

    Where the old one is over meanwhile, or became sensitive, both stay, and nothing is said of it.
    """
    old = None if choice == _OTHER else cases.by_id(talk.tx, int(choice), locked=True)
    fits = old is not None and old.is_open and old.sensitive is None and not old.with_desk
    if old is not None and fits and case.is_open and case.sensitive is None:
        add_her_own(talk.work, case, old)
        talk.tell("duplicate_added", case=case, old=old.reference)
        return
    talk.tell("noted" if old is not None else "duplicate_kept", case=case, ref=case.reference)
    if case.is_open:
        talk.work.ask(talk.contact, "place" if case.area_id is None else "hours", None, case=case)


def _is_like(talk: Talk, case: CaseRecord, old: CaseRecord, reading: Reading) -> bool:
    same = case.category == old.category and case.kind is old.kind and case.category not in _VAGUE
    if same and not reading.unsure_category:
        return True
    return are_near(talk.text, duplicates.first_words(talk.tx, old.id))
