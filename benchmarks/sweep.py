"""What a look at all deadlines costs: the sweeps over very many open cases against a bare indexed scan of the same rows."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update

from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure, ms
from benchmarks.means.filling import GATEWAY, Filled
from benchmarks.means.installation import installed
from benchmarks.means.sizes import Sizes
from domain.inbound import Channel
from domain.ports import GatewayInfo
from handlers.context import Context
from handlers.sweeps.cases import escalate_overdue
from handlers.sweeps.warnings import warn
from storage import Store
from storage.queries.casework import caseload
from storage.tables import Case
from storage.tables.base import table_of

_T = table_of(Case)
_CHUNK = 5_000
_PAGE = 1_000
_TRIES = 5
_UPDATES = 200
_NOTICES = "audit and notices of two officers"
_DAYS_AHEAD = 15
_FEW_PEOPLE = 2_000
_OPEN = "status IN ('new', 'acknowledged', 'in_progress', 'awaiting')"
_DUE = text(f"SELECT id FROM grievance_case WHERE {_OPEN} AND due_at <= :now ORDER BY due_at")
_ALL = text(f"SELECT id FROM grievance_case WHERE {_OPEN} AND due_at > :now ORDER BY due_at")


def run(sizes: Sizes, databases: Databases, kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Measure on each database."""
    for kind in kinds:
        made = installed(databases, kind, people=min(sizes.people, _FEW_PEOPLE))
        with closing(made.config.open_store()) as store:
            context = Context(store, {GATEWAY: GatewayInfo(GATEWAY, Channel.SMS, 1000.0)}, monotonic=lambda: 0.0)
            now = context.calendar.next_open(datetime.now(UTC)) + timedelta(hours=1)
            _open_cases(store, made.filled, sizes, now)
            yield from _figures(kind, context, sizes, now)


def _figures(kind: str, context: Context, sizes: Sizes, now: datetime) -> Iterator[Figure]:
    rows = f"{sizes.open_cases:,} open, {sizes.due_cases:,} due"
    due = _fastest(lambda: _scan(context.store, _DUE, now))
    found = _fastest(lambda: _found(context.store, now))
    yield _figure(f"finding what is overdue, {kind}", found, due, rows)
    every = _fastest(lambda: _scan(context.store, _ALL, now))
    warn(context, now)
    yield _figure(f"finding whom to warn, {kind}", _fastest(lambda: warn(context, now)), every, rows)
    start = perf_counter()
    moved = escalate_overdue(context, now)
    took = perf_counter() - start
    each, bare = took / moved, _bare_update(context.store)
    yield Figure(
        f"moving what is overdue, {kind}",
        each / bare,
        f"{each / bare:.1f} ×",
        "a bare committed update a case",
        f"{ms(each)} / {ms(bare)} a case; {moved:,} moved, with {_NOTICES}; {rows}",
    )
    _tell_all(context.store, sizes.due_cases, now)
    again = _fastest(lambda: escalate_overdue(context, now))
    yield _figure(f"looking again where all was told, {kind}", again, due, rows)


def _figure(name: str, took: float, scan: float, rows: str) -> Figure:
    ratio = took / scan
    return Figure(name, ratio, f"{ratio:.1f} ×", "a bare scan of the same rows", f"{ms(took)} / {ms(scan)}; {rows}")


def _fastest(act: Callable[[], object]) -> float:
    """Return the shortest of some runs, in seconds: what else the machine does only makes one longer."""

    def once() -> float:
        start = perf_counter()
        act()
        return perf_counter() - start

    return min(once() for _ in range(_TRIES))


def _scan(store: Store, query: Any, now: datetime) -> int:
    with store.reading() as tx:
        return len(tx.execute(query.bindparams(bindparam("now", now, _T.c.due_at.type))).all())


def _bare_update(store: Store) -> float:
    """Return how long it takes to change one case and commit, in seconds, on the average of some."""
    with store.reading() as tx:
        ids = tx.execute(select(_T.c.id).where(_T.c.status == "in_progress").limit(_UPDATES)).scalars().all()
    start = perf_counter()
    for case_id in ids:
        with store.transaction() as tx:
            tx.execute(update(_T).where(_T.c.id == case_id).values(warned=_T.c.warned))
    return (perf_counter() - start) / len(ids)


def _found(store: Store, now: datetime) -> int:
    """Go through all that is due page by page, as the sweep does."""
    count, after = 0, None
    while True:
        with store.reading() as tx:
            page = caseload.due(tx, now, after=after, limit=_PAGE)
        if not page:
            return count
        count, after = count + len(page), page[-1]


def _open_cases(store: Store, filled: Filled, sizes: Sizes, now: datetime) -> None:
    """Add open cases by copies of one that is there: some overdue since yesterday, the others due in the next weeks."""
    with store.transaction() as tx:
        tx.execute(update(_T).values(status="closed", due_at=None))
        model = dict(tx.execute(select(*_T.c).limit(1)).one()._mapping)
        first = int(tx.execute(select(func.max(_T.c.id))).scalar_one()) + 1
        for start in range(0, sizes.open_cases, _CHUNK):
            numbers = range(start, min(start + _CHUNK, sizes.open_cases))
            tx.execute(insert(_T), [_open_case(model, filled, n, first=first, sizes=sizes, now=now) for n in numbers])
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def _open_case(
    model: dict[str, Any], filled: Filled, n: int, *, first: int, sizes: Sizes, now: datetime
) -> dict[str, Any]:
    place = n % len(filled.communes)
    is_due = n < sizes.due_cases
    due = now - timedelta(days=1) if is_due else now + timedelta(days=1 + n % _DAYS_AHEAD)
    return model | {
        "id": first + n,
        "reference": f"LP-{n:08}-X",
        "status": "in_progress",
        "area_id": filled.communes[place].id,
        "area_path": filled.communes[place].path,
        "post_id": filled.posts[place],
        "contact_point_id": None,
        "received_at": now - timedelta(hours=3),
        "due_at": due,
        "due_from": now - timedelta(hours=3),
        "warned": 0 if is_due else 80,
    }


def _tell_all(store: Store, number: int, now: datetime) -> None:
    """Make as many overdue again as were moved, told already."""
    with store.transaction() as tx:
        newest = select(_T.c.id).where(_T.c.status == "in_progress").order_by(_T.c.id).limit(number)
        values = {"due_at": now - timedelta(hours=1), "warned": caseload.TOLD}
        tx.execute(update(_T).where(_T.c.id.in_(newest.scalar_subquery())).values(**values))
