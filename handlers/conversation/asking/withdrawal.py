"""Taking a matter back: asked once which, and whether she means it, then the case is closed as withdrawn."""

from domain.lifecycle import Status
from handlers.cases.caseacts import Actor
from handlers.conversation.asking import shared_phone
from handlers.conversation.talk import Talk
from storage.queries.casework import cases
from storage.queries.casework.cases import CaseRecord
from wording import say

KIND, WHICH = "withdraw", "withdraw_which"
CHOICES = ("keep", "withdraw")
_KEEP, _MOST = "keep", 3


def wished(talk: Talk) -> bool:
    """Ask whether her open case of this contact point is to be closed, or which of several; False where there is none.

    A sensitive case is as though it were not there: nothing of it is said on a phone that others read, and nobody can
    end it but she herself to a focal point. Nor are those of others counted who share the phone.
    """
    own = shared_phone.hers(talk, cases.askable_from(talk.tx, talk.contact.id))
    mine = [case for case in own if case.sensitive is None and case.is_open]
    if not mine:
        return False
    talk = talk.with_person()
    if len(mine) > 1:
        talk.keep(kind="answer")
        _ask_which(talk, mine[:_MOST])
        return True
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


def chosen(talk: Talk, choice: str) -> None:
    """Close the one of several cases that she names, or none."""
    if choice == _KEEP:
        talk.tell("withdraw_none")
    else:
        answered(talk, cases.by_id(talk.tx, int(choice), locked=True), "withdraw")


def _ask_which(talk: Talk, mine: list[CaseRecord]) -> None:
    names = (say("withdraw_all_kept", talk.language), *(case.reference for case in mine))
    options = " ".join(f"{n} {name}" for n, name in enumerate(names, start=1))
    choices = [_KEEP, *(str(case.id) for case in mine)]
    talk.work.ask(talk.contact, WHICH, "withdraw_which", case=None, choices=choices, labels=names, options=options)
