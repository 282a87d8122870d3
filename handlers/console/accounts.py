"""Ways into the console: inviting somebody, setting the password, setting up one-time codes, and starting anew."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.console import credentials
from handlers.console.signing_in import Signed, may_sign_in, whole_session
from handlers.context import Context
from storage.queries import audit
from storage.queries.staffing import logins, staff
from storage.store import AlreadyThere

LINK_LASTS = timedelta(hours=48)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


class AccountFault(Exception):
    """What is wrong with an act on somebody's way in, in words that name it."""


@dataclass(frozen=True, slots=True)
class Link:
    """What somebody needs to set a password: once, until `expires_at`. `token` is the last part of the page's address."""

    username: str
    token: str
    expires_at: datetime


def invite(context: Context, staff_id: int, *, username: str | None, now: datetime, again: bool = False) -> Link:
    """Make a link with which somebody sets a password; password, one-time codes and sessions of before end with it.

    `again` says that a way in must be there already (a forgotten password, a lost phone). Raises `AccountFault`.
    """
    token, expires_at = credentials.new_token(), now + LINK_LASTS
    with context.store.transaction() as tx:
        record, login = staff.by_id(tx, staff_id), logins.of_staff(tx, staff_id, locked=True)
        if record is None or not may_sign_in(record):
            raise AccountFault(f"number {staff_id} is nobody active with a post at the desk, focal, staff or admin")
        if login is None and again:
            raise AccountFault(f"number {staff_id} was never invited; run `samleng console invite {staff_id}`")
        levels = (post.level.value for post in record.posts)
        name = login.username if login else (username or f"{next(levels)}{staff_id}").strip().lower()
        if not _USERNAME.fullmatch(name):
            raise AccountFault("a user name has 3 to 40 of a-z, 0-9, dot, hyphen and underscore")
        try:
            logins.invite(tx, staff_id, name, token=token, now=now, expires_at=expires_at)
        except AlreadyThere as taken:
            raise AccountFault(f"the user name {name} is another's") from taken
        logins.end_all(tx, staff_id)
        audit.add(tx, "console.reset" if login else "console.invited", actor="staff", now=now, data={"staff": staff_id})
    return Link(name, token, expires_at)


def username_of(context: Context, token: str, now: datetime) -> str | None:
    """Return the user name of a link that still works, or None."""
    with context.store.reading() as tx:
        login = logins.invited(tx, token, now)
    return login.username if login else None


def set_password(context: Context, token: str, password: str, now: datetime) -> bool:
    """Set the password of a link, once; False where the link does not work. Raises `AccountFault` for a weak password."""
    username = username_of(context, token, now)
    if username is None:
        return False
    _check(password, username)
    hashed = credentials.hash_password(password)
    with context.store.transaction() as tx:
        login = logins.invited(tx, token, now)
        if login is None:
            return False
        logins.set_password(tx, login.staff_id, hashed, now)
        audit.add(tx, "console.password_set", actor="staff", actor_id=login.staff_id, now=now)
    return True


def change_password(context: Context, signed: Signed, old: str, new: str, now: datetime) -> bool:
    """Change one's own password; every session ends. False where the old one is wrong; raises `AccountFault`."""
    with context.store.reading() as tx:
        login = logins.of_staff(tx, signed.staff.id)
    if login is None or not credentials.is_password(login.password_hash, old):
        return False
    _check(new, login.username)
    hashed = credentials.hash_password(new)
    with context.store.transaction() as tx:
        logins.set_password(tx, signed.staff.id, hashed, now)
        audit.add(tx, "console.password_set", actor="staff", actor_id=signed.staff.id, now=now)
    return True


def setup_secret(context: Context, signed: Signed) -> tuple[str, str] | None:
    """Return the secret of one-time codes still to be set up, and what the QR code says; None where they are set up."""
    with context.store.transaction() as tx:
        login = logins.of_staff(tx, signed.staff.id, locked=True)
        if login is None or login.confirmed_at is not None:
            return None
        secret = login.totp_secret or credentials.new_secret()
        if login.totp_secret is None:
            logins.set_secret(tx, signed.staff.id, secret)
    return secret, credentials.setup_uri(secret, login.username, context.settings.name)


def confirm_setup(context: Context, signed: Signed, code: str, now: datetime) -> tuple[str, list[str]] | None:
    """Take the first one-time code: return the token of the whole session and the codes for a lost phone, shown once."""
    with context.store.transaction() as tx:
        login = logins.of_staff(tx, signed.staff.id, locked=True)
        if login is None or login.confirmed_at is not None or login.totp_secret is None:
            return None
        step = credentials.step_of(login.totp_secret, code, now)
        if step is None or not logins.use_step(tx, signed.staff.id, step):
            return None
        codes = credentials.new_recovery_codes()
        logins.confirm_secret(tx, signed.staff.id, codes=codes, now=now)
        audit.add(tx, "console.second_factor_set", actor="staff", actor_id=signed.staff.id, now=now)
        return whole_session(tx, signed, now), [credentials.shown_code(each) for each in codes]


def _check(password: str, username: str) -> None:
    if not credentials.LEAST_CHARACTERS <= len(password) <= credentials.MOST_CHARACTERS:
        raise AccountFault("password_length")
    if username in password.lower() or len(set(password)) < 5:
        raise AccountFault("password_simple")
