"""The configuration file: its tables and keys, and reading it with every fault found in one run."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from domain.inbound import Channel
from domain.ports import GatewayInfo
from samleng.keyfiles import KEY_FOLDER, PURPOSES, RESTORE, SecretFault, from_file, from_variable, path_in
from samleng.projects import ConfigFaults, Fault, faults_of, read_toml
from storage import KeyFault, Keyring, Store
from storage.keys import read_keys

__all__ = ["Config", "ConfigFaults", "Fault", "SmsGatewayConfig", "TelegramConfig", "find_path", "is_loopback", "load"]

SIMULATORS = {"phone-sms": Channel.SMS, "phone-telegram": Channel.TELEGRAM}
"""The gateways of the phone simulator, there while `[phone] enabled` is true."""

UNBUILT = ("kannel", "gammu", "android", "http")
"""Kinds of SMS gateway that this version does not have yet."""

_TELEGRAM_RATE, _SIMULATOR_RATE = 30.0, 100.0


def find_path(option: str | None, environ: Mapping[str, str]) -> Path:
    """Return where the configuration is: the option, else `SAMLENG_CONFIG`, else `config.toml` in this folder."""
    return Path(option or environ.get("SAMLENG_CONFIG") or "config.toml")


def load(path: Path, environ: Mapping[str, str]) -> "Config":
    """Read a configuration with its secrets. Raises `ConfigFaults` with every fault of the file at once."""
    raw = read_toml(path, "`samleng init` makes one; or name it with --config or in SAMLENG_CONFIG")
    faults = list(_across(raw))
    try:
        config = Config.model_validate(raw, context=_Place(path.absolute().parent, environ))
    except ValidationError as error:
        faults = [*_without_unbuilt(raw, faults_of(error, Config)), *faults]
    if faults:
        raise ConfigFaults(path, faults)
    config._path = path.absolute()
    return config


@dataclass(frozen=True, slots=True)
class _Place:
    """What validators need to know: the folder that paths are relative to, and the environment."""

    folder: Path
    environ: Mapping[str, str]


def _wrong(what: str, remedy: str, key: str = "") -> PydanticCustomError:
    """Return a validator's error; `key` where it belongs to another key of the same table."""
    return PydanticCustomError("wrong", "{what}", {"what": what, "remedy": remedy, "key": key})


def _place(info: ValidationInfo) -> _Place:
    assert isinstance(info.context, _Place)
    return info.context


def _path(value: object, info: ValidationInfo) -> object:
    return _place(info).folder / value if isinstance(value, str) else value


def _form(pattern: str, remedy: str) -> BeforeValidator:
    """Return a validator of texts that shows no value: it may be a secret at the wrong key."""

    def check(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise _wrong("has not the right form", remedy)
        return value

    return BeforeValidator(check)


def _kind(value: object) -> object:
    if value in UNBUILT:
        raise _wrong(f"this version has no gateways of kind {value} yet", "it has twilio, and phone (the simulator)")
    return value


def _account(value: object, info: ValidationInfo) -> object:
    if value is None and info.data.get("kind") == "twilio":
        raise _wrong("is missing", "copy the Account SID (AC…) from Twilio's console")
    if isinstance(value, str) and not re.fullmatch(r"AC\w+", value):
        raise _wrong("is not an Account SID", "copy the one that begins with AC from Twilio's console")
    return value


def _url(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or re.search(r"\s", value):
        raise _wrong("is not a web address", "write it whole, like https://samleng.example.org")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise _wrong("holds more than host and path", "take out user name, password, ? and #")
    return value.rstrip("/")


def _public_url(value: object) -> object:
    value = _url(value)
    if isinstance(value, str) and value.startswith("http:") and not is_loopback(urlsplit(value).hostname or ""):
        raise _wrong("is plain http, which anybody on the way can read", "use https; http is for 127.0.0.1 alone")
    return value


def _secret(value: object, info: ValidationInfo, *, needed: bool = True) -> str | None:
    """Return the secret that KEY_env or KEY_file names; the configuration itself must not hold it."""
    name = info.field_name
    how = f"name an environment variable in {name}_env or a file in {name}_file"
    if value is not None:
        raise _wrong("a secret is written into the file", f"take it out and {how}")
    text = _secret_text(info)
    if text is None and needed:
        raise _wrong("is missing", how)
    return text


def _twilio_secret(value: object, info: ValidationInfo) -> object:
    return _secret(value, info, needed=info.data.get("kind") == "twilio")


def _webhook_secret(value: object, info: ValidationInfo) -> object:
    text = _secret(value, info, needed=info.data.get("mode") == "webhook")
    if text is None:
        return None
    # https://core.telegram.org/bots/api#setwebhook, secret_token
    if not re.fullmatch("[A-Za-z0-9_-]{1,256}", text):
        raise _wrong("is not a secret that Telegram takes", "use 1 to 256 of A-Z, a-z, 0-9, _ and -")
    return text


def _keys(value: object, info: ValidationInfo) -> object:
    text = _secret(value, info)
    try:
        keys = read_keys(str(text)) if text != _TOLD else {}
    except KeyFault as fault:
        raise _wrong(f"holds no keys: {fault}", RESTORE) from None
    if info.field_name == "lookup" and len(keys) > 1:
        raise _wrong("holds more than one key", "keep the first: hashes are made with one key only")
    return text


def _database_url(value: object, info: ValidationInfo) -> object:
    """Return an address of SQLAlchemy's form; it may stand in the file, or elsewhere where it holds a password."""
    if value is not None and not isinstance(value, str):
        return value
    given = _secret_text(info)
    if value is not None and given is not None:
        raise _wrong("is given twice", f"keep {info.field_name}, {info.field_name}_env or {info.field_name}_file")
    url = value or given
    if url is None and info.field_name == "direct_url":
        return None
    scheme, found, rest = (url or "").partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/") not in {"", ":memory:"}:
        return f"sqlite:///{_place(info).folder / rest[1:]}"
    if url != _TOLD and (not found or scheme not in {"postgresql", "postgres", "postgresql+psycopg"} or not rest):
        what = "is missing" if url is None else "is not a database's address"
        raise _wrong(what, "write sqlite:///samleng.db (a file beside this one) or postgresql://user@host/name")
    return url


def _secret_text(info: ValidationInfo) -> str | None:
    """Return what KEY_env or KEY_file leads to, or None where neither is given."""
    env_key, file_key = f"{info.field_name}_env", f"{info.field_name}_file"
    if not {env_key, file_key} <= info.data.keys():
        return _TOLD
    env, file = info.data[env_key], info.data[file_key]
    if env and file:
        raise _wrong(f"{env_key} and {file_key} are both given", "keep one of them", env_key)
    if not env and not file and info.field_name in PURPOSES:
        file = path_in(_place(info).folder / KEY_FOLDER, str(info.field_name))
    try:
        return from_variable(env, _place(info).environ) if env else from_file(file) if file else None
    except SecretFault as fault:
        remedy = RESTORE if info.field_name in PURPOSES else fault.remedy
        raise _wrong(fault.what, remedy, env_key if env else file_key) from None


_TOLD = "told-elsewhere"
"""Stands in for a secret whose KEY_env or KEY_file is itself wrong, which is a fault of its own."""


_NAME = "use 1 to 32 small letters a-z, digits and hyphens; phone-sms and phone-telegram are the simulator's own"
_ENV = "write the name of an environment variable, like SAMLENG_TOKEN; a secret that stood here should be replaced"
_SENDER = "write a number like +85512345678, a messaging service (MG…) or a name of up to 11 letters"

Name = Annotated[str, _form("(?!phone-(sms|telegram)$)[a-z0-9-]{1,32}", _NAME)]
EnvName = Annotated[str, _form("[A-Za-z_][A-Za-z0-9_]*", _ENV)]
Sender = Annotated[str, _form(r"\+[1-9]\d{6,14}|\d{3,8}|MG\w+|[A-Za-z0-9 ]{1,11}", _SENDER)]
FilePath = Annotated[Path, BeforeValidator(_path)]
Url = Annotated[str, BeforeValidator(_url)]
PublicUrl = Annotated[str, BeforeValidator(_public_url)]
DatabaseUrl = Annotated[str, BeforeValidator(_database_url)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


def _resolved() -> Any:
    """Declare a secret, which KEY_env and KEY_file before it lead to."""
    return Field(default=None, validate_default=True, exclude=True)


class DatabaseConfig(_Table):
    """`[database]`: `url` for most, `direct_url` past a connection pooler, for locks and notices (PostgreSQL)."""

    url_env: EnvName | None = None
    url_file: FilePath | None = None
    url: DatabaseUrl = Field(default=None, validate_default=True, repr=False)
    direct_url_env: EnvName | None = None
    direct_url_file: FilePath | None = None
    direct_url: DatabaseUrl | None = Field(default=None, validate_default=True, repr=False)
    pool_size: int = Field(default=20, ge=1, le=200)


class KeysConfig(_Table):
    """`[keys]`: what encrypts names and texts and makes the hashes; by default in the folder `keys` beside the file."""

    personal_env: EnvName | None = None
    personal_file: FilePath | None = None
    personal: Annotated[SecretStr, BeforeValidator(_keys)] = _resolved()
    sensitive_env: EnvName | None = None
    sensitive_file: FilePath | None = None
    sensitive: Annotated[SecretStr, BeforeValidator(_keys)] = _resolved()
    lookup_env: EnvName | None = None
    lookup_file: FilePath | None = None
    lookup: Annotated[SecretStr, BeforeValidator(_keys)] = _resolved()


class WebConfig(_Table):
    """`[web]`: where the application listens, and how many requests it serves at once."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8080, ge=1, le=65535)
    threads: int = Field(default=8, ge=1, le=128)


class AuditConfig(_Table):
    """`[audit]`: the second place to which the head of the audit chain goes each day."""

    head_file: FilePath | None = None


class PhoneConfig(_Table):
    """`[phone]`: the simulator, in which anybody who sees it reads and writes as anybody."""

    enabled: bool = False


class TelegramConfig(_Table):
    """`[[telegram]]`: one bot."""

    name: Name
    mode: Literal["polling", "webhook"] = "polling"
    token_env: EnvName | None = None
    token_file: FilePath | None = None
    token: Annotated[SecretStr, BeforeValidator(_secret)] = _resolved()
    webhook_secret_env: EnvName | None = None
    webhook_secret_file: FilePath | None = None
    webhook_secret: Annotated[SecretStr | None, BeforeValidator(_webhook_secret)] = _resolved()
    base_url: Url | None = None
    base_file_url: Url | None = None


class SmsGatewayConfig(_Table):
    """`[[sms_gateway]]`: one way to send and receive SMS; `rate` in messages a second."""

    name: Name
    kind: Annotated[Literal["twilio", "phone"], BeforeValidator(_kind)]
    sender: Sender | None = Field(default=None, alias="from")
    base_url: Url | None = None
    rate: float = Field(default=1.0, gt=0, le=1000)
    max_segments: int = Field(default=6, ge=1, le=10)
    account_sid: Annotated[str | None, BeforeValidator(_account)] = Field(default=None, validate_default=True)
    auth_token_env: EnvName | None = None
    auth_token_file: FilePath | None = None
    auth_token: Annotated[SecretStr | None, BeforeValidator(_twilio_secret)] = _resolved()


class Config(_Table):
    """The whole configuration, with its secrets. `public_url` is empty where nobody calls from outside."""

    project: FilePath | None = None
    public_url: PublicUrl = ""
    allow_time_travel: bool = False
    database: DatabaseConfig = Field(default={}, validate_default=True)
    keys: KeysConfig = Field(default={}, validate_default=True)
    web: WebConfig = WebConfig()
    audit: AuditConfig = AuditConfig()
    phone: PhoneConfig = PhoneConfig()
    telegram: tuple[TelegramConfig, ...] = Field(default=(), strict=False)
    sms_gateway: tuple[SmsGatewayConfig, ...] = Field(default=(), strict=False)

    _path: Path = PrivateAttr(default=Path("config.toml"))

    @property
    def path(self) -> Path:
        """Return where the configuration was read from."""
        return self._path

    def keyring(self) -> Keyring:
        """Return the keys of the database."""
        personal, sensitive, lookup = (
            read_keys(each.get_secret_value()) for each in (self.keys.personal, self.keys.sensitive, self.keys.lookup)
        )
        return Keyring(personal, sensitive, next(iter(lookup.values())))

    def open_store(self) -> Store:
        """Return the database; it is not asked for anything yet."""
        database = self.database
        return Store(database.url, self.keyring(), direct_url=database.direct_url, pool_size=database.pool_size)

    def simulators(self) -> dict[str, Channel]:
        """Return the names and channels of the phone simulator's gateways: none unless it is enabled."""
        if not self.phone.enabled:
            return {}
        return {each.name: Channel.SMS for each in self.sms_gateway if each.kind == "phone"} | SIMULATORS

    def gateway_infos(self) -> dict[str, GatewayInfo]:
        """Return what the core knows of each gateway; a channel's first is its default, so simulators are last."""
        infos = {
            each.name: GatewayInfo(each.name, Channel.SMS, rate=each.rate, max_segments=each.max_segments)
            for each in self.sms_gateway
            if each.kind != "phone"
        }
        infos |= {each.name: GatewayInfo(each.name, Channel.TELEGRAM, rate=_TELEGRAM_RATE) for each in self.telegram}
        for name, channel in self.simulators().items():
            infos[name] = GatewayInfo(name, channel, rate=_SIMULATOR_RATE, simulator=True)
        return infos


def _rows(raw: Mapping[str, Any], table: str) -> list[tuple[str, dict[str, Any]]]:
    rows = raw.get(table)
    return [
        (f"{table}[{i}]", row) for i, row in enumerate(rows if isinstance(rows, list) else ()) if isinstance(row, dict)
    ]


def _across(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Find what is wrong between tables; a table's own faults are its model's."""
    gateways, bots, taken = _rows(raw, "sms_gateway"), _rows(raw, "telegram"), set[str]()
    for place, row in [*bots, *gateways]:
        name = str(row.get("name", place))
        if name in taken:
            yield Fault(f"{place}.name", f"another bot or gateway is called {name} too", "give each its own name")
        taken.add(name)
    called = [place for place, row in bots if row.get("mode") == "webhook"]
    called += [place for place, row in gateways if row.get("kind") == "twilio"]
    if called and raw.get("public_url") is None:
        yield Fault(
            "public_url",
            f"is missing, and {' and '.join(called)} must be called from outside",
            "write the https address",
        )
    phone = raw.get("phone")
    for place, row in gateways:
        if row.get("kind") == "phone" and not (isinstance(phone, dict) and phone.get("enabled")):
            yield Fault(
                f"{place}.kind", "the phone simulator is off", "write enabled = true under [phone], or take it out"
            )


def _without_unbuilt(raw: Mapping[str, Any], faults: list[Fault]) -> list[Fault]:
    """Leave out what a gateway of a kind not built yet has of its own keys: only its kind is a fault."""
    places = tuple(f"{place}." for place, row in _rows(raw, "sms_gateway") if row.get("kind") in UNBUILT)
    return [each for each in faults if not each.key.startswith(places) or each.key.endswith((".kind", ".name"))]


def is_loopback(host: str) -> bool:
    """Tell whether a host is reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
