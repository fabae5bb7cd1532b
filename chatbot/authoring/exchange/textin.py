"""Files from anywhere as text: UTF-8 or UTF-16 with a mark, line by line or whole, and never more at once
than fits."""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable

LINE_CHARS = 4_500_000
"""A longer line, row or cell can't stand in a file of a pack."""
PAGE_BYTES = 20_000_000
"""Web pages and JSON files are read whole; CSV and JSON Lines, which are not, may have any size."""

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",  # before UTF-16, whose mark begins like the first
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_XML = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.I)
_TEXTUAL = re.compile(
    r"utf-?8|utf-?16|(iso-?8859|windows|cp|koi8|gb|big5|euc|shift|mac|us-ascii|ascii|latin|tis|johab|hz)[\w.:-]*",
    re.I,
)


def text_lines(file: Path) -> Iterator[tuple[int, str | None]]:
    """Each line with its number from 1, ending in ``\\n``; None for one that is longer than ``LINE_CHARS``.

    Raises ``ChatbotError`` for a file that can't be read or is in another encoding.
    """
    number = 0
    try:
        with _opened(file) as raw:
            encoding = _marked(raw.read(4))
            raw.seek(0)
            stream = TextIOWrapper(raw, encoding=encoding or "utf-8")
            while line := stream.readline(LINE_CHARS):
                number += 1
                whole = len(line) < LINE_CHARS or line.endswith("\n")
                yield number, line if whole else None
                while not whole:
                    rest = stream.readline(LINE_CHARS)
                    whole = len(rest) < LINE_CHARS or rest.endswith("\n")
    except UnicodeError:
        raise ChatbotError(_not_text(file, encoding)) from None
    except OSError as error:
        raise ChatbotError(unreadable(file, error)) from None


def whole_text(file: Path, html: bool) -> str:
    """A web page or JSON file; of a page, the encoding that it declares is taken. Raises ``ChatbotError``."""
    try:
        with _opened(file) as stream:
            raw = stream.read(PAGE_BYTES + 1)
    except OSError as error:
        raise ChatbotError(unreadable(file, error)) from None
    if len(raw) > PAGE_BYTES:
        raise ChatbotError(
            printable(f"{file}: more than {PAGE_BYTES:,} bytes; for so much knowledge, use CSV or JSON Lines")
        )
    encoding = _marked(raw[:4]) or (_declared(file, raw) if html else None) or "utf-8"
    try:
        return raw.decode(encoding)
    except UnicodeError as error:
        if encoding.startswith("utf-8") and isinstance(error, UnicodeDecodeError):
            line = raw.count(b"\n", 0, error.start) + 1
            what = f"not UTF-8 (byte 0x{raw[error.start]:02x}){' and declares no encoding' if html else ''}"
            raise ChatbotError(printable(f"{file}:{line}: {what}; save the file as UTF-8")) from None
        raise ChatbotError(
            printable(f"{file}: not {encoding.upper()}, as it says itself; save the file as UTF-8")
        ) from None


def _opened(file: Path) -> BinaryIO:
    """The file to be read; a pipe or device is none, as reading it might never end."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise ChatbotError(printable(f"{file}: can't be read (not a file)"))
    return file.open("rb")


def unreadable(file: Path, error: OSError) -> str:
    """What to say of a file that can't be read."""
    return printable(f"{file}: can't be read ({error.strerror or error})")


def _marked(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS.items() if head.startswith(mark)), None)


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


def _not_text(file: Path, encoding: str | None) -> str:
    """Names the first byte that is not text."""
    if encoding and encoding != "utf-8-sig":
        return printable(f"{file}: damaged {encoding.upper()}; save the file as UTF-8")
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                byte = f"byte 0x{line[error.start]:02x} at byte {error.start + 1} of the line"
                return printable(f"{file}:{number}: not UTF-8 ({byte}); save the file as UTF-8")
    return printable(f"{file}: not UTF-8; save the file as UTF-8")
