"""Which encoding a file of text is in: what it says itself, UTF-8, UTF-16 by its zero bytes, else the one of
the old Western encodings in which its marks and letters make sense.

A guess by the frequency of letters needs more text than a table of questions has: it takes the euro sign of a
short file for a letter. Here every character beyond ASCII is judged by its neighbours, and a file in which
none of the encodings makes sense is refused.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

MARKS = {
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",  # before UTF-16, whose mark begins like the first
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
OLD = {"cp1252": "Windows-1252", "mac_roman": "Mac OS Roman", "cp850": "DOS code page 850"}
"""The usual one first: it is taken where two make the same sense."""
SAMPLE = 200_000
"""So many bytes with characters beyond ASCII are judged."""
MOST_ODD = 0.1
"""Of the characters beyond ASCII, at most this share may make no sense."""
_SIGNS = "‘’“”„‚‹›«»–—…•·†‡€£¥¢§¶©®™°ºª²³¹½¼¾±×÷µ¿¡\u00a0\u00ad"
_JOINING = "’‘–—…·\u00a0\u00ad"
"""Those of the signs that stand within a word, or between two."""
_WORDS = "àáèéíóùúæøå"
"""Small letters that are words by themselves in a Western language."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name and, where the file does not say it, what is to be said of it."""

    name: str
    note: str | None = None


def marked(head: bytes) -> str | None:
    """The encoding of the byte order mark at the start of a file."""
    return next((encoding for mark, encoding in MARKS.items() if head.startswith(mark)), None)


def zeros(head: bytes) -> str | None:
    """UTF-16 without a mark, by where its zero bytes stand; None for other text, "" for what is no text."""
    if b"\x00" not in head:
        return None
    even, odd = (head[start : len(head) - len(head) % 2 : 2] for start in (0, 1))
    for name, zero, other in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zero.count(0) > 0.4 * len(zero) and not other.count(0):
            return name
    return "" if head.count(0) > MOST_ODD * len(head) else None  # a few are a fault of their rows


def detect(stream: BinaryIO) -> Encoding | None:
    """The encoding of the text in a stream, which is read to its end; None where it is no text that can be
    told, UTF-8 with damage among it."""
    head = stream.read(4096)
    if name := marked(head):
        return Encoding(name)
    if (name := zeros(head)) is not None:
        return Encoding(name, "UTF-16 without its mark") if name else None
    odd, valid = _beyond(stream, head)
    if not odd:
        return Encoding("utf-8")
    found = None if valid else _old(odd)
    return Encoding(found, f"not UTF-8; read as {OLD[found]}") if found else None


def _beyond(stream: BinaryIO, head: bytes) -> tuple[list[bytes], int]:
    """The lines that are not UTF-8, as far as they are judged, and how many others have UTF-8 beyond ASCII."""
    odd: list[bytes] = []
    size = valid = 0
    stream.seek(0)
    while line := stream.readline(SAMPLE):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            valid += 1
        except UnicodeDecodeError as error:
            if error.reason == "unexpected end of data" and len(line) == SAMPLE:
                continue  # cut within a character
            if size < SAMPLE:
                odd.append(line)
                size += len(line)
    return odd, valid


def _old(lines: list[bytes]) -> str | None:
    best: tuple[int, str] | None = None
    for name in OLD:
        try:
            text = b"\n".join(lines).decode(name)
        except UnicodeDecodeError:
            continue
        odd = total = 0
        for match in re.finditer(r"[^\x00-\x7f]", text):
            total += 1
            odd += not _sensible(text, match.start())
        if odd <= MOST_ODD * total and (best is None or odd < best[0]):
            best = odd, name
    return best[1] if best else None


def _sensible(text: str, at: int) -> bool:
    """Whether a character fits between its neighbours."""
    char = text[at]
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    within = before.isalpha() and after.isalpha()
    if char in _SIGNS:
        return not within or char in _JOINING
    if not char.isalpha():
        return False
    alone = not before.isalpha() and not after.isalpha()
    if char.islower() and alone:
        return char in _WORDS and not (before + after).strip(" ’'")
    word = _word(text, at)
    if 2 * sum(letter.isascii() for letter in word) < len(word):
        return False
    if char.islower():
        return not (before.isupper() and after.isupper())
    return not before.islower() and not alone and not (after.isupper() and text[at + 2 : at + 3].islower())


def _word(text: str, at: int) -> str:
    """The letters around a place, at most twenty each way."""
    start, end = at, at
    while start > max(0, at - 20) and text[start - 1].isalpha():
        start -= 1
    while end < min(len(text), at + 20) and text[end].isalpha():
        end += 1
    return text[start:end]
