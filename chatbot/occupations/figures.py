"""Official figures by occupation and place, read from a pack's two CSV files.

    national.csv   year,code,title,level,<the 13 statistics>
    states.csv     year,state,code,<the 13 statistics>

A figure stands as it is published: employment and annual pay as whole numbers, hourly pay with two decimals. ``*`` is a
figure that is not published, ``#`` one that is published only as a least amount (top-coded). The files are read whole or
not at all: a wrong figure is worse than none, so every fault is named and nothing of the files is used.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import Finding
from chatbot.language.normalise import printable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PERCENTILES = ("p10", "p25", "median", "p75", "p90")
STATISTICS = (
    "employment",
    "hourly_mean",
    "annual_mean",
    *(f"hourly_{percentile}" for percentile in PERCENTILES),
    *(f"annual_{percentile}" for percentile in PERCENTILES),
)
"""In the order of the columns."""
LEVELS = ("total", "major", "minor", "broad", "detailed")
STATES = frozenset([
    "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA", "ID", "IL", "IN", "KS",
    "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY",
    "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
])  # fmt: skip
"""The states, the District of Columbia (DC), Guam (GU), Puerto Rico (PR) and the Virgin Islands (VI)."""
NATION = "US"
NATIONAL_COLUMNS = ("year", "code", "title", "level", *STATISTICS)
REGIONAL_COLUMNS = ("year", "state", "code", *STATISTICS)
ABSENT, MISSING, TOP = -3, -2, -1
"""In place of a figure: there is no such row; it is not published; it is top-coded."""

MAX_BYTES = 20_000_000
MAX_TITLE = 200
SHOWN = 20
"""So many findings are listed of a file; the others are counted."""
_KEPT = 10 * SHOWN
"""So many are held: those to be listed come first in the file, but are not always found first."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CODE = re.compile(r"[0-9]{2}-[0-9]{4}")
_COUNT = r"\*|[1-9][0-9]{0,8}"
_ANNUAL = r"\*|#|[1-9][0-9]{0,8}"
_HOURLY = r"\*|#|(?:0|[1-9][0-9]{0,6})\.[0-9]{2}"
_FORMS = tuple(_COUNT if name == "employment" else _HOURLY if name.startswith("hourly") else _ANNUAL for name in STATISTICS)
_ROW = re.compile(",".join(f"(?:{form})" for form in _FORMS))
_AS_NUMBERS = str.maketrans({".": None, "*": str(MISSING), "#": str(TOP)})


@dataclass(frozen=True, eq=False)
class Figures:
    """Figures of one year.

    ``codes``, ``titles`` and ``levels`` are those of the occupations, in the order of the national file; ``places`` has
    "US" first, then the states, sorted. ``values``: by place, occupation and statistic; employees, annual pay in US
    dollars, hourly pay in cents, or ``ABSENT``, ``MISSING`` or ``TOP``. It can't be written to.
    """

    year: int
    codes: tuple[str, ...]
    titles: tuple[str, ...]
    levels: tuple[str, ...]
    places: tuple[str, ...]
    values: NDArray[np.int32]


def read_figures(national: Path, regions: Path | None, year: int, findings: list[Finding]) -> Figures | None:
    """The figures of both files, or of the nation alone; None where anything is wrong, and ``findings`` gets what and where."""
    import numpy as np

    nation, states = _Sheet(national, NATIONAL_COLUMNS, year), None
    _read(nation, _occupation_checked)
    if regions is not None:
        known = None if nation.notes else {key[0] for key in nation.keys}
        states = _Sheet(regions, REGIONAL_COLUMNS, year)
        _read(states, lambda sheet, row: _place_checked(sheet, row, known))
    wrong = [*nation.told(), *(states.told() if states else ())]
    if wrong:
        findings += wrong
        return None
    assert nation.values is not None
    codes, titles, levels = (tuple(key[at] for key in nation.keys) for at in range(3))
    places = (NATION, *sorted({key[0] for key in states.keys} if states else ()))
    values = np.full((len(places), len(codes), len(STATISTICS)), ABSENT, dtype=np.int32)
    values[0] = nation.values
    if states:
        assert states.values is not None
        row_of, column_of = ({name: at for at, name in enumerate(names)} for names in (places, codes))
        values[[row_of[key[0]] for key in states.keys], [column_of[key[1]] for key in states.keys]] = states.values
    values.flags.writeable = False
    return Figures(year, codes, titles, levels, places, values)


@dataclass(slots=True)
class _Row:
    """A row's first line, its text as it stands in the file, and its cells in the order of the columns."""

    line: int
    raw: str
    order: tuple[int, ...]
    cells: tuple[str, ...]

    def column(self, at: int) -> int:
        """Where the cell of a column begins, counted from 1."""
        return _begin(self.raw, self.order[at])


@dataclass
class _Sheet:
    """One file: what is wrong with it, and its rows as they are read."""

    file: Path
    columns: tuple[str, ...]
    year: int
    notes: list[Finding] = field(default_factory=list)
    more: int = 0
    keys: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    years: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    values: NDArray[np.int32] | None = None

    def note(self, line: int, column: int, message: str, rule: str) -> None:
        if len(self.notes) < _KEPT:
            self.notes.append(Finding(self.file, line, column, message, rule))
        else:
            self.more += 1

    def told(self) -> list[Finding]:
        """The first findings, and how many more there are."""
        notes = sorted(self.notes)
        if len(notes) > SHOWN:
            rest, more = notes[SHOWN], len(notes) - SHOWN + self.more
            notes[SHOWN:] = [Finding(self.file, rest.line, rest.column, f"and {more:,} more from here on", rest.rule)]
        return notes


def _read(sheet: _Sheet, checked: Callable[[_Sheet, _Row], tuple[str, ...] | None]) -> None:
    """All rows of a file; ``checked`` gives the key of a row, or None after noting what is wrong with it."""
    import numpy as np

    seen: dict[tuple[str, ...], int] = {}
    figures: list[str] = []
    first = len(sheet.columns) - len(STATISTICS)
    text = _text(sheet)
    for row in _rows(sheet, text) if text else ():
        if row.cells[0] != str(sheet.year):
            sheet.years.setdefault(row.cells[0], []).append((row.line, row.column(0)))
        key = checked(sheet, row)
        numbers = ",".join(row.cells[first:])
        if not _ROW.fullmatch(numbers):
            _numbers_checked(sheet, row, first)
        if key is None:
            continue
        unique = key if sheet.columns is REGIONAL_COLUMNS else key[:1]
        if unique in seen:
            where = f"{' '.join(unique)} stands in line {seen[unique]} already: keep one row"
            sheet.note(row.line, row.column(1), where, "figures-duplicate")
        seen.setdefault(unique, row.line)
        sheet.keys.append(key)
        sheet.lines.append(row.line)
        figures.append(numbers)
    _years_checked(sheet)
    if sheet.notes:
        return
    if not figures:
        sheet.note(1, 1, "no rows: the file has a header and no figures", "figures-file")
        return
    flat = np.fromstring(",".join(figures).translate(_AS_NUMBERS), dtype=np.int32, sep=",")
    sheet.values = flat.reshape(len(figures), len(STATISTICS))
    _order_checked(sheet)


def _text(sheet: _Sheet) -> str | None:
    """The file's text; None, noted, where it is none."""
    try:
        status = sheet.file.stat()
        if not stat.S_ISREG(status.st_mode):  # reading from a pipe or a device would never end
            sheet.note(1, 1, "can't be read: not a file", "file")
            return None
        if status.st_size > MAX_BYTES:
            sheet.note(1, 1, f"{status.st_size:,} bytes; at most {MAX_BYTES:,} are read: is it the right file?", "figures-file")
            return None
        raw = sheet.file.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        sheet.note(1, 1, f"can't be read: {error.strerror}", "file")
        return None
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line, column = raw.count(b"\n", 0, error.start) + 1, error.start - raw.rfind(b"\n", 0, error.start)
        sheet.note(line, column, "not UTF-8: save the file as CSV in UTF-8", "encoding")
        return None
    return text if _text_checked(sheet, text) else None


def _text_checked(sheet: _Sheet, text: str) -> bool:
    """Whether the text can be read as rows; a missing end is noted, but what is there is looked at."""
    if control := _CONTROL.search(text):
        line, column = text.count("\n", 0, control.start()) + 1, control.start() - text.rfind("\n", 0, control.start())
        sheet.note(line, column, f"control character U+{ord(control.group()):04X}: remove it", "control-character")
        return False
    if not text.strip():
        sheet.note(1, 1, f"the file is empty: it begins with the columns {','.join(sheet.columns[:4])} and so on", "figures-file")
        return False
    if not text.endswith("\n"):  # the last figure may have lost its last digits
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
        message = "the last row does not end with a new line: the file may be cut off; copy it again, or add the new line"
        sheet.note(line, column, message, "figures-file")
    return True


def _rows(sheet: _Sheet, text: str) -> Iterator[_Row]:
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
        except csv.Error:
            sheet.note(start, 1, "no row can be read from here on: is a quote missing, or one too many?", "figures-row")
            return
        if cells is None:
            return
        row, start = start, start + len(kept)
        if not order:
            order = _order(sheet, cells, kept[0])
            if not order:
                return
            pick = itemgetter(*order)
        elif len(cells) == len(order):
            yield _Row(row, kept[0], order, pick(cells))
        elif cells:
            message = f"{len(cells)} cells, but the header has {len(order)} columns: complete the row or take it out"
            sheet.note(row, 1, message, "figures-row")


def _order(sheet: _Sheet, header: list[str], raw: str) -> tuple[int, ...]:
    """Where each column stands in the rows; nothing where the header is not right."""
    if len(header) == 1 and (other := next((mark for mark in ";\t|" if raw.count(mark) >= len(STATISTICS)), None)):
        name = {";": "semicolons", "\t": "tabs", "|": "bars"}[other]
        sheet.note(1, 1, f"the columns are separated by {name}: save the file with commas", "figures-column")
        return ()
    if not set(header) & set(sheet.columns):
        sheet.note(1, 1, f"no header: the first row names the columns {','.join(sheet.columns)}", "figures-column")
        return ()
    if len(header) > 2 * len(sheet.columns):
        sheet.note(1, 1, f"{len(header):,} columns, but {len(sheet.columns)} are known: is it the right file?", "figures-column")
        return ()
    wrong = len(sheet.notes)
    missing = [name for name in sheet.columns if name not in header]
    for at, name in enumerate(header):
        if name not in sheet.columns:
            near = difflib.get_close_matches(name, missing, 1)
            meant = f"did you mean {near[0]!r}?" if near else "take it out"
            sheet.note(1, _begin(raw, at), f"unknown column {_shown(name)}: {meant}", "figures-column")
        elif name in header[:at]:
            sheet.note(1, _begin(raw, at), f"the column {name!r} stands twice: take one out", "figures-column")
    if missing:
        some = ", ".join(repr(name) for name in missing)
        sheet.note(1, 1, f"missing column{'s' * (len(missing) > 1)} {some}: add {'them' if len(missing) > 1 else 'it'}", "figures-column")
    return () if len(sheet.notes) > wrong else tuple(header.index(name) for name in sheet.columns)


def _occupation_checked(sheet: _Sheet, row: _Row) -> tuple[str, ...] | None:
    """Code, title and level."""
    _, code, title, level = row.cells[:4]
    right = _code_checked(sheet, row, 1)
    if not title.strip() or title != title.strip() or len(title) > MAX_TITLE or not title.isprintable():
        message = f"{_shown(title)} is no title: one line of at most {MAX_TITLE} characters, without blanks around it"
        sheet.note(row.line, row.column(2), message, "figures-code")
        right = False
    if level not in LEVELS:
        message = f"{_shown(level)} is no level: write {', '.join(LEVELS[:-1])} or {LEVELS[-1]}"
        sheet.note(row.line, row.column(3), message, "figures-code")
        right = False
    return (code, title, level) if right else None


def _place_checked(sheet: _Sheet, row: _Row, known: set[str] | None) -> tuple[str, ...] | None:
    """State and code; ``known``: the codes of the national file, where it could be read."""
    _, state, code = row.cells[:3]
    right = state in STATES
    if not right:
        sheet.note(row.line, row.column(1), f"{_shown(state)} is no state: write its two letters, such as TX or DC", "figures-code")
    if not _code_checked(sheet, row, 2):
        return None
    if known is not None and code not in known:
        message = f"the code {code} has no row in the national file: add one there, or correct the code"
        sheet.note(row.line, row.column(2), message, "figures-code")
        right = False
    return (state, code) if right else None


def _code_checked(sheet: _Sheet, row: _Row, at: int) -> bool:
    if _CODE.fullmatch(row.cells[at]):
        return True
    message = f"{_shown(row.cells[at])} is no code of an occupation: write two digits, a hyphen and four digits, such as 29-1141"
    sheet.note(row.line, row.column(at), message, "figures-code")
    return False


def _numbers_checked(sheet: _Sheet, row: _Row, first: int) -> None:
    """Names each figure of a row that can't be one."""
    for at, (name, form) in enumerate(zip(STATISTICS, _FORMS, strict=True), first):
        if not re.fullmatch(form, row.cells[at]):
            sheet.note(row.line, row.column(at), f"{name}: {_shown(row.cells[at])} {_why(name, row.cells[at])}", "figures-number")


def _why(name: str, cell: str) -> str:
    if not cell.strip():
        return "is no figure: write * where none is published"
    if re.fullmatch(r"-[0-9.,]+", cell):
        return "is negative: write the published figure, or * where none is published"
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", cell):
        return "has a thousands sign: write the digits alone"
    if cell == "#" and name == "employment":
        return "is for pay alone: write the number of employees, or *"
    if re.fullmatch(r"[0-9]{8,}(\.[0-9]*)?", cell):
        return "is too large to be meant: write the published figure"
    if name.startswith("hourly"):
        return "is no hourly pay: write dollars and cents such as 18.50, * (not published) or # (top-coded)"
    if name.startswith("annual"):
        return "is no annual pay: write whole dollars such as 42510, * (not published) or # (top-coded)"
    return "is no number of employees: write a whole number above 0, or * (not published)"


def _years_checked(sheet: _Sheet) -> None:
    """Each other year once, at its first row."""
    for year, places in sheet.years.items():
        others = f" (here and in {len(places) - 1:,} more rows)" if len(places) > 1 else ""
        message = f"year {_shown(year)}, but the pack's figures are of {sheet.year}{others}: take the rows out, or change both"
        sheet.note(*places[0], message, "figures-year")


def _order_checked(sheet: _Sheet) -> None:
    """Of two published percentiles the higher can't be less; what is not published says nothing."""
    import numpy as np

    assert sheet.values is not None
    for unit in ("hourly", "annual"):
        start = STATISTICS.index(f"{unit}_p10")
        part = sheet.values[:, start : start + len(PERCENTILES)]
        below = (part >= 0) & (part < np.maximum.accumulate(part, axis=1))
        for row, at in zip(*np.nonzero(below), strict=True):
            message = f"{STATISTICS[start + at]} is less than a lower percentile of the same row: one of them is wrong"
            sheet.note(sheet.lines[row], 1, message, "figures-number")


def _begin(raw: str, index: int) -> int:
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


def _shown(cell: str) -> str:
    """A cell for a message, in quotes and not too long."""
    return repr(printable(cell if len(cell) <= 40 else cell[:37] + "..."))
