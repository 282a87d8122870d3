"""Officers and staff, the posts they hold, who fills a post now, and the invitations that tie a Telegram account to one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, insert, select, true, update

from domain.settings import Level
from storage.store import Tx
from storage.tables import Area, CaseBar, Invitation, Post, PostHolding, Staff
from storage.tables.base import table_of

_S, _P, _H, _A, _I, _BAR = (table_of(each) for each in (Staff, Post, PostHolding, Area, Invitation, CaseBar))
_WITHOUT_AREA = frozenset({Level.NATIONAL, Level.PROVIDER})


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post that `staff_id` holds; `area_path` is empty for the whole country."""

    post_id: int
    level: Level
    area_id: int | None
    area_path: str
    staff_id: int


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """A member of staff with the posts held now."""

    id: int
    name: str
    language: str
    active: bool
    absent_until: datetime | None
    has_phone: bool
    posts: tuple[PostHeld, ...]

    @property
    def levels(self) -> frozenset[Level]:
        """Return the levels of the posts held."""
        return frozenset(post.level for post in self.posts)


def add(tx: Tx, *, name: str, language: str, phone: str | None, now: datetime) -> int:
    """Add a member of staff and return the number. Raises `AlreadyThere` where the phone number is another's."""
    row = {
        "name": name,
        "language": language,
        "phone": phone,
        "phone_hash": tx.keys.fingerprint("staff", phone) if phone else None,
        "active": True,
        "created_at": now,
    }
    return int(tx.execute(insert(_S).values(**row).returning(_S.c.id)).scalar_one())


def change(tx: Tx, staff_id: int, **values: Any) -> None:
    """Set columns of a member of staff."""
    tx.execute(update(_S).where(_S.c.id == staff_id).values(**values))


def by_id(tx: Tx, staff_id: int) -> StaffRecord | None:
    """Return a member of staff with posts, or None (primary key; index on `post_holding.staff_id`)."""
    row = tx.execute(select(*_S.c).where(_S.c.id == staff_id)).first()
    return None if row is None else _record(tx, row)


def by_phone(tx: Tx, phone: str) -> StaffRecord | None:
    """Return the member of staff with this registered number (E.164), or None (unique index)."""
    row = tx.execute(select(*_S.c).where(_S.c.phone_hash == tx.keys.fingerprint("staff", phone))).first()
    return None if row is None else _record(tx, row)


def phone_of(tx: Tx, staff_id: int) -> str | None:
    """Return the registered number of a member of staff (primary key)."""
    phone: str | None = tx.execute(select(_S.c.phone).where(_S.c.id == staff_id)).scalar()
    return phone


def other_names(tx: Tx, staff_id: int) -> list[str]:
    """Return the further ways to write the name of a member of staff (primary key)."""
    names: str | None = tx.execute(select(_S.c.other_names).where(_S.c.id == staff_id)).scalar()
    return (names or "").splitlines()


def everybody(tx: Tx) -> list[StaffRecord]:
    """Return all staff with their posts, in two queries."""
    posts: dict[int, list[PostHeld]] = {}
    for row in tx.execute(_posts_query(_H.c.until.is_(None))):
        posts.setdefault(row.staff_id, []).append(_post_held(row))
    rows = tx.execute(select(*_S.c).order_by(_S.c.id))
    return [_staff(row, tuple(posts.get(row.id, ()))) for row in rows]


def post(tx: Tx, level: Level, area_id: int | None) -> int:
    """Return the number of the post of a level in an area, made where there was none."""
    same_area = _P.c.area_id == area_id if area_id is not None else _P.c.area_id.is_(None)
    found = tx.execute(select(_P.c.id).where(_P.c.level == level.value, same_area)).scalar()
    if found is None:
        found = tx.execute(insert(_P).values(level=level.value, area_id=area_id).returning(_P.c.id)).scalar_one()
    return int(found)


def hold(tx: Tx, post_id: int, staff_id: int, now: datetime) -> None:
    """Let somebody fill a post from now on."""
    tx.execute(insert(_H).values(post_id=post_id, staff_id=staff_id, since=now))


def leave_posts(tx: Tx, staff_id: int, now: datetime) -> None:
    """End all that somebody holds."""
    tx.execute(update(_H).where(_H.c.staff_id == staff_id, _H.c.until.is_(None)).values(until=now))


def filled_post(
    tx: Tx, level: Level, area_codes: Sequence[str], now: datetime, *, case_id: int | None = None
) -> int | None:
    """Return the nearest filled post of a level for an area, given by the codes of its path; None where it is vacant.

    Whom the case names fills no post for it.
    """
    here = _P.c.area_id.is_(None) if level in _WITHOUT_AREA else _A.c.code.in_(area_codes)
    query = (
        select(_P.c.id)
        .join(_H, _H.c.post_id == _P.c.id)
        .join(_S, _S.c.id == _H.c.staff_id)
        .outerjoin(_A, _A.c.id == _P.c.area_id)
        .where(_P.c.level == level.value, here, _present(now), _not_named(case_id))
        .order_by(func.length(func.coalesce(_A.c.path, "")).desc(), _P.c.id)
        .limit(1)
    )
    found = tx.execute(query).scalar()
    return None if found is None else int(found)


def away_until(tx: Tx, level: Level, area_codes: Sequence[str], now: datetime) -> datetime | None:
    """Return when the first holder of a level's posts for an area is back, where all who hold them are away; else None."""
    here = _P.c.area_id.is_(None) if level in _WITHOUT_AREA else _A.c.code.in_(area_codes)
    query = select(func.min(_S.c.absent_until)).join(_H, _H.c.staff_id == _S.c.id).join(_P, _P.c.id == _H.c.post_id)
    query = query.outerjoin(_A, _A.c.id == _P.c.area_id)
    held = (_P.c.level == level.value, here, _H.c.until.is_(None), _S.c.active.is_(True), _S.c.absent_until > now)
    return tx.execute(query.where(*held)).scalar()


def holders(tx: Tx, post_id: int, now: datetime, *, case_id: int | None = None) -> list[int]:
    """Return who fills a post now and is there, and is not named by the case (index on `post_holding.post_id`)."""
    here = (_H.c.post_id == post_id, _present(now), _not_named(case_id))
    query = select(_S.c.id).join(_H, _H.c.staff_id == _S.c.id).where(*here)
    return list(tx.execute(query.order_by(_S.c.id)).scalars())


def of_level(tx: Tx, level: Level, now: datetime, *, case_id: int | None = None) -> list[int]:
    """Return everybody who holds a post of a level anywhere and is there, and is not named by the case."""
    query = (
        select(_S.c.id)
        .join(_H, _H.c.staff_id == _S.c.id)
        .join(_P, _P.c.id == _H.c.post_id)
        .where(_P.c.level == level.value, _present(now), _not_named(case_id))
    )
    return list(tx.execute(query.distinct().order_by(_S.c.id)).scalars())


def ever_of(tx: Tx, levels: Collection[Level]) -> set[int]:
    """Return everybody who holds or held a post of some levels."""
    query = select(_H.c.staff_id).join(_P, _P.c.id == _H.c.post_id)
    return set(tx.execute(query.where(_P.c.level.in_([each.value for each in sorted(levels)]))).scalars())


def invite(tx: Tx, staff_id: int, *, code: str, now: datetime, expires_at: datetime) -> None:
    """Keep an invitation by the hash of its code; earlier ones of the same person that were not used end."""
    tx.execute(update(_I).where(_I.c.staff_id == staff_id, _I.c.redeemed_at.is_(None)).values(expires_at=now))
    code_hash = tx.keys.fingerprint("invitation", code)
    tx.execute(insert(_I).values(staff_id=staff_id, code_hash=code_hash, created_at=now, expires_at=expires_at))


def redeem(tx: Tx, code: str, contact_id: int, now: datetime) -> int | None:
    """Use an invitation from an account, once and in time, and return whose it is; None where it is not valid."""
    used = (
        update(_I)
        .where(
            _I.c.code_hash == tx.keys.fingerprint("invitation", code),
            _I.c.redeemed_at.is_(None),
            _I.c.expires_at > now,
        )
        .values(redeemed_at=now, contact_point_id=contact_id)
        .returning(_I.c.staff_id)
    )
    return tx.execute(used).scalar()


def redeemed_by(tx: Tx, contact_id: int, now: datetime) -> tuple[int, int] | None:
    """Return invitation and staff number of what an account redeemed and has still to prove by its number."""
    query = select(_I.c.id, _I.c.staff_id).where(
        _I.c.contact_point_id == contact_id, _I.c.completed_at.is_(None), _I.c.expires_at > now
    )
    row = tx.execute(query.order_by(_I.c.id.desc()).limit(1)).first()
    return None if row is None else (row.id, row.staff_id)


def complete(tx: Tx, invitation_id: int, now: datetime) -> None:
    """Mark an invitation as proven by the account's number."""
    tx.execute(update(_I).where(_I.c.id == invitation_id).values(completed_at=now))


def _not_named(case_id: int | None) -> ColumnElement[bool]:
    """Return the condition that leaves out whom a case names (primary key of `case_bar`)."""
    if case_id is None:
        return true()
    return ~exists().where(_BAR.c.case_id == case_id, _BAR.c.staff_id == _S.c.id)


def _present(now: datetime) -> ColumnElement[bool]:
    away = and_(_S.c.absent_until.is_not(None), _S.c.absent_until > now)
    return and_(_H.c.until.is_(None), _S.c.active.is_(True), case((away, False), else_=True).is_(True))


def _posts_query(condition: ColumnElement[bool]) -> Any:
    path = func.coalesce(_A.c.path, "").label("area_path")
    columns = (_H.c.staff_id, _P.c.id.label("post_id"), _P.c.level, _P.c.area_id, path)
    joined = select(*columns).join(_P, _P.c.id == _H.c.post_id).outerjoin(_A, _A.c.id == _P.c.area_id)
    return joined.where(condition).order_by(_P.c.id)


def _record(tx: Tx, row: Any) -> StaffRecord:
    held = tx.execute(_posts_query(and_(_H.c.staff_id == row.id, _H.c.until.is_(None))))
    return _staff(row, tuple(_post_held(each) for each in held))


def _staff(row: Any, posts: tuple[PostHeld, ...]) -> StaffRecord:
    return StaffRecord(
        id=row.id,
        name=row.name,
        language=row.language,
        active=row.active,
        absent_until=row.absent_until,
        has_phone=row.phone is not None,
        posts=posts,
    )


def _post_held(row: Any) -> PostHeld:
    return PostHeld(row.post_id, Level(row.level), row.area_id, row.area_path, row.staff_id)
