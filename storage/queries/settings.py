"""The project's settings as versioned rows: the newest is in force, none is changed."""

from datetime import datetime

from sqlalchemy import insert, select

from domain.settings import ProjectSettings
from storage.store import Tx
from storage.tables import Setting
from storage.tables.base import table_of

_T = table_of(Setting)


class NoSettings(Exception):
    """The database holds no project yet: `samleng init` loads one."""


def current(tx: Tx) -> ProjectSettings:
    """Return the settings in force (primary key, last row). Raises `NoSettings`."""
    body = tx.execute(select(_T.c.body).order_by(_T.c.id.desc()).limit(1)).scalar()
    if body is None:
        raise NoSettings
    return ProjectSettings.model_validate(body)


def begun_at(tx: Tx) -> datetime:
    """Return when this database got its first project (primary key, first row). Raises `NoSettings`."""
    begun: datetime | None = tx.execute(select(_T.c.at).order_by(_T.c.id).limit(1)).scalar()
    if begun is None:
        raise NoSettings
    return begun


def add(tx: Tx, settings: ProjectSettings, *, actor: str, actor_id: int | None, now: datetime) -> None:
    """Put a new version in force."""
    body = settings.model_dump(mode="json")
    tx.execute(insert(_T).values(at=now, actor=actor, actor_id=actor_id, body=body))
