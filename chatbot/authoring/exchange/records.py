"""A pack's folder as records, and what a format could not say of one in its own terms."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from chatbot.authoring.exchange.record import CITED, SOURCE_KIND, Record, WrongError, tidy
from chatbot.errors import ChatbotError
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.datasetschema import ENDING
from chatbot.knowledge.schema import EntrySpec, PackFile, TableSpec, TopicFile
from chatbot.knowledge.sourceschema import SourcesFile, SourceSpec
from chatbot.knowledge.yamlfile import yaml_files
from chatbot.language.normalise import printable
from chatbot.paths import pack_files


@dataclass(frozen=True, slots=True)
class TopicPart:
    """One topic file: its name without the ending, and what it says."""

    file: str
    spec: TopicFile

    @property
    def specs(self) -> list[EntrySpec | TableSpec]:
        """Its entries, then its tables."""
        return [*self.spec.entries, *self.spec.tables]


@dataclass(frozen=True, slots=True)
class Whole:
    """A pack with the sources that it cites, in the order of its files."""

    pack: PackFile
    topics: tuple[TopicPart, ...]
    sources: tuple[SourceSpec, ...]

    def source(self, name: str) -> SourceSpec:
        """A source that the pack cites."""
        return next(source for source in self.sources if source.id == name)


def read_whole(folders: Sequence[Path], name: str) -> Whole:
    """A pack of knowledge folders; raises ``KnowledgeError`` for files that can't be used, ``ChatbotError``
    where there is no such pack."""
    for folder in folders:
        if not folder.is_dir():
            raise ChatbotError(printable(f"{folder}: no such knowledge folder"))
    places = {file.parent.name: file.parent for folder in reversed(folders) for file in pack_files(folder)}
    if name not in places:
        raise ChatbotError(
            printable(f"no pack named {name}; there is: {', '.join(sorted(places)) or 'none'}")
        )
    place = places[name]
    pack, _ = load_as(place / "pack.yaml", PackFile)
    topics = tuple(read_topics(place))
    known: dict[str, SourceSpec] = {}
    for folder in folders[: 1 + [folder.resolve() for folder in folders].index(place.parent.resolve())]:
        if (
            file := folder / "sources.yaml"
        ).exists():  # as when loading, a folder's own source goes before that of an earlier one
            known |= {source.id: source for source in load_as(file, SourcesFile)[0].sources}
    whole = Whole(pack, topics, tuple(known.values()))
    wanted = dict.fromkeys(_cited_by(whole))
    if lost := [source for source in wanted if source not in known]:
        raise ChatbotError(printable(f"{place}: the source {lost[0]!r} is cited, but no sources.yaml has it"))
    return Whole(pack, topics, tuple(source for source in known.values() if source.id in wanted))


def read_topics(place: Path) -> list[TopicPart]:
    """The topic files of a pack's folder, in their order; raises ``KnowledgeError``."""
    if any(file.name.endswith(ENDING) for file in yaml_files(place)):
        raise ChatbotError(
            f"{place.name} holds data in files of its own and is not exported; pass on its folder"
        )
    files = [file for file in yaml_files(place) if file.name != "pack.yaml"]
    return [TopicPart(file.stem, load_as(file, TopicFile)[0]) for file in files]


def _cited_by(whole: Whole) -> Iterator[str]:
    for topic in whole.topics:
        for spec in topic.specs:
            yield from (citation.source for citation in spec.citations)
        for table in topic.spec.tables:
            yield from (citation.source for row in table.rows for citation in row.citations)


def records_of(whole: Whole) -> list[Record]:
    """The pack, its sources, and each topic with its entries and tables; raises ``ChatbotError`` for text
    that no file may hold."""
    try:
        out = [Record("pack", 0, plain(whole.pack))]
        out += [Record("source", 0, _renamed(plain(source))) for source in whole.sources]
        for part in whole.topics:
            spec = part.spec
            where = {"topic": spec.topic} | ({"file": part.file} if part.file != spec.topic else {})
            years = {"shelf_life_years": spec.shelf_life_years} if spec.shelf_life_years is not None else {}
            about = {"subjects": list(spec.subjects)} if spec.subjects else {}
            out.append(Record("topic", 0, tidy(where | {"title": spec.title} | about | years)))
            out += [Record("entry", 0, where | plain(entry)) for entry in spec.entries]
            out += [Record("table", 0, where | plain(table)) for table in spec.tables]
    except WrongError as wrong:
        raise ChatbotError(f"{whole.pack.id}: {wrong}") from None
    return out


def _renamed(fields: dict[str, Any]) -> dict[str, Any]:
    return {SOURCE_KIND if name == "kind" else name: value for name, value in fields.items()}


def plain(spec: msgspec.Struct) -> dict[str, Any]:
    """The fields of a spec that are not at their default, as plain data; raises ``WrongError`` for control
    characters."""
    found: dict[str, Any] = tidy(_plain(spec))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        named = ((f, getattr(value, f.name)) for f in _fields(type(value)))
        return {f.name: _plain(item) for f, item in named if f.required or not _is_default(f, item)}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, dict) else value


@functools.cache
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def _is_default(field: msgspec.structs.FieldInfo, value: Any) -> bool:
    default = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
    return type(value) is type(default) and bool(value == default)


def cited(fields: dict[str, Any]) -> dict[str, Any]:
    """The same with the fields of the first citation put where they belong."""
    if "citations" in fields or "source" not in fields:
        return fields
    first = {name: fields[name] for name in CITED if name in fields}
    rest_ = {name: value for name, value in fields.items() if name not in CITED and name != "more_citations"}
    more = fields.get("more_citations", [])
    if not isinstance(more, list):
        raise WrongError("more_citations: not a list")
    return rest_ | {"citations": [first, *more]}


def rest(wanted: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that were not told, or not exactly."""
    return {name: value for name, value in wanted.items() if name not in told or told[name] != value}
