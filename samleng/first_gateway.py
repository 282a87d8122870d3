"""The first SMS gateway of a new installation: what each kind asks for, its table in the configuration, its secrets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import click

from samleng.config.descriptions import packaged, secret_variables
from samleng.files.tomls import toml

Sms = Literal["kannel", "gammu", "android", "http", "twilio", "phone", "none"]
SMS_CHOICES: tuple[Sms, ...] = ("kannel", "gammu", "android", "http", "twilio", "phone", "none")

SECRETS = "secrets"
"""The folder beside the configuration in which secrets of our own making lie."""

Given = Mapping[str, str]
"""What was answered, by the key of the gateway's table."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that is asked for: the key of the table, what it is, where it is found, and what is offered.

    Without `offer` something must be typed; with an empty one nothing need be, and the key is left out.
    """

    key: str
    what: str
    where: str
    offer: str | None = None
    is_number: bool = False

    def line(self, given: Given) -> str:
        """Return the key's line in the configuration, commented out where nothing was given."""
        value = given.get(self.key) or self.offer or ""
        shown = value if self.is_number else toml(value)
        return f"# {self.what}: {self.where}.\n" + (f"{self.key} = {shown}" if value else f"# {self.key} =")


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of gateway asks for, the secrets that are made for it (by key), and what to do after `init`."""

    wanted: tuple[Wanted, ...]
    made: tuple[str, ...] = ()
    then: tuple[str, ...] = ()


_RATE = Wanted("rate", "Messages a second", "what the operator or provider grants", "1.0", is_number=True)
_FILES = "Get the files for the other end and put them in place: samleng gateway files {name} --to FOLDER"
_TYPED = "Read what to set at the other end: samleng gateway files {name}"

KINDS: Mapping[str, Kind] = {
    "kannel": Kind(
        (
            Wanted("from", "Short code or number that people write to", "in the operator's contract"),
            Wanted("username", "Name with which Samleng logs in to smsbox", "any name of your own", "samleng"),
            _RATE,
        ),
        made=("password", "callback_secret"),
        then=(_FILES,),
    ),
    "gammu": Kind(
        (
            Wanted("database", "SMSD's SQLite file", "where you want it", "/var/lib/samleng-sms/smsd.db"),
            Wanted("phone_id", "Name of the modem", "any name of your own", "modem-1"),
            Wanted("daily_cap", "SMS that the SIM may send a day", "ask the operator's shop", "", is_number=True),
        ),
        made=("call_secret",),
        then=(_FILES,),
    ),
    "android": Kind(
        (
            Wanted(
                "base_url",
                "Address of the phone or its server",
                "the app's home page; the server's ends in /3rdparty/v1",
                "https://api.sms-gate.app/3rdparty/v1",
            ),
            Wanted("username", "User name", "the app's home page"),
            Wanted(
                "password_env",
                "Environment variable that holds the password",
                "the password stands on the app's home page",
                "SAMLENG_PHONE_PASSWORD",
            ),
            Wanted(
                "signing_key_env",
                "Environment variable that holds the signing key",
                "the key stands in the app under Settings, Webhooks, Signing Key",
                "SAMLENG_PHONE_KEY",
            ),
        ),
        then=(_TYPED,),
    ),
    "http": Kind(
        (
            Wanted("described_by", f"Aggregator ({', '.join(packaged())})", "docs/gateways.md tells of others", ""),
            Wanted("from", "Registered sender or short code", "in the aggregator's console or contract"),
            Wanted("username", "Name of the account", "in the aggregator's console or contract"),
            _RATE,
        ),
        then=(_TYPED,),
    ),
    "twilio": Kind(
        (
            Wanted("account_sid", "Twilio's Account SID (AC…)", "Twilio's console, Account Info"),
            Wanted("from", "Number or messaging service to send from", "Twilio's console, Phone Numbers or Messaging"),
            Wanted(
                "auth_token_env",
                "Environment variable that holds Twilio's auth token",
                "the token stands in Twilio's console, Account Info",
                "SAMLENG_TWILIO_TOKEN",
            ),
        ),
        then=(_TYPED,),
    ),
}


def name_of(sms: Sms, given: Given) -> str:
    """Return the name that the first gateway gets: its kind's, or that of the aggregator."""
    return given.get("described_by") or sms if sms == "http" else sms


def ask(sms: Sms, given: Given) -> dict[str, str]:
    """Ask on the terminal for what a kind wants, offering what was given already, and return what was answered."""
    answers = dict(given)
    for each in KINDS[sms].wanted if sms in KINDS else ():
        offer = given.get(each.key, each.offer)
        if sms == "http" and each.key == "described_by":
            answers[each.key] = click.prompt(each.what, type=click.Choice(list(packaged())), default=offer or None)
            continue
        answers[each.key] = click.prompt(f"{each.what} ({each.where})", default=offer).strip()
    return answers


def unknown_keys(sms: Sms, given: Given) -> list[str]:
    """Return the keys that a kind does not ask for."""
    known = {each.key for each in KINDS[sms].wanted} if sms in KINDS else set()
    return sorted(given.keys() - known)


def variables(sms: Sms, given: Given) -> list[str]:
    """Return the environment variables that the table will name, or its description does."""
    wanted = KINDS[sms].wanted if sms in KINDS else ()
    named = [given.get(each.key) or each.offer or "" for each in wanted if each.key.endswith("_env")]
    described = secret_variables(given.get("described_by", "")) if sms == "http" else []
    return [each for each in named + described if each]


def secret_files(sms: Sms, given: Given) -> dict[str, str]:
    """Return the files of the secrets that are made for a gateway, by key, as seen from the configuration."""
    made = KINDS[sms].made if sms in KINDS else ()
    return {key: f"{SECRETS}/{name_of(sms, given)}-{key.replace('_', '-')}" for key in made}


def next_steps(sms: Sms, given: Given) -> list[str]:
    """Return what is to be done at the other end."""
    steps = KINDS[sms].then if sms in KINDS else ()
    name = name_of(sms, given)
    tried = [f"Once it runs, try it: samleng check --send +855… --gateway {name}"] if steps else []
    return [*(each.format(name=name) for each in steps), *tried]


def table(sms: Sms, given: Given) -> str:
    """Return the gateway's table, commented; empty where there is none."""
    return "\n".join(_lines(sms, given)) + "\n" if sms in KINDS else ""


def _lines(sms: Sms, given: Given) -> Iterator[str]:
    yield f'[[sms_gateway]]\nname = {toml(name_of(sms, given))}\nkind = "{sms}"'
    wanted = [each for each in KINDS[sms].wanted if not (sms == "http" and each.key == "username")]
    for each in wanted:
        yield each.line(given)
    for key, file in secret_files(sms, given).items():
        yield f"# Made for this gateway alone; `samleng gateway files` tells the other end.\n{key}_file = {toml(file)}"
    if sms == "android" and "/3rdparty/" not in (given.get("base_url") or "/3rdparty/"):
        yield "# The address is the phone's own.\nlocal = true"
    if sms == "http":
        account = toml(given.get("username", ""))
        yield f"# What stands here counts before the description.\n[sms_gateway.send.fields]\nusername = {account}"
