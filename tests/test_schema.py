"""Editors know what the loader knows: the JSON Schemas come from its types, and every file names the right
one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT

from chatbot.cli.schema import run_schema
from chatbot.errors import KnowledgeError
from chatbot.knowledge import datasetschema as dataset_types
from chatbot.knowledge import intentschema, sourceschema
from chatbot.knowledge import schema as types
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.datasetschema import ENDING
from chatbot.knowledge.jsonschema import (
    FOLDER,
    KINDS,
    VERSION,
    copy_schemas,
    schema,
    schema_file,
    schema_text,
)
from chatbot.knowledge.snippets import SNIPPETS
from chatbot.knowledge.writing import dump
from chatbot.knowledge.yamlfile import read

KNOWLEDGE, INTENTS = ROOT / "knowledge", ROOT / "intents"
SHIPPED = sorted([*KNOWLEDGE.glob("*.yaml"), *KNOWLEDGE.glob("*/*.yaml"), *INTENTS.glob("*.yaml")])
LINE = "# yaml-language-server: $schema="
TOPIC: dict[str, Any] = {
    "topic": "day",
    "title": "Day",
    "entries": [
        {
            "id": "start",
            "question": "When?",
            "answer": "Early.",
            "citations": [{"source": "loaf", "section": "Mornings"}],
        }
    ],
}


def kind_of(file: Path) -> str:
    if file.parent == INTENTS:
        return "intents"
    if file.parent == KNOWLEDGE:
        return "sources" if file.stem == "sources" else "language"
    if file.name.endswith(ENDING):
        return "dataset"
    return file.stem if file.stem in {"pack", "titles"} else "topic"


def objects(value: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield value["title"], value
    for component in value["definitions"].values():
        yield component["title"], component


def faults(value: Any, kind: str = "topic") -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(schema(kind)).iter_errors(value)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_what_the_types_give_now(kind: str) -> None:
    assert schema_file(kind).read_text(encoding="utf-8") == schema_text(kind), (
        "run: python scripts/reference.py"
    )
    jsonschema.Draft7Validator.check_schema(schema(kind))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_file_keeps_to_its_schema_and_names_it_in_its_first_line(file: Path) -> None:
    assert faults(read(file).plain(), kind_of(file)) == []
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(LINE)
    assert (file.parent / first.removeprefix(LINE)).resolve() == schema_file(kind_of(file)).resolve()


def test_a_misspelt_key_and_a_missing_citation_are_found() -> None:
    assert faults(TOPIC) == []
    entry = TOPIC["entries"][0]
    assert faults(TOPIC | {"entries": [entry | {"anser": "Late."}]}) == [
        "Additional properties are not allowed ('anser' was unexpected)"
    ]
    assert faults(TOPIC | {"entries": [{key: entry[key] for key in entry if key != "citations"}]}) == [
        "'citations' is a required property"
    ]
    assert faults(TOPIC | {"entries": [entry | {"citations": []}]}) == ["[] should be non-empty"]
    assert faults(TOPIC | {"entries": [entry | {"id": "Start Time"}]})
    assert faults(TOPIC | {"shelf_life_years": 0})


@pytest.mark.parametrize(
    ("change", "sound"),
    [
        ({"as_of": "2024"}, True),
        ({"as_of": 2024}, False),
        ({"as_of": None}, True),
        ({"scope": {"country": "NO"}}, True),
        ({"scope": {"country": False}}, False),
        ({"phrasings": ["a", 1]}, False),
        ({"phrasings": [""]}, False),
        ({"replaces": "baker/start"}, True),
        ({"citations": [{"source": "loaf", "section": "S", "figures": [4]}]}, False),
    ],
)
def test_the_schema_and_the_loader_say_the_same(change: dict[str, Any], sound: bool, tmp_path: Path) -> None:
    value = TOPIC | {"entries": [TOPIC["entries"][0] | change]}
    file = tmp_path / "day.yaml"
    file.write_text(dump(value), encoding="utf-8")
    assert (faults(value) == []) is sound
    if sound:
        load_as(file, types.TopicFile)
    else:
        with pytest.raises(KnowledgeError):
            load_as(file, types.TopicFile)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described_and_every_example_may_be_written(kind: str) -> None:
    whole = schema(kind)
    for name, component in objects(whole):
        assert component["additionalProperties"] is False
        assert len(component["description"]) >= 15, name
        for key, value in component["properties"].items():
            assert len(value.get("description", "")) >= 15, f"{name}.{key}"
            for example in value.get("examples", ()):
                checked = (
                    {key: item for key, item in value.items() if key != "items"}
                    if "$ref" in value.get("items", {})
                    else value
                )
                jsonschema.validate(example, checked)


def test_every_type_is_in_a_schema_and_what_is_filled_in_keeps_to_it() -> None:
    known = {
        kind.__name__: kind
        for module in (types, sourceschema, intentschema, dataset_types)
        for kind in vars(module).values()
        if isinstance(kind, type) and getattr(kind, "__struct_fields__", ())
    }
    seen = {name for kind in KINDS for name in schema(kind)["definitions"]} | {
        kind.__name__ for kind in KINDS.values()
    }
    assert seen == set(known)
    assert set(SNIPPETS) <= set(known)
    for name, (snippet,) in SNIPPETS.items():
        assert set(snippet["body"]) <= set(known[name].__struct_fields__), name  # type: ignore[attr-defined]
        whole = next(
            whole
            for kind in KINDS
            if name in (whole := schema(kind))["definitions"] or KINDS[kind].__name__ == name
        )
        required = whole["definitions"].get(name, whole).get("required", ())
        assert set(required) <= set(snippet["body"]), name


def test_copies_are_made_and_refreshed_but_those_of_a_newer_program_are_left(tmp_path: Path) -> None:
    copy_schemas(tmp_path)
    copies = tmp_path / FOLDER
    assert {file.name for file in copies.iterdir()} == {*(schema_file(kind).name for kind in KINDS), VERSION}
    topic = copies / "topic.schema.json"
    assert topic.read_bytes() == schema_file("topic").read_bytes()
    before = topic.stat().st_mtime_ns
    copy_schemas(tmp_path)
    assert topic.stat().st_mtime_ns == before

    topic.write_text("{}", encoding="utf-8")
    (copies / VERSION).write_text("0.0.9\n", encoding="utf-8")
    copy_schemas(tmp_path)
    assert topic.read_bytes() == schema_file("topic").read_bytes()
    topic.write_text("{}", encoding="utf-8")
    (copies / VERSION).write_text("99.0\n", encoding="utf-8")
    copy_schemas(tmp_path)
    assert topic.read_text(encoding="utf-8") == "{}"
    assert (copies / VERSION).read_text(encoding="utf-8") == "99.0\n"


def test_schema_says_where_they_are_and_prints_one(capsys) -> None:
    run_schema(None)
    out = capsys.readouterr().out.splitlines()
    assert [Path(line.split(maxsplit=1)[1]) for line in out] == [schema_file(kind) for kind in KINDS]
    run_schema("pack")
    assert json.loads(capsys.readouterr().out) == schema("pack")
