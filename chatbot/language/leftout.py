"""How a message says that it goes on from the last one: what opens it, pronouns, and words that ask nothing of themselves."""

from __future__ import annotations

import re

from chatbot.language.normalise import simple_words

SHORT = 6
"""A question of so many words may leave something out."""
ASKING = r"(what|how|is|are|do|does|can|could|which|who|where|when|why|would|will|should)\b"
_INTERJECTION = re.compile(
    r"(?:\b(?:ok(?:ay)?|fine|great|cool|right|alright|all right|well|hm+|mm+|ugh|oh|ah|aha|wow|nice|thanks|thank you|thx|got it|i see|sure|yes|"
    r"yeah|yep|good|interesting|lol|haha|perfect|understood|makes sense|fair enough|awesome|lovely|then|so much|a lot)\b([\s,.!…;:-]*))+",
    re.I,
)
OPENING = re.compile(
    r"^(and|but|or|so|also|then|what about|how about|what if|what else|any other|is that|are they|does it|do they|would it|and what|"
    r"no,? i mean[t]?|i mean[t]?|no,? |actually)\b",
    re.I,
)
PRONOUN = re.compile(r"\b(it|its|that|this|those|these|they|them|their|there|one|ones|he|she|his|her|same)\b", re.I)
_CORRECTION = re.compile(
    r"^(no|nope|sorry|actually|wait)?[,. ]*(i )?(mean|meant|was asking about|want)\b\s*|^(no|nope|not that)[,. ]+", re.I
)
_SAYS_NOTHING = """
and but or so ok okay what about how in for the a an of at is it on to if then i mean meant no sorry same with please pls do does you have any
there also now s figure figures one ones be would say instead rather level pay salary study student students versus like people over here get
make things thing look they them are that someone somebody just only average typical wait maybe perhaps compare compared what's whats number money
"""
FILLER = frozenset(_SAYS_NOTHING.split())
"""Words that say nothing of what is asked where a few words only change a level, a country, ..."""
_ANY_QUESTION = """
i me my we our you your he she his her who which whose why when all any some by with about than these those so
"""
FUNCTION = FILLER | frozenset(_ANY_QUESTION.split())
"""Words that any question may hold."""


def opening_gone(text: str) -> str:
    """A question without "ok," or "great, thanks." before it; as it is where what is left asks nothing."""
    found = _INTERJECTION.match(text)
    rest = text[found.end() :] if found else ""
    if not found or not rest:
        return text
    asks = OPENING.match(rest) or re.match(ASKING, rest, re.I)
    return rest if asks or ("?" in rest and found[1].strip()) else text


def continues(text: str) -> bool:
    """Whether a question may lean on what was said before."""
    words = simple_words(text)
    return len(words) <= SHORT or bool(OPENING.match(text)) or (bool(PRONOUN.search(text)) and len(words) <= 12)


def rest_of(text: str) -> str:
    """A message without what only says that it goes on."""
    return OPENING.sub("", _CORRECTION.sub("", text)).strip(" ,?") or text
