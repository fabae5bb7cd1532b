"""A choice among the questions that the last reply offered: "2", "the first one", or a few of the words of
one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from chatbot.flow import Turn
from chatbot.language.forms import singular
from chatbot.language.leftout import filler
from chatbot.language.normalise import clean, simple_words
from chatbot.language.words import either, lists
from chatbot.policy import Policy


def choice(text: str, turns: Sequence[Turn], policy: Policy) -> str | None:
    """The question meant, or None where the message is no choice."""
    match = _ordinal().match(clean(text))
    offered = turns[-1].suggestions if turns else ()
    if not match and offered and turns[-1].kind == "clarify":
        return _by_words(text, offered, policy.follow_up.choice_words)
    if not match or not offered:
        return None
    place = lists().last_answer.ordinals[match.group(1).lower()]
    return offered[place] if place < len(offered) else None


def _by_words(text: str, offered: Sequence[str], most: int) -> str | None:
    """The one among the questions offered that some words are proper to."""
    words = set(simple_words(text)) - filler()
    if not words or len(words) > most:
        return None
    fitting = [
        question
        for question in offered
        if words <= {form for word in simple_words(question) for form in (word, singular(word))}
    ]
    return fitting[0] if len(fitting) == 1 else None


@cache
def _ordinal() -> re.Pattern[str]:
    """A choice by number; its group is the number."""
    said = lists().last_answer
    number = either(said.ordinals)
    before, after, end = either(said.choice_before), either(said.choice_after), either(said.choice_end)
    return re.compile(rf"^(?:{before} )*({number})(?: {after})?(?: {end})?[.!)]*$", re.I)
