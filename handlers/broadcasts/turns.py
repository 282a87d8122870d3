"""Whose turn it is among what goes to many: each sending is due by its own length, from where its gateway is now.

So two that are under way share a gateway's rate, whichever began first and however far the gateway is behind (start-time
fair queueing: Goyal, Vin and Cheng, 1996).
"""

import time
from datetime import datetime

from handlers.context import Context
from storage import Tx
from storage.queries.sending import claims


def turns(context: Context, tx: Tx, due_at: datetime) -> dict[str, datetime]:
    """Return by gateway from when something new is due: `due_at`, or the moment whose messages the gateway sends only now.

    A gateway that is behind by a day would else send all that is overdue before a reminder of tomorrow.
    """
    return {name: min(due_at, claims.first_bulk(tx, name) or due_at) for name in context.gateways}


_MANY, _REST_S = 1_000, 0.005


def let_others_write(context: Context, written: int) -> None:
    """Wait a moment after many rows were written: on SQLite whoever writes on and on would let nobody else come between."""
    if written >= _MANY and context.store.is_sqlite:
        time.sleep(_REST_S)
