"""Taking a matter back: asked once whether she means it, then the case is closed as withdrawn."""

from domain.lifecycle import Status
from handlers.cases.caseacts import Actor
from handlers.conversation.talk import Talk
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord

KIND = "withdraw"
CHOICES = ("keep", "withdraw")


def wished(talk: Talk) -> bool:
    """Ask whether the one open case of this contact point is to be closed; False where there is none, or several.

    A sensitive case is as though it were not there: nothing of it is said on a phone that others read, and nobody can
    end it but she herself to a focal point.
    """
    mine = [case for case in cases.askable_from(talk.tx, talk.contact.id) if case.sensitive is None and case.is_open]
    if len(mine) != 1:
        return False
    talk = talk.with_person()
    case = cases.by_id(talk.tx, mine[0].id, locked=True)
    talk.keep(case=case)
    if case.status is Status.AWAITING:
        case = talk.work.person_wrote(case)
    talk.work.ask(talk.contact, KIND, "withdraw_question", case=case, choices=CHOICES)
    return True


def answered(talk: Talk, case: CaseRecord, choice: str) -> None:
    """Close the case, or go on with it, as she says."""
    if choice == "withdraw" and case.is_open and case.sensitive is None:
        talk.work.withdraw(case, Actor("person"))
        talk.tell("withdrawn", case=case, ref=case.reference)
    else:
        talk.tell("withdraw_kept", case=case, ref=case.reference)
