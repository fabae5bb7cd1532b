"""YAML read safely, with the place of every value.

Only plain data: mappings, lists, text, numbers, true/false and null. Tags, anchors and aliases are refused,
as are files that are too large or too deeply nested, so a file from a stranger can neither run code nor blow
up memory. ``yes``, ``no`` and dates stay text (YAML 1.2): the country code ``NO`` is Norway.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chatbot.errors import Finding, KnowledgeError
from chatbot.files import UnfitError, listed, read_bytes

MAX_BYTES = 5_000_000
MAX_DEPTH = 20

_PLAIN: list[tuple[re.Pattern[str], Any]] = [
    (re.compile(r"~|null|Null|NULL|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?[0-9]{1,18}"), int),  # what is longer stays text
    (re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)"), float),
]
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal, or turn the direction of what is read round (Boucher and Anderson, 2021)."""


@dataclass(slots=True)
class Node:
    """A value and where it starts. ``value`` is a scalar, a list of nodes, or a dict of key to (key node,
    value node)."""

    value: Any
    line: int
    column: int

    def plain(self) -> Any:
        """The same value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, (_, node) in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def finding(file: Path, node: Node | None, message: str, rule: str) -> Finding:
    """A finding at a node (or at the start of the file)."""
    return Finding(file, node.line if node else 1, node.column if node else 1, message, rule)


def yaml_files(folder: Path) -> list[Path]:
    """The files of a folder that are read, sorted; hidden ones are an editor's or another program's. Raises
    ``KnowledgeError`` for a folder that can't be listed."""
    try:
        found = listed(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        message = f"the folder can't be listed ({error.strerror}), so nothing in it is known"
        raise KnowledgeError([Finding(folder, 1, 1, message, "file")]) from None
    return [file for file in found if file.name.endswith(".yaml") and not file.name.startswith((".", "~$"))]


def read(file: Path) -> Node:
    """Parse one YAML file; raises ``KnowledgeError`` with every problem that the parser can name."""
    try:
        str(file).encode()
    except UnicodeEncodeError:
        shown = Path(str(file).encode("utf-8", "backslashreplace").decode())
        raise KnowledgeError(
            [Finding(shown, 1, 1, "the file's name is not UTF-8: rename it", "file")]
        ) from None
    try:
        raw = read_bytes(file, MAX_BYTES)
    except OSError as error:
        if isinstance(error, UnfitError) and error.too_large:
            too_large = Finding(file, 1, 1, f"{error.strerror}: split the file", "too-large")
            raise KnowledgeError([too_large]) from None
        raise KnowledgeError([Finding(file, 1, 1, f"can't be read: {error.strerror}", "file")]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        raise KnowledgeError(
            [Finding(file, line, column, "not UTF-8: save the file as UTF-8", "encoding")]
        ) from None
    control = _CONTROL.search(text.replace("\r\n", "\n"))
    if control:
        line = text.count("\n", 0, control.start()) + 1
        message = f"control character U+{ord(control.group()):04X}: remove it"
        raise KnowledgeError([Finding(file, line, 1, message, "control-character")])
    return _Builder(file).build(text)


class _Builder:
    """Builds nodes from parser events, without recursion."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.quoted: tuple[int, int] | None = None  # the lines of the last quoted text that goes over several

    def build(self, text: str) -> Node:
        root: Node | None = None
        stack: list[
            tuple[Node, Node | None]
        ] = []  # container and, in a mapping, the key waiting for its value
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(text, Loader=loader):
                if isinstance(event, yaml.AliasEvent | yaml.NodeEvent):
                    self._refuse(event)
                if isinstance(event, yaml.AliasEvent):
                    break  # what it stands for is not known, so nothing sensible can be said of the rest
                if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                    stack.pop()
                    continue
                node = self._node(event)
                if node is None:
                    continue
                if (
                    isinstance(event, yaml.ScalarEvent)
                    and event.style in {"'", '"'}
                    and event.start_mark
                    and event.end_mark
                ):
                    lines = event.start_mark.line + 1, event.end_mark.line + 1
                    self.quoted = lines if lines[0] < lines[1] else self.quoted
                if not stack:
                    if root is not None:
                        self._add(node, "more than one document: a file holds one", "syntax")
                    root = node
                else:
                    self._place(stack, node)
                if isinstance(node.value, dict | list):
                    stack.append((node, None))
                    if len(stack) > MAX_DEPTH:
                        self._add(node, f"nested more than {MAX_DEPTH} deep", "too-deep")
                        break
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            rows = text.splitlines()
            why = _explained(error, rows, line, self.quoted)
            if place := _without_colon(error, rows, line):
                line, column = place
                why = f"a colon is missing in {short(rows[line - 1][column - 1 :])!r}: write it after the key, with a blank behind it"
            self.findings.append(Finding(self.file, line, column, f"not YAML: {why}", "syntax"))
        except yaml.YAMLError as error:
            self.findings.append(Finding(self.file, 1, 1, f"not YAML: {error}".splitlines()[0], "syntax"))
        if self.findings:
            raise KnowledgeError(self.findings)
        return root or Node(None, 1, 1)

    def _add(self, node: Node, message: str, rule: str) -> None:
        self.findings.append(finding(self.file, node, message, rule))

    def _refuse(self, event: Any) -> None:
        """Aliases and tags, the first of each: a file made to do harm may have thousands."""
        where = Node(None, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._once(
                where,
                "anchors and aliases (& and *) are not read: write the value out, or put it in quotes",
                "alias",
            )
        if getattr(event, "tag", None):
            self._once(
                where, f"tags ({event.tag}) are not read: write plain text, or put it in quotes", "tag"
            )

    def _once(self, where: Node, message: str, rule: str) -> None:
        if not any(found.rule == rule for found in self.findings):
            self._add(where, message, rule)

    def _node(self, event: Any) -> Node | None:
        if not isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent):
            return None
        assert event.start_mark
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.MappingStartEvent):
            return Node({}, line, column)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node([], line, column)
        node = Node(event.value if event.style else scalar(event.value), line, column)
        if event.style == '"' and (
            control := _CONTROL.search(event.value)
        ):  # written as an escape, such as "\\e[2J"
            self._add(node, f"control character U+{ord(control.group()):04X}: remove it", "control-character")
        return node

    def _place(self, stack: list[tuple[Node, Node | None]], node: Node) -> None:
        container, key = stack[-1]
        if isinstance(container.value, list):
            container.value.append(node)
        elif key is None:
            if isinstance(node.value, dict | list):
                self._add(node, "a key must be plain text", "syntax")
                node = Node(str(id(node)), node.line, node.column)
            stack[-1] = (container, node)
        else:
            name = str(key.value)
            if name in container.value:
                self._add(key, f"the key {name!r} stands twice in this mapping", "duplicate-key")
            container.value[name] = (key, node)
            stack[-1] = (container, None)


def short(text: str) -> str:
    """The beginning of a line."""
    return text if len(text) <= 40 else text[:39].rstrip() + "…"


def _without_colon(error: yaml.MarkedYAMLError, lines: list[str], line: int) -> tuple[int, int] | None:
    """The line and column of a key that has no colon, which the parser notices only at a later one."""
    if "could not find expected ':'" in str(error.problem):
        place = (error.context_mark.line + 1, error.context_mark.column + 1) if error.context_mark else None
        quote_or_tab = place and re.match(r"\s*-?\s*[\"'\t]", lines[place[0] - 1])
        return None if quote_or_tab or not place or not _is_bare(lines[place[0] - 1]) else place
    if "mapping values are not allowed" in str(error.problem) and line > 1:
        before, own = lines[line - 2], lines[line - 1]
        column = len(before) - len(before.lstrip(" -"))
        begins = before.lstrip().startswith("- ") or (line == 2 and not column)
        heads = own.lstrip().startswith("- ") and " " not in before.strip() and column <= own.index("-")
        if _is_bare(before) and (heads or (begins and column == len(own) - len(own.lstrip()))):
            return line - 1, column + 1
    return None


def _is_bare(text: str) -> bool:
    """Whether a line might be a key, with or without a value, but for its colon."""
    return re.fullmatch(r"[ ]*(- +)?[A-Za-z_][\w-]*( [^\s:#].*)?[ ]*", text) is not None and ": " not in text


def _explained(
    error: yaml.MarkedYAMLError, lines: list[str], line: int, quoted: tuple[int, int] | None
) -> str:
    """What the parser says, or what is the likelier reason: it often notices only later."""
    said = str(error.problem or error.context)
    near = [(number, lines[number - 1]) for number in (line, line - 1) if 0 < number <= len(lines)]
    if error.context and "quoted scalar" in error.context and error.context_mark:
        return f"the quote that opens in line {error.context_mark.line + 1} is not closed"
    if quoted and quoted[1] >= line - 1:
        return (
            f"{said}; a quote opens in line {quoted[0]} and closes only in line {quoted[1]}: is one missing?"
        )
    for number, text in near:
        if (
            "\u00a0" in text[: len(text) - len(text.lstrip()) + 1]
            or ":\u00a0" in text
            or text.strip(" ")[:1] == "\u00a0"
        ):
            return f"a no-break space in line {number}, pasted from elsewhere: type a plain one"
        if re.match(r" *\t", text):
            return f"a tab in line {number}: indent with spaces"
    for number, text in near:
        if re.match(r" *-?[ ]*[\w-]+:[^\s/]", text):
            return f"{said}; in line {number} a blank is missing after the colon"
    if "mapping values are not allowed" in said:
        return "text with a colon and a blank in it must stand in quotes"
    return said


def scalar(text: str) -> Any:
    """What text without quotes stands for."""
    for pattern, convert in _PLAIN:
        if pattern.fullmatch(text):
            return convert(text)
    return text
