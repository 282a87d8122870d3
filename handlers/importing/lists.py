"""One list being brought in: opened with its headings understood, read in chunks, and its rejects written back."""

import csv
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell

from domain.texts.formulas import inert
from handlers.context import Context
from handlers.importing import headers
from handlers.importing.cells import Row, yes_or_no
from handlers.importing.files import BOM, XLSX, Sheet, form_of, opened
from handlers.importing.report import Choices, Refused, Report, RowFault
from storage import Tx
from storage.notebook import Notebook
from storage.queries.programme import import_mappings

CHUNK = 500
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is open for reading, once."""

    kind: str
    headings: headers.Headings
    sheet: Sheet
    choices: Choices

    def chunks(self) -> Iterator[list[Row]]:
        """Return the rows, some hundreds at a time. Raises `Refused`."""
        rows = map(self._row, self.sheet.rows)
        while chunk := list(islice(rows, CHUNK)):
            yield chunk
            self.choices.progress("checking", self.sheet.share_read())

    def remember(self, tx: Tx, now: datetime) -> None:
        """Keep what was said of the columns, for the next list with these headings."""
        if self.headings.said:
            import_mappings.remember(tx, self.kind, self.headings.key, dict(self.headings.said), now=now)

    def _row(self, numbered: tuple[int, tuple[str, ...]]) -> Row:
        number, cells = numbered
        return Row(number, {ours: cell for ours, cell in zip(self.headings.columns, cells, strict=True) if ours})


@contextmanager
def listed(context: Context, kind: str, path: Path, choices: Choices) -> Iterator[Listing]:
    """Open a list and understand its headings. Raises `Refused`."""
    if choices.skip_wrong is not None and not choices.dry_run:
        _check_target(choices.skip_wrong)
    with opened(path) as sheet:
        with context.store.reading() as tx:
            remembered = import_mappings.of_headings(tx, kind, headers.key_of(sheet.header))
        yield Listing(kind, headers.understood(kind, sheet.header, choices.columns, remembered), sheet, choices)


@contextmanager
def told_in(report: Report) -> Iterator[None]:
    """Tell of a file that is refused as a whole in its report."""
    try:
        yield
    except Refused as refused:
        report.written = False
        report.tell_wrong(refused.faults)


def judge(
    book: Notebook, report: Report, row: Row, *, wrong: list[RowFault], doubtful: list[RowFault], accepted: bool
) -> bool:
    """Tell whether a row may be written; one that may not is told of and kept out."""
    if wrong:
        report.tell_wrong(wrong)
    elif doubtful and not accepted:
        report.tell_doubtful(doubtful)
    else:
        return True
    book.keep_out(row.number, "; ".join(_said(fault) for fault in (*wrong, *doubtful)))
    return False


def is_accepted(row: Row, choices: Choices) -> bool:
    """Tell whether somebody said that a doubtful row is right: for the whole list, or in its column `ok`."""
    return choices.accept_doubtful or yes_or_no(row[headers.OK]) is True


def may_write(report: Report, choices: Choices) -> bool:
    """Tell whether the list is written now: whole, or without the rows that are kept out."""
    return not choices.dry_run and (choices.skip_wrong is not None or not report.is_blocked)


def with_rejects(path: Path, book: Notebook, report: Report, choices: Choices, *, write: Callable[[], None]) -> None:
    """Write the list, and the rows that are kept out into their file; that file is there only if the list was written."""
    report.kept_out = book.kept_out()
    target = choices.skip_wrong
    if target is None or not report.kept_out:
        write()
        return
    part = target.with_name(f".{target.name}.part")
    try:
        _write_rejects(path, part, book)
        write()
        part.rename(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _said(fault: RowFault) -> str:
    return f"{fault.column}: {fault.why}" if fault.column else fault.why


def _check_target(target: Path) -> None:
    if target.exists():
        raise Refused(RowFault(0, "", "", f"{target.name} is there already; name a new file for the rejects"))
    if not target.parent.is_dir():
        raise Refused(RowFault(0, "", "", f"there is no folder {target.parent} for the rejects"))


def _write_rejects(source: Path, part: Path, book: Notebook) -> None:
    """Write the rows that are kept out as they stood, with the reasons behind, readable by their owner alone."""
    as_workbook = source.suffix.lower() in XLSX
    with opened(source) as sheet:
        places = [n for n, cell in enumerate(sheet.header) if cell.casefold() != headers.WHY]
        rows = _rejected(sheet, places, book)
        header = [*(sheet.header[n] for n in places), headers.WHY]
        with suppress(FileNotFoundError):
            part.unlink()
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
        (_write_workbook if as_workbook else _write_csv)(source, part, [header], rows)


def _rejected(sheet: Sheet, places: list[int], book: Notebook) -> Iterator[list[str]]:
    for number, cells in sheet.rows:
        why = book.why_out(number)
        if why is not None:
            yield [*(cells[n] for n in places), why]


def _write_csv(source: Path, part: Path, header: list[list[str]], rows: Iterator[list[str]]) -> None:
    form = form_of(source)
    with part.open("wb") as stream:
        stream.write(BOM if form.has_bom else b"")
    with part.open("a", encoding="utf-8", newline="") as text:
        writer: Any = csv.writer(text, delimiter=form.delimiter)
        writer.writerows(map(inert, cells) for cells in chain(header, rows))


def _write_workbook(_source: Path, part: Path, header: list[list[str]], rows: Iterator[list[str]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("rejects")
    for cells in header:
        sheet.append(cells)
    for cells in rows:
        sheet.append([_as_text(sheet, cell) for cell in cells])
    with part.open("wb") as stream:
        book.save(stream)


def _as_text(sheet: Any, text: str) -> Any:
    """Return a cell that stays a text: a leading `=` is no formula, and a number keeps its noughts."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def headings_of(listing: Listing) -> Mapping[str, str]:
    """Return what the file calls our columns, where it has words of its own for them."""
    pairs = zip(listing.headings.columns, listing.headings.header, strict=True)
    return {ours: theirs for ours, theirs in pairs if ours and ours != theirs.strip().lower()}
