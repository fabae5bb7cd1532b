"""From a query to the text that tells it: figures of a row, rows side by side, lists in order, texts."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from chatbot.datasets.store import Datasets
from chatbot.datasets.telling import Telling, braces, names_in
from chatbot.datasets.value import Cell
from chatbot.flow import Query, Told
from chatbot.knowledge.looking import filled
from chatbot.knowledge.model import Entry
from chatbot.reply import Bar, Chart, Figure


def tell(store: Datasets, entry: Entry, query: Query, following: bool = False) -> Told:
    """The answer to a query that names everything that its lookup needs; ``following``: in brief, behind another one."""
    telling = Telling(store, store.of(entry), entry, query, following)
    lookup = telling.lookup
    if lookup.kind != "facts" and (telling.dataset.rows is None or telling.measure.kind != "number"):
        # named when loading; ``chatbot check`` asks all the same
        return Told(missing=filled(lookup.missing, {}))
    notes = " ".join(target.note for target in query.targets if target.note)
    if lookup.kind == "facts":
        from chatbot.datasets.texts import texts  # each is needed by some questions alone

        told = texts(telling)
    elif lookup.kind == "ranking":
        from chatbot.datasets.rank import rankings

        told = rankings(telling)
    elif lookup.kind == "amount":
        from chatbot.datasets.placing import placed

        told = placed(telling)
    else:
        told = _figures(telling)
    return replace(told, text=f"{notes} {told.text}".strip()) if told.text and notes else told


def _figures(telling: Telling) -> Told:
    """The figures of the rows asked for, and of the whole where they are compared with it."""
    lookup, query, whole = telling.lookup, telling.query, telling.dataset.entity.whole
    codes = [whole or ""] if lookup.whole else [target.code for target in query.targets]
    codes += [whole] if whole and lookup.against_whole and whole not in codes else []
    cells = [telling.cell(code, place) for place in query.places for code in codes]
    rows = [
        (cell, cell.of(telling.by, query.unit or "")) for cell in cells if telling.dataset.has_row(cell.code)
    ]
    lacking = [cell for cell, value in rows if value is None]
    if len(lacking) == len(cells) or (len(cells) == 1 and lacking):
        return Told(missing=telling.missing(lacking))
    if len(cells) > 1:
        from chatbot.datasets.compare import compared

        return compared(telling, [(cell, value) for cell, value in rows if value], lacking)
    (cell,) = cells
    return _one(telling, cell)


def _one(telling: Telling, cell: Cell) -> Told:
    """The lookup's sentence about one row."""
    says = telling.says
    names = names_in(says)
    return Told(
        filled(says, telling.values(cell, names)), telling.cite([cell]), _spread(telling, cell), figures=_told(telling, cell, names)
    )  # fmt: skip


def _told(telling: Telling, cell: Cell, names: Sequence[str]) -> tuple[Figure, ...]:
    """The figures that a sentence tells."""
    known = braces(telling.dataset)
    out: dict[Figure, None] = {}
    for name in names:
        by = telling.by if name.startswith("value") else known.get(name.removesuffix("_full"))
        series = telling.dataset.by(by) if by else None
        if by is None or series is None or series.measure.kind != "number":
            continue
        units = (
            [unit.id for unit in series.measure.units]
            if name.endswith("_full")
            else [telling.query.unit or ""]
        )
        for unit in units:
            if value := cell.of(by, unit):
                out[telling.figure(cell, value, by)] = None
    return tuple(out)


def _spread(telling: Telling, cell: Cell) -> Chart | None:
    """The percentiles of one row, all in one unit."""
    measure = telling.measure
    listed = [
        (s.name, cell.of(f"{measure.id}.{s.id}", telling.query.unit or "")) for s in measure.percentiles
    ]
    units = {value.unit for _, value in listed if value}
    bars = tuple(Bar(name, value.value, value.text) for name, value in listed if value)
    if len(units) != 1 or len(bars) < 2:
        return None
    place = telling.dataset.shown(cell.place)
    title = ", ".join(part for part in (telling.title(cell.code), place, telling.dataset.period) if part)
    return Chart(title, units.pop().label, bars)
