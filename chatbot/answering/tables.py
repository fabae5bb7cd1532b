"""From a table and a question's facets to the rows that answer it, or to an honest word on what is missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import Struct

from chatbot.knowledge.expand import fill, join, table_text
from chatbot.knowledge.model import Citation, Entry, Row, Table
from chatbot.language.facets import Facets
from chatbot.language.places import gazetteer
from chatbot.language.regions import shown
from chatbot.language.words import lists


class TableAnswer(Struct, frozen=True):
    """Either ``text`` with its rows' citations, or ``missing``: what to say where no row fits."""

    entry: Entry
    text: str = ""
    citations: tuple[Citation, ...] = ()
    entry_ids: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class _Fit:
    entry: Entry
    table: Table
    rows: tuple[Row, ...]
    asked: dict[str, tuple[str, ...]]
    unmet: tuple[tuple[str, str], ...]


def answer_from(
    entry: Entry, others: Sequence[Entry], facets: Facets, by_id: Mapping[str, Entry]
) -> TableAnswer:
    """Answer from a table, or from another table of the same measure where that one has what is asked for.

    ``others`` are all entries that have tables. A value that no table has is never answered with its
    neighbour's figure.
    """
    assert entry.table
    group = [
        entry,
        *(e for e in others if e.table and e.table.measure == entry.table.measure and e is not entry),
    ]
    asked = _asked(group, facets)
    fits = [_fit(candidate, asked) for candidate in group]
    # the first of equals: the table that was matched
    best = min(fits, key=lambda fit: (len(fit.unmet), not fit.rows))
    partly = (
        best.rows and len(best.rows) < sum(len(v) for v in asked.values()) and _all_in_one_dimension(best)
    )
    if not best.rows or (best.unmet and not partly):
        return TableAnswer(best.entry, missing=_missing(fits, group, asked))
    if city := _insisted_city(facets, asked):
        return TableAnswer(best.entry, missing=f"I have no figure for {city}, only national ones.")
    foreign = _foreign_currency(best, facets)
    if foreign:
        return TableAnswer(best.entry, missing=foreign)
    return _tell(best, by_id, facets)


def _asked(group: Sequence[Entry], facets: Facets) -> dict[str, tuple[str, ...]]:
    dimensions = dict.fromkeys(d for e in group for d in (*(e.table.dimensions if e.table else ()), *e.scope))
    asked = {dimension: facets.get(dimension) for dimension in dimensions}
    if not asked.get("country") and facets.places.currencies:
        codes = {
            value
            for e in group
            if e.table and "country" in e.table.dimensions
            for value in e.table.values("country")
        }
        asked["country"] = tuple(
            c for c in sorted(codes) if gazetteer().currency(c) in facets.places.currencies
        )
    return {dimension: values for dimension, values in asked.items() if values}


def _fit(entry: Entry, asked: dict[str, tuple[str, ...]]) -> _Fit:
    table = entry.table
    assert table
    unmet: list[tuple[str, str]] = []
    rows = list(table.rows)
    for dimension, values in asked.items():
        if dimension in table.dimensions:
            has = table.values(dimension)
            unmet += [(dimension, value) for value in values if value not in has]
            rows = [row for row in rows if row.at[dimension] in values]
        else:
            held = entry.scope.get(dimension)
            unmet += [(dimension, value) for value in values if value != held]
    return _Fit(entry, table, tuple(rows), asked, tuple(unmet))


def _all_in_one_dimension(fit: _Fit) -> bool:
    """Whether what is missing stands beside something asked in the same dimension ("Germany or France"), so
    that half can be told.
    """
    return all(
        dimension in fit.table.dimensions
        and any((dimension, value) not in fit.unmet for value in fit.asked[dimension])
        for dimension, _ in fit.unmet
    )


def _name(group: Sequence[Entry], dimension: str, value: str) -> str:
    for entry in group:
        if entry.table and value in entry.table.labels:
            return entry.table.labels[value]
    if dimension == "country":
        return gazetteer().shown(value)
    return lists().replies.rows.get(value, value)


def _missing(fits: Sequence[_Fit], group: Sequence[Entry], asked: dict[str, tuple[str, ...]]) -> str:
    """What is not there, and what is, in the words of the table that comes nearest."""
    first = next(
        (fit for fit in fits if any(dimension in fit.table.dimensions for dimension, _ in fit.unmet)), fits[0]
    )
    wanted = join([_name(group, dimension, value) for dimension, values in asked.items() for value in values])
    labels = [
        first.table.label(value)
        for dimension in first.table.dimensions
        for value in first.table.values(dimension)
    ]
    return first.table.missing.replace("{asked}", wanted).replace("{available}", join(labels))


def _insisted_city(facets: Facets, asked: dict[str, tuple[str, ...]]) -> str:
    """A city named in the same breath as a negated country ("Munich, not Germany"), or two places of one
    country compared.
    """
    cities = facets.places.cities
    if not cities or "country" not in asked:
        return ""
    same = [c for c in cities if c.code in facets.places.countries]
    if (facets.negated and same) or (
        facets.comparison and (same or len({c.code for c in cities}) < len(cities))
    ):
        return join([city.shown for city in cities])
    return ""


def _foreign_currency(fit: _Fit, facets: Facets) -> str:
    """A note where a figure is wanted in a currency that it is not published in."""
    wanted = set(facets.places.currencies)
    countries = {row.at.get("country") or fit.entry.scope.get("country", "") for row in fit.rows}
    published = {gazetteer().currency(country) for country in countries}
    if not wanted or wanted <= published or "country" not in fit.asked:
        return ""
    return "The source gives each figure in its own currency and no exchange rate, so I can't convert it."


def _tell(fit: _Fit, by_id: Mapping[str, Entry], facets: Facets) -> TableAnswer:
    table = fit.table
    if fit.unmet:
        # several were asked for and not all are there: show what there is
        fit = dataclasses.replace(fit, rows=table.rows)
    whole = len(fit.rows) == len(table.rows)
    if len(fit.rows) == 1:
        text = fill(table.row, table, fit.rows[0]) + _contrast(table, fit.rows[0])
    else:
        text = table_text(table.overview, table, fit.rows) if whole else _several(table, fit.rows)
    named = [c.shown for c in facets.places.cities] + [shown(code) for code in facets.places.states]
    if named and "country" in fit.asked:
        text = f"I have no figure for {join(named)} itself; this is the national one. {text}"
    if fit.unmet:
        text += f" I have no figure for {join([_name([fit.entry], d, v) for d, v in fit.unmet])}."
    if facets.comparison and len({gazetteer().currency(row.at.get("country", "")) for row in fit.rows}) > 1:
        text += " No exchange rate is given, so the figures can't be ranked."
    citations = dict.fromkeys(citation for row in fit.rows for citation in row.citations)
    ids = [fit.entry.id]
    for other_id in dict.fromkeys(link for row in fit.rows for link in row.disagrees_with):
        other = by_id[other_id]
        text += f" {_brief(other, fit.entry)}"
        citations |= dict.fromkeys(other.citations)
        ids.append(other.id)
    return TableAnswer(fit.entry, text, tuple(citations), tuple(ids))


def _contrast(table: Table, row: Row) -> str:
    """The rows that differ from this one in the table's contrast dimension alone, so that a price stands
    beside its alternative."""
    others = [
        other
        for other in table.rows
        if table.contrast
        and other is not row
        and all(other.at[d] == row.at[d] for d in table.dimensions if d != table.contrast)
    ]
    return f" For comparison: {join([fill(table.item, table, other) for other in others])}." if others else ""


def _several(table: Table, rows: Sequence[Row]) -> str:
    listed = join([fill(table.item, table, row) for row in rows])
    return f"The figures ({table.statistic}): {listed}."


def _brief(other: Entry, asking: Entry) -> str:
    """The other side of a disagreement in one sentence; of a table, the rows that the asking table's scope
    allows."""
    table = other.table
    if table is None:
        return other.brief or other.answer
    rows = [row for row in table.rows if all(row.at.get(d, v) == v for d, v in asking.scope.items())]
    return table_text(table.brief or table.overview, table, rows or table.rows)
