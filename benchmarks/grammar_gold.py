"""What is right for a question of grammars.py, from what was drawn for it and the published figures alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grammar_figures import NATION, WHOLE, Cell, Published, Row
from grammar_judging import Gold, Way
from occupation_questions import APART, STATES

FIRST = 10
"""So many of an order may be told where its head is asked for."""
LEAST = 15
"""Orders of fewer places are not asked for."""
MEDICAL = ("29-", "31-")
AMONG = ((*STATES, *APART), (*STATES, "DC"), tuple(STATES))
"""Which places an order may be of; the question does not say whether territories count."""
SMALL = frozenset("""a an and are as at be by do for from his her in is it my no not of on or out per s some than the their them they to two up
was with who whole year years hour hours half median pay paid work works worker workers working job""".split())  # noqa: SIM905  # fmt: skip
"""Words that say nothing of a condition, or stand in any reply."""


STEM = 6
"""A longer word may have another ending in a reply."""


class UndrawableError(ValueError):
    """A draw that gold cannot be certain for; another one is made."""


@dataclass
class Draw:
    """What was drawn for a question: an occupation by everyday title and code, another one, two places, and a
    word (``word2``: another form of it, ``number``: the place in an order that it names).

    ``tell``: a regular expression that a reply's text has if it names the word.
    """

    title: str
    code: str
    other: str
    other_code: str
    place: str
    second: str
    word: str = ""
    word2: str = ""
    tell: str = ""
    number: int = 0


def gold_of(grammar: Mapping[str, Any], draw: Draw, columns: Sequence[str], published: Published) -> Gold:
    """What is right for a draw, by the keys of its grammar; ``columns`` are asked for.

    Errors: UndrawableError where a figure that would be told is not published: that nothing is told would
    prove nothing.
    """
    kind = grammar["gold"]
    if "rank" in grammar:
        return Gold(kind, tuple(orders(grammar["rank"], draw, published)))
    here, there = Row(draw.place, draw.code), Row(draw.second, draw.code)
    rows = {
        "both_titles": [here, Row(draw.place, draw.other_code)],
        "both_places": [here, there],
        "paired": [here, Row(draw.second, draw.other_code)],
    }.get(grammar.get("row", ""), [here])
    needed = {
        Cell(*row, column)
        for row in (*rows, there, Row(NATION, draw.code))
        for column in columns or ["annual_median"]
    }
    if any(published.value(cell) is None for cell in needed):
        raise UndrawableError("not published")
    if kind == "none":
        return Gold(kind)
    must = frozenset(Cell(*row, column) for row in rows for column in columns)
    if grammar.get("wider"):
        ways = [nearest(place, must, draw) for place in (draw.place, NATION)]
        held = (nearest(area, must, draw, "") for area in areas_of(draw.tell, published))
        ways += [way for way in held if all(published.value(cell) is not None for cell in way.must)]
        within = [
            area for area, line in published.areas.items() if f"in:{draw.place}" in line["flags"].split("|")
        ]
        ways += (
            [Way(frozenset(), frozenset(Row(area, draw.code) for area in within), draw.tell)]
            if draw.tell == "metro"
            else []
        )
        return Gold(kind, tuple(ways))
    may = frozenset(rows)
    if grammar.get("may") == "whole":
        must, may = frozenset(), frozenset({Row(draw.place, WHOLE)})
    elif grammar.get("may") == "states":
        may = frozenset(Row(place, draw.code) for place in (*STATES, *APART, NATION))
    tell = "" if kind == "answer" else grammar.get("tell", draw.tell)
    if tell == "{t}":
        tell = any_of(words_of(f"{draw.title} {published.titles[draw.code]}"))
    note = grammar.get("note", "")
    return Gold(kind, (Way(must, may, f"{tell}|{note}" if tell and note else tell),))


def areas_of(city: str, published: Published) -> list[str]:
    """The metropolitan areas that are named after a city."""
    return [area for area, line in published.areas.items() if city and re.search(city, line["shown"], re.I)]


def nearest(place: str, must: Iterable[Cell], draw: Draw, tell: str | None = None) -> Way:
    """The figures of a place that holds what was asked for, with the word named (``tell``: another, or none); the
    nation's may stand beside."""
    return Way(
        frozenset(Cell(place, cell.code, cell.column) for cell in must),
        frozenset({Row(place, draw.code), Row(NATION, draw.code)}),
        draw.tell if tell is None else tell,
    )


def orders(kind: str, draw: Draw, published: Published) -> list[Way]:
    """The ways to tell an order: its head with at most ``FIRST`` others, or the one that stands at a number."""
    if kind.endswith(("codes", "codes_without")):
        without = MEDICAL if kind.endswith("without") else ()
        return [head(published.occupations(draw.place, "annual_median", without))]
    column = "employment" if kind.startswith("most") else "annual_median"
    ways = []
    for among in AMONG:
        cells = published.places(draw.code, column, among)
        if len(cells) < LEAST:
            raise UndrawableError("too few places")
        if kind.startswith("worst"):
            cells.reverse()
        if kind.startswith("nth"):
            ways += numbered(cells, draw, published)
            continue
        if kind.endswith("without"):
            if draw.place not in {cell.place for cell in cells[:3]}:
                raise UndrawableError("it would not be told anyway")
            cells = [cell for cell in cells if cell.place != draw.place]
        ways.append(head(cells))
    return ways


def head(cells: Sequence[Cell]) -> Way:
    """The first of an order, and at most as many others as are told."""
    if len(cells) < LEAST:
        raise UndrawableError("too few")
    return Way(frozenset(cells[:1]), frozenset(cell.row for cell in cells[:FIRST]))


def numbered(cells: Sequence[Cell], draw: Draw, published: Published) -> list[Way]:
    """The one at a number alone, or with others where the text counts."""
    n = draw.number
    values = [published.value(cell) for cell in cells]
    if values.count(values[n - 1]) > 1:
        raise UndrawableError("a tie")
    must = frozenset({cells[n - 1]})
    others = frozenset(Row(place, draw.code) for place in (*STATES, *APART, NATION))
    return [
        Way(must, frozenset({cells[n - 1].row})),
        Way(must, others, rf"\b{re.escape(draw.word)}\b|\b{n}(?:st|nd|rd|th)\b|\bnumber {n}\b"),
    ]


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of the words, long ones whatever their ending."""
    return "|".join(
        rf"\b{re.escape(word[:-2])}" if len(word) > STEM else rf"\b{re.escape(word.removesuffix('s'))}s?\b"
        for word in sorted(words)
    )


def words_of(text: str) -> set[str]:
    """The words of a text that say something, in small letters."""
    return set(re.findall(r"[^\W_]+", text.casefold())) - SMALL
