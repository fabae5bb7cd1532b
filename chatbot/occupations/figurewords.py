"""Published figures as text: money by the year and by the hour, numbers of people; what is top-coded or not published says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chatbot.occupations.data import Data
from chatbot.occupations.figures import STATISTICS, TOP

COLUMNS: Mapping[str, int] = {name: i for i, name in enumerate(STATISTICS)}
YEAR, HOUR, PEOPLE = "year", "hour", "people"
PERCENTILES = {"p10": "10th percentile", "p25": "25th percentile", "median": "median", "p75": "75th percentile", "p90": "90th percentile"}
"""Names of figures of pay, with those that people read."""
NOT_PUBLISHED = "not published"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``value`` in dollars or people (a top-coded one: its lower limit), its unit, and the text."""

    value: float
    unit: str
    text: str
    top: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """The figures of one occupation in one place."""

    data: Data
    code: str
    place: str

    @property
    def there(self) -> bool:
        """Whether there is such a row at all."""
        return self.code in self.data.rows and self.place in self.data.places and self._raw("employment") > -3

    def of(self, by: str, unit: str = YEAR) -> Figure | None:
        """A figure in the unit wanted, or in the other where only that is published; None where neither is."""
        if by == "employment":
            count = self._raw("employment")
            return Figure(count, PEOPLE, f"{count:,}") if count >= 0 else None
        other = HOUR if unit == YEAR else YEAR
        return self._money(by, unit) or self._money(by, other)

    def full(self, by: str, unit: str = YEAR) -> str:
        """A figure by the year and by the hour, with a word where only one of them is published."""
        if by == "employment":
            found = self.of(by)
            return found.text if found else NOT_PUBLISHED
        first, second = (self._money(by, one) for one in ((YEAR, HOUR) if unit == YEAR else (HOUR, YEAR)))
        if first and second:
            return f"{first.text} ({second.text})"
        one = first or second
        if one is None:
            return NOT_PUBLISHED
        if self._only(one.unit):
            return f"{one.text} (no {'hourly' if one.unit == YEAR else 'yearly'} figure is published for this occupation)"
        return one.text

    def _only(self, unit: str) -> bool:
        """Whether the row has figures of one unit alone."""
        own, other = ("annual", "hourly") if unit == YEAR else ("hourly", "annual")
        has = {kind: any(self._raw(name) >= 0 for name in STATISTICS if name.startswith(kind)) for kind in (own, other)}
        return has[own] and not has[other]

    def _money(self, by: str, unit: str) -> Figure | None:
        raw = self._raw(f"{'annual' if unit == YEAR else 'hourly'}_{by}")
        limit = self.data.spec.at_least.get(unit)
        if raw == TOP and limit:
            return Figure(float(limit.replace("$", "").replace(",", "")), unit, f"at least {limit} {_per(unit)}", True)
        if raw < 0:
            return None
        return Figure(raw, YEAR, f"${raw:,} a year") if unit == YEAR else Figure(raw / 100, HOUR, f"${raw / 100:,.2f} an hour")

    def _raw(self, column: str) -> int:
        assert self.data.figures
        return int(self.data.figures.values[self.data.places[self.place], self.data.rows[self.code], COLUMNS[column]])


def _per(unit: str) -> str:
    return "a year" if unit == YEAR else "an hour"
