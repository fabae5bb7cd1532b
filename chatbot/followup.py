"""What a short question leaves out, filled in from the answer before it.

A question that opens like a continuation, is short or holds a pronoun is read as typed and in completed forms (with the topic's title, with
the question before, with the level, degree, ... that was named before). Each reading ranks the entries; what the readings agree on counts most.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatbot.answering.guard import conflict
from chatbot.decide import answer, decide, unknown
from chatbot.engine import Engine, Ranked
from chatbot.knowledge.model import Entry
from chatbot.language.facets import Facets
from chatbot.language.leftout import ASKING, FILLER, continues, rest_of
from chatbot.language.normalise import simple_words
from chatbot.language.reading import Reading
from chatbot.lookingagain import changed_lookup
from chatbot.reply import Reply, ReplyKind
from chatbot.retrieval.ranker import Scored

if TYPE_CHECKING:
    from chatbot.conversation import Turn

TOPIC = 1.8
"""How much an entry of the last answer's topic counts where a question continues."""
LINKED = 1.2
"""... and besides where the last answer's author names it as what people ask next."""
WEIGHTS = (0.5, 0.9, 0.9)
"""What the completed readings count beside the typed one: by the topic, by the question before, by what that named."""
NEW_WORDS_COVERED = 0.5
"""An answer to a completed question must speak of this share of the words that were typed."""
AHEAD_OF_ALL = 0.6
"""... and its score must be this part of what all out-of-scope intents have together."""
STANDS_ALONE = 0.9
"""A question as sure as this is taken as typed."""
CHAT = 0.6
"""What opens like a question is small talk where it is as sure as this."""
COMPLETED_LEAST = 0.7
"""A completed question must be as sure as this where the typed one has no answer."""
COMPLETED_SURE = 0.85
"""What is left of its probability: in trials, completed questions were answered rightly so much more seldom than it says."""
CARRIED = ("level", "degree_level", "residency", "side")
"""The facets that a question hands on to the next."""

_NEGATED = "not don't dont doesn't doesnt haven't havent isn't isnt am i'm im aren't arent won't wont can't cant"
_NOT = frozenset(_NEGATED.split())


def changed_facet(engine: Engine, reading: Reading, last: Turn) -> tuple[Reply, str] | None:
    """A few words that only name another country, level, ... than the last answer was about, and the question that they make."""
    entry = engine.knowledge.by_id.get(last.entry_ids[0])
    if entry and entry.lookup:
        return changed_lookup(engine, reading, entry, last)
    if entry is None or reading.facets.subjects:
        return None
    reading = _turned(engine, reading, last)
    if engine.reader.without_facets(reading.text) - FILLER:
        return None
    if entry.table is None:
        found = _sibling(engine, reading, entry)
        return (found, _restated(engine, reading, last)) if found else None
    if told := conflict(entry, engine.mentions[entry.id], reading.facets, engine.reader.strict):
        if not reading.facets.get("organisation"):
            return None
        reply = unknown(engine, Ranked(reading, ()), (), f"vetoed: {told}", 0.1, told)  # the same figure, of one employer: there is none
        return reply, last.read_as
    facets = reading.facets
    dimensions = {d for e in engine.tables if e.table and e.table.measure == entry.table.measure for d in e.table.dimensions}
    if not any(facets.get(d) for d in dimensions):
        return None
    before = engine.reader.facets(last.read_as)
    merged = merge(facets, before)
    if facets.comparison:  # "compare with senior": the one before beside the one named now
        merged = dataclasses.replace(
            merged, values={name: tuple(dict.fromkeys((*before.get(name), *v))) for name, v in merged.values.items()}
        )
    rule = "the last table, another value"
    first = answer(engine, Ranked(dataclasses.replace(reading, facets=merged), ()), entry, 0.9, rule)
    if first.kind is ReplyKind.UNKNOWN and merged.values != facets.values:
        return answer(engine, Ranked(reading, ()), entry, 0.9, rule), _restated(engine, reading, last)
    return first, _restated(engine, reading, last)


def _turned(engine: Engine, reading: Reading, last: Turn) -> Reading:
    """ "And if I don't?" after a question about one side of a facet that has two (in state, out of state): the other side."""
    words = set(simple_words(reading.text))
    if not words & _NOT or words - _NOT - FILLER or any(map(reading.facets.get, CARRIED)):
        return reading
    before = engine.reader.facets(last.read_as)
    for facet in CARRIED:
        values = engine.reader.opposites(facet)
        if len(before.get(facet)) == 1 and before.get(facet)[0] in values:
            other = values[before.get(facet)[0]]
            facets = dataclasses.replace(reading.facets, values={facet: (other,)}, negated=False)
            return dataclasses.replace(reading, text=other.replace("-", " "), facets=facets)
    return reading


def _sibling(engine: Engine, reading: Reading, entry: Entry) -> Reply | None:
    """The entry of the same topic that is about the level, degree, ... now named, where the last answer was about another."""
    for facet in CARRIED:
        asked, before = reading.facets.get(facet), engine.mentions[entry.id].main.get(facet)
        if len(asked) != 1 or before in {None, *asked}:
            continue
        for other in engine.knowledge.in_topic(entry.topic, entry.pack):
            told = engine.mentions[other.id]
            if other.table or conflict(other, told, reading.facets, engine.reader.strict):
                continue
            if told.main.get(facet) == asked[0]:
                return answer(engine, Ranked(reading, ()), other, 0.9, f"the last topic, another {facet.replace('_', ' ')}")
    return None


def _restated(engine: Engine, reading: Reading, last: Turn) -> str:
    """The question before with what is named now in its place."""
    return f"{_without(engine, last.read_as, reading.facets)} {rest_of(reading.text)}"


def _without(engine: Engine, before: str, new: Facets) -> str:
    """The question before without the facets that the new one names itself."""
    for facet in (*CARRIED, "country"):
        if new.get(facet):
            before = engine.reader.drop(before, facet)
    return before.rstrip("?.! ")


def completed(engine: Engine, reading: Reading, last: Turn) -> list[Reading]:
    """The question completed by the last answer's topic, by the question before, and by what that named."""
    if not continues(reading.text):
        return []
    rest = rest_of(reading.text)
    before = _without(engine, last.read_as, reading.facets)
    entry = engine.knowledge.by_id.get(last.entry_ids[0])
    title = engine.knowledge.topic_title(entry).lower() if entry else ""
    texts = [f"{rest} {title}", f"{before} {rest}"]
    if named := [value for facet in CARRIED for value in engine.reader.facets(before).get(facet)]:
        texts.append(f"{rest} {' '.join(named)}")
    return [dataclasses.replace(engine.reader.read(text), typed=reading.typed) for text in texts]


def surer(engine: Engine, ranked: Sequence[Ranked], plain: Reply, last: Turn) -> tuple[Reply, str]:
    """The question as typed (``plain`` is the reply to it), or what its readings agree on where that is surer."""
    raw = ranked[0]
    asks = "?" in raw.reading.typed or re.match(ASKING, raw.reading.typed, re.I)
    chat = plain.kind is ReplyKind.SMALLTALK and (plain.confidence >= CHAT or not asks)
    settled = chat or plain.kind is ReplyKind.REFUSAL or plain.why.rule.startswith(("vetoed", "no such row"))
    alone = plain.kind is ReplyKind.ANSWER and plain.confidence >= STANDS_ALONE
    if settled or alone or len(ranked) == 1:
        return plain, raw.reading.text
    together = _together(engine, ranked, last)
    reply = decide(engine, together, "completed from the question before")
    against = sum(scored.score for scored in together.intents if engine.intents[scored.label].kind == "unknown")
    ahead = bool(together.entries) and together.entries[0].score >= AHEAD_OF_ALL * against
    covered = reply.entry_id and engine.coverage.of(raw.reading.matched, reply.entry_id)[0] >= NEW_WORDS_COVERED
    least = plain.confidence if plain.kind is ReplyKind.ANSWER else COMPLETED_LEAST
    if reply.kind is ReplyKind.ANSWER and covered and ahead and reply.confidence >= least:
        reply = dataclasses.replace(reply, confidence=COMPLETED_SURE * reply.confidence)
        return reply, _as_asked(engine, reply, ranked[2].reading.text)
    return plain, raw.reading.text


def _as_asked(engine: Engine, reply: Reply, text: str) -> str:
    """What a completed question is to the next one: the entry's own question, which does not grow from turn to turn; of a table, the text."""
    entry = engine.knowledge.by_id[reply.entry_ids[0]]
    return text if entry.table else entry.question


def _together(engine: Engine, ranked: Sequence[Ranked], last: Turn) -> Ranked:
    """One ranking of all readings: scores added, a little more for the last answer's topic, nothing for the last answer itself."""
    entry = engine.knowledge.by_id.get(last.entry_ids[0])
    topic, links = (entry.topic, set(entry.follow_ups)) if entry else ("", set())
    total: Counter[str] = Counter()
    best: dict[str, Scored] = {}
    share = 1 / (1 + sum(WEIGHTS[: len(ranked) - 1]))
    for i, one in enumerate(ranked):
        weight = 1.0 if i == 0 else WEIGHTS[i - 1]
        for scored in one.labels:
            if i and scored.label in last.entry_ids:
                continue
            total[scored.label] += weight * scored.score  # type: ignore[assignment]
            if scored.label not in best or scored.score > best[scored.label].score:
                best[scored.label] = scored
    labels = []
    for label, sum_ in total.items():
        found = engine.knowledge.by_id.get(label)
        times = (TOPIC if found and found.topic == topic else 1.0) * (LINKED if label in links else 1.0)
        labels.append(dataclasses.replace(best[label], score=sum_ * share * times))
    reading = ranked[0].reading
    full = dataclasses.replace(reading, facets=merge(reading.facets, ranked[2].reading.facets), text=ranked[2].reading.text)
    return Ranked(full, tuple(sorted(labels, key=lambda scored: -scored.score)))


def merge(new: Facets, old: Facets) -> Facets:
    """The new question's facets, completed by the old one's."""
    places = new.places if new.get("country") or new.places.currencies else old.places
    values = {name: value for name, value in old.values.items() if name in CARRIED} | dict(new.values)
    return dataclasses.replace(new, values=values, places=places)
