"""What the bot says back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from chatbot.knowledge.model import Citation

SCHEMA_VERSION = 2


class ReplyKind(StrEnum):
    """What a reply is; see ``Reply.kind``."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    UNKNOWN = "unknown"
    SMALLTALK = "smalltalk"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Step:
    """One proposal in the trail of a reply: the answerer, its label and score, and what rules had against it
    ("rule: reason").
    """

    by: str
    label: str
    score: float = 0.0
    objections: tuple[str, ...] = ()

    def line(self) -> str:
        """The same in words."""
        told = f"the {self.by} {self.label.removeprefix('intent:')}" + (
            f", with a score of {self.score:.2f}" if self.score else ""
        )
        return f"{told}; against it: {'; '.join(self.objections)}" if self.objections else told


@dataclass(frozen=True, slots=True)
class Why:
    """How a reply came about: what was matched, the parts of the likeness (0 to 1), the runner-up and the
    rule that fired.

    ``code`` names the rule for programs (``flow.Code``), ``rule`` says it in words. ``trail``: what was
    proposed, and what was against it.
    """

    rule: str
    matched: str | None = None
    label: str | None = None
    score: float = 0.0
    semantic: float = 0.0
    fuzzy: float = 0.0
    lexical: float = 0.0
    runner_up: str | None = None
    runner_up_score: float = 0.0
    read_as: str | None = None
    corrections: tuple[tuple[str, str], ...] = ()
    weights: tuple[float, ...] = ()
    """What ``semantic``, ``lexical`` and ``fuzzy`` count in the likeness."""
    code: str = "none"
    trail: tuple[Step, ...] = ()

    def lines(self) -> list[str]:
        """The same in words, a line each."""
        out = [f"How it came about: {self.rule}."]
        if self.corrections:
            out.append(
                "Spelling put right: "
                + ", ".join(f"{wrong} → {right}" for wrong, right in self.corrections)
                + "."
            )
        if self.read_as:
            out.append(f"Read as: {self.read_as}")
        if self.matched:
            out.append(f"Nearest phrasing: “{self.matched}” (of {_shown(self.label)}).")
            parts = (
                ("in meaning", self.semantic),
                ("in letters", self.lexical),
                ("as a whole string", self.fuzzy),
            )
            told = [f"{name} {value:.2f}" for name, value in parts]
            if self.weights:
                told = [
                    f"{text} (weight {weight:g})" for text, weight in zip(told, self.weights, strict=True)
                ]
            out.append(
                f"Alike {', '.join(told)}, where 1 is the same. With all phrasings near it the score is {self.score:.2f}."
            )
        if self.trail:
            out.append("Proposed, best first:")
            out += [f"  {step.line()}" for step in self.trail]
        if self.runner_up:
            out.append(f"Next came {_shown(self.runner_up)}, with a score of {self.runner_up_score:.2f}.")
        return out

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        told = asdict(self)
        told["corrections"] = [list(pair) for pair in self.corrections]
        told["weights"] = list(self.weights)
        told["trail"] = [asdict(step) | {"objections": list(step.objections)} for step in self.trail]
        return told


def _shown(label: str | None) -> str:
    """A label as words: an entry's id, or the name of an intent."""
    return f"the intent {label[len('intent:') :]}" if label and label.startswith("intent:") else str(label)


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure of a chart: its name, its value, and how it is printed (with "at least" where only a lower
    limit is published).
    """

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The figures of an answer for drawing, all of one unit (such as "USD a year")."""

    title: str
    unit: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a data set that a reply tells.

    ``unit`` (such as "USD a year"), ``measure`` and ``statistic``: as the data set names them; ``code`` and
    ``title``: whose it is; ``place``: the code of a country or a part of one; ``source_id``: the source that
    the reply cites for it; ``flag``: "at least" where only a lower limit is published.
    """

    value: float
    unit: str
    measure: str
    statistic: str
    code: str
    title: str
    place: str
    period: str
    source_id: str
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a reply is about.

    ``kind``: ``career`` (of a pack), ``occupation`` (of a data set) or ``topic`` (what an entry is about, where
    that is no career). ``id``: the pack, the code or the entry. ``how`` it came: ``named`` in the question,
    ``carried`` by the conversation, ``chosen`` (by ``career=``), or ``only`` (one career is loaded).
    """

    kind: str
    id: str
    title: str
    how: str = "named"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply.

    kind: ``answer`` claims a fact and cites it; ``clarify`` asks which of a few is meant; ``unknown`` claims
    and cites nothing; ``smalltalk`` and ``refusal`` cite nothing. text: plain text without control
    characters. confidence: of the answers given 0.9, about nine in ten are right; for other kinds, how sure
    it is that nothing known answers. suggestions: questions that the bot can answer. chart: the answer's
    figures where several belong side by side. figures: every number of a data set that the text tells.
    subject: what it is about, where that is known.
    """

    kind: ReplyKind
    text: str
    entry_ids: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    suggestions: tuple[str, ...] = ()
    facets: Mapping[str, Any] = field(default_factory=dict)
    why: Why = field(default_factory=lambda: Why("none"))
    chart: Chart | None = None
    figures: tuple[Figure, ...] = ()
    subject: Subject | None = None

    @property
    def entry_id(self) -> str | None:
        """The entry that the answer is made of (the first, where there are several), or None."""
        return self.entry_ids[0] if self.entry_ids else None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; docs/reply.schema.json describes it."""
        return {
            "version": SCHEMA_VERSION,
            "kind": str(self.kind),
            "text": self.text,
            "entry_id": self.entry_id,
            "entry_ids": list(self.entry_ids),
            "citations": [asdict(citation) for citation in self.citations],
            "confidence": round(self.confidence, 3),
            "suggestions": list(self.suggestions),
            "facets": dict(self.facets),
            "chart": None
            if self.chart is None
            else asdict(self.chart) | {"bars": [asdict(bar) for bar in self.chart.bars]},
            "figures": [asdict(figure) for figure in self.figures],
            "subject": asdict(self.subject) if self.subject else None,
            "why": self.why.to_dict(),
        }
