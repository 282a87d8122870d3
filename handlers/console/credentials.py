"""Passwords and one-time codes: making and checking them, at the same cost for somebody who is not known."""

import hmac
import secrets
from datetime import datetime
from threading import BoundedSemaphore

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.texts.digits import to_ascii_digits

LEAST_CHARACTERS, MOST_CHARACTERS = 12, 200
"""How long a password may be (NIST SP 800-63B-4, 3.1.1.2: length, and nothing else, is asked for)."""
RECOVERY_CODES = 10

# RFC 9106's second recommended choice: 64 MiB, three passes. Two at once keep the memory that guessing can take small.
_HASHER = PasswordHasher()
_AT_ONCE = BoundedSemaphore(2)
_STEP_S, _DRIFT = 30, 1
_ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
_NOBODY = _HASHER.hash(secrets.token_urlsafe(24))


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_password(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is right; without a hash it is not, and that takes as long to find out."""
    with _AT_ONCE:
        try:
            right = _HASHER.verify(password_hash or _NOBODY, password[:MOST_CHARACTERS])
        except (VerificationError, InvalidHashError):
            return False
    return right and password_hash is not None


def new_token() -> str:
    """Return a token that nobody guesses, for a link or a session."""
    return secrets.token_urlsafe(32)


def new_secret() -> str:
    """Return a secret for one-time codes, in base 32 (RFC 6238)."""
    return pyotp.random_base32()


def setup_uri(secret: str, username: str, project: str) -> str:
    """Return what an authenticator reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=f"Samleng {project}")


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step whose code this is, at most one away from now, or None where it is none of them."""
    plain = to_ascii_digits(code).replace(" ", "")
    current = int(now.timestamp()) // _STEP_S
    totp = pyotp.TOTP(secret)
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), plain.encode()):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Return codes for a lost phone, each of ten characters (49 bits) that are not mistaken for each other."""
    return ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]


def shown_code(code: str) -> str:
    """Return a code for a lost phone as it is shown."""
    return f"{code[:5]}-{code[5:]}"


def plain_code(typed: str) -> str:
    """Return a typed code for a lost phone as it is kept."""
    return "".join(each for each in to_ascii_digits(typed).lower() if each.isalnum())
