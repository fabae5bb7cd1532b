"""Entries, tables, topics, packs and sources as YAML in the style of the shipped files, with what is left to
do as comments.

A plain emitter of our own: it writes 50,000 entries in seconds, folds answers, and puts short lists on one
line. Text that is not plain beyond doubt is quoted, and what can't be seen in a file (other spaces, marks of
direction) is written as an escape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from chatbot.language.normalise import printable

WIDTH = 118
FEWEST = 8
"""With fewer phrasings than these, an entry is hardly found."""
LONGEST = 95
"""An answer of more words is too long to be read."""
_ENTRY = (
    "id",
    "question",
    "answer",
    "brief",
    "citations",
    "scope",
    "subjects",
    "as_of",
    "replaces",
    "disagrees_with",
    "follow_ups",
    "phrasings",
)
_PLAIN = re.compile(r"[A-Za-z](?:[\w ,.;!?()'’“”\"/%$€£+&…–-]*[\w.?!)’”%+])?")
_URL = re.compile(r"https?://[\w./?=&%~+-]*[\w/]", re.ASCII)
_WORD = re.compile(r"[A-Za-z][\w.-]*")
_RESERVED = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "none"])
_ESCAPED = re.compile(r"[^\x20-\x7e]")


def quoted(text: str) -> str:
    """The text between double quotes, on one line."""
    found = json.dumps(text, ensure_ascii=False)
    if found.isprintable():
        return found
    return _ESCAPED.sub(lambda c: c.group() if c.group().isprintable() else _escape(ord(c.group())), found)


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def inline(value: Any) -> str:
    """A value on one line; lists and mappings in brackets."""
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) and value.lower() not in _RESERVED else quoted(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{inline(key)}: {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    return number(value)


def number(value: Any) -> str:
    """A number or boolean; never with an exponent, which the loader would take for text."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    text = format(Decimal(repr(value)), "f")
    return text if "." in text else text + ".0"


def text_lines(key: str, text: str, indent: int) -> list[str]:
    """``key: text`` at an indentation, folded or line by line where that reads better and gives back the same
    text."""
    pad = " " * indent
    one = f"{pad}{key}: {text}"
    plain = (_PLAIN.fullmatch(text) or _URL.fullmatch(text)) and text.lower() not in _RESERVED
    if plain and len(one) <= WIDTH:
        return [one]
    words = text.split(" ")
    if text.isprintable() and "" not in words and len(one) > WIDTH:
        return [f"{pad}{key}: >-", *_folded(words, indent + 2)]
    lines = text.split("\n")
    if len(lines) > 1 and all(line.isprintable() and line and line == line.strip(" ") for line in lines):
        return [f"{pad}{key}: |-", *(f"{pad}  {line}" for line in lines)]
    return [f"{pad}{key}: {quoted(text)}"]


def _folded(words: list[str], indent: int) -> list[str]:
    out, line = [], " " * indent + words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > WIDTH:
            out.append(line)
            line = " " * indent + word
        else:
            line = f"{line} {word}"
    return [*out, line]


def lines_of(key: str, value: Any, indent: int) -> list[str]:
    """A key with any value: text, a short list or mapping on one line, a longer one below each other."""
    pad = " " * indent
    if isinstance(value, str):
        return text_lines(key, value, indent)
    one = f"{pad}{key}: {inline(value)}"
    short = key not in ("phrasings", "row_phrasings", "citations", "rows") and len(one) <= WIDTH
    if short or not value or not isinstance(value, Mapping | list):
        return [one]
    if isinstance(value, Mapping):
        return [
            f"{pad}{key}:",
            *(line for name, item in value.items() for line in lines_of(inline(name), item, indent + 2)),
        ]
    return [f"{pad}{key}:", *(line for item in value for line in _item(key, item, indent + 2))]


def _item(key: str, value: Any, indent: int) -> list[str]:
    pad = " " * indent
    one = f"{pad}- {inline(value)}"
    if isinstance(value, Mapping) and value and (key != "rows" or len(one) > WIDTH):
        block = [line for name, item in value.items() for line in lines_of(inline(name), item, indent + 2)]
        return [f"{pad}- {block[0][indent + 2 :]}", *block[1:]]
    return [f"{pad}- {quoted(value)}" if isinstance(value, str) and key.endswith("phrasings") else one]


def entry_block(fields: Mapping[str, Any], todo: Sequence[str], origin: str = "") -> str:
    """An entry as an item of ``entries``, with what is left to do: ``section``, ``figures``, or a text of its
    own; ``origin`` says where it came from."""
    lines: list[str] = []
    for name in sorted(fields, key=lambda name: _ENTRY.index(name) if name in _ENTRY else 0):
        block = lines_of(name, fields[name], 4)
        if name == "answer" and (words := len(fields[name].split())) > LONGEST:
            lines.append(f"    # TODO: {words} words; about 90 are what people read")
        if name == "citations":
            block = _marked(block, todo)
        if name == "phrasings" and len(fields[name]) < FEWEST:
            block[0] += f"  # TODO: {len(fields[name])} of at least {FEWEST}, better 15 to 40"
        lines += block
    if "phrasings" not in fields:
        lines.append(
            "    phrasings: []  # TODO: other ways to ask, 15 to 40 of them: terse, chatty, indirect"
        )
    return _as_item([*lines, *_others(todo)], origin)


def _marked(block: list[str], todo: Sequence[str]) -> list[str]:
    out: list[str] = []
    for line in block:
        if "section" in todo and line.startswith("        section:"):
            out.append("        # TODO: the heading under which the source says so")
        if "figures" in todo and line.startswith("        figures:"):
            out.append("        # TODO: taken from the answer, and checked by nobody")
        out.append(line)
    return out


def _others(todo: Sequence[str]) -> list[str]:
    return [f"    # TODO: {printable(one)}" for one in todo if one not in ("section", "figures")]


def table_block(fields: Mapping[str, Any], todo: Sequence[str], origin: str = "") -> str:
    """A table as an item of ``tables``."""
    return _as_item(
        [*(line for name, value in fields.items() for line in lines_of(name, value, 4)), *_others(todo)],
        origin,
    )


def _as_item(lines: list[str], origin: str) -> str:
    first = "  - " + lines[0][4:] + (f"  # {origin}" if origin else "")
    return "\n".join([first, *lines[1:]]) + "\n"


def topic_head(
    topic: str, title: str, years: float | None, guessed: bool, subjects: Sequence[str] = ()
) -> str:
    """The lines above ``entries`` and ``tables``; ``guessed``: entries of which no topic was told are among
    them."""
    lines = (
        ["# TODO: no topic was named for these entries; put them into the files of their topics"]
        if guessed
        else []
    )
    lines += [*lines_of("topic", topic, 0), *lines_of("title", title, 0)]
    lines += lines_of("subjects", list(subjects), 0) if subjects else []
    return "\n".join([*lines, *(lines_of("shelf_life_years", years, 0) if years is not None else [])]) + "\n"


def pack_text(fields: Mapping[str, Any], todo: Sequence[str]) -> str:
    """``pack.yaml``."""
    lines = [line for name, value in fields.items() for line in lines_of(name, value, 0)]
    return "\n".join([*lines, *(f"# TODO: {printable(one)}" for one in todo)]) + "\n"


def source_item(fields: Mapping[str, Any], todo: Sequence[str]) -> str:
    """A source as an item of ``sources``, not indented."""
    lines = [line for name, value in fields.items() for line in lines_of(name, value, 2)]
    lines += [f"  # TODO: {printable(one)}" for one in todo]
    return "\n".join(["- " + lines[0][2:], *lines[1:]]) + "\n"
