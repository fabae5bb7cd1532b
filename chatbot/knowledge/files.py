"""The files of knowledge folders, read and typed but not yet put together; each keeps the places of its
values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from chatbot.errors import ChatbotError, Finding, KnowledgeError
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.datasetschema import ENDING, DatasetFile, Declared
from chatbot.knowledge.schema import LanguageFile, PackFile, TopicFile
from chatbot.knowledge.sourceschema import SourcesFile
from chatbot.knowledge.yamlfile import Node, finding, yaml_files
from chatbot.paths import PACK, pack_files

T = TypeVar("T")
SOURCES = "sources.yaml"
TITLES = "titles.yaml"
"""The usual name of a file of titles."""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """One file: what it says, and the node that says so."""

    file: Path
    spec: T
    node: Node


@dataclass(slots=True)
class PackFiles:
    """A pack's folder: ``pack`` is None where pack.yaml can't be used."""

    name: str
    file: Path
    pack: Parsed[PackFile] | None = None
    topics: list[Parsed[TopicFile]] = field(default_factory=list)
    datasets: list[Parsed[DatasetFile]] = field(default_factory=list)

    @property
    def declared(self) -> tuple[Declared, ...]:
        """The declarations of its data sets."""
        return tuple(Declared(parsed.file, parsed.spec) for parsed in self.datasets)


@dataclass(slots=True)
class FolderFiles:
    """A knowledge folder: ``sources`` is None where sources.yaml can't be used, and empty where it is not
    there."""

    folder: Path
    sources: Parsed[SourcesFile] | None = None
    languages: list[Parsed[LanguageFile]] = field(default_factory=list)
    packs: list[PackFiles] = field(default_factory=list)


class Files:
    """Everything that was read, with what is wrong with it; ``unread`` are packs with a file whose entries
    nobody knows."""

    def __init__(self, folders: Sequence[Path], wanted: Sequence[str] | None = None) -> None:
        """Read the packs in the folders, or only those wanted; ``ChatbotError`` for a folder or pack that is
        not there."""
        self.findings: list[Finding] = []
        self.unread: set[str] = set()
        self.left_out: set[str] = set()
        """Packs that are there, and not wanted."""
        self.folders: list[FolderFiles] = []
        # a folder named twice is read once, where it is named first
        places = {folder.resolve(): folder for folder in reversed(folders)}
        own = [folder for folder in folders if places.pop(folder.resolve(), None) is not None]
        names: dict[str, Path] = {}
        for folder in own:
            if not folder.is_dir():
                raise ChatbotError(
                    f"{folder}: no such knowledge folder; give a folder that holds {SOURCES} and packs"
                )
            names |= {file.parent.name: file for file in pack_files(folder)}
        _check_wanted(names, own, wanted)
        first: dict[str, Path] = {}
        for folder in own:
            self.folders.append(self._folder(folder, wanted, first))
        if wanted:
            for files in self.folders:
                files.packs.sort(key=lambda pack: list(wanted).index(pack.name))

    def _folder(self, folder: Path, wanted: Sequence[str] | None, first: dict[str, Path]) -> FolderFiles:
        sources = folder / SOURCES
        empty = Parsed(
            sources, SourcesFile([]), Node({"sources": (Node("sources", 1, 1), Node([], 1, 1))}, 1, 1)
        )
        out = FolderFiles(folder, self._try(sources, SourcesFile) if sources.exists() else empty)
        for file in self._listed(folder):
            if file.name != SOURCES and (parsed := self._try(file, LanguageFile)):
                out.languages.append(parsed)
        for file in pack_files(folder):
            name = file.parent.name
            if wanted and name not in wanted:
                self.left_out.add(name)
                continue
            if name in first:
                message = f"the pack {name!r} is also in {first[name]}; rename one, or say `replaces: {name}/...` in single entries"
                self.findings.append(finding(file, None, message, "duplicate-pack"))
                continue
            first[name] = file.parent
            out.packs.append(self._pack(file))
        return out

    def _pack(self, file: Path) -> PackFiles:
        files = PackFiles(file.parent.name, file, self._try(file, PackFile))
        if files.pack and files.pack.spec.id != files.name:
            message = f"the pack's id {files.pack.spec.id!r} must be its folder's name, {files.name!r}"
            self.findings.append(finding(file, files.pack.node.value["id"][1], message, "pack-id"))
        found = self._listed(file.parent)
        declared = [path for path in found if path.name.endswith(ENDING)]
        files.datasets = [parsed for path in declared if (parsed := self._try(path, DatasetFile))]
        beside = {PACK, *(parsed.spec.entity.titles for parsed in files.datasets)}
        # of what can't be read nobody knows the titles
        beside |= {TITLES} if len(files.datasets) < len(declared) else set()
        self._check_datasets(files)
        for topic in found:
            if (
                topic not in declared
                and topic.name not in beside
                and (parsed_topic := self._try(topic, TopicFile))
            ):
                files.topics.append(parsed_topic)
        return files

    def _check_datasets(self, files: PackFiles) -> None:
        first: dict[str, Path] = {}
        for parsed in files.datasets:
            name = parsed.spec.dataset
            if name in first:
                message = f"the data set {name!r} stands in {first[name].name} already: give one of them another name"
                self.findings.append(
                    finding(parsed.file, parsed.node.value["dataset"][1], message, "duplicate-id")
                )
            first.setdefault(name, parsed.file)

    def _listed(self, folder: Path) -> list[Path]:
        """The YAML files of a folder; one that can't be listed is a finding, not an empty one."""
        try:
            return yaml_files(folder)
        except KnowledgeError as error:
            self.findings += error.findings
            self.unread.add(folder.name)
            return []

    def _try(self, file: Path, kind: type[T]) -> Parsed[T] | None:
        try:
            return Parsed(file, *load_as(file, kind))
        except KnowledgeError as error:
            self.findings += error.findings
            self.unread.add(file.parent.name)
            return None


def children(node: Node, key: str) -> list[Node]:
    """The nodes of the list under a key; none where the key is not there."""
    return list(node.value[key][1].value) if key in node.value else []


def _check_wanted(names: dict[str, Path], folders: Sequence[Path], wanted: Sequence[str] | None) -> None:
    unknown = [name for name in wanted or () if name not in names]
    if unknown:
        raise ChatbotError(
            f"no pack named {', '.join(unknown)}; there is: {', '.join(sorted(names)) or 'none'}"
        )
    if not names and not any((folder / SOURCES).exists() for folder in folders):
        raise ChatbotError(f"{', '.join(map(str, folders))}: no pack found; a pack is a folder with a {PACK}")
