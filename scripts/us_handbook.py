"""Make the files of knowledge/us-work that hold what the Occupational Outlook Handbook of the US Bureau of Labor
Statistics mentions: python scripts/us_handbook.py FOLDER [--out DIR]

FOLDER holds what was coded from the Handbook's pages (2025): occupations.csv (the page of each occupation), pages.csv and
employers.csv, with the columns named below. The pages themselves were not at hand when this was written. It gives

handbook.csv   code, kind, text: what a page mentions of schedules, licences, apprenticeships, internships, residencies; its
               address; and what else a page that several occupations share is about
employers.csv  code, industry, percent: the largest employers

Texts are of our own, and say of a page what it mentions, never what somebody will meet. A page that has no section on work
schedules gets no text on them.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from published import KNOWLEDGE, Problems, Row, decimals, number, once, put, read, table

OUT = KNOWLEDGE / "us-work"
OCCUPATIONS = ("soc", "page")
PAGES = (
    "page", "title", "category", "last_modified", "education", "work_experience", "training", "licence_heading", "mentions_internship",
    "mentions_residency", "mentions_apprenticeship", "full_time", "part_time", "over_40_hours", "nights_or_evenings", "weekends", "holidays",
    "on_call", "shifts", "seasonal", "overtime", "varies", "has_schedule_section",
)  # fmt: skip
EMPLOYERS = ("page", "industry", "percent_2024")
ROWS = {"occupations.csv": 651, "pages.csv": 342, "employers.csv": 1_753}
QUANTIFIERS = {
    "": "",
    "yes": "",
    "most": " (of most)",
    "many": " (of many)",
    "some": " (of some)",
    "almost all": " (of almost all)",
    "a few": " (of a few)",
}
FLAGS = {
    "part_time": "part-time work", "nights_or_evenings": "nights or evenings", "weekends": "weekends", "holidays": "holidays",
    "on_call": "being on call", "shifts": "shifts", "seasonal": "seasonal work", "overtime": "overtime", "varies": "schedules that vary",
}  # fmt: skip
"""How a mention in the section on work schedules is named."""
ENTRY = {
    "licence_heading": "licences, certifications or registrations (a section of their own)",
    "mentions_apprenticeship": "apprenticeships",
    "mentions_internship": "internships",
    "mentions_residency": "residencies",
}
"""How a mention in the section on how to become one is named."""
KINDS = {
    "licence": (
        ("licence_heading",),
        "has a section of its own on licences, certifications or registrations",
        "has no section of its own on licences, certifications or registrations",
    ),
    "apprenticeship": (
        ("mentions_apprenticeship",),
        "mentions apprenticeships",
        "mentions no apprenticeship",
    ),
    "internship": (
        ("mentions_internship", "mentions_residency"),
        "mentions {}",
        "mentions no internship or residency",
    ),
}
"""What is asked by itself: the flags, and what is said where one of them is set, and where none is."""
WHOLE = 100
"""Percent."""
ADDRESS = "https://www.bls.gov/ooh/{category}/{page}.htm"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, check, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0].split(":")[0])
    parser.add_argument("folder", type=Path, help="with occupations.csv, pages.csv and employers.csv")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of handbook.csv and employers.csv")
    wanted = parser.parse_args(arguments)
    problems = Problems()
    occupations, pages, employers = (
        read(wanted.folder / name, columns, problems, rows=ROWS[name])
        for name, columns in zip(ROWS, (OCCUPATIONS, PAGES, EMPLOYERS), strict=True)
    )
    problems.stop()
    check(occupations, pages, employers, problems)
    problems.stop()
    by_page = {row["page"]: row for row in pages}
    known = {row["code"] for row in read(wanted.out / "projections.csv", OUTLOOK, problems)}
    problems.stop()
    of_code = {row["soc"]: row["page"] for row in occupations if row["soc"] in known}
    files = {
        wanted.out / "handbook.csv": table(("code", "kind", "text"), told(of_code, by_page)),
        wanted.out / "employers.csv": table(
            ("code", "industry", "percent"), employed(of_code, employers, problems)
        ),
    }
    problems.stop()
    put(files)


OUTLOOK = (
    "code", "title", "level", "jobs_now", "jobs_then", "change_percent", "openings", "self_employed", "education", "experience", "training",
)  # fmt: skip


def check(
    occupations: Sequence[Row], pages: Sequence[Row], employers: Sequence[Row], problems: Problems
) -> None:
    """Each page once, each flag a flag, each page that is named there."""
    once(pages, lambda row: row["page"], problems)
    known = {row["page"] for row in pages}
    for row in (*occupations, *employers):
        if row["page"] not in known:
            problems.at(row, f"there is no page {row['page']!r}")
    for row in pages:
        for name in ("full_time", "over_40_hours"):
            if row[name] not in QUANTIFIERS:
                problems.at(row, f"{name}: unknown quantifier {row[name]!r}")
        for name in (*FLAGS, *ENTRY, "has_schedule_section"):
            if row[name] not in {"0", "1"}:
                problems.at(row, f"{name}: {row[name]!r} is neither 0 nor 1")


def told(of_code: Mapping[str, str], by_page: Mapping[str, Row]) -> Iterator[tuple[str, str, str]]:
    """What each occupation's page mentions."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for code, page in of_code.items():
        sharing[page].append(code)
    for code, page in of_code.items():
        row = by_page[page]
        yield code, "page", ADDRESS.format(category=row["category"], page=page)
        if len(sharing[page]) > 1:
            yield code, "shared", f"The page, “{row['title']}”, is about several occupations."
        for text in schedule(row) if row["has_schedule_section"] == "1" else ():
            yield code, "schedule", text
        for kind, (flags, there, none) in KINDS.items():
            named = " and ".join(ENTRY[flag] for flag in flags if row[flag] == "1")
            yield code, kind, there.format(named) if named else none
        for flag, text in ENTRY.items():
            if row[flag] == "1":
                yield code, "entry", text


def schedule(row: Row) -> list[str]:
    """What a page's section on work schedules mentions."""
    out = []
    for name, text in (("full_time", "full-time work"), ("over_40_hours", "more than 40 hours a week")):
        if row[name]:
            out.append(f"{text}{QUANTIFIERS[row[name]]}")
    return [*out, *(text for name, text in FLAGS.items() if row[name] == "1")]


def employed(
    of_code: Mapping[str, str], employers: Sequence[Row], problems: Problems
) -> Iterator[tuple[str, str, str]]:
    """The largest employers by the page of each occupation; none where a page has a table for each of its occupations,
    as the file does not say which is whose: then the shares come to more than all."""
    by_page: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in employers:
        if (share := number(row, "percent_2024", problems, "0", "100")) is not None:
            by_page[row["page"]].append((row["industry"], share))
    for code, page in of_code.items():
        listed = by_page[page]
        one_table = (
            len({industry for industry, _ in listed}) == len(listed)
            and sum(share for _, share in listed) <= WHOLE
        )
        for industry, share in listed if one_table else ():
            yield code, industry, decimals(share, 0)


if __name__ == "__main__":
    main()
