"""The other end of each SMS gateway: the files that its own programs need, and what somebody must set there by hand."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from samleng.config import Config, SmsGatewayConfig
from samleng.config.sms import AndroidTable, GammuTable, HttpTable, KannelTable, PhoneTable, TwilioTable
from sms_gateway.gammu import GammuSettings
from sms_gateway.gammu import example_configuration as smsd_configuration
from sms_gateway.gammu.calls import incoming_call_hook
from sms_gateway.gammu.store import create_database
from sms_gateway.kannel import Boxes, KannelSettings, SmppAccount, example_configuration

HOST, ACCOUNT, PASSWORD = "smpp.operator.example", "ACCOUNT", "PASSWORD"
"""What stands in `kannel.conf` where the operator's own values belong."""

DEVICE = "/dev/serial/by-id/YOUR-MODEM"
"""What stands in SMSD's configuration where the modem's device belongs."""


class NotMade(Exception):
    """Nothing was written; its text says why and what to do."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the other end. `mode` keeps it from everybody but its owner: most hold secrets."""

    name: str
    text: str
    mode: int = 0o600


@dataclass(frozen=True, slots=True)
class OtherEnd:
    """What a gateway's other end needs: files for a folder, SMSD's database if it has one, and steps without secrets."""

    steps: tuple[str, ...]
    files: tuple[File, ...] = ()
    database: Path | None = None


def other_end(config: Config, table: SmsGatewayConfig, folder: Path) -> OtherEnd:
    """Return what the other end of a gateway needs, its files to lie in `folder` for good or to be moved from there."""
    match table:
        case KannelTable():
            return _kannel(config, table, folder)
        case GammuTable():
            return _gammu(config, table, folder)
        case AndroidTable():
            return OtherEnd(tuple(_android(config, table)))
        case TwilioTable():
            return OtherEnd(tuple(_twilio(config, table)))
        case HttpTable():
            return OtherEnd(tuple(_http(config, table)))
        case PhoneTable():
            return OtherEnd(("The simulator needs nothing: open /phone/.",))
    assert_never(table)


def write(made: OtherEnd, folder: Path, *, force: bool) -> list[Path]:
    """Write the files and make the database, all or nothing, and return what was written.

    A file that is there is left alone: `NotMade`, unless `force`. A database that is there is never touched.
    """
    paths = {folder / each.name: each for each in made.files}
    there = [path for path in paths if path.exists() or path.is_symlink()]
    if there and not force:
        raise NotMade(f"{there[0]} is there already, and nothing was written; --force writes over it")
    database = [made.database] if made.database and not made.database.exists() else []
    try:
        with ExitStack() as undo:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path, each in paths.items():
                _write(path, each, undo)
            for each_database in database:
                create_database(each_database)
            undo.pop_all()
    except FileNotFoundError as fault:
        raise NotMade(f"{fault}: make that folder first, as docs/gateways.md says") from None
    except OSError as fault:
        raise NotMade(f"{fault.filename or folder} cannot be written ({fault.strerror}); run it as root") from None
    return [*paths, *database]


def _write(path: Path, file: File, undo: ExitStack) -> None:
    """Put a file in its place whole, readable by its owner alone from its first byte."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    undo.callback(unfinished.unlink, missing_ok=True)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(file.text)
    unfinished.chmod(file.mode)
    if not path.exists():
        undo.callback(path.unlink, missing_ok=True)
    unfinished.replace(path)


def _local(config: Config, name: str, route: str) -> str:
    return f"http://127.0.0.1:{config.web.port}/sms/{name}/{route}"


def _public(config: Config, name: str, route: str) -> str:
    return f"{(config.public_url or 'PUBLIC_URL').rstrip('/')}/sms/{name}/{route}"


def _kannel(config: Config, table: KannelTable, folder: Path) -> OtherEnd:
    settings = KannelSettings(
        table.name,
        table.username,
        table.password.get_secret_value(),
        table.sender,
        table.callback_secret.get_secret_value(),
        base_url=table.base_url,
        callback_url=table.callback_url or f"http://127.0.0.1:{config.web.port}",
        smsc_id=table.smsc_id,
        max_parts=table.max_parts,
    )
    account = SmppAccount(HOST, 2775, ACCOUNT, PASSWORD, throughput=table.rate)
    text = example_configuration(settings, account, Boxes(admin_password=secrets.token_hex(16)))
    conf = folder / "kannel.conf"
    steps = (
        f"In {conf}, under group = smsc, write what the operator gave in place of {HOST}, {ACCOUNT} and {PASSWORD}.",
        "install -d -o kannel -m 0700 /var/spool/kannel /var/spool/kannel/dlr",
        f"install -o kannel -m 0400 {conf} /etc/kannel/kannel.conf",
        "In /etc/default/kannel: START_SMSBOX=1 without the #, and a # before START_WAPBOX.",
        "systemctl restart kannel",
        "curl 'http://127.0.0.1:13000/status.txt?password=…' with the admin-password of the file: an smsbox must be there.",
        "In the same list the operator's account must be online, under SMSC connections.",
    )
    return OtherEnd(steps, (File("kannel.conf", text),))


def _gammu(config: Config, table: GammuTable, folder: Path) -> OtherEnd:
    hook, header, rc = folder / "call-hook", folder / "call-header", folder / "gammu-smsdrc"
    secret = table.call_secret.get_secret_value() if table.call_secret else None
    modem = GammuSettings(table.name, table.database, table.phone_id, device=DEVICE, connection="at115200")
    extra: Mapping[str, str] = {"runonincomingcall": str(hook)} if secret else {}
    files = [File(rc.name, smsd_configuration(modem, extra))]
    if secret:
        files.append(File(header.name, f"X-Samleng-Secret: {secret}\n"))
        files.append(File(hook.name, incoming_call_hook(_local(config, table.name, "receive"), str(header)), 0o700))
    owned = " ".join(str(each) for each in (folder, *(folder / each.name for each in files), table.database))
    steps = (
        f"In {rc}, write the modem's device in place of {DEVICE}: ls /dev/serial/by-id/ shows it.",
        "Where the SIM has a PIN, write pin = … there in place of checksecurity = 0.",
        f"chown smsd:samleng-sms {owned}",
        f"Let gammu-smsd start with --config {rc} as the user smsd: docs/gateways.md has the lines for systemctl edit.",
        "systemctl restart gammu-smsd",
        *(() if secret else ("Missed calls are not taken: the table has no call_secret_file.",)),
    )
    return OtherEnd(steps, tuple(files), table.database)


def _android(config: Config, table: AndroidTable) -> Iterator[str]:
    yield "On the app's first page turn on " + ("Local server." if table.local else "Cloud server.")
    yield "Settings, Webhooks, Signing Key: the value that Samleng has too; copy it from here to there or back."
    yield "Settings, Ping: interval 60 seconds."
    yield "Settings, Messages: limits a minute and a day below what the SIM may send."
    yield "In Android's settings: no battery saving for the app, and the rights to send and read SMS."
    yield f"Webhooks: type none. Samleng registers {_public(config, table.name, 'receive')} and …/status when it starts."
    if not config.public_url.startswith("https:"):
        yield "public_url must be an https address that the phone reaches: the app calls nothing else."


def _twilio(config: Config, table: TwilioTable) -> Iterator[str]:
    where = "Twilio's console, Phone Numbers, the number, Messaging"
    yield f"{where}: A message comes in: Webhook, {_public(config, table.name, 'receive')}, HTTP POST."
    yield f"Receipts need no setting: each message asks for them at {_public(config, table.name, 'status')}."
    yield "With a messaging service: Integration, Send a webhook, the first address."


def _http(config: Config, table: HttpTable) -> Iterator[str]:
    described = config.described(table, "KH")  # whatever the country: only what it has is looked at
    for part, what, there in (
        ("receive", "Messages", described.receive is not None),
        ("status", "Delivery reports", described.status is not None),
    ):
        if there:
            yield f"{what}: give the aggregator {_public(config, table.name, part)} with the proof its description names."
        else:
            yield f"{what} do not come by this gateway: its description has no [sms_gateway.{part}]."
