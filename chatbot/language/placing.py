"""Towns and counties in a question, as the places that figures are of: the metropolitan area that one is in, or its
state where it is in none; and industries, which no place on the map is divided by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from chatbot.language import towns
from chatbot.language.leftout import function_words
from chatbot.language.lexicon import Lexicon
from chatbot.language.places import Doubtful, Placed, PlaceName, Places
from chatbot.language.towns import Town
from chatbot.language.words import lists

StateAt = Callable[[int], tuple[str, int]]
"""The key of the state that is named from a word on, by its number, and in how many words; "" where none is."""


def with_towns(
    found: Places,
    tokens: Sequence[str],
    words: Sequence[str],
    titles: Collection[int],
    home: str,
    state_at: StateAt,
) -> Places:
    """The places of a question with its towns among them.

    ``titles``: the numbers of the words that name an occupation: without any, only cities that are known everywhere,
    and towns with their state behind them, are taken for such. ``home``: the country.
    """
    cities = {_plain(city.shown): city for city in found.cities}
    placed: list[Placed] = []
    doubtful: list[Doubtful] = []
    spans: list[tuple[int, int]] = []
    beside: set[str] = set()
    for one in towns.found(_free(found, words, titles, cities)):
        state, end = _state_behind(one, state_at)
        city = cities.get(_plain(one.shown))
        known = state or (city and city.code == home)
        if not known and not (towns.is_meant(one, words, tokens) if titles else towns.is_city(one, words)):
            continue
        where = one.within([state] if state else found.states) or _main(one)
        if where is None and one.how != towns.SEVERAL:
            if not city:  # of the same name as a larger city abroad
                cities[_plain(one.shown)] = PlaceName("city", home, one.shown)
                spans.append((one.start, one.end))
            continue
        inside = " ".join(words[one.start : one.end])
        cities = {name: city for name, city in cities.items() if f" {name} " not in f" {inside} "}
        cities.pop(_plain(one.shown), None)
        spans.append((one.start, end))
        beside |= {state} if state else set()
        if where:
            placed.append(Placed(one.shown, where[1] or where[0], where[0]))
        else:
            doubtful.append(Doubtful(one.shown, tuple(area for _, area in one.homes if area)))
    for name, one in _by_name(cities, home):
        del cities[name]
        placed.append(Placed(one.shown, one.homes[0][1] or one.homes[0][0], one.homes[0][0]))
    if not placed and not doubtful and not spans:
        return found
    states = [key for key in found.states if key not in beside or key in {one.key for one in placed}]
    return replace(
        found,
        states=tuple(dict.fromkeys((*states, *(one.key for one in placed)))),
        cities=tuple(cities.values()),
        spans=tuple(dict.fromkeys((*found.spans, *spans))),
        towns=tuple(dict.fromkeys(placed)),
        doubtful=tuple(doubtful),
    )


def with_divisions(
    found: Places,
    words: Sequence[str],
    titles: Collection[int],
    divisions: Lexicon[str],
    homes: Collection[str],
) -> Places:
    """The places of a question that names an occupation, or nothing else, and no place but the country, with the
    industries and the like that it names where somebody works."""
    elsewhere = {*found.states, *found.countries} - set(homes)
    if elsewhere or found.cities or found.regions or found.doubtful:
        return found
    taken = {i for start, end in found.spans for i in range(start, end)}.union(titles)
    free = ["" if i in taken else word.replace(".", "") for i, word in enumerate(words)]
    said = [match for match in divisions.find(free) if _is_where(match.start, match.end, words, titles)]
    rest = set(words) - {word for match in said for word in words[match.start : match.end]}
    if not said or not (titles or rest <= function_words()):
        return found
    return replace(
        found,
        states=tuple(dict.fromkeys((*found.states, *(match.value for match in said)))),
        spans=(*found.spans, *((match.start, match.end) for match in said)),
    )


def _is_where(start: int, end: int, words: Sequence[str], titles: Collection[int]) -> bool:
    """Whether some words stand where it is said where somebody works: behind "in", before "industry", beside the name of
    an occupation, or at the end."""
    asked = lists().asked
    before = start - 1 if start and words[start - 1] not in asked.articles else start - 2
    placed = before >= 0 and words[before] in asked.before_work
    after = words[end] if end < len(words) else ""
    if placed or after in asked.divisions:
        return True
    own = start == 0 or start - 1 in titles or words[start - 1] in function_words() | lists().facets.pay
    if not own:
        return False  # the name of one of them: "united airlines"
    # "nurse pay hospitals", but "where do nurses make bank"
    several = end - start > 1 or words[start].endswith("s")
    beside = start - 1 in titles or end in titles or (end == len(words) and several)
    if words[start:end] == ["information"]:
        return False  # that is wanted of somebody
    return beside and asked.of_study.isdisjoint(words[start:end])


def _free(found: Places, words: Sequence[str], titles: Collection[int], cities: Collection[str]) -> list[str]:
    """The words that may name a town: those under no title, and no other place than a city."""
    others = [span for span in found.spans if _plain(" ".join(words[slice(*span)])) not in cities]
    taken = {i for start, end in others for i in range(start, end)}.union(titles)
    return ["" if i in taken else word for i, word in enumerate(words)]


def _state_behind(one: Town, state_at: StateAt) -> tuple[str, int]:
    """The key of the state that stands behind a town, where it has one of that name, and where that ends."""
    key, length = state_at(one.end)
    return (key, one.end + length) if any(key == state for state, _ in one.homes) else ("", one.end)


def _main(one: Town) -> tuple[str, str] | None:
    return one.homes[0] if one.how == towns.MAIN else None


def _by_name(cities: Mapping[str, PlaceName], home: str) -> Iterator[tuple[str, Town]]:
    """The cities that are known under another name than the one that was typed: "LA"."""
    for name in [name for name, city in cities.items() if city.code == home]:
        one = towns.town(name)
        if one and one.how == towns.MAIN:
            yield name, one


def _plain(name: str) -> str:
    return name.lower().replace(".", "").replace("-", " ")
