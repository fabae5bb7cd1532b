"""What the files themselves tell: numbers without a source, dates that are none, answers too long, sources that nobody cites, ..."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from chatbot.answering.compose import is_old
from chatbot.checking.places import Written, topics
from chatbot.checking.rules import found
from chatbot.errors import Finding
from chatbot.knowledge.files import PACK, Files, children
from chatbot.knowledge.load import Loaded
from chatbot.knowledge.schema import CitationSpec, EntrySpec, TableSpec
from chatbot.knowledge.yamlfile import MAX_BYTES, Node

LONGEST = 95
FEWEST = 8
_NUMBER = re.compile(r"(?<![A-Za-z\d])\d[\d,.]*\d|(?<![A-Za-z\d])\d")
_IN_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?|undated")
_TODO = re.compile(r"\bTODO\b")


def numbers(text: str) -> set[str]:
    """The numbers that a text states, in digits (without thousands separators) or in words from two to twelve."""
    found_ = {str(_IN_WORDS.index(word) + 2) for word in re.findall(r"[a-z]+", text.lower()) if word in _IN_WORDS}
    return found_ | {match.group().replace(",", "") for match in _NUMBER.finditer(text)}


def of_entries(loaded: Loaded, entries: Iterable[Written], today: datetime.date) -> Iterator[Finding]:
    """Of each entry and table by itself."""
    for one in entries:
        yield from _citations(one)
        yield from _numbers(one)
        if isinstance(one.spec, TableSpec):
            yield from _rows(one)
        entry = loaded.knowledge.by_id.get(one.id)
        words = len(entry.answer.split()) if entry else 0
        if words > LONGEST:
            key = "answer" if isinstance(one.spec, EntrySpec) else "overview"
            yield found(one.file, one.node.value[key][1], f"{words} words; about 90 are what people read", "long-answer")
        if len(one.phrasings) - 1 < FEWEST:
            told = f"{len(one.phrasings) - 1} phrasings besides the question; with {FEWEST} and more, people are understood much better"
            yield found(one.file, one.node, told, "few-phrasings")
        if entry and is_old(entry, today):
            yield found(one.file, one.node, f"older than {entry.shelf_life_years:g} years, by {_newest(one)}", "stale")
        yield from _repeated(one)


def of_sources(loaded: Loaded, whole: bool) -> Iterator[Finding]:
    """Dates that are none and, where the whole of the knowledge is wanted, sources that nothing cites."""
    cited = {citation.source_id for entry in loaded.knowledge.entries for citation in entry.citations}
    cited |= {c.source_id for e in loaded.knowledge.entries if e.table for row in e.table.rows for c in row.citations}
    cited |= {citation.source for _, topic in topics(loaded.files) for spec in topic.spec.entries for citation in spec.citations}
    unread = " ".join(_text(finding.file) for finding in loaded.findings)  # a file that can't be used may cite it, too
    for folder in loaded.files.folders:
        if not folder.sources:
            continue
        for spec, node in zip(folder.sources.spec.sources, children(folder.sources.node, "sources"), strict=True):
            for key in ("published", "retrieved"):
                value = getattr(spec, key)
                if value is not None and not _is_date(value):
                    told = f"{key}: {value!r} is no date; write YYYY-MM-DD, YYYY-MM, YYYY or undated"
                    yield found(folder.sources.file, node.value[key][1], told, "date")
            names = {spec.id, f"{folder.folder.name}/{spec.id}"}
            if whole and not names & cited and not re.search(rf"source:\s*['\"]?{re.escape(spec.id)}\b", unread):
                yield found(folder.sources.file, node, f"nothing cites the source {spec.id!r}", "unused-source")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace") if file.is_file() and file.stat().st_size <= MAX_BYTES else ""
    except OSError:
        return ""


def of_files(files: Files) -> Iterator[Finding]:
    """Files and folders in which nothing is used."""
    for folder in files.folders:
        if not any(folder.folder.glob(f"*/{PACK}")):
            yield found(folder.folder, None, f"no pack in this folder; a pack is a folder with a {PACK}", "nothing-checked")
        for pack in folder.packs:
            if pack.pack and not pack.topics and pack.name not in files.unread:
                yield found(pack.file, None, "a pack without a topic; chatbot new entry writes one", "nothing-checked")
            for topic in pack.topics:
                if not topic.spec.entries and not topic.spec.tables:
                    yield found(topic.file, None, "a topic without entries and tables", "nothing-checked")
        yield from _strays(folder.folder)


def of_text(file: Path, text: str) -> Iterator[Finding]:
    """Open points."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TODO.search(line):
            rest = line[match.end() :].strip(" :\"'")[:60]
            yield found(file, Node(None, number, match.start() + 1), f"an open point: TODO{': ' + rest if rest else ''}", "todo")


def _strays(folder: Path) -> Iterator[Finding]:
    for file in sorted((*folder.glob("*.yml"), *folder.glob("*/*.yml"))):
        yield found(file, None, "not read: only files that end in .yaml are", "nothing-checked")
    for file in sorted((*folder.glob("*/*.yaml"), *folder.glob("*/*/*.yaml"))):
        parts = file.relative_to(folder).parts
        if parts[0].startswith(".") or (len(parts) == 2 and (file.parent / PACK).exists()):
            continue
        why = f"its folder has no {PACK}" if len(parts) == 2 else "it is too deep; a pack's files stand in the pack's folder"
        yield found(file, None, f"not read: {why}", "nothing-checked")


def _citations(one: Written) -> Iterator[Finding]:
    places = [(one.spec.citations, one.node)]
    if isinstance(one.spec, TableSpec):
        places += [(row.citations, node) for row, node in zip(one.spec.rows, children(one.node, "rows"), strict=True)]
    for specs, node in places:
        for citation, place in zip(specs, children(node, "citations"), strict=True):
            if not citation.section.strip():
                yield found(one.file, place.value["section"][1], "the section is blank: where does the source say so?", "no-section")


def _numbers(one: Written) -> Iterator[Finding]:
    spec = one.spec
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
        shown = {float(number) for number in numbers(row.shown) if number.count(".") <= 1}
        if float(row.amount) not in shown:
            told = f"amount is {row.amount:,}, but {row.shown!r} is shown"
            yield found(one.file, node.value["shown"][1], told, "row-figure")


def _repeated(one: Written) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for text, node in one.phrasings:
        first = seen.setdefault(folded(text), node.line)
        if first != node.line:
            yield found(one.file, node, f"{text!r} stands in line {first} already", "repeated-phrasing")


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
    as_of = one.spec.as_of
    return f"as_of {as_of}" if as_of else "the newest date of its sources"
