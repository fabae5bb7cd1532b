"""Questions asked in vain, put together by meaning and set beside what is known."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chatbot.authoring.unanswered.log import Record
from chatbot.engine import Engine
from chatbot.flow import Code
from chatbot.intents.model import INTENT
from chatbot.knowledge.model import Entry
from chatbot.language.normalise import simple_words
from chatbot.pipeline import LOT, judged
from chatbot.reply import Reply, ReplyKind

if TYPE_CHECKING:
    from chatbot.bot import CareerBot
    from chatbot.encoders.encoder import Vectors
    from chatbot.encoders.vectors import Progress

ALIKE = 0.6
"""Cosine from which on a question belongs to the group of one asked more often.

Tried on questions of 40 and of 150 intents of CLINC150, of 60 facts of the shipped knowledge, and of 80 sets
of its entries: of the pairs put together 98, 75, 72 and 70% belonged together. At 0.55 it was 98, 63, 64 and
49%; average linkage gave 98, 81, 81 and 76% for about as many pairs found.
"""
CLOSE = 0.5
"""Cosine from which on the nearest phrasing is close: its entry may be meant.

Of 71 questions in scope that a knowledge base with three phrasings an entry did not answer, 7 had an entry so close, always the right one; at
0.4 it was 23, of which 18. Questions out of scope come as close, so the author has to look: 29 did.
"""
NOBODY = "they"
"""Stands for the packs' own occupation, which most questions name and which would make all of them alike."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, once or more often, in words that are the same but for case and punctuation.

    ``typed``: as it was asked last; ``text``: what was meant. ``times``: how often, in all. ``wrong``: the
    entries that were no answer to it; ``complaints``: what was said against them.
    """

    typed: str
    text: str
    times: int
    first: str
    last: str
    wrong: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """The entry that is nearest to a question, and the cosine of its nearest phrasing."""

    entry: Entry
    phrasing: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that mean the same, the most frequent first.

    ``nearest``: an entry that does not stand against the question (another country, ...), and that nobody
    called wrong for it. ``close``: whether it may be the one that is meant. ``table``: the table that lacks
    the row asked for. ``declined``: the intent that declines it.
    """

    questions: tuple[Question, ...]
    nearest: Nearest | None
    close: bool
    table: Entry | None = None
    declined: str | None = None

    @property
    def times(self) -> int:
        """How often they were asked."""
        return sum(question.times for question in self.questions)

    @property
    def first(self) -> str:
        """The day of the first."""
        return min(question.first for question in self.questions)

    @property
    def last(self) -> str:
        """The day of the last."""
        return max(question.last for question in self.questions)

    @property
    def wrong(self) -> tuple[str, ...]:
        """The entries that were answered and called bad."""
        return tuple(dict.fromkeys(name for question in self.questions for name in question.wrong))


@dataclass(frozen=True, slots=True)
class Summary:
    """``groups``: largest first. ``answered``: what is answered by now, by the entry or intent that does.
    ``refused``: how often what is refused by now was asked; it is not shown. ``good``: replies that were
    called good.
    """

    groups: tuple[Group, ...]
    answered: dict[str, tuple[Question, ...]]
    refused: int
    good: int
    bad: int

    @property
    def open(self) -> int:
        """How often was asked what is still not answered."""
        return sum(group.times for group in self.groups)


def summarise(bot: CareerBot, records: Iterable[Record], progress: Progress | None = None) -> Summary:
    """Ask everything again, and group what is not answered."""
    listed = tuple(records)
    asked = questions(listed)
    replies = _ask(bot, asked, progress)
    still: list[tuple[Question, Reply]] = []
    answered: dict[str, list[Question]] = defaultdict(list)
    refused = 0
    for question, reply in zip(asked, replies, strict=True):
        if reply.kind is ReplyKind.REFUSAL:
            refused += question.times
        elif by := _answered_by(question, reply):
            answered[by].append(question)
        else:
            still.append((question, reply))
    kinds = Counter(record.kind for record in listed)
    most = sorted(answered.items(), key=lambda item: (-sum(question.times for question in item[1]), item[0]))
    return Summary(
        grouped(bot.engine, still),
        {by: tuple(found) for by, found in most},
        refused,
        kinds["good"],
        kinds["bad"],
    )


def questions(records: Iterable[Record]) -> tuple[Question, ...]:
    """The questions of a log, each once, the most frequent first; what was called good is none."""
    same: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.kind != "good":
            same[" ".join(simple_words(record.text)) or record.text].append(record)
    found = [
        Question(
            typed=listed[-1].question,
            text=listed[-1].text,
            times=max(1, sum(not record.again for record in listed)),
            first=min(record.when for record in listed),
            last=max(record.when for record in listed),
            wrong=tuple(dict.fromkeys(record.wrong for record in listed if record.wrong)),
            complaints=tuple(dict.fromkeys(record.why for record in listed if record.why)),
        )
        for listed in same.values()
    ]
    return tuple(sorted(found, key=lambda question: (-question.times, question.text)))


def grouped(engine: Engine, asked: Sequence[tuple[Question, Reply]]) -> tuple[Group, ...]:
    """Groups of questions (the most frequent first, each with the reply that it gets now), the largest first."""
    if not asked:
        return ()
    found: dict[int, list[int]] = defaultdict(list)
    for row, leader in enumerate(leaders(_vectors(engine, [question.text for question, _ in asked]))):
        found[leader].append(row)
    groups = [_group(engine, [asked[row] for row in rows]) for rows in found.values()]
    return tuple(sorted(groups, key=lambda group: (-group.times, group.questions[0].text)))


def leaders(vectors: Vectors, alike: float = ALIKE) -> list[int]:
    """Of each vector (n, d), in order: the row of the earlier one that leads the group it belongs to, or its
    own where there is none."""
    leading: list[int] = []
    out: list[int] = []
    for row, vector in enumerate(vectors):
        cosines = vectors[leading] @ vector
        best = int(cosines.argmax()) if leading else -1
        if leading and cosines[best] >= alike:
            out.append(leading[best])
        else:
            leading.append(row)
            out.append(row)
    return out


def _ask(bot: CareerBot, asked: Sequence[Question], progress: Progress | None) -> list[Reply]:
    replies: list[Reply] = []
    for start in range(0, len(asked), LOT):
        if progress:
            progress(start, len(asked))
        replies += bot.ask_many([question.text for question in asked[start : start + LOT]])
    return replies


def _answered_by(question: Question, reply: Reply) -> str | None:
    """The entry or the intent that answers it by now; an answer that was called wrong is none."""
    if reply.kind is ReplyKind.SMALLTALK and not question.wrong:
        return f"intent {(reply.why.label or '').removeprefix(INTENT)}"
    if reply.kind is ReplyKind.ANSWER and reply.entry_id not in question.wrong:
        return reply.entry_id
    return None


def _vectors(engine: Engine, texts: Sequence[str]) -> Vectors:
    """Vectors of what is asked of the occupation, whichever way it is named, float32 (n, d)."""
    names = sorted(
        (name for pack in engine.knowledge.packs for name in pack.role), key=lambda name: (-len(name), name)
    )
    role = re.compile(rf"\b({'|'.join(map(re.escape, names))})s?\b", re.I) if names else None
    matched = [engine.reader.read(text).matched for text in texts]
    return np.asarray(
        engine.encode([role.sub(NOBODY, text) if role else text for text in matched]), np.float32
    )


def _group(engine: Engine, members: Sequence[tuple[Question, Reply]]) -> Group:
    """The first of the members speaks for all."""
    leader, reply = members[0]
    entries = engine.knowledge.by_id
    wrong = {name for question, _ in members for name in question.wrong}
    (ranked,) = engine.rank([engine.reader.read(leader.text)])
    attempt = judged(engine, ranked)
    standing, dropped = (
        [one.scored for one in proposals if one.scored and one.label in entries and one.label not in wrong]
        for proposals in (attempt.kept, attempt.proposals)
    )
    best = next(iter(standing or dropped), None)
    nearest = Nearest(entries[best.label], best.phrasing, best.semantic) if best else None
    lacks = entries.get(reply.why.label or "") if reply.why.code == Code.NO_SUCH_ROW else None
    by_intent = reply.kind is ReplyKind.UNKNOWN and reply.why.code == Code.INTENT
    declined = (reply.why.label or "").removeprefix(INTENT) if by_intent else None
    close = bool(standing and nearest and nearest.likeness >= CLOSE)
    close = close and not (attempt.vetoes or lacks or declined)
    return Group(tuple(question for question, _ in members), nearest, close, lacks, declined)
