"""The JSON Schema of each kind of file, for editors: made from the loader's own types, kept in
``chatbot/resources/schema``.

The dialect is draft-07, which every editor reads. ``defaultSnippets`` is an extension that VS Code and
yaml-language-server know.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from msgspec.json import schema_components

from chatbot import __version__
from chatbot.files import put_text, read_bytes
from chatbot.knowledge.datasetschema import DatasetFile, TitlesFile
from chatbot.knowledge.intentschema import IntentsFile
from chatbot.knowledge.schema import LanguageFile, PackFile, TopicFile
from chatbot.knowledge.snippets import SNIPPETS
from chatbot.knowledge.sourceschema import SourcesFile
from chatbot.paths import data_file

KINDS: dict[str, type] = {
    "topic": TopicFile, "pack": PackFile, "sources": SourcesFile, "language": LanguageFile, "intents": IntentsFile, "titles": TitlesFile,
    "dataset": DatasetFile,
}  # fmt: skip
"""The kinds of file and the types that they are read as."""
MOST_BYTES = 1_000_000
FOLDER = ".schema"
"""Where the schemas are in a folder of somebody's own; the loader reads no JSON there."""
VERSION = "version.txt"
_DIALECT = "http://json-schema.org/draft-07/schema#"
_AT_LEAST_ONE = {
    ("EntrySpec", "citations"),
    ("TableSpec", "citations"),
    ("LookupSpec", "citations"),
    ("IntentSpec", "replies"),
}
"""Lists that the loader refuses when they are empty (no-citation, no-reply)."""


def schema_file(name: str) -> Path:
    """The shipped schema of a kind of file."""
    return data_file("schema") / f"{name}.schema.json"


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file, made anew from the types."""
    kind = KINDS[name]
    _, components = schema_components([kind], ref_template="#/definitions/{name}")
    made = {of: _object(of, _tidy(component)) for of, component in components.items()}
    root = made.pop(kind.__name__)
    return (
        {"$schema": _DIALECT, "$comment": "Made by scripts/reference.py; changes by hand are lost."}
        | root
        | {"definitions": made}
    )


def schema_text(name: str) -> str:
    """The same as the text of its file."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def copy_schemas(folder: Path) -> None:
    """Put the schemas into ``folder/.schema``, or refresh them where they are not those of a newer program;
    raises ``OSError``."""
    here = folder / FOLDER
    stamp = here / VERSION
    if _version(_read(stamp)) > _version(__version__):
        return
    for text, file in [
        (schema_file(name).read_text(encoding="utf-8"), here / schema_file(name).name) for name in KINDS
    ]:
        if _read(file) != text:
            put_text(file, text)
    if _read(stamp).strip() != __version__:
        put_text(stamp, __version__ + "\n")


def _read(file: Path) -> str:
    try:
        return read_bytes(file, MOST_BYTES).decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number[:9]) for number in re.findall(r"\d+", text)[:3])


def _object(name: str, component: dict[str, Any]) -> dict[str, Any]:
    """The schema of a struct with what only an editor wants."""
    for key in component["properties"]:
        if (name, key) in _AT_LEAST_ONE:
            component["properties"][key]["minItems"] = 1
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Spec"))
    component["title"] = words[0] + words[1:].lower()
    if not component["required"]:
        del component["required"]
    return component | ({"defaultSnippets": SNIPPETS[name]} if name in SNIPPETS else {})


def _tidy(value: Any) -> Any:
    """Optional values as one type, no defaults that only say that nothing is there: messages and completions
    are shorter."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    out = {key: _tidy(item) for key, item in value.items()}
    if isinstance(out.get("description"), str):  # a docstring may be wrapped
        out["description"] = " ".join(out["description"].split())
    if out.get("default", 0) in (None, "", [], {}):
        del out["default"]
    if "`" in out.get("description", ""):
        out["markdownDescription"] = out["description"]
    if "$ref" in out and len(out) > 1:  # what stands beside a reference is not looked at
        out["allOf"] = [{"$ref": out.pop("$ref")}]
    choices = out.get("anyOf")
    if not choices:
        return out
    if any("$ref" in choice for choice in choices):  # of an optional struct, the struct
        return {key: item for key, item in out.items() if key != "anyOf"} | {
            "allOf": [c for c in choices if "$ref" in c]
        }
    types = [choice["type"] for choice in choices]
    if set(types) == {"integer", "number"}:
        merged: dict[str, Any] = {"type": "number"}
    elif len(types) == 2 and types[1] == "null":
        merged = choices[0] | {"type": types}
    else:
        return out
    return {key: item for key, item in out.items() if key != "anyOf"} | merged
