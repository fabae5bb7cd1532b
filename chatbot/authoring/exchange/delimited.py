"""CSV and TSV: a row for each entry under a header of known columns; what is no entry is JSON in the column
``data``."""

from __future__ import annotations

import csv
import io
import json
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from chatbot.authoring.exchange.cells import join_list, join_map
from chatbot.authoring.exchange.columns import COLUMNS, Row, columns_of, fields_of, known, records
from chatbot.authoring.exchange.dialect import TAB, bare_rows, quotes_cells
from chatbot.authoring.exchange.record import (
    FIELDS,
    LISTS,
    MAPS,
    Fault,
    Notes,
    Origin,
    Reading,
    Record,
    WrongError,
)
from chatbot.authoring.exchange.records import cited, rest
from chatbot.authoring.exchange.textin import LINE_CHARS, text_lines
from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable

DELIMITERS = {"csv": ",", "tsv": TAB}
ROW_LINES = 10_000
READ_AGAIN = 1_000_000
"""So many lines are read a second time at most, where a quote that is not closed has swallowed them."""


def read_table(file: Path, form: str) -> Reading:
    """A CSV or TSV file; raises ``ChatbotError`` where it has no usable header."""
    reading = Reading(iter(()), Origin(file.name))
    reading.records = _records(file, DELIMITERS[form], reading.notes)
    return reading


class _Lines:
    """The lines of a file for ``csv.reader``, which keeps those of the row that is being read."""

    def __init__(self, file: Path, notes: list[str] | None = None) -> None:
        self.source = text_lines(file, notes)
        self.again: deque[tuple[int, str | None]] = deque()
        self.row: list[tuple[int, str | None]] = []
        self.read = self.row
        """The lines of the row that was given last."""
        self.chars = 0
        self.budget = READ_AGAIN

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, text = self.again.popleft() if self.again else next(self.source)
        self.row.append((number, text))
        self.chars += len(text or "")
        if text is None or self.chars > LINE_CHARS:
            raise WrongError(f"more than {LINE_CHARS:,} characters in a row; is a quote missing?")
        if len(self.row) > ROW_LINES:
            raise WrongError(f"more than {ROW_LINES:,} lines in a row; is a quote missing?")
        return text

    def begin(self) -> None:
        """A new row."""
        self.row, self.chars = [], 0

    def give_back(self) -> None:
        """All lines of the row but its first are to be read again."""
        if self.budget >= len(self.row):
            self.budget -= len(self.row)
            self.again.extendleft(reversed(self.row[1:]))

    def looks_like_rows(self, delimiter: str, width: int) -> bool:
        """Whether each line of the row might be one of its own."""
        marks = width - 1
        return len(self.row) > 1 and all(text and text.count(delimiter) == marks for _, text in self.row)


def _records(file: Path, delimiter: str, notes: list[str]) -> Iterator[Record | Fault]:
    before = csv.field_size_limit(LINE_CHARS)
    of_rows = Notes(file)
    try:
        lines = _Lines(file, notes)
        first, text, delimiter = _header(file, lines, delimiter)
        columns = columns_of(file, first, _split(text, delimiter), notes, of_rows)
        width = len(columns.names)
        if delimiter == TAB and not columns.exact:
            again = _after(file, first)
            if not quotes_cells(text, width, ((again.read, row) for row in _rows(again, TAB))):
                yield from records(file, columns, bare_rows(lines.source))
                return
        yield from records(file, columns, _rows(lines, delimiter, of_rows, width))
    finally:
        csv.field_size_limit(before)
        notes += of_rows.told()


def _after(file: Path, line: int) -> _Lines:
    """The lines of a file once more, after the header's."""
    lines = _Lines(file, [])  # what is to be said of it was said before
    next(number for number, _ in lines.source if number == line)
    return lines


def _rows(lines: _Lines, delimiter: str, notes: Notes | None = None, width: int = 0) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, WrongError) as error:
            line, last = lines.row[0][0], lines.row[-1][0]
            until = f" (the row goes on to line {last})" if last > line else ""
            reason = (
                str(error)
                if isinstance(error, WrongError)
                else f"not a row that can be read: {error}; is a quote missing?"
            )
            lines.read = lines.row
            lines.give_back()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield line, WrongError(reason + until)
        else:
            lines.read = lines.row
            if notes and lines.looks_like_rows(delimiter, width):
                notes.add(
                    "several lines, each of which looks like a row, are one between two quotes: is one missing?",
                    lines.row[0][0],
                )
            yield lines.row[0][0], cells


def _header(file: Path, lines: _Lines, delimiter: str) -> tuple[int, str, str]:
    """The line and the text of the header, and the delimiter by which most of its cells are known columns."""
    for number, text in lines.source:
        if text is None:
            break
        if text.lower().startswith("sep=") and len(text.rstrip("\n")) == 5:  # a hint for spreadsheets
            delimiter = text[4]
        elif text.strip():
            found = {d: known(_split(text, d)) for d in dict.fromkeys((delimiter, ",", ";", "\t", "|"))}
            return number, text, max(found, key=found.__getitem__)
    raise ChatbotError(
        printable(f"{file}:1: no header; the first row names the columns, such as question{delimiter}answer")
    )


def _split(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return [text]


def write_table(records: Iterable[Record], form: str) -> str:
    """The text of a CSV or TSV file that reads back as the same records."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", delimiter=DELIMITERS[form], lineterminator="\n")
    writer.writeheader()
    for record in records:
        cells = _cells(record)
        back = cited(fields_of({name: cell for name, cell in cells.items() if cell.strip()}))
        if data := rest(record.fields, back):
            cells["data"] = json.dumps(data, ensure_ascii=False)
        writer.writerow({"kind": record.kind} | cells)
    return out.getvalue()


def _cells(record: Record) -> dict[str, str]:
    """What has a column of its own."""
    fields = dict(record.fields)
    if record.kind not in ("entry", "table"):
        return {name: fields[name] for name in ("id", "topic", "file") if name in fields}
    if record.kind == "table":
        return {
            n: join_list(v) if n in LISTS else v
            for n in ("id", "topic", "file", "question", "phrasings")
            if (v := fields.get(n))
        }
    first, *more = fields.pop("citations")
    fields |= first | ({"more_citations": json.dumps(more, ensure_ascii=False)} if more else {})
    for name in LISTS & fields.keys():
        fields[name] = join_list(fields[name])
    for name in MAPS & fields.keys():
        fields[name] = join_map(fields[name])
    return {name: value for name, value in fields.items() if name in COLUMNS}


assert set(COLUMNS) - {"kind", "data"} <= FIELDS["entry"]
