"""Rows of cells under a header to records: what each column means, and what a row says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot.authoring.exchange import foreign
from chatbot.authoring.exchange.cells import split_list, split_map
from chatbot.authoring.exchange.names import SEVERAL, canonical, folded, instead
from chatbot.authoring.exchange.parsing import parse_json
from chatbot.authoring.exchange.record import (
    KINDS,
    LISTS,
    MAPS,
    OF_SOURCE,
    Fault,
    Notes,
    Record,
    WrongError,
    nearest,
    short,
    tidy,
)
from chatbot.errors import ChatbotError
from chatbot.knowledge.schema import EntrySpec
from chatbot.language.normalise import printable

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
QNA = frozenset(("metadata", "suggestedquestions", "iscontextonly", "prompts", "qnaid"))
"""Columns of Azure's question answering, whose cells write a line's end as two characters."""
Row = tuple[int, "list[str] | WrongError"]


@dataclass(frozen=True, slots=True)
class Columns:
    """The field of each column, None for one that is ignored. ``exact``: written by this program.
    ``several``: the question's column says that it holds more than one. ``escaped``: a line's end is written
    as two characters."""

    names: tuple[str | None, ...]
    exact: bool = False
    several: bool = False
    escaped: bool = False
    notes: Notes = field(default_factory=lambda: Notes(Path()))

    def record(self, line: int, row: Sequence[str]) -> Record:
        """A row as a record; raises ``WrongError``."""
        if len(row) < len(self.names) or any(cell.strip() for cell in row[len(self.names) :]):
            hint = "; put quotes around text that holds a separator" if len(row) > len(self.names) else ""
            raise WrongError(f"{len(row)} cells, where the header has {len(self.names)}{hint}")
        pairs = [(name, cell) for name, cell in zip(self.names, row, strict=False) if name and cell.strip()]
        cells = dict(pairs)
        kind = cells.pop("kind", "entry").strip().lower()
        if kind not in KINDS:
            raise WrongError(f"unknown kind {short(kind, 30)!r}; {nearest(kind, KINDS)}")
        if self.exact:
            return Record(kind, line, fields_of(cells), True)
        return Record(kind, line, self._foreign(line, [pair for pair in pairs if pair[0] != "kind"]))

    def _foreign(self, line: int, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        """The fields of a row that another program or a person wrote."""
        fields: dict[str, Any] = {}
        asked: list[str] = []
        for name, raw in pairs:
            cell = tidy(raw.strip())
            if self.escaped:
                cell = cell.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\t", "\t")
            if name == "question":
                asked.append(foreign.plain(cell, self.notes, line))
            elif name in LISTS:
                fields[name] = [*fields.get(name, []), *foreign.listed(cell, self.notes, line)]
            elif name in MAPS or name in ("more_citations", "data"):
                fields |= fields_of({name: cell})
            else:
                fields[name] = foreign.plain(cell, self.notes, line)
        foreign.asked(fields, asked, self.several, self.notes, line)
        return fields


def fields_of(cells: dict[str, str]) -> dict[str, Any]:
    """The fields of cells as this program writes them; what ``data`` says goes before the columns. Raises
    ``WrongError``."""
    fields: dict[str, Any] = {}
    for name, raw in cells.items():
        cell = tidy(raw)
        try:
            if name in LISTS:
                fields[name] = split_list(cell)
            elif name in MAPS:
                fields[name] = split_map(cell)
            elif name == "more_citations":
                fields[name] = parse_json(cell)
            elif name != "data":
                fields[name] = cell
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


def known(cells: Sequence[str]) -> int:
    """How many of the cells name a column that is known."""
    return sum(canonical(cell, KNOWN) in KNOWN for cell in cells)


def columns_of(file: Path, line: int, cells: Sequence[str], notes: list[str], of_rows: Notes) -> Columns:
    """What the cells of a header mean; a column that is ignored is noted. Raises ``ChatbotError`` where none
    is the question or the answer."""
    told = [canonical(cell, KNOWN) for cell in cells]
    for wanted in ("question", "answer"):
        if wanted not in told and (at := instead(cells, wanted)) is not None:
            told[at] = wanted
    out: list[str | None] = []
    plain = {folded(cell) for cell in cells}
    quiet = QNA if len(QNA & plain) >= 2 else frozenset()
    for cell, name in zip(cells, told, strict=True):
        if folded(cell) in quiet and name not in KNOWN:
            out.append(None)
        elif name in KNOWN and name in out and name in ("question", "phrasings"):
            out.append(name)
        elif name and (name not in KNOWN or name in out):
            why = nearest(name, KNOWN) if name not in KNOWN else f"there is one for {name!r} already"
            notes.append(printable(f"{file}:{line}: the column {short(cell, 40)!r} is ignored; {why}"))
            out.append(None)
        else:
            out.append(name or None)
    missing = [name for name in ("question", "answer") if name not in out]
    if missing:
        have = short(", ".join(cell.strip() for cell in cells), 120)
        lacks = " and no column ".join(missing)
        raise ChatbotError(printable(f"{file}:{line}: the header has no column {lacks}; it has: {have}"))
    several = any(
        folded(cell) in SEVERAL for cell, name in zip(cells, out, strict=True) if name == "question"
    )
    return Columns(tuple(out), "kind" in out, several, bool(quiet), of_rows)


def records(file: Path, columns: Columns, rows: Iterable[Row]) -> Iterator[Record | Fault]:
    """A record or a fault of every row in which anything stands."""
    for line, row in rows:
        try:
            if isinstance(row, WrongError):
                raise row
            if any(cell.strip() for cell in row):
                yield columns.record(line, row)
        except WrongError as wrong:
            yield Fault(file, line, str(wrong))
