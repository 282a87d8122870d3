"""Cases as the command line and other programs see them: plain values; a sensitive case is as though it were not there."""

from typing import Any

from domain.settings import Level
from handlers.context import Context
from storage import Tx
from storage.queries import areas, audit
from storage.queries.casework import caseload, cases
from storage.queries.casework.cases import CaseRecord
from storage.queries.persons import messages


def listed(context: Context, limit: int = 200) -> list[dict[str, Any]]:
    """Return the newest cases that are not sensitive."""
    with context.store.reading() as tx:
        return [_summary(tx, case) for case in caseload.listed(tx, limit)]


def shown(context: Context, reference: str) -> dict[str, Any] | None:
    """Return a case with its messages and events, or None where there is none to show."""
    with context.store.reading() as tx:
        case = cases.by_reference(tx, reference)
        if case is None or case.sensitive is not None:
            return None
        return {
            **_summary(tx, case),
            "messages": [_message(each) for each in messages.of_case(tx, case.id)],
            "events": [
                {"type": event.type, "actor": event.actor, "at": event.at.isoformat()}
                for event in audit.of_case(tx, case.id)
            ],
        }


def _summary(tx: Tx, case: CaseRecord) -> dict[str, Any]:
    area = areas.by_id(tx, case.area_id).code if case.area_id is not None else None
    return {
        "reference": case.reference,
        "kind": case.kind.value,
        "status": case.status.value,
        "outcome": case.outcome,
        "level": Level(case.level).value,
        "area": area,
        "category": case.category,
        "due_at": case.due_at.isoformat() if case.due_at else None,
    }


def _message(message: messages.MessageRecord) -> dict[str, Any]:
    return {
        "direction": message.direction,
        "channel": message.channel.value,
        "text": message.text,
        "state": message.state,
        "at": message.at.isoformat(),
    }
