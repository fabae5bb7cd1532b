"""Which lookup is meant: of one data set by the words, of several data sets by what the question says of
place, money, time and titles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from chatbot.datasets.model import Dataset
from chatbot.datasets.query import Words, query, series_of
from chatbot.datasets.store import Datasets
from chatbot.datasets.units import PEOPLE
from chatbot.flow import Query
from chatbot.knowledge.model import Entry
from chatbot.language.reading import Reading
from chatbot.language.words import lists

OTHER = frozenset({"count"})
"""Words that choose a lookup whatever was matched, where nothing else is asked for."""
_CENTURIES = frozenset({"19", "20"})


class Lookups(Struct, frozen=True):
    """The lookups of all packs over their data sets, with the words that questions of them hold."""

    store: Datasets
    entries: tuple[Entry, ...]
    words: Words

    def settled(
        self, reading: Reading, entry: Entry, role: str | None = None, keep: bool = False
    ) -> tuple[Entry, Query]:
        """The lookup that is meant, and what is asked of it: of the data sets that claim it the first, of its
        measure the one that words choose.

        A lookup that has words of its own is only told where one of them is said (or ``keep``), or where its
        answer holds the usual figure, too (a range, a comparison with all): else the one that has none.
        """
        entry = self.meant(reading, entry)[0]
        assert entry.lookup
        asked = query(self.store, self.store.of(entry), entry.lookup, reading, self.words, role)
        if entry.lookup.kind == "amount":
            return entry, asked
        chosen = self._by_words(reading, entry, asked, pay="pay" in reading.facets.get("asks"))
        plain = self._plain(entry)
        if (
            chosen is None
            and not keep
            and entry.lookup.statistic
            and entry.lookup.kind == "figures"
            and not self._tells_usual(entry)
        ):
            chosen = plain
        several = len(asked.targets) > 1 or len(asked.places) > 1
        if chosen is None and entry.lookup.kind == "comparison" and not several:
            chosen = plain
        return chosen or entry, asked

    def meant(self, reading: Reading, entry: Entry) -> tuple[Entry, ...]:
        """The lookups of the data sets that a question may mean, one of each; several where nothing tells
        them apart."""
        if len(self.store.datasets) == 1:
            return (entry,)
        claims = self._claims(entry)
        abroad = reading.facets.get("country") and not any(
            _in_place(reading, one, self.store) for one in claims
        )
        if len(claims) == 1 or abroad:
            return (entry,)
        for fits in (_in_place, _in_money, _in_time, self._titled):
            fitting = [one for one in claims if fits(reading, one, self.store)]
            claims = fitting or claims
        if len(claims) > 1:
            claims = [one for one in claims if self.store.of(one).default] or claims
        homes = {self.store.of(one).home for one in claims}
        if len(homes) < len(claims) and entry in claims:  # places would not tell them apart
            claims = [entry]
        order = [dataset.id for dataset in self.store.datasets]
        return tuple(sorted(claims, key=lambda one: order.index(self.store.of(one).id)))

    def _claims(self, entry: Entry) -> list[Entry]:
        """The lookups of other data sets that tell the same of the same, this one first."""
        own = self.store.of(entry)
        claims = [entry]
        for dataset in self.store.datasets:
            if dataset.id == own.id or dataset.entity.name != own.entity.name:
                continue
            others = [one for one in self.entries if one.lookup and one.lookup.dataset == dataset.id]
            same = [one for one in others if _same(self.store, entry, one)]
            alike = [
                one
                for one in same
                if one.lookup and entry.lookup and set(one.lookup.statistic) == set(entry.lookup.statistic)
            ]
            plain = [one for one in same if one.lookup and not one.lookup.statistic]
            claims += (alike or plain or same)[:1]
        return claims

    def _titled(self, reading: Reading, entry: Entry, store: Datasets) -> bool:
        """Whether a data set has a row for a name in the question."""
        if entry.lookup is None or not reading.facets.occupations:
            return False
        asked = query(store, store.of(entry), entry.lookup, reading, self.words)
        return bool(asked.targets or asked.choice)

    def _by_words(self, reading: Reading, entry: Entry, asked: Query, pay: bool) -> Entry | None:
        """The lookup of the same measure of which a word is said, or of another measure that the words name."""
        assert entry.lookup
        chosen = next(
            (one for one in self._group(entry) if one.lookup and set(one.lookup.statistic) & asked.words),
            None,
        )
        # "how many trainees are there" asks for the number, whatever else it says
        counted = not OTHER.isdisjoint(asked.words) and lists().nearest.paid.isdisjoint(reading.words)
        if entry.lookup.kind == "ranking" or pay or (chosen and not counted):
            return chosen
        others = [
            one
            for one in self.entries
            if one.pack == entry.pack and one.lookup and one.lookup.kind == "figures"
        ]
        whole = entry.lookup.whole
        fitting = (
            one
            for one in others
            if one.lookup and one.lookup.whole == whole and set(one.lookup.statistic) & asked.words & OTHER
        )
        return next(fitting, None) or chosen

    def _tells_usual(self, entry: Entry) -> bool:
        """Whether a lookup of one entity tells the usual figure among others, so that nothing is lost where
        the ranker took it for another."""
        of = entry.lookup
        assert of
        return of.needs_occupation and series_of(self.store.of(entry), of) == self.store.of(entry).usual

    def _plain(self, entry: Entry) -> Entry | None:
        """The lookup of the same measure that needs no word to be chosen."""
        return next(
            (
                one
                for one in self._group(entry)
                if one.lookup and one.lookup.kind == "figures" and not one.lookup.statistic
            ),
            None,
        )

    def _group(self, entry: Entry) -> list[Entry]:
        """The lookups of a measure of a pack."""
        of = entry.lookup
        assert of
        return [
            one
            for one in self.entries
            if one.lookup
            and (one.lookup.measure, one.lookup.dataset) == (of.measure, of.dataset)
            and one.pack == entry.pack
        ]

    def plain_lookup(self, people: bool = False) -> Entry | None:
        """The lookup that tells the usual figure of one entity, or the number of people: one that needs no
        word before one that does."""

        def fits(entry: Entry) -> bool:
            if (
                entry.lookup is None
                or entry.lookup.kind != "figures"
                or not entry.lookup.needs_occupation
                or entry.lookup.against_whole
                or self.store.of(entry) is not self.store.main
            ):
                return False
            series = series_of(self.store.of(entry), entry.lookup)
            if people:
                return bool(series.measure.units) and series.measure.units[0].kind == PEOPLE
            return series == self.store.of(entry).usual

        fitting = [entry for entry in self.entries if fits(entry)]
        return min(fitting, key=lambda entry: bool(entry.lookup and entry.lookup.statistic), default=None)


def _same(store: Datasets, entry: Entry, other: Entry) -> bool:
    """Whether two lookups tell the same: the same figure in the same way."""
    one, two = entry.lookup, other.lookup
    if one is None or two is None:
        return False
    how = [(of.kind, of.across, of.order, of.whole, of.against_whole) for of in (one, two)]
    series = [series_of(store.of(of), lookup) for of, lookup in ((entry, one), (other, two))]
    return how[0] == how[1] and len({(told.measure.id, told.statistic) for told in series}) == 1


Fit = Callable[[Reading, Entry, Datasets], bool]


def _in_place(reading: Reading, entry: Entry, store: Datasets) -> bool:
    """Whether a question names a place of a data set's country."""
    dataset = store.of(entry)
    named = set(reading.facets.get("country"))
    return bool(dataset.place and named & {dataset.home, *dataset.place.places.countries})


def _in_money(reading: Reading, entry: Entry, store: Datasets) -> bool:
    """Whether a question names a data set's currency, by a word or its sign."""
    dataset = store.of(entry)
    signs = _signs(dataset)
    return bool(dataset.currencies & set(reading.facets.places.currencies)) or any(
        sign in reading.typed for sign in signs
    )


def _signs(dataset: Dataset) -> Sequence[str]:
    return [
        unit.sign.strip()
        for measure in dataset.measures.values()
        for unit in measure.units
        if unit.sign.strip()
    ]


def _in_time(reading: Reading, entry: Entry, store: Datasets) -> bool:
    """Whether a question names a year of a data set."""
    years = {number for number in reading.facets.numbers if len(number) == 4 and number[:2] in _CENTURIES}
    return bool(years & store.of(entry).years)
