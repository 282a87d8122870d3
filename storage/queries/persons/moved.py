"""What becomes of the conversations at a phone that a list gives to somebody else: none of them is hers who has it now."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, case, delete, exists, func, select, update

from domain.inbound import Channel
from storage.queries.casework import cases
from storage.queries.persons import questions
from storage.queries.sending import outbox
from storage.store import Tx
from storage.tables import Case, CaseContact, ContactPerson, ContactPoint, Message, OutboxItem
from storage.tables.base import table_of

_G, _CC, _K, _S, _O, _M = (
    table_of(each) for each in (Case, CaseContact, ContactPoint, ContactPerson, OutboxItem, Message)
)
_HERS = _K.alias("hers")
_SHARES = exists().where(_S.c.contact_point_id == _K.c.id, _S.c.person_id == _G.c.person_id)
_NOT_HERS = (_K.c.person_id.is_(None) | (_K.c.person_id != _G.c.person_id)) & ~_SHARES
_MOVE = update(_G).where(_G.c.id == bindparam("moved_id")).values(contact_point_id=bindparam("to"))


def follow(tx: Tx, *, phones: Sequence[int], people: Sequence[int]) -> list[int]:
    """Let cases be answered where their people are reached now, and return the cases for which that changed.

    `phones` are contact points that have just become somebody's; `people` had their phone replaced. Who has a phone now
    may ask about no case of its former holder, answers no question to her, and gets nothing that waited for her. A
    sensitive case goes to no number that a list gave: only to a contact point from which she herself wrote, else to none.
    """
    if not phones and not people:
        return []
    taken = set(phones)
    found = [row for row in _cases(tx, phones, people) if row.sensitive is None or row.contact_point_id in taken]
    to = _move(tx, found) if found else {}
    questions.take_along(tx, phones, to)
    if phones:
        _forget(tx, phones)
    _redirect(tx, _waiting(tx, phones, [row.id for row in found]))
    return [row.id for row in found]


def _cases(tx: Tx, phones: Sequence[int], people: Sequence[int]) -> Sequence[Any]:
    """Return the cases that are answered at a phone that is not their person's (indexes on phone and on person)."""
    query = select(_G.c.id, _G.c.person_id, _G.c.sensitive, _G.c.contact_point_id)
    query = query.join(_K, _K.c.id == _G.c.contact_point_id)
    which = _G.c.contact_point_id.in_(phones) | _G.c.person_id.in_(people)
    return tx.execute(query.where(which, _K.c.channel == Channel.SMS, _NOT_HERS)).all()


def _move(tx: Tx, found: Sequence[Any]) -> dict[int, int | None]:
    known, wrote = _reached_at(tx, {row.person_id for row in found})
    to = {row.id: (known if row.sensitive is None else wrote).get(row.person_id) for row in found}
    tx.execute(_MOVE, [{"moved_id": case_id, "to": contact_id} for case_id, contact_id in to.items()])
    for case_id, contact_id in to.items():
        if contact_id is not None:
            cases.add_contact(tx, case_id, contact_id)
    return to


def _reached_at(tx: Tx, people: set[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return each person's contact point, her phone before Telegram, and the one from which she wrote last."""
    rows = tx.execute(
        select(_K.c.id, _K.c.person_id, _K.c.channel, _K.c.last_inbound_at)
        .where(_K.c.person_id.in_(people))
        .order_by(_K.c.channel.desc(), _K.c.id.desc())
    ).all()
    heard = [row for row in rows if row.last_inbound_at is not None]
    heard.sort(key=lambda row: row.last_inbound_at)
    return {row.person_id: row.id for row in rows}, {row.person_id: row.id for row in heard}


def _forget(tx: Tx, phones: Sequence[int]) -> None:
    """Let nobody who has these phones ask about another's case."""
    others = select(_G.c.id).join(_K, _K.c.id == _CC.c.contact_point_id).where(_G.c.id == _CC.c.case_id, _NOT_HERS)
    tx.execute(delete(_CC).where(_CC.c.contact_point_id.in_(phones), others.correlate(_CC).exists()))


def _waiting(tx: Tx, phones: Sequence[int], case_ids: Sequence[int]) -> Sequence[Any]:
    """Return what waits for phones that are nobody's in the staff, or about cases whose person is elsewhere now.

    With each the contact point that it is for now: the case's, else a phone of the person's, else None.
    """
    hers = select(func.min(_HERS.c.id)).where(_HERS.c.person_id == _M.c.person_id, _HERS.c.channel == Channel.SMS)
    to = case((_M.c.case_id.is_not(None), _G.c.contact_point_id), else_=hers.scalar_subquery()).label("to")
    query = select(_O.c.id, _O.c.message_id, _O.c.contact_point_id, to)
    query = query.join(_M, _M.c.id == _O.c.message_id).join(_K, _K.c.id == _O.c.contact_point_id)
    query = query.outerjoin(_G, _G.c.id == _M.c.case_id)
    about = (_M.c.case_id.in_(case_ids)) & (_M.c.direction == "out")
    which = (_O.c.contact_point_id.in_(phones) | about) & _K.c.staff_id.is_(None)
    return tx.execute(query.where(which, _O.c.action == "send", _O.c.state.in_(("queued", "held")))).all()


def _redirect(tx: Tx, waiting: Sequence[Any]) -> None:
    """Send what waits for a former holder where she is reached now; what has no such place is taken back."""
    to: dict[int | None, list[Any]] = defaultdict(list)
    for row in waiting:
        if row.to != row.contact_point_id:
            to[row.to].append(row)
    outbox.withdraw_rows(tx, [row.id for row in to.pop(None, [])])
    for contact_id, rows in to.items():
        for table, ids in ((_O, [row.id for row in rows]), (_M, [row.message_id for row in rows])):
            tx.execute(update(table).where(table.c.id.in_(ids)).values(contact_point_id=contact_id))
