"""Reading a command: its word in three languages, the case it is about, and the rest of the text."""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.digits import to_ascii_digits
from domain.permissions import Permission
from domain.references import find_reference


class Command(StrEnum):
    """What an officer or a member of staff can ask for."""

    CASES = "cases"
    CASE = "case"
    TAKE = "take"
    REPLY = "reply"
    ASK = "ask"
    NOTE = "note"
    RESOLVE = "resolve"
    REJECT = "reject"
    ESCALATE = "escalate"
    TRANSFER = "transfer"
    CATEGORY = "category"
    SENSITIVE = "sensitive"
    RELEASE = "release"
    LOG = "log"
    BROADCAST = "broadcast"
    LANGUAGE = "language"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a command needs: the permission, a case, words; and whether it changes something."""

    permission: Permission
    case: bool = False
    words: bool = False
    changes: bool = True


SHAPES: dict[Command, Shape] = {
    Command.CASES: Shape(Permission.CASES_LIST, changes=False),
    Command.CASE: Shape(Permission.CASES_READ, case=True, changes=False),
    Command.TAKE: Shape(Permission.CASES_WORK, case=True),
    Command.REPLY: Shape(Permission.CASES_WORK, case=True, words=True),
    Command.ASK: Shape(Permission.CASES_WORK, case=True, words=True),
    Command.NOTE: Shape(Permission.CASES_WORK, case=True, words=True),
    Command.RESOLVE: Shape(Permission.CASES_WORK, case=True, words=True),
    Command.REJECT: Shape(Permission.CASES_WORK, case=True, words=True),
    Command.ESCALATE: Shape(Permission.CASES_WORK, case=True, words=True),
    Command.TRANSFER: Shape(Permission.CASES_WORK, case=True, words=True),
    Command.CATEGORY: Shape(Permission.CASES_WORK, case=True),
    Command.SENSITIVE: Shape(Permission.CASES_MARK_SENSITIVE, case=True),
    Command.RELEASE: Shape(Permission.CASES_RELEASE, case=True, words=True),
    Command.LOG: Shape(Permission.CASES_WORK, words=True),
    Command.BROADCAST: Shape(Permission.BROADCASTS_MAKE, words=True),
    Command.LANGUAGE: Shape(Permission.SELF_SETTINGS, changes=False),
    Command.HELP: Shape(Permission.SELF_SETTINGS, changes=False),
}

_WORDS: dict[str, Command] = {
    **{command.value: command for command in Command},
    "ករណី": Command.CASES,
    "មើល": Command.CASE,
    "យក": Command.TAKE,
    "ឆ្លើយ": Command.REPLY,
    "សួរ": Command.ASK,
    "កត់": Command.NOTE,
    "រួច": Command.RESOLVE,
    "បដិសេធ": Command.REJECT,
    "បន្ត": Command.ESCALATE,
    "ផ្ទេរ": Command.TRANSFER,
    "ប្រភេទ": Command.CATEGORY,
    "សម្ងាត់": Command.SENSITIVE,
    "ចុះ": Command.LOG,
    "ជំនួយ": Command.HELP,
    "ភាសា": Command.LANGUAGE,
    "ເລື່ອງ": Command.CASES,
    "ເບິ່ງ": Command.CASE,
    "ຮັບ": Command.TAKE,
    "ຕອບ": Command.REPLY,
    "ຖາມ": Command.ASK,
    "ບັນທຶກ": Command.NOTE,
    "ແລ້ວ": Command.RESOLVE,
    "ປະຕິເສດ": Command.REJECT,
    "ສົ່ງຕໍ່": Command.ESCALATE,
    "ໂອນ": Command.TRANSFER,
    "ປະເພດ": Command.CATEGORY,
    "ລັບ": Command.SENSITIVE,
    "ຈົດ": Command.LOG,
    "ຊ່ວຍ": Command.HELP,
    "ພາສາ": Command.LANGUAGE,
}
LISTS = {"new": "new", "overdue": "overdue", "all": "all", "ថ្មី": "new", "ហួស": "overdue", "ទាំងអស់": "all",
         "ໃໝ່": "new", "ກາຍ": "overdue", "ທັງໝົດ": "all"}  # fmt: skip
_NUMBER = re.compile(r"^\[?(\d{1,4})\]?(?:[.:,]?\s+|$|(?=[^\W\d_]))")
_JOINED = re.compile(r"^(?P<word>/?[^\W\d_]+)(?P<number>\d{1,4})[.:,]?$")
_REFERENCE_SHAPE = re.compile(r"^(?P<prefix>[A-Z]{2})-[A-Z0-9]{4}-[A-Z0-9]{2}(?![A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Given:
    """A command as given. `number` or `reference` names the case; `slash` tells a certain command from a mere word."""

    command: Command
    slash: bool
    number: int | None = None
    reference: str | None = None
    words: str = ""

    @property
    def complete(self) -> bool:
        """Tell whether everything is there that the command needs."""
        shape = SHAPES[self.command]
        named = self.number is not None or self.reference is not None
        return (named or not shape.case) and (bool(self.words) or not shape.words) and self._plain_enough()

    @property
    def changes(self) -> bool:
        """Tell whether doing it changes something; a category that is not named yet is only asked for."""
        return SHAPES[self.command].changes and (self.command is not Command.CATEGORY or bool(self.words))

    def _plain_enough(self) -> bool:
        if self.slash or SHAPES[self.command].case or self.command in (Command.LOG, Command.BROADCAST):
            return True
        return not self.words or (self.command is Command.CASES and self.words in LISTS)


def parse(text: str, prefixes: tuple[str, ...]) -> Given | None:
    """Read a text as a command, or return None where its first word is none."""
    first, _, rest = text.strip().partition(" ")
    if "\n" in first:
        first, _, more = first.partition("\n")
        rest = f"{more} {rest}"
    if (joined := _JOINED.match(to_ascii_digits(first))) and joined["word"].removeprefix("/").lower() in _WORDS:
        first, rest = joined["word"], f"{joined['number']} {rest}"
    slash = first.startswith("/")
    word = first.removeprefix("/").partition("@")[0].lower()
    command = _WORDS.get(word)
    if command is None:
        return None
    if not SHAPES[command].case:
        return Given(command, slash, words=rest.strip())
    return _with_case(command, rest.strip(), prefixes, slash=slash)


def _with_case(command: Command, rest: str, prefixes: tuple[str, ...], *, slash: bool) -> Given:
    plain = to_ascii_digits(rest)
    if match := _NUMBER.match(plain):
        return Given(command, slash, number=int(match[1]), words=rest[match.end() :].strip())
    found = find_reference(rest, prefixes)
    if found is not None and rest.upper().startswith(found.typed.upper()):
        return Given(command, slash, reference=found.normalised, words=rest[len(found.typed) :].strip(" :,."))
    shaped = _REFERENCE_SHAPE.match(rest.upper())
    if shaped is not None and shaped["prefix"] in prefixes:
        return Given(command, slash, reference=shaped[0], words=rest[shaped.end() :].strip(" :,."))
    return Given(command, slash, words=rest)
