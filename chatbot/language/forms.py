"""The forms of English words: the singular of a plural, the stem that inflections share, and whether a word
is one at all.

The endings of plurals stand here, the words without a rule in resources/english.toml, and the list of English
words decides between endings that look alike: movies are of a movie and studies of a study, and Texas is no
plural. No library is needed for that; what some cost stands in CONTRIBUTING.md.
"""

from __future__ import annotations

from functools import lru_cache

from chatbot.language.words import english, lists
from chatbot.policy import policy

_PLURALS = (
    ("men", ("man",)),
    ("ies", ("y", "ie")),
    ("ves", ("ve", "fe", "f")),
    ("sses", ("ss", "sse")),
    ("ches", ("ch", "che")),
    ("shes", ("sh", "she")),
    ("xes", ("x", "xe")),
    ("ses", ("se", "s")),
    ("zes", ("ze", "z")),
    ("oes", ("oe", "o")),
    ("s", ("",)),
)
"""Endings of plurals with what may stand in their place, likeliest first; of a word with several, the first
counts."""
_MAYBE_SINGULAR = ("us", "is")
"""Words that end so are plurals only where the rest is English: menus and taxis, not status and analysis."""
_NO_PLURAL = "ss"
_ENDINGS = tuple(ending for ending, _ in _PLURALS)
_PLURAL = "women"
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """A word (small letters) without the ending of a plural; as it is where it has none.

    Where the rest is no English word and the word itself is one, it is no plural ("always"), nor is a word of
    three letters ("was", "gas"). An abbreviation (without a vowel: "RNs") and a plural that the list of
    English words lacks ("coremakers") go by their endings.
    """
    known = lists().forms
    if word in known.plurals:
        return known.plurals[word]
    if not word.endswith(_ENDINGS) or word.endswith(_NO_PLURAL) or word in known.no_plurals:
        return word
    ending, instead = next(
        (rule for rule in _PLURALS if word.endswith(rule[0]) and len(word) > len(rule[0]) + 1), ("", ("",))
    )
    forms = [word.removesuffix(ending) + other for other in instead]
    if _VOWELS.isdisjoint(word) or word.endswith(_PLURAL):
        return forms[0]
    is_word = word in english()
    if len(word) < policy().spelling.stem:
        return word if is_word else forms[0]
    return next(
        (form for form in forms if is_english(form)),
        word if is_word or word.endswith(_MAYBE_SINGULAR) else forms[0],
    )


def plural(phrase: str) -> str:
    """A phrase whose last word has the ending of a plural; as it is where that ends in an -s."""
    return phrase if phrase.endswith("s") else phrase + "s"


def stem(word: str) -> str:
    """The beginning of a word, which its inflections have, too; words of other meanings may have the same
    ("inter": "interest", "internet").
    """
    return word[: policy().coverage.stem]


def is_english(word: str) -> bool:
    """Whether a word (small letters) is English: of the list, or a word of the list with a regular ending
    that the list lacks."""
    if word in english():
        return True
    shortest = policy().spelling.stem
    return any(
        word.endswith(ending) and len(word) - len(ending) >= shortest and word[: -len(ending)] in english()
        for ending in lists().forms.endings
    )
