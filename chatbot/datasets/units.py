"""Units of figures: how a figure is written in a sentence, and how the cell of a file must be written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from chatbot.knowledge.datasetschema import MeasureSpec
from chatbot.paths import data_file

MONEY, PEOPLE, PERCENT, YEARS, PLAIN = "money", "people", "percent", "years", "plain"
OTHERS = (PEOPLE, PERCENT, YEARS, PLAIN)
"""Kinds of units that are no money."""
DIGITS = 9
"""A figure has at most so many digits, decimals included: it is kept in 32 bits."""
SAMPLE = "4251018"
"""Digits of which a message makes an example of a figure."""


class Unit(Struct, frozen=True):
    """A unit of a measure. ``id`` is that of the time (year, hour) or "". A figure is kept as a whole number,
    ``decimals`` shifted out.

    ``label``: of charts ("US dollars a year"). ``after``: what stands behind a figure. ``adverb``: "yearly".
    ``by``: "by the year". ``limit``: what a mark of a limit stands for. ``cell`` and ``write``: how messages
    call a cell, and what has to stand in it.
    """

    id: str
    kind: str
    decimals: int = 0
    sign: str = ""
    label: str = ""
    after: str = ""
    adverb: str = ""
    by: str = ""
    currency: str = ""
    money: str = ""
    limit: float | None = None
    cell: str = ""
    write: str = ""

    def value(self, raw: int) -> float:
        """A kept figure in its unit."""
        return raw if not self.decimals else raw / 10**self.decimals

    def text(self, value: float) -> str:
        """A figure in a sentence: ``$35,360 a year``."""
        number = f"{abs(value):,.{self.decimals}f}"
        shown = f"{'-' if value < 0 else ''}{self.sign}{number}"
        if self.kind == MONEY:
            return f"{shown} {self.after}".rstrip()
        return f"{shown}{self.after}"


def known_units() -> tuple[str, ...]:
    """What ``unit`` may be."""
    return (*resource()["currencies"], *OTHERS)


def known_times() -> tuple[str, ...]:
    """What ``per`` may name."""
    return tuple(resource()["times"])


def units_of(spec: MeasureSpec) -> tuple[Unit, ...]:
    """The units of a measure of numbers, the one that is told first before the others; ``KeyError`` for a
    unit that is none."""
    times = tuple(spec.per) or ("",)
    return tuple(_unit(spec, time) for time in times)


def _unit(spec: MeasureSpec, time: str) -> Unit:
    known = resource()
    at: Mapping[str, str] = known["times"][time] if time else {}
    key = time or "unit"
    decimals = spec.decimals.get(key, 0)
    limit = float(spec.limits[key]) if key in spec.limits else None
    after, adverb = at.get("after", ""), at.get("adverb", "")
    cell = f"{at.get('cell', '')} {spec.name or 'figure'}".strip()
    if spec.unit in OTHERS:
        other: Mapping[str, str] = known["others"][spec.unit]
        write = _write(
            other["write"] if spec.unit == PEOPLE else "a whole number" if not decimals else "a number",
            decimals,
        )
        label = f"{other['label']} {after}".strip()
        behind = f"{other.get('after', '')}{' ' if after else ''}{after}"
        name = other["cell"] if not time else cell
        return Unit(
            time,
            spec.unit,
            decimals,
            "",
            label,
            behind,
            adverb,
            at.get("by", ""),
            limit=limit,
            cell=name,
            write=write,
        )
    money: Mapping[str, str] = known["currencies"][spec.unit]
    label = f"{money['name']} {after}".strip()
    write = f"{money['parts' if decimals else 'whole']} such as {sample(decimals)}"
    return Unit(
        time, MONEY, decimals, money["sign"], label, after, adverb, at.get("by", ""), spec.unit, money["name"], limit, cell, write
    )  # fmt: skip


def _write(what: str, decimals: int) -> str:
    if not decimals:
        return what
    return f"{what} with {decimals} decimal{'s' * (decimals > 1)} such as {sample(decimals)}"


def sample(decimals: int) -> str:
    """A figure as an example: ``42510`` or ``18.50``."""
    return SAMPLE[:5] if not decimals else f"18.{'50000'[:decimals]}"


@lru_cache(maxsize=1)
def resource() -> dict[str, Any]:
    """What resources/units.yaml says."""
    import yaml  # only where files are read: a start from a snapshot does without

    known: dict[str, Any] = yaml.safe_load(data_file("units.yaml").read_text(encoding="utf-8"))
    return known
