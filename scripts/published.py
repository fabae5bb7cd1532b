"""What the scripts share that make data files from published ones: reading a table whole or not at all, naming
what is wrong by file and line, and writing all files or none."""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from chatbot.files import put_text
from chatbot.language.normalise import printable

KNOWLEDGE = Path(__file__).resolve().parents[1] / "knowledge"
NONE = "-"
"""In the published files and in ours: no figure."""
SHOWN = 20


@dataclass(frozen=True)
class Row:
    """A row of a published file: the file, its line, its cells by column."""

    file: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]


@dataclass
class Problems:
    """What is wrong, by file and line."""

    found: list[str] = field(default_factory=list)

    def at(self, row: Row, message: str) -> None:
        """Note what is wrong with a row."""
        self.add(row.file, row.line, message)

    def add(self, file: Path, line: int, message: str) -> None:
        """Note what is wrong in a line of a file."""
        self.found.append(printable(f"{file}:{line}: {message}"))

    def stop(self) -> None:
        """End the program with what was found, if anything."""
        if self.found:
            more = [f"and {len(self.found) - SHOWN:,} more"] if len(self.found) > SHOWN else []
            sys.exit("\n".join([*self.found[:SHOWN], *more, "nothing was written"]))


def read(
    file: Path, columns: Sequence[str], problems: Problems, tabs: bool = False, rows: int | None = None
) -> list[Row]:
    """The rows of a file, packed or not, whose header has just these columns; ``tabs``: tab-separated without quoting; ``rows``: how
    many there must be."""
    try:
        raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        problems.add(file, 1, f"can't be read: {error}")
        return []
    listed = _tabbed(text) if tabs else list(csv.reader(io.StringIO(text), strict=True))
    header = listed[0] if listed else []
    if sorted(header) != sorted(columns):
        problems.add(file, 1, f"the columns are {', '.join(header)}, not {', '.join(columns)}")
        return []
    out = []
    for line, cells in enumerate(listed[1:], 2):
        if len(cells) != len(header):
            problems.add(file, line, f"{len(cells)} cells, but there are {len(header)} columns")
            continue
        out.append(Row(file, line, dict(zip(header, cells, strict=True))))
    if rows is not None and len(out) != rows:
        problems.add(file, 1, f"{len(out):,} rows, but this edition has {rows:,}")
    return out


def _tabbed(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def once(rows: Iterable[Row], key: Callable[[Row], object], problems: Problems) -> None:
    """Note each row whose key stood before."""
    seen: dict[object, int] = {}
    for row in rows:
        if key(row) in seen:
            problems.at(row, f"{key(row)} stands in line {seen[key(row)]} already")
        seen.setdefault(key(row), row.line)


def number(row: Row, name: str, problems: Problems, least: str = "", most: str = "") -> Decimal | None:
    """A figure, exactly; None where none is published or, noted, where the cell holds none."""
    cell = row[name]
    if cell == NONE:
        return None
    try:
        value = Decimal(cell)
    except InvalidOperation:
        problems.at(row, f"{name}: {cell!r} is no figure")
        return None
    if (least and value < Decimal(least)) or (most and value > Decimal(most)):
        problems.at(row, f"{name}: {cell} is not between {least or 'any'} and {most or 'any'}")
    return value


def decimals(value: Decimal | None, places: int) -> str:
    """A figure with just so many decimals; raises ``ValueError`` where that would round it."""
    if value is None:
        return NONE
    shown = value.quantize(Decimal(1).scaleb(-places))
    if shown != value:
        raise ValueError(f"{value} has more than {places} decimals")
    return f"{shown:f}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file's text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def put(files: Mapping[Path, str]) -> None:
    """Write the files, and tell their sizes."""
    for file, text in files.items():
        put_text(file, text)
        print(f"{file}: {text.count(chr(10)) - 1:,} rows, {len(text.encode()):,} bytes")
