"""Countries, states, cities and currencies in a question; the names are in resources/places.tsv and
resources/places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from chatbot.language.leftout import function_words
from chatbot.language.lexicon import Lexicon
from chatbot.language.normalise import parts
from chatbot.language.placenames import shipped_places
from chatbot.language.words import lists
from chatbot.paths import data_file

ANY_PLACE = "Germany"
"""The name that stands for every country and city when texts are matched."""
_BEFORE_PLACE = {"in", "from", "at", "near", "to", "for", "around", "of"}
_NOT_THE_COUNTRY = {
    "tell",
    "give",
    "show",
    "help",
    "ask",
    "for",
    "of",
    "with",
    "let",
    "to",
    "most",
    "all",
    "both",
    "teach",
}
_UPPER_ONLY = {"polish", "turkey", "chad", "guinea", "jersey", "georgia", "jordan", "reunion"}


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name's meaning: kind (country, state, city, currency, region), code, the name as shown, and whether it is
    also a word."""

    kind: str
    code: str
    shown: str
    weak: bool = False


class Placed(NamedTuple):
    """A town or county that is named: how it is shown, the key of the place that figures are of, and its state's."""

    shown: str
    key: str
    state: str


class Doubtful(NamedTuple):
    """A name that towns of several states have, none of them much larger: how it is shown, and the keys of their
    places."""

    shown: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """What a question says about places: codes in the order they are named, each once."""

    countries: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    cities: tuple[PlaceName, ...] = ()
    currencies: tuple[str, ...] = ()
    regions: tuple[PlaceName, ...] = ()
    """Parts of a country or of the world; the code is that of the country, or ""."""
    spans: tuple[tuple[int, int], ...] = ()
    named: tuple[tuple[int, int], ...] = ()
    towns: tuple[Placed, ...] = ()
    """The towns whose places are among the states."""
    doubtful: tuple[Doubtful, ...] = ()


class Gazetteer:
    """The names of places, looked up in a question's words."""

    def __init__(self) -> None:
        self._lexicon: Lexicon[PlaceName] = Lexicon()
        self._shown: dict[str, str] = {}
        self._codes: dict[str, PlaceName] = {}
        self._currency: dict[str, str] = {}
        self._state_homes: dict[str, str] = {}
        self._currency_words: frozenset[str] = frozenset()
        self._spoken_codes: frozenset[str] = frozenset()
        lines = data_file("places.tsv").read_text(encoding="utf-8").splitlines()
        states = False
        for line in lines:
            kind, code, shown, names, extra = line.split("\t")
            if (
                kind != "country" and not states
            ):  # after the countries: a state that shares a name with one is not meant
                states = self._add_states()
            place = PlaceName(kind, code, shown, extra == "weak")
            if kind == "country":
                self._shown[code] = shown
                self._codes[code] = place
                self._currency[code] = extra
            if kind == "currency":
                self._currency_words |= {code.lower(), *names.split("|")}
                self._spoken_codes |= {code.lower()}
            for name in names.split("|"):
                self._lexicon.add(name.replace(".", ""), place)

        for name in lists().asked.named_after_places:
            self._lexicon.add(name, PlaceName("thing", "", name))
        self._currency_codes = set(self._currency.values())

    def _add_states(self) -> bool:
        for names in shipped_places().values():
            for region in names.regions:
                for name in region.names:
                    self._lexicon.add(name, PlaceName("state", region.code, region.shown))
                if region.names or (names.known and region.code):
                    self._state_homes[region.code] = names.home
        return True

    def home_of(self, state: str) -> str:
        """The country of a state by its key (``TX``, ``GB-W92000004``)."""
        return self._state_homes.get(state) or state.partition("-")[0]

    def currency_words(self) -> frozenset[str]:
        """The words for currencies."""
        return self._currency_words

    def is_currency(self, word: str) -> bool:
        """Whether a word (small letters) is the code of a currency that people name: ``gbp``."""
        return word in self._spoken_codes

    def currency(self, country: str) -> str:
        """The code of a country's currency, or "" where the country is not known."""
        return self._currency.get(country, "")

    @property
    def names(self) -> Lexicon[PlaceName]:
        """The names, for asking whether a word is a place."""
        return self._lexicon

    @property
    def states(self) -> tuple[str, ...]:
        """The names of the states that are known everywhere, in small letters."""
        return tuple(
            name for names in shipped_places().values() for region in names.regions for name in region.names
        )

    @property
    def countries(self) -> frozenset[str]:
        """The codes of the countries."""
        return frozenset(self._codes)

    def codes_of(self, name: str) -> tuple[str, ...]:
        """The codes of the countries that a text names, in any case: ``UK`` is ``GB``."""
        low = name.strip().lower().replace(".", "")
        found = [
            match.value.code for match in self._lexicon.find(low.split()) if match.value.kind == "country"
        ]
        return tuple(dict.fromkeys([*found, *([name.upper()] if name.upper() in self._codes else [])]))

    def state_at(self, words: Sequence[str]) -> tuple[str, int]:
        """The key of the state that some words begin with the name of, and how many words it has; "" and 0 where they
        begin with none."""
        match = next(iter(self._lexicon.find(list(words))), None)
        return (
            (match.value.code, match.end)
            if match and match.start == 0 and match.value.kind == "state"
            else ("", 0)
        )

    def shown(self, code: str) -> str:
        """A country's (``GB``) name as a sentence has it: ``the UK``."""
        return self._shown.get(code, code)

    def alike(self, text: str) -> str:
        """The text with the same name in place of every country and city; other text is left as it is."""
        tokens = parts(text)
        words = [token.lower() for token in tokens]
        spans = self.find(tokens, words).named
        if not spans:
            return text
        covered = {i for start, end in spans for i in range(start, end)}
        starts = {start for start, _ in spans}
        kept = [
            ANY_PLACE if i in starts else token
            for i, token in enumerate(tokens)
            if i in starts or i not in covered
        ]
        return " ".join(kept)

    def find(self, tokens: list[str], words: list[str], every: bool = False) -> Places:
        """Places among the words; ``tokens`` are the same words as typed, ``words`` in small letters.

        ``every``: also names that are words besides, and written small.
        """
        countries: dict[str, None] = {}
        states: dict[str, None] = {}
        cities: dict[PlaceName, None] = {}
        regions: dict[PlaceName, None] = {}
        currencies: dict[str, None] = {}
        spans, named = [], []
        plain = [word.replace(".", "") for word in words]
        for match in self._lexicon.find(plain):
            place = match.value
            if place.kind == "thing":
                continue  # holland codes are of no country
            if place.kind == "city" and " ".join(plain[match.start : match.end]) not in self._lexicon:
                continue  # a plural: of "German" there are many, of a city there is one
            if not (every and place.weak) and not self._meant(place, tokens, words, match.start, match.end):
                continue
            spans.append((match.start, match.end))
            if place.kind in {"country", "city"}:
                named.append((match.start, match.end))
            target = {"country": countries, "state": states, "currency": currencies}.get(place.kind)
            if target is None:
                (regions if place.kind == "region" else cities)[place] = None
            else:
                target[place.code] = None
        for i, token in enumerate(tokens):
            capitals = token.isupper() and len(token) in (2, 3)
            after = i > 0 and words[i - 1] in {"in", "from", "to"}
            if capitals and len(token) == 3 and token in self._currency_codes:
                currencies[token] = None
            elif capitals and after and token in self._codes:
                countries[token] = None
                spans.append((i, i + 1))
                named.append((i, i + 1))
        return Places(
            tuple(countries),
            tuple(states),
            tuple(cities),
            tuple(currencies),
            tuple(regions),
            tuple(spans),
            tuple(named),
        )

    @staticmethod
    def _meant(place: PlaceName, tokens: list[str], words: list[str], start: int, end: int) -> bool:
        """Whether a name that is also a word is meant as the place."""
        before = words[start - 1] if start else ""
        if end - start == 1 and words[start] == "us":
            if tokens[start] in {"US", "U.S", "U.S."} or before in {"the", "in", "from", "across"}:
                return True
            return end == len(words) and start > 0 and before not in _NOT_THE_COUNTRY
        typed = tokens[start]
        if end - start == 1 and words[start] in _UPPER_ONLY:
            if (typed[:1].isupper() and start > 0) or before in {"in", "from"}:
                return True
            # "polish bakers earn", "baker pay turkey": a name that is taken leaves "" in its place
            beside_a_title = tokens[end : end + 1] == [""] and (not before or before in function_words())
            return beside_a_title or (end == len(words) and "" in tokens)
        said = lists().facets
        if words[start] in said.languages:
            beside = {*words[max(0, start - 2) : start], *words[end : end + 1]}
            return said.beside_language.isdisjoint(beside)
        if place.weak:
            return typed[:1].isupper() and before in _BEFORE_PLACE
        return True


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The one gazetteer of the process; building it takes some milliseconds."""
    return Gazetteer()
