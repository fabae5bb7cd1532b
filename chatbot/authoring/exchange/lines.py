"""JSON Lines: one object a line with the keys of the YAML files, and ``kind`` where it is no entry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from chatbot.authoring.exchange import foreign
from chatbot.authoring.exchange.cells import split_list, split_map
from chatbot.authoring.exchange.names import canonical
from chatbot.authoring.exchange.parsing import parse_foreign, parse_json
from chatbot.authoring.exchange.record import (
    FIELDS,
    KINDS,
    LISTS,
    MAPS,
    Fault,
    Notes,
    Origin,
    Reading,
    Record,
    WrongError,
    nearest,
    short,
    tidy,
)
from chatbot.authoring.exchange.textin import text_lines


def read_lines(file: Path) -> Reading:
    """A JSON Lines file; nothing is read before the first record is asked for."""
    reading = Reading(iter(()), Origin(file.name))
    reading.records = _records(file, reading.notes)
    return reading


def _records(file: Path, notes: list[str]) -> Iterator[Record | Fault]:
    of_rows = Notes(file)
    for number, text in text_lines(file, notes):
        if text is not None and not text.strip():
            continue
        try:
            if text is None:
                raise WrongError("the line is too long to be an entry")
            found = parse_foreign(text)
            if isinstance(found, dict) and "kind" in found:
                yield record_of(number, parse_json(text))
            else:
                yield Record("entry", number, foreign.entry_of(found, of_rows, number))
        except WrongError as wrong:
            yield Fault(file, number, str(wrong))
    notes += of_rows.told()


def record_of(line: int, found: dict[str, Any]) -> Record:
    """An object that says of what kind it is, as this program writes them; raises ``WrongError``. Lists and
    mappings may be text, written as in a cell of a CSV file."""
    found = tidy(found)
    kind = found.pop("kind")
    if kind not in KINDS:
        raise WrongError(f"unknown kind {short(str(kind), 30)!r}; {nearest(str(kind), KINDS)}")
    if kind != "entry":
        return Record(kind, line, found, True)
    fields: dict[str, Any] = {}
    for key, value in found.items():
        name = canonical(key, FIELDS["entry"])
        if name in fields:
            raise WrongError(f"{name!r} stands there twice, once as {short(key, 40)!r}")
        if value is None:
            continue
        if isinstance(value, str) and name in LISTS:
            value = split_list(value)  # noqa: PLW2901 - the same in the form of the schema
        elif isinstance(value, str) and name in MAPS:
            value = split_map(value)  # noqa: PLW2901
        fields[name] = value
    return Record(kind, line, fields, True)


def write_lines(records: Iterable[Record]) -> str:
    """The text of a JSON Lines file that reads back as the same records."""
    return "".join(
        json.dumps({"kind": record.kind} | record.fields, ensure_ascii=False) + "\n" for record in records
    )
