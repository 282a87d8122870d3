"""The sweeps: each finds the rows that are due and does what is due to them; it may be repeated, and run anywhere."""

from collections.abc import Callable, Mapping
from datetime import datetime

from handlers import erasing
from handlers.broadcasts.reports import draft_reports
from handlers.context import Context
from handlers.incoming.processing import process_due
from handlers.sweeps import (
    afterwards,
    batches,
    cases,
    digests,
    gateways,
    housekeeping,
    incidents,
    late_rounds,
    safeguarding,
    series,
    surveys,
    warnings,
)

Sweep = Callable[[Context, datetime], int]

SWEEPS: Mapping[str, tuple[Sweep, float]] = {
    "inbound": (process_due, 2.0),
    "seal": (housekeeping.seal_audit, 2.0),
    "recover": (housekeeping.recover_claims, 15.0),
    "vacancies": (warnings.report_vacancies, 300.0),
    "escalate": (cases.escalate_overdue, 30.0),
    "close": (cases.close_silent, 60.0),
    "resume": (cases.resume_unanswered, 60.0),
    "unplaced": (cases.report_unplaced, 300.0),
    "focal_calls": (safeguarding.call_focal_points, 60.0),
    "harm_clocks": (safeguarding.watch_clocks, 60.0),
    "warn": (warnings.warn, 300.0),
    "not_taken": (warnings.remind_to_take, 900.0),
    "grades": (afterwards.ask_for_grades, 300.0),
    "trouble": (afterwards.ask_for_trouble, 600.0),
    "incidents": (incidents.watch, 60.0),
    "incident_answers": (incidents.send_answers, 2.0),
    "reminders": (batches.make_reminders, 60.0),
    "surveys": (surveys.make_surveys, 60.0),
    "surveys_later": (surveys.ask_later, 600.0),
    "far_off": (surveys.watch_villages, 600.0),
    "late_rounds": (late_rounds.alert_staff, 300.0),
    "series": (series.make_meetings, 3600.0),
    "late_people": (late_rounds.tell_people, 300.0),
    "report_back": (draft_reports, 600.0),
    "lay_out": (batches.lay_out_all, 2.0),
    "gateways": (gateways.watch_gateways, 5.0),
    "failed": (gateways.tell_failures, 600.0),
    "digests": (digests.send_digests, 60.0),
    "offline": (digests.tell_offline, 600.0),
    "undoable": (housekeeping.forget_acts, 3600.0),
    "erase": (erasing.erase_asked, 60.0),
    "keeping": (erasing.erase_out_of_time, 3600.0),
    "forget": (housekeeping.forget_provider_ids, 3600.0),
}
"""Each sweep with the seconds between two of its runs."""
