"""The whole configuration: tables that are no gateway's, what is wrong between tables, and reading the file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, SecretStr, ValidationError, ValidationInfo

from domain.inbound import Channel
from domain.ports import GatewayInfo
from samleng.config.descriptions import described, faults_of_rows, settings_of
from samleng.config.fields import (
    TOLD,
    EnvName,
    FilePath,
    Name,
    Place,
    PublicUrl,
    Table,
    Url,
    place_of,
    resolved,
    secret,
    secret_text,
    wrong,
)
from samleng.config.sms import CALLED_KINDS, AndroidTable, HttpTable, SmsGatewayConfig
from samleng.files.keyfiles import RESTORE
from samleng.files.projects import ConfigFaults, Fault, faults_of, read_toml
from sms_gateway.generic import GenericSettings
from storage import KeyFault, Keyring, Store
from storage.keys import read_keys

SIMULATORS = {"phone-sms": Channel.SMS, "phone-telegram": Channel.TELEGRAM}
"""The gateways of the phone simulator, there while `[phone] enabled` is true."""

_TELEGRAM_RATE, _SIMULATOR_RATE = 30.0, 100.0


def find_path(option: str | None, environ: Mapping[str, str]) -> Path:
    """Return where the configuration is: the option, else `SAMLENG_CONFIG`, else `config.toml` in this folder."""
    return Path(option or environ.get("SAMLENG_CONFIG") or "config.toml")


def load(path: Path, environ: Mapping[str, str]) -> "Config":
    """Read a configuration with its secrets. Raises `ConfigFaults` with every fault of the file at once."""
    raw = read_toml(path, "`samleng init` makes one; or name it with --config or in SAMLENG_CONFIG")
    place = Place(path.absolute().parent, environ)
    rows = _rows(raw, "sms_gateway")
    config: Config | None = None
    faults = [*_across(raw), *faults_of_rows(rows, str(raw.get("public_url") or ""), place)]
    try:
        config = Config.model_validate(raw, context=place)
        faults += _phones(config.sms_gateway)
    except ValidationError as error:
        faults = [*faults_of(error, Config), *faults]
    if faults or config is None:
        raise ConfigFaults(path, list(dict.fromkeys(faults)))
    config._path = path.absolute()
    config._described = {row["name"]: described(row, key, place) for key, row in rows if row.get("kind") == "http"}
    return config


def _webhook_secret(value: object, info: ValidationInfo) -> object:
    text = secret(value, info, needed=info.data.get("mode") == "webhook")
    if text is None:
        return None
    # https://core.telegram.org/bots/api#setwebhook, secret_token
    if not re.fullmatch("[A-Za-z0-9_-]{1,256}", text):
        raise wrong("is not a secret that Telegram takes", "use 1 to 256 of A-Z, a-z, 0-9, _ and -")
    return text


def _keys(value: object, info: ValidationInfo) -> object:
    text = secret(value, info)
    try:
        keys = read_keys(str(text)) if text != TOLD else {}
    except KeyFault as fault:
        raise wrong(f"holds no keys: {fault}", RESTORE) from None
    if info.field_name == "lookup" and len(keys) > 1:
        raise wrong("holds more than one key", "keep the first: hashes are made with one key only")
    return text


def _database_url(value: object, info: ValidationInfo) -> object:
    """Return an address of SQLAlchemy's form; it may stand in the file, or elsewhere where it holds a password."""
    if value is not None and not isinstance(value, str):
        return value
    given = secret_text(info)
    if value is not None and given is not None:
        raise wrong("is given twice", f"keep {info.field_name}, {info.field_name}_env or {info.field_name}_file")
    url = value or given
    if url is None and info.field_name == "direct_url":
        return None
    scheme, found, rest = (url or "").partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/") not in {"", ":memory:"}:
        return f"sqlite:///{place_of(info).folder / rest[1:]}"
    if url != TOLD and (not found or scheme not in {"postgresql", "postgres", "postgresql+psycopg"} or not rest):
        what = "is missing" if url is None else "is not a database's address"
        raise wrong(what, "write sqlite:///samleng.db (a file beside this one) or postgresql://user@host/name")
    return url


DatabaseUrl = Annotated[str, BeforeValidator(_database_url)]


class DatabaseConfig(Table):
    """`[database]`: `url` for most, `direct_url` past a connection pooler, for locks and notices (PostgreSQL)."""

    url_env: EnvName | None = None
    url_file: FilePath | None = None
    url: DatabaseUrl = Field(default=None, validate_default=True, repr=False)
    direct_url_env: EnvName | None = None
    direct_url_file: FilePath | None = None
    direct_url: DatabaseUrl | None = Field(default=None, validate_default=True, repr=False)
    pool_size: int = Field(default=20, ge=1, le=200)


class KeysConfig(Table):
    """`[keys]`: what encrypts names and texts and makes the hashes; by default in the folder `keys` beside the file."""

    personal_env: EnvName | None = None
    personal_file: FilePath | None = None
    personal: Annotated[SecretStr, BeforeValidator(_keys)] = resolved()
    sensitive_env: EnvName | None = None
    sensitive_file: FilePath | None = None
    sensitive: Annotated[SecretStr, BeforeValidator(_keys)] = resolved()
    lookup_env: EnvName | None = None
    lookup_file: FilePath | None = None
    lookup: Annotated[SecretStr, BeforeValidator(_keys)] = resolved()


class WebConfig(Table):
    """`[web]`: where the application listens, and how many requests it serves at once."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8080, ge=1, le=65535)
    threads: int = Field(default=8, ge=1, le=128)


class AuditConfig(Table):
    """`[audit]`: the second place to which the head of the audit chain goes each day."""

    head_file: FilePath | None = None


class PhoneConfig(Table):
    """`[phone]`: the simulator, in which anybody who sees it reads and writes as anybody."""

    enabled: bool = False


class TelegramConfig(Table):
    """`[[telegram]]`: one bot."""

    name: Name
    mode: Literal["polling", "webhook"] = "polling"
    token_env: EnvName | None = None
    token_file: FilePath | None = None
    token: Annotated[SecretStr, BeforeValidator(secret)] = resolved()
    webhook_secret_env: EnvName | None = None
    webhook_secret_file: FilePath | None = None
    webhook_secret: Annotated[SecretStr | None, BeforeValidator(_webhook_secret)] = resolved()
    base_url: Url | None = None
    base_file_url: Url | None = None


class Config(Table):
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
    _described: dict[str, dict[str, Any]] = PrivateAttr(default={})

    @property
    def path(self) -> Path:
        """Return where the configuration was read from."""
        return self._path

    def described(self, gateway: HttpTable, country: str) -> GenericSettings:
        """Return what describes a gateway of kind http; `country` (ISO 3166) says how to read bare numbers."""
        table, place = self._described[gateway.name], f"sms_gateway.{gateway.name}"
        named = {"name": gateway.name, "sender": gateway.sender, "public_url": self.public_url}
        return settings_of(table, place, country=country, **named)

    def keyring(self) -> Keyring:
        """Return the keys of the database."""
        personal, sensitive, lookup = (
            read_keys(each.get_secret_value()) for each in (self.keys.personal, self.keys.sensitive, self.keys.lookup)
        )
        return Keyring(personal, sensitive, next(iter(lookup.values())))

    @property
    def sqlite_path(self) -> Path | None:
        """Return where the SQLite file lies, or None on PostgreSQL."""
        url = self.database.url
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None

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
        infos = {each.name: each.info() for each in self.sms_gateway if each.kind != "phone"}
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
    called += [place for place, row in gateways if row.get("kind") in CALLED_KINDS]
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


def _phones(gateways: Iterable[SmsGatewayConfig]) -> Iterator[Fault]:
    """Find what is wrong between the SIMs of one Android phone: it calls the first one's routes for all of them."""
    seen: dict[tuple[str, str | None], list[AndroidTable]] = {}
    for index, each in enumerate(gateways):
        if not isinstance(each, AndroidTable):
            continue
        place, others = f"sms_gateway[{index}]", seen.setdefault(each.phone, [])
        if others and (each.sim_number is None or each.sim_number in {other.sim_number for other in others}):
            what = f"does not tell this SIM from that of {others[0].name}, which is in the same phone"
            yield Fault(f"{place}.sim_number", what, "number the phone's SIMs as the app does: 1, 2, 3")
        elif others and others[0].sim_number is None:
            yield Fault(f"{place}.sim_number", f"{others[0].name}, in the same phone, has none", "number it too")
        if others and each.signing_key != others[0].signing_key:
            what = f"is another than that of {others[0].name}, which is the same phone"
            yield Fault(f"{place}.signing_key", what, "name the same secret: the app has one signing key")
        others.append(each)
