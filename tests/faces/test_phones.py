"""A sensitive case on everybody's phone: each command, tap and number answers as though she had never written."""

from collections.abc import Iterator

import pytest

from domain.inbound import Channel, InboundKind
from domain.settings import Level
from handlers.officers.acts.sorting import MARK
from handlers.officers.commands import LISTS, SHAPES, Command
from tests.faces.cast import ABUSE, HER_NUMBER, INVENTED, Place, levels_watching, places, plain
from tests.support.databases import Databases

WORDS = {
    Command.ABSENT: "15/12", Command.FIND: "ចុះហត្ថលេខា", Command.STATS: "3", Command.MERGE: INVENTED,
    Command.TRANSFER: "ចារឈូក", Command.CATEGORY: "3", Command.KIND: "home",
}  # fmt: skip
VERBS = (
    "read", "case", "take", "reply", "resolve", "escalate", "agree", "disagree", "category", "sensitive", "release",
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def two(request: pytest.FixtureRequest, databases: Databases) -> Iterator[list[Place]]:
    """The world in which she wrote, and the one in which she did not."""
    with places(databases, request.param) as made:
        yield made


def texts_of(command: Command, reference: str) -> list[str]:
    """Return the ways to write a command about a case, by reference and by number, with words and without."""
    words = WORDS.get(command, "មកថ្ងៃស្អែក")
    if not SHAPES[command].case:
        return [f"/{command}", f"/{command} {words}", f"/{command} {reference}"]
    return [f"/{command} {each} {words if SHAPES[command].words else ''}".strip() for each in (reference, "1")]


def near(reference: str) -> str:
    """Return a reference with a slip in it."""
    return reference[:-1] + ("A" if reference[-1] != "A" else "B")


def same(two: list[Place], references: tuple[str, str], name: str, texts: tuple[str, str]) -> None:
    """Let the same person write the same in both worlds: answers and the number of statements must not differ."""
    told = []
    for place, reference, text in zip(two, references, texts, strict=True):
        said, statements = place.counted(place.watcher(name), text)
        told.append((plain(said, reference), statements))
    assert told[0] == told[1], (name, texts[0])


def test_everybody_but_focal_points_watches(two: list[Place]) -> None:
    assert levels_watching(two[0]) == set(Level) - {Level.FOCAL}


def test_every_command_of_everybody(two: list[Place]) -> None:
    references = (two[0].she_reports(), INVENTED)
    for name in two[0].watchers:
        for command in SHAPES:
            for texts in zip(*(texts_of(command, each) for each in references), strict=True):
                same(two, references, name, texts)
    for name in two[0].watchers:
        heard = [plain(place.watcher(name).texts, each) for place, each in zip(two, references, strict=True)]
        assert heard[0] == heard[1], name


def test_words_without_a_slash_numbers_and_slips(two: list[Place]) -> None:
    references = (two[0].she_reports(), INVENTED)
    slips = (near(references[0]), near(references[1]))
    for name in two[0].watchers:
        for text in (*(f"/cases {each}" for each in LISTS), "1", "case 1", "/find LP", "/find 7K", "/find abuse"):
            same(two, references, name, (text, text))
        for command in ("case", "take", "note", "resolve"):
            same(two, slips, name, (f"/{command} {slips[0]} x", f"/{command} {slips[1]} x"))
        same(two, references, name, references)


def test_forged_taps(two: list[Place]) -> None:
    references = (two[0].she_reports(), INVENTED)
    data = [
        *(f"c:{verb}:1" for verb in VERBS),
        f"{MARK}:other:1",
        "d:send:1",
        "d:note:1",
        "z:undo:1",
        "u:1",
        "b:send:1",
    ]
    data += ["q:1:1", "q:1:2"]
    for name in two[0].watchers:
        for each in data:
            said = []
            for place, reference in zip(two, references, strict=True):
                del place.statements[:]
                answers = place.watcher(name).sends(InboundKind.TAP, data=each)
                said.append((plain(answers, reference), len(place.statements)))
            assert said[0] == said[1], (name, each)


def test_answering_a_message_that_was_never_theirs(two: list[Place]) -> None:
    references = (two[0].she_reports(), INVENTED)
    for name in two[0].watchers:
        for number in range(1, 6):
            for place in two:
                place.watcher(name).writes("សូមពិនិត្យ", reply_to=f"out-{number}")
        assert plain(two[0].watcher(name).texts, references[0]) == plain(two[1].watcher(name).texts, references[1])


def test_digests_warnings_and_every_sweep_for_a_fortnight(two: list[Place]) -> None:
    reference = two[0].she_reports()
    for place in two:
        for _ in range(28):
            place.world.pass_time(hours=12)
    for name in two[0].watchers:
        assert two[0].watcher(name).texts == two[1].watcher(name).texts, name
    everything = "\n".join(text for name in two[0].watchers for text in two[0].watcher(name).texts)
    assert reference not in everything


@pytest.mark.parametrize("text", ["{}", "status {}", "រឿង {} ដល់ណាហើយ?", "/status {}", "/start {}", "/case {} x"])
def test_a_stranger_and_whoever_holds_her_phone(two: list[Place], text: str) -> None:
    """In both worlds she reported; in the second an invented reference is asked for."""
    reference, _ = (place.she_reports() for place in two)
    for number, channel in (("+85511222333", Channel.SMS), ("5005", Channel.TELEGRAM), (HER_NUMBER, Channel.SMS)):
        told = []
        for place, asked in zip(two, (reference, INVENTED), strict=True):
            phone = place.world.phone(number, channel)
            phone.writes("hello")
            said, statements = place.counted(phone, text.format(asked))
            slipped, more = place.counted(phone, text.format(near(asked)))
            told.append((plain(said, asked), statements, plain(slipped, near(asked)), more))
        assert told[0] == told[1]
        assert "ANY" not in "".join(told[0][0] + told[0][2])


def test_his_questions_on_her_phone_name_no_case(two: list[Place]) -> None:
    place = two[0]
    reference = place.she_reports()
    phone = place.world.phone(HER_NUMBER)
    for text in ("លេខនេះអី?", "រឿងខ្ញុំដល់ណាហើយ?", "HELP", "សួស្តី", "1", "2", "STOP", "START"):
        said = "\n".join(phone.writes(text))
        assert reference not in said, text
        assert ABUSE not in said, text
    before = len(phone.texts)
    for _ in range(20):
        place.world.pass_time(days=1)
    assert len(phone.texts) == before, "nothing goes there unasked"
