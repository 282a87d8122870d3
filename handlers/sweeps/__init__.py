"""The sweeps: each finds the rows that are due and does what is due to them; it may be repeated, and run anywhere."""

from collections.abc import Callable, Mapping
from datetime import datetime

from handlers.context import Context
from handlers.processing import process_due
from handlers.sweeps import batches, cases, housekeeping

Sweep = Callable[[Context, datetime], int]

SWEEPS: Mapping[str, tuple[Sweep, float]] = {
    "inbound": (process_due, 2.0),
    "seal": (housekeeping.seal_audit, 2.0),
    "recover": (housekeeping.recover_claims, 15.0),
    "escalate": (cases.escalate_overdue, 30.0),
    "close": (cases.close_silent, 60.0),
    "resume": (cases.resume_unanswered, 60.0),
    "unplaced": (cases.report_unplaced, 300.0),
    "reminders": (batches.make_reminders, 60.0),
    "surveys": (batches.make_surveys, 60.0),
    "lay_out": (batches.lay_out_all, 2.0),
    "forget": (housekeeping.forget_provider_ids, 3600.0),
}
"""Each sweep with the seconds between two of its runs."""
