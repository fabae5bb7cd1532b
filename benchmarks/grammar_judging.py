"""Whether a reply gives the figures that a question of grammars.py asks for, and none besides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grammar_figures import Cell, Published, Row
from occupation_questions import APART, STATES

if TYPE_CHECKING:
    from chatbot import Reply
    from chatbot.reply import Figure

RIGHT, UNASKED, DECLINED = "right", "figure not asked for", "declined"
NO_FIGURES = re.compile(
    r"\bMay \d{4}\b|\b\d+(?:st|nd|rd|th)\b|\b\d\d-\d{4}\b|\b2,080\b|\b(?:19|20)\d\d\b(?!,)", re.I
)
NAMING = re.compile(r"“[^”]*” is counted among|\b\d+th percentile|\bMay \d{4}\b")
NUMBERS = re.compile(r"[$€£] ?\d[\d,]*(?:\.\d+)?|(?<![\d,.])\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True)
class Way:
    """A way to be right: all of ``must`` is told, no row but those of ``may``, and the text has ``tell`` (a
    regular expression; empty: any text)."""

    must: frozenset[Cell]
    may: frozenset[Row]
    tell: str = ""


@dataclass(frozen=True)
class Gold:
    """What is right: ``answer`` (one of the ways), ``told`` (one of them, or no figure) or ``none`` (no
    figure)."""

    kind: str
    ways: tuple[Way, ...] = ()


def judge(reply: Reply, question: str, gold: Gold, published: Published) -> tuple[str, str]:
    """``RIGHT``, ``UNASKED`` or ``DECLINED``, and why."""
    if not reply.figures:
        loose = amounts(reply.text) - amounts(question)
        if loose:
            return judge_loose(loose, reply.text, gold, published)
        return (DECLINED, f"no figure: {reply.kind}") if gold.kind == "answer" else (RIGHT, "")
    told = {cell_of(figure) for figure in reply.figures}
    for figure in reply.figures:
        if figure.flag != "at least" and published.value(cell_of(figure)) != figure.value:
            return UNASKED, f"{figure.value} is not what is published for {cell_of(figure)}"
    reasons = [misses(way, told, reply.text, published) for way in gold.ways]
    if "" in reasons:
        return RIGHT, ""
    rows = {cell.row for cell in told}
    if gold.kind == "answer" and any(rows <= way.may and way.must & told for way in gold.ways):
        return DECLINED, reasons[0]
    return UNASKED, reasons[0] if reasons else f"told of {listed(rows)}"


def misses(way: Way, told: set[Cell], text: str, published: Published) -> str:
    """Why it is not this way; empty where it is."""
    stray = {cell.row for cell in told} - way.may
    if stray:
        return f"told of {listed(stray)}"
    if not way.must <= told:
        return f"without {listed(way.must - told)}"
    if way.tell and not re.search(way.tell, without_names(text, told, published), re.I):
        return f"no word on it: {way.tell}"
    return ""


def without_names(text: str, told: set[Cell], published: Published) -> str:
    """A text without what says nothing of a condition: the names of whose figures are told and where,
    percentiles, amounts, and how a title is read."""
    names = {published.titles.get(cell.code, cell.code) for cell in told}
    names |= {STATES.get(cell.place) or APART.get(cell.place, ("United States",))[0] for cell in told}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return NUMBERS.sub(" ", NAMING.sub(" ", text))


def judge_loose(loose: set[float], text: str, gold: Gold, published: Published) -> tuple[str, str]:
    """The verdict where numbers stand in the text alone: they must be figures of the rows that may be told."""
    for way in gold.ways:
        held = {
            value
            for row in way.may
            for column in published.rows.get(row, {})
            if column.startswith(("annual", "hourly", "employment"))
            and (value := published.value(Cell(*row, column))) is not None
        }
        must = {published.value(cell) for cell in way.must}
        if loose <= held and must <= loose and (not way.tell or re.search(way.tell, text, re.I)):
            return RIGHT, ""
    return UNASKED, f"numbers in the text: {', '.join(f'{number:,g}' for number in sorted(loose))}"


def amounts(text: str) -> set[float]:
    """The amounts of money and the numbers with a thousands sign of a text; no years, ordinals or codes."""
    found = NUMBERS.findall(NO_FIGURES.sub(" ", text))
    return {float(re.sub(r"[^\d.]", "", number).rstrip(".")) for number in found}


def cell_of(figure: Figure) -> Cell:
    """The cell of the CSV files that a reply's figure is from."""
    unit = {"USD a year": "annual", "USD an hour": "hourly"}.get(figure.unit, figure.unit)
    column = f"{unit}_{figure.statistic}" if figure.statistic else str(figure.measure)
    return Cell(figure.place, figure.code, column)


def listed(of: Iterable[Row | Cell]) -> str:
    """A few of them in a line."""
    names = sorted(" ".join(one) for one in of)
    return ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")
