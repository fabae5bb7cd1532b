"""Where entries and their phrasings stand in the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.building.knowledge import Loaded
from chatbot.knowledge.datasetschema import Declared
from chatbot.knowledge.expand import row_questions
from chatbot.knowledge.files import Files, Parsed, children
from chatbot.knowledge.looking import dataset_of, questions_of
from chatbot.knowledge.lookupschema import LookupSpec
from chatbot.knowledge.schema import EntrySpec, TableSpec, TopicFile
from chatbot.knowledge.yamlfile import Node


@dataclass(frozen=True, slots=True)
class Written:
    """An entry, a table or a lookup as it stands in a file; ``id`` is the full one, ``phrasings`` are the
    places of its questions, in their order."""

    id: str
    file: Path
    topic: Parsed[TopicFile]
    spec: EntrySpec | TableSpec | LookupSpec
    node: Node
    phrasings: tuple[tuple[str, Node], ...]


def written(loaded: Loaded) -> Iterator[Written]:
    """Every entry, table and lookup, in the order of the files."""
    for pack, topic in topics(loaded.files):
        listed: list[tuple[str, Sequence[EntrySpec | TableSpec | LookupSpec]]] = [
            ("entries", topic.spec.entries), ("tables", topic.spec.tables), ("lookups", topic.spec.lookups)
        ]  # fmt: skip
        for kind, specs in listed:
            for spec, node in zip(specs, children(topic.node, kind), strict=True):
                full = f"{pack}/{spec.id}"
                yield Written(
                    full, topic.file, topic, spec, node, tuple(_phrasings(loaded, full, spec, node))
                )


def declared_in(loaded: Loaded, pack: str) -> tuple[Declared, ...]:
    """The data sets that a pack declares."""
    return next(
        (files.declared for folder in loaded.files.folders for files in folder.packs if files.name == pack),
        (),
    )


def topics(files: Files) -> Iterator[tuple[str, Parsed[TopicFile]]]:
    """Every topic file, and its pack's name."""
    for folder in files.folders:
        for pack in folder.packs:
            for topic in pack.topics:
                yield pack.name, topic


def _phrasings(
    loaded: Loaded, full: str, spec: EntrySpec | TableSpec | LookupSpec, node: Node
) -> Iterator[tuple[str, Node]]:
    if isinstance(spec, LookupSpec):
        declared = dataset_of(spec, declared_in(loaded, full.partition("/")[0]))
        shown, texts = questions_of(spec, None if isinstance(declared, str) else declared)
        yield shown, node.value["question"][1]
        yield from zip(texts, children(node, "phrasings"), strict=True)
        return
    yield spec.question, node.value["question"][1]
    yield from zip(spec.phrasings, children(node, "phrasings"), strict=True)
    if isinstance(spec, TableSpec):
        entry = loaded.knowledge.by_id.get(full)
        if entry and entry.table:
            yield from zip(
                row_questions(spec.row_phrasings, entry.table), children(node, "row_phrasings"), strict=False
            )
