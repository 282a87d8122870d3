"""Learning: files of messages and what is wrong with them, fitting and saving a model, strangers in folds, figures."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from domain.reading import Category, Intent, Language, Script
from understanding import read
from understanding.grams import grams_of
from understanding.learning.calibration import calibration_of
from understanding.learning.figures import Share, judge, report
from understanding.learning.fit import CORRECTED, Recipe, Space, Taken, fit, sharpened
from understanding.learning.folds import fitted, split
from understanding.learning.messages import Message, MessageFileFault, packaged, read_file
from understanding.model import ModelFault, found_in, load
from understanding.reasons import telling_words

HEAD = "writer: a\nlanguage: en\nscript: native\ntheme: t\n\n"
FEW = [message for message in packaged() if message.writer in ("en1", "en2", "lx1", "lx2")][::8]
READ = partial(read, prefixes=("LP",))


@pytest.fixture(scope="module")
def taken() -> Taken:
    return Taken()


@pytest.fixture(scope="module")
def small(taken):
    return fitted(FEW, taken, Recipe(keep=5000), inner=2)


def write(folder: Path, body: str, head: str = HEAD) -> Path:
    path = folder / "messages.txt"
    path.write_text(head + body, encoding="utf-8")
    return path


def test_a_file_of_messages_is_read_as_it_is_written(tmp_path):
    path = write(
        tmp_path, "# a note\ncomplaint payment_missing+corruption | not paid | and more\nstatus! | he is here\n"
    )
    first, second = read_file(path)
    assert first.text == "not paid | and more"
    assert (first.intent, first.category, first.secondary) == (
        Intent.COMPLAINT,
        Category.PAYMENT_MISSING,
        Category.CORRUPTION,
    )
    assert (second.intent, second.category, second.sensitive) == (Intent.STATUS, None, True)
    assert first.group == "en native"


@pytest.mark.parametrize(
    ("body", "head", "told"),
    [
        ("complaint | x\n", HEAD, "line 6: complaint needs a category"),
        ("status other | x\n", HEAD, "line 6: status has no category"),
        ("complaint money | x\n", HEAD, "line 6: `complaint money` is no label"),
        ("complaint other\n", HEAD, "line 6: write `intent category | message`"),
        ("", "writer: a\nlanguage: en\nscript: native\n", "theme is missing"),
        ("", HEAD.replace("en", "th"), "language is km, lo or en"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, body, head, told):
    with pytest.raises(MessageFileFault, match=told):
        read_file(write(tmp_path, body, head))


def test_a_file_that_is_no_utf8_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"writer: \xff\xfe")
    with pytest.raises(MessageFileFault, match="not UTF-8"):
        read_file(path)


@pytest.mark.parametrize("line", ["nonsense", '{"text": "a"}', "[1]", '{"text":"a","language":"xx"}'])
def test_a_wrong_row_of_json_is_named(tmp_path, line):
    path = tmp_path / "a.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(MessageFileFault, match="line 1"):
        read_file(path)


def test_a_saved_model_weighs_as_before(small, taken):
    again = load(small.saved())
    for message in FEW[:20]:
        before, after = small.weigh(taken.of(message)), again.weigh(taken.of(message))
        assert before["intent"] == pytest.approx(after["intent"], abs=0.02)


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04"])
def test_what_is_no_model_is_refused(data):
    with pytest.raises(ModelFault, match="cannot be read as a model"):
        load(data)


def test_a_small_model_learns_what_it_was_shown(small):
    judged = judge(FEW, partial(READ, model=small))
    assert sum(each.intent_right for each in judged) >= 0.9 * len(judged)


def test_strangers_are_never_known(taken):
    messages = [m for m in packaged() if m.script is Script.LATIN]
    for known, unseen in split(messages, 3):
        assert not {message.writer for message in known} & {message.writer for message in unseen}
    assert sum(len(unseen) for _, unseen in split(messages, 3)) == len(messages)


def corrected(number: int, person: int) -> Message:
    text = f"Mister Zxqwv is late number {number}"
    return Message(
        text, Language.EN, Script.NATIVE, Intent.COMPLAINT, Category.OTHER, False, writer=CORRECTED, theme=str(person)
    )


@pytest.mark.parametrize(
    ("persons", "enters"), [((1, 2, 3, 4), False), ((1, 1, 1, 1, 1, 1), False), ((1, 2, 3, 4, 5), True)]
)
def test_a_name_enters_the_vocabulary_only_where_five_persons_wrote_it(taken, persons, enters):
    texts = [corrected(number, person) for number, person in enumerate(persons)]
    name = grams_of("zxqwv")
    known = found_in(Space([*FEW, *texts], taken, Recipe()).grams, name)
    assert (len(known) > len(name) / 2) is enters


def test_a_model_whose_parts_do_not_fit_is_refused(small):
    broken = replace(small, heads={name: head for name, head in small.heads.items() if name != "sensitive"})
    with pytest.raises(ModelFault):
        load(broken.saved())
    with pytest.raises(ModelFault):
        load(replace(small, rarity=small.rarity[:-1]).saved())


def test_a_model_without_a_threshold_takes_the_usual_one(small):
    old = load(replace(small, about={**small.about, "thresholds": {"sensitive": 0.4}}).saved())
    assert old.threshold("about_abuse") == 0.3
    assert READ("STOP", model=old).intent is Intent.STOP


def test_calibration_makes_an_overconfident_model_less_sure(taken):
    known, unseen = next(iter(split(FEW, 2)))
    model = sharpened(fit(known, taken, Recipe(keep=5000)), {"intent": 3.0}, {})
    sharpness, thresholds = calibration_of([(m, model.weigh(taken.of(m))) for m in unseen])
    assert sharpness["intent"] < 1
    assert 0 < thresholds["sensitive"] <= 0.6


def test_the_interval_of_a_share_holds_it():
    assert Share(0, 0).value is None
    low, high = Share(95, 100).interval
    assert low < 0.95 < high
    assert Share(10, 10).interval[1] == pytest.approx(1.0)


def test_figures_count_what_was_missed(small):
    found = report(judge(FEW, partial(READ, model=small)), prefixes=("LP",), worst=3)
    shares = found.shares["all"]
    assert shares["intent"].of == len(FEW)
    assert sum(each.share.of for each in found.reliability) == len(FEW)
    assert all(len(misses) <= 3 for misses in found.misses.values())
    assert set(found.plain()) == {"all", "en native", "lo latin"}


def test_the_words_that_told_of_harm_are_shown_as_typed():
    text = "The trainer, he touches the girls when nobody looks"
    reason = telling_words(text, load_packaged())
    assert reason
    assert all(word in text for word in reason)


def load_packaged():
    from understanding.model import packaged as model

    return model()
