"""When somebody of the staff goes, loses a phone, is away, or gets another number: one step each, audited, nothing left lying."""

from collections.abc import Iterable
from datetime import date, datetime

from domain.inbound import Channel
from domain.settings import Level
from handlers.cases.caseacts import Actor
from handlers.cases.casework import Casework
from handlers.context import Context
from handlers.places import short_place
from handlers.sending.voice import Voice
from handlers.staffing import posts
from handlers.staffing.register import RegisterFault, active, known, masked_phone, to_e164
from storage import Tx
from storage.queries import audit
from storage.queries.casework import ownership
from storage.queries.persons import contacts
from storage.queries.sending import outbox
from storage.queries.staffing import logins, pending, staff
from storage.queries.staffing.staff import PostHeld
from storage.store import AlreadyThere
from wording import say

_STAFF = Actor("staff")
_MADE_OF_ONE_LINE = 80


def handover(context: Context, from_id: int, to_id: int, now: datetime) -> int:
    """Move all posts from one person to another, in one transaction, and return how many open cases were taken over.

    The cases stay with the posts; what the one had taken is the other's from now on. Where the other is away, what
    nobody can take goes on. Raises `RegisterFault`.
    """
    if from_id == to_id:
        raise RegisterFault("nobody can hand over to themselves")
    with context.store.transaction() as tx:
        leaving, coming = known(tx, from_id), active(tx, to_id)
        if not leaving.posts:
            raise RegisterFault(f"number {from_id} holds no post")
        taken = [case for case in ownership.open_with(tx, from_id, ()) if case.taken_by == from_id]
        staff.leave_posts(tx, from_id, now)
        held = {post.post_id for post in coming.posts}
        for post in leaving.posts:
            if post.post_id not in held:
                staff.hold(tx, post.post_id, to_id, now)
        ownership.hand_on(tx, from_id, to_id)
        handed = [post.post_id for post in leaving.posts]
        data = {"from": from_id, "to": to_id, "posts": handed, "cases": len(taken)}
        audit.add(tx, "staff.handed_over", actor="staff", now=now, data=data)
        receiver = known(tx, to_id)
        if receiver.absent_until is not None and receiver.absent_until > now:
            posts.cover(Casework(context, tx, now), receiver, _STAFF, why="handed over")
        return len(taken)


def deactivate(context: Context, staff_id: int, now: datetime) -> int:
    """End somebody's posts and accounts, and return how many open cases went to others at once.

    The desk is told of each post that is vacant now. The registered number is free for a successor. Raises
    `RegisterFault`.
    """
    with context.store.transaction() as tx:
        leaving, work = active(tx, staff_id), Casework(context, tx, now)
        if Level.DESK in leaving.levels and staff.of_level(tx, Level.DESK, now) == [staff_id]:
            raise RegisterFault(_last_words(staff_id, Level.DESK))
        staff.leave_posts(tx, staff_id, now)
        staff.change(tx, staff_id, active=False, phone=None, phone_hash=None)
        cut_off(tx, staff_id, now)
        audit.add(tx, "staff.deactivated", actor="staff", now=now, data={"staff": staff_id})
        moved = posts.cover(work, leaving, _STAFF, why="deactivated")
        ownership.release_taken(tx, staff_id)
        filled = ownership.present(tx, [post.post_id for post in leaving.posts], now)
        told = {case.area_path for case in moved if case.post_id not in filled}
        for post in leaving.posts:
            if not filled[post.post_id] and not any((path or "").startswith(post.area_path) for path in told):
                _tell_vacant(Voice(context, tx, now), post)
        return len(moved)


def lost_phone(context: Context, staff_id: int, now: datetime) -> int:
    """Cut somebody's accounts at once; posts and cases stay. Return how many notices were still withdrawn.

    Sessions, invitations and what waited for a code end too. Raises `RegisterFault`.
    """
    with context.store.transaction() as tx:
        active(tx, staff_id)
        withdrawn = cut_off(tx, staff_id, now)
        data = {"staff": staff_id, "withdrawn": withdrawn}
        audit.add(tx, "staff.phone_lost", actor="staff", now=now, data=data)
        return withdrawn


def new_phone(context: Context, staff_id: int, phone: str, now: datetime) -> None:
    """Register another number for somebody, by which SMS reach him from now on; the old one is cut. Raises `RegisterFault`.

    The same number again brings it back after a lost phone. A Telegram account that is tied to the register stays.
    """
    number = to_e164(phone, context.settings.country)
    if number is None:
        raise RegisterFault(f"the phone {masked_phone(phone)} is not a number of {context.settings.country}")
    with context.store.transaction() as tx:
        record = active(tx, staff_id)
        other = staff.by_phone(tx, number)
        if other is not None and other.id != staff_id:
            raise RegisterFault(f"the phone {masked_phone(phone)} is that of number {other.id}")
        old = [each for each in contacts.of_staff(tx, staff_id) if each.channel is Channel.SMS]
        for each in old:
            _cut(tx, each.id, staff_id)
        contact = contacts.lock(tx, Channel.SMS, number, now=now)
        if contact.staff_id not in (None, staff_id):
            raise RegisterFault(f"the phone {masked_phone(phone)} is that of number {contact.staff_id}")
        try:
            with tx.attempt():
                hashed = tx.keys.fingerprint("staff", number)
                staff.change(tx, staff_id, phone=number, phone_hash=hashed)
        except AlreadyThere as taken:
            raise RegisterFault(f"the phone {masked_phone(phone)} is another's") from taken
        contacts.change(tx, contact.id, staff_id=staff_id, language=record.language, stopped_at=None)
        voice = Voice(context, tx, now)
        voice.send(
            contacts.by_id(tx, contact.id),
            say("officer_phone_set", record.language),
            key="officer_phone_set",
            kind="notice",
            staff_id=staff_id,
        )
        audit.add(tx, "staff.phone_changed", actor="staff", now=now, data={"staff": staff_id})


def absent(context: Context, staff_id: int, until: date | None, now: datetime) -> int:
    """Let somebody be away up to and with a day (None: there again), and return how many cases went on.

    Raises `RegisterFault`.
    """
    with context.store.transaction() as tx:
        record, work = active(tx, staff_id), Casework(context, tx, now)
        if until is None:
            posts.end_absence(work, record, _STAFF)
            return 0
        if until < context.calendar.local_day(now):
            raise RegisterFault(f"{until.isoformat()} is over")
        try:
            return len(posts.set_absent(work, record, until, _STAFF))
        except posts.LastOne as last:
            raise RegisterFault(_last_words(staff_id, last.level)) from last


def other_names(
    context: Context, staff_id: int, names: Iterable[str], now: datetime, *, remove: bool = False
) -> list[str]:
    """Add further ways to write somebody's name, or take some out, and return all that are kept. Raises `RegisterFault`.

    A complaint that names him in one of them is kept from him.
    """
    given = [" ".join(name.split()) for name in names]
    if not all(0 < len(name) <= _MADE_OF_ONE_LINE for name in given):
        raise RegisterFault(f"a name is a line of 1 to {_MADE_OF_ONE_LINE} letters")
    with context.store.transaction() as tx:
        active(tx, staff_id)
        before = staff.other_names(tx, staff_id)
        kept = [name for name in before if name not in given] if remove else list(dict.fromkeys([*before, *given]))
        if kept != before:
            staff.change(tx, staff_id, other_names="\n".join(kept) or None)
            data = {"staff": staff_id, "names": len(kept)}
            audit.add(tx, "staff.named", actor="staff", now=now, data=data, personal="\n".join(kept))
        return kept


def cut_off(tx: Tx, staff_id: int, now: datetime) -> int:
    """Part somebody from every account and session at once, and return how many notices were still withdrawn."""
    withdrawn = [each for each in ownership.queued_notices(tx, staff_id) if outbox.withdraw(tx, each)]
    for contact in contacts.of_staff(tx, staff_id):
        _cut(tx, contact.id, staff_id)
    ownership.end_invitations(tx, staff_id, now)
    logins.end_all(tx, staff_id)
    return len(withdrawn)


def _cut(tx: Tx, contact_id: int, staff_id: int) -> None:
    for message_id in ownership.queued_notices(tx, staff_id, contact_id=contact_id):
        outbox.withdraw(tx, message_id)
    contacts.change(tx, contact_id, staff_id=None)
    for state in ("code", "draft", "prompt"):
        pending.drop(tx, contact_id, state=state)


def _last_words(staff_id: int, level: Level) -> str:
    who = "at the desk" if level is Level.DESK else "of the focal points"
    return f"number {staff_id} is the last one {who} who is there; first add or call back another"


def _tell_vacant(voice: Voice, post: PostHeld) -> None:
    """Tell the desk that a post is vacant where no case lay."""
    audit.add(
        voice.tx, "post.vacant", actor="machine", now=voice.now, data={"post": post.post_id, "level": post.level.value}
    )
    for desk_id in staff.of_level(voice.tx, Level.DESK, voice.now):
        contact = voice.staff_contact(desk_id)
        if contact is None:
            continue
        language = voice.staff_language(contact)
        place = short_place(voice.tx, post.area_id, language) if post.area_id else voice.context.settings.name
        level = say(f"level_{post.level}", language)
        voice.tell_staff(desk_id, "desk_vacant_free", place=place, level=level)
