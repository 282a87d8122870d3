"""Trying SMS gateways: one short message by each, handed over directly, and the receipts that come for it."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.inbound import Channel, storable_id
from domain.ports import FailureKind, Outbound, Sender, SendOutcome, SendResult
from domain.sending.segments import count_segments
from handlers.context import Context
from handlers.sending import receipts
from samleng.gateways.making import SmsGateways
from samleng.wiring import Installation, utc_now
from storage import Store
from storage.queries.persons import messages
from storage.queries.sending.outbox import RANKS

RECEIPT_WAIT_S = 60.0
"""How long receipts are waited for, in seconds, for all gateways together."""

KIND = "trial"
"""The kind of a trial's message row, which belongs to no person and no case."""

_LOOK_S = 1.0
_FINAL = ("delivered", "undelivered", "failed")
_BAD = ("undelivered", "failed")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class NotTried(Exception):
    """Nothing was sent; its text says why and what to do, without the number."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one gateway's message. `receipt` is the state that the last receipt brought, None without one."""

    gateway: str
    message_id: int
    result: SendResult
    receipt: str | None = None
    receipt_failure: FailureKind | None = None

    @property
    def is_good(self) -> bool:
        """Tell whether the message was taken and no receipt speaks against it."""
        return self.result.outcome is SendOutcome.ACCEPTED and self.receipt not in _BAD

    @property
    def remedy(self) -> str | None:
        """Return what to do, where something is to be done."""
        failure = self.result.failure or self.receipt_failure
        return None if self.is_good else REMEDIES[failure or FailureKind.UNCLEAR]

    def as_dict(self) -> dict[str, str | bool | None]:
        """Return the trial for scripts."""
        failure = self.result.failure or self.receipt_failure
        return {
            "gateway": self.gateway,
            "ok": self.is_good,
            "outcome": self.result.outcome.value,
            "failure": failure.value if failure else None,
            "receipt": self.receipt,
            "remedy": self.remedy,
        }

    def __str__(self) -> str:
        """Return the trial as a line, with a second one where something is to be done."""
        if self.result.outcome is SendOutcome.ACCEPTED:
            line = f"{self.gateway}: accepted; receipt: {self.receipt or 'none'}"
            why = f" ({self.receipt_failure})" if self.receipt_failure else ""
        else:
            line, why = f"{self.gateway}: failed", f" ({self.result.failure or self.result.outcome})"
        return f"{line}{why}" + (f"\n    → {self.remedy}" if self.remedy else "")


def send_trials(
    installation: Installation,
    number: str,
    gateway: str | None = None,
    *,
    clock: Callable[[], datetime] = utc_now,
    seconds: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> list[Trial]:
    """Send one test message by each SMS gateway, or by one, and return what came of each.

    It goes past the outbox, and touches no person and no case: the only trace is a message row, to which receipts come
    by the running installation. Raises `NotTried`.
    """
    if not _NUMBER.fullmatch(number):
        raise NotTried("that is no number; write it with country code and without spaces, as in +855…")
    senders = _chosen(SmsGateways(installation).senders(), gateway)
    trials = asyncio.run(_handed_over(installation.store, senders, number, clock))
    until = seconds() + RECEIPT_WAIT_S
    while True:
        _take_early(installation.context, trials, clock())
        trials = _with_receipts(installation.store, trials)
        waiting = [each for each in trials if each.is_good and each.receipt not in _FINAL]
        if not waiting or seconds() >= until:
            return trials
        wait(_LOOK_S)


def _chosen(senders: Mapping[str, Callable[[], Sender]], gateway: str | None) -> Mapping[str, Callable[[], Sender]]:
    if not senders:
        raise NotTried("there is no SMS gateway to try; add one under [[sms_gateway]]")
    if gateway is not None and gateway not in senders:
        raise NotTried(f"there is no SMS gateway of that name; there are {', '.join(senders)}")
    return {name: made for name, made in senders.items() if gateway in {None, name}}


async def _handed_over(
    store: Store, senders: Mapping[str, Callable[[], Sender]], number: str, clock: Callable[[], datetime]
) -> list[Trial]:
    return [await _tried(store, name, made, number, clock) for name, made in senders.items()]


async def _tried(
    store: Store, gateway: str, made: Callable[[], Sender], number: str, clock: Callable[[], datetime]
) -> Trial:
    text = f"Samleng test {clock():%Y-%m-%d %H:%M} UTC by {gateway}"
    with store.transaction() as tx:
        message_id = messages.add(
            tx,
            text=text,
            sealed=False,
            direction="out",
            kind=KIND,
            state="sending",
            gateway=gateway,
            channel=Channel.SMS.value,
            segments=count_segments(text).segments,
            at=clock(),
        )
    sender = made()
    try:
        result = await sender.send(Outbound(message_id, number, text))
    finally:
        await sender.close()
    _record(store, gateway, message_id, result=result, now=clock())
    return Trial(gateway, message_id, result)


def _record(store: Store, gateway: str, message_id: int, *, result: SendResult, now: datetime) -> None:
    """Keep what the provider said; a receipt that was quicker counts more."""
    states = {SendOutcome.ACCEPTED: "accepted", SendOutcome.UNKNOWN: "unknown"}
    state = states.get(result.outcome, "failed")
    with store.transaction() as tx:
        # Locked, so that no receipt comes between looking and writing.
        row = messages.find_for_receipt(tx, gateway, message_id=message_id, provider_id=None)
        if result.provider_id:
            messages.change(tx, message_id, provider_id=storable_id(result.provider_id))
        if RANKS.get(row.state, 0) < RANKS[state]:
            messages.change(tx, message_id, state=state, state_at=now, failure=result.failure)


def _take_early(context: Context, trials: list[Trial], now: datetime) -> None:
    """Take receipts that name a message as its provider does, and came before that was kept."""
    for each in trials:
        if each.result.provider_id and each.receipt not in _FINAL:
            receipts.take_early(context, each.gateway, each.result.provider_id, now)


def _with_receipts(store: Store, trials: list[Trial]) -> list[Trial]:
    with store.reading() as tx:
        rows = {each.message_id: messages.fate_of(tx, each.message_id) for each in trials}
    return [_with_receipt(each, *rows[each.message_id]) for each in trials]


def _with_receipt(trial: Trial, state: str, failure: str | None) -> Trial:
    if trial.result.outcome is SendOutcome.FAILED or RANKS.get(state, 0) <= RANKS["accepted"]:
        return trial
    return replace(trial, receipt=state, receipt_failure=FailureKind(failure) if failure else None)


REMEDIES: Mapping[FailureKind, str] = {
    FailureKind.OPTED_OUT: "the number has asked for silence (STOP); try another, or send START from it",
    FailureKind.BLOCKED: "the network blocks it; ask the provider whether this sender may send to that country",
    FailureKind.BAD_ADDRESS: "the provider does not know that number; look at it, or try another",
    FailureKind.LANDLINE: "that is no mobile number; try another",
    FailureKind.UNREACHABLE: "the handset is off or away; try another, or later",
    FailureKind.FILTERED: "the provider takes it for spam; register the sender with the provider",
    FailureKind.TOO_LONG: "raise max_parts: not even a short message fits",
    FailureKind.REJECTED: "the provider refuses it; look at `from` and at the provider's console or log",
    FailureKind.EXPIRED: "it waited too long; look whether the handset and the provider's account are connected",
    FailureKind.CREDENTIALS: "look at the login, the secrets and what this account may do",
    FailureKind.NO_CREDIT: "top up the account or the SIM",
    FailureKind.SLOW_DOWN: "too much at once; lower rate, or try later",
    FailureKind.PROVIDER_DOWN: "it does not answer; look whether it runs, and at its address and the network",
    FailureKind.TIMEOUT: "no answer in time: it may or may not have been sent; look at the provider's log",
    FailureKind.UNCLEAR: "the provider gives no known reason; look at its console or log",
}
"""What to do after each failure."""
