"""From a table to text: the phrasings that ask for its rows, and the sentences that tell them."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.knowledge.model import Row, Table


def row_questions(templates: Sequence[str], table: Table) -> tuple[str, ...]:
    """Each template with the words of one row in place of its braces; the rows take turns, so none is
    favoured."""
    if not table.rows:
        return ()
    return tuple(
        fill(template, table, table.rows[i % len(table.rows)]) for i, template in enumerate(templates)
    )


def table_text(template: str, table: Table, rows: Sequence[Row]) -> str:
    """A sentence with ``{rows}`` (every row given, as ``item`` says it) and the braces of the first row
    filled in."""
    items = [fill(table.item, table, row) for row in rows]
    text = template.replace("{rows}", join(items))
    return fill(text, table, rows[0]) if rows else text


def fill(template: str, table: Table, row: Row) -> str:
    """A template with ``{figure}`` and the row's dimensions in braces replaced; other braces are left as they
    are."""
    for dimension, value in row.at.items():
        template = template.replace("{" + dimension + "}", table.label(value))
    return template.replace("{figure}", row.shown)


def join(items: Sequence[str], last: str = "and") -> str:
    """``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
