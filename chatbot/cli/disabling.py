"""The line ``disabled = [...]`` of the configuration, written so that every other line and every comment
stays as it is."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

from chatbot.cli.config import MOST_BYTES, TEMPLATE
from chatbot.errors import ChatbotError
from chatbot.files import put_text, read_bytes
from chatbot.language.normalise import printable

KEY = "disabled"
_START = re.compile(rf"""^[ \t]*(?:{KEY}|"{KEY}"|'{KEY}')[ \t]*=[ \t]*\[""", re.M)
_SHOWN = re.compile(rf"^[ \t]*#[ \t]*{KEY}[ \t]*=.*$", re.M)
"""The line of the template that shows the default."""
_TOKEN = re.compile(r""" "(?:[^"\\\n]|\\.)*" | '[^'\n]*' | \#[^\n]* | , | \] | \s+ """, re.X)


def write_disabled(file: Path, names: Sequence[str]) -> None:
    """Make the file say that these packs are left out; a file that is not there is begun with the defaults as
    comments.

    Raises ``ChatbotError`` for a file that must not or can't be written.
    """
    shown = printable(str(file))
    if file.name == "pyproject.toml":
        raise ChatbotError(
            f"{shown}: not changed, as it belongs to a project; write there, under [tool.chatbot]: {_line(names)}"
        )
    try:
        place = file.resolve()  # the file itself, where a link leads to it
        if place.exists() and not (place.stat().st_mode & 0o222 and os.access(place, os.W_OK)):
            raise ChatbotError(f"{shown}: can't be written: it is read-only")
        text = read_bytes(place, MOST_BYTES).decode("utf-8") if place.exists() else TEMPLATE
        put_text(place, with_disabled(shown, text, names))
    except OSError as error:
        raise ChatbotError(f"{shown}: can't be written ({error.strerror})") from None
    except UnicodeEncodeError:
        raise ChatbotError(
            f"{shown}: not changed: a pack's name is no text: {printable(repr(names))}"
        ) from None


def with_disabled(file: str, text: str, names: Sequence[str]) -> str:
    """The text of the configuration with these packs disabled; ``ChatbotError`` where it is written in a way
    that can't be followed."""
    import tomllib

    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    changed = _changed(text, names)
    before, after = (one.replace("\r\n", "\n") for one in (text, changed))
    try:
        followed = tomllib.loads(after) == tomllib.loads(before) | {KEY: list(names)}
    except tomllib.TOMLDecodeError:
        followed = False
    if not followed:
        raise ChatbotError(
            f"{file}: not changed, as it is written in an unusual way; write there: {_line(names)}"
        )
    return mark + changed


def _line(names: Sequence[str]) -> str:
    return f"{KEY} = {json.dumps(list(names), ensure_ascii=False)}"


def _changed(text: str, names: Sequence[str]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    if start := _START.search(text):
        tokens, end = _tokens(text, start.end())
        within = "".join(tokens)
        inside = (
            _rewritten(tokens, names) if "\n" in within else json.dumps(list(names), ensure_ascii=False)[1:-1]
        )
        return text[: start.end()] + inside + text[end:]
    shown = _SHOWN.search(text)
    place = (text.find("\n", shown.start()) + 1 or len(text)) if shown else len(text)
    gap = newline if place and text[place - 1] != "\n" else ""
    return text[:place] + gap + _line(names) + newline + text[place:]


def _tokens(text: str, place: int) -> tuple[list[str], int]:
    """The pieces of an array after its bracket, up to the one that closes it, and where that stands."""
    out: list[str] = []
    while (found := _TOKEN.match(text, place)) and found.group() != "]":
        out.append(found.group())
        place = found.end()
    return out, place


def _rewritten(tokens: Sequence[str], names: Sequence[str]) -> str:
    """An array over several lines: names not wanted any more go with their comma, new ones stand behind the
    last, comments stay."""
    import tomllib

    out: list[str] = []
    kept: set[str] = set()
    last, dropped = 0, False
    for piece in tokens:
        if piece[0] in "\"'":
            name = tomllib.loads(f"name = {piece}")["name"]
            dropped = name not in names or name in kept
            if not dropped:
                kept.add(name)
                out.append(piece)
                last = len(out)
        elif piece == "," and dropped:
            dropped = False
        else:
            out.append(piece)
    new = [json.dumps(name, ensure_ascii=False) for name in names if name not in kept]
    out[last:last] = [(", " if last else "") + ", ".join(new)] if new else []
    return re.sub(r"\n[ \t\r]*(?=\n)", "", "".join(out))  # the lines that are empty now
