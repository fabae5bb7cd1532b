"""What the bot says back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from chatbot.knowledge.model import Citation

SCHEMA_VERSION = 1


class ReplyKind(StrEnum):
    """What a reply is; see ``Reply.kind``."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    UNKNOWN = "unknown"
    SMALLTALK = "smalltalk"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Why:
    """How a reply came about: what was matched, the parts of the likeness (0 to 1), the runner-up and the rule that fired."""

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

    def lines(self) -> list[str]:
        """The same in words, a line each."""
        out = [f"rule: {self.rule}"]
        if self.read_as:
            out.append(f"read as: {self.read_as}")
        if self.corrections:
            out.append("spelling: " + ", ".join(f"{wrong} -> {right}" for wrong, right in self.corrections))
        if self.matched:
            out.append(f"nearest phrasing: {self.matched!r} ({self.label})")
            out.append(f"likeness: meaning {self.semantic:.2f}, letters {self.lexical:.2f}, form {self.fuzzy:.2f}; score {self.score:.2f}")
        if self.runner_up:
            out.append(f"runner-up: {self.runner_up} ({self.runner_up_score:.2f})")
        return out


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply.

    kind: ``answer`` claims a fact and cites it; ``clarify`` asks which of a few is meant; ``unknown`` claims and cites nothing;
    ``smalltalk`` and ``refusal`` cite nothing. text: plain text without control characters. confidence: of the answers given 0.9, about nine
    in ten are right; for other kinds, how sure it is that nothing known answers. suggestions: questions that the bot can answer.
    """

    kind: ReplyKind
    text: str
    entry_ids: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    suggestions: tuple[str, ...] = ()
    facets: Mapping[str, Any] = field(default_factory=dict)
    why: Why = field(default_factory=lambda: Why("none"))

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
            "why": asdict(self.why) | {"corrections": [list(pair) for pair in self.why.corrections]},
        }
