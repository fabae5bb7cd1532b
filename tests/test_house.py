"""The structure of the package: no import leads in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "chatbot"


def name_of(file: Path) -> str:
    """The module in a file."""
    return ".".join(("chatbot", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


MODULES = {name_of(file): file for file in PACKAGE.rglob("*.py")}


def imported(module: str) -> Iterator[str]:
    """The modules of the package that a module imports, anywhere in it; what only a type checker reads is
    left out."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    typing = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
    ]
    left_out = {inner for node in typing for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node not in left_out:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def folder_of(module: str) -> str:
    """The folder right under the package that a module lies in; a file that lies in none is a room of its
    own."""
    parts = module.split(".")
    return ".".join(parts[:2])


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """A circle in a graph, or nothing."""
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return list(error.args[1])
    return []


GRAPH = {
    module: {target for target in imported(module) if target in MODULES and target != module}
    for module in MODULES
}


def test_no_circle_between_modules() -> None:
    """What a module imports, at the top or within a function, never leads back to it."""
    rooms = {module: targets - {"chatbot"} for module, targets in GRAPH.items() if module != "chatbot"}
    assert circle(rooms) == []


def test_no_circle_between_folders() -> None:
    """A folder whose modules import those of another is not imported by it in turn."""
    rooms: dict[str, set[str]] = {}
    for module, targets in GRAPH.items():
        inside = rooms.setdefault(folder_of(module), set())
        inside |= {folder_of(target) for target in targets if target != "chatbot"} - {folder_of(module)}
    rooms.pop("chatbot")
    assert len(rooms) > 20
    assert circle(rooms) == []


@pytest.mark.parametrize(
    "graph", [{"a": {"b"}, "b": {"a"}}, {"a": {"b"}, "b": {"c"}, "c": {"a"}}], ids=["two", "three"]
)
def test_a_circle_is_seen(graph: dict[str, set[str]]) -> None:
    """The check can fail."""
    assert circle(graph)
