"""The secret in the address of somebody's calendar: derived from the installation's key, so that none is kept.

Its number is how often it was renewed; each renewal is one mark, and makes the links before it worthless.
"""

from datetime import datetime

from sqlalchemy import func, select

from storage.queries.alerts import alert_once
from storage.store import Tx
from storage.tables import Alert
from storage.tables.base import table_of

_AL = table_of(Alert)
_KIND = "calendar_renewed"


def secret_of(tx: Tx, staff_id: int) -> str:
    """Return the secret of a member of staff's calendar: 40 hexadecimal characters, keyed."""
    return tx.keys.fingerprint("calendar", str(staff_id), str(_renewals(tx, staff_id)))


def renew(tx: Tx, staff_id: int, now: datetime) -> None:
    """Make every link to somebody's calendar worthless that was given out so far."""
    alert_once(tx, _KIND, f"{staff_id}:{_renewals(tx, staff_id) + 1}", case_id=None, now=now)


def _renewals(tx: Tx, staff_id: int) -> int:
    mine = (_AL.c.kind == _KIND, _AL.c.key.startswith(f"{staff_id}:", autoescape=True))
    return int(tx.execute(select(func.count()).select_from(_AL).where(*mine)).scalar_one())
