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
    KIND = "kind"
    EXTEND = "extend"
    AGREE = "agree"
    DISAGREE = "disagree"
    BAR = "bar"
    UNBAR = "unbar"
    MERGE = "merge"
    INCIDENT = "incident"
    CALLED = "called"
    TOLD = "told"
    ERASE = "erase"
    LOG = "log"
    FIND = "find"
    STATS = "stats"
    ABSENT = "absent"
    UNDO = "undo"
    COMPLAIN = "complain"
    BROADCAST = "broadcast"
    ROUND = "round"
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
    Command.KIND: Shape(Permission.HARM_WORK, case=True, words=True),
    Command.EXTEND: Shape(Permission.CASES_WORK, case=True, words=True),
    Command.AGREE: Shape(Permission.CASES_WORK, case=True),
    Command.DISAGREE: Shape(Permission.CASES_WORK, case=True, words=True),
    Command.BAR: Shape(Permission.DESK_WORK, case=True, words=True),
    Command.UNBAR: Shape(Permission.DESK_WORK, case=True),
    Command.MERGE: Shape(Permission.CASES_WORK, case=True, words=True),
    Command.INCIDENT: Shape(Permission.CASES_WORK),
    Command.CALLED: Shape(Permission.CASES_WORK, case=True),
    Command.TOLD: Shape(Permission.CASES_WORK, case=True),
    Command.ERASE: Shape(Permission.PEOPLE_ERASE, case=True),
    Command.LOG: Shape(Permission.CASES_WORK, words=True),
    Command.FIND: Shape(Permission.CASES_LIST, words=True, changes=False),
    Command.STATS: Shape(Permission.CASES_LIST, changes=False),
    Command.ABSENT: Shape(Permission.CASES_WORK, words=True),
    Command.UNDO: Shape(Permission.CASES_WORK),
    Command.COMPLAIN: Shape(Permission.SELF_SETTINGS, words=True),
    Command.BROADCAST: Shape(Permission.BROADCASTS_MAKE, words=True),
    Command.ROUND: Shape(Permission.ROUNDS_WORK, words=True),
    Command.LANGUAGE: Shape(Permission.SELF_SETTINGS, changes=False),
    Command.HELP: Shape(Permission.SELF_SETTINGS, changes=False),
}

WORDS: dict[str, Command] = {
    **{command.value: command for command in Command},
    "mine": Command.COMPLAIN,
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
    "ដោះ": Command.RELEASE,
    "បែប": Command.KIND,
    "ពន្យារ": Command.EXTEND,
    "យល់ព្រម": Command.AGREE,
    "ជំទាស់": Command.DISAGREE,
    "រារាំង": Command.BAR,
    "ឈប់រារាំង": Command.UNBAR,
    "បញ្ចូល": Command.MERGE,
    "រឿងរួម": Command.INCIDENT,
    "ខលហើយ": Command.CALLED,
    "ប្រាប់ហើយ": Command.TOLD,
    "លុបទិន្នន័យ": Command.ERASE,
    "ចុះ": Command.LOG,
    "ស្វែងរក": Command.FIND,
    "ស្ថិតិ": Command.STATS,
    "អវត្តមាន": Command.ABSENT,
    "យកវិញ": Command.UNDO,
    "តវ៉ា": Command.COMPLAIN,
    "ផ្សាយ": Command.BROADCAST,
    "បើកប្រាក់": Command.ROUND,
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
    "ປົດ": Command.RELEASE,
    "ແບບ": Command.KIND,
    "ເລື່ອນ": Command.EXTEND,
    "ເຫັນດີ": Command.AGREE,
    "ຄັດຄ້ານ": Command.DISAGREE,
    "ກັນ": Command.BAR,
    "ບໍ່ກັນ": Command.UNBAR,
    "ລວມ": Command.MERGE,
    "ເລື່ອງຮ່ວມ": Command.INCIDENT,
    "ໂທແລ້ວ": Command.CALLED,
    "ບອກແລ້ວ": Command.TOLD,
    "ລຶບຂໍ້ມູນ": Command.ERASE,
    "ຈົດ": Command.LOG,
    "ຄົ້ນຫາ": Command.FIND,
    "ສະຖິຕິ": Command.STATS,
    "ລາພັກ": Command.ABSENT,
    "ຖອນຄືນ": Command.UNDO,
    "ຮ້ອງທຸກ": Command.COMPLAIN,
    "ປະກາດ": Command.BROADCAST,
    "ຮອບ": Command.ROUND,
    "ຊ່ວຍ": Command.HELP,
    "ພາສາ": Command.LANGUAGE,
}
LISTS = {"new": "new", "overdue": "overdue", "all": "all", "calls": "calls", "ខល": "calls", "ໂທ": "calls",
         "ថ្មី": "new", "ហួស": "overdue", "ទាំងអស់": "all",
         "ໃໝ່": "new", "ກາຍ": "overdue", "ທັງໝົດ": "all"}  # fmt: skip
PAID_WORDS = frozenset({"paid", "ហើយ", "បើកហើយ", "ແລ້ວ", "ຈ່າຍແລ້ວ"})
"""What says after `/round CODE` that it was paid."""
_WITH_WORDS = frozenset({Command.LOG, Command.BROADCAST, Command.COMPLAIN})
"""What is certainly meant where words follow, without a slash too."""
_FEW_WORDS = {Command.FIND: 3, Command.STATS: 2, Command.ABSENT: 3, Command.ROUND: 4}
"""What is meant without a slash where no more words follow: an officer may have something to say as a person."""
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
        if self.command in (Command.INCIDENT, Command.ROUND):
            return len(self.words.split(maxsplit=1)) > 1
        return SHAPES[self.command].changes and (self.command is not Command.CATEGORY or bool(self.words))

    @property
    def needs_code(self) -> bool:
        """Tell whether by SMS it happens only when a code comes back; what he says as a person is heard at once."""
        return self.changes and self.command is not Command.COMPLAIN

    def _plain_enough(self) -> bool:
        if self.slash or SHAPES[self.command].case or self.command in _WITH_WORDS:
            return True
        if self.command is Command.INCIDENT:
            return not self.words or to_ascii_digits(self.words).split()[0].strip("[]").isdigit()
        if self.command is Command.ROUND and not any(each.isdigit() for each in self.words.split()[0]):
            return False
        if self.command in _FEW_WORDS:
            return len(self.words.split()) <= _FEW_WORDS[self.command]
        return not self.words or (self.command is Command.CASES and self.words in LISTS)


def parse(text: str, prefixes: tuple[str, ...]) -> Given | None:
    """Read a text as a command, or return None where its first word is none."""
    first, _, rest = text.strip().partition(" ")
    if "\n" in first:
        first, _, more = first.partition("\n")
        rest = f"{more} {rest}"
    if (joined := _JOINED.match(to_ascii_digits(first))) and joined["word"].removeprefix("/").lower() in WORDS:
        first, rest = joined["word"], f"{joined['number']} {rest}"
    slash = first.startswith("/")
    word = first.removeprefix("/").partition("@")[0].lower()
    command = WORDS.get(word)
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
    if shaped is not None and any(set(shaped["prefix"]) & set(each) for each in prefixes):
        return Given(command, slash, reference=shaped[0], words=rest[shaped.end() :].strip(" :,."))
    return Given(command, slash, words=rest)
