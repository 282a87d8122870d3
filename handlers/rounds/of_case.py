"""Which payment a case is about, for whoever works on it: round, day, place and agent as its person knew them, and the sum."""

from domain.reading import Language
from handlers.information import round_label
from handlers.programme.schedule import short_day
from storage import Tx
from storage.queries.casework.cases import CaseRecord
from storage.queries.programme import round_lists, round_parts, rounds
from wording import say


def worded(tx: Tx, case: CaseRecord, language: Language) -> str | None:
    """Return the payment that a case is about, in one line; None where it is about none, or the case is sensitive.

    Sums stand in it only where she let her name be shown: few get just as much.
    """
    if case.round_id is None or case.sensitive is not None:
        return None
    part = round_parts.nearest(tx, rounds.round_by_id(tx, case.round_id), case.area_path or "")
    found = part.round
    words = {"round": round_label(found, language), "day": short_day(found.day), "place": found.place}
    got = None if case.anonymous else round_lists.got(tx, case.round_id, case.person_id)
    said = None
    if got is not None and got.told is not None:
        said = say("officer_case_got", language, told=f"{got.told:,}", due=f"{got.due:,}" if got.due else "?")
    return " · ".join(filter(None, (say("officer_case_round", language, **words), found.agent, said)))
