"""The staff's register: who holds which post, and the invitations that tie Telegram accounts to it."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers
from phonenumbers import PhoneNumberFormat

from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level
from domain.texts.digits import to_ascii_digits
from handlers.context import Context
from storage import Tx
from storage.queries import areas, audit
from storage.queries.persons import contacts
from storage.queries.staffing import staff
from storage.queries.staffing.staff import StaffRecord
from storage.store import AlreadyThere

INVITATION_LASTS = timedelta(hours=48)
_CODE_BYTES = 16
_EVERY_CASE = 100_000
_NAMED_CASES = 3
_AREAS_OF = {
    Level.FACILITATOR: frozenset({"district", "commune", "village"}),
    Level.COMMUNE: frozenset({"commune"}),
    Level.DISTRICT: frozenset({"district"}),
    Level.PROVINCE: frozenset({"province"}),
}
"""The levels that have an area, and the kinds of area that each may have."""


class RegisterFault(Exception):
    """What is wrong with an act on the register, in words that name it."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an officer needs to tie a Telegram account to the register: once, until `expires_at`.

    `link` opens the bot with the code; where no bot's username is known it is the text to send to the bot.
    """

    link: str
    code: str
    expires_at: datetime


def add_staff(
    context: Context,
    *,
    name: str,
    level: Level,
    area_code: str | None,
    phone: str,
    language: Language,
    now: datetime,
) -> int:
    """Put somebody on a post, reachable by SMS at the registered number, and return the number of the member of staff.

    The post is made where there was none. Raises `RegisterFault`.
    """
    if not name.strip():
        raise RegisterFault("the name is empty")
    number = to_e164(phone, context.settings.country)
    if number is None:
        raise RegisterFault(f"the phone {masked_phone(phone)} is not a number of {context.settings.country}")
    with context.store.transaction() as tx:
        area_id = _area_for(tx, level, area_code)
        staff_id = _add(tx, name.strip(), number, language, now)
        staff.hold(tx, staff.post(tx, level, area_id), staff_id, now)
        contact = contacts.lock(tx, Channel.SMS, number, now=now)
        contacts.change(tx, contact.id, staff_id=staff_id, language=language.value)
        audit.add(
            tx, "staff.added", actor="staff", now=now, data={"staff": staff_id, "level": level.value, "area": area_code}
        )
        return staff_id


def invite(context: Context, staff_id: int, now: datetime) -> Invitation:
    """Make a one-time code for somebody's Telegram account; earlier ones that were not used end. Raises `RegisterFault`."""
    code = base64.urlsafe_b64encode(context.random.randbytes(_CODE_BYTES)).decode().rstrip("=")
    expires_at = now + INVITATION_LASTS
    with context.store.transaction() as tx:
        active(tx, staff_id)
        staff.invite(tx, staff_id, code=code, now=now, expires_at=expires_at)
        audit.add(tx, "staff.invited", actor="staff", now=now, data={"staff": staff_id})
    username = next(iter(context.bot_links.values()), None)
    link = f"https://t.me/{username.removeprefix('@')}?start={code}" if username else f"/start {code}"
    return Invitation(link, code, expires_at)


def everybody(context: Context) -> list[StaffRecord]:
    """Return all staff with the posts that each holds."""
    with context.store.reading() as tx:
        return staff.everybody(tx)


def to_e164(phone: str, country: str) -> str | None:
    """Return a phone number in E.164, or None where it is none; `country` reads numbers without a country code.

    Digits of every script count. A trailing `.0`, which spreadsheets leave, is no part of a number.
    """
    plain = to_ascii_digits(phone).strip().removesuffix(".0")
    if any(character.isalpha() for character in plain):
        return None
    try:
        number = phonenumbers.parse(plain, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def masked_phone(phone: str) -> str:
    """Return a number as it may be shown: its first three and last two characters, or the first alone of a short one."""
    plain = phone.strip()
    return f"{plain[:3]}…{plain[-2:]}" if len(plain) > 7 else f"{plain[:1]}…"


def _add(tx: Tx, name: str, phone: str, language: Language, now: datetime) -> int:
    known = staff.by_phone(tx, phone)
    if known is not None:
        raise RegisterFault(f"the phone {masked_phone(phone)} is that of number {known.id}")
    try:
        with tx.attempt():
            return staff.add(tx, name=name, language=language.value, phone=phone, now=now)
    except AlreadyThere as taken:
        raise RegisterFault(f"the phone {masked_phone(phone)} is another's") from taken


def _area_for(tx: Tx, level: Level, area_code: str | None) -> int | None:
    kinds = _AREAS_OF.get(level)
    if kinds is None:
        if area_code is not None:
            raise RegisterFault(f"the level {level} is for the whole project and has no area")
        return None
    if area_code is None:
        raise RegisterFault(f"the level {level} needs the code of an area")
    found = areas.by_code(tx, area_code)
    if found is None:
        raise RegisterFault(f"there is no area with the code {area_code}")
    if found.level not in kinds:
        raise RegisterFault(f"the level {level} needs a {_either(kinds)}, and {area_code} is a {found.level}")
    return found.id


def _either(kinds: Iterable[str]) -> str:
    return " or ".join(sorted(kinds))


def known(tx: Tx, staff_id: int) -> StaffRecord:
    """Return a member of staff. Raises `RegisterFault` where there is none of this number."""
    found = staff.by_id(tx, staff_id)
    if found is None:
        raise RegisterFault(f"there is nobody with the number {staff_id}")
    return found


def active(tx: Tx, staff_id: int) -> StaffRecord:
    """Return a member of staff who has not left. Raises `RegisterFault`."""
    found = known(tx, staff_id)
    if not found.active:
        raise RegisterFault(f"number {staff_id} is not active any more")
    return found
