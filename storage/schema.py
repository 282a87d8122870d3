"""Bringing a database to the newest schema, and telling whether it is there."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.store import Store
from storage.tables import Base


class Newer(Exception):
    """The database was brought to a schema that came after this version of the program."""


def upgrade(store: Store) -> None:
    """Apply every migration that the database does not have yet; all of them or none.

    Raises `DatabaseAway`, and `Newer` where the database is ahead of the program.
    """
    with store.transaction() as tx:
        config = _config()
        config.attributes["connection"] = tx.connection
        _check_known(MigrationContext.configure(tx.connection).get_current_revision(), config)
        command.upgrade(config, "head")


def revision_of(store: Store) -> str | None:
    """Return the newest migration that the database has, or None where it has none. Raises `DatabaseAway`."""
    with store.reading() as tx:
        return MigrationContext.configure(tx.connection).get_current_revision()


def newest_revision() -> str:
    """Return the newest migration that the program has. Raises where the migrations do not form one line."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def is_current(store: Store) -> bool:
    """Tell whether the database has every migration. Raises `DatabaseAway`."""
    return revision_of(store) == newest_revision()


def differences(store: Store) -> list[str]:
    """Return in what the database differs from the tables as the program declares them; empty when all is well."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(change) for change in compare_metadata(context, Base.metadata)]


def _check_known(revision: str | None, config: Config) -> None:
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise Newer(f"the database is at {revision}, which this version of Samleng does not know")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
