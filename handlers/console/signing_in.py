"""Signing in to the console: password, then one-time code; guessing is limited, and no answer tells whether a name exists.

Every attempt is counted before it is tried and taken out when it was right, so that many at once gain nothing. A device
that somebody signed in with before is counted by itself: whoever guesses elsewhere cannot keep her out.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from domain.permissions import Permission, permissions_of
from domain.reading import Language
from domain.settings import Level
from handlers.console import credentials
from handlers.context import Context
from storage import Tx
from storage.queries import audit
from storage.queries.staffing import logins, staff
from storage.queries.staffing.logins import LoginRecord, SessionRecord
from storage.queries.staffing.staff import StaffRecord

Result = TypeVar("Result")

IDLE, LONGEST, HALF_SIGNED_IN = timedelta(minutes=30), timedelta(hours=12), timedelta(minutes=10)
"""How long a session lasts without use, at the most, and between password and one-time code."""

_COUNTED_FOR = timedelta(days=1)
_FREE = {"name": 3, "address": 20}
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody tries: the network address (empty where it is not known), and the mark of a known device."""

    address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in; `second_factor` is False between password and one-time code."""

    staff: StaffRecord
    session: SessionRecord

    @property
    def permissions(self) -> frozenset[Permission]:
        """Return what may be done in this session."""
        return permissions_of(self.staff.levels)

    @property
    def language(self) -> Language:
        """Return the language of the pages."""
        return Language(self.staff.language)

    def only(self, level: Level) -> StaffRecord:
        """Return the same person with the posts of one level alone: who is desk and focal point acts as one at a time."""
        return replace(self.staff, posts=tuple(post for post in self.staff.posts if post.level is level))


def may_sign_in(record: StaffRecord | None) -> bool:
    """Tell whether somebody is active and holds a post that has pages in the console."""
    return record is not None and record.active and Permission.CONSOLE_USE in permissions_of(record.levels)


def begin(context: Context, username: str, password: str, *, caller: Caller, now: datetime) -> str | None:
    """Check a password and return the token of a session that still needs the one-time code; None where it is not right."""
    username = username.strip().lower()
    with context.store.transaction() as tx:
        counted = _count(tx, username, caller, now)
        login = logins.by_username(tx, username) if counted else None
    if not counted:
        return None
    right = credentials.is_password(login.password_hash if login else None, password)
    with context.store.transaction() as tx:
        record = staff.by_id(tx, login.staff_id) if login is not None else None
        if not right or login is None or record is None or not may_sign_in(record):
            _note_lock(tx, login, username, caller, now)
            return None
        logins.forget_attempts(tx, ids=counted, before=now - _COUNTED_FOR)
        token = credentials.new_token()
        logins.begin_session(tx, login.staff_id, token, second_factor=False, now=now, ends_at=now + HALF_SIGNED_IN)
        return token


def who(context: Context, token: str, now: datetime) -> Signed | None:
    """Return who has the session of a token, and note that it was used; None where it is over or nobody's."""
    with context.store.reading() as tx:
        session = logins.session(tx, token)
        over = session is None or session.ends_at <= now or session.seen_at + IDLE <= now
        record = staff.by_id(tx, session.staff_id) if session is not None and not over else None
    if session is None or record is None or not may_sign_in(record):
        return None
    if now - session.seen_at >= _SEEN_EVERY:
        with context.store.transaction() as tx:
            logins.seen(tx, session.token_hash, now)
    return Signed(record, session)


def second_factor_is_set(context: Context, signed: Signed) -> bool:
    """Tell whether somebody's one-time codes were set up."""
    with context.store.reading() as tx:
        login = logins.of_staff(tx, signed.staff.id)
    return login is not None and login.confirmed_at is not None


def finish(context: Context, signed: Signed, code: str, *, caller: Caller, now: datetime) -> str | None:
    """Check a one-time code, or one for a lost phone, and return the token of the whole session; None where it is wrong.

    A code works once. The session that had only the password ends: no token outlives what it stood for.
    """
    return _with_code(context, signed, code, lambda tx: whole_session(tx, signed, now), caller=caller, now=now)


def renew_recovery(context: Context, signed: Signed, code: str, *, caller: Caller, now: datetime) -> list[str] | None:
    """Check a one-time code and return ten new codes for a lost phone, shown once; None where it is wrong."""

    def renewed(tx: Tx) -> list[str]:
        codes = credentials.new_recovery_codes()
        logins.renew_recovery(tx, signed.staff.id, codes=codes)
        audit.add(tx, "console.recovery_renewed", actor="staff", actor_id=signed.staff.id, now=now)
        return [credentials.shown_code(each) for each in codes]

    return _with_code(context, signed, code, renewed, caller=caller, now=now)


def recovery_left(context: Context, signed: Signed) -> int:
    """Return how many of somebody's codes for a lost phone are left."""
    with context.store.reading() as tx:
        login = logins.of_staff(tx, signed.staff.id)
    return len(login.recovery) if login is not None else 0


def _with_code(
    context: Context, signed: Signed, code: str, act: Callable[[Tx], Result], *, caller: Caller, now: datetime
) -> Result | None:
    """Do what a right code allows and return it; None where the code is wrong, or one has to wait."""
    with context.store.transaction() as tx:
        login = logins.of_staff(tx, signed.staff.id)
        if login is None or login.confirmed_at is None:
            return None
        counted = _count(tx, login.username, caller, now)
    if not counted:
        return None
    with context.store.transaction() as tx:
        if not _is_code(tx, login, code, now):
            _note_lock(tx, login, login.username, caller, now)
            return None
        mine = _keys(tx, login.username, caller)["name"]
        logins.forget_attempts(tx, ids=counted, key=mine, before=now - _COUNTED_FOR)
        return act(tx)


def whole_session(tx: Tx, signed: Signed, now: datetime) -> str:
    """Open the session that has both factors, in place of the one that had the password only."""
    token = credentials.new_token()
    logins.end(tx, signed.staff.id, signed.session.token_hash)
    logins.begin_session(tx, signed.staff.id, token, second_factor=True, now=now, ends_at=now + LONGEST)
    audit.add(tx, "console.signed_in", actor="staff", actor_id=signed.staff.id, now=now)
    return token


def device_mark(context: Context, signed: Signed) -> str:
    """Return what a device keeps by which it is known again for this person; it opens nothing by itself."""
    with context.store.reading() as tx:
        login = logins.of_staff(tx, signed.staff.id)
        nonce = credentials.new_token()
        return f"{nonce}.{_mark(tx, login.username, nonce)}" if login is not None else ""


def sign_out(context: Context, signed: Signed, now: datetime) -> None:
    """End a session."""
    with context.store.transaction() as tx:
        if logins.end(tx, signed.staff.id, signed.session.token_hash):
            audit.add(tx, "console.signed_out", actor="staff", actor_id=signed.staff.id, now=now)


def sessions(context: Context, signed: Signed, now: datetime) -> list[SessionRecord]:
    """Return one's own open sessions, the newest first."""
    with context.store.reading() as tx:
        return logins.sessions_of(tx, signed.staff.id, seen_since=now - IDLE, now=now)


def end_sessions(context: Context, signed: Signed, now: datetime) -> int:
    """End all one's own sessions but this one, and count them."""
    with context.store.transaction() as tx:
        ended = logins.end_all(tx, signed.staff.id, but=signed.session.token_hash)
        data = {"sessions": ended}
        audit.add(tx, "console.sessions_ended", actor="staff", actor_id=signed.staff.id, now=now, data=data)
    return ended


def _is_code(tx: Tx, login: LoginRecord, code: str, now: datetime) -> bool:
    step = credentials.step_of(login.totp_secret or "", code, now)
    if step is not None:
        return logins.use_step(tx, login.staff_id, step)
    if not logins.use_recovery(tx, login.staff_id, credentials.plain_code(code)):
        return False
    audit.add(tx, "console.recovery_used", actor="staff", actor_id=login.staff_id, now=now)
    return True


def _count(tx: Tx, username: str, caller: Caller, now: datetime) -> list[int]:
    """Count an attempt and return its numbers; none where it has to wait, and is not tried."""
    keys = _keys(tx, username, caller)
    if any(_waits_until(tx, kind, key, now) > now for kind, key in keys.items()):
        return []
    return logins.add_attempts(tx, list(keys.values()), now)


def _waits_until(tx: Tx, kind: str, key: str, now: datetime) -> datetime:
    failed, newest = logins.attempts_since(tx, key, now - _COUNTED_FOR)
    if newest is None or failed < _FREE[kind]:
        return now
    wait: timedelta = _FIRST_WAIT * (1 << min(failed - _FREE[kind], 10))
    return newest + min(wait, _LONGEST_WAIT)


def _note_lock(tx: Tx, login: LoginRecord | None, username: str, caller: Caller, now: datetime) -> None:
    """Note an attempt after which one has to wait; whose name it was, where it is anybody's."""
    locked = [kind for kind, key in _keys(tx, username, caller).items() if _waits_until(tx, kind, key, now) > now]
    if locked:
        data = {"by": locked, "staff": login.staff_id if login else None}
        audit.add(tx, "console.locked", actor="machine", now=now, data=data)


def _keys(tx: Tx, username: str, caller: Caller) -> dict[str, str]:
    """Return under what an attempt is counted: the name, or the name at a device that is known, and the address."""
    nonce, _, mark = caller.device.partition(".")
    known = hmac.compare_digest(mark.encode(), _mark(tx, username, nonce).encode())
    keys = {"name": logins.attempt_key(tx, "device" if known else "name", f"{username} {nonce}" if known else username)}
    return keys | ({"address": logins.attempt_key(tx, "address", caller.address)} if caller.address else {})


def _mark(tx: Tx, username: str, nonce: str) -> str:
    return tx.keys.fingerprint("console-device", username, nonce)
