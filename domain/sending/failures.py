"""Why messages did not arrive, in the few kinds in which staff are told of it."""

from enum import StrEnum

from domain.ports import FailureKind


class Reason(StrEnum):
    """What staff can do something about, each in another way; the name of its wording is `failed_` and the value."""

    WRONG_NUMBER = "wrong_number"
    UNREACHABLE = "unreachable"
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    REFUSED = "refused"
    GATEWAY = "gateway"


REASONS: dict[FailureKind, Reason] = {
    FailureKind.OPTED_OUT: Reason.OPTED_OUT,
    FailureKind.BLOCKED: Reason.BLOCKED,
    FailureKind.BAD_ADDRESS: Reason.WRONG_NUMBER,
    FailureKind.LANDLINE: Reason.WRONG_NUMBER,
    FailureKind.UNREACHABLE: Reason.UNREACHABLE,
    FailureKind.EXPIRED: Reason.UNREACHABLE,
    FailureKind.FILTERED: Reason.REFUSED,
    FailureKind.TOO_LONG: Reason.REFUSED,
    FailureKind.REJECTED: Reason.REFUSED,
    FailureKind.UNCLEAR: Reason.REFUSED,
    FailureKind.CREDENTIALS: Reason.GATEWAY,
    FailureKind.NO_CREDIT: Reason.GATEWAY,
    FailureKind.SLOW_DOWN: Reason.GATEWAY,
    FailureKind.PROVIDER_DOWN: Reason.GATEWAY,
    FailureKind.TIMEOUT: Reason.GATEWAY,
}


def reason_of(failure: str | None) -> Reason:
    """Return the kind of a failure as it is stored; a receipt that gave none is a refusal."""
    return REASONS[FailureKind(failure)] if failure in set(FailureKind) else Reason.REFUSED
