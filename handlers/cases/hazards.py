"""Danger to a life in an ordinary case: whoever has it and the desk hear of it at once, at night too.

That waits for no office hours, and an answer to such a case for no morning.
"""

from domain.settings import Level
from handlers.cases.caseacts import HAZARD, MACHINE, CaseActs
from storage.queries import alerts
from storage.queries.casework.cases import CaseRecord
from storage.queries.staffing import staff
from understanding.hazards import says_hazard

_HOURLY = "hazard_hour"


def speaks_of_it(case: CaseRecord, text: str) -> bool:
    """Tell whether words of an ordinary case speak of danger to a life; sensitive ones go a way of their own."""
    return case.sensitive is None and says_hazard(text)


def heed(acts: CaseActs, case: CaseRecord, text: str) -> None:
    """Call whoever has a case, and the desk, where her words speak of danger to a life; once an hour for a case."""
    if not speaks_of_it(case, text):
        return
    alerts.alert_once(acts.tx, HAZARD, str(case.id), case_id=case.id, now=acts.now)
    if not alerts.alert_once(acts.tx, _HOURLY, f"{case.id}:{acts.now:%Y%m%d%H}", case_id=case.id, now=acts.now):
        return
    emergency = acts.context.settings.emergency_number
    told = set(acts.officers_of(case)) | set(staff.of_level(acts.tx, Level.DESK, acts.now, case_id=case.id))
    reached = sum(
        acts.voice.tell_staff(each, "officer_life_danger", case=case, actions=("read", "take"), emergency=emergency)
        for each in sorted(told)
    )
    acts.note(case, "case.danger", MACHINE, reached=reached)
