"""Reading lists row by row from CSV and XLSX, as texts: whatever a spreadsheet makes of numbers and dates is undone."""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any

import openpyxl

from domain.texts.formulas import unmarked
from handlers.importing.report import Refused, RowFault

XLSX = (".xlsx", ".xlsm")
BOM = b"\xef\xbb\xbf"
_MOST_BYTES, _MOST_TEXTS = 1_000 * 1_000_000, 200 * 1_000_000
"""How large a workbook may be unpacked, and the table of its texts, which is held in memory: a million rows have less."""
_MOST_ROWS = 1_048_576
_ONLY_NOUGHTS = re.compile(r"0{2,}")
_IN_EXCEL = "in Excel: Save As, CSV UTF-8; or bring in the XLSX itself"
_FAILED = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list that is being read: its headings, its rows with their numbers, and how much was read, 0 to 1."""

    header: tuple[str, ...]
    rows: Iterator[tuple[int, tuple[str, ...]]]
    share_read: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Form:
    """How a CSV file is written."""

    delimiter: str
    has_bom: bool


@contextmanager
def opened(path: Path) -> Iterator[Sheet]:
    """Open a list: the first row has the headings. Raises `Refused` here or while its rows are read."""
    if path.suffix.lower() in XLSX:
        with _workbook(path) as sheet:
            yield sheet
    else:
        with _csv(path) as sheet:
            yield sheet


def form_of(path: Path) -> Form:
    """Return how a CSV file is written: the delimiter that its first line has most, and whether a mark stands before it."""
    with path.open("rb") as stream:
        first = stream.readline()
    counted = {delimiter: first.count(delimiter.encode()) for delimiter in ",;\t"}
    return Form(max(counted, key=lambda each: counted[each]), first.startswith(BOM))


@contextmanager
def _csv(path: Path) -> Iterator[Sheet]:
    with path.open("rb") as begin:
        _check_encoding(begin.read(4))
    size = path.stat().st_size
    # Editors on Windows put a byte order mark before the text.
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=form_of(path).delimiter)
        rows = _csv_rows(reader)
        header, rows = _headings(rows)
        yield Sheet(header, _fitting(rows, header), lambda: raw.tell() / size if size else 1.0)


def _check_encoding(start: bytes) -> None:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(RowFault(0, "", "", f"the file is not UTF-8 but UTF-16; {_IN_EXCEL}"))
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused(RowFault(0, "", "", "is no CSV but a workbook; save it as .xlsx, with that ending to its name"))


def _csv_rows(reader: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, tuple(unmarked(cell.strip()) for cell in cells)
    except UnicodeDecodeError:
        why = f"the file is not UTF-8 (an old Khmer, Lao or Windows encoding?); {_IN_EXCEL}"
        raise Refused(RowFault(number + 1, "", "", why)) from None
    except csv.Error as broken:
        raise Refused(RowFault(number + 1, "", "", f"is no CSV: {broken}")) from None


@contextmanager
def _workbook(path: Path) -> Iterator[Sheet]:
    try:
        _check_size(path)
        with warnings.catch_warnings():
            # Decorations of a sheet that are not read, such as lists to choose from, are no matter here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
    except Refused:
        raise
    # What is no workbook, or a mended one, makes its reader fail in many ways.
    except Exception as broken:
        why = "is no XLSX workbook (an old .xls, or one with a password?); save it as XLSX without a password"
        raise Refused(RowFault(0, "", "", why)) from broken
    try:
        most = sheet.max_row or 0
        # Some programs write a wrong size of the sheet, and only so many cells would be read.
        sheet.reset_dimensions()
        done = [0]
        rows = _workbook_rows(sheet, done)
        header, rows = _headings(rows)
        yield Sheet(header, _fitting(rows, header), lambda: min(1.0, done[0] / most) if most else 0.0)
    finally:
        book.close()


def _check_size(path: Path) -> None:
    """Refuse a workbook that would fill the memory: it is read by its packed parts, which may be small."""
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
    texts = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
    if sum(part.file_size for part in parts) > _MOST_BYTES or texts > _MOST_TEXTS:
        why = "unpacks to far more than a list of people needs; copy the list alone into a new workbook, or save it as CSV"
        raise Refused(RowFault(0, "", "", why))


def _workbook_rows(sheet: Any, done: list[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        for number, cells in enumerate(_of_a_sheet(sheet.iter_rows()), start=1):
            done[0] = number
            yield number, tuple(map(_cell, cells))
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, SyntaxError, TypeError) as broken:
        raise Refused(RowFault(done[0] + 1, "", "", "the workbook is damaged; save it again")) from broken


def _of_a_sheet(rows: Iterator[Any]) -> Iterator[Any]:
    """Return the rows of a sheet; rows that are missing are filled in, without end where a file is forged."""
    yield from islice(rows, _MOST_ROWS)
    if next(rows, None) is not None:
        raise Refused(RowFault(_MOST_ROWS + 1, "", "", "no sheet has so many rows; save the workbook again"))


def _cell(cell: Any) -> str:
    """Return a cell as it reads: whole numbers without `.0`, the noughts that a format puts before, days as 2026-11-30."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return _number(value, cell.number_format or "")


def _number(value: Any, form: str) -> str:
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    text = str(int(value))
    return text.zfill(len(form)) if _ONLY_NOUGHTS.fullmatch(form) else text


def _headings(
    rows: Iterator[tuple[int, tuple[str, ...]]],
) -> tuple[tuple[str, ...], Iterator[tuple[int, tuple[str, ...]]]]:
    """Return the headings and the rows below them. Raises `Refused` where the first row has none for each column."""
    first, below = next(rows, (1, ()))[1], list(islice(rows, 1))
    header = list(first)
    while header and not header[-1]:
        header.pop()
    if len(list(filter(None, first))) == 1 and any(len(list(filter(None, cells))) > 1 for _, cells in below):
        why = "the first row has one filled cell only: a title, or merged cells? Leave one heading a column there"
        raise Refused(RowFault(1, "", "", why))
    blank = [n for n, cell in enumerate(header, start=1) if not cell]
    if blank:
        why = "has no heading; where heading cells are merged, take them apart and name each column"
        raise Refused(*(RowFault(1, f"column {n}", "", why) for n in blank))
    return tuple(header), chain(below, rows)


def _fitting(
    rows: Iterator[tuple[int, tuple[str, ...]]], header: Sequence[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    width = len(header)
    for number, cells in rows:
        if any(cells[width:]):
            why = f"{len(cells)} cells, and {width} columns; is a heading missing, or are heading cells merged?"
            raise Refused(RowFault(number, "", "", why))
        if any(cell in _FAILED for cell in cells):
            why = "a formula failed here; copy the column and paste it as values"
            column = header[next(n for n, cell in enumerate(cells) if cell in _FAILED)]
            raise Refused(RowFault(number, column, "", why))
        if any(cells):
            yield number, (*cells[:width], *("",) * (width - len(cells)))
