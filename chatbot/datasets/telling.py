"""What every way of telling shares: an answer, the braces of its sentence, and its citations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from msgspec import Struct

from chatbot.datasets.model import Dataset, Measure
from chatbot.datasets.query import series_of
from chatbot.datasets.store import Datasets
from chatbot.datasets.value import Cell, Value, flag_of
from chatbot.flow import Query
from chatbot.knowledge.expand import join
from chatbot.knowledge.looking import filled
from chatbot.knowledge.model import Citation, Entry, Lookup
from chatbot.policy import policy
from chatbot.reply import Figure

_NAME = re.compile(r"\{(\w+)\}")
FULL = "_full"
"""How a brace ends that stands for a figure in all its units."""


class Telling(Struct, frozen=True):
    """A query in front of the data set that it is asked of."""

    store: Datasets
    dataset: Dataset
    entry: Entry
    query: Query
    following: bool = False
    """Whether it follows the sentence of another lookup."""

    @property
    def says(self) -> str:
        """The sentence with its braces."""
        return self.lookup.brief if self.following and self.lookup.brief else self.lookup.says

    @property
    def lookup(self) -> Lookup:
        """The lookup of the entry."""
        assert self.entry.lookup
        return self.entry.lookup

    @property
    def by(self) -> str:
        """What is told, as ``measure.statistic``."""
        series = series_of(self.dataset, self.lookup)
        return f"{series.measure.id}.{series.statistic}" if series.statistic else series.measure.id

    @property
    def measure(self) -> Measure:
        """The measure that is told."""
        return series_of(self.dataset, self.lookup).measure

    @property
    def name(self) -> str:
        """What sentences call that which is told: ``median pay``."""
        return series_of(self.dataset, self.lookup).name

    def title(self, code: str) -> str:
        """The official title of a code."""
        return self.store.title(code, self.dataset)

    def cell(self, code: str, place: str) -> Cell:
        """The figures of a code in a place."""
        return Cell(self.dataset, code, place)

    def values(self, cell: Cell, names: Sequence[str]) -> dict[str, str]:
        """What stands in the braces of a sentence about one row."""
        values = {
            self.lookup.entity: self.title(cell.code), "code": cell.code, "place": self.dataset.shown(cell.place), "period": self.dataset.period,
        }  # fmt: skip
        known = braces(self.dataset)
        unit = self.query.unit or ""
        for name in names:
            of = name.removesuffix(FULL)
            by = self.by if of == "value" else known.get(of)
            if name == "why":
                values[name] = cell.why(self.by)
            elif by is not None and by in self.dataset.measures and self.dataset.measures[by].kind == "text":
                texts = self.dataset.texts.of(text_key(self.dataset, by, cell.place), cell.code, 1)
                values[name] = texts[0] if texts else cell.why(by)
            elif by is not None:
                values[name] = cell.full(by, unit) if name.endswith(FULL) else _told(cell, by, unit)
        return values

    def missing(self, cells: Sequence[Cell]) -> str:
        """The lookup's word on rows where nothing is published."""
        names = {
            self.lookup.entity: join(list(dict.fromkeys(self.title(cell.code) for cell in cells))),
            "period": self.dataset.period,
        }
        names["place"] = join(list(dict.fromkeys(self.dataset.shown(cell.place) for cell in cells)))
        if "{why}" in self.lookup.missing:
            names["why"] = join(
                list(dict.fromkeys(cell.why(self.by) if cell.there else "not published" for cell in cells))
            )
        return filled(self.lookup.missing, names)

    def cite(self, cells: Sequence[Cell]) -> tuple[Citation, ...]:
        """The lookup's citations with the rows that were read."""
        rows = [self._row(cell) for cell in cells[: policy().lists.named]]
        rows += [f"{len(cells) - policy().lists.named} more"] if len(cells) > policy().lists.named else []
        return self.cited(
            "; ".join(rows), self.page(cells[0].code, cells[0].place) if len(cells) == 1 else ""
        )

    def cited(self, rows: str, page: str = "") -> tuple[Citation, ...]:
        """The lookup's citations with what was read, and its own page."""
        return tuple(
            replace(c, section=f"{c.section}: {rows}", url=page or c.url) for c in self.entry.citations
        )

    def page(self, code: str, place: str) -> str:
        """The address of what is said of one entity, or "" where there is none."""
        known = {"code": code} | self.texts(self.lookup.page, code, place)
        return (
            filled(self.lookup.page, {name: text or "" for name, text in known.items()})
            if all(known.values())
            else ""
        )

    def texts(self, sentence: str, code: str, place: str) -> dict[str, str | None]:
        """The texts and lists of the data set that stand in the braces of a sentence; None where there is none of an
        entity."""
        out: dict[str, str | None] = {}
        for name in names_in(sentence):
            measure = self.dataset.measures.get(name.replace("_", "-")) or self.dataset.measures.get(name)
            if measure is None or measure.kind not in {"text", "list"}:
                continue
            key = text_key(self.dataset, measure.id, place) if measure.kind == "text" else measure.id
            out[name] = join(self.dataset.texts.of(key, code, self.lookup.most)) or None
        return out

    def _row(self, cell: Cell) -> str:
        place = f", {self.dataset.shown(cell.place)}" if cell.place else ""
        return f"{self.title(cell.code)} ({cell.code}){place}"

    def figure(self, cell: Cell, value: Value, by: str) -> Figure:
        """A figure for programs."""
        series = self.dataset.by(by)
        measure, statistic = (series.measure.id, series.statistic) if series else (by, "")
        source = self.entry.citations[0].source_id if self.entry.citations else ""
        unit = " ".join(
            part
            for part in (value.unit.currency or value.unit.kind, value.unit.after if value.unit.id else "")
            if part
        )
        return Figure(
            value.value, unit, measure, statistic, cell.code, self.title(cell.code), cell.place, self.dataset.period, source, flag_of(value)
        )  # fmt: skip


def _told(cell: Cell, by: str, unit: str) -> str:
    value = cell.of(by, unit)
    return value.text if value else cell.why(by)


def text_key(dataset: Dataset, measure: str, place: str) -> str:
    """Under which the texts hold a text in a column."""
    return f"{measure} {place}".strip()


def names_in(text: str) -> list[str]:
    """The names of the braces of a sentence."""
    return list(dict.fromkeys(_NAME.findall(text)))


def braces(dataset: Dataset) -> dict[str, str]:
    """The names of braces for figures and texts, with what each is by: a statistic, a measure, or
    measure_statistic."""
    names: dict[str, str] = {}
    for measure in dataset.measures.values():
        if measure.kind not in {"number", "text"}:
            continue
        key = measure.id.replace("-", "_")
        names[key] = measure.id
        for statistic in measure.statistics:
            names[f"{key}_{statistic.id}"] = f"{measure.id}.{statistic.id}"
            if dataset.by(statistic.id):
                names[statistic.id] = statistic.id
    return names
