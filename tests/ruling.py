"""The cases of rules, and what a rule has against the proposal of one: no encoder is needed.

A case is a question, or a mapping that also names the ``entry`` proposed, the answerer it is proposed ``by``,
the day that it is ``today``, a part of the reason (``because``), and the ``packs`` that are loaded beside the
shipped knowledge: of tests/datasets, or ``BARE``. What stands at the top of a file holds for each of its
cases.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import yaml

from chatbot.answering.proposing import by, complete, tell
from chatbot.building.knowledge import load_knowledge
from chatbot.building.prepare import make_library
from chatbot.flow import Attempt, By, Objection, Proposal
from chatbot.intents.load import load_intents
from chatbot.library import Library
from chatbot.paths import background_folder, shipped
from chatbot.rules import NOTES, QUERY, Rule
from chatbot.scene import Scene
from chatbot.subject import chosen

FOLDER = Path(__file__).parent / "rules"
DAY = datetime.date(2026, 5, 1)
"""Today, where a case names no other day."""
TRIALS = Path(__file__).parent / "datasets"
BARE = "stress"
"""A pack whose data set is of no place and of no period, as none of the trial packs is."""
BARE_FILES = {
    "sources.yaml": "sources: [{id: stress-made-up, title: Stress made up for the tests, publisher: The tests, kind: statistics}]\n",
    f"{BARE}/pack.yaml": f"id: {BARE}\ntitle: Stress\nabout: made-up figures of stress\ntry_asking: [stressed]\n",
    f"{BARE}/stress.csv": "code,title,stressed\n29-1141,Registered Nurses,61\n51-3011,Bakers,34\n",
    f"{BARE}/stress.dataset.yaml": """dataset: stress
entity: {name: occupation, classification: us-soc-2018, code: "[0-9]{2}-[0-9]{4}", example: 29-1141}
files: [{path: stress.csv}]
measures:
  stressed: {name: part under stress, unit: percent, column: stressed, default: true}
words: {figures: [stress, stressed]}
""",
    f"{BARE}/stress.yaml": """topic: stress
title: Stress
lookups:
  - id: stressed
    question: "How many {occupation} are under stress?"
    example: bakers
    kind: figures
    measure: stressed
    says: "Of {occupation} {value} are under stress."
    missing: "The stress of {occupation} is {why}."
    citations: [{source: stress-made-up, section: Table 1}]
    phrasings: ["{occupation} stress", "are {occupation}s stressed", "stress of a {occupation}"]
""",
}


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question with what is proposed for it."""

    question: str
    entry: str
    by: By | None = None
    today: datetime.date = DAY
    because: str = ""
    packs: tuple[str, ...] = ()
    career: str | None = None

    def __str__(self) -> str:
        return f"{self.question} ({', '.join([self.entry.rpartition('/')[2], *self.packs])})"


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

    return CaseFile(
        file.name, found["rule"], cases(found["fires"]), cases(found["silent"]), found.get("few", "")
    )


def read_files() -> list[CaseFile]:
    """All of them, in the order of their names."""
    return [read_file(file) for file in sorted(FOLDER.glob("*.yaml"))]


WORK = "us-work"
"""A shipped pack that is not beside the trial packs: it tells the same of the same occupations."""


@cache
def library_with(packs: tuple[str, ...]) -> Library:
    """The shipped knowledge with further packs beside it, without an encoder; made once for each combination."""
    own = [pack.id for pack in load_knowledge([shipped("knowledge")]).packs if pack.id != WORK]
    with TemporaryDirectory() as folder:
        for name, text in BARE_FILES.items() if BARE in packs else ():
            file = Path(folder, name)
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        folders = [shipped("knowledge"), TRIALS, *([Path(folder)] if BARE in packs else [])]
        knowledge = load_knowledge(folders, [*own, *packs])
        return make_library(
            knowledge,
            load_intents(
                [shipped("intents"), background_folder()], packs=[pack.id for pack in knowledge.packs]
            ),
        )


def objection(library: Library, rule: Rule, case: Case) -> Objection | None:
    """What a rule has against a case: it sees the proposal as far as it is made where the rule's group is
    asked.

    ``library``: the shipped knowledge; a case that names ``packs`` is looked at with these beside it.
    """
    if case.packs:
        library = library_with(case.packs)
    entry = library.knowledge.by_id[case.entry]
    reading = library.reader.read(case.question)
    subject = chosen(library, case.career) if case.career else None
    scene = Scene(library, reading, case.today, subject)
    proposal = Proposal(case.by or by(entry), entry.id, entry=entry)
    if rule in (*QUERY, *NOTES):
        proposal = complete(library, Attempt(reading), proposal)
        scene = Scene(library, reading.of_figures, case.today)
    if rule in NOTES:
        proposal = tell(library, proposal)
    assert proposal.by in rule.applies_to, (
        f"{rule.id} does not look at proposals of the answerer “{proposal.by}”"
    )
    return rule.check(proposal, scene)
