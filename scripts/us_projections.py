"""Make knowledge/us-work/projections.csv from the Employment Projections of the US Bureau of Labor Statistics:
python scripts/us_projections.py FILE [--out DIR]

FILE holds Tables 1.2 (occupational projections and worker characteristics) and 1.10 (separations and openings) of
the edition 2024-34 as one CSV with the columns in ``SOURCE``: the publisher's own workbook was not at hand when this
was written. Employment, change and openings, which are published in thousands with one decimal, are written as
numbers of people; nothing is rounded. The median wage of 2024 is left out: pay is that of another survey and year.

Checked before anything is written: columns, row counts, codes, categories, that employment and change agree, and that
what detailed occupations employ adds up to the total. What breaks a rule is named by file and line.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from published import KNOWLEDGE, NONE, Problems, Row, decimals, number, once, put, read, table

OUT = KNOWLEDGE / "us-work"
SOURCE = (
    "soc", "title", "type", "level", "employment_2024_thousands", "employment_2034_thousands", "change_thousands", "change_pct",
    "self_employed_pct_2024", "openings_per_year_thousands", "exit_rate_pct", "transfer_rate_pct", "separation_rate_pct", "exits_thousands",
    "transfers_thousands", "separations_thousands", "median_annual_wage_2024", "education", "work_experience", "training", "ooh",
)  # fmt: skip
COLUMNS = (
    "code", "title", "level", "jobs_now", "jobs_then", "change_percent", "openings", "self_employed", "education", "experience", "training",
)  # fmt: skip
ROWS = 1_113
KINDS = {"detailed": 832, "summary": 281}
LEVELS = {"0": "total", "1": "major", "2": "minor", "3": "broad"}
CATEGORIES = {
    "education": {
        "No formal educational credential", "High school diploma or equivalent", "Some college, no degree", "Postsecondary nondegree award",
        "Associate's degree", "Bachelor's degree", "Master's degree", "Doctoral or professional degree",
    },
    "work_experience": {"None", "Less than 5 years", "5 years or more"},
    "training": {
        "None", "Short-term on-the-job training", "Moderate-term on-the-job training", "Long-term on-the-job training", "Apprenticeship",
        "Internship/residency",
    },
}  # fmt: skip
"""What the publisher assigns to detailed occupations; groups have none."""
THOUSAND = 1_000
ROUNDED = 5
"""By how much, in thousands, rounding each of 832 figures to one decimal may move their sum."""
TENTH = Decimal("0.1")
"""What rounding to one decimal leaves open between two figures and their difference, in thousands."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, check, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0].split(":")[0])
    parser.add_argument("file", type=Path, help="the two tables as one CSV")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of projections.csv")
    wanted = parser.parse_args(arguments)
    problems = Problems()
    rows = read(wanted.file, SOURCE, problems, rows=ROWS)
    problems.stop()
    check(rows, problems)
    problems.stop()
    made = list(told(rows, problems))
    problems.stop()
    put({wanted.out / "projections.csv": table(COLUMNS, made)})


def check(rows: Sequence[Row], problems: Problems) -> None:
    """The rules that the published figures keep."""
    once(rows, lambda row: row["soc"], problems)
    for row in rows:
        if not re.fullmatch(r"[0-9]{2}-[0-9]{4}", row["soc"]):
            problems.at(row, f"{row['soc']!r} is no code")
        if row["type"] == "summary" and row["level"] not in LEVELS:
            problems.at(row, f"unknown level {row['level']!r}")
        for name, known in CATEGORIES.items():
            if row[name] not in (known if row["type"] == "detailed" else {NONE}):
                problems.at(row, f"{name}: {row[name]!r} is none of the publisher's categories")
        then, now, change = (
            number(row, f"{name}_thousands", problems) or Decimal(0)
            for name in ("employment_2034", "employment_2024", "change")
        )
        if abs(then - now - change) > 2 * TENTH:
            problems.at(row, f"employment changes by {then - now}, but the change is given as {change}")
    kinds = Counter(row["type"] for row in rows)
    if kinds != KINDS:
        problems.add(rows[0].file, 1, f"{dict(kinds)} rows of each type, not {KINDS}")
    for name in ("employment_2024_thousands", "employment_2034_thousands"):
        whole = next(Decimal(row[name]) for row in rows if row["soc"] == "00-0000")
        parts = sum(Decimal(row[name]) for row in rows if row["type"] == "detailed")
        if abs(whole - parts) > ROUNDED:
            problems.add(
                rows[0].file, 1, f"{name}: detailed occupations sum to {parts}, the total is {whole}"
            )


def told(rows: Sequence[Row], problems: Problems) -> Iterator[list[str]]:
    """Our rows: shares with one decimal, numbers of people whole."""
    for row in rows:
        level = "detailed" if row["type"] == "detailed" else LEVELS[row["level"]]
        yield [
            row["soc"],
            "All Occupations" if level == "total" else row["title"],
            level,
            people(row, "employment_2024_thousands", problems),
            people(row, "employment_2034_thousands", problems),
            decimals(number(row, "change_pct", problems, "-100"), 1),
            people(row, "openings_per_year_thousands", problems),
            decimals(number(row, "self_employed_pct_2024", problems, "0", "100"), 1),
            *(row[name] for name in CATEGORIES),
        ]


def people(row: Row, name: str, problems: Problems) -> str:
    """Thousands as a number of people; 0 is kept as none given: the publisher's 0.0 is less than fifty."""
    value = number(row, name, problems, "0")
    return decimals(value * THOUSAND, 0) if value else NONE


if __name__ == "__main__":
    main()
