"""One reader for all CSV files of data sets: what the columns are is declared, and every fault is named by
line and column.

A file is read whole or not at all: a wrong figure is worse than none. Figures stand as they are published,
with just the decimals that are declared; a mark stands in place of a figure. They are kept as whole numbers,
and no figure is ever held as a text of its own.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.datasets.cells import Number, shown
from chatbot.errors import Finding
from chatbot.files import LARGEST, UnfitError, read_bytes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_BYTES = 20_000_000
"""A file with figures is no larger."""
MOST_BYTES = LARGEST
"""A file of texts is no larger."""
LONGEST = 2_000
"""No text is longer, in characters."""
LISTED = 20
"""How many findings are listed of a file; the others are counted."""
KEPT = 10 * LISTED
"""How many findings are held: those to be listed come first in the file, but are not always found first."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_TOO_LONG = "field larger than"
"""What ``csv`` says of a cell beyond its limit, 131,072 characters where no program has set another."""
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}

Check = Callable[["Sheet", "Row", int], bool]
"""Whether a cell of a row, by its number among the columns, can be used; what is wrong is noted."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is not one of figures: its name in the file and what its cells must be."""

    name: str
    check: Check


@dataclass(frozen=True)
class Layout:
    """What a file holds. ``unique``: the numbers of the columns that no two rows share; ``text``: whether it
    is a file of texts.

    ``year``: what the first column says in each row, or None where there is no such column.
    """

    columns: tuple[Column, ...]
    numbers: tuple[Number, ...] = ()
    texts: tuple[Column, ...] = ()
    unique: tuple[int, ...] = ()
    year: int | None = None
    text: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return (
            *(c.name for c in self.columns),
            *(n.name for n in self.numbers),
            *(t.name for t in self.texts),
        )

    def rule(self, kind: str) -> str:
        """The rule under which a fault is told."""
        return "data-file" if self.text else f"figures-{kind}"


@dataclass(slots=True)
class Row:
    """A row's first line, its text as it stands in the file, and its cells in the order of the columns."""

    line: int
    raw: str
    order: tuple[int, ...]
    cells: tuple[str, ...]

    def column(self, at: int) -> int:
        """Where the cell of a column begins, counted from 1."""
        return begin(self.raw, self.order[at])


@dataclass
class Sheet:
    """One file: what is wrong with it, and its rows as they are read."""

    file: Path
    layout: Layout
    notes: list[Finding] = field(default_factory=list)
    more: int = 0
    keys: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    texts: list[tuple[str, ...]] = field(default_factory=list)
    years: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    values: NDArray[np.int32] | None = None

    def note(self, line: int, column: int, message: str, rule: str) -> None:
        """Note a fault."""
        if len(self.notes) < KEPT:
            self.notes.append(Finding(self.file, line, column, message, rule))
        else:
            self.more += 1

    def fault(self, row: Row, at: int, message: str, kind: str) -> None:
        """Note a fault of a cell."""
        self.note(row.line, row.column(at), message, self.layout.rule(kind))

    def findings(self) -> list[Finding]:
        """The first findings, and how many more there are."""
        notes = sorted(self.notes)
        if len(notes) > LISTED:
            rest, more = notes[LISTED], len(notes) - LISTED + self.more
            notes[LISTED:] = [
                Finding(self.file, rest.line, rest.column, f"and {more:,} more from here on", rest.rule)
            ]
        return notes


def read_sheet(file: Path, layout: Layout) -> Sheet:
    """Read a file; where anything is wrong, ``notes`` says what, and nothing else of it is to be used."""
    sheet = Sheet(file, layout)
    text = _text(sheet)
    figures = _read_rows(sheet, text) if text else []
    _note_years(sheet)
    if sheet.notes:
        return sheet
    if not sheet.keys and layout.numbers:
        sheet.note(1, 1, "no rows: the file has a header and no figures", layout.rule("file"))
        return sheet
    if layout.numbers:
        sheet.values = _values(layout, figures)
        _note_order(sheet)
    return sheet


def _read_rows(sheet: Sheet, text: str) -> list[str]:
    """Check each row and keep its key and texts; gives the figures of each row as they stand."""
    layout = sheet.layout
    first, last = len(layout.columns), len(layout.columns) + len(layout.numbers)
    form = re.compile(",".join(f"(?:{number.form})" for number in layout.numbers))
    checks = [(at, column.check) for at, column in enumerate(layout.columns)]
    more = [(at, column.check) for at, column in enumerate(layout.texts, last)]
    key_of = itemgetter(*layout.unique) if layout.unique else None
    year = None if layout.year is None else str(layout.year)
    seen: dict[object, int] = {}
    figures: list[str] = []
    for row in _rows(sheet, text):
        cells = row.cells
        if year is not None and cells[0] != year:
            sheet.years.setdefault(cells[0], []).append((row.line, row.column(0)))
        right = True
        for at, check in checks:
            right = check(sheet, row, at) and right
        numbers = ",".join(cells[first:last])
        if layout.numbers and not form.fullmatch(numbers):
            _note_numbers(sheet, row, first)
        for at, check in more:
            right = check(sheet, row, at) and right
        if not right:
            continue
        if key_of:
            key = key_of(cells)
            if key in seen:
                shown_key = key if isinstance(key, str) else " ".join(key)
                where = f"{shown_key} stands in line {seen[key]} already: keep one row"
                sheet.fault(row, layout.unique[0], where, "duplicate")
            seen.setdefault(key, row.line)
        sheet.keys.append(cells[:first])
        sheet.lines.append(row.line)
        figures.append(numbers)
        if more:
            sheet.texts.append(cells[last:])
    return figures


def _values(layout: Layout, figures: Sequence[str]) -> NDArray[np.int32]:
    """The figures as whole numbers, decimals shifted out, marks as their numbers."""
    import numpy as np

    marks: dict[str, int] = {}
    plain = True
    for number in layout.numbers:
        for mark, kept in number.marks.items():
            plain = plain and len(mark) == 1 and mark not in ".-" and marks.get(mark, kept) == kept
            marks[mark] = kept
    if plain:
        signs: dict[str, str | int | None] = {".": None, **{mark: str(kept) for mark, kept in marks.items()}}
        flat = ",".join(figures).translate(str.maketrans(signs))
    else:  # marks of several letters, or with another meaning in another column
        of = [number.marks for number in layout.numbers]
        rows = (zip(of, row.split(","), strict=True) for row in figures)
        flat = ",".join(
            str(known[cell]) if cell in known else cell.replace(".", "")
            for row in rows
            for known, cell in row
        )
    return np.fromstring(flat, dtype=np.int32, sep=",").reshape(len(figures), len(layout.numbers))


def _text(sheet: Sheet) -> str | None:
    """The file's text; None, noted, where it is none."""
    most = MOST_BYTES if sheet.layout.text else MAX_BYTES
    unreadable = sheet.layout.rule("file") if sheet.layout.text else "file"
    try:
        raw = read_bytes(sheet.file, most).removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        if isinstance(error, UnfitError) and error.too_large:
            sheet.note(1, 1, f"{error.strerror}: is it the right file?", sheet.layout.rule("file"))
            return None
        sheet.note(1, 1, f"can't be read: {error.strerror}", unreadable)
        return None
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line, column = raw.count(b"\n", 0, error.start) + 1, error.start - raw.rfind(b"\n", 0, error.start)
        sheet.note(line, column, "not UTF-8: save the file as CSV in UTF-8", "encoding")
        return None
    return text if _is_text(sheet, text) else None


def _is_text(sheet: Sheet, text: str) -> bool:
    """Whether the text can be read as rows; a missing end is noted, but what is there is looked at."""
    if control := _CONTROL.search(text):
        line, column = (
            text.count("\n", 0, control.start()) + 1,
            control.start() - text.rfind("\n", 0, control.start()),
        )
        sheet.note(
            line, column, f"control character U+{ord(control.group()):04X}: remove it", "control-character"
        )
        return False
    names = sheet.layout.names
    if not text.strip():
        so_on = " and so on" if len(names) > 4 else ""
        message = f"the file is empty: it begins with the columns {','.join(names[:4])}{so_on}"
        sheet.note(1, 1, message, sheet.layout.rule("file"))
        return False
    if not sheet.layout.text and not text.endswith("\n"):  # the last figure may have lost its last digits
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
        message = "the last row does not end with a new line: the file may be cut off; copy it again, or add the new line"
        sheet.note(line, column, message, sheet.layout.rule("file"))
    return True


def _rows(sheet: Sheet, text: str) -> Iterator[Row]:
    """The rows below the header that have as many cells as it has; the others are noted."""
    kept: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text):
            kept.append(line)
            yield line

    reader = csv.reader(lines(), strict=True)
    start = 1
    order: tuple[int, ...] = ()
    while True:
        kept.clear()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            sheet.note(start, 1, _unreadable(str(error), sheet.layout.text), sheet.layout.rule("row"))
            return
        if cells is None:
            return
        line, start = start, start + len(kept)
        if not order:
            order = _order(sheet, cells, kept[0])
            if not order:
                return
            pick = itemgetter(*order)
        elif len(cells) == len(order):
            yield Row(line, kept[0], order, pick(cells))
        elif cells:
            message = f"{len(cells)} cells, but the header has {len(order)} columns: complete the row or take it out"
            sheet.note(line, 1, message, sheet.layout.rule("row"))


def _unreadable(said: str, text: bool) -> str:
    if text and said.startswith(_TOO_LONG):
        return f"a cell of more than {LONGEST:,} characters: is a quote missing, or one too many?"
    return "no row can be read from here on: is a quote missing, or one too many?"


def _order(sheet: Sheet, header: list[str], raw: str) -> tuple[int, ...]:
    """Where each of the columns stands; empty, noted, where the header does not have just these."""
    names, rule = sheet.layout.names, sheet.layout.rule("column")
    other = next((sign for sign in _SEPARATORS if raw.count(sign) >= len(names) - 1), None)
    if other and len(header) == 1:
        sheet.note(
            1, 1, f"the columns are separated by {_SEPARATORS[other]}: save the file with commas", rule
        )
        return ()
    if not set(header) & set(names):
        sheet.note(1, 1, f"no header: the first row names the columns {','.join(names)}", rule)
        return ()
    if len(header) > 2 * len(names):
        sheet.note(1, 1, f"{len(header):,} columns, but {len(names)} are known: is it the right file?", rule)
        return ()
    wrong = len(sheet.notes)
    missing = [name for name in names if name not in header]
    for at, name in enumerate(header):
        if name not in names:
            near = difflib.get_close_matches(name, missing, 1)
            meant = f"did you mean {near[0]!r}?" if near else "take it out"
            sheet.note(1, begin(raw, at), f"unknown column {shown(name)}: {meant}", rule)
        elif name in header[:at]:
            sheet.note(1, begin(raw, at), f"the column {name!r} stands twice: take one out", rule)
    if missing:
        some = ", ".join(repr(name) for name in missing)
        plural = len(missing) > 1
        sheet.note(1, 1, f"missing column{'s' * plural} {some}: add {'them' if plural else 'it'}", rule)
    return () if len(sheet.notes) > wrong else tuple(header.index(name) for name in names)


def _note_numbers(sheet: Sheet, row: Row, first: int) -> None:
    """Name each figure of a row that can't be one."""
    for at, number in enumerate(sheet.layout.numbers, first):
        if not re.fullmatch(number.form, row.cells[at]):
            sheet.fault(
                row, at, f"{number.name}: {shown(row.cells[at])} {number.why(row.cells[at])}", "number"
            )


def _note_years(sheet: Sheet) -> None:
    """Name each other year once, at its first row."""
    for year, places in sheet.years.items():
        others = f" (here and in {len(places) - 1:,} more rows)" if len(places) > 1 else ""
        message = f"year {shown(year)}, but the pack's figures are of {sheet.layout.year}{others}: take the rows out, or change both"
        sheet.note(*places[0], message, sheet.layout.rule("year"))


def _note_order(sheet: Sheet) -> None:
    """Of two published percentiles the higher can't be less; what is not published says nothing."""
    import numpy as np

    from chatbot.datasets.model import LAST_MARK

    assert sheet.values is not None
    for columns in _percentiles(sheet.layout.numbers).values():
        part = sheet.values[:, columns]
        below = (part > LAST_MARK) & (part < np.maximum.accumulate(part, axis=1))
        for row, at in zip(*np.nonzero(below), strict=True):
            name = sheet.layout.numbers[columns[at]].name
            message = f"{name} is less than a lower percentile of the same row: one of them is wrong"
            sheet.note(sheet.lines[row], 1, message, sheet.layout.rule("number"))


def _percentiles(numbers: Sequence[Number]) -> Mapping[str, list[int]]:
    """The columns of percentiles of each measure and unit, the lowest first."""
    groups: dict[str, list[int]] = {}
    for i, number in enumerate(numbers):
        if number.percentile is not None:
            groups.setdefault(number.group, []).append(i)
    return {
        group: sorted(columns, key=lambda i: numbers[i].percentile or 0) for group, columns in groups.items()
    }


def begin(raw: str, index: int) -> int:
    """Where a cell of a line begins, counted from 1; a comma between quotes separates nothing."""
    quoted = False
    for at, letter in enumerate(raw, 1):
        if index == 0:
            return at
        if letter == '"':
            quoted = not quoted
        elif letter == "," and not quoted:
            index -= 1
    return max(len(raw), 1)
