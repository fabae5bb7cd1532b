"""The text files of an O*NET release: a header and cells between tabs. What can't be used is named and left
out.

The columns may stand in any order, and others are ignored. Nothing is unquoted: a quotation mark is a
character of the text. Each cell is one line without control characters; ``n/a`` is an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chatbot.authoring.exchange.record import short
from chatbot.authoring.exchange.textin import text_lines, unreadable
from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable

CODE = "O*NET-SOC Code"
HOME = "https://www.onetcenter.org/database.html"
SHOWN = 5
"""So many bad rows of a file are named; the others are counted."""
_CODE = re.compile(r"\d{2}-\d{4}\.\d{2}", re.ASCII)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NAME = re.compile(r"O\*NET\b[^\n]{0,40}?\bDatabase\b")
_DATE = re.compile(rf"\b({'|'.join(_MONTHS)})\s+(\d{{4}})\s+Release\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Layout:
    """A file of a release: the columns that it must have, those that not every release has, and what is made
    of it."""

    name: str
    needed: tuple[str, ...]
    gives: str
    optional: tuple[str, ...] = ()


OCCUPATIONS = Layout("Occupation Data", (CODE, "Title", "Description"), "occupations")
ALTERNATES = Layout("Alternate Titles", (CODE, "Alternate Title"), "alternate titles", ("Short Title",))
REPORTED = Layout("Sample of Reported Titles", (CODE, "Reported Job Title"), "reported titles")
TASKS = Layout("Task Statements", (CODE, "Task"), "tasks", ("Task Type",))
TECHNOLOGY = Layout("Technology Skills", (CODE, "Example"), "technology", ("Hot Technology", "In Demand"))
RELATED = Layout("Related Occupations", (CODE, "Related O*NET-SOC Code"), "related occupations", ("Index",))
ZONES = Layout("Job Zones", (CODE, "Job Zone"), "the preparation that an occupation needs")
ZONE_TEXTS = Layout(
    "Job Zone Reference",
    ("Job Zone", "Education", "Job Training"),
    "the preparation that an occupation needs",
)
EDUCATION = Layout(
    "Education, Training, and Experience",
    (CODE, "Scale ID", "Category", "Data Value", "Recommend Suppress"),
    "the education that people said is required",
)
LEVELS = Layout(
    f"{EDUCATION.name} Categories", ("Scale ID", "Category", "Category Description"), EDUCATION.gives
)
INTERESTS = Layout("Interests", (CODE, "Element Name", "Scale ID", "Data Value"), "interests")


@dataclass(slots=True)
class Skipped:
    """What was left out: a line for each file and for the first bad rows of one; ``count`` counts all of
    them."""

    lines: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, message: str, count: int = 1) -> None:
        """A file, a row, or so many rows."""
        self.count += count
        self.lines.append(printable(message))


@dataclass(slots=True)
class Table:
    """The rows of a file that can be used: the cells of the columns asked for, the optional ones last and
    empty where there are none."""

    file: Path
    rows: list[tuple[int, list[str]]]
    skipped: Skipped
    line: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    def __iter__(self) -> Iterator[list[str]]:
        for line, cells in self.rows:
            self.line = line
            yield cells
        self.faults.sort()
        for line, message in self.faults[:SHOWN]:
            self.skipped.add(f"{self.file}:{line}: {message}; the row is skipped")
        if more := len(self.faults[SHOWN:]):
            self.skipped.add(f"{self.file}: and {more:,} more rows", more)

    def bad(self, message: str, line: int | None = None) -> None:
        """Say what is wrong with the row that was given last, or the one at a line; told when all rows have
        been given."""
        self.faults.append((line or self.line, message))

    def useless(self) -> str:
        """What to say of a file of which no row can be used."""
        line, message = min(self.faults, default=(0, ""))
        return f"{self.file}: no row in it can be used{f'; line {line}: {message}' if line else ''}"


class Folder:
    """A folder of O*NET text files; raises ``ChatbotError`` where there is none. ``skipped`` collects what
    can't be used."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.skipped = folder, Skipped()
        try:
            if not folder.is_dir():
                what = "it is a file; unpack it first" if folder.exists() else "there is no such folder"
                raise ChatbotError(printable(f"{folder}: {what}; the O*NET text files are at {HOME}"))
            # systems differ in capitals
            self.files = {file.name.casefold(): file for file in sorted(folder.iterdir())}
        except OSError as error:
            raise ChatbotError(unreadable(folder, error)) from None

    def table(self, layout: Layout) -> Table:
        """The rows of a file; none, and a line in ``skipped``, where it can't be used. Raises
        ``ChatbotError`` for the occupations."""
        file = self.files.get(f"{layout.name}.txt".casefold(), self.folder / f"{layout.name}.txt")
        table = Table(file, [], self.skipped)
        try:
            if file.name.casefold() not in self.files:
                raise ChatbotError(f"{file}: not there{self._hint() if layout is OCCUPATIONS else ''}")
            _fill(table, layout)
        except ChatbotError as error:
            if layout is OCCUPATIONS:
                raise ChatbotError(printable(str(error))) from None
            self.skipped.add(f"{error}; left out: {layout.gives}")
            return Table(file, [], self.skipped)
        return table

    def _hint(self) -> str:
        found = [
            file
            for file in sorted(self.folder.glob("*/*.txt"))
            if file.name.casefold() == f"{OCCUPATIONS.name}.txt".casefold()
        ]
        return (
            f"; did you mean the folder {found[0].parent}?"
            if found
            else f"; give the folder of the O*NET text files ({HOME})"
        )

    def release(self) -> tuple[str, str]:
        """The release's name and date, such as "O*NET 30.1 Database" and "2025-12"; what the Read Me does not
        say is named.
        """
        file = self.files.get("read me.txt", self.folder / "Read Me.txt")
        try:
            if file.name.casefold() not in self.files:
                raise ChatbotError(f"{file}: not there")
            text = "\n".join(line or "" for _, line in text_lines(file))
        except ChatbotError as error:
            self.skipped.add(f"{error}; left out: the release's number and date")
            return "O*NET Database", "undated"
        name, date = _NAME.search(text), _DATE.search(text)
        if not name or not date:
            self.skipped.add(
                f"{file}: it says no {'date' if name else 'number'} of the release, such as O*NET 30.1 Database, December 2025 Release"
            )
        title = " ".join(printable(name[0]).split()) if name else "O*NET Database"
        return title, f"{date[2]}-{_MONTHS.index(date[1]) + 1:02}" if date else "undated"


def _fill(table: Table, layout: Layout) -> None:
    """Read the rows of a file; those that have not the header's cells are named. Raises ``ChatbotError`` for
    a file that can't be used."""
    columns: list[int | None] | None = None
    width = 0
    for line, text in text_lines(table.file):
        if columns is None:
            header = [" ".join(cell.split()).casefold() for cell in (text or "").split("\t")]
            columns, width = _columns(table.file, header, layout), len(header)
            continue
        cells = (text or "").rstrip("\n").split("\t")
        if text is None:
            table.bad("the row is too long", line)
        elif not any(map(str.strip, cells)):
            continue
        elif len(cells) < width or any(cell.strip() for cell in cells[width:]):
            table.bad(f"{len(cells)} cells, where the header has {width}", line)
        else:
            table.rows.append((line, ["" if at is None else _tidy(cells[at]) for at in columns]))
    if columns is None:
        raise ChatbotError(f"{table.file}: empty")
    if not table.rows:
        raise ChatbotError(table.useless())


def _columns(file: Path, header: list[str], layout: Layout) -> list[int | None]:
    missing = [name for name in layout.needed if name.casefold() not in header]
    if missing:
        have = short(", ".join(header), 80)
        raise ChatbotError(
            f"{file}:1: no column {' and no column '.join(map(repr, missing))} (it has: {have})"
        )
    return [
        header.index(name.casefold()) if name.casefold() in header else None
        for name in (*layout.needed, *layout.optional)
    ]


def _tidy(cell: str) -> str:
    text = " ".join((cell if cell.isprintable() else printable(cell)).split())
    return "" if text.casefold() == "n/a" else text


def is_code(text: str) -> bool:
    """Whether a text is an O*NET-SOC code, such as 29-1141.00."""
    return bool(_CODE.fullmatch(text))
