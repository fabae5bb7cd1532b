"""What the files themselves tell: numbers without a source, dates that are none, answers too long, sources
that nobody cites, ..."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from chatbot.answering.compose import is_old
from chatbot.authoring.checking.places import Written, topics
from chatbot.authoring.checking.rules import found
from chatbot.building.knowledge import Loaded
from chatbot.errors import Finding
from chatbot.files import read_bytes
from chatbot.knowledge.basics import CitationSpec
from chatbot.knowledge.files import Files, children
from chatbot.knowledge.lookupschema import LookupSpec
from chatbot.knowledge.schema import EntrySpec, TableSpec
from chatbot.knowledge.yamlfile import MAX_BYTES, Node
from chatbot.paths import PACK, pack_files

LONGEST = 95
FEWEST = 8
_NUMBER = re.compile(r"(?<![A-Za-z\d])(?<![A-Za-z]-)\d[\d,.]*\d|(?<![A-Za-z\d])(?<![A-Za-z]-)\d")
_GAP = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
"""A blank between thousands."""
_SHORT = re.compile(r"(\d[\d,.]*)\s*(k|thousand|m|million|bn|billion)\b", re.I)
_TIMES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_IN_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?|undated", re.ASCII)
_TODO = re.compile(r"\bTODO\b")


def numbers(text: str) -> set[str]:
    """The numbers that a text states, in digits (without thousands separators) or in words from two to
    twelve."""
    found_ = {
        str(_IN_WORDS.index(word) + 2) for word in re.findall(r"[a-z]+", text.lower()) if word in _IN_WORDS
    }
    return found_ | {match.group().replace(",", "") for match in _NUMBER.finditer(text)}


def of_entries(loaded: Loaded, entries: Iterable[Written], today: datetime.date) -> Iterator[Finding]:
    """Of each entry and table by itself."""
    for one in entries:
        yield from _citations(one)
        if not isinstance(one.spec, LookupSpec):
            yield from _numbers(one, one.spec)
        if isinstance(one.spec, TableSpec):
            yield from _rows(one)
        entry = loaded.knowledge.by_id.get(one.id)
        words = len(entry.answer.split()) if entry and not entry.lookup else 0
        if words > LONGEST:
            key = "answer" if isinstance(one.spec, EntrySpec) else "overview"
            yield found(
                one.file,
                one.node.value[key][1],
                f"{words} words; about 90 are what people read",
                "long-answer",
            )
        looked_up = one.spec if isinstance(one.spec, LookupSpec) else None
        # by its words, a name or an amount, whatever was matched
        chosen = looked_up and (looked_up.statistic or looked_up.at_a_glance or looked_up.kind == "amount")
        if len(one.phrasings) - 1 < FEWEST and not chosen:
            count = len(one.phrasings) - 1
            told = f"{count} phrasing{'s' if count != 1 else ''} besides the question; with {FEWEST} and more, people are understood much better"
            yield found(one.file, one.node, told, "few-phrasings")
        if entry and is_old(entry, today):
            yield found(
                one.file, one.node, f"older than {entry.shelf_life_years:g} years, by {_newest(one)}", "stale"
            )
        yield from _repeated(one)


def of_sources(loaded: Loaded, whole: bool) -> Iterator[Finding]:
    """Dates that are none and, where the whole of the knowledge is wanted, sources that nothing cites."""
    cited = {citation.source_id for entry in loaded.knowledge.entries for citation in entry.citations}
    cited |= {
        c.source_id
        for e in loaded.knowledge.entries
        if e.table
        for row in e.table.rows
        for c in row.citations
    }
    for _, topic in topics(loaded.files):
        for listed in (
            spec.citations for specs in (topic.spec.entries, topic.spec.lookups) for spec in specs
        ):
            cited |= {citation.source for citation in listed}
        for table in topic.spec.tables:
            cited |= {
                citation.source
                for listed in (table.citations, *(row.citations for row in table.rows))
                for citation in listed
            }
    for file in {finding.file for finding in loaded.findings}:  # a file that can't be used may cite it, too
        cited |= set(re.findall(r"\bsource:\s*['\"]?([\w-]+)", _text(file)))
    for folder in loaded.files.folders:
        if not folder.sources:
            continue
        for source, node in zip(
            folder.sources.spec.sources, children(folder.sources.node, "sources"), strict=True
        ):
            for key in ("published", "retrieved"):
                value = getattr(source, key)
                if value is not None and not _is_date(value):
                    told = f"{key}: {value!r} is no date; write YYYY-MM-DD, YYYY-MM, YYYY or undated"
                    yield found(folder.sources.file, node.value[key][1], told, "date")
            if whole and cited.isdisjoint({source.id, f"{folder.folder.name}/{source.id}"}):
                yield found(
                    folder.sources.file, node, f"nothing cites the source {source.id!r}", "unused-source"
                )


def _text(file: Path) -> str:
    try:
        return read_bytes(file, MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def of_files(files: Files) -> Iterator[Finding]:
    """Files and folders in which nothing is used."""
    for folder in files.folders:
        if not pack_files(folder.folder):
            yield found(
                folder.folder,
                None,
                f"no pack in this folder; a pack is a folder with a {PACK}",
                "nothing-checked",
            )
        for pack in folder.packs:
            if pack.pack and not pack.topics and pack.name not in files.unread:
                yield found(
                    pack.file, None, "a pack without a topic; chatbot new entry writes one", "nothing-checked"
                )
            for topic in pack.topics:
                if not topic.spec.entries and not topic.spec.tables and not topic.spec.lookups:
                    yield found(
                        topic.file, None, "a topic without entries, tables and lookups", "nothing-checked"
                    )
        yield from _strays(folder.folder)


def of_text(file: Path, text: str) -> Iterator[Finding]:
    """Open points."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TODO.search(line):
            rest = line[match.end() :].strip(" :\"'[]{},")[:60]
            yield found(
                file,
                Node(None, number, match.start() + 1),
                f"an open point: TODO{': ' + rest if rest else ''}",
                "todo",
            )


def _strays(folder: Path) -> Iterator[Finding]:
    odd = (file for pattern in ("*.*", "*/*.*") for file in folder.glob(pattern) if _looks_read(file.name))
    for file in sorted(odd):
        if any(part.startswith(".") for part in file.relative_to(folder).parts):
            continue
        yield found(file, None, "not read: only files whose names end in .yaml are", "nothing-checked")
    for file in sorted((*folder.glob("*/*.yaml"), *folder.glob("*/*/*.yaml"))):
        parts = file.relative_to(folder).parts
        if any(part.startswith(".") for part in parts) or (len(parts) == 2 and (file.parent / PACK).exists()):
            continue
        why = (
            f"its folder has no {PACK}"
            if len(parts) == 2
            else "it is too deep; a pack's files stand in the pack's folder"
        )
        yield found(file, None, f"not read: {why}", "nothing-checked")


def _looks_read(name: str) -> bool:
    """Whether a file that is not read looks as if it were: day.yml, day.YAML, day.yaml.txt."""
    return not name.endswith(".yaml") and re.search(r"\.ya?ml(\.|$)", name, re.I) is not None


def _citations(one: Written) -> Iterator[Finding]:
    places = [(one.spec.citations, one.node)]
    if isinstance(one.spec, TableSpec):
        places += [
            (row.citations, node) for row, node in zip(one.spec.rows, children(one.node, "rows"), strict=True)
        ]
    for specs, node in places:
        for citation, place in zip(specs, children(node, "citations"), strict=True):
            if not citation.section.strip():
                yield found(
                    one.file,
                    place.value["section"][1],
                    "the section is blank: where does the source say so?",
                    "no-section",
                )


def _numbers(one: Written, spec: EntrySpec | TableSpec) -> Iterator[Finding]:
    carried = _figures(spec.citations)
    if isinstance(spec, TableSpec):
        carried |= {n for row in spec.rows for n in numbers(row.shown) | _figures(row.citations)}
        keys: Sequence[str] = ("overview", "item", "row", "missing", "brief")
    else:
        keys = ("answer", "brief")
    for key in keys:
        text = getattr(spec, key)
        missing = sorted(numbers(re.sub(r"\{\w+\}", " ", text)) - carried) if text else []
        if missing:
            many = "numbers" if len(missing) > 1 else "number"
            told = f"{key}: the {many} {', '.join(missing)} under no citation; list what the source says under its figures"
            yield found(one.file, one.node.value[key][1], told, "undeclared-number")


def _figures(citations: Iterable[CitationSpec]) -> set[str]:
    return {number for citation in citations for figure in citation.figures for number in numbers(figure)}


def _rows(one: Written) -> Iterator[Finding]:
    assert isinstance(one.spec, TableSpec)
    for row, node in zip(one.spec.rows, children(one.node, "rows"), strict=True):
        if not any(math.isclose(abs(row.amount), figure) for figure in _figures_shown(row.shown)):
            told = f"amount is {row.amount:,}, but {row.shown!r} is shown"
            yield found(one.file, node.value["shown"][1], told, "row-figure")


def _figures_shown(text: str) -> set[float]:
    """The figures that a row prints: "41 000", "€41k" and "4.1 million" among them; the sign does not count."""
    text = _GAP.sub("", text)
    plain = {number for number in numbers(text) if number.count(".") <= 1}
    short = {
        float(n.replace(",", "")) * _TIMES[unit.lower()]
        for n, unit in _SHORT.findall(text)
        if n.replace(",", "").count(".") <= 1
    }
    return {float(number) for number in plain} | short


def _repeated(one: Written) -> Iterator[Finding]:
    seen: dict[str, Node] = {}
    for text, node in one.phrasings:
        first = seen.setdefault(folded(text), node)
        if first is not node:
            yield found(one.file, node, f"{text!r} stands in line {first.line} already", "repeated-phrasing")


def folded(text: str) -> str:
    """A phrasing without case and punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        if value != "undated":
            datetime.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _newest(one: Written) -> str:
    as_of = None if isinstance(one.spec, LookupSpec) else one.spec.as_of
    return f"as_of {as_of}" if as_of else "the newest date of its sources"
