"""The published figures and the names of occupations, read from the pack's files by nothing but the csv
module, for grammars.py."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import yaml

NATION, WHOLE = "US", "00-0000"
AGENT = re.compile(
    r"(?:er|or|ist|ian|yst|man|ant|nurse|agent|surgeon|chef|cook|clerk|aide|judge|coach|pilot|mechanic|paramedic)$"
)
"""How the last word of a title ends that names a person, and no activity or field."""


PLACES = Path(__file__).resolve().parents[1] / "chatbot" / "resources" / "places" / "us.csv"


class Row(NamedTuple):
    """Whose figures: an occupation in a place."""

    place: str
    code: str


class Cell(NamedTuple):
    """One figure: a column of a row."""

    place: str
    code: str
    column: str

    @property
    def row(self) -> Row:
        return Row(self.place, self.code)


class Published:
    """What a folder of figures holds.

    ``rows``: the columns of national.csv, states.csv and metros.csv by place ("US" for the nation) and code; ``areas``:
    the metropolitan areas with their names, by code; ``titles``:
    the official title of each code; ``detailed``: the codes of single occupations; ``everyday``: titles that
    the pack gives one code only and that name a person, with the code; ``names``: all names of occupations, in
    small letters. Errors: OSError and KeyError where the files are not as expected.
    """

    def __init__(self, folder: Path, never_drawn: Iterable[str] = ()) -> None:
        self.rows: dict[Row, dict[str, str]] = {}
        self.titles: dict[str, str] = {}
        self.detailed: set[str] = set()
        for name in ("national.csv", "states.csv"):
            with (folder / name).open(encoding="utf-8", newline="") as file:
                for line in csv.DictReader(file):
                    self.rows[Row(line.get("state") or NATION, line["code"])] = line
                    if "title" in line:
                        self.titles[line["code"]] = line["title"]
                        self.detailed |= {line["code"]} if line["level"] == "detailed" else set()
        with (folder / "metros.csv").open(encoding="utf-8", newline="") as file:
            self.rows |= {Row(line["area"], line["code"]): line for line in csv.DictReader(file)}
        with PLACES.open(encoding="utf-8", newline="") as file:
            self.areas = {
                line["code"]: line for line in csv.DictReader(file) if line["level"] == "metropolitan area"
            }
        listed = yaml.safe_load((folder / "titles.yaml").read_text(encoding="utf-8"))
        codes: dict[str, set[str]] = {}
        for code, titles in listed["titles"].items():
            for title in titles:
                codes.setdefault(title, set()).add(code)
        elsewhere = {
            name.casefold() for key in ("ambiguous", "stand_ins", "unlisted") for name in listed[key]
        } | {name.casefold() for names in listed["groups"].values() for name in names}
        self.names = elsewhere | {title.casefold() for title in [*codes, *self.titles.values()]}
        left_out = elsewhere | set(never_drawn)
        self.everyday = {
            title: min(held)
            for title, held in codes.items()
            if len(held) == 1 and title not in left_out and is_person(title)
        }

    def value(self, cell: Cell) -> float | None:
        """The figure of a cell; none where it is not published, or where only a limit is."""
        text = self.rows.get(cell.row, {}).get(cell.column, "*")
        return None if text in {"*", "#", ""} else float(text)

    def places(self, code: str, column: str, among: Iterable[str]) -> list[Cell]:
        """The figures of an occupation by place, the highest first; empty where one of them is a limit only,
        which has no place in an order."""
        return self.ordered(Cell(place, code, column) for place in among)

    def occupations(self, place: str, column: str, without: tuple[str, ...] = ()) -> list[Cell]:
        """The figures of the single occupations in a place, the highest first, without the codes that begin
        so; empty as for ``places``."""
        return self.ordered(
            Cell(place, code, column) for code in sorted(self.detailed) if not code.startswith(without)
        )

    def ordered(self, cells: Iterable[Cell]) -> list[Cell]:
        """The cells with a figure, the highest first; empty where one holds a limit only."""
        listed = list(cells)
        if any(self.rows.get(cell.row, {}).get(cell.column) == "#" for cell in listed):
            return []
        held = {cell: value for cell in listed if (value := self.value(cell)) is not None}
        return sorted(held, key=lambda cell: -held[cell])


def is_person(title: str) -> bool:
    """Whether an everyday title, in small letters without an "of", names somebody."""
    return bool(
        re.fullmatch(r"[a-z]+(?:[ -][a-z]+){0,2}", title)
        and not re.search(r"\b(?:of|and|in|to)\b", title)
        and AGENT.search(title)
    )
