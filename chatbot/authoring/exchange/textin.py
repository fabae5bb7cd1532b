"""Files from anywhere as text, line by line or whole, and never more at once than fits."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from chatbot.authoring.exchange.decoding import OLD, Encoding, detect, marked
from chatbot.errors import ChatbotError
from chatbot.files import UnfitError, opened, read_bytes
from chatbot.language.normalise import printable

LINE_CHARS = 4_500_000
"""A longer line, row or cell can't stand in a file of a pack."""
PAGE_BYTES = 20_000_000
"""Web pages and JSON files are read whole; CSV and JSON Lines, which are not, may have any size."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_XML = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.I)
_TEXTUAL = re.compile(
    r"utf-?8|utf-?16|(iso-?8859|windows|cp|koi8|gb|big5|euc|shift|mac|us-ascii|ascii|latin|tis|johab|hz)[\w.:-]*",
    re.I,
)


def text_lines(file: Path, notes: list[str] | None = None) -> Iterator[tuple[int, str | None]]:
    """Each line with its number from 1, ending in ``\\n``; None for one that is longer than ``LINE_CHARS``.
    An encoding that had to be found out is told in ``notes``; without them, none is guessed.

    Raises ``ChatbotError`` for a file that can't be read or is in no encoding that can be told.
    """
    number = 0
    try:
        with opened(file) as raw:
            encoding = _told(file, raw, notes)
            raw.seek(0)
            stream = TextIOWrapper(raw, encoding=encoding.name)
            while line := stream.readline(LINE_CHARS):
                number += 1
                whole = len(line) < LINE_CHARS or line.endswith("\n")
                yield number, line if whole else None
                while not whole:
                    rest = stream.readline(LINE_CHARS)
                    whole = len(rest) < LINE_CHARS or rest.endswith("\n")
    except UnicodeError:
        raise ChatbotError(_not_text(file, encoding.name)) from None
    except OSError as error:
        raise ChatbotError(unreadable(file, error)) from None


def whole_text(file: Path, html: bool, notes: list[str] | None = None) -> str:
    """A web page or JSON file; of a page, the encoding that it declares is taken. Raises ``ChatbotError``."""
    try:
        raw = read_bytes(file, PAGE_BYTES)
    except OSError as error:
        raise ChatbotError(
            unreadable(file, error, "; for so much knowledge, use CSV or JSON Lines")
        ) from None
    declared = None if marked(raw[:4]) or not html else _declared(file, raw)
    encoding = Encoding(declared) if declared else _told(file, io.BytesIO(raw), notes)
    try:
        return raw.decode(encoding.name)
    except UnicodeError:
        said = f"not {encoding.name.upper()}, as it says itself; save the file as UTF-8"
        raise ChatbotError(printable(f"{file}: {said}")) from None


def unreadable(file: Path, error: OSError, else_: str = "") -> str:
    """What to say of a file that can't be read; ``else_``: what to do about one that is too large."""
    if isinstance(error, UnfitError) and error.too_large:
        return printable(f"{file}: {error.strerror}{else_}")
    return printable(f"{file}: can't be read ({error.strerror or error})")


def _told(file: Path, raw: BinaryIO, notes: list[str] | None) -> Encoding:
    """The encoding of a file; one that it does not name itself is noted, with a line to compare."""
    found = detect(raw)
    if found is None or (found.note and notes is None):
        raw.seek(0)
        raise ChatbotError(_no_encoding(file, raw))
    if found.note and notes is not None:
        line, text = _example(raw, found.name) if found.name in OLD else (1, "")
        example = f"; line {line} then says {text!r}: compare it" if text else ""
        notes.append(printable(f"{file}:{line}: {found.note}{example}"))
    return found


def _example(raw: BinaryIO, encoding: str) -> tuple[int, str]:
    """The first line that is not ASCII, and what is around its first such character."""
    raw.seek(0)
    for number, line in enumerate(raw, 1):
        if not line.isascii():
            text = line.decode(encoding, "replace")
            at = next(i for i, char in enumerate(text) if not char.isascii())
            return number, " ".join(text[max(0, at - 20) : at + 20].split())
    return 1, ""


def _declared(file: Path, raw: bytes) -> str | None:
    """The encoding that the head of a page names; ISO-8859-1 is read as Windows-1252, as browsers do."""
    found = _CHARSET.search(raw, 0, 4096) or _XML.search(raw, 0, 200)
    if not found:
        return None
    name = found[1].decode("ascii")
    if name.lower() in {"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"}:
        name = "windows-1252"
    if name.lower().replace("-", "").startswith("utf16"):
        return "utf-8"  # it could not have been read so far
    try:
        if _TEXTUAL.fullmatch(name):
            return codecs.lookup(name).name
    except LookupError:
        pass
    raise ChatbotError(
        f"{printable(str(file))}: it declares the encoding {name!r}, which is not known; save it as UTF-8"
    )


def _not_text(file: Path, encoding: str) -> str:
    """What to say where an encoding turns out not to be that of the whole file."""
    return printable(f"{file}: damaged {encoding.upper()}; save the file as UTF-8")


def _no_encoding(file: Path, raw: BinaryIO) -> str:
    """Names the first byte that is not text."""
    for number, line in enumerate(raw, 1):
        if b"\x00" in line:
            return printable(f"{file}:{number}: not text; save the file as UTF-8")
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = f"byte 0x{line[error.start]:02x} at byte {error.start + 1} of the line"
            return printable(f"{file}:{number}: not UTF-8 ({byte}); save the file as UTF-8")
    return printable(f"{file}: not UTF-8; save the file as UTF-8")
