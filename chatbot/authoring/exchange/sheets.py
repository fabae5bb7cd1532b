"""Workbooks of spreadsheets (.xlsx): every sheet with a question and an answer among its columns, its cells as
they are shown.

They are read by openpyxl, which is no part of a plain installation.
"""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from chatbot.authoring.exchange.columns import KNOWN, Columns, Row, columns_of, known, records
from chatbot.authoring.exchange.names import canonical, instead
from chatbot.authoring.exchange.record import Fault, Notes, Origin, Reading, Record, WrongError, short
from chatbot.authoring.exchange.textin import unreadable
from chatbot.errors import ChatbotError
from chatbot.files import read_bytes
from chatbot.language.normalise import printable

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MOST_BYTES = 50_000_000
UNPACKED_BYTES = 400_000_000
"""A workbook is a packed folder; one that grows beyond this is not opened."""
COLUMNS_READ = 200
HEADER_ROWS = 20
"""The header is looked for in so many rows: a title may stand above it."""
_PLAIN_FORMATS = ("General", "@", "0", "")
_LITERAL = r'(?:"[^"]*"|\\.|[$€£¥%() +/-])*'
_NUMBER = re.compile(rf"({_LITERAL})([#0,?]*[#0?])(?:\.([0#?]+))?({_LITERAL})")
_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]")


def read_sheets(file: Path) -> Reading:
    """A workbook; raises ``ChatbotError`` where it can't be read or no sheet has questions and answers."""
    notes: list[str] = []
    try:
        stream = io.BytesIO(read_bytes(file, MOST_BYTES))
    except OSError as error:
        raise ChatbotError(unreadable(file, error, "; save it as CSV UTF-8")) from None
    book = _opened(file, stream)
    read: list[tuple[ReadOnlyWorksheet, int, Columns]] = []
    headers = []
    of_rows = Notes(file)
    for sheet in book.worksheets:
        line, cells = _header(sheet)
        if line and _has_both(cells):
            read.append((sheet, line, columns_of(file, line, cells, notes, of_rows)))
        elif cells:
            headers.append(f"{sheet.title!r}: {', '.join(cell.strip() for cell in cells if cell.strip())}")
    if not read:
        found = f"; they begin with: {short('; '.join(headers), 200)}" if headers else "; all are empty"
        raise ChatbotError(
            printable(f"{file}: no sheet has a column question and a column answer in its first rows{found}")
        )
    notes += [
        printable(f"{file}: this sheet has no question and answer and is not read: {short(one, 100)}")
        for one in headers
    ]
    return Reading(_records(file, read, notes, of_rows), Origin(file.name), notes)  # fmt: skip


def _opened(file: Path, stream: BinaryIO) -> Workbook:
    advice = "save the sheet as .xlsx, or as CSV UTF-8"
    try:
        with zipfile.ZipFile(stream) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError):
        raise ChatbotError(printable(f"{file}: not an .xlsx workbook; {advice}")) from None
    if size > UNPACKED_BYTES:
        told = f"{size:,} bytes when unpacked; at most {UNPACKED_BYTES:,} are read; save it as CSV UTF-8"
        raise ChatbotError(printable(f"{file}: {told}"))
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise ChatbotError(
            printable(
                f"{file}: a workbook needs openpyxl, which is not installed; run: pip install openpyxl; or save the sheet as CSV UTF-8"
            )
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it does not read: charts, validation, styles
            return load_workbook(stream, read_only=True, data_only=True)
    except Exception as error:  # a damaged workbook may end in any of many
        raise ChatbotError(
            printable(f"{file}: a damaged workbook ({short(str(error), 80)}); {advice}")
        ) from None


def _header(sheet: ReadOnlyWorksheet) -> tuple[int, list[str]]:
    """The row with the most known columns among the first, and its number; 0 where the sheet is empty."""
    best: tuple[int, int, list[str]] = (0, 0, [])
    sheet.reset_dimensions()  # some programs write wrong ones
    for number, row in enumerate(islice(sheet.iter_rows(max_col=COLUMNS_READ), HEADER_ROWS), 1):
        cells = [str(cell.value) if cell.value is not None else "" for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        score = known(cells) + 3 * _has_both(cells)
        if cells and (score > best[0] or not best[1]):
            best = score, number, cells
    return best[1], best[2]


def _has_both(cells: list[str]) -> bool:
    told = {canonical(cell, KNOWN) for cell in cells}
    return all(name in told or instead(cells, name) is not None for name in ("question", "answer"))


def _records(
    file: Path, read: list[tuple[ReadOnlyWorksheet, int, Columns]], notes: list[str], of_rows: Notes
) -> Iterator[Record | Fault]:
    for sheet, line, columns in read:
        for record in records(file, columns, _rows(sheet, line, len(columns.names), of_rows)):
            if len(read) > 1 and isinstance(record, Fault):
                yield Fault(file, record.line, f"sheet {sheet.title!r}: {record.message}")
                continue
            if (
                isinstance(record, Record)
                and len(read) > 1
                and not {"topic", "topic_title"} & record.fields.keys()
            ):
                record.fields["topic_title"] = sheet.title
            yield record  # fmt: skip
    notes += of_rows.told()


def _rows(sheet: ReadOnlyWorksheet, header: int, width: int, notes: Notes) -> Iterator[Row]:
    for number, row in enumerate(sheet.iter_rows(min_row=header + 1, max_col=COLUMNS_READ), header + 1):
        try:
            cells = [shown(cell, notes, number) for cell in row]
        except WrongError as wrong:
            yield number, wrong
            continue
        yield number, cells + [""] * (width - len(cells))


def shown(cell: ReadOnlyCell, notes: Notes, line: int) -> str:
    """A cell as the spreadsheet shows it, as far as its format is understood; raises ``WrongError`` for an
    error in place of a value."""
    value: Any = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        raise WrongError(f"the cell {cell.coordinate} holds the error {value}")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime):
        return (
            value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
        )
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, int | float):
        text = number_shown(value, cell.number_format or "")
        if text is None:
            notes.add("a number is told as it is stored: its format is not understood", line)
        return text if text is not None else _stored(value)
    return str(value)


def _stored(value: float) -> str:
    return format(Decimal(format(value, ".15g")), "f")


def number_shown(value: float, told: str) -> str | None:
    """A number in a number format, such as ``$#,##0.00`` or ``0%``; None where the format is another kind."""
    if told in _PLAIN_FORMATS:
        return _stored(value) if told != "0" else format(_rounded(Decimal(repr(value)), 0), "f")
    first = _CURRENCY.sub(r'"\1"', told.partition(";")[0])
    first = re.sub(r"\[[^\]]*\]|_.|\*.", "", first)
    match = _NUMBER.fullmatch(first.strip())
    if not match:
        return None
    before, whole, decimals, after = match.groups()
    amount = abs(Decimal(repr(value))) * (100 if "%" in before + after else 1)
    places = decimals or ""
    rounded = _rounded(amount, len(places))
    digits, _, part = format(rounded, "f").partition(".")
    if "," in whole:
        digits = f"{int(digits):,}"
    digits = digits.rjust(whole.count("0"), "0")
    while part and len(part) > places.count("0") and part.endswith("0"):
        part = part[:-1]
    sign = "-" if value < 0 and rounded else ""
    return sign + _literal(before) + digits + (f".{part}" if part else "") + _literal(after)


def _rounded(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _literal(text: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda part: part[1] or part[2] or "", text)
