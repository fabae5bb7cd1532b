"""States and regions by their codes, and by names that are also something else: for questions about figures
of their countries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from chatbot.language import towns
from chatbot.language.leftout import function_words
from chatbot.language.lexicon import Lexicon
from chatbot.language.normalise import simple_words
from chatbot.language.placenames import PlaceNames, Region, shipped_places
from chatbot.language.places import PlaceName, Places, gazetteer
from chatbot.language.placing import with_divisions, with_towns
from chatbot.language.words import lists

_PLACED = frozenset({"in", "from", "across"})
_MAYBE_PLACED = frozenset({"for", "to"})
_JOINED = frozenset({"and", "or", "vs", "versus"})


class Regions:
    """Finds the places of one or several countries in a question; they are named by their keys
    (``PlaceNames.key``)."""

    def __init__(self, sets: Iterable[PlaceNames]) -> None:
        self.sets = tuple(sets)
        self._regions = {
            names.key(code): region for names in self.sets for code, region in names.by_code.items()
        }
        homes = {names.home for names in self.sets}
        self._homes = homes
        self._codes = {
            region.code: key for key, region in self._regions.items() if key not in homes and region.spoken
        }
        self._with_towns = [names.home for names in self.sets if any(one.within for one in names.regions)]
        self._lexicon = _lexicon(self.sets)
        self._apart: Lexicon[str] = Lexicon(
            (name, names.key(region.code))
            for names in self.sets
            for region in names.regions
            if region.apart
            for name in (*region.asked, *region.names, region.shown)
        )

    @property
    def homes(self) -> frozenset[str]:
        """The countries that figures are of."""
        return frozenset(self._homes)

    def shown(self, key: str) -> str:
        """A place (``US``, ``TX``) as a sentence names it."""
        region = self._regions.get(key)
        return region.shown if region else shown(key)

    def stated(self, code: str) -> str:
        """The name of the state that a code in capitals stands for where it may be a word, too; "" for any other."""
        region = self._region(code.lower())
        return region.shown if region and "word" in region.flags and not region.city else ""

    def places(
        self,
        tokens: Sequence[str],
        words: Sequence[str],
        named: Iterable[tuple[int, int]] = (),
        whole: bool = True,
    ) -> Places:
        """Places as a question about figures names them: states by their codes, too, sooner than a country
        (LA, the city).

        ``named``: the words (start, end not included) that name something else. ``whole``: "nationwide" and
        the like name a place, too.
        """
        taken = {i for start, end in named for i in range(start, end)}
        more = [
            match
            for match in self.find(tokens, words)
            if not taken.intersection(range(match[1], match[2]))
            and (whole or (match[0] and match[0] not in self._homes))
            and not self._part_of_a_town(match, words)
        ]
        more = self._with_their_states(more)
        cities = [(i, i + 1) for i, token in enumerate(tokens) if self._is_city(token, words, i)]
        spans = [*((start, end) for _, start, end in more), *cities]
        gone = taken.union(*(range(start, end) for start, end in spans))
        free = ["" if i in gone else token for i, token in enumerate(tokens)]
        places = gazetteer().find(free, [token.lower() for token in free])
        states = tuple(dict.fromkeys((*places.states, *(key for key, _, _ in more if key))))
        named_cities = [
            city for start, _ in cities for city in _city(self._region(words[start].replace(".", "")))
        ]
        found = replace(
            places,
            states=states,
            cities=tuple(dict.fromkeys((*places.cities, *named_cities))),
            spans=(*places.spans, *spans),
        )
        for home in self._with_towns:
            found = with_towns(found, tokens, words, taken, home, partial(self._state_at, tokens, words))
        return with_divisions(found, words, taken, self._apart, self._homes)

    def divisions(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """The words (start, end not included) that name an industry or the like by several words."""
        found = self._apart.find([word.replace(".", "") for word in words])
        return [(match.start, match.end) for match in found if match.end - match.start > 1]

    def _with_their_states(self, found: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        """The places that are named, an area and the state that only says where it is as one: "Queens, NY"."""
        out: list[tuple[str, int, int]] = []
        for key, start, end in found:
            area = self._regions.get(out[-1][0]) if out and out[-1][2] == start else None
            if area and key in area.within:
                out[-1] = (out[-1][0], out[-1][1], end)
            else:
                out.append((key, start, end))
        return out

    def _part_of_a_town(self, match: tuple[str, int, int], words: Sequence[str]) -> bool:
        """Whether what names an area is part of the longer name of a town: the Vegas of Las Vegas."""
        key, start, end = match
        if key not in self._regions or not self._regions[key].within:
            return False
        longer = (one for one in towns.found(words) if one.start <= start and one.end >= end)
        return any(one.end - one.start > end - start for one in longer)

    def _state_at(self, tokens: Sequence[str], words: Sequence[str], i: int) -> tuple[str, int]:
        """The key of the state that is named from a word on, and in how many words; "" where none is. A code that is also
        a word is one in capitals, or at the end."""
        behind = [word.replace(".", "") for word in words[i:]]
        match = next(iter(self._lexicon.find(behind)), None)
        if match and match.start == 0 and match.value:
            return match.value, match.end
        region = self._region(behind[0]) if behind else None
        if region and (
            "word" not in region.flags or len(behind) == 1 or tokens[i].replace(".", "").isupper()
        ):
            return self._codes[region.code], 1
        return gazetteer().state_at(behind)

    def find(self, tokens: Sequence[str], words: Sequence[str]) -> list[tuple[str, int, int]]:
        """Keys of places with the words (start, end not included) that name them; ``tokens`` are the words as
        typed."""
        low = [word.replace(".", "") for word in words]
        out = [
            (match.value, match.start, match.end)
            for match in self._lexicon.find(low)
            if match.value is not None
        ]
        taken = {i for _, start, end in out for i in range(start, end)}
        for i, token in enumerate(tokens):
            region = self._region(low[i])
            if i not in taken and region and not region.city and _means_place(region, tokens, low, i, token):
                out.append((self._codes[region.code], i, i + 1))
        return sorted([*out, *self._listed(tokens, low, out)], key=lambda match: match[1])

    def _region(self, word: str) -> Region | None:
        """The place that a word may be the code of."""
        key = self._codes.get(word.upper())
        return self._regions[key] if key else None

    def _is_city(self, token: str, words: Sequence[str], i: int) -> bool:
        """Whether a code stands for the city of the same letters."""
        token = token.replace(".", "")
        region = self._region(words[i].replace(".", ""))
        return bool(region and region.city and (token == region.code or (i and words[i - 1] == "in")))

    def _listed(
        self, tokens: Sequence[str], low: Sequence[str], found: Sequence[tuple[str, int, int]]
    ) -> list[tuple[str, int, int]]:
        """Codes in capitals that are also words, where they stand in a list with a state: "TX, OH and IA",
        "OR vs WA".
        """
        if all(token.isupper() for token in tokens):
            return []
        taken = {i for _, start, end in found for i in range(start, end)}
        more: dict[int, str] = {}
        order = range(len(tokens))
        for places in (order, reversed(order)):
            for i in places:
                step = 1 if places is order else -1
                near = i - step
                if 0 <= near < len(tokens) and low[near] in _JOINED and tokens[near].islower():
                    near -= step
                key = self._codes.get(tokens[i].replace(".", ""))
                if key and i not in taken and not self._regions[key].city and near in taken | more.keys():
                    more[i] = key
        return [(key, i, i + 1) for i, key in more.items()]


def _means_place(region: Region, tokens: Sequence[str], low: Sequence[str], i: int, token: str) -> bool:
    """Whether a word that is a code is meant as the place."""
    word = "word" in region.flags
    before = low[i - 1] if i else ""
    typed_large = token.replace(".", "").isupper() and not all(t.isupper() for t in tokens)
    last = i in {0, len(tokens) - 1}  # "tx nurse pay", "nurse pay tx"
    spoken = "said" in region.flags
    placed = before in _PLACED or (before in _MAYBE_PLACED and (typed_large or not word))
    if not word:
        return placed or last or typed_large
    if typed_large:
        return placed or (last and not spoken)
    of_pay = before in lists().facets.pay or before not in function_words()
    behind = i == len(tokens) - 1 > 1 and of_pay  # "baker salary, mi"
    return (placed and last) or (behind and not spoken)


def _city(region: Region | None) -> tuple[PlaceName, ...]:
    """The city that a code is rather taken for."""
    tokens = region.city.split() if region else []
    return gazetteer().find(tokens, [token.lower() for token in tokens]).cities


def _lexicon(sets: Sequence[PlaceNames]) -> Lexicon[str | None]:
    """Names to keys. What names the whole of several countries names none of them: their spans hold no place
    (``""``).
    """
    lexicon: Lexicon[str | None] = Lexicon()
    by_home = {names.home: names.regions[0].asked for names in sets}
    whole = [name for asked in by_home.values() for name in asked]
    for name in {name for name in whole if whole.count(name) > 1}:
        lexicon.add(name, "")
    for names in sets:
        for region in (region for region in names.regions if not region.apart):
            own = [" ".join(simple_words(region.shown))] if region.within else []
            for name in (*region.asked, *own):
                lexicon.add(name, names.key(region.code) if region.code else None)
    return lexicon


@lru_cache(maxsize=1)
def known_regions() -> Regions:
    """The places that are known in every question, as questions about figures name them."""
    return Regions(names for names in shipped_places().values() if names.known)


def shown(key: str) -> str:
    """A place by its key (``US``, ``TX``) as a sentence names it; of a country that the program knows the
    places of."""
    home, dash, code = key.partition("-")
    for names in shipped_places().values():
        own = code if dash and names.home == home else key
        region = names.by_code.get(own) if names.key(own) == key else None
        if region:
            return region.shown
    return gazetteer().shown(key)
