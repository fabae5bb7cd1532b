"""Several things asked about one occupation at once: "salary, education and outlook of a surveyor"."""

from __future__ import annotations

import itertools
from functools import cache

from chatbot.language.leftout import function_words
from chatbot.language.reading import Reading
from chatbot.language.words import lists
from chatbot.policy import policy


def slots(reading: Reading) -> list[str]:
    """The question about each thing alone, in order, the others left out of it; empty where fewer than two stand side
    by side, or not just one occupation is named."""
    words, known = list(reading.words), _groups()
    titles = [(one.start, one.end) for one in reading.facets.occupations]
    if len(titles) != 1:
        return []
    ((start, end),) = titles
    at = [i for i, word in enumerate(words) if word in known and not start <= i < end]
    rows = [i for i, j in itertools.pairwise(at) if _joined(words[i + 1 : j])]
    listed = sorted({*rows, *(at[at.index(i) + 1] for i in rows)})
    named = {known[words[i]]: i for i in reversed(listed)}
    if not 1 < len(named) <= policy().two.most or len(rows) != len(listed) - 1:
        return []
    first, last = listed[0], listed[-1]
    return [" ".join([*words[:first], words[i], *words[last + 1 :]]) for i in sorted(named.values())]


@cache
def _groups() -> dict[str, str]:
    """What is meant by each word for something that is asked of an occupation."""
    return {
        word: name
        for name, listed in lists().asked.things.items()
        for word in listed.replace(",", " ").split()
    }


def _joined(between: list[str]) -> bool:
    """Whether some words only join what stands on both sides of them."""
    said = lists()
    joining = said.facets.side_by_side | function_words() | said.facets.articles | said.asked.beside_things
    return len(between) <= policy().two.each_words and all(word in joining for word in between)
