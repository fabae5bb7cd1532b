"""What every format is read into: records of plain fields, and the faults of what could not be read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from chatbot.errors import ChatbotError
from chatbot.knowledge.basics import CitationSpec
from chatbot.knowledge.schema import EntrySpec, PackFile, TableSpec
from chatbot.knowledge.sourceschema import SourceSpec
from chatbot.language.normalise import printable

FORMATS = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".json": "json", ".jsonld": "json", ".md": "markdown", ".markdown": "markdown", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".yml": "rasa", ".yaml": "rasa",
}  # fmt: skip
_SHEET = "save the sheet as .xlsx, or as CSV UTF-8"
_OTHERWISE = {
    ".xls": _SHEET, ".xlsb": _SHEET, ".ods": _SHEET, ".numbers": _SHEET,
    ".zip": "unpack it, and import the file with the questions",
    ".docx": "put questions and answers into two columns of a spreadsheet", ".pdf": "put questions and answers into two columns of a spreadsheet",
}  # fmt: skip
"""What to do about files of other formats."""
KINDS = ("entry", "table", "topic", "source", "pack")
PLACE = ("topic", "topic_title", "file")
"""Where an entry or table stands: its topic, the topic's title, and the file in the pack's folder, by default
named like the topic."""
CITED = {"source": "source", "section": "section", "origin": "origin", "figures": "figures"}
"""Fields of the first citation, which may stand beside the entry's own."""
SOURCE_KIND = "source_kind"
"""The field ``kind`` of a source: ``kind`` itself says that the record is one."""
OF_SOURCE = {"source_title": "title"} | {
    n: n for n in SourceSpec.__struct_fields__ if n not in ("id", "title", "kind")
}
"""Fields of the source of the first citation, which may stand beside the entry's own, and what they are
called in sources.yaml."""


def _names(kind: type[msgspec.Struct], factory: type) -> frozenset[str]:
    return frozenset(
        f.name for f in msgspec.structs.fields(kind) if f.default_factory is factory or f.default == factory()
    )


LISTS = (_names(EntrySpec, list) | _names(CitationSpec, list)) - {"citations"}
MAPS = _names(EntrySpec, dict)
FIELDS: Mapping[str, frozenset[str]] = {
    "entry": frozenset((*EntrySpec.__struct_fields__, *PLACE, *CITED, "more_citations", *OF_SOURCE)),
    "table": frozenset((*TableSpec.__struct_fields__, *PLACE)),
    "topic": frozenset(("topic", "title", "topic_title", "subjects", "shelf_life_years", "file")),
    "source": frozenset((*(n for n in SourceSpec.__struct_fields__ if n != "kind"), SOURCE_KIND)),
    "pack": frozenset(PackFile.__struct_fields__),
}

SHOWN = 5
"""So many lines or names are listed of a thing."""
_BAD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class WrongError(Exception):
    """What is wrong with one row or value; becomes a ``Fault`` where file and line are known."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What was skipped and why; ``str`` gives ``file:line: message``, in one line and without control
    characters."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return printable(f"{self.file}:{self.line}: {self.message}")


@dataclass(slots=True)
class Record:
    """One pack, source, topic, entry or table, and the line at which it stands."""

    kind: str
    line: int
    fields: dict[str, Any]
    exact: bool = False
    """Written by this program: nothing is taken from the answer where a source is named, and nothing is
    joined."""
    item: int = 0
    """Its number in its list, where several may stand in one line."""


@dataclass(slots=True)
class Origin:
    """What a file says of itself: what becomes of its own source where an entry names none."""

    title: str
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None
    page: bool = False
    """A web page; else the title is a file's name."""

    @property
    def name(self) -> str:
        """The title, of a file without its ending."""
        return self.title if self.page else self.title.rpartition(".")[0] or self.title


@dataclass(slots=True)
class Reading:
    """A file that is being read: its records one after the other, and what is worth a word (``notes``,
    complete at the end)."""

    records: Iterator[Record | Fault]
    origin: Origin
    notes: list[str] = field(default_factory=list)


class Notes:
    """What is worth a word though nothing is lost by it: each thing once, with the lines that it is about."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lines: dict[str, list[int]] = {}

    def add(self, what: str, line: int) -> None:
        """``what``: the end of a sentence that begins with a number of rows."""
        listed = self.lines.setdefault(what, [])
        if not listed or listed[-1] != line:
            listed.append(line)

    def told(self) -> list[str]:
        """One line for each thing."""
        out = []
        for what, lines in self.lines.items():
            some = ", ".join(str(line) for line in lines[:SHOWN]) + (", ..." if len(lines) > SHOWN else "")
            rows = "1 row" if len(lines) == 1 else f"{len(lines):,} rows"
            where = f"line {some}" if len(lines) == 1 else f"lines {some}"
            out.append(printable(f"{self.file}:{lines[0]}: in {rows} ({where}) {what}"))
        return out


def short(text: str, most: int = 60) -> str:
    """The beginning of a text, in one line."""
    folded = printable(" ".join(text.split()))
    return folded if len(folded) <= most else folded[: most - 1].rstrip() + "…"


def tidy(value: Any) -> Any:
    """The same with ``\\n`` for every line end; raises ``WrongError`` for control characters and half
    characters (lone surrogates)."""
    if isinstance(value, str):
        if bad := _BAD.search(value):
            code = ord(bad.group())
            what = "half a character" if 0xD800 <= code <= 0xDFFF else "control character"
            raise WrongError(f"{what} U+{code:04X} in {short(value, 30)!r}: remove it")
        return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    if isinstance(value, dict):
        return {tidy(key): tidy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [tidy(item) for item in value]
    return value


def nearest(name: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?``, or which there are."""
    names = sorted(known)
    near = difflib.get_close_matches(name[:100], names, 1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"


def format_of(file: Path, form: str | None, known: Iterable[str]) -> str:
    """The format asked for, else the one of the file's ending; raises ``ChatbotError``."""
    found = form or FORMATS.get(file.suffix.lower())
    if found not in (known := tuple(known)):
        if hint := _OTHERWISE.get(file.suffix.lower()) if form is None else None:
            raise ChatbotError(printable(f"{file}: {file.suffix} is not read: {hint}"))
        endings = ", ".join(ending for ending, name in FORMATS.items() if name in known)
        raise ChatbotError(
            printable(
                f"{file}: what format is this? Its name ends in none of {endings}; say --format {'|'.join(known)}"
            )
        )
    return found
