"""Where an amount of money lies among the percentiles that are published: between which two, in words, and never worked
out between them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from chatbot.datasets.model import Statistic
from chatbot.datasets.telling import Telling, names_in
from chatbot.datasets.units import Unit
from chatbot.datasets.value import Cell, Value
from chatbot.flow import Told
from chatbot.knowledge.expand import join
from chatbot.knowledge.looking import filled
from chatbot.reply import Bar, Chart

_SHARES = {10: "one in ten", 25: "a quarter", 50: "half", 75: "three quarters", 90: "nine in ten"}
"""Parts of a hundred in words."""


def _share(of_hundred: float) -> str:
    return _SHARES.get(int(of_hundred), f"{of_hundred:g} in a hundred")


class _Mark(Struct, frozen=True):
    """A percentile with its figure in one unit of time."""

    statistic: Statistic
    value: Value

    @property
    def said(self) -> str:
        return f"the {self.statistic.name} ({self.value.text})"

    @property
    def share(self) -> str:
        """How many earn less."""
        return _share(self.statistic.percentile or 0)

    @property
    def rest(self) -> str:
        """How many earn more."""
        return _share(100 - (self.statistic.percentile or 0))


def placed(telling: Telling) -> Told:
    """The lookup's sentence about the amount of the query among the percentiles of one row."""
    query, measure = telling.query, telling.measure
    (target,), (place,) = query.targets[:1], query.places[:1]
    cell, amount = telling.cell(target.code, place), query.amount
    if amount is None:
        return Told(missing=telling.missing([cell]))
    unit = next((unit for unit in measure.units if unit.id == amount.per), None)
    if unit is None:
        by = join([one.by for one in measure.units if one.by])
        return Told(
            missing=f"The figures are published {by} only, so I can't place “{amount.text}” among them."
        )
    marks = _marks(telling, cell, unit)
    if not marks:
        return Told(missing=telling.missing([cell]))
    said = "; ".join(_said(one, unit, marks) for one in dict.fromkeys((amount.low, amount.high)))
    usual = measure.usual
    if f"the {usual.name}" not in said and cell.of(f"{measure.id}.{usual.id}", unit.id):
        said += f". The {usual.name} was {cell.full(f'{measure.id}.{usual.id}', unit.id)}"
    names = names_in(telling.lookup.says)
    values = telling.values(cell, names) | {"amount": amount.text, "placed": said}
    figures = tuple(telling.figure(cell, mark.value, f"{measure.id}.{mark.statistic.id}") for mark in marks)
    return Told(
        filled(telling.lookup.says, values),
        telling.cite([cell]),
        _chart(telling, cell, unit, marks),
        figures=figures,
    )


def _marks(telling: Telling, cell: Cell, unit: Unit) -> list[_Mark]:
    """The percentiles that are published in a unit, the lowest first; of those that are only a limit the first."""
    out: list[_Mark] = []
    for statistic in telling.measure.percentiles:
        value = cell.of(f"{telling.measure.id}.{statistic.id}", unit.id)
        if value and value.unit == unit and not (out and out[-1].value.top):
            out.append(_Mark(statistic, value))
    return out


def _said(amount: float, unit: Unit, marks: Sequence[_Mark]) -> str:
    """Where an amount lies: ``$70,000 a year lies between the 10th percentile ($69,120 a year) and ...``."""
    text, first, last = unit.text(amount), marks[0], marks[-1]
    equal = next((mark for mark in marks if not mark.value.top and mark.value.value == amount), None)
    if equal:
        return f"{text} is the {equal.statistic.name}: {equal.share} of them earn less"
    if amount < first.value.value:
        return f"{text} is below {first.said}: at least {first.rest} of them earn more"
    if last.value.top and amount >= last.value.value:
        return f"{text} is as high as where the figures end: {last.said}"
    if amount > last.value.value:
        return f"{text} is above {last.said}: at most {last.rest} of them earn more"
    below = [mark for mark in marks if mark.value.value < amount][-1]
    above = next(mark for mark in marks if mark.value.value > amount)
    return f"{text} lies between {below.said} and {above.said}: at least {below.share} of them earn less, and at most {above.share}"


def _chart(telling: Telling, cell: Cell, unit: Unit, marks: Sequence[_Mark]) -> Chart:
    """The percentiles, and the amount among them."""
    amount = telling.query.amount
    assert amount
    bars = [Bar(mark.statistic.name, mark.value.value, mark.value.text) for mark in marks]
    bars += [Bar("asked", one, unit.text(one)) for one in dict.fromkeys((amount.low, amount.high))]
    title = ", ".join(
        part
        for part in (telling.title(cell.code), telling.dataset.shown(cell.place), telling.dataset.period)
        if part
    )
    return Chart(title, unit.label, tuple(sorted(bars, key=lambda bar: bar.value)))
