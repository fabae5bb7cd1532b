"""A question with its names masked, for patterns over what stands around names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

_TOKEN = re.compile(r"[^\W_]+(?:['.&+#][^\W_]+|\+\+|#)*|[,;:()?!.]|'(?=\s|\d)")
_POSSESSIVE = ("'s", "'S")
_STOPS = frozenset(",;:()?!.")
_ENDS = frozenset(";:?!.")
TITLE, ROLE, PLACE = "T", "R", "P"
"""What stands for the title of an occupation, for an occupation or field by a word that packs list, and for a
place."""


class Token(Struct, frozen=True):
    """A word or a stop of the masked text: where it stands in the text, and the first of its words and the one
    after the last, by their numbers in ``normalise.simple_words`` (the same for a stop)."""

    text: str
    start: int
    end: int
    word: int
    until: int


class Marked(Struct, frozen=True):
    """The masked text, its tokens, and where each begins in it."""

    text: str
    tokens: tuple[Token, ...]
    starts: tuple[int, ...]

    def covered(self, start: int, end: int) -> tuple[Token, ...]:
        """The tokens between two places of the masked text."""
        return tuple(
            token
            for token, at in zip(self.tokens, self.starts, strict=True)
            if at >= start and at + len(token.text) <= end
        )


def marked(text: str, named: Mapping[str, Iterable[tuple[int, int]]]) -> Marked:
    """Mask a text; ``named``: by what stands for them, the ranges of words, as ``normalise.simple_words`` numbers
    them, that are names. Of two ranges with the same start the later kind stands."""
    plain = _tokens(text)
    names: dict[int, tuple[str, int]] = {}
    for kind, ranges in named.items():
        for start, end in ranges:
            names[start] = (kind, max(end, names[start][1] if start in names else 0))
    out: list[Token] = []
    i = 0
    while i < len(plain):
        token = plain[i]
        name = names.get(token.word) if token.until > token.word else None
        if name is None:
            out.append(token)
            i += 1
            continue
        kind, until = name
        last = i
        while last + 1 < len(plain) and plain[last + 1].until <= until and plain[last].until < until:
            last += 1
        out.append(Token(kind, token.start, plain[last].end, token.word, until))
        i = last + 1
    return _joined(out)


def beginnings(text: str) -> frozenset[int]:
    """The numbers of the words, as ``normalise.simple_words`` numbers them, that stand behind a stop which ends a
    sentence or opens a list."""
    return frozenset(token.word for token in _tokens(text) if token.text in _ENDS and token.word)


def _joined(tokens: Sequence[Token]) -> Marked:
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token.text) + 1
    return Marked(" ".join(token.text for token in tokens), tuple(tokens), tuple(starts))


def _tokens(text: str) -> list[Token]:
    """Words in small letters, split as ``normalise.parts`` splits them, and the stops between them."""
    out: list[Token] = []
    word = 0
    for match in _TOKEN.finditer(text):
        found, start, end = match.group(), match.start(), match.end()
        if found in _STOPS:
            out.append(Token(found, start, end, word, word))
        elif found == "'":
            behind = text[end : end + 1].isdigit()
            out.append(Token("'" if behind else "'s", start, end, word, word))
        elif found.endswith(_POSSESSIVE) and len(found) > 2:
            out.append(Token(found[:-2].lower(), start, end - 2, word, word + 1))
            word += 1
            out.append(Token("'s", end - 2, end, word, word))
        else:
            out.append(Token(found.lower(), start, end, word, word + 1))
            word += 1
    return out
