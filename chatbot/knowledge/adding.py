"""One more item at the end of a list in a YAML file, with everything that stands there left as it is: order,
comments, line ends.

The parser's marks say where the list ends, the text is put in there, and the new text is read before it is
written: it must hold the old values and the new item, and nothing else.
"""

from __future__ import annotations

import re
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from chatbot.errors import ChatbotError, KnowledgeError
from chatbot.files import put_text
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.yamlfile import read

BOM = "\ufeff"
_BREAK = "\n\r\x85\u2028\u2029"  # what the parser counts as the end of a line
_LINES = re.compile(f"[^{_BREAK}]*(?:\r\n|[{_BREAK}])|[^{_BREAK}]+")


class NotAddedError(ChatbotError):
    """The list is written in a way that nothing can be put into safely."""


def add_item(file: Path, kind: type, key: str, item: str) -> int:
    """Add ``item`` (block YAML that begins with ``- ``) to the list under a top-level key of a file of this
    kind; gives its line.

    Raises ``KnowledgeError`` for a file that is faulty as it is, ``NotAddedError`` where the text can't be
    put in safely, ``ChatbotError`` for a file that can't be written.
    """
    before = read(file)
    for new, line in _candidates(file.read_bytes().decode("utf-8"), key, item):
        if _is_right(new, file.name, kind, key, before.plain(), item):
            put_checked(file, new, kind)
            return line
    load_as(file, kind)  # a fault of the file itself is named first
    place = before.value[key][1] if key in before.value else before
    raise NotAddedError(
        f"{file}:{place.line}: {key!r} is not written as one item below the other, so nothing was added"
    )


def put_checked(file: Path, text: str, kind: type) -> None:
    """Write a file and read it back; where it does not load, the old content is put back. Raises
    ``ChatbotError``."""
    target = file.resolve()  # a link stays a link
    try:
        old = target.read_bytes() if target.exists() else None
        put_text(target, text)
        try:
            load_as(file, kind)
        except KnowledgeError as error:
            if old is None:
                target.unlink()
            else:
                put_text(target, old.decode("utf-8"))
            raise ChatbotError(f"{error.findings[0]}; nothing was written") from None
    except OSError as error:
        raise ChatbotError(f"{file}: can't be written ({error.strerror})") from None


def _is_right(new: str, name: str, kind: type, key: str, before: Any, item: str) -> bool:
    """Whether the new text is of this kind and holds the old values and the item, nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / name
        try:
            put_text(copy, item)
            added = read(copy).plain()
            put_text(copy, new)
            after = load_as(copy, kind)[1].plain()
        except KnowledgeError:
            return False
    if not isinstance(added, list) or len(added) != 1:
        return False
    expected: bool = after == before | {key: [*(before.get(key) or []), *added]}
    return expected


def _candidates(text: str, key: str, item: str) -> Iterator[tuple[str, int]]:
    """Texts with the item put in, the tidiest first, each with the line at which the item begins; none where
    there is no place for it."""
    bom = BOM if text.startswith(BOM) else ""
    text = text.removeprefix(BOM)
    newline = "\r\n" if "\r\n" in text else "\n"
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return
    lines = _LINES.findall(text)
    if lines[-1] == lines[-1].rstrip(_BREAK):
        lines[-1] += newline
    column = root.start_mark.column
    value = next((value for name, value in root.value if name.value == key), None)
    above = ""
    if value is None:
        above, indent, ends = f"{' ' * column}{key}:\n", column + 2, [len(lines)]
    elif isinstance(value, yaml.SequenceNode) and value.value and not value.flow_style:
        indent, ends = value.start_mark.column, _ends(lines, value)
        if len(value.value) > 1 and not lines[value.value[-1].start_mark.line - 1].strip():
            above = "\n"  # the items stand apart
    elif not value.value and value.start_mark.line == value.end_mark.line:  # nothing, or []
        row, start, end = value.start_mark.line, value.start_mark.column, value.end_mark.column
        lines[row] = lines[row][:start].rstrip() + lines[row][end:] if start < end else lines[row]
        indent, ends = column + 2, [row + 1]
    else:
        return
    put = (above + textwrap.indent(item, " " * indent)).replace("\n", newline)
    for at in dict.fromkeys(_past_comments(lines, end, column) for end in ends):
        yield bom + "".join([*lines[:at], put, *lines[at:]]), at + above.count("\n") + 1


def _ends(lines: list[str], node: yaml.Node) -> list[int]:
    """The lines after a list, without the blank lines that follow it, and with them: they may belong to a
    block of text."""
    line = node.start_mark.line
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        child = node.value[-1]
        if isinstance(child, tuple):
            line, child = child[0].end_mark.line, child[1]
        node = child
    mark = node.end_mark
    last = max(line, mark.line - 1 if mark.column == 0 and mark.line > node.start_mark.line else mark.line)
    tight = last
    while tight > line and not lines[tight].strip():
        tight -= 1
    return [tight + 1, last + 1]


def _past_comments(lines: list[str], at: int, column: int) -> int:
    """The line after the comments that belong to what ends at a line: those that stand further in; at the end
    of the file, all."""
    end = last = at
    for i in range(at, len(lines)):
        text = lines[i].strip()
        if text and not text.startswith("#"):
            return end
        if text:
            last = i + 1
            if len(lines[i]) - len(lines[i].lstrip()) > column:
                end = last
    return last
