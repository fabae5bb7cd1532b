"""Knowledge folders to a ``Knowledge``: every file is read, every fault is named, nothing is guessed.

A knowledge folder holds ``sources.yaml``, one folder a pack, and optionally files of words (``language.yaml``
and others, of the type ``LanguageFile``); a pack folder holds ``pack.yaml`` and one YAML file a topic.
Folders are layers: a source that two of them have under one id is each one's own, and an entry that
``replaces`` one of another pack takes its place.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chatbot.errors import ChatbotError, Finding, KnowledgeError
from chatbot.knowledge.basics import CitationSpec
from chatbot.knowledge.datasetschema import Declared
from chatbot.knowledge.expand import row_questions, table_text
from chatbot.knowledge.files import Files, PackFiles, Parsed, children
from chatbot.knowledge.looking import dataset_of, lookup_of
from chatbot.knowledge.lookupschema import LookupSpec
from chatbot.knowledge.model import Citation, Entry, Knowledge, Language, Pack, Place, Row, Source, Table
from chatbot.knowledge.schema import EntrySpec, LanguageFile, TableSpec, TopicFile
from chatbot.knowledge.sourceschema import SourcesFile
from chatbot.knowledge.yamlfile import Node, finding


def load_knowledge(folders: Sequence[Path], packs: Sequence[str] | None = None) -> Knowledge:
    """Load every pack in the folders, or only those named; raises ``KnowledgeError`` with all findings.

    A missing folder, or a pack name that no folder holds, is a ``ChatbotError`` that says what there is.
    """
    loaded = load_files(folders, packs)
    if loaded.findings:
        raise KnowledgeError(loaded.findings)
    if not loaded.knowledge.packs:
        raise ChatbotError(
            f"{', '.join(map(str, folders))}: no pack found; a pack is a folder with a pack.yaml"
        )
    return loaded.knowledge


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files say, as far as they can be used, and what is wrong with them."""

    files: Files
    knowledge: Knowledge
    findings: list[Finding]
    replaced: frozenset[str]
    """The ids of entries whose place others take."""


def load_files(folders: Sequence[Path], packs: Sequence[str] | None = None) -> Loaded:
    """The same with the files themselves; faults inside them are not raised."""
    return _Loader(Files(folders, packs)).load()


HINTS = 50
"""So many ids that lead nowhere are compared with those that are there."""


class _Loader:
    def __init__(self, files: Files) -> None:
        self.files = files
        self.findings = files.findings
        self.sources: dict[str, Source] = {}
        self.named: dict[str, Source] = {}  # as the folder that is being read knows them
        self.sources_known = True  # where their file can't be used, nothing is said of what cites them
        self.entries: dict[str, Entry] = {}
        self.links: list[tuple[Path, Node, str, str]] = []  # file, place, pack and the id that is pointed at
        self.hints: dict[str, list[str]] = {}
        self.replaced: dict[
            str, tuple[str, Path, Node]
        ] = {}  # the id that is replaced: by which, and where that is said

    def load(self) -> Loaded:
        packs: list[Pack] = []
        for folder in self.files.folders:
            self.sources_known = folder.sources is not None
            if folder.sources:
                self._read_sources(folder.sources)
            packs += [pack for files in folder.packs if (pack := self._read_pack(files))]
        self._replace()
        self._check_links()
        if self.findings:  # what can be used all the same has no link that leads nowhere
            known = self.entries.keys()
            self.entries = {
                k: _with_links(e, lambda links: [link for link in links if link in known])
                for k, e in self.entries.items()
            }
        if not self._data(packs):  # without it nothing can be looked up
            packs = [replace(pack, datasets=()) for pack in packs]
            self.entries = {full: entry for full, entry in self.entries.items() if not entry.lookup}
        merged = _merge(parsed.spec for folder in self.files.folders for parsed in folder.languages)
        knowledge = Knowledge(
            tuple(self.entries.values()), self.sources, tuple(self._linked(pack) for pack in packs), merged
        )
        return Loaded(self.files, knowledge, self.findings, frozenset(self.replaced))

    def _data(self, packs: Sequence[Pack]) -> bool:
        """Whether the packs have data sets that can be used."""
        if not any(pack.datasets for pack in packs):
            return False
        # with numpy, which most commands that read knowledge do without
        from chatbot.datasets.store import (
            load_datasets,
        )

        return load_datasets(packs, self.findings) is not None

    # files

    def _read_sources(self, parsed: Parsed[SourcesFile]) -> None:
        own: set[str] = set()
        for spec, place in zip(parsed.spec.sources, children(parsed.node, "sources"), strict=True):
            if spec.id in own:
                self._find(parsed.file, place, f"the source id {spec.id!r} stands twice", "duplicate-id")
            own.add(spec.id)
            source = Source(**{name: getattr(spec, name) for name in spec.__struct_fields__})
            earlier = self.sources.get(spec.id)
            if earlier and earlier != source:  # another folder's: both are kept, each under a name of its own
                source = replace(source, id=f"{parsed.file.parent.name}/{spec.id}")
            self.named[spec.id] = self.sources[source.id] = source

    def _read_pack(self, files: PackFiles) -> Pack | None:
        if files.pack is None:
            return None
        # where the id is another, that is a finding
        spec, node, name = (
            files.pack.spec,
            files.pack.node,
            files.name,
        )
        topics: dict[str, str] = {}
        for parsed in files.topics:
            topics.setdefault(parsed.spec.topic, parsed.spec.title)
            self._read_topic(name, parsed, files.declared)
        self.links += [(files.file, child, name, str(child.value)) for child in children(node, "try_asking")]
        try_asking = tuple(_full(name, link) for link in spec.try_asking)
        told = (
            name,
            spec.title,
            tuple(spec.role),
            tuple(spec.own_terms),
            tuple(spec.covers),
            spec.about,
            try_asking,
            topics,
        )
        return Pack(*told, files.declared, tuple(spec.field_words))

    def _read_topic(self, pack: str, parsed: Parsed[TopicFile], datasets: tuple[Declared, ...]) -> None:
        file, topic = parsed.file, parsed.spec
        for spec, place in zip(topic.entries, children(parsed.node, "entries"), strict=True):
            if self._is_new(file, pack, spec, place):
                self.entries[_full(pack, spec.id)] = self._entry(file, pack, topic, spec, place)
        for table, place in zip(topic.tables, children(parsed.node, "tables"), strict=True):
            if self._is_new(file, pack, table, place):
                self.entries[_full(pack, table.id)] = self._table(file, pack, topic, table, place)
        for lookup, place in zip(topic.lookups, children(parsed.node, "lookups"), strict=True):
            declared = dataset_of(lookup, datasets)
            if isinstance(declared, str) and pack not in self.files.unread:
                self._find(file, place, declared, "missing-key")
            if self._is_new(file, pack, lookup, place):
                cited = self._cite(file, lookup.citations, place)
                of = None if isinstance(declared, str) else declared
                entry = lookup_of(
                    lookup,
                    _full(pack, lookup.id),
                    pack,
                    topic,
                    cited,
                    Place(file, place.line, place.column),
                    of,
                )
                self.entries[entry.id] = replace(
                    entry, follow_ups=tuple(_full(pack, link) for link in lookup.follow_ups)
                )

    def _is_new(self, file: Path, pack: str, spec: EntrySpec | TableSpec | LookupSpec, place: Node) -> bool:
        """Whether an id is the first of its name in the pack; its links are noted for checking at the end."""
        full = _full(pack, spec.id)
        first = self.entries.get(full)
        if first:
            where = f" (first in {first.place.file}:{first.place.line})" if first.place else ""
            self._find(
                file,
                place.value["id"][1],
                f"the id {spec.id!r} stands twice in this pack{where}",
                "duplicate-id",
            )
            return False
        for key in ("follow_ups", "disagrees_with", "followed_by"):
            self.links += [(file, child, pack, str(child.value)) for child in children(place, key)]
        if not isinstance(spec, LookupSpec) and spec.replaces:
            where_said, target = place.value["replaces"][1], _full(pack, spec.replaces)
            if target.partition("/")[0] == pack:
                self._find(
                    file,
                    where_said,
                    f"{target!r} is of the same pack: take that entry out instead",
                    "duplicate-replacement",
                )
            elif target in self.replaced:
                self._find(
                    file,
                    where_said,
                    f"{target!r} is already replaced by {self.replaced[target][0]!r}",
                    "duplicate-replacement",
                )
            else:
                self.replaced[target] = full, file, where_said
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
            subject=tuple(spec.subjects or topic.subjects),
        )

    def _table(self, file: Path, pack: str, topic: TopicFile, spec: TableSpec, node: Node) -> Entry:
        shared = self._cite(file, spec.citations, node)
        rows: list[Row] = []
        seen: set[tuple[tuple[str, str], ...]] = set()
        for row, place in zip(spec.rows, node.value["rows"][1].value, strict=True):
            if set(row.at) != set(spec.dimensions):
                message = f"a row names {', '.join(row.at) or 'nothing'}; the table's dimensions are {', '.join(spec.dimensions)}"
                self._find(file, place, message, "row-dimensions")
                continue
            at = tuple(sorted(row.at.items()))
            if at in seen:
                shown = ", ".join(row.at.values())
                self._find(file, place, f"the row of {shown} stands twice", "duplicate-row")
            seen.add(at)
            self.links += [
                (file, child, pack, str(child.value)) for child in children(place, "disagrees_with")
            ]
            own = self._cite(file, row.citations, place) if row.citations else shared
            others = tuple(_full(pack, link) for link in row.disagrees_with)
            rows.append(Row(row.at, float(row.amount), row.shown, own, others))
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
            subject=tuple(spec.subjects or topic.subjects),
        )

    def _cite(self, file: Path, specs: list[CitationSpec], node: Node) -> tuple[Citation, ...]:
        places = node.value["citations"][1]
        if not self.sources_known:
            return ()
        if not specs:
            self._find(file, places, "an answer needs at least one citation", "no-citation")
        out = []
        for spec, place in zip(specs, places.value, strict=True):
            source = self.named.get(spec.source)
            if source is None:
                near = difflib.get_close_matches(spec.source, self.named, 1)
                known = (
                    f"did you mean {near[0]!r}?"
                    if near
                    else f"known: {', '.join(sorted(self.named)) or 'none; add it to sources.yaml'}"
                )
                self._find(
                    file,
                    place.value["source"][1],
                    f"unknown source {spec.source!r}; {known}",
                    "unknown-source",
                )
                continue
            told = (source.id, source.title, source.publisher, source.author, source.published)
            out.append(Citation(*told, spec.section, source.url, source.note, spec.origin))
        return tuple(out)

    # links

    def _replace(self) -> None:
        """Take out what is replaced; what pointed at it points at what took its place."""
        packs = {pack.name for folder in self.files.folders for pack in folder.packs}
        for target, (by, file, place) in self.replaced.items():
            pack = target.partition("/")[0]
            if target not in self.entries and pack in packs - self.files.unread:
                self._find(
                    file, place, f"no entry has the id {target!r}; {self._near(target)}", "broken-link"
                )
            elif self._final(target) is None:
                self._find(file, place, f"{target!r} and {by!r} replace each other", "duplicate-replacement")
        gone = {target: last for target in self.replaced if (last := self._final(target))}
        for target in gone:
            self.entries.pop(target, None)
        if gone:
            self.entries = {id_: _relinked(entry, gone) for id_, entry in self.entries.items()}

    def _final(self, target: str) -> str | None:
        """What stands in the place of an entry at last; None where that goes round in a circle."""
        seen, last = {target}, target
        while last in self.replaced:
            last = self.replaced[last][0]
            if last in seen:
                return None
            seen.add(last)
        return last

    def _linked(self, pack: Pack) -> Pack:
        ids = (self._final(link) or link for link in pack.try_asking)
        return replace(pack, try_asking=tuple(link for link in ids if link in self.entries))

    def _check_links(self) -> None:
        for file, node, pack, link in self.links:
            full = self._final(_full(pack, link)) or _full(pack, link)
            if (
                full not in self.entries
                and full.partition("/")[0] not in self.files.unread | self.files.left_out
            ):
                self._find(
                    file,
                    node,
                    f"no entry has the id {link!r}; {self._near(_full(pack, link))}",
                    "broken-link",
                )

    def _near(self, full: str) -> str:
        if full not in self.hints and len(self.hints) < HINTS:
            self.hints[full] = difflib.get_close_matches(full, self.entries, 1)
        near = self.hints.get(full)
        return f"did you mean {near[0]!r}?" if near else "chatbot topics lists the topics"

    def _find(self, file: Path, node: Node, message: str, rule: str) -> None:
        self.findings.append(finding(file, node, message, rule))


def _relinked(entry: Entry, gone: Mapping[str, str]) -> Entry:
    """The same with its links led to what took the place of others; it does not disagree with what it
    replaced."""
    return _with_links(
        entry, lambda links: [gone.get(link, link) for link in links if gone.get(link, link) != entry.id]
    )


def _with_links(entry: Entry, chosen: Callable[[Sequence[str]], Iterable[str]]) -> Entry:
    def links(listed: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(chosen(listed)))

    rows = (
        tuple(replace(row, disagrees_with=links(row.disagrees_with)) for row in entry.table.rows)
        if entry.table
        else ()
    )
    table = replace(entry.table, rows=rows) if entry.table else None
    return replace(
        entry, follow_ups=links(entry.follow_ups), disagrees_with=links(entry.disagrees_with), table=table
    )


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
    return Language(
        abbreviations,
        facets,
        frozenset(strict),
        tuple(dict.fromkeys(occupations)),
        tuple(dict.fromkeys(fields)),
    )
