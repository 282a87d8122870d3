"""The packaged model reads messages that it has never seen, by another writer, as well as its goals demand."""

from functools import partial
from pathlib import Path

import pytest

from understanding import read
from understanding.learning.figures import GROUP_GOALS, judge, report
from understanding.learning.messages import packaged, read_folder
from understanding.model import packaged as packaged_model

PREFIXES = ("LP", "RR")
KEPT_ASIDE = read_folder(Path(__file__).parent / "kept_aside")
JUDGED = judge(KEPT_ASIDE, partial(read, prefixes=PREFIXES))
REPORT = report(JUDGED, prefixes=PREFIXES)


def test_nothing_of_it_was_learned_from():
    learned = {message.text for message in packaged()}
    shared = [message.text for message in KEPT_ASIDE if message.text in learned and len(message.text) > 25]
    assert not shared, "short phrases may be anybody's; whole sentences may not"


@pytest.mark.parametrize(
    ("figure", "goal"),
    [
        ("intent", 0.93),
        ("category", 0.84),
        ("best_three", 0.95),
        ("sensitive_recall", 0.95),
        ("sensitive_precision", 0.55),
        ("sure_and_right", 0.95),
    ],
)
def test_the_goals_are_met(figure, goal):
    share = REPORT.shares["all"][figure]
    assert share.value is not None
    assert share.value >= goal, share.interval


@pytest.mark.parametrize("group", [group for group in REPORT.shares if group != "all"])
@pytest.mark.parametrize("figure", GROUP_GOALS)
def test_no_language_or_script_falls_behind(group, figure):
    value = REPORT.shares[group][figure].value
    assert value is not None
    assert value >= GROUP_GOALS[figure]


def test_the_language_of_every_text_that_has_words_is_told():
    """A reference alone, or keys struck at random, are in no language."""
    wrong = [
        each.message.text
        for each in JUDGED
        if (each.message.language, each.message.script) != (each.reading.language, each.reading.script)
        and each.message.intent not in ("status", "unclear")
    ]
    assert len(wrong) <= 0.01 * len(JUDGED), wrong


def test_the_model_is_made_from_the_messages_that_come_with_it():
    learned = packaged()
    assert packaged_model().about["messages"] == len(learned)
    assert len(learned) >= 4000
    groups = {message.group for message in learned}
    assert groups == {"km native", "km latin", "lo native", "lo latin", "en native"}
    for group in groups:
        assert sum(message.group == group for message in learned) >= 800
