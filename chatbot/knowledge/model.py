"""What the bot knows, as loaded: sources, entries, tables and packs. All immutable, safe to share between
threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from chatbot.knowledge.datasetschema import Declared


@dataclass(frozen=True, slots=True)
class Source:
    """An article, data set or page."""

    id: str
    title: str
    publisher: str | None
    author: str | None
    published: str
    retrieved: str | None
    url: str | None
    licence: str | None
    kind: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands: the source, the heading under which it says so, and whom it passes on
    (``origin``)."""

    source_id: str
    title: str
    publisher: str | None
    author: str | None
    published: str
    section: str
    url: str | None
    note: str | None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; line and column count from 1."""

    file: Path
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: the values of its dimensions, the amount, and the figure as the source prints it."""

    at: Mapping[str, str]
    amount: float
    shown: str
    citations: tuple[Citation, ...]
    disagrees_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures under named dimensions, with the sentences that tell them."""

    measure: str
    unit: str
    statistic: str
    period: str
    dimensions: tuple[str, ...]
    labels: Mapping[str, str]
    overview: str
    item: str
    row: str
    brief: str | None
    missing: str
    rows: tuple[Row, ...]
    contrast: str | None = None

    def values(self, dimension: str) -> tuple[str, ...]:
        """The values that a dimension has, in the order of the rows."""
        return tuple(dict.fromkeys(row.at[dimension] for row in self.rows))

    def label(self, value: str) -> str:
        """How a sentence names a value."""
        return self.labels.get(value, value)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is looked up for an occupation and a place, and the sentences that tell it; docs/fields.md
    explains the fields."""

    kind: str
    measure: str
    asks: str
    says: str
    item: str
    missing: str
    example: str = ""
    statistic: tuple[str, ...] = ()
    by: str = ""
    across: str = "occupations"
    level: str = ""
    order: str = "highest"
    against_whole: bool = False
    whole: bool = False
    most: int = 5
    joined: str = "list"
    only_with: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    followed_by: tuple[str, ...] = ()
    """Full ids."""
    brief: str = ""
    page: str = ""
    dataset: str = ""
    """The data set, as pack/name."""
    at_a_glance: bool = False
    """Whether it is told where a question only names an entity."""
    entity: str = "occupation"
    """What the data set is about: the name of the brace."""

    @property
    def needs_occupation(self) -> bool:
        """Whether nothing can be told before an occupation is named."""
        return not self.whole and not (self.kind == "ranking" and self.across == "occupations")

    @property
    def of_two(self) -> bool:
        """Whether two are compared."""
        return "{other}" in self.asks


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, its other phrasings (``questions``, the main one first), the answer and its citations."""

    id: str
    pack: str
    topic: str
    questions: tuple[str, ...]
    answer: str
    citations: tuple[Citation, ...]
    follow_ups: tuple[str, ...] = ()
    scope: Mapping[str, str] = field(default_factory=dict)
    as_of: str | None = None
    brief: str | None = None
    disagrees_with: tuple[str, ...] = ()
    table: Table | None = None
    place: Place | None = None
    shelf_life_years: float | None = None
    lookup: Lookup | None = None
    subject: tuple[str, ...] = ()
    """Words one of which names what it is about, where that is no career."""

    @property
    def question(self) -> str:
        """The main question, as shown to people."""
        return self.questions[0]

    @property
    def matched(self) -> tuple[str, ...]:
        """The phrasings that questions are matched with: none where it is told for a mere name, or for an amount."""
        return (
            ()
            if self.lookup and (self.lookup.at_a_glance or self.lookup.kind == "amount")
            else self.questions
        )


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of knowledge on one subject."""

    id: str
    title: str
    role: tuple[str, ...]
    own_terms: tuple[str, ...]
    covers: tuple[str, ...]
    about: str
    try_asking: tuple[str, ...]
    topics: Mapping[str, str]
    datasets: tuple[Declared, ...] = ()
    """The declarations of its data sets."""
    field_words: tuple[str, ...] = ()
    """Words that only its career's field uses."""

    @property
    def data(self) -> tuple[Declared, ...]:
        """The data sets: whether it has any."""
        return self.datasets


@dataclass(frozen=True)
class Language:
    """Abbreviations, facet words, occupations and fields that the packs name."""

    abbreviations: Mapping[str, str] = field(default_factory=dict)
    facets: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    strict: frozenset[str] = frozenset()
    occupations: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Knowledge:
    """Everything loaded: ``entries`` (tables among them), ``sources``, ``packs`` and the language of the
    packs."""

    entries: tuple[Entry, ...]
    sources: Mapping[str, Source]
    packs: tuple[Pack, ...]
    language: Language

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """Entries by their full id, ``pack/entry``."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """Topic to title, over all packs; where several have a topic of one id, the title is the first one's."""
        found: dict[str, str] = {}
        for pack in self.packs:
            found |= {t: title for t, title in pack.topics.items() if t not in found}
        return found

    def topic_title(self, entry: Entry) -> str:
        """The title of an entry's topic, as its own pack names it."""
        return next((pack.topics[entry.topic] for pack in self.packs if pack.id == entry.pack), entry.topic)

    def in_topic(self, topic: str, pack: str | None = None) -> tuple[Entry, ...]:
        """The entries of one topic, in the order of their file; of one pack, or of all that have a topic of
        that id."""
        return tuple(entry for entry in self.entries if entry.topic == topic and pack in {None, entry.pack})
