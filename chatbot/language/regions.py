"""States and territories of the US by their postal codes, and by names that are also something else: for questions about US figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from chatbot.language.lexicon import Lexicon
from chatbot.language.places import Places, gazetteer

NAMES = {
    "washington dc": "DC", "washington d c": "DC", "district of columbia": "DC", "d c": "DC", "dc": "DC", "georgia": "GA",
    "puerto rico": "PR", "guam": "GU", "virgin islands": "VI", "us virgin islands": "VI", "u s virgin islands": "VI", "usvi": "VI",
    "washington state": "WA", "state of washington": "WA", "new york state": "NY", "state of new york": "NY", "cali": "CA",
    "nationwide": "US", "nationally": "US", "whole country": "US", "the nation": "US", "across the country": "US", "national average": "US",
    "the states": "US", "all states": "US", "georgia the country": "", "country of georgia": "", "country georgia": "",
}  # fmt: skip
TERRITORIES = {"DC": "the District of Columbia", "PR": "Puerto Rico", "GU": "Guam", "VI": "the Virgin Islands"}
_ALL_CODES = """
AK AL AR AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN
TX UT VA VI VT WA WI WV WY
"""
_CODES = frozenset(_ALL_CODES.split())
_WORDLIKE = """
AL CO DE HI ID IN LA MA MD ME MS NE OH OK OR PA VA VI PR MO MI
"""
_ALSO_WORDS = frozenset(_WORDLIKE.split())
"""Codes that, in small letters, are rather a word or a short form of something else."""
_SAID_BESIDES = frozenset({"HI", "IN", "ME", "OH", "OK", "OR"})
"""Of these, those that people also say in capitals, or at the end."""
_CITY = "LA"
"""In capitals this is rather a city."""


def us_places(tokens: Sequence[str], words: Sequence[str], named: Iterable[tuple[int, int]] = (), whole: bool = True) -> Places:
    """Places as a question about US figures names them: states by their codes, too, which name a state sooner than a country (LA, the city).

    ``named``: the words (start, end not included) that name something else. ``whole``: "nationwide" and the like name a place, too.
    """
    taken = {i for start, end in named for i in range(start, end)}
    more = [one for one in regions(tokens, words) if not taken.intersection(range(one[1], one[2])) and (whole or one[0] != "US")]
    cities = [(i, i + 1) for i, token in enumerate(tokens) if words[i] == "la" and (token == _CITY or (i and words[i - 1] == "in"))]
    spans = [*((start, end) for _, start, end in more), *cities]
    gone = taken.union(*(range(start, end) for start, end in spans))
    free = ["" if i in gone else token for i, token in enumerate(tokens)]
    found = gazetteer().find(free, [token.lower() for token in free])
    states = tuple(dict.fromkeys((*found.states, *(code for code, _, _ in more))))
    city = gazetteer().find(["Los", "Angeles"], ["los", "angeles"]).cities if cities else ()
    return replace(found, states=states, cities=tuple(dict.fromkeys((*found.cities, *city))), spans=(*found.spans, *spans))


def regions(tokens: Sequence[str], words: Sequence[str]) -> list[tuple[str, int, int]]:
    """Codes of states and territories with the words (start, end not included) that name them; ``tokens`` are the words as typed."""
    low = [word.replace(".", "") for word in words]
    out = [(match.value, match.start, match.end) for match in _lexicon().find(low) if match.value]
    taken = {i for _, start, end in out for i in range(start, end)}
    for i, token in enumerate(tokens):
        code = low[i].upper()
        if i in taken or code not in _CODES or code == _CITY:
            continue
        before = low[i - 1] if i else ""
        typed_large = token.replace(".", "").isupper() and not all(t.isupper() for t in tokens)
        last = i in {0, len(tokens) - 1}  # "tx nurse pay", "nurse pay tx"
        placed = before in {"in", "from", "across"} or (before in {"for", "to"} and (typed_large or code not in _ALSO_WORDS))
        if code not in _ALSO_WORDS:
            named = placed or last or typed_large
        elif typed_large:
            named = placed or (last and code not in _SAID_BESIDES)
        else:
            named = placed and last
        if named:
            out.append((code, i, i + 1))
    return sorted([*out, *_listed(tokens, low, out)], key=lambda found: found[1])


def _listed(tokens: Sequence[str], low: Sequence[str], found: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Codes in capitals that are also words, where they stand in a list with a state: "TX, OH and IA", "OR vs WA"."""
    if all(token.isupper() for token in tokens):
        return []
    joined = {"and", "or", "vs", "versus"}
    taken = {i for _, start, end in found for i in range(start, end)}
    more: dict[int, str] = {}
    order = range(len(tokens))
    for places in (order, reversed(order)):
        for i in places:
            step = 1 if places is order else -1
            near = i - step
            if 0 <= near < len(tokens) and low[near] in joined and tokens[near].islower():
                near -= step
            code = tokens[i].replace(".", "")
            if i not in taken and code in _CODES and code != _CITY and near in taken | more.keys():
                more[i] = code
    return [(code, i, i + 1) for i, code in more.items()]


def shown(place: str) -> str:
    """A place of the figures (``US``, ``TX``) as a sentence names it."""
    if place == "US":
        return "the United States"
    return TERRITORIES.get(place) or gazetteer().shown(f"US-{place}")


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon[str]:
    return Lexicon(NAMES.items())
