"""What words around names, and words of time, rank and amount, make of a question: "outside of Texas", "nurse's
husband", "a decade ago". The patterns stand in resources/scopes.toml.

What is named to be left out, or only has to do with what is asked about, is cut out of the text, so that nothing
takes it for what is asked about; rules say what follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import cached_property, lru_cache

import msgspec

from chatbot.language.marked import PLACE, ROLE, TITLE, Marked, Token, marked
from chatbot.language.words import either
from chatbot.tables import table

FILE = "scopes.toml"
_LIST = r"{0}(?:(?: , {0})*(?: ,)? (?:and|or|nor|&) (?:(?:the|a|an|in|of) )*{0})?"
_NAMES = {"T": _LIST.format("T"), "P": _LIST.format("P")} | {
    "G": f"(?:{_LIST.format('[TR]')}|{_LIST.format('P')})"
}


class Kind(StrEnum):
    """What a scope does to what it holds."""

    LEFT_OUT = "left out"
    UNREAD = "unread"
    NEAR = "near"
    ELSEWHERE = "elsewhere"
    PART = "part"
    OTHERS = "others"
    RATIO = "ratio"
    TIME = "time"
    RANK = "rank"
    SUM = "sum"
    UNIT = "unit"
    MONEY = "money"
    LEGAL = "legal"
    EMPLOYER = "employer"
    CONDITION = "condition"
    STUDY = "study"
    ONESELF = "oneself"
    RELATIVE = "relative"


_POINTING = frozenset({"there", "here"})
"""Points to a place that was named of somebody else, which is then kept."""
_TOLD = frozenset({Kind.ONESELF, Kind.RELATIVE})
CUT = frozenset({Kind.LEFT_OUT, Kind.NEAR, Kind.ELSEWHERE, Kind.OTHERS, Kind.ONESELF, Kind.RELATIVE})
"""What is cut out of the text; what somebody says of himself, or of his kin, only where another is named beside it."""


class Scope(msgspec.Struct, frozen=True):
    """A scope in a question: the ``text`` as typed, whether occupations or places are named in it, and the
    numbers of its first word and the one after its last."""

    kind: Kind
    text: str
    titles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    start: int = 0
    end: int = 0


class _Pattern(msgspec.Struct, frozen=True, dict=True):
    """A pattern, compiled when it is first looked for: most questions hold the words of few."""

    kind: Kind
    words: frozenset[str]
    text: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\S)(?:{self.text})(?!\S)")


class _Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"with_": "with"}):
    kind: Kind
    with_: str
    patterns: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, str]
    scope: tuple[_Listed, ...]


def typed(tables: object) -> tuple[_Pattern, ...]:
    """The patterns of a file; raises ``msgspec.ValidationError`` or ``KeyError`` for one that is none, and, once it is
    looked for, ``re.error``."""
    file = msgspec.convert(tables, _File)
    words = {name: _split(listed) for name, listed in file.words.items()}

    def filled(match: re.Match[str]) -> str:
        return either(
            re.escape(word).replace(r"\ ", " ") for word in sorted(words[match[1]], key=len, reverse=True)
        )

    out = []
    for listed in file.scope:
        named = [word for text in _split(listed.with_) for word in words.get(text.strip("{}"), [text])]
        together = "|".join(
            f"(?:{re.sub(r'(?<![A-Za-z])[TPG](?![A-Za-z])', lambda m: _NAMES[m[0]], re.sub(r'{([a-z_]+)}', filled, text))})"
            for text in listed.patterns
        )
        out.append(_Pattern(listed.kind, frozenset(named), together))
    return tuple(out)


def _split(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split(",")]


@lru_cache(maxsize=1)
def patterns() -> tuple[_Pattern, ...]:
    """The shipped patterns."""
    return typed(table(FILE))


_STOPS = " ,;:"
_STRAY = re.compile(rf"\s+([{_STOPS.strip()}?])")
_NUMBER, _POSSESSIVE = "0", "*"
"""Stand for any word with a number in it, and for "'s", among the words of a pattern."""


def may_hold(text: str, words: Iterable[str]) -> bool:
    """Whether a question has a word without which it holds no scope."""
    return not _every().isdisjoint(_held(text, words))


def _held(text: str, words: Iterable[str]) -> set[str]:
    held = set(words) | ({_POSSESSIVE} if "'" in text else set())
    return held | {_NUMBER} if any(not word.isalpha() for word in held) else held


@lru_cache(maxsize=1)
def _every() -> frozenset[str]:
    return frozenset[str]().union(*(pattern.words for pattern in patterns()))


def scopes(
    text: str,
    words: Iterable[str],
    titles: Iterable[tuple[int, int]],
    roles: Iterable[tuple[int, int]],
    places: Iterable[tuple[int, int]],
) -> tuple[str, tuple[Scope, ...]]:
    """The text without what is cut out of it, and the scopes in it.

    ``words``: those of the text; ``titles``, ``roles`` and ``places``: ranges of them, as ``normalise.simple_words`` numbers them, that name
    occupations by their titles, occupations and fields by the words that packs list, and places.
    """
    question = marked(text, {PLACE: places, ROLE: roles, TITLE: titles})
    held = _held(text, words)
    found: list[Scope] = []
    gone: list[tuple[int, int]] = []
    taken: set[int] = set()
    for pattern in patterns():
        if pattern.words.isdisjoint(held):
            continue
        for match in pattern.pattern.finditer(question.text):
            tokens = question.covered(*match.span())
            if not tokens or taken.intersection(token.start for token in tokens):
                continue
            beside = _beside(question, tokens, gone) if pattern.kind in _TOLD else frozenset()
            if pattern.kind is Kind.ONESELF or (pattern.kind is Kind.RELATIVE and beside & _POINTING):
                tokens = _own(tokens, beside)
            if not tokens or (pattern.kind is Kind.RELATIVE and TITLE not in beside):
                continue
            taken.update(token.start for token in tokens)
            found.append(_scope(pattern.kind, text, tokens))
            if pattern.kind in CUT:
                gone.append((tokens[0].start, tokens[-1].end))
    return _without(text, gone), tuple(sorted(found, key=lambda scope: scope.start))


def _beside(question: Marked, tokens: Sequence[Token], gone: Iterable[tuple[int, int]]) -> frozenset[str]:
    """What is named beside some tokens, in what is not cut out."""
    out = [(tokens[0].start, tokens[-1].end), *gone]
    return frozenset(
        token.text for token in question.tokens if not any(start <= token.start < end for start, end in out)
    )


def _own(tokens: tuple[Token, ...], beside: AbstractSet[str]) -> tuple[Token, ...]:
    """The part of what somebody says of himself that names nothing which is not named once more beside it: what stands
    behind all else, or else before the place that is named there alone."""
    named = [i for i, token in enumerate(tokens) if token.text in {TITLE, PLACE}]
    lone = [i for i in named if tokens[i].text not in beside]
    if not lone:
        return tokens
    if lone[-1] < named[-1]:
        return tokens[lone[-1] + 1 :]
    before = [i for i in named if i < lone[0]]
    return tokens[: before[-1] + 1] if before else ()


def _scope(kind: Kind, text: str, tokens: Sequence[Token]) -> Scope:
    words = [token for token in tokens if token.until > token.word]
    names = {
        name: tuple(text[token.start : token.end] for token in tokens if token.text in kinds)
        for name, kinds in ((TITLE, {TITLE, ROLE}), (PLACE, {PLACE}))
    }
    return Scope(
        kind,
        text[words[0].start : words[-1].end],
        names[TITLE],
        names[PLACE],
        words[0].word,
        words[-1].until,
    )


def _without(text: str, gone: Sequence[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in sorted(gone):
        kept.append(text[at:start])
        at = end
    left = " ".join(" ".join([*kept, text[at:]]).split())
    return _STRAY.sub(r"\1", left).lstrip(_STOPS) if gone else text
