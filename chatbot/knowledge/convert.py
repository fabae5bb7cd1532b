"""From YAML nodes to typed values, naming every fault and its place instead of the first."""

from __future__ import annotations

import difflib
import math
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from chatbot.errors import Finding, KnowledgeError
from chatbot.knowledge.yamlfile import Node, finding, read

T = TypeVar("T")


def load_as(file: Path, kind: type[T]) -> tuple[T, Node]:
    """Read a file as one of the types in ``schema``; raises ``KnowledgeError`` with all findings."""
    node = read(file)
    findings: list[Finding] = []
    _check(file, node, inspect.type_info(kind), findings, "")
    if findings:
        raise KnowledgeError(findings)
    try:
        return msgspec.convert(node.plain(), kind, strict=True), node
    except msgspec.ValidationError as error:  # what _check does not know is still refused
        raise KnowledgeError([finding(file, node, str(error), "schema")]) from None


def _check(file: Path, node: Node, kind: inspect.Type, out: list[Finding], path: str) -> None:
    """Compare a node with a type, going down into structs, lists and dicts; leaves are converted by msgspec."""
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    where = path or "the file"
    if isinstance(kind, inspect.UnionType) and node.value is not None:
        containers = [t for t in kind.types if not isinstance(t, inspect.NoneType)]
        if len(containers) == 1:
            kind = containers[0]
    if isinstance(kind, inspect.StructType):
        if not isinstance(node.value, dict):
            out.append(
                finding(
                    file, node, f"{where}: expected a mapping of keys to values, found {_kind(node)}", "type"
                )
            )
        else:
            _check_struct(file, node, kind, out, path)
    elif isinstance(kind, inspect.ListType):
        if not isinstance(node.value, list):
            out.append(finding(file, node, f"{where}: expected a list, found {_kind(node)}", "type"))
            return
        for child in node.value:
            _check(file, child, kind.item_type, out, path)
    elif isinstance(kind, inspect.DictType):
        if not isinstance(node.value, dict):
            out.append(finding(file, node, f"{where}: expected a mapping, found {_kind(node)}", "type"))
            return
        for key, (_, child) in node.value.items():
            _check(file, child, kind.value_type, out, f"{path}.{key}")
    else:
        _check_leaf(file, node, kind, out, where)


def _check_struct(file: Path, node: Node, kind: inspect.StructType, out: list[Finding], path: str) -> None:
    fields = {field.encode_name: field for field in kind.fields}
    meant: set[str] = set()
    for key, (key_node, child) in node.value.items():
        if key in fields:
            _check(file, child, fields[key].type, out, f"{path}.{key}".lstrip("."))
            continue
        if key in (moved := getattr(kind.cls, "moved", {})):
            out.append(finding(file, key_node, f"{key}: {moved[key]}", "unknown-key"))
            continue
        near = difflib.get_close_matches(key, fields, 1)
        meant |= set(near)
        hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(fields)}"
        out.append(finding(file, key_node, f"unknown key {key!r}; {hint}", "unknown-key"))
    for name, field in fields.items():
        if field.required and name not in node.value and name not in meant:
            what = f" of {path}" if path else ""
            out.append(finding(file, node, f"the key {name!r}{what} is missing", "missing-key"))


def _check_leaf(file: Path, node: Node, kind: inspect.Type, out: list[Finding], where: str) -> None:
    expected = _python_type(kind)
    if isinstance(node.value, float) and not math.isfinite(node.value):
        out.append(finding(file, node, f"{where}: a number too large", "type"))
        return
    try:
        msgspec.convert(node.plain(), expected, strict=True)
    except msgspec.ValidationError as error:
        out.append(finding(file, node, f"{where}: {_in_words(node, kind, str(error))}", "type"))


def _in_words(node: Node, kind: inspect.Type, reason: str) -> str:
    """What is expected and what was found, without the words of a programming language."""
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.LiteralType):
        near = difflib.get_close_matches(str(node.value), [str(v) for v in kind.values], 1)
        known = ", ".join(str(v) for v in kind.values)
        return f"{node.value!r} is none of its values; " + (
            f"did you mean {near[0]!r}?" if near else f"known: {known}"
        )
    if isinstance(kind, inspect.BoolType):
        return f"expected true or false, found {_kind(node)}"
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        if isinstance(node.value, str):
            return f"expected a number, found the text {node.value!r}: no quotes, no unit, no sign between thousands"
        return reason[0].lower() + reason[1:].partition(" - at ")[0].replace("`", "").replace(
            "float", "a number"
        )
    if isinstance(kind, inspect.StrType):
        return _text_expected(node, kind)
    return reason[0].lower() + reason[1:].partition(" - at ")[0].replace("`", "")


def _text_expected(node: Node, kind: inspect.StrType) -> str:
    if isinstance(node.value, bool | int | float):
        return f"expected text, found {_kind(node)}: put it in quotes to make it text"
    if isinstance(node.value, dict):
        return "expected text, found a mapping: text with a colon and a blank in it goes in quotes"
    if not isinstance(node.value, str):
        hint = ": text that begins with # goes in quotes" if node.value is None else ""
        return f"expected text, found {_kind(node)}{hint}"
    if kind.min_length and not node.value:
        return "the text is empty"
    if kind.max_length and len(node.value) > kind.max_length:
        return f"{len(node.value):,} characters; at most {kind.max_length:,} are read"
    if kind.pattern and kind.pattern.startswith("^http"):
        return f"{node.value!r} is no address; it begins with http:// or https://, and has no blanks"
    return f"{node.value!r} is no id: lower-case letters and digits, in words joined by hyphens"


def _kind(node: Node) -> str:
    if node.value is None:
        return "nothing"
    names = {
        dict: "a mapping",
        list: "a list",
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return names.get(type(node.value), "something else")


def _python_type(kind: inspect.Type) -> Any:
    """The annotation behind a leaf type (text, number, boolean, literal or a union of these)."""
    from typing import Annotated, Literal, Union

    match kind:
        case inspect.StrType():
            limits = {
                k: v for k in ("pattern", "min_length", "max_length") if (v := getattr(kind, k)) is not None
            }
            return Annotated[str, msgspec.Meta(**limits)] if limits else str
        case inspect.IntType() | inspect.FloatType():
            limits = {k: v for k in ("gt", "ge", "lt", "le") if (v := getattr(kind, k)) is not None}
            base = int if isinstance(kind, inspect.IntType) else float
            return Annotated[base, msgspec.Meta(**limits)] if limits else base
        case inspect.BoolType():
            return bool
        case inspect.NoneType():
            return None
        case inspect.LiteralType():
            return Literal[kind.values]
        case inspect.UnionType():
            return Union[tuple(_python_type(t) for t in kind.types)]  # noqa: UP007 - built at run time
        case inspect.Metadata():
            return _python_type(kind.type)
    return Any
