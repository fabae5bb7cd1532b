"""What a question asks of a data set: which entities, which places, which figure; and what it names that the
data set lacks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from chatbot.datasets.model import Dataset, Series
from chatbot.datasets.names import ALTERNATE, STAND_IN, plain, same_name
from chatbot.datasets.store import Datasets
from chatbot.datasets.where import places_of
from chatbot.flow import Choice, Query, Target
from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Entry, Lookup
from chatbot.language.amounts import asked_amount
from chatbot.language.chart import Kind
from chatbot.language.facets import Facets, Named
from chatbot.language.leftout import function_words
from chatbot.language.normalise import parts, simple_words
from chatbot.language.places import gazetteer
from chatbot.language.quantities import number
from chatbot.language.reading import Reading
from chatbot.language.scopes import Kind as Scoped
from chatbot.language.scopes import Scope
from chatbot.language.words import english, lists
from chatbot.policy import policy

PART = "part"
"""The dimension of shares and ratings: their categories and elements."""
TITLE, VAGUE = "title", "vague title"
"""What a query lacks where a name has no row, or is only part of a name that may mean many."""
OPERATIONS = {
    "figures": "value",
    "comparison": "compare",
    "ranking": "rank",
    "facts": "list",
    "amount": "place",
}
"""What each kind of lookup does with a data set."""


class Words(Struct, frozen=True):
    """By data set: ``usual``: the words of the ways of asking for it; ``harmless``: those that may stand before a
    title."""

    usual: Mapping[str, Collection[str]]
    harmless: Mapping[str, Collection[str]]


def series_of(dataset: Dataset, lookup: Lookup) -> Series:
    """The measure and statistic that a lookup is by; the first of the data set where there is none such,
    which loading has named."""
    return dataset.by(lookup.by) or Series(next(iter(dataset.measures.values())))


def query(
    store: Datasets, dataset: Dataset, lookup: Lookup, reading: Reading, words: Words, role: str | None = None
) -> Query:
    """Read a question for a lookup. ``role``: the packs' own occupation, where it is named."""
    facets = reading.facets
    texts = reading.words
    free = free_words(reading)
    said = frozenset(name for match in store.figure_words(dataset).find(free) for name in match.value)
    told = series_of(dataset, lookup)
    placed = places_of(store, dataset, told.measure, reading, words.usual[dataset.id])
    titles = _Titles(store, dataset, lookup, told, placed.places)
    for mention in [] if lookup.whole else _meant(facets.occupations, texts):
        titles.add(
            mention,
            ""
            if mention.start in reading.beginnings
            else _before(texts, mention, words.harmless[dataset.id], facets),
            ""
            if mention.end in reading.beginnings or (lookup.kind == "amount" and _of_amounts(texts, mention))
            else _after(texts, mention, words.usual[dataset.id], facets),
            all(one.end != mention.start for one in facets.occupations),
        )
    if role and facets.own_role and lookup.kind != "facts" and (facets.comparison or not titles.targets):
        titles.put_first(role)
    if "low" in said and "high" in said:  # from the one to the other
        said = said | {"range"}
    group = (
        next((match.value for match in store.groups.find(free)), None)
        if not lookup.needs_occupation
        else None
    )
    where = {"place": placed.places} | _parts(store, dataset, told, free)
    lacking = dict(placed.lacking) | {kind: (name,) for kind, name in titles.lacking.items()}
    limit = _limit(texts, facets) if lookup.kind == "ranking" else None
    position = next(iter(map(_position, reading.scoped(Scoped.RANK))), 0) if lookup.kind == "ranking" else 0
    without = _left_out(store, dataset, lookup, reading) if lookup.kind == "ranking" else ()
    amount = asked_amount(reading.text) if lookup.kind == "amount" else None
    return Query(
        dataset.id, OPERATIONS[lookup.kind], told.measure.id, told.statistic, tuple(titles.targets), where, said, group,
        titles.choice, limit, position, without, _unit(dataset, told, said), lacking, tuple(titles.kinds), amount,
    )  # fmt: skip


def of_the_same(store: Datasets, entry: Entry, asked: Query) -> Query | None:
    """A further lookup's query about the entity and place of another one; None where its data set has nothing of them."""
    dataset, lookup = store.of(entry), entry.lookup
    assert lookup
    told = series_of(dataset, lookup)
    target = asked.targets[0]
    if told.measure.kind in {"number", "text"}:
        codes = tuple(code for code in (store.published(dataset, target.code),) if code)
    else:
        codes = store.described(dataset, target.code)
    there = (
        dataset.rows.place if dataset.rows and told.measure.kind in {"number", "text"} else {dataset.home: 0}
    )
    if len(codes) != 1 or any(place not in there for place in asked.places):
        return None
    return Query(
        dataset.id, OPERATIONS[lookup.kind], told.measure.id, told.statistic, (Target(codes[0], target.called),), dict(asked.where),
        unit=_unit(dataset, told, frozenset()),
    )  # fmt: skip


def _parts(store: Datasets, dataset: Dataset, told: Series, free: list[str]) -> dict[str, tuple[str, ...]]:
    """The categories or elements that a question names."""
    if told.measure.kind not in {"shares", "ratings"}:
        return {}
    named = tuple(dict.fromkeys(match.value for match in store.part_words(dataset).find(free)))
    return {PART: named} if named else {}


def _unit(dataset: Dataset, told: Series, said: frozenset[str]) -> str:
    """The unit of time that comes first; where the measure has none, that of the measure that is usual."""
    measure = told.measure
    if dataset.usual and not any(unit.id for unit in measure.units):
        measure = dataset.usual.measure
    return measure.unit(said).id if measure.units else ""


def _position(scope: Scope) -> int:
    """The place in an order that "third best" asks for; 0 where none is said."""
    words = simple_words(scope.text)
    numbers = [] if "last" in words else [value for value in map(number, words) if value]
    return numbers[0] if len(numbers) == 1 else 0


def _left_out(store: Datasets, dataset: Dataset, lookup: Lookup, reading: Reading) -> tuple[str, ...]:
    """The codes of what a question names to be left out of a list, of places or of entities and their groups; none
    where something else is to be left out, or a name of it has no code: then it can't be."""
    out: dict[str, None] = {}
    for scope in reading.scoped(Scoped.LEFT_OUT):
        of_places = lookup.across == "places"
        if scope.titles if of_places else scope.places:
            return ()
        for name in scope.places or scope.titles:
            codes = _place_codes(dataset, reading, name) if of_places else _entity_codes(store, name)
            if not codes:
                return ()
            out |= dict.fromkeys(codes)
    return tuple(out)


def _place_codes(dataset: Dataset, reading: Reading, name: str) -> list[str]:
    if dataset.place is None or reading.regions is None:
        return []
    keys = reading.regions.places(parts(name), simple_words(name)).states
    return [code for key in keys if (code := dataset.place.places.code(key))]


def _entity_codes(store: Datasets, name: str) -> list[str]:
    words = simple_words(name)
    groups = [match.value for match in store.groups.find(words)]
    return groups or [code for mention in store.titles.find(words) for code in mention.codes]


def _limit(words: list[str], facets: Facets) -> int | None:
    """How many rows of a list are asked for, at most as many as can be read at once."""
    known = lists().asked.counts
    numbers = [int(number) for number in facets.numbers if len(number) <= 3] + [
        known[word] for word in words if word in known
    ]
    return next((min(number, policy().lists.most_rows) for number in numbers if number > 1), None)


def free_words(reading: Reading) -> list[str]:
    """The words of a question with stops in place of those that name a place or an entity: "new" of New York
    says nothing.
    """
    return reading.chart.without(Kind.TITLE, Kind.PLACE)


def _meant(mentions: Collection[Named], words: list[str]) -> list[Named]:
    """Without what somebody says of himself beside what he asks about."""
    if "than" in words:
        return list(mentions)  # "more than me, I'm a mechanic"
    others = [
        one
        for one in mentions
        if not lists().asked.of_oneself & set(words[max(0, one.start - 3) : one.start])
    ]
    return list(others or mentions)


def _of_amounts(words: Sequence[str], mention: Named) -> bool:
    """Whether the word behind a title places an amount: "barbers under 40k"."""
    return bool(words[mention.end : mention.end + 1]) and words[mention.end] in lists().amounts.placing


def _before(words: list[str], mention: Named, harmless: Collection[str], facets: Facets) -> str:
    """The word before a title where it may make another entity of it, else ""."""
    before = words[mention.start - 1] if mention.start else ""
    plain_rank = policy().words.beside_title
    sure = (
        (mention.end - mention.start > 1 and not _alternate(mention))
        or mention.text.isupper()
        or before.endswith(lists().asked.no_nouns)
    )
    if (
        not before
        or sure
        or before in harmless
        or english().get(before, plain_rank) < plain_rank
        or before in function_words()
        or before in lists().asked.harmless
        or before[:1].isdigit()
        or before in gazetteer().names
    ):
        return ""
    others = [(one.start, one.end) for one in facets.occupations if one is not mention]
    taken = (*facets.places.spans, *others)  # "plumber, electrician": the one makes no other of the next
    return "" if any(start < mention.start <= end for start, end in taken) else before


def _alternate(mention: Named) -> bool:
    """Whether a title is one that people seldom say: then a word before it may well make another one of it."""
    return bool(mention.mark & ALTERNATE)


def _after(words: list[str], mention: Named, usual: Collection[str], facets: Facets) -> str:
    """The word after a title where it names somebody who does something ("nurse helper"), else ""."""
    after = words[mention.end] if mention.end < len(words) else ""
    if any(one.start <= mention.end < one.end for one in facets.occupations if one is not mention):
        return ""
    return (
        after
        if after.endswith(lists().asked.doers) and after not in usual and after not in function_words()
        else ""
    )


STEM = 4
"""Letters by which words count as related: nurse and nursing."""


def _other_words(called: str, title: str) -> bool:
    """Whether a name shares no word with the title under which it is counted, and is no short form of it."""
    said, words = simple_words(called), simple_words(title)
    initials = iter(word[0] for word in words)
    short = len(said) == 1 and all(letter in initials for letter in said[0])
    stems = {plain(word)[:STEM] for word in words}
    return not short and stems.isdisjoint(plain(word)[:STEM] for word in said)


class _Titles:
    """From the titles that a question names to the entities of a data set; gathers what is clear, what may
    mean several, and what has no row."""

    def __init__(
        self, store: Datasets, dataset: Dataset, lookup: Lookup, told: Series, places: Sequence[str]
    ) -> None:
        self.store, self.dataset = store, dataset
        self.places = () if lookup.across == "places" else places
        self.classification = told.measure.of or dataset.entity.classification
        self.listed = told.measure.kind not in {"number", "text"}
        self.targets: list[Target] = []
        self.choice: Choice | None = None
        self.kinds: list[str] = []
        self.lacking: dict[str, str] = {}

    def add(self, mention: Named, before: str, after: str, alone: bool = True) -> None:
        """A title, with the words beside it that may make another one of it; ``alone``: no other title stands right
        before it ("nurse teacher")."""
        called = f"{before} {mention.text} {after}".strip()
        sense = self.store.sense(self.classification, mention)
        joined = () if sense else self.store.joined(self.classification, mention)
        of = sense.codes if sense else joined
        codes = tuple(dict.fromkeys(code for one in of for code in self._resolved(one)))
        several = bool(sense and sense.mark & 1) or bool(joined)
        beside = before or after
        if not codes:
            self.lacking.setdefault(TITLE, called)
        elif ((beside and several) or _alternate(mention)) and len(codes) >= policy().titles.most:
            self.lacking.setdefault(VAGUE, called)
        elif several and not beside and alone and self._is_group(codes[0]):
            if codes[0] not in {target.code for target in self.targets}:
                self.targets.append(
                    Target(codes[0], mention.text, self._note(mention, 0, codes[:1], codes[0], called))
                )
                self.kinds += [code for code in codes[1:] if code not in self.kinds]
        elif beside or len(codes) > 1:
            if several and codes[0] not in self.dataset.finest and not self.listed:
                codes = codes[1:]  # the group, which can't be told here
            if not several:
                codes = tuple(sorted(codes, key=lambda code: -self._size(code)))
            self.choice = self.choice or Choice(called, codes[: policy().titles.most], bool(beside))
        elif codes[0] not in {target.code for target in self.targets}:
            self.targets.append(
                Target(
                    codes[0],
                    mention.text,
                    self._note(mention, sense.mark if sense else 0, of, codes[0], called),
                )
            )

    def _is_group(self, code: str) -> bool:
        """Whether the data set has rows for a group of that code in the places that are asked for, rather than for one
        entity of the finest level."""
        rows = self.dataset.rows
        if self.listed or rows is None or not self.places or code in self.dataset.finest:
            return False
        return all(rows.of(place, code) >= 0 for place in self.places)

    def put_first(self, role: str) -> None:
        """The packs' own occupation."""
        codes = self.store.titles.exactly(role)
        if codes and (code := self.store.published(self.dataset, codes[0])):
            self.targets.insert(0, Target(code, role, self._stand_in(role, code)))

    def _resolved(self, code: str) -> tuple[str, ...]:
        """The codes under which the data set tells an entity."""
        if self.listed:
            return self.store.described(self.dataset, code, self.classification)
        row = self.store.published(self.dataset, code)
        return (row,) if row else ()

    def _note(self, mention: Named, mark: int, of: Sequence[str], code: str, called: str) -> str:
        """What has to be said of a title that is not the row's own."""
        store, dataset = self.store, self.dataset
        title = store.title(code, dataset)
        if mark & STAND_IN:
            return self._stand_in(mention.text, code)
        if not any(code in self._resolved(one) for one in of):
            return ""
        held = next(one for one in of if self._resolved(one))
        if lost := [store.title(one, dataset) for one in of if not self._resolved(one)]:
            return f"“{mention.text}” may also mean {join(lost)}, of which nothing is published here."
        if not self.listed and not held.startswith(code):
            own = store.title(held, dataset)
            return f"{own if own != held else called} are counted within a broader group."
        if mark & ALTERNATE and same_name(title) != same_name(mention.text):
            return f"“{mention.text}” is among the titles listed under {title}."
        if _other_words(mention.text, title):
            return f"“{mention.text}” is counted among {title}."
        return ""

    def _stand_in(self, called: str, code: str) -> str:
        return (
            f"The official figures have no group of their own for {called}; the nearest published one, given as a stand-in, is "
            f"{self.store.title(code, self.dataset)} ({code})."
        )

    def _size(self, code: str) -> int:
        """How many people a row counts, where the data set counts people."""
        rows = self.dataset.rows
        counted = next((measure for measure in self.dataset.measures.values() if measure.counts), None)
        if rows is None or counted is None or code not in rows.row:
            return 0
        row = rows.of(self.dataset.home, code)
        return int(rows.values[row, next(iter(counted.columns.values()))]) if row >= 0 else 0
