"""When a send or a failed processing is tried again, and when it is given up."""

from datetime import datetime, timedelta

SEND_STEPS = tuple(timedelta(seconds=s) for s in (5, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600))
"""Waits between attempts to send one message: a day in all."""

UNSENT_STEPS = tuple(timedelta(minutes=m) for m in (2, 10, 60, 3 * 60, 6 * 60, 12 * 60))
"""Waits before a message is handed over once more which the provider took and then did not send: most of a day in all."""

_UNSENT_WHERE_OTHERS_ARE_SENT = 3

LONGEST_ASKED = timedelta(days=1)
"""However long a provider asks us to wait, a message is tried again after this time."""

UNKNOWN_WAIT = timedelta(minutes=2)
"""How long a message whose fate is unknown waits for a receipt before it is repeated, once."""

CLAIM_LEASE = timedelta(minutes=2)
"""After this time a claim whose worker did not report is taken for one that crashed in flight."""

PROCESSING_STEPS = tuple(timedelta(seconds=s) for s in (5, 30))
"""Waits between attempts to process what came in; after the last a person is told."""


def next_send(now: datetime, attempts: int, retry_after: float | None = None) -> datetime | None:
    """Return when a message is tried again after so many attempts, or None where it is given up."""
    if attempts > len(SEND_STEPS):
        return None
    asked = timedelta(seconds=min(retry_after or 0.0, LONGEST_ASKED.total_seconds()))
    return now + max(SEND_STEPS[attempts - 1], asked)


def next_after_unsent(now: datetime, again: int, *, others_are_sent: bool) -> datetime | None:
    """Return when a message that was taken and not sent is handed over once more, or None where it is given up.

    `again` is how often it was so already. Where the gateway sends what others are told, it may lie with the number.
    """
    steps = UNSENT_STEPS[:_UNSENT_WHERE_OTHERS_ARE_SENT] if others_are_sent else UNSENT_STEPS
    return now + steps[again] if again < len(steps) else None


def next_processing(now: datetime, attempts: int) -> datetime | None:
    """Return when a message that could not be processed is tried again, or None after the third failure."""
    return None if attempts > len(PROCESSING_STEPS) else now + PROCESSING_STEPS[attempts - 1]
