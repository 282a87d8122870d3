"""What may become of a case: its statuses, the one table of transitions, and how outcomes are named."""

from enum import StrEnum


class CaseKind(StrEnum):
    """What a case is."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    FEEDBACK = "feedback"


class Status(StrEnum):
    """Where a case stands. Escalation changes its level, not its status."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    AWAITING = "awaiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


OPEN = frozenset({Status.NEW, Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.AWAITING})
"""The statuses in which somebody must act."""


class Outcome(StrEnum):
    """What a case came to."""

    UPHELD = "upheld"
    PARTLY = "partly"
    INFORMATION = "information"
    NOT_UPHELD = "not_upheld"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"


class Act(StrEnum):
    """What somebody, or the clock, does to a case."""

    ACKNOWLEDGE = "acknowledge"
    TAKE = "take"
    REPLY = "reply"
    ASK = "ask"
    NOTE = "note"
    PERSON_WROTE = "person_wrote"
    RESOLVE = "resolve"
    REJECT = "reject"
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    SILENCE = "silence"
    ESCALATE = "escalate"
    TRANSFER = "transfer"
    MARK_SENSITIVE = "mark_sensitive"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    HELP = "help"


class Refused(Exception):
    """An act that the case's status does not allow. `act` and `status` say which."""

    def __init__(self, act: Act, status: Status) -> None:
        super().__init__(f"{act} is not possible while a case is {status}")
        self.act, self.status = act, status


def _same(statuses: frozenset[Status]) -> dict[Status, Status]:
    return {status: status for status in statuses}


def _to(target: Status, *sources: Status) -> dict[Status, Status]:
    return dict.fromkeys(sources, target)


_TRANSITIONS: dict[Act, dict[Status, Status]] = {
    Act.ACKNOWLEDGE: _same(OPEN) | _to(Status.ACKNOWLEDGED, Status.NEW),
    Act.TAKE: _to(Status.IN_PROGRESS, *OPEN),
    Act.REPLY: _same(OPEN | {Status.RESOLVED}) | _to(Status.IN_PROGRESS, Status.NEW, Status.ACKNOWLEDGED),
    Act.ASK: _to(Status.AWAITING, *OPEN),
    Act.NOTE: _same(frozenset(Status)),
    Act.PERSON_WROTE: _same(OPEN | {Status.RESOLVED}) | _to(Status.IN_PROGRESS, Status.AWAITING),
    Act.RESOLVE: _to(Status.RESOLVED, *OPEN),
    Act.REJECT: _to(Status.RESOLVED, *OPEN),
    Act.SOLVED: _to(Status.CLOSED, Status.RESOLVED),
    Act.NOT_SOLVED: _to(Status.ACKNOWLEDGED, Status.RESOLVED),
    Act.SILENCE: _to(Status.CLOSED, Status.RESOLVED),
    Act.ESCALATE: _same(OPEN),
    Act.TRANSFER: _same(OPEN),
    Act.MARK_SENSITIVE: _same(frozenset(Status)),
    Act.EXTEND: _same(frozenset({Status.NEW, Status.ACKNOWLEDGED, Status.IN_PROGRESS})),
    Act.WITHDRAW: _to(Status.CLOSED, *OPEN),
    Act.MERGE: _to(Status.CLOSED, *OPEN),
    Act.HELP: _to(Status.ACKNOWLEDGED, Status.RESOLVED, Status.CLOSED),
}


def after(status: Status, act: Act) -> Status:
    """Return the status that a case has after an act. Raises `Refused` where the act is not possible."""
    try:
        return _TRANSITIONS[act][status]
    except KeyError:
        raise Refused(act, status) from None


def allowed(status: Status) -> frozenset[Act]:
    """Return the acts that a case of this status allows."""
    return frozenset(act for act, table in _TRANSITIONS.items() if status in table)
