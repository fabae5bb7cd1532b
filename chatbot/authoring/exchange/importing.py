"""From a file to a pack folder."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.authoring.exchange.citing import Sources
from chatbot.authoring.exchange.collect import Collected, Item
from chatbot.authoring.exchange.delimited import read_table
from chatbot.authoring.exchange.faq import read_page_of
from chatbot.authoring.exchange.ids import is_id, made_id
from chatbot.authoring.exchange.jsonin import read_json
from chatbot.authoring.exchange.lines import read_lines
from chatbot.authoring.exchange.packfolder import PackFolder
from chatbot.authoring.exchange.publish import (
    check_loads,
    check_place,
    known_sources,
    publish,
    sources_text,
    workshop,
)
from chatbot.authoring.exchange.rasa import read_rasa
from chatbot.authoring.exchange.record import Fault, Origin, Reading, format_of, short
from chatbot.authoring.exchange.records import plain
from chatbot.authoring.exchange.sheets import read_sheets
from chatbot.authoring.exchange.yamltext import FEWEST, LONGEST, source_item
from chatbot.errors import ChatbotError
from chatbot.knowledge.files import SOURCES
from chatbot.language.normalise import printable

READ = ("csv", "tsv", "xlsx", "jsonl", "html", "json", "rasa")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: the pack's folder, how many ``rows`` the file has and how many of them were
    ``joined`` to others, what was skipped (``faults``, of which ``skipped`` counts all), and what is left to
    do."""

    folder: Path
    entries: int
    tables: int
    topics: int
    sources: int
    rows: int
    joined: int
    faults: tuple[Fault, ...]
    skipped: int
    notes: tuple[str, ...]
    todo: tuple[str, ...]


class NothingError(ChatbotError):
    """A file of which nothing could be used; ``faults`` says why, of ``skipped`` in all."""

    def __init__(self, message: str, collected: Collected) -> None:
        super().__init__(message)
        self.faults, self.skipped, self.notes = (
            tuple(collected.faults.kept),
            collected.faults.count,
            tuple(collected.notes),
        )


def import_file(
    file: Path, into: Path, pack: str | None, form: str | None, source: str | None, force: bool
) -> Imported:
    """Make the pack ``into/pack`` of a file, and add to ``into/sources.yaml`` what it cites.

    Raises ``ChatbotError`` where nothing can be read or written; then everything is as it was. Bad rows are
    skipped and named.
    """
    for option, name in (("--pack", pack), ("--source", source)):
        if name is not None and (not is_id(name) or len(name) > 100):
            raise ChatbotError(
                f"{option} {short(name)!r}: lower-case letters and digits in words joined by hyphens, such as my-pack"
            )
    form = format_of(file, form, READ)
    if pack:
        check_place(into / pack, force)  # before a long file is read
    reading = _reading(file, form)
    with workshop(into) as workplace, tempfile.TemporaryFile() as spool:
        there = known_sources(into)
        collected = Collected(file, spool, Sources(there, reading.origin, source), notes=reading.notes)
        for record in reading.records:
            collected.add(record)
        collected.notes += collected.joining.notes.told()
        if not collected.entries and not collected.tables:
            raise NothingError(printable(f"{file}: nothing in it could be imported"), collected)
        name = pack or _pack_name(collected, reading.origin, file)
        check_place(into / name, force)
        return _Writer(collected, reading.origin, into, name, workplace).write(force)


def _reading(file: Path, form: str) -> Reading:
    if form in ("csv", "tsv"):
        return read_table(file, form)
    readers = {
        "xlsx": read_sheets,
        "jsonl": read_lines,
        "html": read_page_of,
        "json": read_json,
        "rasa": read_rasa,
    }
    return readers[form](file)


def _pack_name(collected: Collected, origin: Origin, file: Path) -> str:
    name = collected.pack["id"] if collected.pack else made_id(file.stem, "pack")
    return str(name)


class _Writer:
    def __init__(self, collected: Collected, origin: Origin, into: Path, name: str, workplace: Path) -> None:
        self.collected, self.origin, self.into, self.name, self.workplace = (
            collected,
            origin,
            into,
            name,
            workplace,
        )
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}

    def write(self, force: bool) -> Imported:
        """Write everything into the workplace, load it, and move it into place."""
        collected = self.collected
        place = self.workplace / self.name
        place.mkdir()
        folder = PackFolder(place, list(collected.groups.values()))
        folder.write(self._counted(collected.items(self.into, self.name)))
        fields, todo = self._pack()
        folder.write_pack(fields, todo)
        sources = collected.sources.to_add()
        points = {one.id: collected.sources.open_points(one) for one in sources}
        items = [source_item(plain(one), points[one.id]) for one in sources]
        sources_text(self.into, self.workplace, items, len(items))
        self._compare(check_loads(self.workplace, self.name))
        publish(self.into, self.workplace, self.name, force)
        listed = self._todo(todo, points)
        counts = collected.entries, collected.tables, len(collected.groups), len(sources)
        faults, joined = collected.faults, collected.joining.count
        kept = tuple(sorted(faults.kept, key=lambda fault: fault.line))
        return Imported(
            self.into / self.name,
            *counts,
            collected.rows,
            joined,
            kept,
            faults.count,
            tuple(collected.notes),
            tuple(listed),
        )

    def _compare(self, written: int) -> None:
        """Raises ``ChatbotError`` where not every row of the file came to something that is told."""
        collected = self.collected
        taken = collected.entries + collected.tables
        told = taken + collected.joining.count + collected.skipped_rows
        if written != taken or told != collected.rows:
            raise ChatbotError(
                f"nothing was written: of {collected.rows:,} rows {told:,} are accounted for, and {written:,} entries came of {taken:,}"
            )

    def _counted(self, items: Iterator[Item]) -> Iterator[Item]:
        """The same, with what is left to do counted on the way."""
        for item in items:
            for what in item.todo:
                self._count(what if what in ("section", "figures") else "link", item.fields["id"])
            if not item.table:
                if len(item.fields.get("phrasings", ())) < FEWEST:
                    self._count("phrasings", item.fields["id"])
                if len(item.fields["answer"].split()) > LONGEST:
                    self._count("long", item.fields["id"])
            yield item

    def _count(self, what: str, name: str) -> None:
        self.counts[what] += 1
        self.examples.setdefault(what, [])
        if len(self.examples[what]) < SHOWN:
            self.examples[what].append(name)

    def _pack(self) -> tuple[dict[str, Any], list[str]]:
        """The fields of pack.yaml, and what is to be done about them."""
        collected = self.collected
        if collected.pack is None:
            title = self.origin.name
            return {"id": self.name, "title": title, "about": title, "role": []}, [
                'about: what stands in "I can answer questions about ..."?',
                "role: the occupation's names, the usual one first; empty where the pack is about many",
            ]
        fields: dict[str, Any] = collected.pack | {"id": self.name}
        assert collected.links
        links, lost = collected.links.settle(fields.get("try_asking", []))
        if "try_asking" in fields:
            fields["try_asking"] = links
        for link in lost:
            collected.faults.add(
                Fault(collected.file, 1, f"pack: try_asking: no entry has the id {short(link)!r}; left out")
            )
        return fields, [f"try_asking: no entry has the id {short(link)!r}" for link in lost]

    def _todo(self, pack: list[str], points: dict[str, list[str]]) -> list[str]:
        """The list for people; what stands in many entries is counted."""
        out = [f"pack.yaml: {one}" for one in pack]
        told = [f"source {name}: {one}" for name, found in points.items() for one in found]
        out += told[:20] + ([f"and {len(told) - 20:,} more of the sources"] if len(told) > 20 else [])
        differing = self.collected.sources.differing
        out += [
            f"source {name}: sources.yaml says otherwise than this file, and was left as it is"
            for name in differing
        ]
        for what, text in _TOLD.items():
            if count := self.counts[what]:
                some = ", ".join(self.examples[what]) + (", ..." if count > SHOWN else "")
                out.append(f"{_entries(count)}: {text} ({some})")
        if count := sum(group.guessed for group in self.collected.groups.values()):
            out.append(f"{_entries(count)}: no topic is named; they are in the topic general")
        if not any(file.name != SOURCES for file in self.into.glob("*.yaml")):
            out.append(
                "language.yaml: there is none; without it an entry may answer what it does not speak of (see docs/authoring.md)"
            )
        if (language := self.origin.language) and not language.lower().startswith("en"):
            out.append(
                f"the page says that its language is {short(language, 20)!r}; only English is understood"
            )
        return out


def _entries(count: int) -> str:
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


_TOLD = {
    "section": "the section is the question itself; write the heading under which the source says so",
    "figures": "numbers of the answer were taken as figures; nobody has checked them against the source",
    "phrasings": f"fewer than {FEWEST} phrasings; 15 to 40 decide how well people are understood",
    "long": f"an answer of more than {LONGEST} words",
    "link": "a link to an entry that is not there was left out",
}
