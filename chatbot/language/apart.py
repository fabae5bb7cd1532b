"""Names that a comma parts, written as they are read: "secretary, legal" is the legal secretary, and the ME of "roofers,
ME, median" is Maine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from chatbot.language.leftout import function_words
from chatbot.language.normalise import simple_words
from chatbot.language.words import lists

_NOUN, _KIND = 3, 2
"""Of at most so many words are the noun and the kind of a title the other way round."""
_AS_CODE = re.compile(r"\s*[A-Z](?:[A-Z]{1,3}|\.[A-Z]\.?)\s*[?.!]?\s*")


def with_states(text: str, state: Callable[[str], str]) -> str:
    """The text with a code in capitals that stands alone behind a comma as the state's name. ``state``: the name for a
    code, or ""."""
    if "," not in text or text.isupper():
        return text
    pieces = text.split(",")
    for i in range(1, len(pieces)):
        code = pieces[i].strip(" ?.!").replace(".", "")
        if code.isupper() and not _among_codes(pieces, i) and (named := state(code)):
            pieces[i] = pieces[i].replace(pieces[i].strip(" ?!"), named)
    return ",".join(pieces)


def _among_codes(pieces: Sequence[str], at: int) -> bool:
    """Whether other letters in capitals stand beside it, as in a list of titles: "PT, OT, PA"."""
    beside = (pieces[at - 1], *pieces[at + 1 : at + 2])
    return any(_AS_CODE.fullmatch(piece) for piece in beside)


def with_kinds(text: str, known: Callable[[str], bool], named: Iterable[tuple[int, int]]) -> str:
    """The text with a title whose kind stands behind a comma in its own order: "secretary, legal". ``known``: whether some
    words are a title; ``named``: the ranges of words that are titles as they stand."""
    if "," not in text:
        return text
    pieces = text.split(",")
    inside = {i for start, end in named for i in range(start + 1, end)}
    starts = [len(simple_words(",".join(pieces[:i]))) for i in range(len(pieces))]
    for i in range(1, len(pieces)):
        if starts[i] in inside:
            continue
        before, behind = pieces[i - 1].split(), pieces[i].split()
        for n in range(min(_NOUN, len(before)), 0, -1):
            kind = _kind(behind, before[-n:], known)
            if kind:
                pieces[i - 1] = " ".join([*before[:-n], *behind[:kind], *before[-n:]])
                pieces[i] = " " + " ".join(behind[kind:])
                break
    return re.sub(r"\s*,\s*(?=,|[?.!]*$)|,(?= (?:[?.!]|$))", "", ",".join(pieces)).strip()


def _kind(behind: Sequence[str], noun: Sequence[str], known: Callable[[str], bool]) -> int:
    """How many words behind a comma are the kind of a noun before it; 0 where none are. What follows is no part of them."""
    for n in range(min(_KIND, len(behind)), 0, -1):
        kind = [word.strip("?.!") for word in behind[:n]]
        rest = simple_words(" ".join(behind[n:]))
        if rest and rest[0] not in lists().asked.before_places and rest[0] not in lists().facets.pay:
            continue
        if simple_words(kind[0])[:1] and simple_words(kind[0])[0] in function_words():
            continue
        said = " ".join(noun)
        if known(" ".join([*kind, said])) and known(said) and not known(" ".join([said, *kind])):
            return n
    return 0
