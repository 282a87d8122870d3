"""What officers are told without asking: each working morning what lies with them, and by SMS what they have not seen.

Nothing in either may harm on a lock screen: counts, their own numbers and categories, no names, no words, nothing of
sensitive cases.
"""

from datetime import datetime, timedelta
from itertools import groupby

from domain.inbound import Channel
from domain.reading import Language
from domain.sending.segments import count_segments
from domain.settings import Level
from handlers.context import Context
from handlers.officers.commands import Command, without_slashes
from handlers.sending.voice import Voice
from storage import Tx
from storage.queries import alerts, console_lists
from storage.queries.casework import case_numbers
from storage.queries.persons import contacts
from storage.queries.staffing import digests, staff
from storage.queries.staffing.digests import Unseen
from storage.queries.staffing.staff import StaffRecord
from wording import say

_CHUNK = 200
_NAMED = 5
_KEPT, _MORNING = timedelta(days=7), timedelta(hours=2)
_GRACE, _LOOKED_BACK = timedelta(hours=1), timedelta(days=14)
_NOTICES = ("officer_new", "officer_escalated_to", "officer_covers", "officer_not_solved")
_SMS_SEGMENTS = 2


def send_digests(context: Context, now: datetime) -> int:
    """Tell every officer who is there, once each working morning, what lies with him; count those who were told."""
    calendar, settings = context.calendar, context.settings
    local = calendar.local(now)
    starts = calendar.at(local.date(), settings.digest_at)
    if not calendar.is_working_day(local.date()) or not starts <= now < starts + _MORNING:
        return 0
    day = local.date().isoformat()
    with context.store.reading() as tx:
        ids = digests.untold(tx, day, now, _CHUNK)
    told = 0
    for staff_id in ids:
        with context.store.transaction() as tx:
            if alerts.alert_once(tx, digests.KIND, f"{staff_id}:{day}", case_id=None, now=now):
                told += _morning(context, tx, staff_id, now)
    if ids:
        with context.store.transaction() as tx:
            digests.forget(tx, now - _KEPT)
    return told


def _morning(context: Context, tx: Tx, staff_id: int, now: datetime) -> int:
    record = staff.by_id(tx, staff_id)
    if record is None or not record.active:
        return 0
    back = record.absent_until is not None
    if back:
        staff.change(tx, staff_id, absent_until=None)
    voice = Voice(context, tx, now)
    contact = voice.staff_contact(staff_id)
    if contact is None or not record.posts:
        return 0
    lines = [say("officer_present", voice.staff_language(contact))] if back else []
    lines += _lines(voice, record, voice.staff_language(contact))
    if not lines:
        return 0
    words = "\n".join(lines)
    if contact.channel is Channel.SMS:
        words = without_slashes(words, voice.staff_language(contact))
    return voice.send(contact, words, key="officer_digest", kind="notice", staff_id=staff_id) is not None


def _lines(voice: Voice, record: StaffRecord, language: Language) -> list[str]:
    calendar = voice.context.calendar
    ends = calendar.at(calendar.local_day(voice.now), voice.context.settings.day_ends)
    found = digests.morning(voice.tx, record.posts, now=voice.now, day_ends=ends)
    unsorted = console_lists.count_unsorted(voice.tx) if Level.DESK in record.levels else 0
    to_read = [say("officer_digest_unsorted", language, count=unsorted)] if unsorted else []
    if not (found.new or found.today or found.overdue):
        return to_read
    urgent = digests.most_urgent(voice.tx, record.posts, _NAMED)
    numbers = case_numbers.numbers_for(voice.tx, record.id, urgent)
    listed = f"/{Command.CASES}"
    named = " ".join(f"[{numbers[case_id]}]" for case_id in urgent)
    return [
        say("officer_digest", language, new=found.new, today=found.today, overdue=found.overdue),
        say("officer_digest_numbers", language, numbers=named, list=listed),
        *to_read,
    ]


def tell_offline(context: Context, now: datetime) -> int:
    """Tell by SMS, as number and category, of cases whose notice by Telegram nobody has seen; count the SMS."""
    days = context.settings.officer_offline_days
    with context.store.reading() as tx:
        found = digests.unseen(
            tx,
            _NOTICES,
            silent_since=now - timedelta(days=days),
            told_before=now - _GRACE,
            told_after=now - _LOOKED_BACK,
            limit=_CHUNK,
        )
    sent = 0
    for staff_id, cases in groupby(found, key=lambda each: each.staff_id):
        with context.store.transaction() as tx:
            sent += _by_sms(context, tx, staff_id, list(cases), now)
    return sent


def _by_sms(context: Context, tx: Tx, staff_id: int, found: list[Unseen], now: datetime) -> int:
    """Send one SMS with as many cases as fit, and how many more there are."""
    voice = Voice(context, tx, now)
    reachable = [each for each in contacts.of_staff(tx, staff_id) if each.channel is Channel.SMS]
    contact = next((each for each in reachable if each.stopped_at is None), None)
    fresh = [each for each in found if _first_time(tx, each, now)] if contact is not None else []
    if contact is None or not fresh:
        return 0
    language = voice.staff_language(contact)
    numbers = case_numbers.numbers_for(tx, staff_id, [each.case_id for each in fresh])
    names = [say(f"category_{each.category or 'none'}", language) for each in fresh]
    rows = [f"[{numbers[each.case_id]}] {name}" for each, name in zip(fresh, names, strict=True)]
    shown = len(rows)
    while shown > 1 and count_segments(_waiting(rows, shown, language)).segments > _SMS_SEGMENTS:
        shown -= 1
    words = _waiting(rows, shown, language)
    due = context.calendar.after_quiet_hours(now)
    return voice.send(contact, words, key="officer_waiting", kind="notice", due_at=due, staff_id=staff_id) is not None


def _first_time(tx: Tx, each: Unseen, now: datetime) -> bool:
    return alerts.alert_once(tx, digests.WAITING, f"{each.staff_id}:{each.case_id}", case_id=each.case_id, now=now)


def _waiting(rows: list[str], shown: int, language: str) -> str:
    named = "; ".join(rows[:shown])
    if shown < len(rows):
        named = f"{named}; {say('officer_list_more', language, count=len(rows) - shown)}"
    return say("officer_waiting", language, rows=named)
