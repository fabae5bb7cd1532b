"""Published figures as text: by each unit of a measure; what is only a limit or not published says so."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from chatbot.datasets.model import (
    ABSENT,
    FIRST_MARK,
    LAST_MARK,
    LIMITS,
    NOT_PUBLISHED,
    Dataset,
    Mark,
    Measure,
)
from chatbot.datasets.units import Unit


class Value(Struct, frozen=True):
    """One figure: ``value`` in its unit (of a limit: the limit), and the text; ``top``: whether it is only a
    limit."""

    value: float
    unit: Unit
    text: str
    top: bool = False


class Cell(Struct, frozen=True):
    """The figures of one code in one place."""

    dataset: Dataset
    code: str
    place: str

    @property
    def there(self) -> bool:
        """Whether there is such a row at all."""
        rows = self.dataset.rows
        row = rows.of(self.place, self.code) if rows else -1
        return rows is not None and row >= 0 and bool((rows.values[row] != ABSENT).any())

    def of(self, by: str, unit: str = "") -> Value | None:
        """A figure, by a measure or statistic, in the unit wanted, or in another where only that is
        published; None where none is."""
        measure, statistic = self._told(by)
        return next(
            (value for one in _ordered(measure, unit) if (value := self._value(measure, one, statistic))),
            None,
        )

    def full(self, by: str, unit: str = "") -> str:
        """A figure in each unit, with a word where only one of them is published."""
        measure, statistic = self._told(by)
        values = [value for one in _ordered(measure, unit) if (value := self._value(measure, one, statistic))]
        if not values:
            return self.why(by)
        first, *others = values
        if others:
            return f"{first.text} ({'; '.join(other.text for other in others)})"
        without = [one for one in measure.units if one != first.unit and not self._any(measure, one)]
        if without and len(without) == len(measure.units) - 1 and self._any(measure, first.unit):
            adverbs = " or ".join(one.adverb for one in without)
            return f"{first.text} (no {adverbs} figure is published for this {self.dataset.entity.name})"
        return first.text

    def why(self, by: str) -> str:
        """What is said in place of a figure that is not there."""
        measure, statistic = self._told(by)
        kept = [self._raw(measure.column(unit.id, statistic)) for unit in measure.units]
        marks = [mark for raw in kept if (mark := self._mark(raw))]
        return marks[0].says if marks else NOT_PUBLISHED

    def _told(self, by: str) -> tuple[Measure, str]:
        told = self.dataset.by(by)
        if told is None:
            raise KeyError(by)
        return told.measure, told.statistic

    def _any(self, measure: Measure, unit: Unit) -> bool:
        """Whether the row has any figure of a unit, limits not counted."""
        statistics = [statistic.id for statistic in measure.statistics] or [""]
        return any(self._raw(measure.column(unit.id, statistic)) > LAST_MARK for statistic in statistics)

    def _value(self, measure: Measure, unit: Unit, statistic: str) -> Value | None:
        raw = self._raw(measure.column(unit.id, statistic))
        if raw > LAST_MARK:
            value = unit.value(raw)
            return Value(value, unit, unit.text(value))
        mark = self._mark(raw)
        if mark and mark.limit and unit.limit is not None:
            return Value(unit.limit, unit, f"{mark.says} {unit.text(unit.limit)}", True)
        return None

    def _mark(self, raw: int) -> Mark | None:
        return self.dataset.marks[raw - FIRST_MARK] if FIRST_MARK <= raw <= LAST_MARK else None

    def _raw(self, column: int) -> int:
        rows = self.dataset.rows
        assert rows
        row = rows.of(self.place, self.code)
        return int(rows.values[row, column]) if row >= 0 else ABSENT


def _ordered(measure: Measure, unit: str) -> Sequence[Unit]:
    """The units of a measure, the one wanted first."""
    return sorted(measure.units, key=lambda one: one.id != unit) if unit else measure.units


def flag_of(value: Value) -> str:
    """What a figure that is only a limit says of itself."""
    return next((words for words in LIMITS if value.top and value.text.startswith(words)), "")
