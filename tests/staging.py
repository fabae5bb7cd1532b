"""What tests of single stages share: an engine that needs no encoder, and readings, rankings and decisions
made by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np

from chatbot.answering.proposing import by
from chatbot.engine import Engine
from chatbot.flow import Attempt, By, Code, Decision, Outcome, Proposal, Ranking, Told, Turn, Way
from chatbot.intents.model import INTENT
from chatbot.language.normalise import simple_words
from chatbot.library import Library
from chatbot.policy import policy
from chatbot.reply import ReplyKind
from chatbot.retrieval.calibration import Calibration
from chatbot.retrieval.coverage import Coverage, stems
from chatbot.retrieval.ranker import Scored

MLE = "machine-learning-engineer/"
US = "us-occupations/"


class WordEncoder:
    """Texts of the same words have the same vector, and words of no title point nowhere: enough to tell which
    title is near."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._columns = {
            word: i
            for i, word in enumerate(dict.fromkeys(word for title in titles for word in simple_words(title)))
        }

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), len(self._columns)), np.float32)
        for row, text in enumerate(texts):
            words = simple_words(text)
            for word in set(words) & set(self._columns):
                vectors[row, self._columns[word]] = len(words) ** -0.5
        return vectors


class StillEngine(Engine):
    """The library as stages are given it; nothing is ranked, and a question is as likely answered as a test
    says."""

    def __init__(self, library: Library) -> None:
        self.__dict__.update(library.__dict__)
        self.calibration = Calibration.shipped()
        self.coverage = Coverage.over(
            {entry.id: [*entry.questions, entry.answer] for entry in library.knowledge.entries}
        )
        self.answer_stems = {entry.id: frozenset(stems(entry.answer)) for entry in library.knowledge.entries}
        self.looked_up = frozenset(entry.id for entry in library.lookups)
        self.ranker = SimpleNamespace(weights=policy().ranker)  # type: ignore[assignment]
        titles = [title for title, _ in library.data.meant] if library.data else []
        self.encoder = WordEncoder(titles)
        self.title_vectors = self.encoder.encode(titles)
        self.listener = None


def scored(label: str, score: float, semantic: float = 0.6, phrasing: str = "a phrasing") -> Scored:
    """A label of a ranking."""
    return Scored(label, score, phrasing, semantic, 0.5, 0.5)


def proposal(
    library: Library,
    label: str,
    score: float,
    semantic: float = 0.6,
    phrasing: str = "a phrasing",
    **more: Any,
) -> Proposal:
    """What is proposed for a label: an entry's id, or the name of an intent after ``intent:``."""
    entry = library.knowledge.by_id.get(label)
    intent = None if entry else library.intents[label]
    return Proposal(
        by(entry) if entry else By.INTENT,
        label,
        score,
        scored(label, score, semantic, phrasing),
        entry,
        intent,
        **more,
    )


def intent(name: str) -> str:
    """The label of an intent."""
    return INTENT + name


def attempt(library: Library, question: str, labels: Iterable[Scored] = (), **more: Any) -> Attempt:
    """A question, read, with its ranking."""
    reading = library.reader.read(question)
    return Attempt(reading, ranking=Ranking(reading, tuple(labels)), **more)


def answered(library: Library, made: Attempt, entry_id: str, sure: float = 0.95) -> Decision:
    """The attempt, decided: an entry answers it."""
    entry = library.knowledge.by_id[entry_id]
    told = Told(entry.answer or "A text.", entry.citations, (entry_id,))
    made.decision = Decision(
        ReplyKind.ANSWER, made.code, sure, made, Proposal(by(entry), entry_id, 0.9, entry=entry, told=told)
    )
    return made.decision


def not_known(
    made: Attempt, code: Code = Code.NOTHING_NEAR, kind: ReplyKind = ReplyKind.UNKNOWN, sure: float = 0.9
) -> Decision:
    """The attempt, decided: it has no answer, or is small talk, or refused."""
    made.decision = Decision(kind, code, sure, made, note="thanks" if code is Code.INTENT else "")
    return made.decision


def turn(library: Library, question: str, entry_id: str = "", read_as: str = "", **more: Any) -> Turn:
    """A turn that is over, answered by an entry."""
    entry = library.knowledge.by_id.get(entry_id)
    text = more.pop("text", entry.answer if entry else "I don't know that.")
    cited = tuple(asdict(citation) for citation in entry.citations) if entry else ()
    kind = more.pop("kind", "answer" if entry else "unknown")
    return Turn(
        question,
        read_as or question,
        kind,
        text,
        (entry_id,) if entry else (),
        more.pop("citations", cited),
        **more,
    )


def followed(way: Way, decide: Callable[[Attempt], object]) -> tuple[Outcome, list[list[str]]]:
    """What a way comes to, each lot of attempts being decided by ``decide``, and what was tried in each lot."""
    lots: list[list[str]] = []
    try:
        lot = next(way)
        while True:
            lots.append([one.reading.text for one in lot])
            for one in lot:
                if one.ranking is None:
                    one.ranking = Ranking(one.reading)
                if one.decision is None:
                    decide(one)
            lot = next(way)
    except StopIteration as ended:
        return ended.value, lots


def replace(what: Any, **changes: Any) -> Any:
    """The same with some fields changed, of a struct or of a dataclass."""
    return (msgspec.structs.replace if isinstance(what, msgspec.Struct) else dataclasses.replace)(
        what, **changes
    )
