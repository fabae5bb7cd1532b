"""What a question asks of the data: which occupations, which places, which figure; or what stands in the way of an answer."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Lookup
from chatbot.language.facets import Facets, Named
from chatbot.language.leftout import FUNCTION
from chatbot.language.normalise import simple_words
from chatbot.language.places import gazetteer
from chatbot.language.spelling import english
from chatbot.occupations.data import Data
from chatbot.occupations.titles import ALTERNATE, MOST, STAND_IN
from chatbot.occupations.where import places_of

_AGAINST = re.compile(r"\b(vs|versus|compared? (?:to|with)|(?:more|less|better|worse|higher|lower) than)\b", re.I)
_AMOUNT = re.compile(r"\b(?:over|under|above|below|exceeding|(?:more|less|fewer) than|at least|at most|up to) \$? ?\d[\d,.]*", re.I)
_PERCENTILE = re.compile(r"\b(\d+)(?:st|nd|rd|th)? percentile", re.I)
PLAIN = 250
"""A word as common as this in English makes no other occupation of the title after it."""
MOST_ROWS = 10
"""No list is longer."""
_NUMBERS = {"three": 3, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20}
_NO_NOUNS = ("ing", "ed", "ly", "ous", "ful", "ive", "est")
"""Words before a title that end so make no other occupation of it."""
_DOERS = ("er", "ers", "or", "ors", "ist", "ists", "man", "men", "aide", "aides", "assistant", "assistants", "trainee", "apprentice")
_SAID_OF_ONESELF = {"am", "i'm", "im", "was", "been", "former", "ex", "currently"}


@dataclass(frozen=True, slots=True)
class Target:
    """An occupation asked about: the code whose row or facts tell it, what it was called, and what has to be said of that."""

    code: str
    called: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A name that may mean several codes."""

    called: str
    codes: tuple[str, ...]
    doubtful: bool = False
    """The name as a whole is none; a part of it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Occupations, places (``US`` where none is named) and the names of the figure words; ``choice`` where it is not clear who is meant.

    ``trouble``: why there can't be an answer, in words. ``group``: the code of a group of occupations.
    """

    targets: tuple[Target, ...]
    places: tuple[str, ...]
    words: frozenset[str]
    group: str | None = None
    choice: Choice | None = None
    trouble: str = ""
    count: int | None = None
    beyond: str | None = None
    """The intent that says that the figures do not hold this."""

    @property
    def unit(self) -> str:
        """The unit that comes first."""
        return "hour" if "hour" in self.words and "year" not in self.words else "year"


def asked(
    data: Data, lookup: Lookup, text: str, facets: Facets, usual: Collection[str], harmless: Collection[str], role: str | None = None
) -> Asked:
    """Read a question for a lookup.

    ``usual``: the words of ways of asking; ``harmless``: those that may stand before a title; ``role``: the packs' own occupation, where it
    is named.
    """
    words = simple_words(text)
    free = _free(words, facets)
    found = frozenset(name for match in data.words.find(free) for name in match.value)
    beyond = next((match.value for match in data.beyond.find(free)), None) if lookup.kind != "facts" else None
    group = next((match.value for match in data.groups.find(free)), None) if not lookup.needs_occupation else None
    places, trouble = places_of(data, lookup, text, facets, usual)
    targets: list[Target] = []
    choice = None
    for mention in [] if lookup.whole else _meant(facets.occupations, words):
        told = _target(data, lookup, mention, _before(words, mention, harmless, facets), _after(words, mention, usual))
        if isinstance(told, Choice):
            choice = choice or told
        elif isinstance(told, Target):
            targets += [told] if told.code not in {target.code for target in targets} else []
        else:
            trouble = trouble or told
    if role and facets.own_role and lookup.kind != "facts" and (facets.comparison or not targets):
        codes = data.titles.exactly(role)
        if codes and (code := data.published(codes[0])):
            targets.insert(0, Target(code, role, _stand_in(data, role, code)))
    if "low" in found and "high" in found:  # from the one to the other
        found = found | {"range"}
    others = [found[1] for found in _PERCENTILE.finditer(text) if found[1] not in {"10", "25", "50", "75", "90"}]
    if others and lookup.kind != "facts" and not trouble:
        trouble = "the 10th, 25th, 50th (median), 75th and 90th percentile only"
    years = [number for number in facets.numbers if len(number) == 4 and number[:2] in {"19", "20"} and int(number) != data.spec.year]
    if years and lookup.kind != "facts" and not trouble:
        trouble = f"figures for {data.spec.period} only, none for {join(years)}"
    if _AMOUNT.search(text) and lookup.kind != "facts" and not trouble:
        trouble = "no answer by an amount: the figures are percentiles, so there is no telling who is above it or below"
    currencies = set(facets.places.currencies) - {"USD"}
    if currencies and lookup.kind != "facts" and not trouble:
        trouble = "figures in US dollars only, and no exchange rate"
    count = _count(words, facets) if lookup.kind == "ranking" else None
    if _half_of_a_comparison(lookup, text, targets, places) and not trouble and not choice and "whole" not in found:
        trouble = f"only one of the two: {data.title(targets[0].code)}"
    return Asked(tuple(targets), places, found, group, choice, trouble, count, beyond)


def _count(words: list[str], facets: Facets) -> int | None:
    """How many rows of a list are asked for, at most as many as can be read at once."""
    numbers = [int(number) for number in facets.numbers if len(number) <= 3] + [_NUMBERS[word] for word in words if word in _NUMBERS]
    return next((min(number, MOST_ROWS) for number in numbers if number > 1), None)


def _half_of_a_comparison(lookup: Lookup, text: str, targets: Collection[Target], places: Collection[str]) -> bool:
    """Whether something is compared with what is not known here."""
    if lookup.kind not in {"comparison", "figures"} or len(targets) != 1 or len(places) != 1:
        return False
    return bool(_AGAINST.search(text)) or (lookup.kind == "comparison" and " or " in text)


def _free(words: list[str], facets: Facets) -> list[str]:
    """The words of a question with stops in place of those that name a place or an occupation: "new" of New York says nothing."""
    taken = {i for start, end in (*facets.places.spans, *((one.start, one.end) for one in facets.occupations)) for i in range(start, end)}
    return ["" if i in taken else word for i, word in enumerate(words)]


def _meant(mentions: Collection[Named], words: list[str]) -> list[Named]:
    """Without what somebody says of himself beside what he asks about."""
    others = [one for one in mentions if not _SAID_OF_ONESELF & set(words[max(0, one.start - 3) : one.start])]
    return list(others or mentions)


def _before(words: list[str], mention: Named, harmless: Collection[str], facets: Facets) -> str:
    """The word before a title where it may make another occupation of it, else ""."""
    before = words[mention.start - 1] if mention.start else ""
    sure = mention.end - mention.start > 1 or mention.text.isupper() or before.endswith(_NO_NOUNS)
    if (
        not before
        or sure
        or before in harmless
        or english().get(before, PLAIN) < PLAIN
        or before in FUNCTION
        or before.isdigit()
        or before in gazetteer().names
    ):
        return ""
    return "" if any(start < mention.start <= end for start, end in facets.places.spans) else before


def _after(words: list[str], mention: Named, usual: Collection[str]) -> str:
    """The word after a title where it names somebody who does something ("nurse helper"), else ""."""
    after = words[mention.end] if mention.end < len(words) else ""
    return after if after.endswith(_DOERS) and after not in usual and after not in FUNCTION else ""


def _target(data: Data, lookup: Lookup, mention: Named, before: str, after: str) -> Target | Choice | str:

    def resolve(code: str) -> tuple[str, ...]:
        if lookup.kind == "facts":
            return data.described(code)
        row = data.published(code)
        return (row,) if row else ()

    codes = tuple(dict.fromkeys(code for one in mention.codes for code in resolve(one)))
    called = f"{before} {mention.text} {after}".strip()
    if not codes:
        return f"no figures under the name {called}" if lookup.kind != "facts" else f"nothing under the name {called}"
    if (before or after) and mention.several and len(codes) >= MOST:
        return f"nothing under the name {called}"
    if before or after or len(codes) > 1:
        if not mention.several:
            codes = tuple(sorted(codes, key=lambda code: -_size(data, code)))
        return Choice(called, codes[:MOST], bool(before or after))
    code = codes[0]
    if mention.mark & STAND_IN:
        return Target(code, mention.text, _stand_in(data, mention.text, code))
    held = next(one for one in mention.codes if resolve(one))
    if lost := [data.title(one) for one in mention.codes if not resolve(one)]:
        return Target(code, mention.text, f"“{mention.text}” may also mean {join(lost)}, of which nothing is published here.")
    if lookup.kind != "facts" and not held.startswith(code):
        own = data.title(held)
        return Target(code, mention.text, f"{own if own != held else called} are counted within a broader group.")
    if mention.mark & ALTERNATE and data.titles.exactly(data.title(code)) != data.titles.exactly(mention.text):
        return Target(code, mention.text, f"“{mention.text}” is among the titles listed under {data.title(code)}.")
    return Target(code, mention.text)


def _stand_in(data: Data, called: str, code: str) -> str:
    return (
        f"The official figures have no group of their own for {called}; the nearest published one, given as a stand-in, is "
        f"{data.title(code)} ({code})."
    )


def _size(data: Data, code: str) -> int:
    row = data.rows.get(code)
    return int(data.figures.values[0, row, 0]) if data.figures and row is not None else 0
