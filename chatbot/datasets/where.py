"""Which places a question asks a data set for, and which of those that it names the data set does not have."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct, field

from chatbot.datasets.model import Dataset, Measure
from chatbot.datasets.store import Datasets
from chatbot.language.chart import Kind
from chatbot.language.leftout import function_words
from chatbot.language.normalise import simple_words
from chatbot.language.placenames import PlaceNames
from chatbot.language.places import Places, gazetteer
from chatbot.language.reading import Reading
from chatbot.language.words import english, lists
from chatbot.policy import policy

LOOSE, ABROAD, CITY, REGION, UNPLACED = "loose place", "abroad", "city", "region", "unplaced"
"""What a question names and the data set lacks: a word that stands where a place stands, another country, a
city, a region without rows, or any place where the rows are of none."""
DOUBTFUL = "doubtful place"
"""A name that several places have: it, and their codes."""


class Placed(Struct, frozen=True):
    """The places asked for, by their codes (the country where none is named), and the names of those that are
    lacking, by their kind."""

    places: tuple[str, ...]
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def places_of(
    store: Datasets, dataset: Dataset, measure: Measure, reading: Reading, usual: Collection[str]
) -> Placed:
    """The places that a question asks a measure for."""
    home = dataset.home
    found = reading.facets.places
    plain = found.states or found.countries or found.cities or found.regions or found.doubtful
    kind, named = (LOOSE, []) if plain else _small_places(measure, reading, usual)
    if dataset.place is None:
        names = [store.shown(key) for key in found.states] + [
            gazetteer().shown(code) for code in found.countries
        ]
        finer = (*found.cities, *found.regions)
        return _lacking("", UNPLACED, [*names, *(place.shown for place in finer), *named])
    if named:
        return _lacking(home, kind, named)
    names_of = dataset.place.places
    there = dataset.rows.place if dataset.rows and measure.kind in {"number", "text"} else {home: 0}
    codes = {key: _widened(found, names_of, key, there) for key in found.states}
    states = [code for code in codes.values() if code]
    strange = [key for key, code in codes.items() if not code]
    within = [key for key in strange if _elsewhere_of_it(store, home, key)]
    foreign = [key for key in strange if key not in within]
    own = {home, *names_of.countries}
    abroad = [code for code in found.countries if code not in own and not _comes_from(reading.text, code)]
    states += [code for code in found.countries if code in names_of.countries and code not in states]
    others = [
        *map(store.shown, foreign),
        *map(gazetteer().shown, abroad),
        *(place.shown for place in (*found.cities, *found.regions) if place.code != home),
    ]
    if others:
        return _lacking(home, ABROAD, others)
    if found.cities and not states:
        return _lacking(home, CITY, [city.shown for city in found.cities])
    if found.regions or within:
        return _lacking(
            home, REGION, [*map(store.shown, within), *(region.shown for region in found.regions)]
        )
    if found.doubtful:
        (shown, keys), *_ = found.doubtful
        held = [code for key in keys if (code := names_of.code(key)) and code in there]
        return Placed((home,), {DOUBTFUL: (shown, *held)}) if held else _lacking(home, CITY, [shown])
    if unknown := [state for state in states if state not in there]:
        return _lacking(home, REGION, [dataset.shown(state) for state in unknown])
    both = [home] if home in found.countries and states else []
    return Placed(tuple(dict.fromkeys([*states, *both])) or (home,))


def _widened(found: Places, names_of: PlaceNames, key: str, there: Collection[str]) -> str | None:
    """The code of a place, or of the state that a town is in where there are no rows of its area; None where it is of
    another country."""
    code = names_of.code(key)
    if code in there:
        return code
    state = next((names_of.code(town.state) for town in found.towns if town.key == key), None)
    return state if state in there else code


def _elsewhere_of_it(store: Datasets, home: str, key: str) -> bool:
    """Whether a place is of the same country, and other data sets have rows of it, as of an industry."""
    return any(
        other.home == home and other.place and other.place.places.code(key) for other in store.datasets
    )


def _lacking(home: str, kind: str, names: Collection[str]) -> Placed:
    return Placed((home,), {kind: tuple(names)} if names else {})


def _comes_from(text: str, country: str) -> bool:
    """Whether a country is named as the one that somebody comes from."""
    words = simple_words(text)
    after = [" ".join(words[i + 1 : i + 4]) for i, word in enumerate(words) if word == "from"]
    return any(gazetteer().codes_of(rest)[:1] == (country,) for rest in after)


def _small_places(measure: Measure, reading: Reading, usual: Collection[str]) -> tuple[str, list[str]]:
    """Places that are only taken for such where an entity is named, as they are words or written small: "in
    vegas", "hairdresser orlando".

    Of a measure of texts, only cities that are known: much stands behind "in" where texts are asked for. With
    their kind: ``CITY`` or ``LOOSE``.
    """
    if not reading.facets.occupations:
        return LOOSE, []
    free = reading.chart.without(Kind.TITLE, Kind.FIGURE)
    cities = gazetteer().find(free, free, every=True).cities
    known = [
        city.shown
        for city in cities
        if english().get(city.shown.lower(), policy().words.no_town) >= policy().words.no_town
    ]
    if known or measure.kind in {"text", "list"}:
        return CITY, known
    return LOOSE, [word for i, word in enumerate(free) if word and _looks_like_a_place(free, i, usual)]


def _looks_like_a_place(words: list[str], i: int, usual: Collection[str]) -> bool:
    """Whether a word that no way of asking holds stands where a place stands, as in "in vegas"."""
    word = words[i]
    known = word in usual or word in function_words() or word in lists().asked.no_places
    if known or not word.isalpha() or word in gazetteer().currency_words():
        return False
    rank = english().get(word, policy().words.no_town)
    after = i > 0 and words[i - 1] in lists().asked.before_places and i == len(words) - 1
    return after and rank >= policy().words.no_town
