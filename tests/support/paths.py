"""Every command of the staff and every kind of message, each played once with its queries and commits counted."""

from collections.abc import Callable, Iterator

from benchmarks.queries import Counted, counting
from domain.inbound import InboundKind
from handlers.officers.commands import SHAPES, Command
from storage.queries.casework import caseload
from tests.support.world import World, photo

COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
_WORDS = {
    Command.RESOLVE: "upheld បានបើកប្រាក់",
    Command.TRANSFER: "Char Chhuk",
    Command.CATEGORY: "works",
    Command.ABSENT: "10/3",
    Command.EXTEND: "3 រង់ចាំឯកសារ",
    Command.BAR: "chief",
    Command.STATS: "",
}
_BY = {
    Command.BAR: "desk",
    Command.UNBAR: "desk",
    Command.RELEASE: "focal one",
    Command.KIND: "focal one",
    Command.ERASE: "desk",
    Command.AGREE: "desk",
    Command.DISAGREE: "desk",
    Command.BROADCAST: "staff",
    Command.ABSENT: "province",
}
"""Who gives a command that the facilitator may not; the provincial officer goes, with whom nothing lies."""


def counted_paths(world: World) -> Iterator[tuple[str, Counted]]:
    """Play one path after the other, each about a case of its own that lies with the facilitator."""
    _complains(world, 0)
    for name, act in (*_messages(world), *_commands(world)):
        with counting(world.store) as counted:
            act()
        yield name, counted


def _messages(world: World) -> Iterator[tuple[str, Callable[[], object]]]:
    she = world.phone("+85512000000")
    yield "first complaint", lambda: world.phone("+85512999999").writes(COMPLAINT)
    yield "joined text", lambda: she.writes("ផ្ទះខ្ញុំនៅជិតវត្ត សូមជួយមើលផង")
    yield "digit", lambda: she.writes("9")
    yield "status", lambda: she.writes(_newest(world))
    yield "another's reference", lambda: she.writes("LP-0000-00")
    yield "harm", lambda: world.phone("+85512999998").writes("ប្ដីខ្ញុំវាយខ្ញុំរាល់យប់ សុំជួយផង")
    yield "missed call", lambda: world.phone("+85512999997").sends(InboundKind.CALL)
    yield "photo", lambda: world.telegram("6001").sends(InboundKind.MEDIA, media=photo())
    yield "question", lambda: world.phone("+85512999996").writes("ប្រាក់ឧបត្ថម្ភកូនបើកថ្ងៃណា?")
    yield "STOP", lambda: she.writes("STOP")
    yield "START", lambda: she.writes("START")


def _commands(world: World) -> Iterator[tuple[str, Callable[[], object]]]:
    for number, command in enumerate(Command, start=1):
        reference = _complains(world, number)
        if command is Command.UNDO:
            world.officer("facilitator").writes(f"/reject {reference} ខុស")
        shape, words = SHAPES[command], _WORDS.get(command, "បានពិនិត្យ")
        if command is Command.MERGE:
            words = _complains(world, number + 100)
        said = words if shape.words or command is Command.CATEGORY else ""
        text = " ".join(part for part in (f"/{command}", reference if shape.case else "", said) if part)
        officer = world.officer(_BY.get(command, "facilitator"))
        yield f"/{command}", lambda officer=officer, text=text: officer.writes(text)  # type: ignore[misc]


def _complains(world: World, number: int) -> str:
    """Let somebody complain who lives in Srae Khvav, and return the reference."""
    she = world.phone(f"+85512{number:06}")
    she.writes(COMPLAINT)
    she.writes("ស្រែខ្វាវ")
    she.writes("1")
    return _newest(world)


def _newest(world: World) -> str:
    with world.store.reading() as tx:
        return caseload.listed(tx, 1)[0].reference
