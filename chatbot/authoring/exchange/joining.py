"""Rows that belong together: several questions for one answer are phrasings of one entry, and what stands
twice stands there once."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatbot.authoring.exchange.record import Notes, Record

FEWEST_WORDS = 4
"""An answer of fewer words, such as a yes, may be that to several questions and still not tell one fact."""
JOINED = "a question has the answer of an earlier row: it became a phrasing of that entry"
TWICE = "a question stands twice with the same answer: it was taken once"
OTHERWISE = "a question stands twice with different answers: both were taken; keep the right one"


@dataclass
class Joining:
    """Which entry has which answer and question, by digests: a file may have millions of rows."""

    notes: Notes
    answers: dict[bytes, int] = field(default_factory=dict)
    asked: dict[bytes, bytes] = field(default_factory=dict)
    given: dict[int, str] = field(default_factory=dict)
    extra: dict[int, list[str]] = field(default_factory=dict)
    lines: dict[int, list[int]] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    count: int = 0
    """So many rows were taken into an earlier entry."""

    def take(self, record: Record, fields: dict[str, Any], own_section: bool, number: int) -> bool:
        """Whether an entry (the ``number``-th) belongs to an earlier one, and was taken into it.
        ``own_section``: the section was not told, but is the question."""
        said = self._answer(record, fields, own_section)
        question = _digest(_folded(fields["question"]))
        before = self.asked.get(question)
        self.asked.setdefault(question, said)
        twice = before == said
        entry, given = self.answers.get(said), record.fields.get("id")
        same_id = entry is not None and given is not None and self.given.get(entry) == given
        enough = same_id or twice or len(fields["answer"].split()) >= FEWEST_WORDS
        if entry is not None and enough:
            self.notes.add(TWICE if twice else JOINED, record.line)
            self.extra.setdefault(entry, []).extend([fields["question"], *fields.get("phrasings", [])])
            self.lines.setdefault(entry, []).append(record.line)
            if given and not same_id:
                self.aliases.setdefault(given, entry)
            self.count += 1
            return True
        if before is not None:
            self.notes.add(OTHERWISE, record.line)
        self.answers.setdefault(said, number)
        if given:
            self.given[number] = given
        return False

    def _answer(self, record: Record, fields: dict[str, Any], own_section: bool) -> bytes:
        told = {name: value for name, value in fields.items() if name not in ("id", "question", "phrasings")}
        first = dict(told["citations"][0])
        if own_section:
            first.pop("section")
        told |= {"citations": [first, *told["citations"][1:]], "answer": " ".join(fields["answer"].split())}
        place = [record.fields.get(name) for name in ("topic", "topic_title", "file")]
        return _digest(msgspec.json.encode([told, place], order="sorted").decode())

    def phrasings(self, number: int, fields: dict[str, Any]) -> list[str]:
        """Those of an entry with those of the rows that were taken into it, each once."""
        own = fields.get("phrasings", [])
        if number not in self.extra:
            return list(own)
        return [text for text in dict.fromkeys([*own, *self.extra[number]]) if text != fields["question"]]


def _folded(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold())) or question


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
