"""Reading a question: clean, put typing errors right, expand abbreviations, pick out facets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from chatbot.language import towns
from chatbot.language.apart import with_kinds, with_states
from chatbot.language.chart import Chart, Kind, Span, charted
from chatbot.language.facets import OWN, FacetReader, Facets, TitleFinder
from chatbot.language.forms import plural, singular
from chatbot.language.leftout import function_words
from chatbot.language.lexicon import Lexicon
from chatbot.language.marked import beginnings
from chatbot.language.normalise import clean, closing_gone, parts, simple_words, words
from chatbot.language.places import ANY_PLACE, Places, gazetteer
from chatbot.language.quantities import as_percentiles
from chatbot.language.regions import Regions, known_regions
from chatbot.language.scopes import Kind as Scoped
from chatbot.language.scopes import Scope, may_hold, scopes
from chatbot.language.spelling import Speller, Suggestions
from chatbot.language.words import either, english, lists
from chatbot.policy import policy

ANY_TITLE = "accountant"
"""The title that stands for every occupation of the packs' data when texts are matched."""


@dataclass(frozen=True)
class Reading:
    """A question as understood: ``typed`` (clean), ``text`` (corrected and expanded), ``matched`` (places
    made alike) and its facets."""

    typed: str
    text: str
    matched: str
    corrections: tuple[tuple[str, str], ...]
    facets: Facets
    alike: str | None = None
    """The text with every occupation, place and state made alike, for what is looked up by these; None where
    that is no other text."""
    regions: Regions | None = field(default=None, compare=False, repr=False)
    """The places that figures are of; None: those known everywhere."""

    figure_words: Lexicon[tuple[str, ...]] | None = None
    """The words of the packs' data that say which figure is wanted."""
    scopes: tuple[Scope, ...] = ()
    """What is named to be left out, another time, ...; of these, what names something that is not asked about is no
    part of the text."""

    @cached_property
    def of_figures(self) -> Reading:
        """The same with places as a question about figures names them, which is known of one that names an
        occupation."""
        if self.facets.occupations:
            return self
        read = replace(
            self, facets=replace(self.facets, places=_places(self.regions or known_regions(), self.text))
        )
        read.__dict__["of_figures"] = read  # it is the same of itself
        return read

    def holding(self, facets: Facets) -> Reading:
        """The same with facets that hold as they are, for questions about figures, too."""
        read = replace(self, facets=facets)
        read.__dict__["of_figures"] = read
        return read

    def scoped(self, *kinds: Scoped) -> list[Scope]:
        """The scopes of these kinds."""
        return [scope for scope in self.scopes if scope.kind in kinds]

    @cached_property
    def words(self) -> list[str]:
        """The words of the text in small letters, as the chart numbers them."""
        return simple_words(self.text)

    @cached_property
    def beginnings(self) -> frozenset[int]:
        """The numbers of the words with which a sentence, or a part of one behind a colon, begins, but for the
        first."""
        return beginnings(self.text)

    @cached_property
    def chart(self) -> Chart:
        """Which words are accounted for, places being those of the packs' figures."""
        facets = self.of_figures.facets
        titles = [(title.start, title.end) for title in facets.occupations]
        others = [
            *self.facets.spans,
            *(Span(Kind.ANY_PLACE, start, end) for start, end in self.facets.places.spans),
        ]
        return charted(self.words, titles, facets.places.spans, self.figure_words, others)


class Reader:
    """Reads questions and phrasings alike, so that both are matched in the same words."""

    def __init__(
        self,
        facets: FacetReader,
        abbreviations: Mapping[str, str],
        vocabulary: Mapping[str, int],
        known: Iterable[str] = (),
        strict: frozenset[str] = frozenset(),
        titles: TitleFinder | None = None,
        periods: Sequence[str] = (),
        regions: Regions | None = None,
        figure_words: Lexicon[tuple[str, ...]] | None = None,
        groups: Lexicon[str] | None = None,
    ) -> None:
        """``groups``: names of groups of occupations. ``periods``: of the packs' figures ("May 2025"); to name one, or its year, says nothing of what is
        asked.
        """
        self.strict = strict
        self._titles = titles
        self._figure_words = figure_words
        self._groups: Lexicon[str] = groups or Lexicon()
        self._regions = regions or known_regions()
        said = either(re.escape(text) for period in periods for text in (period, *period.split()[-1:]))
        before = either(lists().questions.before_period)
        self._period = re.compile(rf"(?:\b{before} )?(?<!\w){said}(?!\w)", re.I) if periods else None
        self._facets = facets
        self.facets = facets.read
        self._abbreviations = {_key(short): full for short, full in abbreviations.items()}
        self._speller = Speller(vocabulary)
        self._known: Lexicon[str] = Lexicon((word, word) for word in known)

    def read(self, typed: str) -> Reading:
        """The likeliest reading of one question; ``typed`` may hold anything."""
        return self.readings(typed)[0]

    def readings(self, typed: str) -> list[Reading]:
        """The likeliest reading first, then those in which one misspelt word is taken for another (at most
        two)."""
        text = clean(typed)
        found = self._misspelt(text)
        best = {word: choices[0] for word, choices in found.items()}
        others = [best | {word: choice} for word, choices in found.items() for choice in choices[1:]]
        return [
            self._reading(text, corrections) for corrections in [best, *others[: policy().reading.others]]
        ]

    def _reading(self, text: str, corrections: dict[str, str]) -> Reading:
        corrected = text
        for wrong, right in corrections.items():
            corrected = re.sub(rf"(?<!\w){re.escape(wrong)}(?!\w)", right, corrected)
        corrected = with_states(closing_gone(corrected), self._regions.stated)
        if self._titles:
            corrected = with_kinds(
                corrected, self._is_title, self._titled(corrected) if "," in corrected else ()
            )
        expanded = as_percentiles(self._expanded(corrected))
        facets = self.facets(expanded)
        expanded, held = self._scoped(expanded, facets)
        if held:
            facets = self.facets(expanded)
        alike = None
        if facets.occupations:
            alike = self.alike(expanded, facets)
        elif (
            self._titles
            and not facets.own_role
            and (
                (of := _places(self._regions, expanded, whole=False)).states
                or of.cities != facets.places.cities
            )
        ):
            alike = self.alike(expanded)
        matched = self.match_text(expanded)
        return Reading(
            text,
            expanded,
            matched,
            tuple(corrections.items()),
            facets,
            alike,
            self._regions,
            self._figure_words,
            held,
        )

    def _titled(self, text: str) -> list[tuple[int, int]]:
        """The ranges of words of a text that are titles."""
        tokens = parts(text)
        return [
            (one.start, one.end) for one in self._facets.titled([token.lower() for token in tokens], tokens)
        ]

    def _is_title(self, text: str) -> bool:
        return bool(self._titles and self._titles.exactly(text))

    def _scoped(self, text: str, facets: Facets) -> tuple[str, tuple[Scope, ...]]:
        """The text without what is named to be left out, and the scopes in it."""
        if not may_hold(text, words := simple_words(text)):
            return text, ()
        if facets.places.cities and not facets.occupations:
            return text, ()  # "Munich, not Germany": tables tell a city apart from its country
        titles = {(one.start, one.end) for one in facets.occupations}
        roles = {(span.start, span.end) for span in facets.spans if span.names == (OWN,)}
        roles |= {(match.start, match.end) for match in self._groups.find(words)}
        places = facets.places if facets.occupations else _places(self._regions, text)
        named = [(start, end) for start, end in places.spans if not _is_of_all(words[start:end])]
        return scopes(text, words, titles, roles, named)

    def match_text(self, expanded: str) -> str:
        """The text that is matched: every country and city becomes the same one, so that a place decides
        which figure, not which question."""
        return gazetteer().alike(expanded)

    def alike(self, expanded: str, facets: Facets | None = None) -> str:
        """The text that is matched with ways of looking something up by occupation: every occupation and
        every state becomes the same, too.

        ``facets``: those of the text, where they are known.
        """
        text = self._period.sub("", expanded) if self._period else expanded
        tokens = parts(text)
        known = facets if facets and text == expanded else None
        titled = [
            (one.start, one.end)
            for one in (
                known.occupations if known else self._facets.titled([t.lower() for t in tokens], tokens)
            )
        ]
        places = (
            known.places
            if known
            else self._regions.places(tokens, [token.lower() for token in tokens], titled, bool(titled))
        )
        alike = {start: ANY_TITLE for start, _ in titled} | {start: ANY_PLACE for start, _ in places.spans}
        gone = {i for start, end in (*titled, *places.spans) for i in range(start, end)}
        return " ".join(alike.get(i, token) for i, token in enumerate(tokens) if i in alike or i not in gone)

    def _expanded(self, text: str) -> str:
        """A text with its abbreviations written out; where that names no career of the packs, but for those in a longer name
        of an occupation: "repo agent"."""
        full = self.expand(text)
        if full == text or not self._titles:
            return full
        facets = self.facets(full)
        if facets.own_role or facets.careers:
            return full
        tokens = parts(text)
        titled = self._facets.titled([token.lower() for token in tokens], tokens)
        named = {token for one in titled if one.end > one.start + 1 for token in tokens[one.start : one.end]}
        return self.expand(text, named) if named else full

    def expand(self, text: str, but: Collection[str] = ()) -> str:
        """Abbreviations written out, whatever their case and dots, but for some words; words of plain English only when
        in capitals."""

        def full(match: re.Match[str]) -> str:
            word = match.group()
            if word in but:
                return word
            key = _key(word)
            if key in self._abbreviations:
                return self._abbreviations[key]
            expansion = self._abbreviations.get(singular(key))
            return word if expansion is None else plural(expansion)

        return re.sub(r"(?<![\w'])(?:(?:[^\W_]\.){2,}|[^\W_](?:[\w.&+]*[\w+])?)", full, text)

    def drop(self, text: str, facet: str) -> str:
        """A text without the words by which one facet is named."""
        return self._facets.drop(text, facet)

    def opposites(self, facet: str) -> dict[str, str]:
        """The two opposite values of a facet, each with the other; empty where it has none."""
        return self._facets.opposites(facet)

    def _misspelt(self, text: str) -> dict[str, tuple[str, ...]]:
        """Words that are none, with what was probably meant."""
        found: dict[str, tuple[str, ...]] = {}
        for word in dict.fromkeys(words(text)):
            low = word.lower()
            if _key(word) in self._abbreviations or self._is_place(low) or low in self._known:
                continue
            if self._titles and self._titles.knows(low):
                continue
            if word.isupper() and len(word) <= policy().spelling.capitals:
                continue
            suggested = self._speller.suggest(low)
            short = len(low) <= policy().spelling.short
            if short and suggested.likely and _key(suggested.likely[0]) in self._abbreviations:
                continue  # letters are no slip for other letters: "ipc" is not "IaC"
            if suggested.likely and low not in _named_places(text) and not towns.may_be(word):
                beside = self._part_of_a_name(simple_words(text), low, suggested)
                found[word] = beside or suggested.likely
        return found

    def _part_of_a_name(self, low: list[str], word: str, suggested: Suggestions) -> tuple[str, ...]:
        """What a misspelt word is as part of a title, or of a place's name, of several words: that counts before a
        shorter name beside it."""
        if word not in low:
            return ()
        at = low.index(word)
        near = policy().spelling.beside
        before, behind = low[max(0, at - near) : at], low[at + 1 : at + 1 + near]
        at = len(before)
        if self._facets.names_own_role([*before, suggested.likely[0], *behind], at):
            return ()
        for candidate in suggested.every:
            written = [*before, candidate, *behind]
            named = [(one.start, one.end) for one in self._facets.titled(written)] if self._titles else []
            named += self._regions.places(written, written).spans
            if any(start <= at < end and end - start > 1 for start, end in named):
                return (candidate,)
        return ()

    @staticmethod
    def _is_place(word: str) -> bool:
        return word in gazetteer().names and word not in english()


def _places(regions: Regions, text: str, whole: bool = True) -> Places:
    tokens = parts(text)
    return regions.places(tokens, [token.lower() for token in tokens], whole=whole)


def _is_of_all(words: list[str]) -> bool:
    """Whether a name of a country only speaks of its states: "the states", "all states"."""
    return words[-1] in lists().changes.states and len(words) <= 2 and words[0] in function_words()


def _named_places(text: str) -> frozenset[str]:
    """The words, in small letters, of places that are named by several words: none of them is a typing error."""
    tokens = parts(text)
    low = [token.lower() for token in tokens]
    spans = [
        *gazetteer().find(tokens, low, every=True).spans,
        *((one.start, one.end) for one in towns.found(low)),
    ]
    return frozenset(word for start, end in spans if end - start > 1 for word in low[start:end])


def _key(short: str) -> str:
    return short.lower().replace(".", "").replace("'", "")
