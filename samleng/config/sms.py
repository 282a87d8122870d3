"""`[[sms_gateway]]`: the kinds of SMS gateway, each with its own keys."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field, PlainValidator, SecretStr, ValidationInfo

from domain.inbound import Channel
from domain.ports import FailureKind, GatewayInfo
from samleng.config.fields import EnvName, FilePath, Name, Sender, Table, Url, form, resolved, secret, wrong
from sms_gateway.kannel import misfit

Seconds = Annotated[float, Field(gt=0)]
Phone = Annotated[str, form(r"\+[1-9]\d{6,14}|\d{3,8}", "write the SIM's number like +85512345678")]


Prefix = Annotated[str, form(r"\+[1-9]\d{0,14}", "write how numbers begin, with the country's code, like +85510")]


class _SmsGateway(Table):
    """What all kinds have; `rate` in messages a second, `daily_cap` in SMS parts a day of the project, money in one unit."""

    name: Name
    rate: float = Field(default=1.0, gt=0, le=1000)
    max_segments: int = Field(default=6, ge=1, le=10)
    concurrency: int = Field(default=32, ge=1, le=1000)
    daily_cap: int | None = Field(default=None, ge=1)
    prefixes: tuple[Prefix, ...] = Field(default=(), strict=False)
    cost: float | None = Field(default=None, ge=0)
    low_credit: float | None = Field(default=None, ge=0)

    def info(self) -> GatewayInfo:
        """Return what the core knows of the gateway."""
        told = {name: getattr(self, name) for name in _SmsGateway.model_fields}
        return GatewayInfo(channel=Channel.SMS, **told)


def _account(value: object) -> object:
    if value is None:
        raise wrong("is missing", "copy the Account SID (AC…) from Twilio's console")
    if isinstance(value, str) and not re.fullmatch(r"AC\w+", value):
        raise wrong("is not an Account SID", "copy the one that begins with AC from Twilio's console")
    return value


class TwilioTable(_SmsGateway):
    """A number or messaging service of Twilio's."""

    kind: Literal["twilio"]
    sender: Sender | None = Field(default=None, alias="from")
    base_url: Url | None = None
    account_sid: Annotated[str, BeforeValidator(_account)] = Field(default=None, validate_default=True)
    auth_token_env: EnvName | None = None
    auth_token_file: FilePath | None = None
    auth_token: Annotated[SecretStr, BeforeValidator(secret)] = resolved()


class PhoneTable(_SmsGateway):
    """One more number in the phone simulator."""

    kind: Literal["phone"]


def _fitting(value: object, info: ValidationInfo) -> object:
    """Return a value that Kannel can work with; its number and type are pydantic's to check."""
    key = str(info.field_name)
    if isinstance(value, str) and (fault := misfit(key, value)):
        raise wrong("cannot be used with Kannel", f"it {fault}")
    return value


def _kannel_secret(value: object, info: ValidationInfo) -> object:
    return _fitting(secret(value, info), info)


class KannelTable(_SmsGateway):
    """An operator's SMPP account through Kannel's smsbox. Without `callback_url` smsbox calls this machine's port."""

    kind: Literal["kannel"]
    sender: Annotated[str, BeforeValidator(_fitting)] = Field(alias="from", repr=False)
    base_url: Annotated[Url, BeforeValidator(_fitting)] = "http://127.0.0.1:13013"
    callback_url: Annotated[Url, BeforeValidator(_fitting)] | None = None
    username: Annotated[str, BeforeValidator(_fitting)]
    password_env: EnvName | None = None
    password_file: FilePath | None = None
    password: Annotated[SecretStr, BeforeValidator(_kannel_secret)] = resolved()
    callback_secret_env: EnvName | None = None
    callback_secret_file: FilePath | None = None
    callback_secret: Annotated[SecretStr, BeforeValidator(_kannel_secret)] = resolved()
    smsc_id: Annotated[str, BeforeValidator(_fitting)] | None = None
    max_parts: int = Field(default=10, ge=1, le=255)
    errors: dict[str, Annotated[FailureKind, Field(strict=False)]] = Field(default={})
    timeout_s: float = Field(default=15.0, gt=0, le=120)


def _zone(value: object) -> object:
    if isinstance(value, str) and value not in available_timezones():
        raise wrong("is no time zone", "write a name of the IANA list, like Asia/Phnom_Penh")
    return ZoneInfo(value).key if isinstance(value, str) else value


def _optional_secret(value: object, info: ValidationInfo) -> object:
    return secret(value, info, needed=False)


class GammuTable(_SmsGateway):
    """A SIM in a USB modem, through Gammu SMSD's SQLite database."""

    kind: Literal["gammu"]
    database: FilePath
    phone_id: str = Field(min_length=1)
    timezone: Annotated[str, BeforeValidator(_zone)] | None = None
    silent_after_s: Seconds = 300.0
    part_wait_s: Seconds = 600.0
    keep_days: int = Field(default=7, ge=1)
    poll_s: float = Field(default=1.0, ge=0.1, le=60)
    busy_s: float = Field(default=5.0, gt=0, le=60)
    call_secret_env: EnvName | None = None
    call_secret_file: FilePath | None = None
    call_secret: Annotated[SecretStr | None, BeforeValidator(_optional_secret)] = resolved()

    @property
    def silent_after(self) -> timedelta:
        """Return after which silence the modem is unhealthy."""
        return timedelta(seconds=self.silent_after_s)

    def info(self) -> GatewayInfo:
        """Return what the core knows of the modem."""
        return replace(super().info(), silent_after=self.silent_after)


def _login(value: object, info: ValidationInfo) -> object:
    """Return a part of the login: a password where there is a user name, a bearer token where there is none."""
    has_user, is_password = bool(info.data.get("username")), info.field_name == "password"
    return secret(value, info, needed=has_user is is_password)


class AndroidTable(_SmsGateway):
    """One SIM of an Android phone with "SMS Gateway for Android". Tables with one phone share its webhooks."""

    kind: Literal["android"]
    sender: Phone | None = Field(default=None, alias="from", repr=False)
    base_url: Url
    local: bool = False
    username: str | None = Field(default=None, min_length=1)
    password_env: EnvName | None = None
    password_file: FilePath | None = None
    password: Annotated[SecretStr | None, BeforeValidator(_login)] = resolved()
    jwt: bool = False
    token_env: EnvName | None = None
    token_file: FilePath | None = None
    token: Annotated[SecretStr | None, BeforeValidator(_login)] = resolved()
    signing_key_env: EnvName | None = None
    signing_key_file: FilePath | None = None
    signing_key: Annotated[SecretStr, BeforeValidator(secret)] = resolved()
    device_id: str | None = Field(default=None, min_length=1)
    sim_number: int | None = Field(default=None, ge=1, le=8)
    ttl_s: int = Field(default=86_400, ge=60)
    silent_after_s: Seconds = 300.0
    timeout_s: float = Field(default=15.0, gt=0, le=120)

    @property
    def phone(self) -> tuple[str, str | None]:
        """Return what tells the phone apart from others."""
        return self.base_url, self.device_id

    def info(self) -> GatewayInfo:
        """Return what the core knows of the SIM."""
        return replace(super().info(), silent_after=timedelta(seconds=self.silent_after_s))


def _taken_elsewhere(value: object) -> object:
    """Let a description be whatever it is: `samleng.config.descriptions` reads it, and tells its faults by their keys."""
    return value


Described = Annotated[Any, PlainValidator(_taken_elsewhere)]


class HttpTable(_SmsGateway):
    """Any provider with an HTTP API, described here (`send`, `receive`, `status`) or in a file, or in both."""

    kind: Literal["http"]
    sender: str = Field(alias="from", min_length=1)
    described_by: str | None = None
    send: Described = None
    receive: Described = None
    status: Described = None


SmsGatewayConfig = Annotated[
    TwilioTable | PhoneTable | KannelTable | GammuTable | AndroidTable | HttpTable, Field(discriminator="kind")
]

CALLED_KINDS = ("twilio", "android")
"""The kinds whose provider must reach `public_url`."""
