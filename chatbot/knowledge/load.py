"""Knowledge folders to a ``Knowledge``: every file is read, every fault is named, nothing is guessed.

A knowledge folder holds ``sources.yaml``, one folder a pack, and optionally files of words (``language.yaml`` and others, of the type
``LanguageFile``); a pack folder holds ``pack.yaml`` and one YAML file a topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from chatbot.errors import ChatbotError, Finding, KnowledgeError
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.expand import row_questions, table_text
from chatbot.knowledge.model import Citation, Entry, Knowledge, Language, Pack, Place, Row, Source, Table
from chatbot.knowledge.schema import (
    CitationSpec,
    EntrySpec,
    LanguageFile,
    PackFile,
    SourcesFile,
    TableSpec,
    TopicFile,
)
from chatbot.knowledge.yamlfile import Node, finding


def load_knowledge(folders: Sequence[Path], packs: Sequence[str] | None = None) -> Knowledge:
    """Load every pack in the folders, or only those named; raises ``KnowledgeError`` with all findings.

    A missing folder, or a pack name that no folder holds, is a ``ChatbotError`` that says what there is.
    """
    return _Loader().load(folders, packs)


class _Loader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.sources: dict[str, Source] = {}
        self.entries: dict[str, Entry] = {}
        self.unread: set[str] = set()  # packs with a file whose entries nobody knows
        self.links: list[tuple[Path, Node, str, str]] = []  # file, place, pack and the id that is pointed at

    def load(self, folders: Sequence[Path], wanted: Sequence[str] | None) -> Knowledge:
        pack_dirs: dict[str, Path] = {}
        languages: list[LanguageFile] = []
        for folder in folders:
            if not folder.is_dir():
                raise ChatbotError(f"{folder}: no such knowledge folder; give a folder that holds sources.yaml and packs")
            self._read_sources(folder / "sources.yaml")
            languages += self._read_languages(folder)
            for pack_file in sorted(folder.glob("*/pack.yaml")):
                pack_dirs[pack_file.parent.name] = pack_file.parent
        unknown = [name for name in wanted or () if name not in pack_dirs]
        if unknown:
            known = ", ".join(sorted(pack_dirs)) or "none"
            raise ChatbotError(f"no pack named {', '.join(unknown)}; there is: {known}")
        if not pack_dirs and not self.findings:
            raise ChatbotError(f"{', '.join(map(str, folders))}: no pack found; a pack is a folder with a pack.yaml")
        loaded = [self._read_pack(pack_dirs[name]) for name in (wanted or pack_dirs)]
        self._check_links()
        if self.findings:
            raise KnowledgeError(self.findings)
        packs = tuple(pack for pack in loaded if pack)
        return Knowledge(tuple(self.entries.values()), self.sources, packs, _merge(languages))

    # files

    def _try(self, file: Path, kind: type) -> tuple:  # type: ignore[type-arg]
        try:
            return load_as(file, kind)
        except KnowledgeError as error:
            self.findings += error.findings
            self.unread.add(file.parent.name)
            return None, None

    def _read_sources(self, file: Path) -> None:
        spec, node = self._try(file, SourcesFile)
        if spec is None:
            return
        for source, place in zip(spec.sources, node.value["sources"][1].value, strict=True):
            if source.id in self.sources:
                self.findings.append(finding(file, place, f"the source id {source.id!r} stands twice", "duplicate-id"))
            values = {name: getattr(source, name) for name in source.__struct_fields__}
            self.sources[source.id] = Source(**values)

    def _read_languages(self, folder: Path) -> list[LanguageFile]:
        files = [file for file in sorted(folder.glob("*.yaml")) if file.name != "sources.yaml"]
        specs = [self._try(file, LanguageFile)[0] for file in files]
        return [spec for spec in specs if spec]

    def _read_pack(self, folder: Path) -> Pack | None:
        spec, node = self._try(folder / "pack.yaml", PackFile)
        if spec is None:
            return None
        if spec.id != folder.name:
            message = f"the pack's id {spec.id!r} must be its folder's name, {folder.name!r}"
            self.findings.append(finding(folder / "pack.yaml", node.value["id"][1], message, "pack-id"))
        topics = {}
        for file in sorted(folder.glob("*.yaml")):
            if file.name == "pack.yaml":
                continue
            topic, topic_node = self._try(file, TopicFile)
            if topic is not None:
                topics[topic.topic] = topic.title
                self._read_topic(file, spec.id, topic, topic_node)
        if "try_asking" in node.value:
            for child in node.value["try_asking"][1].value:
                self.links.append((folder / "pack.yaml", child, spec.id, str(child.value)))
        try_asking = tuple(_full(spec.id, link) for link in spec.try_asking)
        return Pack(spec.id, spec.title, tuple(spec.role), tuple(spec.own_terms), tuple(spec.covers), spec.about, try_asking, topics)

    def _read_topic(self, file: Path, pack: str, topic: TopicFile, node: Node) -> None:
        for spec, place in zip(topic.entries, _children(node, "entries"), strict=True):
            if self._is_new(file, pack, spec.id, place):
                self.entries[_full(pack, spec.id)] = self._entry(file, pack, topic, spec, place)
        for table, place in zip(topic.tables, _children(node, "tables"), strict=True):
            if self._is_new(file, pack, table.id, place):
                self.entries[_full(pack, table.id)] = self._table(file, pack, topic, table, place)

    def _is_new(self, file: Path, pack: str, name: str, place: Node) -> bool:
        """Whether an id is the first of its name in the pack; its links are noted for checking at the end."""
        first = self.entries.get(_full(pack, name))
        if first:
            where = f" (first in {first.place.file}:{first.place.line})" if first.place else ""
            message = f"the id {name!r} stands twice in this pack{where}"
            self.findings.append(finding(file, place.value["id"][1], message, "duplicate-id"))
            return False
        for key in ("follow_ups", "disagrees_with"):
            self.links += [(file, child, pack, str(child.value)) for child in _children(place, key)]
        return True

    # entries and tables

    def _entry(self, file: Path, pack: str, topic: TopicFile, spec: EntrySpec, node: Node) -> Entry:
        return Entry(
            id=_full(pack, spec.id),
            pack=pack,
            topic=topic.topic,
            questions=(spec.question, *spec.phrasings),
            answer=" ".join(spec.answer.split()),
            citations=self._cite(file, spec.citations, node),
            follow_ups=tuple(_full(pack, link) for link in spec.follow_ups),
            scope=spec.scope,
            as_of=spec.as_of,
            brief=spec.brief,
            disagrees_with=tuple(_full(pack, link) for link in spec.disagrees_with),
            place=Place(file, node.line, node.column),
            shelf_life_years=topic.shelf_life_years,
        )

    def _table(self, file: Path, pack: str, topic: TopicFile, spec: TableSpec, node: Node) -> Entry:
        shared = self._cite(file, spec.citations, node)
        rows: list[Row] = []
        for row, place in zip(spec.rows, node.value["rows"][1].value, strict=True):
            if set(row.at) != set(spec.dimensions):
                message = f"a row names {', '.join(row.at) or 'nothing'}; the table's dimensions are {', '.join(spec.dimensions)}"
                self.findings.append(finding(file, place, message, "row-dimensions"))
                continue
            if any(row.at == other.at for other in rows):
                self.findings.append(finding(file, place, f"the row {row.at} stands twice", "duplicate-row"))
            if "disagrees_with" in place.value:
                self.links += [(file, child, pack, str(child.value)) for child in place.value["disagrees_with"][1].value]
            own = self._cite(file, row.citations, place) if row.citations else shared
            others = tuple(_full(pack, link) for link in row.disagrees_with)
            rows.append(Row(row.at, row.amount, row.shown, own, others))
        table = Table(
            measure=spec.measure,
            unit=spec.unit,
            statistic=spec.statistic,
            period=spec.period,
            dimensions=tuple(spec.dimensions),
            labels=spec.labels,
            overview=_folded(spec.overview),
            item=_folded(spec.item),
            row=_folded(spec.row),
            brief=spec.brief,
            missing=_folded(spec.missing),
            rows=tuple(rows),
            contrast=spec.contrast,
        )
        return Entry(
            id=_full(pack, spec.id),
            pack=pack,
            topic=topic.topic,
            questions=(spec.question, *spec.phrasings, *row_questions(spec.row_phrasings, table)),
            answer=table_text(table.overview, table, table.rows),
            citations=shared,
            follow_ups=tuple(_full(pack, link) for link in spec.follow_ups),
            scope=spec.scope,
            as_of=spec.as_of,
            table=table,
            place=Place(file, node.line, node.column),
            shelf_life_years=topic.shelf_life_years,
        )

    def _cite(self, file: Path, specs: list[CitationSpec], node: Node) -> tuple[Citation, ...]:
        places = node.value["citations"][1]
        if not specs:
            self.findings.append(finding(file, places, "an answer needs at least one citation", "no-citation"))
        out = []
        for spec, place in zip(specs, places.value, strict=True):
            source = self.sources.get(spec.source)
            if source is None:
                known = ", ".join(sorted(self.sources)) or "none; add it to sources.yaml"
                message = f"unknown source {spec.source!r}; sources.yaml has: {known}"
                self.findings.append(finding(file, place.value["source"][1], message, "unknown-source"))
                continue
            told = (source.id, source.title, source.publisher, source.author, source.published)
            out.append(Citation(*told, spec.section, source.url, source.note, spec.origin))
        return tuple(out)

    def _check_links(self) -> None:
        for file, node, pack, link in self.links:
            full = _full(pack, link)
            if full not in self.entries and full.partition("/")[0] not in self.unread and not any(f.file == file for f in self.findings):
                message = f"no entry has the id {link!r}"
                self.findings.append(finding(file, node, message, "broken-link"))


def _children(node: Node, key: str) -> list[Node]:
    """The nodes of the list under a key; none where the key is not there."""
    return list(node.value[key][1].value) if key in node.value else []


def _folded(text: str) -> str:
    return " ".join(text.split())


def _full(pack: str, link: str) -> str:
    return link if "/" in link else f"{pack}/{link}"


def _merge(files: Iterable[LanguageFile]) -> Language:
    abbreviations: dict[str, str] = {}
    facets: dict[str, dict[str, tuple[str, ...]]] = {}
    strict: set[str] = set()
    occupations: list[str] = []
    fields: list[str] = []
    for file in files:
        abbreviations |= file.abbreviations
        for facet, values in file.facets.items():
            for value, words in values.items():
                known = facets.setdefault(facet, {}).get(value, ())
                facets[facet][value] = tuple(dict.fromkeys((*known, *words)))
        strict |= set(file.strict)
        occupations += file.occupations
        fields += file.fields
    return Language(abbreviations, facets, frozenset(strict), tuple(dict.fromkeys(occupations)), tuple(dict.fromkeys(fields)))
