"""A choice among the questions that the last reply offered: "2", "the first one", or a few of the words of
one of them; or the name of a career, where it was asked which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from chatbot.dialogue.merging import CARRIED
from chatbot.flow import Code, Turn
from chatbot.language.chart import Kind
from chatbot.language.forms import singular
from chatbot.language.leftout import filler, rest_of
from chatbot.language.normalise import clean, simple_words
from chatbot.language.reading import Reading
from chatbot.language.words import either, lists
from chatbot.library import Library


def choice(text: str, turns: Sequence[Turn]) -> str | None:
    """The question meant, or None where the message is no choice."""
    match = _ordinal().match(clean(text))
    offered = turns[-1].suggestions if turns else ()
    if not match and offered and turns[-1].kind == "clarify":
        return _by_words(text, turns[-1])
    if not match or not offered:
        return None
    place = lists().last_answer.ordinals[match.group(1).lower()]
    return offered[place] if place < len(offered) else None


def of_the_named(library: Library, text: str, turns: Sequence[Turn]) -> str | None:
    """The last question with the career in it that a message names, where that was asked back; None where the
    message names none, or several, or says more than a name.

    "In Texas" and "senior" stay beside the name.
    """
    if not turns or turns[-1].code != Code.WHICH_CAREER:
        return None
    reading = library.reader.read(rest_of(clean(text)))
    name = _one_name(library, reading)
    kinds = (Kind.TITLE, Kind.ROLE, Kind.PLACE, Kind.ANY_PLACE, Kind.FACET)
    if name is None or set(reading.chart.left(*kinds)) - lists().last_answer.naming:
        return None
    if not reading.facets.values.keys() <= set(CARRIED):
        return None
    if reading.facets.values or reading.facets.get("country"):
        name = reading.text.rstrip("?!. ")
    return f"{name}: {turns[-1].read_as}"


def _one_name(library: Library, reading: Reading) -> str | None:
    """The title of the one career or occupation that is named; as it was put where it may be several."""
    facets = reading.facets
    if len(facets.careers) + len(facets.occupations) != 1:
        return None
    if facets.careers:
        return library.careers[facets.careers[0]].title
    (one,) = facets.occupations
    if len(one.codes) == 1 and library.data:
        return library.data.title(one.codes[0])
    return " ".join(reading.words[one.start : one.end])


def _by_words(text: str, last: Turn) -> str | None:
    """The one among the questions offered that some words are proper to; where a career was asked for, only the
    words of its name are."""
    asked = f": {last.read_as}" if last.code == Code.WHICH_CAREER else ""
    words = set(simple_words(text)) - filler()
    if not words:
        return None
    fitting = [
        question
        for question in last.suggestions
        if words
        <= {form for word in simple_words(question.removesuffix(asked)) for form in (word, singular(word))}
    ]
    return fitting[0] if len(fitting) == 1 else None


@cache
def _ordinal() -> re.Pattern[str]:
    """A choice by number; its group is the number."""
    said = lists().last_answer
    number = either(said.ordinals)
    before, after, end = either(said.choice_before), either(said.choice_after), either(said.choice_end)
    return re.compile(rf"^\(?(?:{before} )*({number})(?: {after})?(?: {end})?[.!)]*$", re.I)
