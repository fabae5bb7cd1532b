"""Records to what a pack's files may hold: checked one by one, put on disk, and completed when all are known.

What a file leaves out is filled in, and marked as still to be done: the source (the file itself), the section
(the question), the figures (the numbers in the answer), the topic.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

from chatbot.authoring.exchange.cells import split_list
from chatbot.authoring.exchange.citing import Sources
from chatbot.authoring.exchange.ids import FreeIds, is_id, made_id
from chatbot.authoring.exchange.joining import Joining
from chatbot.authoring.exchange.record import (
    CITED,
    FIELDS,
    OF_SOURCE,
    PLACE,
    SHOWN,
    SOURCE_KIND,
    Fault,
    Notes,
    Record,
    WrongError,
    nearest,
    short,
)
from chatbot.authoring.exchange.records import cited, plain, read_topics
from chatbot.authoring.exchange.validate import valid
from chatbot.authoring.exchange.yamltext import entry_block, table_block
from chatbot.authoring.scaffold import figures, title_of
from chatbot.errors import KnowledgeError
from chatbot.knowledge.schema import EntrySpec, PackFile, TableSpec, TopicFile
from chatbot.knowledge.sourceschema import SourceSpec
from chatbot.knowledge.yamlfile import MAX_BYTES
from chatbot.language.normalise import printable

MOST_FAULTS = 1_000
LARGE = 500_000
PART_BYTES = MAX_BYTES - 200_000
"""So much of a topic goes into one file, which the loader reads."""
GENERAL = "general"
LINKS = ("follow_ups", "disagrees_with")


@dataclass(slots=True)
class Group:
    """A topic file that is to be written: ``file`` is its name without the ending."""

    index: int
    topic: str
    file: str
    title: str | None = None
    years: float | None = None
    subjects: tuple[str, ...] = ()
    guessed: int = 0
    """So many entries stand in it because they name no topic."""


@dataclass(slots=True)
class Item:
    """One entry or table: its group, where in the file it came from, its fields, and what is left to do about
    it."""

    table: bool
    group: int
    origin: str
    fields: dict[str, Any]
    todo: list[str]


class Faults:
    """What was skipped; the first ``MOST_FAULTS`` are kept, all are counted."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.count = 0

    def add(self, fault: Fault) -> None:
        """Keep or count one."""
        self.count += 1
        if len(self.kept) < MOST_FAULTS:
            self.kept.append(fault)


@dataclass
class Collected:
    """Everything that a file holds; entries and tables wait on disk (``spool``) until ``items`` gives them
    with ids and links settled."""

    file: Path
    spool: IO[bytes]
    sources: Sources
    faults: Faults = field(default_factory=Faults)
    notes: list[str] = field(default_factory=list)
    pack: dict[str, Any] | None = None
    groups: dict[tuple[str, str], Group] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    wanted: list[str] = field(default_factory=list)
    entries: int = 0
    tables: int = 0
    rows: int = 0
    """Entries and tables that the file has, with those that were joined to others or skipped."""
    skipped_rows: int = 0
    links: Links | None = None

    def __post_init__(self) -> None:
        self.joining = Joining(Notes(self.file))

    def add(self, record: Record | Fault) -> None:
        """Take a record in; a faulty one is noted."""
        if isinstance(record, Fault):
            self.rows += 1
            self.skipped_rows += 1
            self.faults.add(record)
            return
        self.rows += record.kind in ("entry", "table")
        try:
            fields = self._known(record)
            if record.kind == "pack":
                self._pack(fields)
            elif record.kind == "topic":
                self._topic(fields)
            elif record.kind == "source":
                self._source(fields)
            else:
                self._item(record, fields)
        except WrongError as wrong:
            self.skipped_rows += record.kind in ("entry", "table")
            item = f"item {record.item}: " if record.item else ""
            self.faults.add(Fault(self.file, record.line, f"{item}{wrong}"))

    def _known(self, record: Record) -> dict[str, Any]:
        """The fields that this kind of record has; others are noted once."""
        known = FIELDS[record.kind]
        for name in record.fields.keys() - known:
            own = FIELDS["entry"] - set(OF_SOURCE) if record.kind == "entry" else known
            what = f"an {record.kind}" if record.kind == "entry" else f"a {record.kind}"
            note = printable(
                f"{self.file}: the key {short(name, 40)!r} of {what} is ignored; {nearest(name, own)}"
            )
            if len(self.notes) < MOST_FAULTS and note not in self.notes:
                self.notes.append(note)
        return {name: value for name, value in record.fields.items() if name in known and value is not None}

    def _pack(self, fields: dict[str, Any]) -> None:
        if self.pack is not None:
            raise WrongError("a second pack in one file")
        self.pack = plain(valid(fields, PackFile))

    def _source(self, fields: dict[str, Any]) -> None:
        kind = {"kind": fields.pop(SOURCE_KIND)} if SOURCE_KIND in fields else {}
        self.sources.add(valid(fields | kind, SourceSpec))

    def _topic(self, fields: dict[str, Any]) -> None:
        title = fields.get("title") or fields.get("topic_title") or title_of(str(fields.get("topic", "")))
        told = {name: fields[name] for name in ("topic", "subjects", "shelf_life_years") if name in fields}
        spec = valid(told | {"title": title}, TopicFile)
        group = self._group(spec.topic, fields.get("file"))
        group.title, group.years, group.subjects = spec.title, spec.shelf_life_years, tuple(spec.subjects)

    def _group(self, topic: str, file: Any) -> Group:
        if not is_id(topic) or len(topic) > 100:
            raise WrongError(f"the topic {short(topic, 40)!r} is no id of at most 100 characters")
        stem = _stem(file) or topic
        return self.groups.setdefault((stem, topic), Group(len(self.groups), topic, stem))

    def _item(self, record: Record, fields: dict[str, Any]) -> None:
        table = record.kind == "table"
        todo: list[str] = []
        fields = (
            {name: value for name, value in fields.items() if name not in PLACE}
            if table
            else self._completed(record, fields, todo)
        )
        given = fields.get("id")
        fields["id"] = _id_like(given, "entry") if given else "x"
        spec: EntrySpec | TableSpec = valid(fields, TableSpec) if table else valid(fields, EntrySpec)
        _check_citations(spec)
        builtins = plain(spec)
        _check_size(table, builtins)
        number = self.entries + self.tables
        if given and spec.id in self.ids and (table or record.exact):
            raise WrongError(f"the id {spec.id!r} stands twice (first in line {self.ids[spec.id]})")
        if not (table or record.exact) and self.joining.take(record, builtins, "section" in todo, number):
            return
        if given and spec.id in self.ids:
            raise WrongError(f"the id {spec.id!r} stands twice (first in line {self.ids[spec.id]})")
        group = self._place(record)
        if given:
            self.ids[spec.id] = record.line
        else:
            builtins["id"] = None
            self.wanted.append(made_id(spec.question, "entry"))
        self.tables += table
        self.entries += not table
        self.sources.cite(spec)
        told = [table, group.index, record.line, record.item, builtins, todo]
        self.spool.write(msgspec.json.encode(told) + b"\n")

    def _completed(self, record: Record, fields: dict[str, Any], todo: list[str]) -> dict[str, Any]:
        """The fields of the schema, with a citation where none is given."""
        for name in ("question", "answer"):
            if not isinstance(fields.get(name), str) or not fields[name].strip():
                raise WrongError(
                    f"no {name}"
                    if not fields.get(name) or isinstance(fields[name], str)
                    else f"the {name} must be text"
                )
        out = {name: value for name, value in fields.items() if name in EntrySpec.__struct_fields__}
        if "citations" in fields:
            return out
        first = {name: fields[name] for name in CITED if name in fields}
        about = {name: fields[name] for name in OF_SOURCE if name in fields}
        first["source"] = self.sources.named(first.get("source"), about, self.notes)
        if not first.get("section"):
            first["section"] = " ".join(fields["question"].split())
            todo.append("section")
        if (
            (not record.exact or not fields.get("source"))
            and not first.get("figures")
            and (found := [one for one in figures(fields["answer"]) if one != "one"])
        ):
            first["figures"] = found
            todo.append("figures")
        return cited(out | first | {"more_citations": fields.get("more_citations", [])})

    def _place(self, record: Record) -> Group:
        """The group of an entry or table, made if need be."""
        topic, title = record.fields.get("topic"), record.fields.get("topic_title")
        if not all(value is None or isinstance(value, str) for value in (topic, title)):
            raise WrongError("the topic must be text")
        if topic and not is_id(topic):
            several = [topic] if record.exact else split_list(topic)
            first = next(iter(several), topic)
            if len(several) > 1:
                self.joining.notes.add("more than one topic is named; the first is taken", record.line)
            title = title or " ".join(first.split())
            topic = made_id(first, "topic")
        named = topic or (made_id(title, "topic") if title else None)
        group = self._group(named or GENERAL, record.fields.get("file"))
        group.title = group.title or title
        group.guessed += not named
        return group

    def items(self, into: Path, pack: str) -> Iterator[Item]:
        """Every entry and table, in the order of the file, with an id and with links that lead somewhere; to
        be read once."""
        free = FreeIds(self.ids)
        made = [free.take(wanted) for wanted in self.wanted]
        self.links = Links(free.taken, into, pack, self.pack["id"] if self.pack else pack)
        self.links.aliases = self._aliases(iter(made))
        self.spool.seek(0)
        left = iter(made)
        for at, raw in enumerate(self.spool):
            table, number, line, item, fields, todo = msgspec.json.decode(raw)
            if fields["id"] is None:
                fields["id"] = next(left)
            if not table and (phrasings := self.joining.phrasings(at, fields)):
                fields["phrasings"] = phrasings
            for place in (fields, *fields.get("rows", ())):
                self._settle(place, fields["id"], line, todo)
            lines = [line, *self.joining.lines.get(at, ())]
            listed = ", ".join(map(str, lines[:SHOWN])) + (", ..." if len(lines) > SHOWN else "")
            origin = printable(f"{self.file.name}:{listed}{f', item {item}' if item else ''}")
            yield Item(table, number, origin, fields, todo)

    def _aliases(self, made: Iterator[str]) -> dict[str, str]:
        """The ids of rows that were joined to others, with the ids that these have."""
        if not self.joining.aliases:
            return {}
        self.spool.seek(0)
        names = [msgspec.json.decode(raw)[4]["id"] or next(made) for raw in self.spool]
        return {_id_like(alias, "entry"): names[at] for alias, at in self.joining.aliases.items()}

    def _settle(self, place: dict[str, Any], name: str, line: int, todo: list[str]) -> None:
        """Take out the links that lead nowhere, and name them."""
        assert self.links
        for key in LINKS:
            if key in place:
                place[key], lost = self.links.settle(place[key])
                for link in lost:
                    told = f"{key}: no entry has the id {short(link)!r}"
                    self.faults.add(Fault(self.file, line, f"{name}: {told}; left out"))
                    todo.append(told)


class Links:
    """Which links lead somewhere: into the pack ``pack``, which the file may have ``called`` otherwise, or
    into another one of the folder."""

    def __init__(self, known: Collection[str], into: Path, pack: str, called: str) -> None:
        self.known, self.into, self.pack, self.called = known, into, pack, called
        self._others: dict[str, frozenset[str]] = {}
        self.aliases: dict[str, str] = {}

    def settle(self, links: list[str]) -> tuple[list[str], list[str]]:
        """The links that are kept, and those that are not."""
        kept, lost = [], []
        for link in links:
            pack, slash, name = link.rpartition("/")
            if pack == self.called:
                pack = self.pack
            name = name if is_id(name) else made_id(name, "entry")
            if pack in ("", self.pack) and name not in self.known:
                name = self.aliases.get(name, name)
            if name in (self.known if pack in ("", self.pack) else self._of(pack)):
                kept.append(f"{pack}{slash}{name}")
            else:
                lost.append(link)
        return kept, lost

    def _of(self, pack: str) -> frozenset[str]:
        """The ids of another pack, as far as it can be read."""
        if pack not in self._others:
            folder = self.into / pack
            try:
                topics = read_topics(folder) if is_id(pack) and folder.is_dir() else []
            except KnowledgeError:
                topics = []
            self._others[pack] = frozenset(spec.id for part in topics for spec in part.specs)
        return self._others[pack]


def _id_like(given: Any, fallback: str) -> Any:
    return made_id(given, fallback) if isinstance(given, str) and not is_id(given) else given


def _stem(file: Any) -> str | None:
    """The name of a file in the pack's folder, without an ending; never a path."""
    if not isinstance(file, str) or not file.strip():
        return None
    if (
        len(file) <= 100
        and all(c.isalnum() or c in "-_ " for c in file)
        and file[0].isalnum()
        and file == file.strip()
    ):
        return file
    return made_id(file, "topic")


def _check_size(table: bool, fields: dict[str, Any]) -> None:
    size = len(msgspec.json.encode(fields))
    if size > LARGE and len((table_block if table else entry_block)(fields, ()).encode()) > PART_BYTES:
        raise WrongError(f"{size:,} bytes are more than a file of a pack may have")


def _check_citations(spec: EntrySpec | TableSpec) -> None:
    if not spec.citations:
        raise WrongError("an answer needs at least one citation")
    if isinstance(spec, TableSpec):
        seen: list[Mapping[str, str]] = []
        for row in spec.rows:
            if set(row.at) != set(spec.dimensions):
                raise WrongError(
                    f"a row names {', '.join(row.at) or 'nothing'}; the table's dimensions are {', '.join(spec.dimensions)}"
                )
            if row.at in seen:
                raise WrongError(f"the row {', '.join(row.at.values())} stands twice")
            seen.append(row.at)
