"""Secrets outside the configuration: key files made and read, and whatever KEY_env and KEY_file name."""

import os
import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from storage.keys import KeyFault, new_key_text, read_keys

PURPOSES = ("personal", "sensitive", "lookup")
"""What a key is for: names and addresses, texts of sensitive cases, the hashes by which addresses are found."""

KEY_FOLDER = "keys"
"""Where the keys lie beside the configuration, unless it says otherwise."""

LOSS = "without these keys no name, number or sensitive text can ever be read again"
"""What whoever runs the installation must know of its keys."""

RESTORE = (
    "put back the key file of this installation (the copy kept apart from the backups); new keys cannot read what is "
    "stored: only for an empty database does `samleng init` make new ones"
)
"""What to do where a key cannot be read."""


class SecretFault(Exception):
    """A secret that is not where the configuration says; neither text shows what may be the secret itself."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what, self.remedy = what, remedy


def path_in(folder: Path, purpose: str) -> Path:
    """Return where the key of a purpose lies in a folder of keys."""
    return folder / f"{purpose}.key"


def make(folder: Path) -> Mapping[str, Path]:
    """Make a new key for each purpose, in files that only their owner may read, and return them by purpose.

    Raises `FileExistsError` where one is there already, and then makes none: a key that is written over is lost, and
    with it all that it encrypted.
    """
    files = {purpose: path_in(folder, purpose) for purpose in PURPOSES}
    there = [str(path) for path in files.values() if path.exists() or path.is_symlink()]
    if there:
        raise FileExistsError(f"{', '.join(there)}: there already, and never written over; {LOSS}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as undo:
        for path in files.values():
            _write_new(path, new_key_text() + "\n", undo)
        undo.pop_all()
    return files


def make_secret(path: Path) -> None:
    """Make a new secret of 48 hexadecimal digits in a file that only its owner may read.

    Raises `FileExistsError` where there is one already.
    """
    with ExitStack() as undo:
        _write_new(path, secrets.token_hex(24) + "\n", undo)
        undo.pop_all()


def read(path: Path) -> dict[int, bytes]:
    """Return the keys in a file by their numbers. Raises `KeyFault`, which says what to do and shows no key."""
    try:
        return read_keys(path.read_text("ascii"))
    except (OSError, ValueError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "it is not a text"
        raise KeyFault(f"{path} cannot be read ({why}); {RESTORE}") from None
    except KeyFault as fault:
        raise KeyFault(f"{path}: {fault}; {RESTORE}") from None


def is_private(path: Path) -> bool:
    """Tell whether nobody but the owner may read or write a file; one that is not there is private."""
    try:
        return path.stat().st_mode & 0o077 == 0
    except OSError:
        return True


def from_variable(name: str, environ: Mapping[str, str]) -> str:
    """Return the secret in an environment variable. Raises `SecretFault`."""
    if text := environ.get(name, "").strip():
        return text
    # A word with small letters may be the secret itself, put where the name of its variable belongs.
    shown = name if name == name.upper() else "named here"
    missing = "empty" if name in environ else "not set"
    raise SecretFault(f"the environment variable {shown} is {missing}", "set it where the program is started")


def from_file(path: Path) -> str:
    """Return the secret in a file. Raises `SecretFault`."""
    try:
        if text := path.read_text("utf-8").strip():
            return text
        why = "is empty"
    except (OSError, ValueError) as fault:
        why = f"cannot be read ({fault.strerror if isinstance(fault, OSError) else 'it is not a text'})"
    # A word without a dot that is no file's name may be the secret itself too.
    shown = path if "." in path.name or path.exists() else "named here"
    raise SecretFault(f"the file {shown} {why}", "check that it is there and this user may read it")


def _write_new(path: Path, text: str, undo: ExitStack) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    undo.callback(path.unlink)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
