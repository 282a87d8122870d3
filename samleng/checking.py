"""What is wrong with an installation and what to do about it: the configuration, its surroundings and the database."""

import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from domain.settings import Level, ProjectSettings
from samleng.config import Config, ConfigFaults, Fault, is_loopback, load
from samleng.config.descriptions import secret_files
from samleng.config.sms import HttpTable
from samleng.files.keyfiles import PURPOSES, RESTORE, is_private
from samleng.files.projects import faults_of, read_project
from samleng.gateways import health
from storage import KeyFault, Store, Tx, schema
from storage.queries import areas, audit, services, settings
from storage.queries.staffing import staff
from storage.store import DatabaseAway

_NAMED = 5
_SKEW = timedelta(minutes=5)
FOCAL_POINTS = 2
"""With fewer, a sensitive case against one of them, or in his absence, would have nobody."""


def check(config_path: Path, environ: Mapping[str, str], now: datetime | None = None) -> list[Fault]:
    """Return all faults of an installation; where the configuration cannot be read, the faults of that alone.

    Nothing is changed, and no secret is shown. `now` is aware UTC, else what this machine's clock says.
    """
    now = now or datetime.now(UTC)
    try:
        config = load(config_path, environ)
    except ConfigFaults as faults:
        return faults.faults
    inside = [*_exposure(config), *_gateways(config), *_files(config), *_project_file(config), *_database(config, now)]
    return [*inside, *health.faults(config, now)]


def _exposure(config: Config) -> Iterator[Fault]:
    anybody = "anybody who finds this address can read and write as any person of the project"
    off = "write enabled = false under [phone]"
    if config.phone.enabled and config.public_url and not is_loopback(_host(config.public_url)):
        yield Fault("phone.enabled", f"the phone simulator is on at a public address: {anybody}", off)
    if config.phone.enabled and not is_loopback(config.web.host):
        what = f"the phone simulator can be reached from other machines: {anybody}"
        yield Fault("phone.enabled", what, f'{off}, or host = "127.0.0.1" under [web]')
    for key in ("url", "direct_url"):
        written = getattr(config.database, f"{key}_env") is None and getattr(config.database, f"{key}_file") is None
        url = getattr(config.database, key) or ""
        if written and re.match(r"\w+(\+\w+)?://[^/@]*:[^/@]+@", url) and not is_loopback(_host(url) or "localhost"):
            remedy = f"take it out and name an environment variable in {key}_env or a file in {key}_file"
            yield Fault(f"database.{key}", "the database's password is written into the file", remedy)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _gateways(config: Config) -> Iterator[Fault]:
    if not config.gateway_infos():
        yield Fault("sms_gateway", "nobody can write: there is no SMS gateway and no bot", "add one; see the example")
    for index, gateway in enumerate(config.sms_gateway):
        if gateway.kind == "twilio" and gateway.sender is None:
            what = f"gateway {gateway.name} has no sender, so it can take messages and answer none"
            yield Fault(f"sms_gateway[{index}].from", what, "add the number or messaging service that it sends from")
    seen: dict[str, str] = {}
    for index, bot in enumerate(config.telegram):
        other = seen.setdefault(bot.token.get_secret_value(), bot.name)
        if other != bot.name:
            what = f"bots {other} and {bot.name} have one token, and Telegram lets one of them in"
            yield Fault(f"telegram[{index}].token", what, "give each bot a token of its own from @BotFather")


def _files(config: Config) -> Iterator[Fault]:
    for key, path in _secret_files(config):
        if not is_private(path):
            yield Fault(key, f"others than its owner may read {path}", f"chmod 600 {path}")
    keys = [getattr(config.keys, purpose).get_secret_value() for purpose in PURPOSES]
    if len(set(keys)) < len(keys):
        what = "one key serves two purposes, so whoever may have the one has the other"
        yield Fault("keys", what, "give each its own, as long as the database is empty")
    head = config.audit.head_file
    if head is not None and not _is_writable(head):
        yield Fault("audit.head_file", f"{head} cannot be written", "let this user write there, or name another place")


def _secret_files(config: Config) -> Iterator[tuple[str, Path]]:
    tables = [("database", config.database), ("keys", config.keys)]
    tables += [(f"telegram[{index}]", bot) for index, bot in enumerate(config.telegram)]
    tables += [(f"sms_gateway[{index}]", gateway) for index, gateway in enumerate(config.sms_gateway)]
    folder = config.path.parent
    for index, gateway in enumerate(config.sms_gateway):
        if isinstance(gateway, HttpTable):
            for name in secret_files([gateway.send, gateway.receive, gateway.status]):
                yield f"sms_gateway[{index}]", folder / name
    for place, table in tables:
        for name, value in table:
            if name.endswith("_file") and isinstance(value, Path):
                yield f"{place}.{name}", value


def _is_writable(path: Path) -> bool:
    """Tell whether a file, or the nearest folder that is there to make it in, can be written."""
    if path.is_file():
        return os.access(path, os.W_OK)
    nearest = next(folder for folder in path.parents if folder.exists())
    return nearest.is_dir() and not path.exists() and os.access(nearest, os.W_OK)


def _project_file(config: Config) -> list[Fault]:
    if config.project is None:
        return []
    try:
        read_project(config.project)
    except ConfigFaults as faults:
        return [Fault(f"{config.project.name}: {each.key}", each.what, each.remedy) for each in faults.faults]
    return []


def _database(config: Config, now: datetime) -> list[Fault]:
    store: Store | None = None
    try:
        store = config.open_store()
        return _faults_of_store(store, now)
    except DatabaseAway as away:
        return [Fault("database.url", f"the database cannot be used: {away}", away.remedy)]
    # Drivers have many ways to fail, and the program must not end here: the failure is what was looked for.
    except Exception as fault:
        why = type(fault).__name__
    finally:
        if store is not None:
            store.close()
    return [Fault("database.url", f"the database cannot be used ({why})", "check the address and that it runs")]


def _faults_of_store(store: Store, now: datetime) -> list[Fault]:
    # Asking SQLite for a file that is not there would make it.
    if store.sqlite_path is not None and not store.sqlite_path.exists():
        return [Fault("database.url", f"there is no file {store.sqlite_path}", "samleng init")]
    if not schema.is_current(store):
        return [Fault("database", "migrations are missing", "samleng db upgrade")]
    with store.reading() as tx:
        try:
            project = settings.current(tx)
        except settings.NoSettings:
            return [Fault("settings", "the database holds no project yet", "samleng init")]
        except ValidationError as error:
            return [Fault(f"settings: {e.key}", e.what, e.remedy) for e in faults_of(error, ProjectSettings)]
        return [*_clock(tx, now), *_areas(tx), *_staff(tx, project), *_services(tx)]


def _clock(tx: Tx, now: datetime) -> Iterator[Fault]:
    """Tell of a clock that is behind: deadlines would be wrong, and one-time codes of the console too."""
    newest = audit.newest(tx)
    if newest is not None and newest - now > _SKEW:
        minutes = int((newest - now).total_seconds() // 60)
        what = f"this machine's clock is {minutes} minutes behind the newest entry of the audit log"
        yield Fault("clock", what, "set it by the network (timedatectl set-ntp true), then start Samleng again")


def _areas(tx: Tx) -> Iterator[Fault]:
    if not areas.count(tx):
        what = "there are no areas, so that every case would lie with the desk"
        yield Fault("areas", what, "samleng import areas FILE; for Cambodia `samleng areas 17 > areas.csv` writes one")


def _staff(tx: Tx, project: ProjectSettings) -> Iterator[Fault]:
    try:
        everybody = [each for each in staff.everybody(tx) if each.active]
        phones = {each.id: staff.phone_of(tx, each.id) for each in everybody[:1]}
    except KeyFault as fault:
        yield Fault("keys.personal", f"the key does not fit this database: {fault}", RESTORE)
        return
    if any(phone and staff.by_phone(tx, phone) is None for phone in phones.values()):
        yield Fault("keys.lookup", "the key does not fit this database: no number would be found", RESTORE)
    held = [level for each in everybody for level in each.levels]
    if (there := held.count(Level.FOCAL)) < FOCAL_POINTS:
        what = f"{there} of the {FOCAL_POINTS} focal points who alone see sensitive cases"
        yield Fault("staff.focal", f"there are {what}", _add(Level.FOCAL))
    if Level.DESK not in held:
        yield Fault("staff.desk", "nobody is at the desk, which reads what the machine cannot", _add(Level.DESK))
    on_ladders = {step.level for steps in project.ladders.values() for step in steps}
    if Level.NATIONAL in on_ladders and Level.NATIONAL not in held:
        yield Fault("staff.national", "the national level is vacant, where ladders end", _add(Level.NATIONAL))


def _services(tx: Tx) -> Iterator[Fault]:
    """Tell of districts where people live and from where a focal point could refer nobody to anybody."""
    without = services.districts_without(tx)
    if without:
        named = ", ".join(without[:_NAMED]) + (" …" if len(without) > _NAMED else "")
        what = f"{len(without)} districts with people have no service that somebody harmed could be sent to: {named}"
        yield Fault("services", what, "write them into a CSV file, then samleng services import FILE.csv")


def _add(level: Level) -> str:
    return f"samleng staff add --level {level} --name … --phone …"
