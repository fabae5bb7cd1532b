"""Many independent questions: while the encoder is at one lot, the lot before it is ranked and decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from chatbot.decide import both, surest
from chatbot.engine import Engine
from chatbot.language.normalise import clean
from chatbot.language.normalise import questions as split
from chatbot.language.reading import Reading
from chatbot.pairing import pair
from chatbot.reply import Reply
from chatbot.retrieval.encoder import Vectors

LOT = 32


@dataclass(frozen=True, slots=True)
class _Lot:
    """The readings of each question: of the whole, and of its two halves where it has two; of each, the likeliest reading first."""

    questions: list[list[list[Reading]]]

    @property
    def first(self) -> list[Reading]:
        return [readings[0] for pieces in self.questions for readings in pieces]


def answer_each(engine: Engine, questions: Sequence[str]) -> Iterator[Reply]:
    """The reply to each question, in order."""
    lots = (_read(engine, questions[start : start + LOT]) for start in range(0, len(questions), LOT))
    if len(questions) <= LOT:
        for lot in lots:
            yield from _answered(engine, lot, engine.encode(engine.texts(lot.first)))
        return
    with ThreadPoolExecutor(1, "encoding") as pool:
        before = None
        for lot in lots:
            encoded = pool.submit(engine.encode, engine.texts(lot.first))
            if before:
                yield from _answered(engine, before[0], before[1].result())
            before = lot, encoded
        if before:
            yield from _answered(engine, before[0], before[1].result())


def _read(engine: Engine, questions: Sequence[str]) -> _Lot:
    listed = []
    for question in questions:
        halves = split(clean(question))
        pieces = [question] if len(halves) == 1 else [question, *halves]
        listed.append([engine.reader.readings(piece) for piece in pieces])
    return _Lot(listed)


def _answered(engine: Engine, lot: _Lot, vectors: Vectors) -> Iterator[Reply]:
    ranked = iter(engine.rank_encoded(lot.first, vectors))
    for pieces in lot.questions:
        found = []
        for _, *others in pieces:
            reply, read_as = surest(engine, next(ranked), others)
            found.append(pair(engine, read_as, reply) or reply)
        yield (both(found[1], found[2]) if len(found) == 3 else None) or found[0]
