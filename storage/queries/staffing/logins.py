"""The console's doors: who may sign in and how, attempts that failed, and the sessions that are open.

Passwords, tokens and recovery codes are kept as hashes only. A link that lets somebody set a password stands in the
password's place until it is used, so that there is at most one, and with it no password works.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from storage.store import Tx
from storage.tables import ConsoleSession, Login, LoginAttempt
from storage.tables.base import table_of

_L, _A, _S = table_of(Login), table_of(LoginAttempt), table_of(ConsoleSession)
_LINK = "link"


@dataclass(frozen=True, slots=True)
class LoginRecord:
    """Somebody's way in. `password_hash` is None while a link waits to be used; `recovery` are hashes of codes."""

    staff_id: int
    username: str
    password_hash: str | None
    totp_secret: str | None
    recovery: tuple[str, ...]
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """An open session, by the hash of its token; `second_factor` tells whether the one-time code was given too."""

    token_hash: str
    staff_id: int
    second_factor: bool
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


def invite(tx: Tx, staff_id: int, username: str, *, token: str, now: datetime, expires_at: datetime) -> None:
    """Put a link in the place of password and second factor; earlier links end. Raises `AlreadyThere` for a taken name."""
    waiting = f"{_LINK}:{_token_hash(tx, token)}:{expires_at.isoformat()}"
    values: dict[str, Any] = {
        "password_hash": waiting,
        "totp_secret": None,
        "last_step": 0,
        "recovery": [],
        "confirmed_at": None,
        "changed_at": now,
    }
    changed = update(_L).where(_L.c.staff_id == staff_id).values(**values)
    if tx.execute(changed).rowcount == 0:
        row = {"staff_id": staff_id, "username": username, **values}
        with tx.attempt():
            tx.execute(insert(_L).values(**row))


def invited(tx: Tx, token: str, now: datetime) -> LoginRecord | None:
    """Return whose link this is, locked, where it was not used and is in time; else None."""
    beginning = f"{_LINK}:{_token_hash(tx, token)}:"
    found = select(*_L.c).where(_L.c.password_hash.startswith(beginning, autoescape=True))
    row = tx.execute(found.with_for_update(key_share=True)).first()
    if row is None or datetime.fromisoformat(row.password_hash.removeprefix(beginning)) <= now:
        return None
    return _login(row)


def by_username(tx: Tx, username: str) -> LoginRecord | None:
    """Return the way in under a user name, or None (unique index)."""
    row = tx.execute(select(*_L.c).where(_L.c.username == username)).first()
    return None if row is None else _login(row)


def of_staff(tx: Tx, staff_id: int, *, locked: bool = False) -> LoginRecord | None:
    """Return the way in of a member of staff, locked where asked, or None (primary key)."""
    found = select(*_L.c).where(_L.c.staff_id == staff_id)
    row = tx.execute(found.with_for_update(key_share=True) if locked else found).first()
    return None if row is None else _login(row)


def set_password(tx: Tx, staff_id: int, password_hash: str, now: datetime) -> None:
    """Keep a new password's hash; every session of hers ends."""
    tx.execute(update(_L).where(_L.c.staff_id == staff_id).values(password_hash=password_hash, changed_at=now))
    end_all(tx, staff_id)


def set_secret(tx: Tx, staff_id: int, secret: str) -> None:
    """Keep the secret of the one-time codes, still to be confirmed by one of them."""
    tx.execute(update(_L).where(_L.c.staff_id == staff_id, _L.c.confirmed_at.is_(None)).values(totp_secret=secret))


def confirm_secret(tx: Tx, staff_id: int, *, codes: Sequence[str], now: datetime) -> None:
    """Note that the one-time codes work, and keep the hashes of the codes for a lost phone."""
    hashes = [_code_hash(tx, staff_id, code) for code in codes]
    tx.execute(update(_L).where(_L.c.staff_id == staff_id).values(confirmed_at=now, recovery=hashes))


def renew_recovery(tx: Tx, staff_id: int, *, codes: Sequence[str]) -> None:
    """Keep the hashes of new codes for a lost phone; the old ones end."""
    hashes = [_code_hash(tx, staff_id, code) for code in codes]
    tx.execute(update(_L).where(_L.c.staff_id == staff_id).values(recovery=hashes))


def use_step(tx: Tx, staff_id: int, step: int) -> bool:
    """Use up a time step of the one-time codes; False where it, or a later one, was used before."""
    newer = update(_L).where(_L.c.staff_id == staff_id, _L.c.last_step < step)
    return tx.execute(newer.values(last_step=step)).rowcount == 1


def use_recovery(tx: Tx, staff_id: int, code: str) -> bool:
    """Use up a code for a lost phone; False where there is none such any more."""
    login, hashed = of_staff(tx, staff_id, locked=True), _code_hash(tx, staff_id, code)
    if login is None or hashed not in login.recovery:
        return False
    left = [each for each in login.recovery if each != hashed]
    tx.execute(update(_L).where(_L.c.staff_id == staff_id).values(recovery=left))
    return True


def attempt_key(tx: Tx, kind: str, value: str) -> str:
    """Return under what attempts are counted: the keyed hash of a user name (`name`) or an address (`address`)."""
    return tx.keys.fingerprint("attempt", kind, value)


def add_attempts(tx: Tx, keys: Sequence[str], now: datetime) -> list[int]:
    """Count an attempt under each key, and return the rows' numbers so that one that was right can be taken out."""
    rows = [{"key": key, "at": now} for key in keys]
    return [int(tx.execute(insert(_A).values(**row).returning(_A.c.id)).scalar_one()) for row in rows]


def attempts_since(tx: Tx, key: str, since: datetime) -> tuple[int, datetime | None]:
    """Return how many attempts failed since then under a key, and when the newest was (index `ix_login_attempt_key`)."""
    counted = select(func.count().label("many"), func.max(_A.c.at).label("newest")).where(
        _A.c.key == key, _A.c.at > since
    )
    row = tx.execute(counted).one()
    return int(row.many), row.newest


def forget_attempts(tx: Tx, *, ids: Sequence[int] = (), key: str | None = None, before: datetime | None = None) -> None:
    """Take attempts out: those of these numbers, those under a key, and those from before a moment."""
    gone: list[ColumnElement[bool]] = [_A.c.id.in_(ids)]
    if key is not None:
        gone.append(_A.c.key == key)
    if before is not None:
        gone.append(_A.c.at < before)
    tx.execute(delete(_A).where(or_(*gone)))


def begin_session(tx: Tx, staff_id: int, token: str, *, second_factor: bool, now: datetime, ends_at: datetime) -> None:
    """Open a session, and forget those of anybody that are over (index on `ends_at`)."""
    tx.execute(delete(_S).where(_S.c.ends_at <= now))
    row = {
        "token_hash": _session_hash(tx, token),
        "staff_id": staff_id,
        "second_factor": second_factor,
        "made_at": now,
        "seen_at": now,
        "ends_at": ends_at,
    }
    tx.execute(insert(_S).values(**row))


def session(tx: Tx, token: str) -> SessionRecord | None:
    """Return the session of a token, or None (primary key)."""
    row = tx.execute(select(*_S.c).where(_S.c.token_hash == _session_hash(tx, token))).first()
    return None if row is None else SessionRecord(**row._mapping)


def sessions_of(tx: Tx, staff_id: int, *, seen_since: datetime, now: datetime) -> list[SessionRecord]:
    """Return the sessions of a member of staff that are still open, the newest first (index on `staff_id`)."""
    mine = select(*_S.c).where(
        _S.c.staff_id == staff_id, _S.c.seen_at > seen_since, _S.c.ends_at > now, _S.c.second_factor
    )
    return [SessionRecord(**row._mapping) for row in tx.execute(mine.order_by(_S.c.made_at.desc()))]


def seen(tx: Tx, token_hash: str, now: datetime) -> None:
    """Note that a session was used."""
    tx.execute(update(_S).where(_S.c.token_hash == token_hash, _S.c.seen_at < now).values(seen_at=now))


def end(tx: Tx, staff_id: int, token_hash: str) -> bool:
    """End one session of a member of staff; False where there is none such."""
    return tx.execute(delete(_S).where(_S.c.staff_id == staff_id, _S.c.token_hash == token_hash)).rowcount == 1


def end_all(tx: Tx, staff_id: int, *, but: str | None = None) -> int:
    """End the sessions of a member of staff, but one where asked, and count them (index on `staff_id`)."""
    gone = delete(_S).where(_S.c.staff_id == staff_id)
    return tx.execute(gone if but is None else gone.where(_S.c.token_hash != but)).rowcount


def _token_hash(tx: Tx, token: str) -> str:
    return tx.keys.fingerprint("console-link", token)


def _session_hash(tx: Tx, token: str) -> str:
    return tx.keys.fingerprint("console-session", token)


def _code_hash(tx: Tx, staff_id: int, code: str) -> str:
    return tx.keys.fingerprint("recovery", str(staff_id), code)


def _login(row: Any) -> LoginRecord:
    waiting = row.password_hash.startswith(f"{_LINK}:")
    return LoginRecord(
        staff_id=row.staff_id,
        username=row.username,
        password_hash=None if waiting else row.password_hash,
        totp_secret=row.totp_secret,
        recovery=tuple(row.recovery),
        confirmed_at=row.confirmed_at,
    )
