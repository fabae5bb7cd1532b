"""The cases of rules, and what a rule has against the proposal of one: no encoder is needed.

A case is a question, or a mapping that also names the ``entry`` proposed, the answerer it is proposed ``by``, the day that it is ``today``, and a
part of the reason (``because``). What stands at the top of a file holds for each of its cases.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import yaml

from chatbot.answering.proposing import by, complete, tell
from chatbot.flow import Attempt, By, Objection, Proposal
from chatbot.library import Library
from chatbot.rules import NOTES, QUERY, Rule
from chatbot.scene import Scene

FOLDER = Path(__file__).parent / "rules"
DAY = datetime.date(2026, 5, 1)
"""Today, where a case names no other day."""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question with what is proposed for it."""

    question: str
    entry: str
    by: By | None = None
    today: datetime.date = DAY
    because: str = ""

    def __str__(self) -> str:
        return f"{self.question} ({self.entry.rpartition('/')[2]})"


@dataclass(frozen=True)
class CaseFile:
    """The cases of one rule; ``few``: why there are no two that fire, or none that leave it silent."""

    name: str
    rule: str
    fires: tuple[Case, ...]
    silent: tuple[Case, ...]
    few: str


def file_of(rule: str) -> str:
    """The name of the file with a rule's cases."""
    return f"{rule.replace('/', '-')}.yaml"


def read_file(file: Path) -> CaseFile:
    """The cases of one file; raises ``msgspec.ValidationError`` for a key that no case has."""
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    shared = {name: value for name, value in found.items() if name not in {"rule", "fires", "silent", "few"}}

    def cases(listed: list[str | Mapping[str, Any]]) -> tuple[Case, ...]:
        told = [{"question": case} if isinstance(case, str) else case for case in listed]
        return tuple(msgspec.convert(shared | dict(case), Case) for case in told)

    return CaseFile(file.name, found["rule"], cases(found["fires"]), cases(found["silent"]), found.get("few", ""))


def read_files() -> list[CaseFile]:
    """All of them, in the order of their names."""
    return [read_file(file) for file in sorted(FOLDER.glob("*.yaml"))]


def objection(library: Library, rule: Rule, case: Case) -> Objection | None:
    """What a rule has against a case: it sees the proposal as far as it is made where the rule's group is asked."""
    entry = library.knowledge.by_id[case.entry]
    reading = library.reader.read(case.question)
    proposal = Proposal(case.by or by(entry), entry.id, entry=entry)
    if rule in (*QUERY, *NOTES):
        proposal = complete(library, Attempt(reading), proposal)
    if rule in NOTES:
        proposal = tell(library, proposal)
    assert proposal.by in rule.applies_to, f"{rule.id} does not look at proposals of the answerer “{proposal.by}”"
    return rule.check(proposal, Scene(library, reading, case.today))
