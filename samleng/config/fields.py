"""What the tables of the configuration are made of: their base, and keys that are names, addresses, files or secrets."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from samleng.files.keyfiles import KEY_FOLDER, PURPOSES, RESTORE, SecretFault, from_file, from_variable, path_in


@dataclass(frozen=True, slots=True)
class Place:
    """What validators need to know: the folder that paths are relative to, and the environment."""

    folder: Path
    environ: Mapping[str, str]


def wrong(what: str, remedy: str, key: str = "") -> PydanticCustomError:
    """Return a validator's error; `key` where it belongs to another key of the same table."""
    return PydanticCustomError("wrong", "{what}", {"what": what, "remedy": remedy, "key": key})


def place_of(info: ValidationInfo) -> Place:
    """Return what the validators were given."""
    assert isinstance(info.context, Place)
    return info.context


def _path(value: object, info: ValidationInfo) -> object:
    return place_of(info).folder / value if isinstance(value, str) else value


def form(pattern: str, remedy: str) -> BeforeValidator:
    """Return a validator of texts that shows no value: it may be a secret at the wrong key."""

    def check(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise wrong("has not the right form", remedy)
        return value

    return BeforeValidator(check)


def _url(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or re.search(r"\s", value):
        raise wrong("is not a web address", "write it whole, like https://samleng.example.org")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise wrong("holds more than host and path", "take out user name, password, ? and #")
    return value.rstrip("/")


def _public_url(value: object) -> object:
    value = _url(value)
    if isinstance(value, str) and value.startswith("http:") and not is_loopback(urlsplit(value).hostname or ""):
        raise wrong("is plain http, which anybody on the way can read", "use https; http is for 127.0.0.1 alone")
    return value


def secret(value: object, info: ValidationInfo, *, needed: bool = True) -> str | None:
    """Return the secret that KEY_env or KEY_file names; the configuration itself must not hold it."""
    name = info.field_name
    how = f"name an environment variable in {name}_env or a file in {name}_file"
    if value is not None:
        raise wrong("a secret is written into the file", f"take it out and {how}")
    text = secret_text(info)
    if text is None and needed:
        raise wrong("is missing", how)
    return text


def is_loopback(host: str) -> bool:
    """Tell whether a host is reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def secret_text(info: ValidationInfo) -> str | None:
    """Return what KEY_env or KEY_file leads to, or None where neither is given."""
    env_key, file_key = f"{info.field_name}_env", f"{info.field_name}_file"
    if not {env_key, file_key} <= info.data.keys():
        return TOLD
    env, file = info.data[env_key], info.data[file_key]
    if env and file:
        raise wrong(f"{env_key} and {file_key} are both given", "keep one of them", env_key)
    if not env and not file and info.field_name in PURPOSES:
        file = path_in(place_of(info).folder / KEY_FOLDER, str(info.field_name))
    try:
        return from_variable(env, place_of(info).environ) if env else from_file(file) if file else None
    except SecretFault as fault:
        remedy = RESTORE if info.field_name in PURPOSES else fault.remedy
        raise wrong(fault.what, remedy, env_key if env else file_key) from None


TOLD = "told-elsewhere"
"""Stands in for a secret whose KEY_env or KEY_file is itself wrong, which is a fault of its own."""


_NAME = "use 1 to 32 small letters a-z, digits and hyphens; phone-sms and phone-telegram are the simulator's own"
_ENV = "write the name of an environment variable, like SAMLENG_TOKEN; a secret that stood here should be replaced"
_SENDER = "write a number like +85512345678, a messaging service (MG…) or a name of up to 11 letters"

Name = Annotated[str, form("(?!phone-(sms|telegram)$)[a-z0-9-]{1,32}", _NAME)]
EnvName = Annotated[str, form("[A-Za-z_][A-Za-z0-9_]*", _ENV)]
Sender = Annotated[str, form(r"\+[1-9]\d{6,14}|\d{3,8}|MG\w+|[A-Za-z0-9 ]{1,11}", _SENDER)]
FilePath = Annotated[Path, BeforeValidator(_path)]
Url = Annotated[str, BeforeValidator(_url)]
PublicUrl = Annotated[str, BeforeValidator(_public_url)]


class Table(BaseModel):
    """A table that takes its own keys only, each of its own type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


def resolved() -> Any:
    """Declare a secret, which KEY_env and KEY_file before it lead to."""
    return Field(default=None, validate_default=True, exclude=True)
