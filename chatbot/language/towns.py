"""Towns of the US by name, with their states; resources/towns.tsv holds them. They are only looked for beside an
occupation, where a word is nothing else: many a town is called like a person, or a thing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from chatbot.language.chart import Kind
from chatbot.language.lexicon import Lexicon
from chatbot.language.normalise import simple_words
from chatbot.language.reading import Reading
from chatbot.language.words import english, lists
from chatbot.paths import data_file
from chatbot.policy import policy

FILE = "towns.tsv"


class Town(Struct, frozen=True):
    """A town's name, the codes of the states that have one of that name, and the words that name it in a question."""

    shown: str
    states: tuple[str, ...]
    start: int = 0
    end: int = 0


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon[Town]:
    lexicon: Lexicon[Town] = Lexicon()
    for line in data_file(FILE).read_text(encoding="utf-8").splitlines():
        name, states = line.split("\t")
        lexicon.add(" ".join(simple_words(name.replace(".", ""))), Town(name, tuple(states.split("|"))))
    return lexicon


def named(reading: Reading) -> list[Town]:
    """The towns that a question about an occupation names: outside of all other names, by a word that is hardly
    anything else, or that stands where a place stands."""
    if not reading.facets.occupations:
        return []
    chart = reading.chart
    free = [word.replace(".", "") for word in chart.without(Kind.TITLE, Kind.PLACE)]
    out = []
    for match in _lexicon().find(free):
        before = free[match.start - 1] if match.start else ""
        word = free[match.start] if match.end - match.start == 1 else ""
        rare = english().get(word, policy().words.no_town) >= policy().words.no_town
        placed = before in lists().asked.before_places or chart.starts(match.end, Kind.PLACE)
        if rare or placed:
            out.append(Town(match.value.shown, match.value.states, match.start, match.end))
    return out


def within(reading: Reading, places: Sequence[str]) -> list[Town]:
    """The towns named that lie in one of these states, by their codes."""
    return [town for town in named(reading) if not set(places).isdisjoint(town.states)]
