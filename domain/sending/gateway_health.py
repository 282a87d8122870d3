"""Whether an SMS gateway works: good, down, or tried again one message at a time, so that it neither stays away nor flaps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.ports import FailureKind, SendOutcome, SendResult


class State(StrEnum):
    """How a gateway is: it sends; it is left alone for a while; or single messages find out whether it sends again."""

    GOOD = "good"
    DOWN = "down"
    TRIAL = "trial"


class Sign(StrEnum):
    """What one result says of its gateway. `slow`: it asks to be left alone, which is a fault only if it never ends."""

    TAKEN = "taken"
    FAULT = "fault"
    SLOW = "slow"


GATEWAY_FAULTS = frozenset(
    {FailureKind.PROVIDER_DOWN, FailureKind.CREDENTIALS, FailureKind.NO_CREDIT, FailureKind.TIMEOUT}
)
"""The failures that are the gateway's own; all others are the message's or the number's and say nothing of it."""

UNSENT = GATEWAY_FAULTS | {FailureKind.UNCLEAR}
"""What a receipt may give as reason that a message was taken and then not sent, which is the gateway's own fault too.

A SIM without credit gives no reason at all. What the network could not deliver was sent.
"""

WINDOW, AT_LEAST = 20, 5
"""A gateway is judged by so many last results, once there are so many."""

WINDOW_FOR = timedelta(minutes=5)
"""Results are forgotten where nothing came for so long; and a gateway that took nothing for so long is down."""

FEWEST_IN_VAIN = 3
"""So many results in vain, at least, for a gateway that took nothing for that time."""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
LONGEST_PAUSE_ALONE = timedelta(minutes=5)
"""A pause doubles each time up to the longest; that is short where no other gateway stands in: everybody waits for it."""

CALM = timedelta(hours=1)
"""A gateway that was good for so long begins with the first pause again."""

PROBES = 3
"""So many messages in a row must be taken, one at a time, before a gateway counts as good again."""

FULLY_BACK = 24
"""After so many it may have as many on their way as ever; up to then as many at once as it has taken since."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a gateway is and what that was judged by.

    `recent` has a letter a result, oldest first: `.` taken, `x` fault. `vain` results in a row were not taken, since
    `vain_since`. `pause` is the last pause's length, `until` its end. `returned` counts what was taken since the trial
    began, None once it is fully back. `down_since` is when the present or last outage began.
    """

    state: State = State.GOOD
    since: datetime | None = None
    recent: str = ""
    heard_at: datetime | None = None
    accepted_at: datetime | None = None
    vain: int = 0
    vain_since: datetime | None = None
    pause: timedelta = timedelta(0)
    until: datetime | None = None
    returned: int | None = None
    down_since: datetime | None = None


NEW = Health()
"""How a gateway is of which nothing is known."""


def sign_of(result: SendResult) -> Sign | None:
    """Return what a result says of its gateway, or None where it speaks of the message or the number alone."""
    if result.outcome is SendOutcome.ACCEPTED:
        return Sign.TAKEN
    if result.failure in GATEWAY_FAULTS:
        return Sign.FAULT
    return Sign.SLOW if result.failure is FailureKind.SLOW_DOWN else None


def at(health: Health, now: datetime) -> Health:
    """Return how a gateway is at a moment: a pause that is over ends in the trial."""
    if health.state is State.DOWN and health.until is not None and now >= health.until:
        return replace(health, state=State.TRIAL, since=now, until=None, returned=0)
    return health


def after(health: Health, signs: Iterable[Sign], now: datetime, longest_pause: timedelta = LONGEST_PAUSE) -> Health:
    """Return how a gateway is after results that came at a moment.

    What comes during a pause was sent before it and changes nothing. One fault ends a trial. A good gateway goes down
    where half of its last results or more are faults, or where it took nothing for long.
    """
    seen, health = tuple(signs), at(health, now)
    if not seen or health.state is State.DOWN:
        return _accepted(health, seen, now)
    if health.state is State.TRIAL and Sign.FAULT in seen:
        return put_down(_accepted(health, seen, now), now, longest_pause)
    heard = _counted(_accepted(health, seen, now), seen, now)
    if heard.state is State.GOOD and _is_failing(heard, now):
        return put_down(heard, now, longest_pause)
    if heard.state is State.TRIAL and (heard.returned or 0) >= PROBES:
        return replace(heard, state=State.GOOD, since=now, recent="", vain=0, vain_since=None)
    return heard


def after_unsent(health: Health, now: datetime, longest_pause: timedelta = LONGEST_PAUSE) -> Health:
    """Return how a gateway is after a receipt that it has not sent what it took: that result turns into a fault."""
    health = at(health, now)
    if health.state is State.DOWN:
        return health
    kept = "" if health.heard_at is None or now - health.heard_at > WINDOW_FOR else health.recent
    recent = kept.replace(".", "x", 1) if "." in kept else (kept + "x")[-WINDOW:]
    heard = replace(health, recent=recent, heard_at=now)
    return put_down(heard, now, longest_pause) if heard.state is State.TRIAL or _is_failing(heard, now) else heard


def put_down(health: Health, now: datetime, longest_pause: timedelta = LONGEST_PAUSE) -> Health:
    """Return the gateway with a pause before it: the first, or twice the last one where that was not long ago."""
    pause = FIRST_PAUSE if is_calm(health, now) or not health.pause else min(2 * health.pause, longest_pause)
    outage = now if health.state is State.GOOD or health.down_since is None else health.down_since
    return replace(
        health,
        state=State.DOWN,
        since=now,
        recent="",
        vain=0,
        vain_since=None,
        pause=pause,
        until=now + pause,
        returned=0,
        down_since=outage,
    )


def is_calm(health: Health, now: datetime) -> bool:
    """Tell whether a gateway is good, and has been so for long."""
    return health.state is State.GOOD and (health.since is None or now - health.since >= CALM)


def is_stuck(health: Health, oldest_due: datetime | None, others_accepted_at: datetime | None, now: datetime) -> bool:
    """Tell whether replies wait too long at a gateway that took none of late, although others send.

    `oldest_due` is since when its oldest reply is due. Where no other gateway takes anything either, it is the sending
    that stands still, and not the gateway.
    """
    if health.state is not State.GOOD or oldest_due is None or now - oldest_due < WINDOW_FOR:
        return False
    took = health.accepted_at is not None and health.accepted_at >= oldest_due
    return not took and others_accepted_at is not None and others_accepted_at >= oldest_due + WINDOW_FOR


def allowance(health: Health) -> int | None:
    """Return how many messages a gateway may have on their way at once, None for as many as it is set to."""
    if health.state is State.DOWN:
        return 0
    if health.state is State.TRIAL:
        return 1
    return None if health.returned is None else max(1, health.returned)


def _accepted(health: Health, seen: tuple[Sign, ...], now: datetime) -> Health:
    return replace(health, accepted_at=now) if Sign.TAKEN in seen else health


def _counted(health: Health, seen: tuple[Sign, ...], now: datetime) -> Health:
    taken = seen.count(Sign.TAKEN)
    kept = "" if health.heard_at is None or now - health.heard_at > WINDOW_FOR else health.recent
    returned = None if health.returned is None else health.returned + taken
    return replace(
        health,
        recent=(kept + _letters(taken, seen.count(Sign.FAULT)))[-WINDOW:],
        heard_at=now,
        vain=0 if taken else health.vain + len(seen),
        vain_since=None if taken else health.vain_since or now,
        returned=None if returned is not None and returned >= FULLY_BACK else returned,
    )


def _letters(taken: int, faults: int) -> str:
    """Return the letters of results that came at one moment: without order, so that the faults are spread among them."""
    count = taken + faults
    size = min(count, WINDOW)
    marks = [round(faults * size / count * (n + 1) / size) for n in range(size)] if size else []
    return "".join("x" if mark > before else "." for before, mark in zip([0, *marks], marks, strict=False))


def _is_failing(health: Health, now: datetime) -> bool:
    many = len(health.recent) >= AT_LEAST and 2 * health.recent.count("x") >= len(health.recent)
    waited = health.vain_since is not None and now - health.vain_since >= WINDOW_FOR
    return many or (waited and health.vain >= FEWEST_IN_VAIN)
