"""CSV and TSV: a row for each entry under a header of known columns; what is no entry is JSON in the column
``data``."""

from __future__ import annotations

import csv
import io
import json
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from chatbot.authoring.exchange.cells import join_list, join_map, split_list, split_map
from chatbot.authoring.exchange.names import canonical
from chatbot.authoring.exchange.record import (
    FIELDS,
    KINDS,
    LISTS,
    MAPS,
    OF_SOURCE,
    Fault,
    Origin,
    Reading,
    Record,
    WrongError,
    nearest,
    parse_json,
    short,
    tidy,
)
from chatbot.authoring.exchange.records import cited, rest
from chatbot.authoring.exchange.textin import LINE_CHARS, text_lines
from chatbot.errors import ChatbotError
from chatbot.knowledge.schema import EntrySpec
from chatbot.language.normalise import printable

DELIMITERS = {"csv": ",", "tsv": "\t"}
_CITATION = ("source", "section", "origin", "figures", "more_citations")
_OTHER = tuple(
    n for n in EntrySpec.__struct_fields__ if n not in ("id", "question", "answer", "phrasings", "citations")
)
COLUMNS = (
    "kind",
    "id",
    "topic",
    "topic_title",
    "file",
    "question",
    "answer",
    "phrasings",
    *_CITATION,
    *_OTHER,
    "data",
)
"""What an export has; the columns of ``OF_SOURCE`` are read too."""
KNOWN = frozenset((*COLUMNS, *OF_SOURCE))
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

    def __init__(self, file: Path) -> None:
        self.source = text_lines(file)
        self.again: deque[tuple[int, str | None]] = deque()
        self.row: list[tuple[int, str | None]] = []
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


def _records(file: Path, delimiter: str, notes: list[str]) -> Iterator[Record | Fault]:
    before = csv.field_size_limit(LINE_CHARS)
    try:
        lines = _Lines(file)
        first, cells, delimiter = _header(file, lines, delimiter)
        columns = _columns(file, first, cells, notes)
        exact = "kind" in columns
        for line, row in _rows(lines, delimiter):
            try:
                if isinstance(row, WrongError):
                    raise row
                if any(cell.strip() for cell in row):
                    yield _record(line, columns, row, exact)
            except WrongError as wrong:
                yield Fault(file, line, str(wrong))
    finally:
        csv.field_size_limit(before)


def _rows(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | WrongError]]:
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
            lines.give_back()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield line, WrongError(reason + until)
        else:
            yield lines.row[0][0], cells


def _header(file: Path, lines: _Lines, delimiter: str) -> tuple[int, list[str], str]:
    """The line and the cells of the header, and the delimiter by which most of them are known columns."""
    for number, text in lines.source:
        if text is None:
            break
        if text.lower().startswith("sep=") and len(text.rstrip("\n")) == 5:  # a hint for spreadsheets
            delimiter = text[4]
        elif text.strip():
            if "\x00" in text:
                raise ChatbotError(printable(f"{file}:{number}: not text; if it is UTF-16, save it as UTF-8"))
            split = {d: _split(text, d) for d in dict.fromkeys((delimiter, ",", ";", "\t", "|"))}
            best = max(split, key=lambda d: sum(canonical(cell, KNOWN) in KNOWN for cell in split[d]))
            return number, split[best], best
    raise ChatbotError(
        printable(f"{file}:1: no header; the first row names the columns, such as question{delimiter}answer")
    )


def _split(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return [text]


def _columns(file: Path, line: int, cells: list[str], notes: list[str]) -> list[str | None]:
    """The field of each column; None for one that is ignored, which is noted."""
    out: list[str | None] = []
    for cell in cells:
        name = canonical(cell, KNOWN)
        if not name:
            out.append(None)
        elif name not in KNOWN:
            notes.append(
                printable(f"{file}:{line}: the column {short(cell, 40)!r} is ignored; {nearest(name, KNOWN)}")
            )
            out.append(None)
        elif name in out:
            notes.append(
                printable(
                    f"{file}:{line}: the column {short(cell, 40)!r} is ignored; there is one for {name!r} already"
                )
            )
            out.append(None)
        else:
            out.append(name)
    missing = [name for name in ("question", "answer") if name not in out]
    if missing:
        have = short(", ".join(cell.strip() for cell in cells), 120)
        raise ChatbotError(
            printable(
                f"{file}:{line}: the header has no column {' and no column '.join(missing)}; it has: {have}"
            )
        )
    return out


def _record(line: int, columns: list[str | None], row: list[str], exact: bool) -> Record:
    if len(row) < len(columns) or any(cell.strip() for cell in row[len(columns) :]):
        hint = "; put quotes around text that holds a separator" if len(row) > len(columns) else ""
        raise WrongError(f"{len(row)} cells, where the header has {len(columns)}{hint}")
    cells = {name: cell for name, cell in zip(columns, row, strict=False) if name and cell.strip()}
    kind = cells.pop("kind", "entry").strip().lower()
    if kind not in KINDS:
        raise WrongError(f"unknown kind {short(kind, 30)!r}; {nearest(kind, KINDS)}")
    return Record(kind, line, fields_of(cells, exact), exact)


def fields_of(cells: dict[str, str], exact: bool) -> dict[str, Any]:
    """The fields of the cells that are not blank; what ``data`` says goes before the columns. Raises
    ``WrongError``."""
    fields: dict[str, Any] = {}
    for name, raw in cells.items():
        cell = tidy(raw if exact else raw.strip())
        try:
            if name in LISTS:
                fields[name] = split_list(cell)
            elif name in MAPS:
                fields[name] = split_map(cell)
            elif name == "more_citations":
                fields[name] = parse_json(cell)
            elif name != "data":
                fields[name] = " ".join(cell.split()) if name == "question" and not exact else cell
        except WrongError as wrong:
            raise WrongError(f"{name}: {wrong}") from None
    if "data" in cells:
        try:
            data = tidy(parse_json(cells["data"]))
        except WrongError as wrong:
            raise WrongError(f"data: {wrong}") from None
        if not isinstance(data, dict):
            raise WrongError("data: not a JSON object")
        fields |= data
    return fields


def write_table(records: Iterable[Record], form: str) -> str:
    """The text of a CSV or TSV file that reads back as the same records."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", delimiter=DELIMITERS[form], lineterminator="\n")
    writer.writeheader()
    for record in records:
        cells = _cells(record)
        back = cited(fields_of({name: cell for name, cell in cells.items() if cell.strip()}, True))
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
