"""What bringing in a long list costs: against a bare parse of the file and a bare insert of its rows, and in memory."""

import csv
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter

from sqlalchemy import func, insert, select

from benchmarks.means.databases import Databases
from benchmarks.means.figures import Figure
from benchmarks.means.installation import ROOT, Installation, installed
from benchmarks.means.sizes import Sizes
from handlers.context import Context
from handlers.importing import import_people
from storage import Store
from storage.tables import ContactPoint, Person
from storage.tables.base import table_of

_P, _C = table_of(Person), table_of(ContactPoint)
_CHUNK = 500
_FEW_PEOPLE = 10
_CONSONANTS, _VOWELS = "កខគឃងចឆជឈញតថទធនបផពភមយរលវសហឡអ", "ាិីឹឺុូេែៃោ"
_TELL_PEAK = """
import sys
from samleng.cli import main
try:
    main(sys.argv[1:])
finally:
    with open("/proc/self/status") as status:
        print(next(line for line in status if line.startswith("VmHWM")).split()[1], file=sys.stderr)
"""
_HEADER = ("id", "name", "phone", "sex", "area", "language")


def run(sizes: Sizes, databases: Databases, kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Measure on each database."""
    for kind in kinds:
        made = installed(databases, kind, people=_FEW_PEOPLE)
        codes = [area.code for area in made.filled.communes]
        path = _list(databases.new_folder(), codes, sizes.list_rows)
        yield from _speed(kind, made, path, sizes.list_rows)
        yield _memory(kind, databases, codes, sizes.list_rows)


def _speed(kind: str, made: Installation, path: Path, rows: int) -> Iterator[Figure]:
    now = datetime.now(UTC)
    with closing(made.config.open_store()) as store:
        context = Context(store, {})
        took = _timed(context, path, now, new=rows)
        again = _timed(context, path, now, new=0)
        bare = _bare(store, path, now)
    limit = "a bare parse of the file and a bare insert of its rows"
    for name, each in (("a list of new people", took), ("the same list again", again)):
        shown = f"{rows / each:,.0f} / {rows / bare:,.0f} rows a second, {rows:,} rows"
        yield Figure(f"{name}, {kind}", each / bare, f"{each / bare:.1f} ×", limit, shown)


def _timed(context: Context, path: Path, now: datetime, *, new: int) -> float:
    start = perf_counter()
    report = import_people(context, path, now=now)
    took = perf_counter() - start
    if report.new != new or report.changed or report.is_blocked:
        raise RuntimeError(
            f"{report.new} new, {report.changed} changed, {report.doubtful} doubtful, {report.wrong} wrong"
        )
    return took


def _bare(store: Store, path: Path, now: datetime) -> float:
    """Parse the file and insert its people and phones, five hundred at a time in one transaction; nothing stays of it."""
    start = perf_counter()
    with (
        path.open(encoding="utf-8", newline="") as stream,
        store.engine.connect() as connection,
        connection.begin() as all_,
    ):
        last = connection.execute(select(func.max(_P.c.id))).scalar_one()
        reader = csv.reader(stream)
        next(reader)
        while chunk := list(islice(reader, _CHUNK)):
            people = [
                {"id": last + n, "external_id": f"bare-{row[0]}", "name": row[1], "sex": row[3], "created_at": now}
                for n, row in enumerate(chunk, start=1)
            ]
            connection.execute(insert(_P), people)
            phones = [
                {
                    "channel": "sms",
                    "address": row[2],
                    "address_hash": f"bare-{row[0]}",
                    "person_id": last + n,
                    "created_at": now,
                }
                for n, row in enumerate(chunk, start=1)
            ]
            connection.execute(insert(_C), phones)
            last += len(chunk)
        took = perf_counter() - start
        all_.rollback()
    return took


def _memory(kind: str, databases: Databases, codes: Sequence[str], rows: int) -> Figure:
    """Return how much more memory the command takes for ten times the rows; each list into a database of its own."""
    peaks = []
    for count in (max(rows // 10, 1), rows):
        made = installed(databases, kind, people=_FEW_PEOPLE)
        peaks.append(_peak(made, _list(databases.new_folder(), codes, count)))
    few, many = peaks
    shown = f"{many:,.0f} / {few:,.0f} MB at most, {rows:,} / {max(rows // 10, 1):,} rows"
    return Figure(f"memory for a list, {kind}", many / few, f"{many / few:.2f} ×", "a tenth of its rows", shown)


def _peak(made: Installation, path: Path) -> float:
    """Return how much memory `samleng import` held at most, in megabytes, as it says itself when it ends."""
    words = ["--config", str(made.path), "import", "people", str(path), "--json"]
    command = [sys.executable, "-c", _TELL_PEAK, *words]
    done = subprocess.run(command, cwd=ROOT, env=made.environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the import ended with {done.returncode}")
    return int(done.stderr.split()[-1]) / 1024


def _list(folder: Path, codes: Sequence[str], rows: int) -> Path:
    """Write a list of people with names that are not like each other, shared out among the areas."""
    random, path = Random(3), folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEADER)
        for n in range(rows):
            name = f"{_word(random)} {_word(random)}"
            writer.writerow((f"P-{n}", name, f"+85597{n:07}", "FM"[n % 2], codes[n % len(codes)], "km"))
    return path


def _word(random: Random) -> str:
    return "".join(random.choice(_CONSONANTS) + random.choice(_VOWELS) for _ in range(4))
