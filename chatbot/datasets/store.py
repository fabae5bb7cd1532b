"""All data sets of all packs, side by side: their titles by classification, and the words by which questions
ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from chatbot.datasets import names as titles_
from chatbot.datasets.model import Dataset
from chatbot.datasets.names import ALTERNATE, AMBIGUOUS, GROUP, STAND_IN, Finder, Sense, Titles
from chatbot.errors import Finding, KnowledgeError
from chatbot.knowledge.model import Entry, Pack
from chatbot.language.lexicon import Lexicon
from chatbot.language.normalise import simple_words
from chatbot.language.regions import Regions

if TYPE_CHECKING:
    from chatbot.datasets.reading import Read


@dataclass(frozen=True, slots=True)
class Names:
    """How the entities of a classification are named.

    ``official``: titles by code. ``broader``: codes held by others. ``groups``: codes by everyday name.
    ``meant``: everyday and official titles with their code, which a description is compared with.
    """

    official: Mapping[str, str] = field(default_factory=dict)
    broader: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    meant: tuple[tuple[str, str], ...] = ()


class Spoken(Struct, frozen=True):
    """How the data sets together are spoken of; ``country`` and ``period`` are those of the first that has
    figures."""

    words: Mapping[str, tuple[str, ...]]
    beyond: Mapping[str, tuple[str, ...]]
    modifiers: tuple[str, ...]
    period: str
    country: str


@dataclass(frozen=True)
class Datasets:
    """The data sets, the titles and names of each classification; immutable, so threads share it."""

    datasets: tuple[Dataset, ...]
    by_classification: Mapping[str, Titles]
    names_of: Mapping[str, Names]

    # as one, for what does not depend on a data set

    @cached_property
    def main(self) -> Dataset:
        """The first data set with figures, else the first."""
        return next((dataset for dataset in self.datasets if dataset.rows is not None), self.datasets[0])

    @cached_property
    def spec(self) -> Spoken:
        """The words of all data sets."""
        words: dict[str, tuple[str, ...]] = {}
        beyond: dict[str, tuple[str, ...]] = {}
        for dataset in self.datasets:
            for name, listed in dataset.words.items():
                words[name] = tuple(dict.fromkeys((*words.get(name, ()), *listed)))
            for name, listed in dataset.beyond.items():
                beyond[name] = tuple(dict.fromkeys((*beyond.get(name, ()), *listed)))
        modifiers = tuple(dict.fromkeys(word for dataset in self.datasets for word in dataset.modifiers))
        return Spoken(words, beyond, modifiers, self.main.period, self.main.home)

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The periods of all data sets."""
        return tuple(dict.fromkeys(dataset.period for dataset in self.datasets if dataset.period))

    @cached_property
    def titles(self) -> Finder:
        """Finds titles in questions."""
        return Finder(self.by_classification)

    @cached_property
    def regions(self) -> Regions:
        """Finds the places of the data sets in questions."""
        sets = {id(dataset.place.places): dataset.place.places for dataset in self.datasets if dataset.place}
        return Regions(sets.values())

    @cached_property
    def homes(self) -> frozenset[str]:
        """The countries that there are data of, with the parts that have country codes of their own."""
        places = [dataset.place for dataset in self.datasets if dataset.place]
        return frozenset(
            [
                *(place.home for place in places),
                *(code for place in places for code in place.places.countries),
            ]
        )

    @cached_property
    def words(self) -> Lexicon[tuple[str, ...]]:
        """The words by which a question says which figure it wants."""
        return _lexicon(self.spec.words)

    @cached_property
    def groups(self) -> Lexicon[str]:
        """The names of groups of occupations."""
        return Lexicon(pair for names in self.names_of.values() for pair in names.groups.items())

    @cached_property
    def meant(self) -> tuple[tuple[str, str], ...]:
        """Everyday and official titles with their codes."""
        return tuple(pair for names in self.names_of.values() for pair in names.meant)

    @property
    def has_figures(self) -> bool:
        """Whether any data set has figures in rows."""
        return any(dataset.rows is not None for dataset in self.datasets)

    def title(self, code: str, dataset: Dataset | None = None) -> str:
        """The official title of a code; of the data set's own classification before others, where one is
        given."""
        if dataset and (title := dataset.row_title(code)):
            return title
        own = dataset.entity.classification if dataset else ""
        ordered = (
            sorted(self.datasets, key=lambda other: other.entity.classification != own)
            if dataset
            else self.datasets
        )
        titles = (title for other in ordered if (title := other.row_title(code)))
        listed = (names.official[code] for names in self.names_of.values() if code in names.official)
        return next(titles, None) or next(listed, code)

    def shown(self, key: str) -> str:
        """A place by its key as a sentence names it."""
        return self.regions.shown(key)

    # of one data set

    @cached_property
    def _by_id(self) -> Mapping[str, Dataset]:
        return {dataset.id: dataset for dataset in self.datasets}

    def of(self, entry: Entry) -> Dataset:
        """The data set of a lookup."""
        assert entry.lookup
        return self._by_id[entry.lookup.dataset]

    def names(self, dataset: Dataset) -> Names:
        """How the entities of a data set are named."""
        return self.names_of[dataset.entity.classification]

    def figure_words(self, dataset: Dataset) -> Lexicon[tuple[str, ...]]:
        """The words of one data set."""
        return self.words if len(self.datasets) == 1 else self._lexicons[dataset.id][0]

    def beyond_words(self, dataset: Dataset) -> Lexicon[str]:
        """The words that ask for what a data set does not hold, with the intent that says so."""
        return self._lexicons[dataset.id][1]

    @cached_property
    def _lexicons(self) -> Mapping[str, tuple[Lexicon[tuple[str, ...]], Lexicon[str]]]:
        return {
            dataset.id: (
                _lexicon(dataset.words),
                Lexicon((word, name) for name, listed in dataset.beyond.items() for word in listed),
            )
            for dataset in self.datasets
        }

    def part_words(self, dataset: Dataset) -> Lexicon[str]:
        """The categories and elements of a data set, as questions name them."""
        return self._part_lexicons[dataset.id]

    @cached_property
    def _part_lexicons(self) -> Mapping[str, Lexicon[str]]:
        return {
            d.id: Lexicon((" ".join(simple_words(label)), label) for label in d.parts.labels)
            for d in self.datasets
        }

    @staticmethod
    def sense(classification: str, mention: Any) -> Sense | None:
        """What a mention means in a classification."""
        senses: tuple[Sense, ...] = getattr(mention, "senses", ())
        if not senses:
            return Sense(classification, mention.codes, mention.mark)
        return next((sense for sense in senses if sense.classification == classification), None)

    def published(self, dataset: Dataset, code: str) -> str | None:
        """The code of the row that holds an entity: its own, the one that it is a part of, or the broader one
        named for it."""
        family = self._family(dataset)
        base = code[:family]
        candidates = [
            code,
            base,
            self.names(dataset).broader.get(base, ""),
            *([f"{base[:-1]}0"] if family else []),
        ]
        return next((candidate for candidate in candidates if dataset.has_row(candidate)), None)

    def described(self, dataset: Dataset, code: str, classification: str = "") -> tuple[str, ...]:
        """The codes under which there are lists about an entity: its own, else those of the parts that it is
        made of.

        ``classification``: of the code, where it is not the data set's own.
        """
        known = self._listed_codes[dataset.id]
        if classification not in {"", dataset.entity.classification}:
            return next(
                ((base,) for base in (code, code[: self._families.get(classification)]) if base in known), ()
            )
        family = self._family(dataset)
        if family is None:
            return (code,) if code in known else ()
        if code in known and len(code) != family:
            return (code,)
        own = known.get(code[:family], ())
        if f"{code[:family]}.00" in own:
            return (f"{code[:family]}.00",)
        parts = [part for part, whole in self.names(dataset).broader.items() if whole == code]
        return own or tuple(finer for part in parts for finer in known.get(part, ()) if finer.endswith(".00"))

    def _family(self, dataset: Dataset) -> int | None:
        """How many characters of a code name its family, as any data set of the classification says."""
        return self._families.get(dataset.entity.classification)

    @cached_property
    def _families(self) -> Mapping[str, int]:
        return {d.entity.classification: d.entity.family for d in self.datasets if d.entity.family}

    @cached_property
    def _listed_codes(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Codes under which a data set has lists, by themselves and by their family."""
        out: dict[str, dict[str, tuple[str, ...]]] = {}
        for dataset in self.datasets:
            family = self._family(dataset)
            known = out.setdefault(dataset.id, {})
            for code in dict.fromkeys((*dataset.texts.codes, *dataset.parts.codes)):
                known[code] = (code,)
                if family and code != code[:family]:
                    known[code[:family]] = (*known.get(code[:family], ()), code)
        return out

    @cached_property
    def _crossings(self) -> Mapping[str, tuple[str, ...]]:
        """The crosswalks between classifications, by the two: the data sets that hold them."""
        out: dict[str, tuple[str, ...]] = {}
        for dataset in self.datasets:
            for crosswalk in dataset.crosswalks:
                for pair in (
                    f"{dataset.entity.classification} {crosswalk.classification}",
                    f"{crosswalk.classification} {dataset.entity.classification}",
                ):
                    out[pair] = (*out.get(pair, ()), dataset.id)
        return out

    def joined(self, classification: str, mention: Any) -> tuple[str, ...]:
        """The codes of a classification that a crosswalk leads to from what a mention means in another one."""
        codes: dict[str, None] = {}
        for sense in getattr(mention, "senses", ()):
            for holder_id in self._crossings.get(f"{sense.classification} {classification}", ()):
                holder = self._by_id[holder_id]
                for crosswalk in holder.crosswalks:
                    ahead = holder.entity.classification == sense.classification
                    kind = crosswalk.there if ahead else crosswalk.back
                    for code in sense.codes:
                        codes |= dict.fromkeys(holder.texts.of(kind, code))
        return tuple(codes)


def _lexicon(words: Mapping[str, Sequence[str]]) -> Lexicon[tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for name, listed in words.items():
        for word in listed:
            names[word.lower()] = (*names.get(word.lower(), ()), name)
    return Lexicon(names.items())


def load_datasets(packs: Sequence[Pack], findings: list[Finding] | None = None) -> Datasets | None:
    """The data sets of the packs; None where there is none. Faults are added to ``findings``, else raised as
    ``KnowledgeError``."""
    from chatbot.datasets.reading import read_dataset

    declared = [(pack.id, one) for pack in packs for one in pack.datasets]
    if not declared:
        return None
    read = [read_dataset(pack, one) for pack, one in declared]
    faults = [finding for one in read for finding in one.findings]
    if not faults:
        faults = _without_titles(declared, read)
    if findings is not None:
        findings += faults
    elif faults:
        raise KnowledgeError(faults)
    return None if faults else _joined(read)


def _without_titles(declared: Sequence[tuple[str, Any]], read: Sequence[Read]) -> list[Finding]:
    """Data sets whose entities nothing names."""
    named = {
        one.dataset.entity.classification
        for one in read
        if one.dataset and (one.own or one.listed or one.dataset.rows)
    }
    out: list[Finding] = []
    for (_, of), one in zip(declared, read, strict=True):
        if one.dataset and one.dataset.entity.classification not in named:
            message = "entity: no data set that is loaded has titles of this classification: name a file under `titles`"
            out.append(Finding(of.file, 1, 1, message, "data-file"))
    return out


def _joined(read: Sequence[Read]) -> Datasets:
    groups: dict[str, list[Read]] = {}
    for one in read:
        assert one.dataset
        groups.setdefault(one.dataset.entity.classification, []).append(one)
    datasets = tuple(one.dataset for one in read if one.dataset)
    titles = {name: titles_.made(_listed(group)) for name, group in groups.items()}
    return Datasets(datasets, titles, {name: _names(group) for name, group in groups.items()})


def _names(group: Sequence[Read]) -> Names:
    official: dict[str, str] = {}
    for one in group:
        for code, title in one.listed:
            official.setdefault(code, title)  # the first title of a code is its own
    owns = [one.own for one in group if one.own]
    meant = [(title, code) for code, title in _levelled(group)]
    meant += [(title, code) for own in owns for code, listed in own.titles.items() for title in listed]
    return Names(
        official,
        {code: whole for own in owns for code, whole in own.broader.items()},
        {name: code for own in owns for code, listed in own.groups.items() for name in listed},
        tuple(dict.fromkeys(meant)),
    )


def _levelled(group: Sequence[Read], level: int = -1) -> list[tuple[str, str]]:
    """Codes and titles of a level, by its number, of all data sets with rows; each code once."""
    out: dict[str, str] = {}
    for one in group:
        assert one.dataset
        rows, levels = one.dataset.rows, one.dataset.entity.levels
        if rows is None or not -len(levels or ("",)) <= level:
            continue
        finest = set(one.dataset.finest) if level == -1 else set()
        for code, title, its in zip(rows.codes, rows.titles, rows.levels, strict=True):
            if code in finest if level == -1 else levels and its == levels[level]:
                out.setdefault(code, title)
    return list(out.items())


def _listed(group: Sequence[Read]) -> list[tuple[str, Sequence[str], int]]:
    """Titles, those first that say what a title means."""
    depth = max((len(one.dataset.entity.levels) for one in group if one.dataset), default=0)
    out: list[tuple[str, Sequence[str], int]] = [(title, (code,), 0) for code, title in _levelled(group)]
    for level in range(-1, -max(depth, 1) - 1, -1):
        out += [(code, (code,), 0) for code, _ in _levelled(group, level)]
    for one in group:
        if own := one.own:
            out += [(title, (code,), 0) for code, listed in own.titles.items() for title in listed]
            out += [(title, (), 0) for title in own.unlisted]
            out += [(title, codes, AMBIGUOUS) for title, codes in own.ambiguous.items()]
            out += [(title, (code,), STAND_IN) for title, code in own.stand_ins.items()]
    for level in range(-2, -depth, -1):
        out += [(title, (code,), GROUP) for code, title in _levelled(group, level)]
    out += [(title, (code,), ALTERNATE) for one in group for code, title in one.listed]
    return out
