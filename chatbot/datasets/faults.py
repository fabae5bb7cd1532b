"""Where faults of a declaration and of its titles stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chatbot.datasets.model import Rows
from chatbot.errors import Finding, KnowledgeError
from chatbot.knowledge.yamlfile import Node, read


def node_of(file: Path, path: str) -> Node | None:
    """Where a key stands in a file, or the nearest above it."""
    try:
        node = read(file)
    except KnowledgeError:
        return None
    for key in path.split("."):
        if not isinstance(node.value, dict) or key not in node.value:
            break
        node = node.value[key][1]
    return node


def unknown_codes(file: Path, node: Any, rows: Rows | None) -> list[Finding]:
    """Codes that no row of the figures has."""
    if rows is None:
        return []
    out: list[Finding] = []

    def look(code: str, place: Any) -> None:
        if code not in rows.row:
            out.append(
                Finding(
                    file,
                    place.line,
                    place.column,
                    f"no row of the figures has the code {code!r}",
                    "unknown-code",
                )
            )

    for part in ("titles", "groups"):
        for code, (place, _) in (node.value[part][1].value if part in node.value else {}).items():
            look(code, place)
    for part in ("stand_ins", "broader"):
        for _, (_, place) in (node.value[part][1].value if part in node.value else {}).items():
            look(str(place.value), place)
    for _, (_, listed) in (node.value["ambiguous"][1].value if "ambiguous" in node.value else {}).items():
        for place in listed.value:
            look(str(place.value), place)
    return out
