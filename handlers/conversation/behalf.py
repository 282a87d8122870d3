"""Writing for another: the case keeps whom it is about, known by her name in the same place, or new here."""

from handlers.cases.caseacts import Actor
from handlers.conversation.talk import Talk
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import people
from understanding.persons.behalf import written_for
from understanding.persons.names import same_name

_SAME = 92.0
_COMPARED = 2000
_PERSON = Actor("person")


def is_for_another(text: str) -> bool:
    """Tell whether words say that they are written for another."""
    return written_for(text) is not None


def says_only_so(text: str) -> bool:
    """Tell whether words say that they are written for another, and nothing of any matter."""
    found = written_for(text)
    return found is not None and not found.says_more


def heed(talk: Talk, case: CaseRecord) -> CaseRecord:
    """Keep whom a case is about, where its words say that they are written for another; nobody is asked who that is."""
    found = written_for(talk.text) if case.about_id is None else None
    if found is None:
        return case
    about = _known(talk, case, found.name) if found.name else None
    if about is None:
        about = people.create(talk.tx, talk.now, name=found.name, area_id=case.area_id)
    talk.work.note(case, "case.on_behalf", _PERSON, about=about)
    return talk.work.change(case, about_id=about)


def _known(talk: Talk, case: CaseRecord, name: str) -> int | None:
    """Return the one person of the case's place whose name is near; None where there is none, or several."""
    if case.area_id is None:
        return None
    there = people.named_in(talk.tx, case.area_id, _COMPARED)
    near = [person_id for person_id, known in there if same_name(known, name) >= _SAME]
    return near[0] if len(near) == 1 and near[0] != talk.contact.person_id else None
