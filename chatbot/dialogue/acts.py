"""What is said of the last answer itself: where it is from, how old it is, why, more of it, or the same
again."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from functools import cache

from msgspec import structs

from chatbot.answering.lookups import again
from chatbot.answering.proposing import by
from chatbot.composing import ALL_TOLD, sources_text
from chatbot.engine import Engine, best_first
from chatbot.flow import Attempt, By, Code, Decision, Proposal, Ranking, Told, Turn
from chatbot.knowledge.model import Citation, Entry
from chatbot.language.words import either, lists
from chatbot.library import Library
from chatbot.reply import ReplyKind

_CODES = {
    "sources": Code.SOURCES,
    "date": Code.DATE,
    "why": Code.REASON,
    "more": Code.MORE,
    "repeat": Code.REPEAT,
}
"""The acts of intents that are about the last answer."""
NO_REASON = "No reason is given for that. "


def act_of(library: Library, ranking: Ranking) -> Code | None:
    """The act that the words ask for: the best label, or for a few words one that is nearly as good."""
    if not ranking.labels or _until().match(ranking.reading.text):
        return None
    best = ranking.labels[0]
    intent = library.intents.get(best.label)
    near = best.semantic >= library.policy.acts.first or best.score >= library.policy.intents.least
    return _CODES.get(intent.act or "") if intent and near else None


def citations_of(last: Turn) -> tuple[Citation, ...]:
    """The citations of a turn."""
    return tuple(Citation(**citation) for citation in last.citations)


def sources(library: Library, attempt: Attempt, last: Turn, code: Code, before: str = "") -> Decision:
    """Where the last answer is from; ``before``: a sentence before it."""
    citations = citations_of(last)
    return _same(library, attempt, last, code, f"{before}{sources_text(citations)}")


def repeated(library: Library, attempt: Attempt, last: Turn) -> Decision:
    """The last answer again."""
    return structs.replace(_same(library, attempt, last, Code.REPEAT, last.text), offers=last.suggestions)


def _same(library: Library, attempt: Attempt, last: Turn, code: Code, text: str) -> Decision:
    told = Told(text, citations_of(last), entry_ids=last.entry_ids)
    lead = Proposal(By.ACT, last.entry_ids[0], told=told)
    return Decision(ReplyKind.ANSWER, code, library.policy.acts.sure, attempt, lead, offers=())


def reasons(library: Library, last: Turn, entry: Entry) -> list[Attempt]:
    """The last question and its entry's, asked for the reason; to be ranked."""
    texts = dict.fromkeys((last.read_as, entry.question))
    return [Attempt(library.reader.read(f"why {asked}"), Code.REASON, rank_only=True) for asked in texts]


def reason(engine: Engine, attempt: Attempt, last: Turn, entry: Entry) -> Attempt:
    """One of these, with what people ask "why" of alone, and a little more for the topic of the last answer."""
    labels = []
    for scored in attempt.ranked.labels:
        if scored.label in last.entry_ids or not _reason().search(scored.phrasing):
            continue
        known = engine.knowledge.by_id.get(scored.label)
        same = known is not None and known.topic == entry.topic
        labels.append(
            dataclasses.replace(scored, score=scored.score * engine.policy.follow_up.topic)
            if same
            else scored
        )
    ranking = Ranking(attempt.reading, tuple(best_first(labels)))
    return Attempt(attempt.reading, Code.NEAREST, "why, about the last question", ranking=ranking)


def more(
    library: Library, attempt: Attempt, turns: Sequence[Turn], last: Turn, entry: Entry
) -> Attempt | Decision:
    """The next entry that readers ask for, or of the topic, which was not told yet."""
    told = {entry_id for turn in turns for entry_id in turn.entry_ids}
    near = library.knowledge.in_topic(entry.topic, entry.pack)
    following = next((i for i in entry.follow_ups if i not in told), None) or next(
        (e.id for e in near if e.id not in told), None
    )
    if following is None:
        return Decision(
            ReplyKind.UNKNOWN, Code.MORE, library.policy.acts.sure, attempt, text=ALL_TOLD, offers=()
        )
    further = library.knowledge.by_id[following]
    text = again(library, further, last.read_as) if further.lookup and entry.lookup else further.question
    lead = Proposal(by(further), further.id, entry=further)
    return Attempt(library.reader.read(text), Code.MORE, lead=lead, sure=library.policy.acts.more)


@cache
def _reason() -> re.Pattern[str]:
    """What people ask "why" by."""
    return re.compile(rf"\b{either(lists().last_answer.reasons)}\b", re.I)


@cache
def _until() -> re.Pattern[str]:
    """What opens a question of time about the matter, not about the source."""
    said = lists().last_answer
    return re.compile(rf"(?:{either(said.until_before)} )?{either(said.until)}\b", re.I)
