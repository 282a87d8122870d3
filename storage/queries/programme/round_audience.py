"""What narrows an audience that is about a round or a condition: part, sample, who was not asked yet, who has not met it."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, exists, or_, select

from storage.queries.programme.round_parts import goes_by
from storage.tables import BatchPerson, ConditionPerson, Message, Person, RoundRecipient
from storage.tables.base import table_of

_P, _RR, _M, _CP, _BP = (table_of(each) for each in (Person, RoundRecipient, Message, ConditionPerson, BatchPerson))
_STEP, _OF = 7919, 1000
"""A step without a common divisor with a thousand: neighbouring numbers fall evenly into the thousand parts."""


def number_of(audience: dict[str, Any]) -> ColumnElement[int]:
    """Return the column with the person's number by whose index an audience is read in order."""
    if "frozen" in audience:
        return _BP.c.person_id
    return _RR.c.person_id if "round" in audience else _P.c.id


def for_rounds(query: Select[Any], audience: dict[str, Any]) -> Select[Any]:
    """Narrow a query of people by what an audience says of a round or a condition.

    `stops_of`, `stop`, `stop_path` name a part of a round; `unpaid` leaves out who said she was paid; `sample` takes so
    many of a thousand, the same of a round each time; `unasked` leaves out who has a message of that batch;
    `condition` keeps who has still to meet it; `frozen` keeps whom that batch was written down for.
    """
    if "stops_of" in audience:
        query = query.where(*goes_by(audience["stops_of"], audience["stop"], audience["stop_path"]))
    if audience.get("unpaid") and "round" in audience:
        query = query.where(or_(_RR.c.answer.is_(None), _RR.c.answer == "missing"))
    if "sample" in audience:
        lot = (cast(_P.c.id, BigInteger) * _STEP + audience.get("round", 0)) % _OF
        query = query.where(lot < audience["sample"])
    if "unasked" in audience:
        asked = exists().where(_M.c.batch_id == audience["unasked"], _M.c.person_id == _P.c.id)
        query = query.where(~asked)
    if "frozen" in audience:
        query = query.join(_BP, _BP.c.person_id == _P.c.id).where(_BP.c.batch_id == audience["frozen"])
    if "condition" in audience:
        open_for = select(_CP.c.person_id).where(
            _CP.c.condition_id == audience["condition"], _CP.c.met_at.is_(None), _CP.c.person_id == _P.c.id
        )
        query = query.where(open_for.exists())
    return query
