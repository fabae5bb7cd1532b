"""Lists and mappings inside one cell of text, and back.

A list has an item on each line of the cell; where that would not read back the same, it is a JSON list. When
reading, a cell without line ends may also be separated by ``|``, else by ``;``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from chatbot.authoring.exchange.parsing import parse_json
from chatbot.authoring.exchange.record import WrongError

_SEPARATORS = ("\n", "|", ";")


def join_list(items: Sequence[str]) -> str:
    """A cell that ``split_list`` reads as these items."""
    text = "\n".join(items)
    return text if items == split_list(text) else json.dumps(list(items), ensure_ascii=False)


def split_list(text: str) -> list[str]:
    """The items of a cell, without blanks at their ends; those of a JSON list as they stand there."""
    if text.lstrip().startswith("["):
        try:
            found = parse_json(text)
        except WrongError:
            found = None
        if isinstance(found, list) and all(isinstance(item, str) for item in found):
            return found
    separator = next((s for s in _SEPARATORS if s in text), "\n")
    return [item for part in text.split(separator) if (item := part.strip())]


def join_map(values: Mapping[str, str]) -> str:
    """A cell that ``split_map`` reads as this mapping."""
    return json.dumps(values, ensure_ascii=False)


def split_map(text: str) -> dict[str, str]:
    """``{"country": "US"}``, or ``country: US`` with one pair a line or separated like a list; raises
    ``WrongError``.
    """
    if text.lstrip().startswith("{"):
        found = parse_json(text)
        assert isinstance(found, dict)
        return found
    out = {}
    for item in split_list(text):
        name, mark, value = item.partition(":" if ":" in item else "=")
        if not (mark and name.strip() and value.strip()):
            raise WrongError(f"{item[:40]!r} is no pair such as country: US")
        out[name.strip()] = value.strip()
    return out
