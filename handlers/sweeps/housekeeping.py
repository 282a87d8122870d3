"""Sweeps that keep the store itself in order: sealing the audit log, claims that crashed, old provider ids."""

from datetime import datetime, timedelta

from handlers.context import Context
from storage.queries import audit
from storage.queries.casework import undoable
from storage.queries.persons import inbound
from storage.queries.sending import outbox

_SEALED_AT_ONCE = 500
_ROWS = 1000
_ACTS_KEPT = timedelta(hours=1)


def seal_audit(context: Context, now: datetime) -> int:
    """Chain the audit entries that are not sealed yet, and count them."""
    done = 0
    while True:
        with context.store.transaction() as tx:
            sealed = audit.seal(tx, now, _SEALED_AT_ONCE)
        done += sealed
        if sealed < _SEALED_AT_ONCE:
            return done


def recover_claims(context: Context, now: datetime) -> int:
    """Bring back messages whose worker died while it sent them, and count them."""
    with context.store.transaction() as tx:
        recovered = outbox.recover(tx, now, _ROWS)
        tx.queued = recovered > 0
    return recovered


def forget_acts(context: Context, now: datetime) -> int:
    """Remove what can no longer be taken back, and count it."""
    with context.store.transaction() as tx:
        return undoable.forget(tx, now - _ACTS_KEPT)


def forget_provider_ids(context: Context, now: datetime) -> int:
    """Remove what came in more than 90 days ago from the table that tells repeats, and count it."""
    with context.store.transaction() as tx:
        return inbound.forget_old(tx, now, _ROWS)
