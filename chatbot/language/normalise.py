"""From what somebody typed to clean text and words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from chatbot.language.words import either, lists
from chatbot.policy import policy

MAX_CHARS = 2_000
"""Longer questions are not read: no question about a career needs them."""

_ESCAPE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-_])")
_QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."}
)
_CLOCK = re.compile(r"\b(\d{1,2})([:.]\d\d)?\s*([ap])\.?m\b\.?", re.I)
_SENTENCE = re.compile(r"[.!?;…]+\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:['.&+#/-][^\W_]+|\+\+|#)*", re.UNICODE)


def clean(text: str) -> str:
    """Unicode NFKC; escape sequences, control and format characters and lone surrogates gone; white space
    folded, times written alike."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", _ESCAPE.sub(" ", text).translate(_QUOTES))
        kept = (
            " " if c.isspace() else c
            for c in text
            if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
        )
        text = "".join(kept)
    return _CLOCK.sub(
        lambda m: f"{m[1]}{m[2] or ''} {m[3].upper()}M", " ".join(text.replace("`", "'").split())
    )


@cache
def _between() -> re.Pattern[str]:
    """What stands between two questions."""
    said = lists().questions
    return re.compile(
        rf"\?+\s+(?:{either(said.between)} )*|,?\s+{either(said.joining)}\s+(?={either(said.openings)}\b)",
        re.I,
    )


@cache
def _asks() -> re.Pattern[str]:
    """How a question opens."""
    return re.compile(rf"{either(lists().questions.openings)}\b", re.I)


@cache
def _closing() -> re.Pattern[str]:
    """What closes a question out of courtesy."""
    said = lists().questions
    one = rf"{either(said.closings)}(?:[\s,]+{either(said.after_closing)})*"
    return re.compile(rf"[\s,;:.!-]+(?:{one}[\s,;.!]*)+$", re.I)


def closing_gone(text: str) -> str:
    """A question without "thanks in advance" behind it; as it is where few words are left."""
    rest = _closing().sub("", text)
    return rest if len(rest.split()) >= policy().two.each_words else text


def questions(text: str) -> list[str]:
    """The questions of one message, where there are a few (each of a few words at least); else the message
    alone. Of more than two, each opens like a question: a story is none."""
    numbers = policy().two
    found = [part.strip() for part in _between().split(text) if part.strip(" ?")]
    later = found[1:] if len(found) == 2 else found
    asks = 1 < len(found) <= numbers.most and all(_asks().match(part) for part in later)
    asks = asks or (len(found) == 2 and found[1].endswith("?"))
    return found if asks and all(len(part.split()) >= numbers.each_words for part in found) else [text]


def sentences(text: str) -> list[str]:
    """The sentences of a text, each of a few words at least; a line, too, is one."""
    least = policy().two.each_words
    return [part.strip() for part in _SENTENCE.split(text) if len(part.split()) >= least]


def words(text: str) -> list[str]:
    """The words of a text as typed, with inner apostrophes, hyphens, dots and slashes (``out-of-state``,
    ``c++``, ``ph.d``)."""
    return _WORD.findall(text)


def parts(text: str) -> list[str]:
    """Words as typed, split at hyphens and slashes, possessive endings gone."""
    split = " ".join(words(text)).replace("-", " ").replace("/", " ").split(" ")
    return [part for part in (part[:-2] if part.endswith(("'s", "'S")) else part for part in split) if part]


def simple_words(text: str) -> list[str]:
    """``parts`` in small letters: what facets and vocabularies use."""
    return [part.lower() for part in parts(text)]


def printable(text: str) -> str:
    """The same in one line, with a blank for each control character: what a file or a user says, for a
    terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
