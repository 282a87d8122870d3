"""Setting an installation up: what is asked, and the files, keys and database that come of the answers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import click

from domain.settings import ProjectSettings
from handlers import faq
from samleng import first_gateway
from samleng.config import Config, load
from samleng.files import keyfiles
from samleng.files.faq_files import faq_of, faq_path
from samleng.files.projects import packaged, read_project, read_toml
from samleng.files.tomls import toml
from samleng.first_gateway import SMS_CHOICES, Given, Sms
from storage import Store, Tx, schema
from storage.queries import audit
from storage.queries import settings as settings_rows
from storage.queries.faq import FaqText

BOT = "bot"
"""The name that the first bot is given."""


class SetupRefused(Exception):
    """Nothing was made, because something is there already; its text says what."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What an installation is made from.

    `project` is the name of a packaged project file or a path. `public_url` is empty where nobody calls from outside.
    `gateway` holds what the kind of SMS gateway wants, by key (`first_gateway.KINDS`). Tokens are given by the names of
    environment variables only; an empty `telegram_token_env` means no bot.
    """

    project: str = "leap"
    public_url: str = ""
    sms: Sms = "phone"
    gateway: Given = field(default_factory=dict)
    telegram_token_env: str = ""
    database_url: str = "sqlite:///samleng.db"

    @property
    def variables(self) -> list[str]:
        """Return the environment variables that the configuration will name."""
        bot = [self.telegram_token_env] if self.telegram_token_env else []
        return [*bot, *first_gateway.variables(self.sms, self.gateway)]


def ask(defaults: Answers) -> Answers:
    """Ask on the terminal for everything, offering the defaults, and return the answers."""
    project = click.prompt(
        f"Project ({', '.join(packaged())}, or the path of a project file)", default=defaults.project
    )
    sms = click.prompt(
        "SMS: docs/gateways.md says which to choose; phone is the simulator",
        type=click.Choice(SMS_CHOICES),
        default=defaults.sms,
    )
    given = defaults.gateway if sms == defaults.sms else {}
    answers = replace(defaults, project=project, sms=sms, gateway=first_gateway.ask(sms, given))
    public_url = click.prompt(
        "Public address, https://… (empty: nobody calls from outside)", default=answers.public_url
    )
    token_env = click.prompt(
        "Environment variable that holds the Telegram bot's token (empty: no bot)", default=answers.telegram_token_env
    )
    return replace(answers, public_url=public_url.strip(), telegram_token_env=token_env.strip())


def set_up(config_path: Path, answers: Answers, now: datetime) -> list[str]:
    """Make an installation beside its configuration file, and return what to do next, step by step.

    Makes `config.toml`, `project.toml` (and `project_faq.toml`, where the project has ready answers), `keys/` and the
    database, with the project's settings and ready answers in force. All or nothing: where something fails, what was
    made is removed (empty tables stay in PostgreSQL, where they do no harm). Raises `SetupRefused` where one of them is
    there already, `samleng.config.ConfigFaults` where an answer is wrong, and `DatabaseAway`.
    """
    path = config_path.absolute()
    source = packaged().get(answers.project) or Path(answers.project).absolute()
    project, entries = read_project(source), faq_of(source)
    try:
        with _undone_on_failure() as undo:
            _make_folder(path.parent, undo)
            _make_file(path, config_text(answers), undo)
            _copy_project(source, path.parent / "project.toml", undo)
            _make_keys(path.parent / keyfiles.KEY_FOLDER, undo)
            _make_secrets(path.parent, answers, undo)
            config = load(path, dict.fromkeys(answers.variables, "not-needed-yet"))
            _make_database(config, project, entries, undo, now)
    except FileExistsError as there:
        raise SetupRefused(f"{there.filename or there}: there already; nothing was changed") from there
    return next_steps(answers, project, path)


def complete(config_path: Path, project: str, environ: Mapping[str, str], now: datetime) -> list[str]:
    """Make what an installation lacks whose configuration was written by hand, and say what was made.

    Keys in the default folder, the database's tables, and the project's settings (from the configuration's `project`,
    else the packaged file of that name). What is there stays as it is. Keys are never made for a database that holds
    a project: they could not read it. Raises `samleng.config.ConfigFaults` and `DatabaseAway`.
    """
    path, made = config_path.absolute(), []
    with _undone_on_failure() as undo:
        if _lacks_keys(path):
            _make_keys(path.parent / keyfiles.KEY_FOLDER, undo)
            made.append("keys")
        config = load(path, environ)
        source = config.project or packaged().get(project) or Path(project).absolute()
        with closing(config.open_store()) as store:
            if (file := store.sqlite_path) is not None:
                file.touch(0o600, exist_ok=True)
            made += _complete_database(store, source, now, new_keys="keys" in made)
    return made


def _lacks_keys(path: Path) -> bool:
    raw = read_toml(path, "`samleng init` makes one")
    folder = path.parent / keyfiles.KEY_FOLDER
    return not raw.get("keys") and not any(keyfiles.path_in(folder, each).exists() for each in keyfiles.PURPOSES)


def _complete_database(store: Store, source: Path, now: datetime, *, new_keys: bool) -> list[str]:
    made = [] if schema.is_current(store) else ["database"]
    schema.upgrade(store)
    with store.transaction() as tx:
        try:
            settings_rows.current(tx)
        except settings_rows.NoSettings:
            _load(tx, read_project(source), faq_of(source), now)
            return [*made, "project"]
        if new_keys:
            raise SetupRefused(f"the database holds a project and its keys are missing; {keyfiles.RESTORE}")
    return made


def next_steps(answers: Answers, project: ProjectSettings, config_path: Path) -> list[str]:
    """Return what an installation needs before it serves anybody, in the order in which to do it."""
    steps = [f"Copy {config_path.parent / 'keys'} to a safe place, apart from the backups: {keyfiles.LOSS}."]
    if answers.variables:
        steps.append(f"Set {' and '.join(answers.variables)} in the environment that the program is started with.")
    steps.append(
        f"Read {config_path.parent / 'project.toml'}: the deadlines there are defaults, not {project.name}'s own."
    )
    if (entries := faq_path(config_path.parent / "project.toml")).exists():
        steps.append(
            f"Read {entries}: people are answered so. What you change there: samleng faq import {entries.name}"
        )
    steps += [
        "Bring in the areas: samleng import areas FILE",
        "Name two focal points for sensitive cases: samleng staff add --level focal --name … --phone …",
        "Fill the desk and the national level: samleng staff add --level desk …, --level national …",
    ]
    steps += first_gateway.next_steps(answers.sms, answers.gateway)
    if answers.sms == "phone":
        steps.append(
            "The phone simulator lets whoever sees it read everything: turn it off before anybody real writes."
        )
    return [*steps, "Find what is missing: samleng check", "Start: samleng run"]


def config_text(answers: Answers) -> str:
    """Return a commented configuration that says what was answered."""
    parts = [_HEAD.format(public_url=_line("public_url", answers.public_url), database_url=toml(answers.database_url))]
    parts.append(_PHONE.format(enabled="true" if answers.sms == "phone" else "false"))
    if answers.telegram_token_env:
        parts.append(_TELEGRAM.format(name=BOT, token_env=toml(answers.telegram_token_env)))
    if gateway := first_gateway.table(answers.sms, answers.gateway):
        parts.append(gateway)
    return "\n".join(parts)


def _line(key: str, value: str) -> str:
    return f"{key} = {toml(value)}" if value else f"# {key} ="


@contextmanager
def _undone_on_failure() -> Iterator[ExitStack]:
    with ExitStack() as undo:
        yield undo
        undo.pop_all()


def _make_folder(folder: Path, undo: ExitStack, mode: int = 0o777) -> None:
    for each in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        each.mkdir(mode=mode)
        undo.callback(each.rmdir)


def _make_file(path: Path, text: str, undo: ExitStack) -> None:
    with path.open("x", encoding="utf-8") as file:
        undo.callback(path.unlink, missing_ok=True)
        file.write(text)


def _copy_project(source: Path, path: Path, undo: ExitStack) -> None:
    """Copy a project file with its ready answers, unless it is there to begin with."""
    if source == path:
        return
    _make_file(path, source.read_text("utf-8-sig"), undo)
    if faq_path(source).exists():
        _make_file(faq_path(path), faq_path(source).read_text("utf-8-sig"), undo)


def _make_keys(folder: Path, undo: ExitStack) -> None:
    _make_folder(folder, undo, 0o700)
    for path in keyfiles.make(folder).values():
        undo.callback(path.unlink, missing_ok=True)


def _make_secrets(folder: Path, answers: Answers, undo: ExitStack) -> None:
    files = first_gateway.secret_files(answers.sms, answers.gateway)
    if files:
        _make_folder(folder / first_gateway.SECRETS, undo, 0o700)
    for file in files.values():
        keyfiles.make_secret(folder / file)
        undo.callback((folder / file).unlink, missing_ok=True)


def _make_database(
    config: Config, project: ProjectSettings, entries: Sequence[FaqText], undo: ExitStack, now: datetime
) -> None:
    with closing(config.open_store()) as store:
        if (path := store.sqlite_path) is not None:
            _make_folder(path.parent, undo)
            path.touch(0o600, exist_ok=False)
            for suffix in ("", "-wal", "-shm"):
                undo.callback(path.with_name(path.name + suffix).unlink, missing_ok=True)
        schema.upgrade(store)
        with store.transaction() as tx:
            _load(tx, project, entries, now)


def _load(tx: Tx, project: ProjectSettings, entries: Sequence[FaqText], now: datetime) -> None:
    try:
        settings_rows.current(tx)
    except settings_rows.NoSettings:
        settings_rows.add(tx, project, actor="staff", actor_id=None, now=now)
        audit.add(tx, "settings.loaded", actor="staff", now=now, data={"project": project.name})
        if entries:
            faq.bring_in(tx, entries, now=now)
    else:
        raise SetupRefused("the database holds a project already; nothing was changed")


_HEAD = """\
# Where this installation finds its database, keys and gateways; config.example.toml explains every key.
# Secrets never stand here: KEY_env names an environment variable, KEY_file a file. Paths are relative to this file.

# The project's rules as they were first loaded; they are in the database now, and are changed there.
project = "project.toml"

# The address at which providers and people reach this installation (https).
{public_url}

[database]
# A file beside this one, or postgresql://user@host/name.
url = {database_url}

[keys]
# What encrypts names, numbers and sensitive texts. Whoever loses these files loses the names; keep a copy elsewhere.
personal_file = "keys/personal.key"
sensitive_file = "keys/sensitive.key"
lookup_file = "keys/lookup.key"

[web]
# Only this machine; a reverse proxy with a certificate stands before it.
host = "127.0.0.1"
port = 8080
"""

_PHONE = """\
[phone]
# The simulator at /phone/: whoever sees it reads and writes as anybody. Never where real people write.
enabled = {enabled}
"""

_TELEGRAM = """\
[[telegram]]
name = "{name}"
# The environment variable that holds the token which @BotFather gave.
token_env = {token_env}
# "polling" asks Telegram for messages; "webhook" has them brought to public_url.
mode = "polling"
"""
