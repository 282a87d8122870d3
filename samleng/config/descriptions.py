"""Gateways of kind http: what describes them, in the configuration, in a file or among those that are packaged."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sms_gateway
from samleng.config.fields import Place
from samleng.files.keyfiles import SecretFault, from_file, from_variable
from samleng.files.projects import ConfigFaults, Fault, read_toml
from sms_gateway.generic import GenericSettings, WrongSettings, read_settings, with_secrets

PARTS = ("send", "receive", "status")
_OF_A_ROW = ("name", "kind", "from", "rate", "max_segments")


def packaged() -> dict[str, Path]:
    """Return the descriptions that come with the program, by name."""
    assert sms_gateway.__file__
    folder = Path(sms_gateway.__file__).parent / "aggregators"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def described(row: Mapping[str, Any], key: str, place: Place) -> dict[str, Any]:
    """Return a gateway's whole description with its secrets. Raises `ConfigFaults` with every fault.

    What stands in the configuration itself counts before what stands in the file that `described_by` names.
    """
    own = {part: row[part] for part in PARTS if part in row}
    table = _merged(_of_file(row.get("described_by"), key, place), own)
    try:
        return with_secrets(table, lambda form, name: _secret(form, name, place), key)
    except WrongSettings as wrong:
        raise ConfigFaults(Path(key), [Fault(*each) for each in wrong.faults]) from None


def settings_of(
    table: Mapping[str, Any], key: str, *, name: str, sender: str, public_url: str, country: str = "KH"
) -> GenericSettings:
    """Return what a description with its secrets means. Raises `ConfigFaults`."""
    try:
        return read_settings(table, name=name, sender=sender, country=country, public_url=public_url, key=key)
    except WrongSettings as wrong:
        raise ConfigFaults(Path(key), [Fault(*each) for each in wrong.faults]) from None


def faults_of_rows(rows: list[tuple[str, dict[str, Any]]], public_url: str, place: Place) -> Iterator[Fault]:
    """Return what is wrong with the descriptions of rows, each with its key in the file."""
    for key, row in rows:
        if row.get("kind") != "http":
            continue
        try:
            settings_of(described(row, key, place), key, name="-", sender="-", public_url=public_url)
        except ConfigFaults as faults:
            yield from faults.faults


def secret_files(description: object) -> Iterator[str]:
    """Return the files that a description names for its secrets."""
    if isinstance(description, Mapping):
        for name, value in description.items():
            if str(name).endswith("_file") and isinstance(value, str):
                yield value
            elif name not in {"fields", "headers"}:
                yield from secret_files(value)
    elif isinstance(description, list):
        for each in description:
            yield from secret_files(each)


def secret_variables(name: str) -> list[str]:
    """Return the environment variables that a packaged description names, none where there is no such description."""
    path = packaged().get(name)
    return list(dict.fromkeys(_named(read_toml(path, "")["sms_gateway"]))) if path else []


def _named(description: object) -> Iterator[str]:
    if isinstance(description, Mapping):
        for name, value in description.items():
            if str(name).endswith("_env") and isinstance(value, str):
                yield value
            elif name not in {"fields", "headers"}:
                yield from _named(value)
    elif isinstance(description, list):
        for each in description:
            yield from _named(each)


def _of_file(name: object, key: str, place: Place) -> dict[str, Any]:
    if not isinstance(name, str):
        return {}
    here = f"{key}.described_by"
    path = packaged().get(name) or place.folder / name
    try:
        whole = read_toml(path, f"name a file, or one of {', '.join(packaged())}")
    except ConfigFaults as faults:
        found = [Fault(here, f"{each.key}: {each.what}", each.remedy) for each in faults.faults]
        raise ConfigFaults(path, found) from None
    rows = whole.get("sms_gateway", [whole])
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], dict):
        raise ConfigFaults(path, [Fault(here, f"{path.name} holds not one description", "keep one [[sms_gateway]]")])
    if unknown := sorted(rows[0].keys() - {*PARTS, *_OF_A_ROW}):
        what = f"{path.name} has keys that describe nothing: {', '.join(unknown)}"
        raise ConfigFaults(path, [Fault(here, what, f"keep {', '.join(PARTS)}")])
    return {part: rows[0][part] for part in PARTS if part in rows[0]}


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return tables laid over one another; lists are exchanged whole."""
    both = {
        name: _merged(below[name], value)
        if isinstance(value, Mapping) and isinstance(below.get(name), Mapping)
        else value
        for name, value in above.items()
    }
    return {**below, **both}


def _secret(form: str, name: str, place: Place) -> str:
    try:
        return from_variable(name, place.environ) if form == "env" else from_file(place.folder / name)
    except SecretFault as fault:
        raise ValueError(f"{fault.what}: {fault.remedy}") from None
