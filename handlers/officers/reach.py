"""What an officer may do to a case that he sees: not where it went on to a level above his posts."""

from domain import ladder
from domain.settings import LADDER_LEVELS, Level
from handlers.officers.commands import Command
from handlers.officers.duty import Duty
from storage.queries.casework.cases import CaseRecord

_OF_THE_LEVEL = frozenset(
    {
        Command.TAKE,
        Command.REPLY,
        Command.ASK,
        Command.RESOLVE,
        Command.REJECT,
        Command.ESCALATE,
        Command.TRANSFER,
        Command.CATEGORY,
        Command.EXTEND,
        Command.AGREE,
        Command.DISAGREE,
        Command.MERGE,
    }
)


def may_act(duty: Duty, case: CaseRecord, command: Command) -> bool:
    """Tell whether an officer may do this to a case that he sees: not where it went on to a level above his posts.

    What a case was about may be corrected by whoever sees it, once it is over.
    """
    if command not in _OF_THE_LEVEL or (command is Command.CATEGORY and not case.is_open):
        return True
    held = duty.staff.levels
    if Level.DESK in held or (Level.FOCAL in held and case.sensitive is not None):
        return True
    if case.level is Level.PROVIDER:
        return any(step.level in held for step in case.steps)
    if case.level not in LADDER_LEVELS:
        return Level.NATIONAL in held
    return any(ladder.rank(level) >= ladder.rank(case.level) for level in held if level in LADDER_LEVELS)
