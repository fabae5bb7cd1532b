"""The questions asked, and which entries are right for each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Told = Mapping[str, Mapping[str, Sequence[str]]]
"""For each entry its ``texts`` and the ids of its ``sources``."""


@dataclass(frozen=True)
class Question:
    """``expected``: the ids of the entries that are right; none where no entry is."""

    text: str
    expected: frozenset[str]


def rows(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_questions(file: Path, facts: Path | None, told: Told) -> tuple[list[Question], int]:
    """Rows are {"question", "expected": [entry ids]}, or with a file of facts {"q", "facts": [fact ids],
    "all"}.

    The second is how many were left out because no entry tells the facts that they ask for.
    """
    listed = rows(file)
    if facts is None:
        if any("question" not in row for row in listed):
            raise SystemExit(
                f'{file}: a row without "question"; where rows name facts ("q", "facts"), give --facts too'
            )
        return [Question(row["question"], frozenset(row["expected"])) for row in listed], 0
    holders = {fact["id"]: holding(fact, told) for fact in rows(facts)}
    read = [
        Question(row["q"], _of_facts([holders[id_] for id_ in row["facts"]], row.get("all", False)))
        for row in listed
    ]
    kept = [question for question in read if question.expected]
    return kept, len(read) - len(kept)


def holding(fact: Mapping[str, Any], told: Told) -> frozenset[str]:
    """The entries that tell a fact: one of their texts matches every group of ``must``, and they cite one of
    its ``sources``."""
    return frozenset(
        id_
        for id_, entry in told.items()
        if set(entry["sources"]) & set(fact["sources"])
        and any(matches(fact["must"], text) for text in entry["texts"])
    )


def matches(must: Sequence[Sequence[str]], text: str) -> bool:
    """AND of ORs of regular expressions, whatever the case."""
    return all(any(re.search(pattern, text, re.IGNORECASE) for pattern in group) for group in must)


def _of_facts(holders: Sequence[frozenset[str]], every: bool) -> frozenset[str]:
    """Entries with any of the facts; where all are asked for, those with all, or, if no entry has all, with
    any."""
    anyone = frozenset().union(*holders)
    return (every and frozenset.intersection(*holders)) or anyone


def scores(questions: Sequence[Question], answered: Sequence[str | None]) -> dict[str, int]:
    """Counts: of questions that an entry answers, how many were answered and how many rightly; of the others,
    how many were declined."""
    inside = [(q, a) for q, a in zip(questions, answered, strict=True) if q.expected]
    outside = [a for q, a in zip(questions, answered, strict=True) if not q.expected]
    return {
        "asked": len(inside),
        "right": sum(a in q.expected for q, a in inside),
        "answered": sum(a is not None for _, a in inside),
        "outside": len(outside),
        "declined": sum(a is None for a in outside),
    }
