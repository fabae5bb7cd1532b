"""Files of labelled questions: what people ask, and the entries that should answer, or "none".

JSON Lines, or CSV or TSV with a header, told apart by the file's ending. Every bad line is named; nothing is
guessed.
"""

from __future__ import annotations

import csv
import difflib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.errors import ChatbotError
from chatbot.files import LARGEST, read_bytes
from chatbot.knowledge.model import Knowledge

NONE = "none"
"""Expected where no fact may be told."""
COLUMNS = ("question", "expected")
DELIMITERS = {".csv": ",", ".tsv": "\t"}
ENDINGS = (".jsonl", *DELIMITERS)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question and the full ids of the entries that may answer it; with none, it must not be answered with
    a fact."""

    question: str
    expected: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class BadLine:
    """What is wrong with a line, counted from 1; ``str`` gives ``file:line: message``."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class _Wrong(Exception):  # noqa: N818 - caught here, where it becomes a BadLine
    """What is wrong with one row."""


def read_labelled(file: Path, knowledge: Knowledge) -> tuple[list[Labelled], list[BadLine]]:
    """The questions of a file, and its bad lines; raises ``ChatbotError`` for a file that can't be read or is
    of another kind."""
    ending = file.suffix.lower()
    if ending not in ENDINGS:
        raise ChatbotError(
            f"{file}: what kind of file is this? Its name must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
        )
    try:
        content = read_bytes(file, LARGEST)
    except OSError as error:
        raise ChatbotError(f"{file}: can't be read ({error.strerror})") from None
    ids = _Ids(knowledge)
    good: list[Labelled] = []
    bad: list[BadLine] = []
    lines = list(_decoded(file, content, bad))
    rows = _table_rows(lines, DELIMITERS[ending]) if ending in DELIMITERS else _json_rows(lines)
    for number, row in rows:
        try:
            if isinstance(row, _Wrong):
                raise row
            good.append(Labelled(_question(row), ids.resolve(_expected(row)), number))
        except _Wrong as wrong:
            bad.append(BadLine(file, number, str(wrong)))
    if not good and not bad:
        bad.append(
            BadLine(
                file, 1, "no question stands here; a row is a question and the ids of the entries expected"
            )
        )
    return good, sorted(bad, key=lambda one: one.line)


def _decoded(file: Path, content: bytes, bad: list[BadLine]) -> Iterator[str]:
    """The lines as text; one that is not UTF-8 is noted, and empty."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        bad.append(BadLine(file, 1, "not UTF-8 but UTF-16; save the file as UTF-8"))
        return
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True), 1):
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            bad.append(
                BadLine(
                    file,
                    number,
                    f"not UTF-8 (byte 0x{raw[error.start]:02x} at byte {error.start + 1} of the line)",
                )
            )
            yield "\n"


def _json_rows(lines: Sequence[str]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.rstrip())
        except json.JSONDecodeError as error:
            yield number, _Wrong(f"not JSON ({error.msg} at column {error.colno})")
            continue
        except (ValueError, RecursionError):
            yield number, _Wrong("not JSON that can be read (a number too long, or nested too deep)")
            continue
        yield (
            number,
            row
            if isinstance(row, dict)
            else _Wrong('not a JSON object, such as {"question": "...", "expected": "entry-id"}'),
        )


def _table_rows(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, Any]]:
    """Rows by the columns of the header; a row may go over several lines, and is named by its first."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            until = f", which goes on to line {reader.line_num}" if reader.line_num > start else ""
            yield start, _Wrong(f"not a row that can be read{until} ({error}); is a quote missing?")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = [cell.strip().lower() for cell in cells]
            missing = [column for column in COLUMNS if column not in header]
            if missing:
                yield (
                    start,
                    _Wrong(
                        f"the header has no column {' and no column '.join(missing)}; it has {', '.join(header)[:120]!r}"
                    ),
                )
                return
        elif len(cells) > len(header):
            yield (
                start,
                _Wrong(
                    f"{len(cells)} columns, where the header has {len(header)}; put quotes around text that holds a separator"
                ),
            )
        else:
            row: dict[str, Any] = dict(zip(header, cells, strict=False))
            yield start, row | {"expected": row.get("expected", "").replace(";", " ").split() or None}


def _question(row: dict[str, Any]) -> str:
    question = row.get("question")
    if not isinstance(question, str) or not question.strip():
        raise _Wrong(
            "no question"
            if question in (None, "") or isinstance(question, str)
            else "the question must be text"
        )
    # JSON can hold half a character, which nothing can print
    return question.encode("utf-8", "replace").decode("utf-8")


def _expected(row: dict[str, Any]) -> list[str]:
    """The ids as they stand there; the empty list for none."""
    expected = row.get("expected")
    if expected is None or expected == "":
        raise _Wrong(f'nothing is expected; give the id of an entry, or "{NONE}" where no fact may be told')
    listed = [expected] if isinstance(expected, str) else expected
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise _Wrong(f'expected must be an id, a list of ids, or "{NONE}"')
    names = [NONE if name.strip().lower() == NONE else name.strip() for name in listed]
    if NONE in names and len(names) > 1:
        raise _Wrong(f'"{NONE}" stands beside ids; give one or the other')
    return [] if names == [NONE] else names


class _Ids:
    """Full ids by the full or the bare one."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._known: dict[str, list[str]] = defaultdict(list)
        for full in knowledge.by_id:
            self._known[full].append(full)
            self._known[full.rpartition("/")[2]].append(full)

    def resolve(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._one(name) for name in names))

    def _one(self, name: str) -> str:
        found = self._known.get(name, [])
        if len(found) == 1:
            return found[0]
        if found:
            raise _Wrong(f"several packs have an entry {name!r}; write {' or '.join(found)}")
        near = difflib.get_close_matches(name, self._known, 1)
        raise _Wrong(f"no entry has the id {name[:80]!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
