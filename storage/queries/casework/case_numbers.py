"""The short numbers by which officers call cases: each his own, one case a number for long."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from domain.lifecycle import Status
from storage.store import Tx
from storage.tables import Case, CaseNumber, Staff
from storage.tables.base import table_of

_T, _N, _S = table_of(Case), table_of(CaseNumber), table_of(Staff)
_HIGHEST_NUMBER, _NUMBER_RESTS = 99, timedelta(days=30)


def number_for(tx: Tx, staff_id: int, case_id: int) -> int:
    """Return the short number by which somebody calls a case, given where there was none: one that he never read before.

    The row of the member of staff is held meanwhile, so that two cases at once do not get one number. Above 99 the
    smallest number is given again whose case had been closed for a month when this one was written to.
    """
    mine = _N.c.staff_id == staff_id
    known = tx.execute(select(_N.c.number).where(mine, _N.c.case_id == case_id)).scalar()
    if known is not None:
        return int(known)
    tx.execute(select(_S.c.id).where(_S.c.id == staff_id).with_for_update(key_share=True))
    number = int(tx.execute(select(func.coalesce(func.max(_N.c.number), 0)).where(mine)).scalar_one()) + 1
    if number > _HIGHEST_NUMBER and (old := _number_at_rest(tx, staff_id, case_id)) is not None:
        tx.execute(update(_N).where(mine, _N.c.number == old).values(case_id=case_id))
        return old
    tx.execute(insert(_N).values(staff_id=staff_id, case_id=case_id, number=number))
    return number


def numbers_for(tx: Tx, staff_id: int, case_ids: Sequence[int]) -> dict[int, int]:
    """Return the short numbers by which somebody calls cases, given to those that have none: two queries for a whole list."""
    known = _known(tx, staff_id, case_ids)
    if len(known) == len(set(case_ids)):
        return known
    tx.execute(select(_S.c.id).where(_S.c.id == staff_id).with_for_update(key_share=True))
    known = _known(tx, staff_id, case_ids)
    missing = [case_id for case_id in dict.fromkeys(case_ids) if case_id not in known]
    highest = tx.execute(select(func.coalesce(func.max(_N.c.number), 0)).where(_N.c.staff_id == staff_id)).scalar_one()
    if int(highest) + len(missing) > _HIGHEST_NUMBER:
        return known | {case_id: number_for(tx, staff_id, case_id) for case_id in missing}
    given = {case_id: int(highest) + n for n, case_id in enumerate(missing, start=1)}
    if given:
        rows = [{"staff_id": staff_id, "case_id": case_id, "number": number} for case_id, number in given.items()]
        tx.execute(insert(_N), rows)
    return known | given


def _known(tx: Tx, staff_id: int, case_ids: Sequence[int]) -> dict[int, int]:
    query = select(_N.c.case_id, _N.c.number).where(_N.c.staff_id == staff_id, _N.c.case_id.in_(case_ids))
    return {row.case_id: row.number for row in tx.execute(query)}


def _number_at_rest(tx: Tx, staff_id: int, case_id: int) -> int | None:
    written_at = tx.execute(select(_T.c.last_inbound_at).where(_T.c.id == case_id)).scalar_one()
    query = (
        select(_N.c.number)
        .join(_T, _T.c.id == _N.c.case_id)
        .where(
            _N.c.staff_id == staff_id, _T.c.status == Status.CLOSED.value, _T.c.closed_at < written_at - _NUMBER_RESTS
        )
    )
    return tx.execute(query.order_by(_N.c.number).limit(1)).scalar()


def numbered(tx: Tx, staff_id: int, number: int) -> int | None:
    """Return the case that somebody calls by a short number, whatever its status, or None (unique index)."""
    query = select(_N.c.case_id).where(_N.c.staff_id == staff_id, _N.c.number == number)
    return tx.execute(query).scalar()
