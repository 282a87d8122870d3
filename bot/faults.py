"""What the library's errors mean to the dispatcher: Telegram's refusals and the network's faults as `SendResult`."""

from datetime import timedelta

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from domain.ports import FailureKind, SendResult

_NOBODY = ("chat not found", "chat_id is empty", "peer_id_invalid", "user not found")
_NOT_WRITTEN = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

_KINDS = {
    Forbidden: FailureKind.BLOCKED,
    InvalidToken: FailureKind.CREDENTIALS,
    ChatMigrated: FailureKind.BAD_ADDRESS,
}


def result_of(fault: TelegramError) -> SendResult:
    """Return what became of a message whose sending ended with this fault."""
    if isinstance(fault, RetryAfter):
        return SendResult.of(FailureKind.SLOW_DOWN, retry_after_s(fault))
    return SendResult.of(_kind(fault))


def retry_after_s(fault: RetryAfter) -> float:
    """Return the seconds that Telegram asks to wait."""
    pause = fault.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def says(fault: TelegramError, *phrases: str) -> bool:
    """Tell whether Telegram's description holds one of these phrases, given in small letters."""
    return any(phrase in fault.message.lower() for phrase in phrases)


def _kind(fault: TelegramError) -> FailureKind:
    if isinstance(fault.__cause__, TelegramError):
        # A refusal that is no Bot API answer comes from something in between, a proxy's 403 for example.
        return FailureKind.PROVIDER_DOWN
    if isinstance(fault, BadRequest):
        return FailureKind.BAD_ADDRESS if says(fault, *_NOBODY) else FailureKind.REJECTED
    if isinstance(fault, NetworkError):
        return FailureKind.PROVIDER_DOWN if _was_refused(fault) else FailureKind.TIMEOUT
    # What is not listed is an answer that cannot be read: the message may have been taken.
    return next((kind for known, kind in _KINDS.items() if isinstance(fault, known)), FailureKind.TIMEOUT)


def _was_refused(fault: NetworkError) -> bool:
    """Tell whether Telegram surely has not taken the message: it said so (a 5xx), or nothing was written."""
    return fault.__cause__ is None or isinstance(fault.__cause__, _NOT_WRITTEN)
