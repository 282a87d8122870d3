"""A gateway's health: it goes down when it fails, comes back slowly, and over no sequence of results does it flap."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ports import FailureKind, SendOutcome, SendResult
from domain.sending.failures import REASONS, reason_of
from domain.sending.gateway_health import (
    AT_LEAST,
    CALM,
    FIRST_PAUSE,
    FULLY_BACK,
    GATEWAY_FAULTS,
    LONGEST_PAUSE,
    NEW,
    PROBES,
    WINDOW,
    WINDOW_FOR,
    Health,
    Sign,
    State,
    after,
    after_unsent,
    allowance,
    at,
    is_stuck,
    put_down,
    sign_of,
)

START = datetime.fromisoformat("2026-03-03T03:00:00+00:00")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TAKEN, FAULT, SLOW = Sign.TAKEN, Sign.FAULT, Sign.SLOW


def fed(health: Health, signs: str, now: datetime = START, step: timedelta = timedelta(0)) -> Health:
    """Return the health after results one by one: `.` taken, `x` fault, `s` asked to slow down."""
    for n, letter in enumerate(signs):
        health = after(health, [{".": TAKEN, "x": FAULT, "s": SLOW}[letter]], now + n * step)
    return health


def down(now: datetime = START) -> Health:
    return fed(NEW, "x" * AT_LEAST, now)


def test_half_of_the_last_results_take_it_down_and_less_do_not() -> None:
    assert fed(NEW, "xxxx").state is State.GOOD
    assert fed(NEW, "xxxxx").state is State.DOWN
    assert fed(NEW, "..xx.").state is State.GOOD
    assert fed(NEW, "...xxx").state is State.DOWN
    assert fed(NEW, "." * WINDOW + "x" * (WINDOW // 2 - 1)).state is State.GOOD
    assert fed(NEW, "." * WINDOW + "x" * (WINDOW // 2)).state is State.DOWN


def test_old_results_are_forgotten() -> None:
    failing = fed(NEW, "xxxx")
    assert after(failing, [FAULT], START + WINDOW_FOR).state is State.DOWN
    later = after(failing, [FAULT, TAKEN], START + WINDOW_FOR + SECOND)
    assert (later.state, len(later.recent)) == (State.GOOD, 2)


def test_few_messages_all_in_vain_take_it_down_after_a_while() -> None:
    """One message that is tried at the waits of `domain.sending.retry`: too few for the window, but nothing was ever taken."""
    tried = [START + timedelta(seconds=s) for s in (0, 5, 65, 365)]
    health = NEW
    for moment in tried[:-1]:
        health = after(health, [FAULT], moment)
    assert health.state is State.GOOD
    assert after(health, [FAULT], tried[-1]).state is State.DOWN
    once_taken = after(fed(NEW, "xx"), [TAKEN], tried[2])
    assert after(once_taken, [FAULT], tried[-1]).state is State.GOOD


def test_a_provider_that_always_asks_to_slow_down_is_down_in_the_end() -> None:
    assert fed(NEW, "s" * 30).state is State.GOOD
    assert fed(NEW, "sss", step=WINDOW_FOR / 2).state is State.DOWN


def test_a_large_batch_is_judged_by_its_share_and_not_by_its_order() -> None:
    many = after(NEW, [TAKEN] * 100 + [FAULT] * 20, START)
    assert (many.state, len(many.recent), many.recent.count("x")) == (State.GOOD, WINDOW, 3)
    assert after(many, [TAKEN] * 5, START).state is State.GOOD
    assert after(NEW, [FAULT] * 60 + [TAKEN] * 50, START).state is State.DOWN


def test_it_comes_back_by_single_messages_and_then_by_more_and_more() -> None:
    health = down()
    assert allowance(health) == 0
    assert at(health, START + FIRST_PAUSE - SECOND).state is State.DOWN
    health = at(health, START + FIRST_PAUSE)
    assert (health.state, allowance(health)) == (State.TRIAL, 1)
    allowed = []
    for _ in range(FULLY_BACK):
        health = after(health, [TAKEN], START + FIRST_PAUSE)
        allowed.append(allowance(health))
    assert allowed == [1] * (PROBES - 1) + list(range(PROBES, FULLY_BACK)) + [None]
    assert (health.state, health.down_since) == (State.GOOD, START)


def test_one_fault_on_trial_doubles_the_pause_up_to_the_longest() -> None:
    health, pauses = down(), []
    for _ in range(8):
        pauses.append(health.pause / MINUTE)
        assert health.until is not None
        health = after(health, [TAKEN, FAULT], health.until)
        assert (health.state, health.down_since) == (State.DOWN, START)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]


def test_only_a_calm_time_makes_the_first_pause_short_again() -> None:
    soon = fed(at(down(), START + FIRST_PAUSE), "." * PROBES, START + FIRST_PAUSE)
    assert put_down(soon, START + CALM).pause == 2 * FIRST_PAUSE
    assert put_down(soon, START + FIRST_PAUSE + CALM).pause == FIRST_PAUSE


def test_results_that_come_during_a_pause_change_nothing() -> None:
    health = down()
    late = after(health, [FAULT] * 9, START + SECOND)
    assert late == health
    assert after(health, [TAKEN] * 9, START + SECOND).state is State.DOWN


@pytest.mark.parametrize("failure", list(FailureKind))
def test_faults_of_the_number_or_text_say_nothing_of_the_gateway(failure: FailureKind) -> None:
    expected = FAULT if failure in GATEWAY_FAULTS else SLOW if failure is FailureKind.SLOW_DOWN else None
    assert sign_of(SendResult.of(failure)) is expected
    assert sign_of(SendResult(SendOutcome.ACCEPTED)) is TAKEN
    assert reason_of(failure.value) is REASONS[failure]


def test_what_was_taken_and_not_sent_counts_as_a_fault_and_ends_a_trial() -> None:
    half = fed(NEW, "......")
    for _ in range(3):
        assert half.state is State.GOOD
        half = after_unsent(half, START)
    assert half.state is State.DOWN
    tried = fed(down(), ".", START + FIRST_PAUSE)
    assert tried.state is State.TRIAL
    assert after_unsent(tried, START + FIRST_PAUSE).state is State.DOWN
    assert after_unsent(down(), START) == down(), "what was sent before a pause changes nothing"


def test_waiting_replies_take_it_down_only_while_others_send() -> None:
    late = START + 2 * WINDOW_FOR
    assert is_stuck(NEW, START, START + WINDOW_FOR, late)
    assert not is_stuck(NEW, START, None, late)
    assert not is_stuck(NEW, START, START + WINDOW_FOR - SECOND, late)
    assert not is_stuck(NEW, START, late, START + WINDOW_FOR - SECOND)
    assert not is_stuck(after(NEW, [TAKEN], START), START, late, late)
    assert not is_stuck(down(), START, late, late)


Batch = tuple[timedelta, list[Sign], bool]
BATCHES = st.lists(
    st.tuples(
        st.integers(0, 1200).map(lambda s: timedelta(seconds=s)),
        st.lists(st.sampled_from(list(Sign)), min_size=0, max_size=8),
        st.booleans(),
    ),
    max_size=150,
)


def history(batches: list[Batch]) -> list[tuple[datetime, Health]]:
    """Return how a gateway was after each batch of results, perhaps with a bad receipt, and at each moment before it."""
    now, health, seen = START, NEW, [(START, NEW)]
    for wait, signs, unsent in batches:
        now += wait
        taken = after(health, signs, now)
        for changed in (at(health, now), taken, after_unsent(taken, now) if unsent else taken):
            seen.append((now, changed))
            health = changed
    return seen


@given(BATCHES)
def test_it_never_flaps(batches: list[Batch]) -> None:
    """Between two outages lies a pause, each at least twice the last unless an hour was calm: at most six an hour."""
    seen = history(batches)
    downs = [
        (now, health)
        for (_, before), (now, health) in pairwise(seen)
        if health.state is State.DOWN and before.state is not State.DOWN
    ]
    for (first, before), (second, health) in pairwise(downs):
        assert second - first >= before.pause
        doubled = min(2 * before.pause, LONGEST_PAUSE)
        assert health.pause == doubled or (health.pause == FIRST_PAUSE and second - first >= CALM)
    for moment, _ in downs:
        assert sum(moment <= other < moment + timedelta(hours=1) for other, _ in downs) <= 6
    changes = sum(before.state is not health.state for (_, before), (_, health) in pairwise(seen))
    assert changes <= 3 * len(downs) + 2


@given(BATCHES, st.integers(0, 3600))
def test_whatever_was_a_gateway_that_works_comes_back(batches: list[Batch], wait: int) -> None:
    now, health = history(batches)[-1]
    now += LONGEST_PAUSE + timedelta(seconds=wait)
    for _ in range(FULLY_BACK):
        assert allowance(at(health, now)) != 0
        health = after(health, [TAKEN], now)
    assert (health.state, allowance(health)) == (State.GOOD, None)


@given(BATCHES)
def test_what_is_kept_stays_small_and_true(batches: list[Batch]) -> None:
    for now, health in history(batches):
        assert len(health.recent) <= WINDOW
        assert set(health.recent) <= {".", "x"}
        assert (health.until is not None) == (health.state is State.DOWN)
        assert health.until is None or now < health.until
        assert health.pause <= LONGEST_PAUSE
        assert health.state is State.GOOD or health.down_since is not None
