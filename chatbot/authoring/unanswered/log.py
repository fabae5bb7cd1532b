"""The file of questions asked in vain: what a line of it holds, and how it is read.

JSON Lines, written by ``chatbot.live.feedback`` where the user wants it. A file may be damaged, or made by
anybody: a line that can't be used is named, and nothing of it is taken over.
"""

from __future__ import annotations

import datetime
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from chatbot.language.normalise import clean
from chatbot.paths import state_dir

MAX_TEXT = 500
"""Characters that are kept of a question, and of what is said against a reply."""
MAX_LINES = 2_000
"""The newest lines are kept ..."""
MAX_BYTES = 1_000_000
"""... in so many bytes."""
_MAX_LINE = 16_384
"""Bytes; a line of ours is never so long."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A question that was not answered ("unknown"), or a reply that the user called "bad" or "good".

    ``when``: the day. ``question``: as typed. ``read_as``: a follow-up, completed from the question before
    it. ``why``: what the user says is wrong. ``reply``: the kind of the reply. ``entry``: what was answered,
    else the nearest. ``knowledge``: the packs that were loaded.
    """

    when: str
    question: str
    kind: Literal["unknown", "bad", "good"]
    reply: str = "unknown"
    read_as: str | None = None
    why: str = ""
    entry: str | None = None
    knowledge: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What was meant: the question, completed where it was a follow-up."""
        return self.read_as or self.question

    @property
    def wrong(self) -> str | None:
        """The entry that the user says is no answer to it."""
        return self.entry if self.kind == "bad" and self.reply == "answer" else None

    @property
    def again(self) -> bool:
        """Whether it only marks a reply whose question is kept already, in a line of its own."""
        return self.kind == "bad" and self.reply == "unknown"


@dataclass(frozen=True, slots=True)
class Log:
    """The records that could be read, oldest first, and the numbers of the lines that could not."""

    records: tuple[Record, ...]
    damaged: tuple[int, ...]


def log_file() -> Path:
    """Where the questions are kept, whether it is there or not."""
    return state_dir() / "unanswered.jsonl"


def kept_text(text: str) -> str:
    """A text as it is kept: in one line, without control characters, not too long."""
    return clean(text[: 4 * MAX_TEXT])[:MAX_TEXT].strip()


def read_log(file: Path) -> Log:
    """The newest records of a file; raises ``OSError`` where it can't be read."""
    newest: deque[tuple[int, bytes | None]] = deque(maxlen=MAX_LINES)
    with file.open("rb") as stream:
        newest.extend((number, line) for number, line in _lines(stream) if line is None or line.strip())
    records: list[Record] = []
    damaged: list[int] = []
    for number, line in newest:
        record = _record(line)
        if record:
            records.append(record)
        else:
            damaged.append(number)
    return Log(tuple(records), tuple(damaged))


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines, never one in memory that is too long: for that one, None."""
    number, line = 1, stream.readline(_MAX_LINE).removeprefix(b"\xef\xbb\xbf")
    while line:
        ended = line.endswith(b"\n")
        rest = b"" if ended else stream.readline(_MAX_LINE)
        yield number, None if rest else line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(_MAX_LINE)
        number, line = number + 1, stream.readline(_MAX_LINE)


def _record(line: bytes | None) -> Record | None:
    if line is None:
        return None
    try:
        found = msgspec.json.decode(line, type=Record)
        when = datetime.date.fromisoformat(found.when).isoformat()
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    question = kept_text(found.question)
    if not question:
        return None
    return Record(
        when=when, question=question, kind=found.kind, reply=kept_text(found.reply), why=kept_text(found.why),
        read_as=kept_text(found.read_as or "") or None, entry=kept_text(found.entry or "") or None,
        knowledge=tuple(kept_text(name) for name in found.knowledge),
    )  # fmt: skip
