"""A data set in memory: what it measures, of what and where; its figures are one array of small numbers, its
texts one of bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from chatbot.datasets.arrays import Parts, Texts
from chatbot.datasets.units import MONEY, PEOPLE, Unit
from chatbot.language.placenames import PlaceNames, Region, shipped_places

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ABSENT = -(2**31)
"""In place of a figure: there is no such row. A mark is kept as ``FIRST_MARK`` and its number."""
FIRST_MARK = ABSENT + 1
LAST_MARK = FIRST_MARK + 99
CODES = "codes"
"""The kind of what a crosswalk lists."""
NOT_PUBLISHED = "not published"
"""What is said in place of a figure that is not there without a mark."""
AT_LEAST, AT_MOST = "at least", "at most"
LIMITS = (AT_LEAST, AT_MOST)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Mark(Struct, frozen=True):
    """What stands in a file in place of a figure, and what it says."""

    mark: str
    says: str

    @property
    def limit(self) -> bool:
        """Whether it stands for a figure of which only a limit is published."""
        return self.says in LIMITS


class Statistic(Struct, frozen=True):
    """One of the figures of a measure: its name in files and braces, and in sentences."""

    id: str
    name: str
    percentile: float | None = None
    default: bool = False


class Measure(Struct, frozen=True):
    """What is measured or told. ``columns``: of a number, the column of each unit and statistic, by ``(unit,
    statistic)``."""

    id: str
    kind: str
    name: str
    units: tuple[Unit, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    default: bool = False
    columns: Mapping[str, int] = field(default_factory=dict)
    scale: tuple[float, ...] = ()
    of: str = ""
    """The classification whose entities it is about, where that is not the data set's own (of a crosswalk,
    read backwards)."""
    to: str = ""
    """The classification of the codes that it lists (of a crosswalk)."""

    def column(self, unit: str, statistic: str) -> int:
        """The column of a figure."""
        return self.columns[f"{unit} {statistic}"]

    @property
    def counts(self) -> bool:
        """Whether it is a number of people."""
        return bool(self.units) and self.units[0].kind == PEOPLE

    @property
    def money(self) -> str:
        """The code of its currency, or ""."""
        return self.units[0].currency if self.units and self.units[0].kind == MONEY else ""

    @property
    def percentiles(self) -> tuple[Statistic, ...]:
        """Its percentiles, the lowest first."""
        return tuple(
            sorted((s for s in self.statistics if s.percentile is not None), key=lambda s: s.percentile or 0)
        )

    @property
    def usual(self) -> Statistic:
        """The statistic that is told where none is named."""
        return next((statistic for statistic in self.statistics if statistic.default), self.statistics[0])

    def statistic(self, name: str) -> Statistic | None:
        """A statistic by its name in files."""
        return next((statistic for statistic in self.statistics if statistic.id == name), None)

    def unit(self, words: frozenset[str]) -> Unit:
        """The unit that the words of a question ask for, else the first."""
        return next((unit for unit in self.units if unit.id in words), self.units[0])


class Series(Struct, frozen=True):
    """A measure and one of its statistics: what a lookup is ``by``."""

    measure: Measure
    statistic: str = ""

    @property
    def name(self) -> str:
        """What sentences call it: ``median pay``, ``number employed``."""
        statistic = self.measure.statistic(self.statistic)
        return (
            f"{statistic.name} {self.measure.name}".strip()
            if statistic and statistic.name
            else self.measure.name
        )


class Entity(Struct, frozen=True):
    """What the rows are about."""

    name: str
    classification: str
    whole: str | None = None
    levels: tuple[str, ...] = ()
    family: int | None = None


@dataclass(frozen=True)
class PlaceDimension:
    """The places of the rows: the country, the levels, and where the names are from (``own``: the pack's; ``more``:
    besides)."""

    home: str
    levels: tuple[str, ...] = ("country",)
    names: str = ""
    own: tuple[Region, ...] = ()
    more: tuple[Region, ...] = ()

    @cached_property
    def places(self) -> PlaceNames:
        """The places by name; of a country without a list, the country alone."""
        shipped = shipped_places().get(self.names)
        known = self.own or (shipped.regions if shipped else (_country(self.home),))
        return PlaceNames((*known, *self.more)) if self.more or not shipped else shipped

    @property
    def regional(self) -> tuple[str, ...]:
        """The levels below the country."""
        return self.levels[1:]


def _country(code: str) -> Region:
    from chatbot.language.places import gazetteer

    return Region(code, "country", gazetteer().shown(code))


@dataclass(frozen=True, eq=False)
class Rows:
    """Figures by place, code and column. ``values`` (n, columns), int32, holds ``ABSENT`` or a mark where there is
    none; ``at`` (places, codes), int32, says which of them is a place's and code's, -1 where there is no such row.
    The arrays can't be written to.

    ``codes``, ``titles`` and ``levels`` are in the order of the first file; ``places`` has the country first,
    then the others, sorted.
    """

    codes: tuple[str, ...]
    titles: tuple[str, ...]
    levels: tuple[str, ...]
    places: tuple[str, ...]
    columns: tuple[str, ...]
    values: NDArray[np.int32]
    at: NDArray[np.int32]

    def of(self, place: str, code: str) -> int:
        """The number of the row of a place and code; -1 where there is none."""
        if code not in self.row or place not in self.place:
            return -1
        return int(self.at[self.place[place], self.row[code]])

    @cached_property
    def row(self) -> Mapping[str, int]:
        """The row of each code."""
        return {code: i for i, code in enumerate(self.codes)}

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The number of each place."""
        return {place: i for i, place in enumerate(self.places)}


class Crosswalk(Struct, frozen=True):
    """How the codes of the data set lead to those of another entity; the pairs are kept among the texts, in
    both directions."""

    name: str
    to: str
    classification: str

    @property
    def there(self) -> str:
        """Under which the texts hold the other codes of each own code."""
        return f"crosswalk {self.name} {self.to}"

    @property
    def back(self) -> str:
        """Under which the texts hold the own codes of each other code."""
        return f"crosswalk {self.to} {self.name}"


@dataclass(frozen=True)
class Dataset:
    """One data set. ``id``: pack/name. ``texts``: texts and lists by measure and code; ``parts``: shares and
    ratings."""

    id: str
    entity: Entity
    place: PlaceDimension | None
    period: str
    year: int | None
    measures: Mapping[str, Measure]
    marks: tuple[Mark, ...]
    words: Mapping[str, tuple[str, ...]]
    beyond: Mapping[str, tuple[str, ...]]
    modifiers: tuple[str, ...]
    rows: Rows | None
    texts: Texts
    parts: Parts
    crosswalks: tuple[Crosswalk, ...] = ()
    default: bool = False

    @property
    def pack(self) -> str:
        """The pack's id."""
        return self.id.partition("/")[0]

    @property
    def home(self) -> str:
        """The country, or "" where there are no places."""
        return self.place.home if self.place else ""

    @cached_property
    def years(self) -> frozenset[str]:
        """The years that the data set is of."""
        return frozenset([*_YEAR.findall(self.period), *([str(self.year)] if self.year else [])])

    def covers(self, year: str) -> bool:
        """Whether a year is within the period."""
        return bool(self.years) and min(self.years) <= year <= max(self.years)

    @cached_property
    def currencies(self) -> frozenset[str]:
        """The codes of its currencies."""
        return frozenset(measure.money for measure in self.measures.values() if measure.money)

    def of_code(self, mark: str) -> int:
        """How a mark is kept."""
        return FIRST_MARK + next(i for i, known in enumerate(self.marks) if known.mark == mark)

    def has_row(self, code: str) -> bool:
        """Whether a code has a row of figures or texts in columns."""
        return self.rows is not None and code in self.rows.row

    def row_title(self, code: str) -> str | None:
        """The title that the first file has for a code."""
        return self.rows.titles[self.rows.row[code]] if self.rows and code in self.rows.row else None

    def shown(self, place: str) -> str:
        """A place of the rows as a sentence names it."""
        region = self.place.places.by_code.get(place) if self.place else None
        return region.shown if region else place

    @cached_property
    def usual(self) -> Series | None:
        """What is told where a lookup names no measure: the default one, else the only one."""
        numbers = [measure for measure in self.measures.values() if measure.kind == "number"]
        listed = [m for m in numbers if m.default] or [
            m for m in numbers if any(s.default for s in m.statistics)
        ]
        listed = listed or (numbers if len(numbers) == 1 else [])
        if not listed:
            return None
        return Series(listed[0], listed[0].usual.id if listed[0].statistics else "")

    def by(self, name: str) -> Series | None:
        """What ``by`` of a lookup names: a measure, a statistic, or measure.statistic; None where there is
        none such."""
        if not name:
            return self.usual
        if crossed := self._crossed(name):
            return Series(crossed)
        first, _, last = name.partition(".")
        if first in self.measures:
            measure = self.measures[first]
            if not measure.statistics:
                return None if last else Series(measure)
            statistic = measure.statistic(last) if last else measure.usual
            return Series(measure, statistic.id) if statistic else None
        owners = [measure for measure in self.measures.values() if measure.statistic(name)]
        if self.usual and self.usual.measure in owners:
            owners = [self.usual.measure]
        return Series(owners[0], name) if len(owners) == 1 else None

    def _crossed(self, name: str) -> Measure | None:
        """The list of codes that a crosswalk leads to, by the name of the entity that they are of."""
        for crosswalk in self.crosswalks:
            if name == crosswalk.to:
                return Measure(crosswalk.there, CODES, name, to=crosswalk.classification)
            if name == self.entity.name:
                return Measure(
                    crosswalk.back, CODES, name, of=crosswalk.classification, to=self.entity.classification
                )
        return None

    @cached_property
    def finest(self) -> tuple[str, ...]:
        """The codes of the finest level, in their order: what lists are made of."""
        if self.rows is None:
            return ()
        if not self.entity.levels:
            return tuple(code for code in self.rows.codes if code != self.entity.whole)
        last = self.entity.levels[-1]
        return tuple(
            code for code, level in zip(self.rows.codes, self.rows.levels, strict=True) if level == last
        )
