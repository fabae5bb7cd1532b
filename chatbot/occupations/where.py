"""Which places a question about official figures asks for, and why there is none where they are beyond the data."""

from __future__ import annotations

from collections.abc import Collection

from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Lookup
from chatbot.language.facets import Facets
from chatbot.language.leftout import FUNCTION
from chatbot.language.normalise import simple_words
from chatbot.language.places import gazetteer
from chatbot.language.regions import shown
from chatbot.language.spelling import english
from chatbot.occupations.data import Data

UNCOMMON = 1_500
"""A city's name that is a commoner word than this in English is taken for the word."""
_TERRITORIES = {"PR", "GU", "VI"}
_ABSTRACT = "general total reality fact theory practice particular comparison life detail numbers dollars usd cash euros"
_NO_PLACES = frozenset(_ABSTRACT.split())


def places_of(data: Data, lookup: Lookup, text: str, facets: Facets, usual: Collection[str]) -> tuple[tuple[str, ...], str]:
    """The places asked for, and why there is none where they are beyond the data."""
    home = data.spec.country
    if lookup.kind == "facts":
        return (home,), ""
    found = facets.places
    named = _small_places(text, facets, usual) if not (found.states or found.countries or found.cities) else ()
    if named:
        return (home,), f"no figures by city, so none for {join(named)}, only for the nation and by state"
    states, countries = list(found.states), found.countries
    abroad = [code for code in countries if code not in {home, *_TERRITORIES} and not _comes_from(text, code)]
    states += [code for code in countries if code in _TERRITORIES and code not in states]
    if abroad := [gazetteer().shown(code) for code in abroad] + [city.shown for city in found.cities if city.code != home]:
        return (home,), f"figures for {gazetteer().shown(home)} only, none for {join(abroad)}"
    if found.cities:
        return (home,), f"no figures by city, so none for {join([city.shown for city in found.cities])}, only for the nation and by state"
    unknown = [state for state in states if state not in data.places]
    if unknown:
        return (home,), f"no figures for {join([shown(state) for state in unknown])}"
    both = [home] if home in countries and states else []
    return tuple(dict.fromkeys([*states, *both])) or (home,), ""


def _comes_from(text: str, country: str) -> bool:
    """Whether a country is named as the one that somebody comes from."""
    words = simple_words(text)
    after = [" ".join(words[i + 1 : i + 4]) for i, word in enumerate(words) if word == "from"]
    return any(gazetteer().codes_of(rest)[:1] == (country,) for rest in after)


def _small_places(text: str, facets: Facets, usual: Collection[str]) -> list[str]:
    """Places that are only taken for such where an occupation is named, as they are words or written small: "in vegas", "hairdresser orlando"."""
    if not facets.occupations:
        return []
    words = simple_words(text)
    inside = {i for one in facets.occupations for i in range(one.start, one.end)}
    free = ["" if i in inside else word for i, word in enumerate(words)]
    cities = gazetteer().find(free, free, every=True).cities
    known = [city.shown for city in cities if english().get(city.shown.lower(), UNCOMMON) >= UNCOMMON]
    return known or [word for i, word in enumerate(free) if word and _looks_like_a_place(free, i, usual)]


def _looks_like_a_place(words: list[str], i: int, usual: Collection[str]) -> bool:
    """Whether a word that no way of asking holds stands where a place stands, as in "in vegas"."""
    word = words[i]
    if word in usual or word in FUNCTION or word in _NO_PLACES or not word.isalpha():
        return False
    rank = english().get(word, UNCOMMON)
    after = i > 0 and words[i - 1] in {"in", "near", "around"} and i == len(words) - 1
    return after and rank >= UNCOMMON
