"""What people are shown of an entry, a table and a citation, where a pack is written to be read."""

from __future__ import annotations

from chatbot.knowledge.basics import CitationSpec
from chatbot.knowledge.expand import table_text
from chatbot.knowledge.model import Row, Table
from chatbot.knowledge.schema import EntrySpec, TableSpec
from chatbot.knowledge.sourceschema import SourceSpec
from chatbot.language.normalise import printable


def answer_of(spec: EntrySpec | TableSpec, folded: bool = True) -> str:
    """The answer, or what a table says when no row is asked for; in one line, unless an entry's own lines are
    wanted."""
    if isinstance(spec, EntrySpec):
        return " ".join(spec.answer.split()) if folded else spec.answer
    rows = [Row(row.at, float(row.amount), row.shown, ()) for row in spec.rows]
    told = (spec.measure, spec.unit, spec.statistic, spec.period, tuple(spec.dimensions), spec.labels)
    table = Table(
        *told, spec.overview, spec.item, spec.row, spec.brief, spec.missing, tuple(rows), spec.contrast
    )
    return " ".join(table_text(spec.overview, table, rows).split())


def figures_of(spec: TableSpec) -> list[list[str]]:
    """The rows of a table under a line of headings, each value as a sentence names it."""
    head = [dimension.replace("_", " ").capitalize() for dimension in spec.dimensions]
    rows = [
        [spec.labels.get(value := row.at.get(name, ""), value) for name in spec.dimensions] + [row.shown]
        for row in spec.rows
    ]
    return [[*head, printable(spec.measure.replace("-", " ").capitalize())], *rows]


def citations_of(spec: EntrySpec | TableSpec) -> list[CitationSpec]:
    """Who says so: the citations of an entry, or of a table and its rows, each once."""
    found = list(spec.citations)
    if isinstance(spec, TableSpec):
        found += [citation for row in spec.rows for citation in row.citations]
    once: dict[tuple[str, str, str | None], CitationSpec] = {}
    for citation in found:
        once.setdefault((citation.source, citation.section, citation.origin), citation)
    return list(once.values())


def citation_line(source: SourceSpec, citation: CitationSpec) -> tuple[str, str]:
    """The title of the source, and what follows it: publisher, date, section, whom it passes on, and its
    interest."""
    told = [name for name in (source.publisher, source.author) if name]
    told += [source.published, f"section “{citation.section}”"]
    if citation.origin:
        told.append(f"passing on {citation.origin}")
    note = f". Note: {source.note}" if source.note else ""
    return source.title, f", {', '.join(told)}{note}"
