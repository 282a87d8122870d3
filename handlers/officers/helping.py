"""`/help`: what somebody may write, made from the commands themselves; and how one of them is written."""

from domain.permissions import permissions_of
from domain.reading import Language
from domain.sending.segments import count_segments
from handlers.officers.asking.listing import SMS_SEGMENTS
from handlers.officers.commands import SHAPES, Command, Given, without_slashes, words_of
from handlers.officers.duty import Duty
from wording import say, texts

_FIRST = (
    Command.CASES, Command.CASE, Command.TAKE, Command.REPLY, Command.RESOLVE, Command.ESCALATE, Command.SENSITIVE,
    Command.UNDO, Command.NOTE, Command.ASK, Command.REJECT, Command.TRANSFER, Command.ABSENT,
)  # fmt: skip
"""What stands first where there is room for little."""


def usage_of(command: Command, language: Language) -> str:
    """Return how a command is written, such as `/reply 3 text`."""
    if (key := f"usage_{command}") in texts(language):
        return say(key, language)
    return f"/{command} {_menu(command, language)[1]}".strip()


def tail_of(command: Command, language: Language) -> str:
    """Return what is written behind a command's word, such as `3 text`; empty for nothing."""
    return _menu(command, language)[1]


def what_of(command: Command, language: Language) -> str:
    """Return what a command does."""
    return _menu(command, language)[0]


def show(duty: Duty, given: Given) -> None:
    """Say what somebody may write: all of it, or by SMS as much as fits, and how to get the next part."""
    held = permissions_of(duty.staff.levels)
    usable = [command for command, shape in SHAPES.items() if shape.permission in held]
    if not duty.by_sms:
        lines = [_line(command, duty.language) for command in usable]
        duty.send("\n".join([say("officer_help", duty.language), *lines]), key="officer_help")
        return
    ordered = sorted(usable, key=lambda each: _FIRST.index(each) if each in _FIRST else len(_FIRST))
    pages = _pages([_typed(command, duty.language) for command in ordered], duty.language)
    wanted = int(given.words) if given.words else 1
    duty.send(pages[wanted - 1 if 1 <= wanted <= len(pages) else 0], key="officer_help")


def _line(command: Command, language: Language) -> str:
    tail, own = tail_of(command, language), words_of(command, language)
    word = f" ({own[0]})" if own and own[0] != command.value else ""
    return f"/{command}{word}{f' {tail}' if tail else ''} – {what_of(command, language)}"


def _typed(command: Command, language: Language) -> str:
    return without_slashes(f"/{command} {tail_of(command, language)}".strip(), language)


def _pages(typed: list[str], language: Language) -> list[str]:
    """Return forms of commands as texts of two segments, each but the last with how to get the next."""
    pages: list[str] = []
    left = typed
    while left:
        more = f" … {words_of(Command.HELP, language)[0]} {len(pages) + 2}"
        count = len(left)
        while count > 1 and not _fits(", ".join(left[:count]) + (more if count < len(left) else "")):
            count -= 1
        pages.append(", ".join(left[:count]) + (more if count < len(left) else ""))
        left = left[count:]
    return pages


def _fits(text: str) -> bool:
    return count_segments(text).segments <= SMS_SEGMENTS


def _menu(command: Command, language: Language) -> tuple[str, str]:
    """Return what a command does, and what is written behind it, as its line in the menu has both."""
    what, _, tail = say(f"menu_{command}", language).rpartition(f"/{command}")
    return (what or tail).strip(" :៖"), tail.strip() if what else ""
