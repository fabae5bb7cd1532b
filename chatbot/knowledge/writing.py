"""Values to YAML that this program reads back as the same values, in the style of the shipped files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from chatbot.knowledge.yamlfile import scalar

WIDTH = 118


class _Dumper(yaml.SafeDumper):
    """Lists stand indented under their key, and no anchors are written."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    """In quotes what this program's reader, which is not PyYAML's own, would take for a number or the like
    (``08``)."""
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", value, style=None if isinstance(scalar(value), str) else "'"
    )


_Dumper.add_representer(str, _text)


def dump(value: Any, indent: int = 0) -> str:
    """Block YAML of plain data (dicts in their order, lists, text, numbers, booleans), each line indented;
    ends with a newline.

    Text that is not plain text in YAML (``NO``, ``2024``, ``a: b``) is quoted. Empty lists and dicts are
    written as ``[]`` and ``{}``.
    """
    text = yaml.dump(value, Dumper=_Dumper, width=WIDTH - indent, allow_unicode=True, sort_keys=False)
    if text.endswith("\n...\n"):
        text = text[:-4]
    return "".join(" " * indent + line if line.strip() else line for line in text.splitlines(keepends=True))


def without_empty(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same without what is None, empty text, or an empty list or dict: what a file may leave out."""
    return {key: item for key, item in value.items() if item not in (None, "", [], {}, ())}
