"""Reading a command: its word in three languages, the case it is about, and the rest of the text."""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.permissions import Permission
from domain.reading import Language
from domain.texts.digits import to_ascii_digits
from domain.texts.references import find_reference


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
    "ប្រគល់វិញ": Command.RELEASE,
    "ប្រភេទសម្ងាត់": Command.KIND,
    "ពន្យារ": Command.EXTEND,
    "យល់ព្រម": Command.AGREE,
    "មិនយល់ព្រម": Command.DISAGREE,
    "ជំទាស់": Command.DISAGREE,
    "រារាំង": Command.BAR,
    "ឈប់រារាំង": Command.UNBAR,
    "បញ្ចូល": Command.MERGE,
    "រឿងរួម": Command.INCIDENT,
    "ខលហើយ": Command.CALLED,
    "ប្រាប់ហើយ": Command.TOLD,
    "លុបទិន្នន័យ": Command.ERASE,
    "ចុះករណី": Command.LOG,
    "ស្វែងរក": Command.FIND,
    "ស្ថិតិ": Command.STATS,
    "អវត្តមាន": Command.ABSENT,
    "យកវិញ": Command.UNDO,
    "តវ៉ា": Command.COMPLAIN,
    "ផ្សាយ": Command.BROADCAST,
    "ជុំ": Command.ROUND,
    "វគ្គ": Command.ROUND,
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
    "ປົດລັບ": Command.RELEASE,
    "ປະເພດລັບ": Command.KIND,
    "ເລື່ອນ": Command.EXTEND,
    "ເຫັນດີ": Command.AGREE,
    "ບໍ່ເຫັນດີ": Command.DISAGREE,
    "ຄັດຄ້ານ": Command.DISAGREE,
    "ຫ້າມ": Command.BAR,
    "ເລີກຫ້າມ": Command.UNBAR,
    "ລວມ": Command.MERGE,
    "ເລື່ອງຮ່ວມ": Command.INCIDENT,
    "ໂທແລ້ວ": Command.CALLED,
    "ບອກແລ້ວ": Command.TOLD,
    "ລຶບຂໍ້ມູນ": Command.ERASE,
    "ຮັບແຈ້ງ": Command.LOG,
    "ຄົ້ນຫາ": Command.FIND,
    "ສະຖິຕິ": Command.STATS,
    "ລາພັກ": Command.ABSENT,
    "ຖອນຄືນ": Command.UNDO,
    "ຮ້ອງທຸກ": Command.COMPLAIN,
    "ປະກາດ": Command.BROADCAST,
    "ຮອບ": Command.ROUND,
    "ວິທີໃຊ້": Command.HELP,
    "ພາສາ": Command.LANGUAGE,
}
LISTS = {"new": "new", "overdue": "overdue", "all": "all", "calls": "calls", "ខល": "calls", "ໂທ": "calls",
         "ថ្មី": "new", "ហួស": "overdue", "ទាំងអស់": "all",
         "ໃໝ່": "new", "ກາຍ": "overdue", "ທັງໝົດ": "all"}  # fmt: skip
PAID_WORDS = frozenset({"paid", "ហើយ", "បើកហើយ", "ແລ້ວ", "ຈ່າຍແລ້ວ"})
"""What says after `/round CODE` that it was paid."""
UNPAID_WORDS = frozenset({"unpaid", "មិនទាន់", "មិនទាន់បើក", "ຍັງ", "ຍັງບໍ່ຈ່າຍ"})
"""What takes that back."""
_WITH_WORDS = frozenset({Command.LOG, Command.BROADCAST, Command.COMPLAIN})
"""What is certainly meant where words follow, without a slash too."""
_FEW_WORDS = {Command.FIND: 3, Command.STATS: 2, Command.ABSENT: 3, Command.ROUND: 4}
"""What is meant without a slash where no more words follow: an officer may have something to say as a person."""
_UNITS = (
    "ខែ", "ថ្ងៃ", "ឆ្នាំ", "ដង", "នាក់", "អាទិត្យ", "ម៉ោង", "គ្រួសារ", "ເດືອນ", "ມື້", "ວັນ", "ປີ", "ເທື່ອ", "ຄົນ",
    "ອາທິດ", "ໂມງ", "ຄອບຄົວ", "month", "day", "year", "time", "people", "week", "hour", "famil",
)  # fmt: skip
_NUMBER = re.compile(r"^\[?(\d{1,4})\]?(?:[.:,]?\s+|$|(?=[^\W\d_]))")
_JOINED = re.compile(r"^(?P<word>/?[^\W\d_][^\d\s]*)(?:(?P<alone>\d{1,4}(?:[.:,]?|/\d+))|\d{1,4}[^\W\d_].*)$")
_SLASHED = re.compile(r"(?<!\w)/(?P<command>[a-z]+)\b(?: \([^()/]*\))?")
_BLOCKS = {Language.KM: ("\u1780", "\u17ff"), Language.LO: ("\u0e80", "\u0eff"), Language.EN: ("a", "z")}
_LANGUAGES = {
    "ខ្មែរ": Language.KM, "khmer": Language.KM, "ຂະເໝນ": Language.KM, "ລາວ": Language.LO, "lao": Language.LO,
    "ឡាវ": Language.LO, "english": Language.EN, "អង់គ្លេស": Language.EN, "ອັງກິດ": Language.EN,
    **{each.value: each for each in Language},
}  # fmt: skip
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
        return (self.names_case or not shape.case) and (bool(self.words) or not shape.words) and self._plain_enough()

    @property
    def names_case(self) -> bool:
        """Tell whether it says which case it is about."""
        return self.number is not None or self.reference is not None

    @property
    def may_be_a_quantity(self) -> bool:
        """Tell whether a word that many begin a sentence with, and a number, may speak of months or people, not of a case."""
        by_chance = not self.slash and self.number is not None and self.command is Command.RESOLVE
        return by_chance and self.words.lower().startswith(_UNITS)

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
        return not self.words or _is_named(self.command, self.words)


def words_of(command: Command, language: Language) -> tuple[str, ...]:
    """Return the words of a command in the script of a language."""
    return tuple(word for word, named in WORDS.items() if named is command and is_written_in(word, language))


def _is_named(command: Command, words: str) -> bool:
    """Tell whether words name what a command takes that needs none: a list, a language, a page."""
    match command:
        case Command.CASES:
            return words in LISTS
        case Command.LANGUAGE:
            return language_named(words) is not None
        case Command.HELP:
            return to_ascii_digits(words).isdigit()
        case _:
            return False


def is_written_in(word: str, language: Language) -> bool:
    """Tell whether a word is in the script of a language."""
    first, last = _BLOCKS[language]
    return first <= word[0] <= last


def language_named(words: str) -> Language | None:
    """Return the language that is named, in any of the three, or None."""
    return _LANGUAGES.get(words.strip().lower())


def without_slashes(text: str, language: Language) -> str:
    """Return a text with every command in it as it is typed by SMS: the word of the language, and no slash."""

    def word(found: re.Match[str]) -> str:
        known = found["command"] in set(Command)
        return words_of(Command(found["command"]), language)[0] if known else found[0]

    return _SLASHED.sub(word, text)


def parse(text: str, prefixes: tuple[str, ...], *, touching: bool = False) -> Given | None:
    """Read a text as a command, or return None where its first word is none.

    `touching` lets words touch the number before them too, as they are typed where no spaces are written; only where
    whatever it would change is asked back.
    """
    first, _, rest = text.strip().partition(" ")
    if "\n" in first:
        first, _, more = first.partition("\n")
        rest = f"{more} {rest}"
    first, rest = _parted(first, rest, touching=touching)
    slash = first.startswith("/")
    word = first.removeprefix("/").partition("@")[0].lower()
    command = WORDS.get(word)
    if command is None:
        return None
    if not SHAPES[command].case:
        return Given(command, slash, words=rest.strip())
    return _with_case(command, rest.strip(), prefixes, slash=slash)


def _parted(first: str, rest: str, *, touching: bool) -> tuple[str, str]:
    """Part a command's word from what it was typed together with: a number, a day, the name of a list."""
    joined = _JOINED.match(to_ascii_digits(first))
    if joined and (touching or joined["alone"]) and _is_word(first[: joined.end("word")]):
        return first[: joined.end("word")], f"{first[joined.end('word') :]} {rest}"
    for word in (*words_of(Command.CASES, Language.KM), *words_of(Command.CASES, Language.LO)):
        if first.startswith(word) and first.removeprefix(word) in LISTS:
            return word, f"{first.removeprefix(word)} {rest}"
    return first, rest


def _is_word(typed: str) -> bool:
    return typed.removeprefix("/").lower() in WORDS


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
