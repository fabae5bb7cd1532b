"""The places of one country as figures are given for them: codes, levels and names, read from one CSV file.

    code,level,shown,names,asked,flags

``code`` is how a data set's rows name the place; the first row is the whole country, whose code is that of
its two letters. ``names`` are known in every question, ``asked`` only where figures are asked for; both are
in small letters with a bar between. A row without a code holds names that are none of these places.
``flags``: ``word`` (the code, in small letters, is rather a word), ``said`` (people say the code in capitals,
too), ``city:NAME`` (in capitals the code is rather that city), ``in:CODE`` (it lies in that place, or a part of it does), ``apart`` (it is no place on the map, such as an industry), ``country`` (the place has a country code of
its own, which is the same) and ``example`` (named in messages). The files of the program are in
resources/places; a pack may bring its own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from msgspec import Struct

from chatbot.paths import data_file

COLUMNS = ("code", "level", "shown", "names", "asked", "flags")
FOLDER = "places"
_CITY, _IN = "city:", "in:"
LONGEST_CODE = 3
"""A code of capital letters as short as this is one that people say."""


class Region(Struct, frozen=True):
    """One place: its level is that of its row (country, state, region); names are in small letters."""

    code: str
    level: str
    shown: str
    names: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def spoken(self) -> bool:
        """Whether people say the code."""
        return self.code.isalpha() and self.code.isupper() and len(self.code) <= LONGEST_CODE

    @property
    def apart(self) -> bool:
        """Whether it is no place on the map, such as an industry: no place is divided by it."""
        return "apart" in self.flags

    @property
    def within(self) -> tuple[str, ...]:
        """The codes of the places that it lies in, or in parts of."""
        return tuple(flag.removeprefix(_IN) for flag in self.flags if flag.startswith(_IN))

    @property
    def city(self) -> str:
        """The city that the code is rather taken for, or ""."""
        return next((flag.removeprefix(_CITY) for flag in self.flags if flag.startswith(_CITY)), "")


@dataclass(frozen=True)
class PlaceNames:
    """The places of a country, the whole of it first."""

    regions: tuple[Region, ...]

    @property
    def home(self) -> str:
        """The two letters of the country."""
        return self.regions[0].code

    @cached_property
    def by_code(self) -> dict[str, Region]:
        """Each place by its code."""
        return {region.code: region for region in self.regions if region.code}

    @cached_property
    def known(self) -> bool:
        """Whether any of the places is known by name in every question; then their keys are their codes."""
        return any(region.names for region in self.regions)

    @cached_property
    def countries(self) -> frozenset[str]:
        """Codes of places that have a country code of their own."""
        return frozenset(region.code for region in self.regions if "country" in region.flags)

    def key(self, code: str) -> str:
        """How a place is named beside those of other countries."""
        region = self.by_code.get(code)
        plain = code == self.home or (self.known and not (region and region.apart))
        return code if plain else f"{self.home}-{code}"

    def code(self, key: str) -> str | None:
        """The code of a place by its key, or None where it is of another country."""
        code = key.removeprefix(f"{self.home}-")
        return code if code in self.by_code and self.key(code) == key else None

    def at(self, level: str) -> tuple[Region, ...]:
        """The places of a level."""
        return tuple(region for region in self.regions if region.code and region.level == level)


def read_places(file: Path) -> PlaceNames:
    """The places of a file; raises ``OSError``, or ``ValueError`` with the line and what is wrong."""
    regions: list[Region] = []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        try:
            header = next(reader, [])
            if tuple(header) != COLUMNS:
                raise ValueError(f"1: the columns must be {','.join(COLUMNS)}")
            for cells in reader:
                if len(cells) != len(COLUMNS):
                    raise ValueError(
                        f"{reader.line_num}: {len(cells)} cells, but the header has {len(COLUMNS)}"
                    )
                names, asked, flags = (tuple(text for text in cell.split("|") if text) for cell in cells[3:])
                regions.append(Region(cells[0], cells[1], cells[2], names, asked, flags))
        except csv.Error as error:
            raise ValueError(f"{reader.line_num}: not CSV: {error}") from None
    if not regions or not regions[0].code or not all(region.shown for region in regions if region.code):
        raise ValueError("2: the first row must be the whole country, and each place needs `shown`")
    return PlaceNames(tuple(regions))


@lru_cache(maxsize=1)
def shipped_places() -> dict[str, PlaceNames]:
    """The files of places that come with the program, by their names."""
    return {file.stem: read_places(file) for file in sorted(data_file(FOLDER).glob("*.csv"))}
