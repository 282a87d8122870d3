"""The printed slip: what somebody without a phone takes home, the same to the letter for every case, with no words of hers."""

from dataclasses import dataclass
from datetime import datetime

from domain.reading import Language
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Casework
from handlers.console.signing_in import Signed
from handlers.context import Context
from storage.queries import console_lists
from storage.queries.casework import caseload


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on a slip, and in which language."""

    reference: str
    received_at: datetime
    answer_by: datetime
    language: Language


def slip(context: Context, signed: Signed, reference: str, now: datetime) -> Slip | None:
    """Return the slip of a case that the person may see, and note that it was printed; else None."""
    with context.store.transaction() as tx:
        case = caseload.find_visible(tx, signed.staff.posts, reference=reference)
        if case is None:
            return None
        Casework(context, tx, now).note(case, "case.slip_printed", Actor("officer", signed.staff.id, "console"))
        spoken = console_lists.callees(tx, {case.id})[case.id].language
        language = Language(spoken) if spoken else context.settings.default_language
        return Slip(case.reference, case.received_at, case.answer_by, language)
