"""Taps on an officer's buttons: on a case, a draft, a held answer, a language, a broadcast."""

from domain.permissions import Permission, permissions_of
from domain.reading import Language
from handlers import broadcasts
from handlers.incoming.marks import row_number
from handlers.officers import drafts
from handlers.officers.acts import answering, incidents, performing, sorting, undoing
from handlers.officers.asking import lists
from handlers.officers.commands import Command, Given
from handlers.officers.duty import Duty
from handlers.officers.reach import may_act

_AT_ONCE = frozenset({"take", "category", "agree", "sensitive"})


def handle(duty: Duty) -> bool:
    """Do what a tapped button says; False where it is not one of an officer's."""
    mark, _, rest = duty.item.data.partition(":")
    verb, _, number = rest.partition(":")
    row = row_number(verb if mark == "u" else number)
    match mark:
        case "c" if row is not None:
            _on_case(duty, verb, row)
        case sorting.MARK if row is not None:
            _category(duty, verb, row)
        case "d" if row is not None:
            drafts.decide(duty, row, verb)
        case undoing.MARK if row is not None:
            undoing.undo(duty, act_id=row)
        case incidents.MARK if row is not None:
            incidents.tapped(duty, row)
        case "u" if row is not None:
            answering.take_back(duty, row)
        case "l" if verb in set(Language):
            lists.choose_language(duty, Given(Command.LANGUAGE, slash=True, words=verb))
        case "b" if row is not None:
            _broadcast(duty, verb, row)
        case _:
            return False
    return True


def _on_case(duty: Duty, verb: str, case_id: int) -> None:
    case = duty.find(case_id=case_id)
    if case is None:
        return
    if verb == "read":
        performing.read_words(duty, case)
    elif verb == "case":
        performing.show(duty, case)
    elif verb in _AT_ONCE:
        performing.perform(duty, Given(Command(verb), slash=True, reference=case.reference))
    elif verb in set(drafts.ASKED_FOR):
        drafts.ask_for_words(duty, case, Command(verb))


def _category(duty: Duty, verb: str, case_id: int) -> None:
    category = sorting.tapped(verb)
    case = duty.find(case_id=case_id) if category is not None else None
    if case is None or category is None:
        return
    if may_act(duty, case, Command.CATEGORY):
        sorting.choose(duty, case, category)
    else:
        performing.passed_on(duty, case)


def _broadcast(duty: Duty, verb: str, batch_id: int) -> None:
    needed = Permission.BROADCASTS_APPROVE
    if needed not in permissions_of(duty.staff.levels):
        duty.tell("officer_not_allowed", command="/broadcast")
    else:
        broadcasts.act(duty, batch_id, verb)
