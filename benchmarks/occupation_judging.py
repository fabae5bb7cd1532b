"""Whether a reply gives the official figures that were asked for, by the pack's CSV files; occupations.py
asks and counts."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from occupation_questions import APART, COLUMNS, STATES, Case

if TYPE_CHECKING:
    from chatbot import Reply

SOURCE = "bls-oews-2025"
CHOICES = 4
BESIDE = 25
"""A name so many characters behind a figure is beside it."""
LIMITS = {"annual": "239,200", "hourly": "115.00"}
"""What a top-coded figure is at least."""
MISSING = re.compile(
    r"not (?:been )?published|no(?:t a)? (?:\w+ ){0,3}(?:figure|row|estimate)|does(?: not|n[’']t) publish|published only|"
    r"by the (?:hour|year) only|only .{0,60}\b(?:hourly|annual|by the (?:hour|year)|an hour|a year)\b",
    re.I,
)
NAMED = {code: rf"\b{name}\b" for code, name in STATES.items()} | {
    "US": r"\bU\.?S\.?A?\b(?!\.? (?:Bureau|Department|Virgin))|(?i:\bUnited States\b|\bnation|\bcountry as a whole)",
    "VA": r"(?<!West )\bVirginia\b",
    "WA": r"\bWashington\b(?!,? D\.?C)",
    "DC": r"District of Columbia|\bD\.?C\b",
    **{code: APART[code][0] for code in ("PR", "GU", "VI")},
}


class Figures:
    """The published figures as the pack's CSV files hold them, by place ("US" for the nation) and code; ``*``
    none, ``#`` a lower limit.
    """

    def __init__(self, folder: Path) -> None:
        self.rows: dict[tuple[str, str], dict[str, str]] = {}
        self.titles: dict[str, str] = {}
        self.detailed: set[str] = set()
        try:
            for name in ("national.csv", "states.csv"):
                with (folder / name).open(encoding="utf-8", newline="") as file:
                    for row in csv.DictReader(file):
                        self.rows[row.get("state") or "US", row["code"]] = row
                        if name == "national.csv":
                            self.titles[row["code"]] = row["title"]
                            self.detailed |= {row["code"]} if row["level"] == "detailed" else set()
        except (OSError, KeyError) as error:
            raise SystemExit(f"occupations.py: {folder}: no figures to check against: {error!r}") from None
        # a broad code may have the title of its only detailed one
        same: dict[str, set[str]] = defaultdict(set)
        for code, title in self.titles.items():
            same[plain(title)].add(code)
        self._longest_first = sorted(same.items(), key=lambda pair: -len(pair[0]))

    def cell(self, place: str, code: str, column: str) -> str:
        """The figure as the file holds it; ``*`` also where there is no row."""
        return self.rows.get((place, code), {}).get(column, "*")

    def named_codes(self, text: str) -> set[str]:
        """The codes whose official titles a text names; a title within another one that is named does not
        count."""
        found: set[str] = set()
        text = plain(text)
        for title, codes in self._longest_first:
            if title in text:
                text, count = re.subn(rf"(?<!\w){re.escape(title)}(?!\w)", "|", text)
                found |= codes if count else set()
        return found

    def amounts(self, place: str, code: str) -> set[str]:
        """All figures of a row as they are printed."""
        row = self.rows.get((place, code), {})
        return {
            shown(value, column)
            for column, value in row.items()
            if column in COLUMNS and value not in {"*", "#", ""}
        }

    def holder(self, amount: str, columns: Iterable[str]) -> str | None:
        """A row that has the amount in one of the columns."""
        for (place, code), row in self.rows.items():
            for column in columns:
                if row[column] not in {"*", "#", ""} and shown(row[column], column) == amount:
                    return f"{column} of {self.titles.get(code, code)} in {place}"
        return None


def shown(value: str, column: str) -> str:
    """A figure of the file as it is to be read, without the dollar sign."""
    return f"{float(value):,.2f}" if column.startswith("hourly") else f"{int(value):,}"


def plain(text: str) -> str:
    """For comparing titles: small letters, straight apostrophes and dashes."""
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'").replace("–", "-").replace("—", "--"))


def numbers(text: str, column: str) -> list[str]:
    """The amounts in dollars that stand in a text, or for employment the numbers with a thousands sign that
    are none."""
    if column != "employment":
        return re.findall(r"\$ ?(\d{1,3}(?:,\d{3})*(?:\.\d\d)?)(?!\d)", text)
    return [
        number
        for number in re.findall(r"(?<![\d,.$])\d{1,3}(?:,\d{3})+(?![\d,]*\d)", text)
        if number != "2,080"
    ]


def judge(reply: Reply, case: Case, figures: Figures) -> tuple[str, str]:
    """``right``, ``missed`` or ``wrong``, and why."""
    values = {cell: figures.cell(*cell) for cell in product(case.places, case.codes, case.columns)}
    kind = str(reply.kind)
    if kind != "answer":
        declined = (
            kind == "unknown"
            and not reply.citations
            and any(value in {"*", "#"} for value in values.values())
        )
        return ("right", "not published") if declined else ("missed", f"kind {kind}")
    stray = strays(reply.text, case, figures)
    if stray:
        return "wrong", stray
    lost = [name for name in case.places if not re.search(NAMED[name], reply.text)]
    lost += [figures.titles[code] for code in set(case.codes) - figures.named_codes(reply.text)]
    lost += [
        f"{value} ({column}, {place})"
        for (place, code, column), value in values.items()
        if not told(reply.text, value, column)
    ]
    if SOURCE not in {citation.source_id for citation in reply.citations}:
        lost.append(f"citation of {SOURCE}")
    return ("missed", "without " + ", ".join(lost)) if lost else ("right", "")


def told(text: str, value: str, column: str) -> bool:
    """Whether a text holds the figure, or says that there is none or only a lower limit."""
    if value == "*":
        return bool(MISSING.search(text))
    if value == "#":
        return "at least" in text.casefold() and stands(LIMITS[column.partition("_")[0]], text, column)
    return stands(shown(value, column), text, column)


def stands(figure: str, text: str, column: str) -> bool:
    """Whether the figure is in the text, and not as a part of a longer number or, for employment, of an
    amount of money."""
    money = "" if column != "employment" else "$"
    return re.search(rf"(?<![\d,.{money}]){re.escape(figure)}(?!\d|[,.]\d)", text) is not None


def strays(text: str, case: Case, figures: Figures) -> str | None:
    """A figure of the kind asked for that belongs to nothing that is asked or named, told with whose it is;
    differences are no figures."""
    listed = numbers(text, case.columns[0])
    codes = set(case.codes) | figures.named_codes(text)
    places = set(case.places) | {place for place, pattern in NAMED.items() if re.search(pattern, text)}
    known = set(LIMITS.values()).union(
        *(figures.amounts(place, code) for place, code in product(places, codes))
    )
    values = {float(number.replace(",", "")) for number in listed if number in known}
    apart = {round(abs(a - b), 2) for a in values for b in values}
    family = [column for column in COLUMNS if (column == "employment") == (case.columns[0] == "employment")]
    for number in listed:
        if number not in known and round(float(number.replace(",", "")), 2) not in apart:
            holder = figures.holder(number, family)
            if holder:
                return f"{number} is the {holder}, which is not named"
    return swapped(text, case, figures)


def swapped(answer: str, case: Case, figures: Figures) -> str | None:
    """Whether the figures of the two that are compared stand in the other order than their names, and not
    each beside its own name."""
    column = case.columns[0]
    cells = [
        (place, code, figures.cell(place, code, column)) for place, code in product(case.places, case.codes)
    ]
    if len(cells) != 2 or len({value for _, _, value in cells} - {"*", "#"}) != 2:
        return None
    text = plain(answer)
    named = [
        NAMED[place] if len(case.places) > 1 else re.escape(plain(figures.titles[code]))
        for place, code, _ in cells
    ]
    names = [[match.start() for match in re.finditer(pattern, text, re.I)] for pattern in named]
    at = [text.find(shown(value, column)) for _, _, value in cells]
    if min(at) < 0 or not all(names) or (at[0] < at[1]) == (names[0][0] < names[1][0]):
        return None
    for here, own, other in ((at[0], names[0], names[1]), (at[1], names[1], names[0])):
        before, before_other = (
            max((name for name in listed if name < here), default=-1) for listed in (own, other)
        )
        if before < before_other and not any(here < name < here + BESIDE for name in own):
            return "the figures compared are swapped"
    return None


def judge_title(reply: Reply, right: set[str], figures: Figures) -> str:
    """Whether a right code is answered for or among the few choices; where no code has a row, whether none is
    answered for."""
    kind = str(reply.kind)
    if not right:
        return "right, declined" if kind == "unknown" else kind
    choices = " | ".join(reply.suggestions)
    if kind == "clarify":
        listed = figures.named_codes(f"{reply.text} | {choices}")
        return (
            "right, clarified"
            if right & listed and len(reply.suggestions) <= CHOICES
            else "clarified without it"
        )
    if kind == "answer":
        return "right, answered" if right & figures.named_codes(reply.text) else "answered for another"
    return kind


def published_rows(figures: Figures, file: Path) -> dict[str, str]:
    """Each six-digit code with a row of its own or a broader one that is published, and that row's code."""
    import yaml

    try:
        broader = yaml.safe_load(file.read_text(encoding="utf-8"))["broader"]
        pairs = (
            broader.items()
            if isinstance(broader, dict)
            else [tuple(pair.values()) if isinstance(pair, dict) else pair for pair in broader]
        )
        found: dict[str, str] = {}
        for code, others in pairs:
            found |= {code: others} if isinstance(others, str) else dict.fromkeys(others, code)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise SystemExit(f"occupations.py: {file}: no “broader:” to read: {error!r}") from None
    return {code: row for code, row in found.items() if row in figures.titles} | {
        code: code for code in figures.detailed
    }
