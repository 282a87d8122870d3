"""Encryption of who complained: AES-GCM with numbered keys that live outside the database, and keyed hashes to find by."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_KEY_BYTES = 32


class KeyFault(Exception):
    """A key that is missing, malformed, or not the one that a value was encrypted with."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The installation's keys.

    `personal` encrypts addresses and names, `sensitive` the texts of sensitive cases and of what nobody has read yet.
    Each maps key numbers (1 to 255) to 32 bytes; the highest number encrypts, all decrypt. `lookup` makes the hashes by
    which addresses are found.
    """

    personal: dict[int, bytes]
    sensitive: dict[int, bytes]
    lookup: bytes
    _ciphers: dict[tuple[str, int], AESGCM] = field(default_factory=dict, repr=False)

    def encrypt(self, purpose: str, value: bytes) -> bytes:
        """Encrypt under the newest key of a purpose (`personal` or `sensitive`)."""
        number = max(self._keys(purpose))
        nonce = os.urandom(_NONCE)
        return bytes([number]) + nonce + self._cipher(purpose, number).encrypt(nonce, value, purpose.encode())

    def decrypt(self, purpose: str, value: bytes) -> bytes:
        """Decrypt what `encrypt` gave. Raises `KeyFault` where the key is unknown or does not fit."""
        number, nonce, body = value[0], value[1 : 1 + _NONCE], value[1 + _NONCE :]
        try:
            return self._cipher(purpose, number).decrypt(nonce, body, purpose.encode())
        except (KeyError, InvalidTag) as fault:
            raise KeyFault(
                f"a value was encrypted with {purpose} key {number}, which is not the configured one"
            ) from fault

    def fingerprint(self, *parts: str) -> str:
        """Return the keyed hash under which an address is found: 40 hexadecimal characters."""
        return hmac.new(self.lookup, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()[:40]

    def _keys(self, purpose: str) -> dict[int, bytes]:
        return self.sensitive if purpose == "sensitive" else self.personal

    def _cipher(self, purpose: str, number: int) -> AESGCM:
        cipher = self._ciphers.get((purpose, number))
        if cipher is None:
            cipher = self._ciphers[purpose, number] = AESGCM(self._keys(purpose)[number])
        return cipher


def new_key_text() -> str:
    """Return a new key as text for a key file: `1:` and 32 random bytes in base 64."""
    return "1:" + base64.b64encode(os.urandom(_KEY_BYTES)).decode()


def read_keys(text: str) -> dict[int, bytes]:
    """Read a key file: a line `NUMBER:BASE64` for each key, 32 bytes each. Raises `KeyFault` without showing the key."""
    keys: dict[int, bytes] = {}
    for row, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
        number, _, encoded = line.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not number.isdigit() or not 1 <= int(number) <= 255 or len(key) != _KEY_BYTES:
            raise KeyFault(f"line {row} is not NUMBER:KEY with a key of 32 bytes in base 64")
        keys[int(number)] = key
    if not keys:
        raise KeyFault("there is no key in it")
    return keys
