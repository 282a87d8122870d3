"""Taking the personal data of somebody, or of one case, out of every table; what each column becomes stands in one register.

Rows stay where figures need them; the audit chain holds, since it covers digests of what is personal and not the values.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from sqlalchemy import delete, exists, insert, or_, select, update

from domain.lifecycle import Status
from storage.queries.console_lists import UNSORTED
from storage.store import Tx
from storage.tables import (
    Alert,
    Attachment,
    AuditEntry,
    Case,
    CaseContact,
    ConditionPerson,
    ContactPerson,
    ContactPoint,
    HarmForm,
    InboundItem,
    Joining,
    Message,
    OutboxItem,
    PendingAct,
    Person,
    Question,
    SecondLook,
)
from storage.tables.base import table_of

_AL, _F, _AU, _C, _CC = (table_of(each) for each in (Alert, Attachment, AuditEntry, Case, CaseContact))
_CP, _K, _H, _I, _J = (table_of(each) for each in (ContactPerson, ContactPoint, HarmForm, InboundItem, Joining))
_M, _O, _PA, _P, _Q = (table_of(each) for each in (Message, OutboxItem, PendingAct, Person, Question))
_S, _CO = table_of(SecondLook), table_of(ConditionPerson)

ASKED, DONE = "erase", "case_erased"
"""Kinds of alerts: somebody is to be erased (`key` is her number); what a case held was erased (`key` is the case's)."""
_EMPTIED_TO = "emptied_to"
"""The kind of the one alert whose `key` is the last message that was looked at because its time was over."""
_CALL_LIST = "officer_calls"
"""The wording of a list of numbers that an officer is to call."""

_STAFF = "is of staff, of the project or of places, and not of her"
_FIGURES = "is of the case and tells nobody's identity"
REGISTER: dict[str, str] = {
    "area.name_en": _STAFF,
    "area.name_km": _STAFF,
    "area.name_lo": _STAFF,
    "attachment.data": "emptied",
    "attachment.ref": "emptied",
    "attachment.transcript": "emptied",
    "audit_entry.data": _FIGURES,
    "audit_entry.personal": "emptied",
    "audit_entry.salt": "emptied",
    "batch.audience": _STAFF,
    "batch.counts": _STAFF,
    "batch.texts": _STAFF,
    "condition.labels": _STAFF,
    "condition.place": _STAFF,
    "contact_person.label": "the row goes",
    "contact_point.address": "emptied",
    "faq_entry.words": _STAFF,
    "grievance_case.call_hours": "emptied",
    "grievance_case.categories": _FIGURES,
    "grievance_case.ladder": _FIGURES,
    "harm_form.answers": "emptied where focal points say so",
    "import_mapping.columns": _STAFF,
    "inbound.payload": "emptied",
    "incident.texts": _STAFF,
    "learned_model.data": "holds weights of pieces of many texts",
    "learned_model.figures": _STAFF,
    "login.recovery": _STAFF,
    "login.totp_secret": _STAFF,
    "meeting.group_name": _STAFF,
    "meeting.place": _STAFF,
    "meeting.title": _STAFF,
    "meeting_series.group_name": _STAFF,
    "meeting_series.place": _STAFF,
    "meeting_series.title": _STAFF,
    "message.buttons": "emptied",
    "message.reading": "emptied",
    "message.sealed_text": "emptied",
    "message.text": "emptied",
    "payment_round.agent": _STAFF,
    "payment_round.place": _STAFF,
    "pending_act.payload": "emptied",
    "person.group_name": "emptied",
    "person.name": "emptied",
    "question.options": "emptied",
    "round_stop.agent": _STAFF,
    "round_stop.place": _STAFF,
    "second_look.words": "emptied",
    "service.hours": _STAFF,
    "service.names": _STAFF,
    "service.phone": _STAFF,
    "setting.body": _STAFF,
    "staff.name": _STAFF,
    "staff.other_names": _STAFF,
    "staff.phone": _STAFF,
    "undoable_act.before": _FIGURES,
    "undoable_act.message_ids": _FIGURES,
}
"""Every column that can hold words or files, and what erasure makes of it; a test finds one that is missing here."""


def cases_of(tx: Tx, person_id: int) -> list[tuple[int, bool, bool]]:
    """Return number, sensitive and open of the cases that somebody wrote (index on person and time)."""
    query = select(_C.c.id, _C.c.sensitive, _C.c.status).where(_C.c.person_id == person_id).order_by(_C.c.id)
    over = (Status.CLOSED.value, Status.RESOLVED.value)
    return [(row.id, row.sensitive is not None, row.status not in over) for row in tx.execute(query)]


def erase_case(tx: Tx, case_id: int, *, now: datetime) -> None:
    """Empty all that was said, sent, noted and asked in a case; category, area and times stay for the figures."""
    _empty_messages(tx, list(tx.execute(select(_M.c.id).where(_M.c.case_id == case_id)).scalars()))
    tx.execute(update(_AU).where(_AU.c.case_id == case_id).values(personal=None, salt=None))
    tx.execute(update(_PA).where(_PA.c.case_id == case_id).values(payload="{}"))
    tx.execute(update(_S).where(_S.c.case_id == case_id).values(words=""))
    tx.execute(update(_H).where(_H.c.case_id == case_id).values(answers="{}"))
    tx.execute(update(_Q).where(_Q.c.case_id == case_id).values(options=[], answer=None))
    tx.execute(update(_C).where(_C.c.id == case_id).values(call_hours=None, call_wanted_at=None))
    _erase_whom_it_is_about(tx, case_id, now)
    known = select(_AL.c.id).where(_AL.c.kind == DONE, _AL.c.key == str(case_id))
    if tx.execute(known).first() is None:
        tx.execute(insert(_AL).values(kind=DONE, key=str(case_id), case_id=case_id, at=now))


def erase_person(tx: Tx, person_id: int, *, now: datetime) -> None:
    """Empty what is kept of somebody beside her cases: name, lists, contact points, and what was said by them.

    A contact point that others use, or that is an officer's, stays with them. What she had to do by when goes, so that
    no list asks for her any more.
    """
    theirs = list(tx.execute(select(_K.c.id, _K.c.address_hash, _K.c.staff_id).where(_K.c.person_id == person_id)))
    tx.execute(delete(_CP).where(_CP.c.person_id == person_id))
    tx.execute(delete(_CO).where(_CO.c.person_id == person_id))
    tx.execute(delete(_AL).where(_AL.c.kind == ASKED, _AL.c.key == str(person_id)))
    for row in theirs:
        others = select(_CP.c.person_id).where(_CP.c.contact_point_id == row.id)
        other = tx.execute(others.order_by(_CP.c.last_used_at.desc()).limit(1)).scalar()
        if row.staff_id is not None or other is not None:
            tx.execute(update(_K).where(_K.c.id == row.id).values(person_id=other))
        else:
            _erase_contact(tx, row.id, row.address_hash, now)
    loose = select(_M.c.id).where(_M.c.person_id == person_id, _M.c.case_id.is_(None))
    _empty_messages(tx, list(tx.execute(loose).scalars()))
    emptied = dict.fromkeys(
        ("external_id", "name", "language", "script", "sex", "area_id", "programme", "group_name", "spoken_language")
    )
    values = {**emptied, "reads": None, "consent": False, "surveys": False, "money_reminders": False, "erased_at": now}
    tx.execute(update(_P).where(_P.c.id == person_id).values(**values))


def ask(tx: Tx, person_id: int, case_id: int | None, *, now: datetime) -> None:
    """Let somebody be erased as soon as her last message has left; a second time changes nothing."""
    known = select(_AL.c.id).where(_AL.c.kind == ASKED, _AL.c.key == str(person_id))
    if tx.execute(known).first() is None:
        tx.execute(insert(_AL).values(kind=ASKED, key=str(person_id), case_id=case_id, at=now))


def no_longer_asked(tx: Tx, person_id: int) -> None:
    """Let somebody not be erased any further for now."""
    tx.execute(delete(_AL).where(_AL.c.kind == ASKED, _AL.c.key == str(person_id)))


def whole_among(tx: Tx, case_ids: Sequence[int]) -> list[int]:
    """Return those of some cases that still hold what was said."""
    done = set(tx.execute(select(_AL.c.key).where(_AL.c.kind == DONE, _AL.c.key.in_(map(str, case_ids)))).scalars())
    return [each for each in case_ids if str(each) not in done]


def to_erase(tx: Tx, *, asked_before: datetime, given_up_before: datetime, limit: int) -> list[int]:
    """Return who is to be erased now: nothing waits to be sent to her any more, or it has waited too long."""
    hers = select(_K.c.id).where(_K.c.person_id == _P.c.id)
    waiting = exists().where(_O.c.contact_point_id.in_(hers))
    asked = select(_AL.c.key).where(_AL.c.kind == ASKED, _AL.c.at <= asked_before).order_by(_AL.c.id).limit(limit)
    late = set(tx.execute(asked.where(_AL.c.at <= given_up_before)).scalars())
    found = [int(key) for key in tx.execute(asked).scalars()]
    quiet = set(tx.execute(select(_P.c.id).where(_P.c.id.in_(found), ~waiting)).scalars())
    return [each for each in found if each in quiet or str(each) in late]


def out_of_time(tx: Tx, before: datetime, limit: int) -> list[tuple[int, int]]:
    """Return case and person of what was closed before then, is not sensitive, and still holds what was said.

    Along the index `ix_grievance_case_closed`; what was erased stands in `alert` (unique index on kind and key).
    """
    done = exists().where(_AL.c.kind == DONE, _AL.c.case_id == _C.c.id)
    query = select(_C.c.id, _C.c.person_id).where(
        _C.c.status == Status.CLOSED.value, _C.c.closed_at < before, _C.c.sensitive.is_(None), ~done
    )
    return [(row.id, row.person_id) for row in tx.execute(query.order_by(_C.c.closed_at).limit(limit))]


def is_still_known(tx: Tx, person_id: int, since: datetime) -> bool:
    """Tell whether somebody is on a list, was heard of since then, or has a case that still holds what was said."""
    row = tx.execute(select(_P.c.external_id, _P.c.erased_at).where(_P.c.id == person_id)).one()
    done = exists().where(_AL.c.kind == DONE, _AL.c.case_id == _C.c.id)
    whole = select(_C.c.id).where(or_(_C.c.person_id == person_id, _C.c.about_id == person_id), ~done)
    heard = select(_K.c.id).where(_K.c.person_id == person_id, _K.c.last_inbound_at >= since)
    shared = select(_CP.c.person_id).where(_CP.c.person_id == person_id, _CP.c.last_used_at >= since)
    listed = row.external_id is not None or row.erased_at is not None
    return listed or any(tx.execute(query.limit(1)).first() is not None for query in (whole, heard, shared))


def empty_old_words(tx: Tx, before: datetime, limit: int) -> tuple[int, set[int], set[int]]:
    """Empty what was said before then outside every case; return how many messages were looked at.

    Also whose they were: people, and contact points of nobody. Each message is looked at once, along the primary key,
    and the last one remembered.
    """
    columns = (_M.c.id, _M.c.at, _M.c.case_id, _M.c.batch_id, _M.c.staff_id, _M.c.person_id, _M.c.contact_point_id)
    remembered = tx.execute(select(_AL.c.key).where(_AL.c.kind == _EMPTIED_TO)).scalar()
    query = select(*columns).where(_M.c.id > int(remembered or 0)).order_by(_M.c.id).limit(limit)
    looked_at = list(takewhile(lambda row: row.at < before, tx.execute(query)))
    if not looked_at:
        return 0, set(), set()
    hers = [row for row in looked_at if row.case_id is None and row.staff_id is None]
    _empty_messages(tx, [row.id for row in hers if row.batch_id is None])
    # Who said that she comes is counted by broadcast.
    to_many = [row.id for row in hers if row.batch_id is not None]
    tx.execute(update(_M).where(_M.c.id.in_(to_many)).values(text=None, buttons=None, provider_id=None))
    _remember(tx, looked_at[-1].id, before, known=remembered is not None)
    people = {row.person_id for row in hers if row.person_id is not None}
    return len(looked_at), people, {row.contact_point_id for row in hers if row.contact_point_id is not None}


def erase_silent_contact(tx: Tx, contact_id: int, *, before: datetime, now: datetime) -> None:
    """Empty a contact point that belongs to nobody and was not heard of since then."""
    nobodys = (_K.c.person_id.is_(None), _K.c.staff_id.is_(None), _K.c.address_hash.not_like("erased:%"))
    silent = or_(_K.c.last_inbound_at.is_(None), _K.c.last_inbound_at < before)
    row = tx.execute(select(_K.c.address_hash).where(_K.c.id == contact_id, *nobodys, silent)).first()
    if row is not None:
        _erase_contact(tx, contact_id, row.address_hash, now)


def forget_call_lists(tx: Tx, before: datetime) -> None:
    """Empty the lists of numbers that officers were shown before then (index `ix_message_contact`)."""
    theirs = select(_K.c.id).where(_K.c.staff_id.is_not(None))
    shown = (_M.c.contact_point_id.in_(theirs), _M.c.key == _CALL_LIST, _M.c.sealed_text.is_not(None), _M.c.at < before)
    tx.execute(update(_M).where(*shown).values(text=None, sealed_text=None))


def _remember(tx: Tx, message_id: int, now: datetime, *, known: bool) -> None:
    if known:
        tx.execute(update(_AL).where(_AL.c.kind == _EMPTIED_TO).values(key=str(message_id), at=now))
    else:
        tx.execute(insert(_AL).values(kind=_EMPTIED_TO, key=str(message_id), case_id=None, at=now))


def _erase_whom_it_is_about(tx: Tx, case_id: int, now: datetime) -> None:
    """Empty the name of somebody who is known here by one case only, that another wrote for her."""
    other = _C.alias("other")
    about = select(_C.c.about_id).where(_C.c.id == case_id).scalar_subquery()
    elsewhere = exists().where(
        or_(other.c.person_id == _P.c.id, (other.c.about_id == _P.c.id) & (other.c.id != case_id))
    )
    reached = exists().where(_K.c.person_id == _P.c.id)
    only = (_P.c.id == about, _P.c.external_id.is_(None), ~elsewhere, ~reached)
    tx.execute(update(_P).where(*only).values(name=None, area_id=None, erased_at=now))


def _erase_contact(tx: Tx, contact_id: int, sender: str, now: datetime) -> None:
    _empty_messages(
        tx,
        list(tx.execute(select(_M.c.id).where(_M.c.contact_point_id == contact_id, _M.c.case_id.is_(None))).scalars()),
    )
    tx.execute(delete(_O).where(_O.c.contact_point_id == contact_id))
    tx.execute(delete(_J).where(or_(_J.c.asked_by == contact_id, _J.c.sent_to == contact_id)))
    tx.execute(update(_I).where(_I.c.sender == sender).values(payload=None, processed_at=now))
    tx.execute(update(_Q).where(_Q.c.contact_point_id == contact_id).values(options=[], answer=None, state="expired"))
    gone = {"address": "", "address_hash": f"erased:{contact_id}", "language": None, "operator": None, "gateway": None}
    tx.execute(update(_K).where(_K.c.id == contact_id).values(**gone, menu=None, stopped_at=now, blocked_at=now))


def _empty_messages(tx: Tx, ids: Sequence[int]) -> None:
    for first in range(0, len(ids), 500):
        some = ids[first : first + 500]
        emptied = {"text": None, "sealed_text": None, "reading": None, "buttons": None, "provider_id": None}
        tx.execute(update(_M).where(_M.c.id.in_(some)).values(**emptied))
        # Nobody has to read what is not there any more.
        tx.execute(update(_M).where(_M.c.id.in_(some), _M.c.kind == UNSORTED).values(kind="message"))
        gone = {"data": None, "transcript": None, "ref": "", "state": "erased"}
        tx.execute(update(_F).where(_F.c.message_id.in_(some)).values(**gone))
        tx.execute(delete(_O).where(_O.c.message_id.in_(some), _O.c.state == "queued"))
