"""A choice among the questions that the last reply offered: "2", "the first one", or a few of the words of one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.flow import Turn
from chatbot.language.leftout import FILLER
from chatbot.language.normalise import clean, simple_words
from chatbot.policy import Policy

_ORDINALS = {
    "first": 0, "1st": 0, "1": 0, "second": 1, "2nd": 1, "2": 1, "third": 2, "3rd": 2, "3": 2, "fourth": 3, "4th": 3, "4": 3, "last": -1,
}  # fmt: skip
_ORDINAL = re.compile(
    r"^(the |number |no |option )*(first|second|third|fourth|last|1st|2nd|3rd|4th|[1234])( one| question| option)?( please)?[.!)]*$", re.I
)


def choice(text: str, turns: Sequence[Turn], policy: Policy) -> str | None:
    """The question meant, or None where the message is no choice."""
    match = _ORDINAL.match(clean(text))
    offered = turns[-1].suggestions if turns else ()
    if not match and offered and turns[-1].kind == "clarify":
        return _by_words(text, offered, policy.follow_up.choice_words)
    if not match or not offered:
        return None
    place = _ORDINALS[match.group(2).lower()]
    return offered[place] if place < len(offered) else None


def _by_words(text: str, offered: Sequence[str], most: int) -> str | None:
    """The one among the questions offered that some words are proper to."""
    words = set(simple_words(text)) - FILLER
    if not words or len(words) > most:
        return None
    fitting = [question for question in offered if words <= {form for word in simple_words(question) for form in (word, word.rstrip("s"))}]
    return fitting[0] if len(fitting) == 1 else None
