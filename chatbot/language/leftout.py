"""How a message says that it goes on from the last one: what opens it, pronouns, and words that ask nothing
of themselves."""

from __future__ import annotations

import re
from functools import cache

from chatbot.language.normalise import simple_words
from chatbot.language.words import Words, either, lists
from chatbot.policy import policy


def filler() -> Words:
    """Words that say nothing of what is asked where a few words only change a level, a country, ..."""
    return lists().going_on.filler


def function_words() -> Words:
    """Words that any question may hold."""
    return lists().going_on.function


def opening_gone(text: str) -> str:
    """A question without "ok," or "great, thanks." before it; as it is where what is left asks nothing."""
    found = _interjections().match(text)
    rest = text[found.end() :] if found else ""
    if not found or not rest:
        return text
    return rest if goes_on(rest) or asks(rest) or ("?" in rest and found[1].strip()) else text


def asks(text: str) -> bool:
    """Whether a text opens like a question."""
    return bool(_asking().match(text))


def goes_on(text: str) -> bool:
    """Whether a text opens like one that goes on from the last answer."""
    return bool(_opening().match(text))


def continues(text: str) -> bool:
    """Whether a question may lean on what was said before."""
    words, numbers = simple_words(text), policy().follow_up
    return (
        len(words) <= numbers.short
        or goes_on(text)
        or (bool(_pronoun().search(text)) and len(words) <= numbers.pointing)
    )


def asks_of_it(text: str) -> bool:
    """Whether a text asks something of what was named before."""
    return bool(_pronoun().search(text)) and ("?" in text or asks(text))


def rest_of(text: str) -> str:
    """A message without what only says that it goes on."""
    return _opening().sub("", _correction().sub("", text)).strip(" ,?") or text


@cache
def _asking() -> re.Pattern[str]:
    return re.compile(rf"{either(lists().questions.asking)}\b", re.I)


@cache
def _interjections() -> re.Pattern[str]:
    return re.compile(rf"(?:\b{either(lists().going_on.interjections)}\b([\s,.!…;:-]*))+", re.I)


@cache
def _opening() -> re.Pattern[str]:
    said = lists().going_on
    return re.compile(
        rf"^(?:{either(said.openings)}|no,? i meant?|i meant?|no,? |{either(said.last_openings)})\b", re.I
    )


@cache
def _pronoun() -> re.Pattern[str]:
    return re.compile(rf"\b{either(lists().going_on.pronouns)}\b", re.I)


@cache
def _correction() -> re.Pattern[str]:
    said = lists().going_on
    return re.compile(
        rf"^{either(said.correcting)}?[,. ]*(?:i )?{either(said.meaning)}\b\s*|^{either(said.denying)}[,. ]+",
        re.I,
    )
