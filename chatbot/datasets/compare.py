"""Rows side by side, and what two published figures differ by."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.datasets.telling import Telling
from chatbot.datasets.units import MONEY, PEOPLE, PERCENT
from chatbot.datasets.value import Cell, Value
from chatbot.flow import Told
from chatbot.reply import Bar, Chart

Rows = Sequence[tuple[Cell, Value]]


def compared(telling: Telling, rows: Rows, lacking: Sequence[Cell]) -> Told:
    """The figures of several rows, those that are lacking named."""
    dataset, by = telling.dataset, telling.by
    if (
        len({value.unit for _, value in rows}) > 1
    ):  # of one there is only another unit: so all in that, where they are
        last = telling.measure.units[-1].id
        rows = [(cell, value) for cell, _ in rows if (value := cell.of(by, last))]
    values = [value for _, value in rows]
    places, codes = {cell.place for cell, _ in rows}, {cell.code for cell, _ in rows}
    first = rows[0][0]
    shown, title = dataset.shown(first.place), telling.title(first.code)
    where = (
        f"In {shown}" if len(places) == 1 and shown else f"For {title}" if len(codes) == 1 else "As published"
    )
    labels = [_label(telling, cell, codes, places) for cell, _ in rows]
    listed = "; ".join(f"{label} {value.text}" for label, value in zip(labels, values, strict=True))
    period = f" in {dataset.period}" if dataset.period else ""
    text = f"{where}, {telling.name}{period}: {listed}.{_difference(labels, values)}"
    if lacking:
        text += f" {telling.missing(lacking)}"
    bars = tuple(Bar(label, value.value, value.text) for label, value in zip(labels, values, strict=True))
    of = shown if len(places) == 1 else title if len(codes) == 1 else ""
    name = telling.name
    heading = f"{name[:1].upper()}{name[1:].lower()}{': ' if of else ''}{of}{', ' if dataset.period else ''}{dataset.period}"
    same = len({value.unit for value in values}) == 1
    chart = Chart(heading, values[0].unit.label, bars) if same and len(bars) > 1 else None
    figures = tuple(telling.figure(cell, value, by) for cell, value in rows)
    return Told(text, telling.cite([cell for cell, _ in rows]), chart, figures=figures)


def _label(telling: Telling, cell: Cell, codes: set[str], places: set[str]) -> str:
    if len(places) == 1:
        return telling.title(cell.code)
    place = telling.dataset.shown(cell.place)
    return place if len(codes) == 1 else f"{telling.title(cell.code)} in {place}"


def _difference(labels: Sequence[str], values: Sequence[Value]) -> str:
    """What two published figures differ by, said to be worked out from them."""
    if len(values) != 2 or any(value.top for value in values) or values[0].unit != values[1].unit:
        return ""
    (low, _), (high, label) = sorted(zip((value.value for value in values), labels, strict=True))
    unit = values[0].unit
    if low == high:
        return " The two are the same."
    if unit.kind == PERCENT:
        return f" Worked out from these: {high - low:,.{unit.decimals}f} percentage points more for {label}."
    if low <= 0:
        return (
            ""
            if unit.kind in {MONEY, PEOPLE}
            else f" Worked out from these: {unit.text(high - low)} more for {label}."
        )
    times = f"{high / low:.2f} times as {'many' if unit.kind == PEOPLE else 'much'}"
    gap = unit.text(high - low)
    return f" Worked out from these: {gap} more for {label}, {times}."
