"""Keeping what an officer began until he confirms it: with the case it is about, and for how long."""

import json
from datetime import timedelta

from handlers.officers.commands import Given
from handlers.officers.duty import Duty
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import pending


def keep(
    duty: Duty, given: Given, case: CaseRecord | None, state: str, lasts: timedelta, *, code: str | None = None
) -> int:
    """Keep a command as a `draft`, a `prompt` or what waits for its `code`, and return its number."""
    hashed = duty.tx.keys.fingerprint("code", str(duty.contact.id), code) if code else None
    return pending.add(
        duty.tx,
        contact_point_id=duty.contact.id,
        staff_id=duty.staff.id,
        case_id=case.id if case else None,
        command=given.command.value,
        payload=json.dumps({"words": given.words}),
        state=state,
        code_hash=hashed,
        created_at=duty.now,
        expires_at=duty.now + lasts,
    )
