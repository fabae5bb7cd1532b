"""What the bot makes of an entry's questions, asked as they are written, and which questions of others are
nearest."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chatbot.authoring.checking.heldout import Near
from chatbot.authoring.checking.places import Written
from chatbot.engine import Engine
from chatbot.pipeline import ask_each
from chatbot.reply import Reply, ReplyKind

NEAREST = 3
FEW = 60
"""So many questions are always asked."""


@dataclass(frozen=True)
class Told:
    """One question, what came ("the answer", another entry's id, or the kind of the reply), and whether it is
    the entry's own.
    """

    question: str
    what: str
    confidence: float
    own: bool


@dataclass(frozen=True)
class Asked:
    """An entry, what its questions get, and the nearest questions of other entries."""

    entry_id: str
    replies: tuple[Told, ...]
    near: tuple[Near, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        near = [{"entry": one.label, "question": one.shown, "likeness": one.likeness} for one in self.near]
        return {
            "entry": self.entry_id,
            "replies": [dataclasses.asdict(told) for told in self.replies],
            "nearest": near,
        }


def ask_entries(engine: Engine, entries: Sequence[Written], changed: Collection[str]) -> list[Asked]:
    """Of an entry that changed since the last check every question is asked, of another the main one; of few
    entries, all of all."""
    few = sum(len(one.phrasings) for one in entries) <= FEW
    out = []
    for one in entries:
        whole = few or one.id in changed
        questions = [text for text, _ in one.phrasings][: None if whole else 1]
        told = tuple(
            _told(one.id, question, reply)
            for question, reply in zip(questions, ask_each(engine, questions), strict=True)
        )
        out.append(Asked(one.id, told, tuple(_nearest(engine, one.id)) if whole else ()))
    return out


def _told(entry_id: str, question: str, reply: Reply) -> Told:
    own = entry_id in reply.entry_ids
    what = (
        "its answer"
        if own
        else (reply.entry_id or str(reply.kind))
        if reply.kind is ReplyKind.ANSWER
        else str(reply.kind)
    )
    return Told(question, what, round(reply.confidence, 3), own)


def _nearest(engine: Engine, entry_id: str) -> list[Near]:
    """The phrasings of other entries that are most like the main question, one an entry."""
    ranker = engine.local
    if entry_id not in ranker.labels:
        return []
    row = ranker.labels.index(entry_id)
    likeness = ranker.nearness(ranker.texts[row], ranker.vectors[row])
    out: dict[str, Near] = {}
    for other in np.argsort(-likeness).tolist():
        label = ranker.labels[other]
        if label != entry_id and label in engine.knowledge.by_id and label not in out:
            out[label] = Near(label, ranker.shown[other], round(float(likeness[other]), 3))
        if len(out) == NEAREST:
            break
    return list(out.values())
