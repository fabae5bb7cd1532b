"""What a question is about, besides its topic: place, level, degree, residency, other occupations and fields,
negation."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from chatbot.language import towns
from chatbot.language.amounts import ends_amount
from chatbot.language.chart import Kind, Span
from chatbot.language.forms import singular
from chatbot.language.lexicon import Lexicon, Match
from chatbot.language.normalise import parts, simple_words
from chatbot.language.places import Places, gazetteer
from chatbot.language.regions import Regions, known_regions
from chatbot.language.words import either, lists

NO_VALUE = "none"
"""The value of phrases that only look as if they named a facet (\"pay off\")."""
ORGANISATION = "organisation"
OWN = "own"
"""The name of a span that names the packs' own role."""
OPPOSITES = {"residency", "side"}
"""Facets whose first two values are each other's opposite."""
_BESIDE_TITLES = {ORGANISATION, "asks"}
"""Facets whose words are none within the name of an occupation."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_HOUR = re.compile(r"\b(\d{1,2})(?:[:.]\d\d)?\s*([AP]M)\b|\b(\d{1,2}):\d\d\b|\b(\d{1,2})\s*o'?clock\b", re.I)


class Named(Protocol):
    """An occupation named by the words ``start`` to ``end`` (not included), with the codes that it may mean."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def codes(self) -> tuple[str, ...]: ...
    @property
    def mark(self) -> int: ...
    @property
    def several(self) -> bool: ...


class TitleFinder(Protocol):
    """Finds occupations by their titles in words in small letters, outside of the stretches taken."""

    def find(
        self,
        words: Sequence[str],
        taken: Iterable[tuple[int, int]] = (),
        others: Collection[str] = (),
        own: bool = False,
    ) -> Sequence[Named]: ...
    def knows(self, word: str) -> bool: ...
    def exactly(self, title: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Facets:
    """Facet values in the order they are named, each once. ``subjects`` are other occupations or fields that
    are asked about.

    ``occupations`` are those that the packs' data knows by title.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    roles: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    backgrounds: tuple[str, ...] = ()
    own_role: bool = False
    negated: bool = False
    comparison: bool = False
    numbers: tuple[str, ...] = ()
    occupations: tuple[Named, ...] = ()
    spans: tuple[Span, ...] = field(default=(), compare=False)
    """Where facets and roles are named, for the chart."""
    careers: tuple[str, ...] = ()
    """The packs whose career, or field, is named."""
    fields: tuple[str, ...] = ()
    """Neighbouring fields that are named, such as electrical engineering; the packs list them as their own terms."""
    own_subjects: frozenset[str] = frozenset()
    """Words that name what single entries are about."""

    def get(self, facet: str) -> tuple[str, ...]:
        """The values of one facet; ``country`` includes the countries of the cities and states that are
        named."""
        if facet != "country":
            return self.values.get(facet, ())
        named = list(self.places.countries)
        named += [city.code for city in self.places.cities]
        named += [gazetteer().home_of(state) for state in self.places.states]
        return tuple(dict.fromkeys(named))

    def to_dict(self) -> dict[str, object]:
        """For ``Reply.facets``: one value as text, several as a list."""
        out: dict[str, object] = {}
        everything = dict(self.values)
        everything["country"] = self.get("country")
        everything["state"] = self.places.states
        everything["city"] = tuple(city.shown for city in self.places.cities)
        everything["currency"] = self.places.currencies
        everything["other_role"] = self.subjects
        everything["background"] = self.backgrounds
        for name, values in everything.items():
            if values:
                out[name] = values[0] if len(values) == 1 else list(values)
        out |= {"role": self.roles[0]} if self.roles else {}
        out |= {"negated": True} if self.negated else {}
        out |= {"comparison": True} if self.comparison else {}
        return out


class FacetReader:
    """Finds facets by the words that the knowledge's authors list and by the gazetteer."""

    def __init__(
        self,
        facets: Mapping[str, Mapping[str, Sequence[str]]],
        roles: Iterable[tuple[str, str]],
        own_terms: Iterable[str],
        others: Iterable[str],
        titles: TitleFinder | None = None,
        plain_words: Collection[str] = (),
        regions: Regions | None = None,
        careers: Iterable[tuple[str, str]] = (),
        own_subjects: Iterable[str] = (),
    ) -> None:
        """``careers``: words that name a career or its field, each with its pack. ``own_subjects``: words that name
        what single entries are about. ``plain_words``: those that packs use in another sense than as a title. ``regions``: the places
        that figures are of."""
        self._titles = titles
        self._regions = regions or known_regions()
        self._plain_words = plain_words
        self._words: dict[str, Lexicon[str]] = {}
        self._values = facets
        for facet, values in facets.items():
            self._words[facet] = Lexicon((word, value) for value, listed in values.items() for word in listed)
        self._roles: Lexicon[tuple[str, str]] = Lexicon((name, ("own", role)) for name, role in roles)
        self._careers = Lexicon(careers)
        self._own_subjects = Lexicon((word, word) for word in own_subjects)
        for term in own_terms:
            self._roles.add(term, ("related", term))
        for term in others:
            self._roles.add(term, ("other", term))

    def read(self, text: str) -> Facets:
        """The facets of a (cleaned, spelling-corrected, expanded) question."""
        tokens = parts(text)
        words = [token.lower() for token in tokens]
        titled = self.titled(words, tokens)
        places = self.places(tokens, words, titled)
        values: dict[str, tuple[str, ...]] = {}
        inside = {i for one in titled for i in range(one.start, one.end)}
        # an Uber driver need not work for Uber, nor does who asks for cost estimators ask for a price
        without_titles = ["" if i in inside else word for i, word in enumerate(words)]
        inside |= {i for start, end in places.spans for i in range(start, end)}
        nor_places = ["" if i in inside else word for i, word in enumerate(words)]  # nor does the Big Apple
        forms = {*words, *map(singular, words)}
        spans: list[Span] = []
        for facet, lexicon in self._words.items():
            if not lexicon.may_find(forms):
                continue
            free = (
                nor_places if facet == ORGANISATION else without_titles if facet in _BESIDE_TITLES else words
            )
            matches = lexicon.find(free)
            spans += [Span(Kind.FACET, match.start, match.end, (facet,)) for match in matches]
            if found := tuple(dict.fromkeys(match.value for match in matches if match.value != NO_VALUE)):
                values[facet] = found
        if hours := _clock(text):
            values["clock"] = hours
        named = self._named(words, titled)
        spans += [Span(Kind.ROLE, match.start, match.end, (match.value[0],)) for match in named]
        roles, subjects, backgrounds = _occupations(words, named)
        if subjects and self._only_told(text):
            subjects, backgrounds = (), tuple(dict.fromkeys((*backgrounds, *subjects)))
        return Facets(
            values=values,
            places=places,
            roles=roles,
            subjects=subjects,
            backgrounds=backgrounds,
            own_role=bool(roles),
            negated=any(word in lists().facets.negations or word.endswith("n't") for word in words),
            comparison=bool(_comparison().search(text)),
            numbers=tuple(word for word in words if word.isdecimal()),
            occupations=titled,
            spans=tuple(spans),
            fields=tuple(
                dict.fromkeys(
                    match.value[1] for match in self._roles.find(words) if match.value[0] == "related"
                )
            ),
            careers=tuple(dict.fromkeys(match.value for match in self._careers.find(words))),
            own_subjects=frozenset(match.value for match in self._own_subjects.find(words)),
        )

    def places(self, tokens: list[str], words: list[str], titled: Sequence[Named]) -> Places:
        """Places as the gazetteer finds them; where an occupation of the data is named, as a question about
        figures names them."""
        return (
            self._regions.places(tokens, words, [(one.start, one.end) for one in titled])
            if titled
            else gazetteer().find(tokens, words)
        )

    def titled(self, words: list[str], tokens: list[str] | None = None) -> tuple[Named, ...]:
        """The occupations that are named by a title of the packs' data; what names the packs' own subject is
        none of them."""
        if self._titles is None:
            return ()
        listed = self._roles.find(words)
        own = [(match.start, match.end) for match in listed if match.value[0] == "own"]
        related = [(match.start, match.end) for match in listed if match.value[0] == "related"]
        named = self._titles.find(words, own + _counties(words), self._plain_words, bool(own))
        found = self._regions.find(tokens or words, words)
        states = {start for _, start, end in found if end - start == 1}
        # PA is a title, too; where a state is named beside it, and nobody else, it is one
        lone = len(found) > 1 and len(named) == 1
        apart = [one for one in named if lone or one.end - one.start > 1 or one.start not in states]
        # the nursing of "nursing homes" names nobody, but the administrator of one does
        wider = self._regions.divisions(words)
        apart = [one for one in apart if not any(s <= one.start and one.end <= e for s, e in wider)]
        # "an engineer" may be any, where it is asked what one earns, or how many there are
        known = lists().facets
        asks = not (known.pay.isdisjoint(words) and known.of_figures.isdisjoint(words))
        figures = not own and (asks or any(map(ends_amount, words)))
        lone_name = len(apart) == 1 and not own and _only_named(words, apart[0])
        return tuple(
            one
            for one in apart
            if lone_name
            or (figures and one.several)
            or not any(s <= one.start and one.end <= e for s, e in related)
        )

    def names_own_role(self, words: list[str], at: int) -> bool:
        """Whether a word is part of a name of the packs' own role."""
        return any(
            match.start <= at < match.end for match in self._roles.find(words) if match.value[0] == OWN
        )

    def _only_told(self, text: str) -> bool:
        """Whether other occupations stand only in the story before a question that names the packs' own
        subject."""
        sentences = [sentence for sentence in _SENTENCE.split(text) if sentence]
        asked = next((sentence for sentence in reversed(sentences) if sentence.endswith("?")), sentences[-1])
        if len(sentences) < 2:
            return False
        words = simple_words(asked)
        _, subjects, _ = _occupations(words, self._named(words, self.titled(words)))
        return not subjects and any(match.value[0] != "other" for match in self._roles.find(words))

    def drop(self, text: str, facet: str) -> str:
        """The text without the words by which one facet (or ``country``) is named; as it is where none is."""
        tokens = parts(text)
        words = [token.lower() for token in tokens]
        spans = (
            [(match.start, match.end) for match in self._words[facet].find(words)]
            if facet in self._words
            else []
        )
        if facet == "country":
            spans = list(gazetteer().find(tokens, words).spans)
        named = {i for start, end in spans for i in range(start, end)}
        return " ".join(token for i, token in enumerate(tokens) if i not in named) if named else text

    def opposites(self, facet: str) -> dict[str, str]:
        """The two values of a facet that has (first of all) two, each with the other: what a bare "and if
        not?" turns round.
        """
        first = list(self._values.get(facet, ()))[:2]
        return {first[0]: first[1], first[1]: first[0]} if len(first) == 2 and facet in OPPOSITES else {}

    def _named(self, words: list[str], titled: Sequence[Named]) -> list[Match[tuple[str, str]]]:
        """The names listed, and the titles beside them."""
        kin = lists().facets.kin
        found = [
            match
            for match in self._roles.find(words)
            if not (match.start > 1 and words[match.start - 1] == "in" and words[match.start - 2] in kin)
        ]
        wider = [
            m
            for m in found
            if not any(
                one.start <= m.start and m.end <= one.end and one.end - one.start > m.end - m.start
                for one in titled
            )
        ]
        apart = [
            one
            for one in titled
            if not any(one.start < match.end and match.start < one.end for match in wider)
        ]
        return sorted(
            [*wider, *(Match(("other", one.text), one.start, one.end) for one in apart)],
            key=lambda match: match.start,
        )


def _only_named(words: Sequence[str], one: Named) -> bool:
    """Whether words say nothing but a name: "engineer", "tell me about data scientists"."""
    return {*words[: one.start], *words[one.end :]} <= lists().glance.words | lists().glance.wishing


def _counties(words: list[str]) -> list[tuple[int, int]]:
    """Where a county is named that is called like a trade: Cook County."""
    ends = [i for i, word in enumerate(words) if i and word in lists().asked.counties]
    return [(i - 1, i + 1) for i in ends if towns.town(" ".join(words[i - 1 : i + 1]))]


def _occupations(
    words: list[str], named: Iterable[Match[tuple[str, str]]]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The packs' own roles, what else is asked about, and what is somebody's background."""
    roles: dict[str, None] = {}
    subjects: dict[str, None] = {}
    backgrounds: dict[str, None] = {}
    said = lists().facets
    background_end = -9  # "with nurses and doctors": what is joined to a background is one too
    for match in named:
        kind, name = match.value
        before = [word for word in words[max(0, match.start - 3) : match.start] if word not in said.articles]
        if kind == "own":
            roles[name] = None
        elif kind == "related":
            continue
        elif (before and before[-1] in said.background) or match.start - background_end in {0, 1}:
            backgrounds[name] = None
            background_end = match.end
        else:
            subjects[name] = None
    return tuple(roles), tuple(subjects), tuple(backgrounds)


@cache
def _comparison() -> re.Pattern[str]:
    """What says that things are compared."""
    said = lists().facets
    ahead = rf"{either(said.comparatives)}\b.{{0,40}}\b{either(said.comparative_joins)}"
    return re.compile(rf"^compare\b|\b(?:{either(said.comparing)}|{ahead})\b", re.I)


def _clock(text: str) -> tuple[str, ...]:
    """The hours that a text names, 0 to 23; "3 o'clock" may be either half of the day."""
    hours: dict[str, None] = {}
    for match in _HOUR.finditer(text):
        hour = int(match[1] or match[3] or match[4])
        half = (match[2] or "").upper()
        if hour > 23 or (half and not 1 <= hour <= 12):
            continue
        if half:
            hours[str(hour % 12 + (12 if half == "PM" else 0))] = None
        elif match[3]:
            hours[str(hour)] = None
        else:
            hours |= {str(hour % 12): None, str(hour % 12 + 12): None}
    return tuple(hours)
