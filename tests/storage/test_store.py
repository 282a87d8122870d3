"""The store itself: migrations match the tables, moments keep their zone, and the file alone does not tell who wrote."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from domain.inbound import Channel
from domain.reading import Language
from domain.settings import Level
from handlers.sweeps.housekeeping import seal_audit
from storage import KeyFault, Keyring, Store, schema
from storage.keys import new_key_text, read_keys
from storage.queries.persons import contacts
from storage.store import DatabaseAway
from tests.support.databases import TEST_KEYS, Databases
from tests.support.world import World, new_world

NAME, NUMBER = "ចាន់ សុភា", "+85512345678"


def test_the_migrations_make_the_tables_that_the_program_declares(store: Store) -> None:
    assert schema.is_current(store)
    assert schema.differences(store) == []


def test_the_migrations_form_one_line() -> None:
    script = ScriptDirectory.from_config(schema._config())
    assert len(script.get_heads()) == 1
    assert all(not isinstance(r.down_revision, tuple) for r in script.walk_revisions())


def test_a_moment_without_a_zone_is_refused_and_others_come_back_in_utc(store: Store) -> None:
    moment = datetime(2026, 3, 3, 10, 0, tzinfo=timezone(timedelta(hours=7)))
    with store.transaction() as tx:
        contact = contacts.lock(tx, Channel.SMS, NUMBER, now=moment)
        contacts.change(tx, contact.id, noticed_at=moment)
    with store.reading() as tx:
        assert contacts.by_id(tx, contact.id).noticed_at == datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
    with pytest.raises(Exception, match="time zone"), store.transaction() as tx:
        contacts.change(tx, contact.id, noticed_at=datetime(2026, 3, 3))  # noqa: DTZ001


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.transaction() as tx:
            contacts.lock(tx, Channel.SMS, NUMBER, now=datetime.now(UTC))
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError):
        fail()
    with store.reading() as tx:
        assert contacts.find(tx, Channel.SMS, NUMBER) is None


def test_the_database_file_alone_does_not_tell_who_complained(databases: Databases) -> None:
    world = new_world(Store(databases.fresh_url("sqlite"), TEST_KEYS), "leap")
    path = world.store.sqlite_path
    assert path is not None
    world.phone(NUMBER).writes("លុយអត់ទាន់ចូលទេ ៣ខែហើយ")
    abuse = "គាត់ឲ្យខ្ញុំទៅផ្ទះគាត់ពេលយប់សិន ទើបចុះហត្ថលេខាឲ្យ ខ្ញុំខ្លាច"
    world.phone("+85512999888").writes(abuse)
    world.add_officer(NAME, Level.PROVINCE, "17", language=Language.KM)
    world.pass_time(minutes=1)
    world.store.close()
    raw = b"".join(each.read_bytes() for each in Path(path).parent.glob(f"{path.name}*"))
    for told in (NUMBER, NUMBER[1:], "12999888", NAME, "ពេលយប់សិន"):
        assert told.encode() not in raw, told


def test_another_key_does_not_open_the_database(store: Store) -> None:
    with store.transaction() as tx:
        contacts.lock(tx, Channel.SMS, NUMBER, now=datetime.now(UTC))
    other = Store(store.url, Keyring({1: b"x" * 32}, {1: b"y" * 32}, b"l" * 32))
    with pytest.raises(KeyFault), other.reading() as tx:
        contacts.find(tx, Channel.SMS, NUMBER)
    other.close()


def test_a_new_key_encrypts_and_the_old_one_still_opens(store: Store) -> None:
    with store.transaction() as tx:
        contacts.lock(tx, Channel.SMS, NUMBER, now=datetime.now(UTC))
    keys = Keyring({1: b"p" * 32, 2: b"q" * 32}, {1: b"s" * 32}, b"l" * 32)
    newer = Store(store.url, keys)
    with newer.transaction() as tx:
        contacts.lock(tx, Channel.SMS, "+85512000111", now=datetime.now(UTC))
        assert contacts.find(tx, Channel.SMS, NUMBER) is not None
        numbers = [bytes(row.address)[0] for row in tx.execute(text("SELECT address FROM contact_point ORDER BY id"))]
    assert numbers == [1, 2]
    newer.close()


def test_keys_are_read_from_lines_and_faults_name_the_line_without_the_key() -> None:
    assert len(read_keys(new_key_text())[1]) == 32
    for wrong in ("", "1:short", "x:" + new_key_text()[2:], "0:" + new_key_text()[2:]):
        with pytest.raises(KeyFault) as fault:
            read_keys(wrong)
        assert "short" not in str(fault.value)


def test_an_unreachable_database_is_said_to_be_away() -> None:
    gone = Store("postgresql://nobody@127.0.0.1:1/none", Keyring({1: b"p" * 32}, {1: b"s" * 32}, b"l" * 32))
    assert not gone.is_reachable()
    with pytest.raises(DatabaseAway), gone.transaction():
        pass
    gone.close()


def test_sealing_nothing_writes_nothing(world: World) -> None:
    world.sweep()
    assert seal_audit(world.context, world.now) == 0
