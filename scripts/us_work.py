"""Make the files of knowledge/us-work that hold what O*NET says of the work: python scripts/us_work.py FOLDER EXTRA
[--out DIR]

FOLDER holds text files of the O*NET 30.1 Database as they are published. EXTRA holds skills.csv and knowledge.csv (the
importance ratings of 30.1 by element, with the publisher's advice to suppress), elements.csv (their names) and
work_context_partial.csv (30.3; the answer chosen most, and mean ratings, for 450 occupations), laid out as in ``EXTRA``: the
publisher's own files of these were not at hand when this was written. It gives

work.csv        code, kind, text: technologies, related occupations, the job zone, the bright outlook, the year of the values
education.csv   code, level, percent: what schooling people in the occupation say that it requires
titles.csv      code, title: what people call their job: official, alternate, short and reported titles, of specialties, too, under
                the code of their occupation
skills.csv, subjects.csv   code, element, importance (1 to 5)
interests.csv   code, interest, rating (1 to 7), as a model estimates it
styles.csv      code, style, impact (-3 to 3), as a model estimates it
values.csv      code, value, extent (1 to 7)
context.csv     code, kind, text: hours a week and schedule; ratings.csv: code, element, rating (1 to 5)

Only what O*NET says of just the occupation that the official figures have: the code xx-xxxx.00 of a detailed occupation in
projections.csv. Specialties (.01 and so on) and parts of a broader group are another occupation's figures and left out. What the
publisher advises to suppress is left out of ratings; an occupation with such a share has no shares at all, as the rest would
look like the whole. No description and no task is taken.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from published import KNOWLEDGE, NONE, Problems, Row, decimals, number, read, table
from published import put as put_files

from chatbot.authoring.exchange.onet import forms
from chatbot.language.words import english

OUT = KNOWLEDGE / "us-work"
FULL = ".00"
OCCUPATIONS = ("O*NET-SOC Code", "Title", "Description")
SURVEY = (
    "O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Category", "Data Value", "N", "Standard Error", "Lower CI Bound",
    "Upper CI Bound", "Recommend Suppress", "Date", "Domain Source",
)  # fmt: skip
CATEGORIES = ("Element ID", "Element Name", "Scale ID", "Category", "Category Description")
RATED = ("O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value", "Date", "Domain Source")
ZONES = ("O*NET-SOC Code", "Job Zone", "Date", "Domain Source")
ZONE_NAMES = ("Job Zone", "Name", "Experience", "Education", "Job Training", "Examples", "SVP Range")
RELATED = ("O*NET-SOC Code", "Related O*NET-SOC Code", "Relatedness Tier", "Index")
TECHNOLOGY = ("O*NET-SOC Code", "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand")
ALTERNATES = ("O*NET-SOC Code", "Alternate Title", "Short Title", "Source(s)")
REPORTED = ("O*NET-SOC Code", "Reported Job Title", "Shown in My Next Move")
NO_TITLE = "n/a"
SOMEBODY = (
    "er",
    "or",
    "ist",
    "ian",
    "man",
    "eer",
    "ant",
    "ologist",
    "wright",
    "smith",
    "tech",
    "hand",
    "keeper",
)
"""How names of those who do something end."""
CONDITIONS = frozenset(
    [
        "freelance",
        "freelancer",
        "self",
        "employed",
        "independent",
        "apprentice",
        "trainee",
        "intern",
        "student",
        "volunteer",
        "retired",
        "remote",
        "seasonal",
        "temporary",
        "part",
        "time",
        "per",
        "diem",
        "entry",
        "level",
        "junior",
        "senior",
    ]
)
"""A word of these says on which terms somebody works, which a question says for itself: no name has it."""
OTHERS = "all other"
"""Of a group of many kinds: a name of one word says too little there."""
COMMON = 5_000
"""A word with a smaller rank in English is a common one."""
EXTRA = {
    "skills.csv": ("onet_soc", "element_id", "importance", "level", "flags"),
    "knowledge.csv": ("onet_soc", "element_id", "importance", "level", "flags"),
    "elements.csv": ("element_id", "domain", "name"),
    "bright_outlook.csv": ("onet_soc", "rapid_growth", "numerous_openings", "new_and_emerging"),
    "work_context_partial.csv": (
        "onet_soc", "hours_per_week_mode", "schedule_mode", "time_pressure", "contact_with_others", "freedom_to_make_decisions",
        "consequence_of_error", "conflict_situations", "spend_time_sitting", "spend_time_standing", "outdoors_all_weather",
    ),
}  # fmt: skip
SUPPRESSED = "s"
HOURS = {"1": "less than 40 hours", "2": "40 hours", "3": "more than 40 hours"}
SCHEDULES = {"1": "regular", "2": "irregular", "3": "seasonal"}
CONTEXT = {
    "time_pressure": "time pressure", "contact_with_others": "contact with others", "freedom_to_make_decisions": "freedom to make decisions",
    "consequence_of_error": "consequence of error", "conflict_situations": "conflict situations", "spend_time_sitting": "time spent sitting",
    "spend_time_standing": "time spent standing", "outdoors_all_weather": "outdoors in all weather",
}  # fmt: skip
INTERESTS, STYLES, VALUES = "OI", "WI", "EX"
MODEL = {"Machine Learning", "AI/Expert"}
"""Who estimated interests and styles, as the answers say."""
TECHNOLOGIES = 12
"""So many technologies are kept of an occupation, those first that employers' postings ask for most."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, check, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0].split(":")[0])
    parser.add_argument("folder", type=Path, help="text files of the O*NET 30.1 Database")
    parser.add_argument(
        "extra", type=Path, help="skills.csv, knowledge.csv, elements.csv, work_context_partial.csv"
    )
    parser.add_argument(
        "--out", type=Path, default=OUT, help="folder with projections.csv, where the files are put"
    )
    wanted = parser.parse_args(arguments)
    problems = Problems()
    release = Release(wanted.folder, wanted.extra, detailed(wanted.out / "projections.csv"), problems)
    files = {
        "titles.csv": table(("code", "title"), release.names(official(wanted.out / "projections.csv"))),
        "work.csv": table(("code", "kind", "text"), release.lists()),
        "education.csv": table(("code", "level", "percent"), release.education()),
        "skills.csv": table(("code", "element", "importance"), release.importance("skills.csv")),
        "subjects.csv": table(("code", "element", "importance"), release.importance("knowledge.csv")),
        "interests.csv": table(
            ("code", "interest", "rating"), release.rated("Interests.txt", INTERESTS, "1", "7")
        ),
        "styles.csv": table(("code", "style", "impact"), release.rated("Work Styles.txt", STYLES, "-3", "3")),
        "values.csv": table(("code", "value", "extent"), release.rated("Work Values.txt", VALUES, "1", "7")),
        "context.csv": table(("code", "kind", "text"), release.habits()),
        "ratings.csv": table(("code", "element", "rating"), release.context()),
    }
    problems.stop()
    put_files({wanted.out / name: text for name, text in files.items()})


def detailed(file: Path) -> frozenset[str]:
    """The codes of the detailed occupations that the official figures have."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(line[:7] for line in lines if ",detailed," in line)


def official(file: Path) -> dict[str, str]:
    """The titles of all codes of the official figures."""
    with file.open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row["title"] for row in csv.DictReader(stream)}


def plainly_somebody(title: str) -> bool:
    """Whether a title of one word can be nothing but somebody: abbreviations, short forms ("Cyber") and common words
    ("Sister") are left out."""
    word = title.lower().rstrip("s")
    return (
        " " not in title
        and not title.isupper()
        and word.endswith(SOMEBODY)
        and english().get(word, COMMON) >= COMMON
    )


class Release:
    """What is published, for the occupations that are known."""

    def __init__(self, folder: Path, extra: Path, known: frozenset[str], problems: Problems) -> None:
        self.folder, self.extra, self.known, self.problems = folder, extra, known, problems
        self.titles = {
            row["O*NET-SOC Code"]: row["Title"] for row in self._file("Occupation Data.txt", OCCUPATIONS)
        }
        self.elements = {row["element_id"]: row["name"] for row in self._extra("elements.csv")}

    def _file(self, name: str, columns: Sequence[str]) -> list[Row]:
        return read(self.folder / name, columns, self.problems, tabs=True)

    def _extra(self, name: str) -> list[Row]:
        return read(self.extra / name, EXTRA[name], self.problems)

    def _own(self, rows: Iterable[Row], column: str = "O*NET-SOC Code") -> Iterator[tuple[str, Row]]:
        """The rows about just a known occupation, with its code."""
        for row in rows:
            code, full = row[column][:7], row[column][7:]
            if full == FULL and code in self.known:
                yield code, row

    def names(self, official: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Each code with its titles, the official one first, each once."""
        own = {title[:7]: text for title, text in self.titles.items() if title[7:] == FULL}
        listed = [(code, official.get(code) or title) for code, title in own.items()]
        listed += [(code[:7], title) for code, title in self.titles.items()]
        for row in self._file("Alternate Titles.txt", ALTERNATES):
            listed += [(row["O*NET-SOC Code"][:7], form) for form in forms(row["Alternate Title"])]
            if row["Short Title"] != NO_TITLE:
                listed.append((row["O*NET-SOC Code"][:7], row["Short Title"]))
        for row in self._file("Sample of Reported Titles.txt", REPORTED):
            listed += [(row["O*NET-SOC Code"][:7], form) for form in forms(row["Reported Job Title"])]
        facets = yaml.safe_load((KNOWLEDGE / "language.yaml").read_text(encoding="utf-8"))["facets"]
        leagues = {word for listed in facets["organisation"].values() for word in listed}
        named = {code for code, _ in listed if code in official or code in own}
        once: dict[tuple[str, str], tuple[str, str]] = {}
        for code, title in [*((code, official[code]) for code in sorted(named & official.keys())), *listed]:
            once.setdefault((code, title.casefold()), (code, title))
        yield from (
            pair
            for pair in once.values()
            if (
                " " in pair[1]
                and CONDITIONS.isdisjoint(pair[1].lower().replace("-", " ").split())
                and leagues.isdisjoint(word.lower() for word in pair[1].split() if word.isupper())
            )
            or (plainly_somebody(pair[1]) and OTHERS not in official.get(pair[0], "").lower())
            or pair[1] == official.get(pair[0])
        )

    def lists(self) -> Iterator[tuple[str, str, str]]:
        """Technologies, related occupations, job zones, the bright outlook, the years of the values."""
        by_code: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for code, row in self._own(self._file("Technology Skills.txt", TECHNOLOGY)):
            wanted = (row["In Demand"] != "Y") + (row["Hot Technology"] != "Y")
            by_code[code].append((wanted, len(by_code[code]), row["Example"]))
        for code, listed in by_code.items():
            names = dict.fromkeys(name for _, _, name in sorted(listed))
            yield from ((code, "technology", name) for name in list(names)[:TECHNOLOGIES])
        related = sorted(
            self._own(self._file("Related Occupations.txt", RELATED)),
            key=lambda pair: (pair[0], int(pair[1]["Index"])),
        )
        for code, row in related:
            other = row["Related O*NET-SOC Code"]
            if row["Relatedness Tier"].startswith("Primary") and other in self.titles:
                yield code, "related", self.titles[other]
        names = {row["Job Zone"]: row["Name"] for row in self._file("Job Zone Reference.txt", ZONE_NAMES)}
        for code, row in self._own(self._file("Job Zones.txt", ZONES)):
            zone, _, needed = names[row["Job Zone"]].partition(": ")
            yield code, "zone", f"{zone} ({needed[:1].lower()}{needed[1:].lower()})"
        listed = dict(self._own(self._extra("bright_outlook.csv"), "onet_soc"))
        for code in sorted({title[:7] for title in self.titles if title[7:] == FULL} & self.known):
            flags = [
                name.replace("_", " ")
                for name in EXTRA["bright_outlook.csv"][1:]
                if code in listed and listed[code][name] == "1"
            ]
            yield from ((code, "bright", text) for text in flags or ["not listed"])
        seen = set()
        for code, row in self._own(self._file("Work Values.txt", RATED)):
            if code not in seen:
                seen.add(code)
                yield code, "values-year", row["Date"][-4:]

    def education(self) -> Iterator[tuple[str, str, str]]:
        """Shares over levels of schooling, of occupations none of whose shares is suppressed."""
        levels = {
            row["Category"]: row["Category Description"].split(" - ")[0].split(" (")[0].rstrip(".")
            for row in self._file("Education, Training, and Experience Categories.txt", CATEGORIES)
            if row["Scale ID"] == "RL"
        }
        shares: dict[str, list[tuple[str, str]]] = defaultdict(list)
        kept_back: set[str] = set()
        for code, row in self._own(self._file("Education, Training, and Experience.txt", SURVEY)):
            if row["Scale ID"] != "RL":
                continue
            shares[code].append(
                (levels[row["Category"]], decimals(number(row, "Data Value", self.problems, "0", "100"), 2))
            )
            if row["Recommend Suppress"] == "Y":
                kept_back.add(code)
        for code, listed in shares.items():
            total = sum(float(share) for _, share in listed)
            if abs(total - 100) > 1:
                self.problems.add(self.folder, 1, f"{code}: the shares of education sum to {total:.2f}")
            yield from (
                (code, level, share) for level, share in listed if float(share) and code not in kept_back
            )

    def importance(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Importance by element, without what the publisher advises to suppress."""
        for code, row in self._own(self._extra(name), "onet_soc"):
            value = number(row, "importance", self.problems, "1", "5")
            if SUPPRESSED not in row["flags"]:
                yield code, self.elements[row["element_id"]], decimals(value, 2)

    def rated(self, name: str, scale: str, least: str, most: str) -> Iterator[tuple[str, str, str]]:
        """Ratings of one scale."""
        for code, row in self._own(self._file(name, RATED)):
            if row["Scale ID"] == scale:
                if scale in {INTERESTS, STYLES} and row["Domain Source"] not in MODEL:
                    self.problems.at(row, f"estimated by {row['Domain Source']!r}: the answers name a model")
                yield (
                    code,
                    row["Element Name"],
                    decimals(number(row, "Data Value", self.problems, least, most), 2),
                )

    def habits(self) -> Iterator[tuple[str, str, str]]:
        """The answers on hours and schedule that were chosen most."""
        for code, row in self._own(self._extra("work_context_partial.csv"), "onet_soc"):
            for column, kind, names in (
                ("hours_per_week_mode", "hours", HOURS),
                ("schedule_mode", "schedule", SCHEDULES),
            ):
                if row[column] in names:
                    yield code, kind, names[row[column]]

    def context(self) -> Iterator[tuple[str, str, str]]:
        """Mean ratings of the work context."""
        for code, row in self._own(self._extra("work_context_partial.csv"), "onet_soc"):
            for column, name in CONTEXT.items():
                if row[column] not in {"", NONE}:
                    yield code, name, decimals(number(row, column, self.problems, "1", "5"), 2)


if __name__ == "__main__":
    main()
