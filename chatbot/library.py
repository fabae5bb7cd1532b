"""What is known and how it is read, without a ranker: all that rules look at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property

from chatbot.datasets.choosing import Lookups
from chatbot.datasets.model import Dataset
from chatbot.datasets.names import plain
from chatbot.datasets.query import Words
from chatbot.datasets.store import Datasets
from chatbot.intents.model import Intent, listened_for
from chatbot.knowledge.looking import FILLED
from chatbot.knowledge.mentions import Mentions
from chatbot.knowledge.model import Entry, Knowledge, Pack
from chatbot.language.normalise import simple_words
from chatbot.language.reading import Reader
from chatbot.language.words import either, lists
from chatbot.policy import Policy, policy


def who_earns(text: str) -> list[str]:
    """The words that name who earns something: "tables" of "what do tables earn"."""
    return [match[1] for match in _who_earns().finditer(text)]


@cache
def _who_earns() -> re.Pattern[str]:
    said = lists().figures
    return re.compile(
        rf"\b{either(said.earner_before)} (?:an? |the )?(?:\w+ )?(\w+) {either(said.earner_after)}\b"
    )


class Library:
    """Knowledge, intents, the packs' data and the reader; immutable once made, so threads share it."""

    def __init__(
        self,
        knowledge: Knowledge,
        intents: Iterable[Intent],
        reader: Reader,
        data: Datasets | None,
        mentions: Mapping[str, Mentions],
        plain_words: frozenset[str] = frozenset(),
    ) -> None:
        """``mentions``: what each entry speaks of, by its id. ``plain_words``: those that packs use in
        another sense than as a title."""
        self.knowledge = knowledge
        self.intents = {intent.label: intent for intent in intents}
        self.reader = reader
        self.data = data
        self.mentions = mentions
        self.plain_words = plain_words
        self.policy: Policy = policy()
        self._measure_words: dict[str, frozenset[str]] = {}
        self._names_elsewhere: dict[str, frozenset[str]] = {}

    @cached_property
    def listened_for(self) -> list[str]:
        """The labels of the intents that are heard by their posts, in the order of the shares."""
        return listened_for(self.intents.values())

    @cached_property
    def tables(self) -> tuple[Entry, ...]:
        """The entries that are tables."""
        return tuple(entry for entry in self.knowledge.entries if entry.table)

    @cached_property
    def lookups(self) -> tuple[Entry, ...]:
        """The entries that look something up."""
        return tuple(entry for entry in self.knowledge.entries if entry.lookup)

    @cached_property
    def glance(self) -> Entry | None:
        """The lookup that is told where a question only names an entity; the first, where several packs have one."""
        return next((entry for entry in self.lookups if entry.lookup and entry.lookup.at_a_glance), None)

    @cached_property
    def placing(self) -> Entry | None:
        """The lookup that places an amount; the first, where several packs have one."""
        return next((entry for entry in self.lookups if entry.lookup and entry.lookup.kind == "amount"), None)

    @cached_property
    def of_levels(self) -> frozenset[str]:
        """The names of figure words that ask for places of a level: cities."""
        lists = [entry.lookup for entry in self.lookups if entry.lookup and entry.lookup.across == "places"]
        finer = {name for lookup in lists if lookup.level for name in lookup.only_with}
        return frozenset(finer - {name for lookup in lists if not lookup.level for name in lookup.only_with})

    @cached_property
    def data_packs(self) -> frozenset[str]:
        """The packs that hold data by occupation."""
        return frozenset(pack.id for pack in self.knowledge.packs if pack.data)

    @cached_property
    def careers(self) -> Mapping[str, Pack]:
        """The packs that are about one career, by their ids."""
        return {pack.id: pack for pack in self.knowledge.packs if pack.role}

    @cached_property
    def several_careers(self) -> bool:
        """Whether more than one career is loaded, so that none goes without saying."""
        return len(self.careers) > 1 or (bool(self.careers) and self.data is not None)

    @cached_property
    def doers(self) -> frozenset[str]:
        """Words that the names of occupations end with, such as engineer and manager."""
        ends = (
            Counter(plain(words[-1]) for title, _ in self.data.meant if (words := simple_words(title)))
            if self.data
            else {}
        )
        agents, least = lists().titles.agents, self.policy.subject.doers
        return frozenset(word for word, count in ends.items() if count >= least and word.endswith(agents))

    @cached_property
    def usual(self) -> frozenset[str]:
        """The words of all ways of asking for what is looked up."""
        return words_of(self.lookups)

    def beside_titles(self, dataset: Dataset, lookups: Sequence[Entry]) -> frozenset[str]:
        """Words that may stand beside the title of an occupation without making another one of it, by a data set and
        the lookups of it.

        They are those that stand there in ways of asking, those that say which figure is wanted, and the
        pack's ``modifiers``.
        """
        beside = re.compile(
            rf"\b([\w'-]+) (?:{'|'.join(FILLED[name] for name in ('occupation', 'other'))})s?\b(?: ([\w'-]+))?",
            re.I,
        )
        matches = [match for entry in lookups for text in entry.questions for match in beside.finditer(text)]
        listed = [text for texts in dataset.words.values() for text in texts] + list(dataset.modifiers)
        texts = [*(word for match in matches for word in match.groups() if word), *listed]
        return frozenset(word for text in texts for word in simple_words(text))

    @cached_property
    def harmless(self) -> frozenset[str]:
        """Words that may stand beside a title in a question of any of the data sets."""
        return frozenset().union(*self.over_data.words.harmless.values()) if self.data else frozenset()

    @cached_property
    def over_data(self) -> Lookups:
        """The lookups over their data sets."""
        assert self.data
        of = {
            dataset.id: [e for e in self.lookups if e.lookup and e.lookup.dataset == dataset.id]
            for dataset in self.data.datasets
        }
        usual = {name: words_of(lookups) for name, lookups in of.items()}
        harmless = {dataset.id: self.beside_titles(dataset, of[dataset.id]) for dataset in self.data.datasets}
        return Lookups(self.data, self.lookups, Words(usual, harmless))

    @cached_property
    def earners(self) -> frozenset[str]:
        """Who is asked what they earn in ways of asking that need no occupation."""
        listed = (entry for entry in self.lookups if entry.lookup and not entry.lookup.needs_occupation)
        return frozenset(
            word
            for entry in listed
            for text in entry.questions
            for word in who_earns(" ".join(simple_words(text)))
        )

    def measure_words(self, entry: Entry) -> frozenset[str]:
        """The words of all phrasings of a lookup's measure, in their plain forms."""
        if entry.id not in self._measure_words:
            group = [other for other in self.lookups if measure_of(other) == measure_of(entry)]
            texts = [text for other in group for text in other.questions]
            self._measure_words[entry.id] = frozenset(
                plain(word) for text in texts for word in simple_words(text)
            )
        return self._measure_words[entry.id]

    def names_elsewhere(self, entry: Entry) -> frozenset[str]:
        """The names of figure words by which lookups of other measures tell a statistic, and none of this one does."""
        if entry.id not in self._names_elsewhere:
            own: set[str] = set()
            others: set[str] = set()
            for other in self.lookups:
                assert other.lookup and entry.lookup
                same = other.lookup.measure == entry.lookup.measure
                (own if same else others).update((*other.lookup.statistic, *other.lookup.only_with))
            self._names_elsewhere[entry.id] = frozenset(others - own)
        return self._names_elsewhere[entry.id]


def words_of(lookups: Sequence[Entry]) -> frozenset[str]:
    """The words of the ways of asking for some lookups."""
    return frozenset(word for entry in lookups for text in entry.questions for word in simple_words(text))


def measure_of(entry: Entry | None) -> str | None:
    """What puts tables, or lookups, together when questions are matched."""
    if entry is None:
        return None
    return entry.table.measure if entry.table else f"lookup {entry.lookup.measure}" if entry.lookup else None
