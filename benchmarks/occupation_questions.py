"""Questions for the official figures by occupation and place, in wordings that the knowledge was not written
from; occupations.py asks them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from random import Random

COLUMNS = (
    "employment",
    *(
        f"{unit}_{what}"
        for unit in ("hourly", "annual")
        for what in ("mean", "p10", "p25", "median", "p75", "p90")
    ),
)
RANGE = ("annual_p10", "annual_p90")
STATES = dict(pair.split(" ", 1) for pair in """AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|
DE Delaware|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|
MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|
NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|
SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming""".replace("\n", "").split("|"))  # fmt: skip
APART = {
    "DC": ("District of Columbia", "Washington DC", "DC"),
    "PR": ("Puerto Rico",),
    "GU": ("Guam",),
    "VI": ("Virgin Islands",),
}
NATION = ("the US", "the United States", "America", "the USA")
NOT_ALONE = set("DE HI ID IN LA ME OH OK OR PA MA AL CO MS MO".split())  # noqa: SIM905
"""Abbreviations that read as something else in small letters; they are not used."""
# {t} "nurse", {a} "a nurse", {ts} "nurses"; {t2} and so on the other one; {in} " in Texas" or nothing; {p}
# the place alone; {x} and {y} two places
WORDINGS: dict[str, tuple[str, ...]] = {
    "annual_median": (
        "What does {a} earn{in}?", "how much do {ts} make{in}", "{t} salary {p}", "{p} {t} pay", "do u know what {ts} get paid{in}",
        "hey, my cousin wants to be {a}, what's the typical pay{in}?", "What is the median annual wage for {ts}{in}?",
        "I am thinking to become {a}. Which salary is normal{in}?", "If I worked as {a}{in}, what would a normal year's pay look like?",
        "just the number pls: {t} yearly pay{in}", "Tell me about the wages of {ts}{in}.", "so like what kind of money are {ts} making{in}??",
    ),
    "hourly_median": (
        "What is the hourly wage of {a}{in}?", "{t} hourly {p}", "what do {ts} get an hour{in}", "how much per hour does {a} make{in}, roughly?",
        "whats the median hourly rate for {ts}{in}", "Could you tell me what {ts} are paid by the hour{in}?",
    ),
    "annual_mean": (
        "What is the mean annual wage of {ts}{in}?", "mean salary {t} {p}", "the mean, not the median: what do {ts} make a year{in}?",
        "For my statistics homework I need the mean yearly pay of {ts}{in}.",
    ),
    "annual_p10": (
        "What do the lowest paid 10 percent of {ts} earn{in}?", "10th percentile {t} pay {p}", "what do {ts} in the bottom tenth make a year{in}",
        "what's the starting pay for {ts}{in}?", "{ts}{in}: 10th percentile annual wage?",
    ),
    "annual_p90": (
        "What is the 90th percentile salary for {ts}{in}?", "what do the best paid 10% of {ts} make{in}?", "{t} 90th percentile {p}",
        "top pay for {a}{in}", "what do top earning {ts} make{in} a year",
    ),
    "range": (
        "What's the pay range for {ts}{in}?", "{t} salary range {p}", "from low to high, what can {a} earn{in}?",
        "how much does pay vary among {ts}{in}",
    ),
    "employment": (
        "How many {ts} are there{in}?", "number of {ts} {p}", "how many people work as {ts}{in}", "{t} employment {p}",
        "are there a lot of {ts}{in}? how many?", "What is the total employment of {ts}{in}?",
    ),
    "two occupations": (
        "Who earns more{in}, {a} or {a2}?", "{t} vs {t2} pay {p}", "is {a} paid better than {a2}{in}?", "compare what {ts} and {ts2} make{in}",
        "i cant decide between {t} and {t2}, which one pays better{in}",
    ),
    "two states": (
        "Do {ts} earn more in {x} or {y}?", "{t} pay {x} vs {y}", "where is the pay better for {a}, {x} or {y}?",
        "Compare {t} salaries in {x} and {y}.",
    ),
}  # fmt: skip
OFTEN = 3
"""The typical pay is asked so much more often than each other statistic."""
NEXT_PLACE = ("and in {x}?", "what about {x}", "{x}?", "how about in {x}", "ok and {x}")
NEXT_TITLE = ("what about {ts}?", "and {ts}?", "and {a}?", "same question for {ts}")
NEXT_STATISTIC = {
    "how many are there?": "employment", "hourly?": "hourly_median", "what's that per hour": "hourly_median", "and the mean?": "annual_mean",
    "what do the top 10 percent make?": "annual_p90", "and the 10th percentile?": "annual_p10", "whats the range": "range",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What is asked, after what, and whose figures the answer must hold; ``wording`` and ``statistic`` are
    what shares are told by."""

    text: str
    codes: tuple[str, ...]
    places: tuple[str, ...]
    columns: tuple[str, ...]
    wording: str
    statistic: str
    before: str | None = None


def plural(title: str) -> str:
    """An everyday title for more than one."""
    if title.endswith("man"):
        return f"{title[:-2]}en"
    return title + ("es" if title.endswith(("s", "x", "ch", "sh")) else "s")


def article(title: str) -> str:
    """An everyday title with "a" or "an"."""
    first = title.casefold().partition(" ")[0]
    vowel = (
        first[0] in "aeio"
        or first.startswith(("urban", "uphol", "unde"))
        or first in {"rn", "lpn", "mri", "hr", "hvac", "x-ray"}
    )
    return f"{'an' if vowel else 'a'} {title}"


def slip(text: str, rng: Random) -> str:
    """One slip of the finger in a word of five letters or more: two letters swapped, one left out or doubled."""
    words = list(re.finditer(r"[A-Za-z]{5,}", text))
    if not words:
        return text
    word = rng.choice(words)
    at = rng.randrange(word.start() + 1, word.end() - 1)
    a, b = text[at], text[at + 1]
    return text[:at] + rng.choice((b + a, b, a + a + b)) + text[at + 2 :]


def place_names(place: str, rng: Random) -> tuple[str, str]:
    """How a place may be typed after "in", and alone."""
    if place == "US":
        name = rng.choice(NATION)
        return name, rng.choice(("us", "USA", "nationwide", "united states"))
    if place in APART:
        name = rng.choice(APART[place])
        return ("the " if name in {"District of Columbia", "Virgin Islands"} else "") + name, name
    if rng.random() < 0.3 and place not in NOT_ALONE:
        return place, place
    return (STATES[place],) * 2


class Maker:
    """Makes the questions; the same for the same seed."""

    def __init__(self, titles: Mapping[str, str], seed: int) -> None:
        self.titles, self.rng = titles, Random(seed)  # noqa: S311 — no secrets are made
        self._wordings = {
            statistic: cycle(self.rng.sample(listed, len(listed))) for statistic, listed in WORDINGS.items()
        }

    def place(self) -> str:
        """The nation, a state, DC or a territory, by how often they are asked about."""
        return self.rng.choices(
            ("US", self.rng.choice([*STATES]), "DC", self.rng.choice(("PR", "GU", "VI"))), (33, 55, 6, 6)
        )[0]

    def title(self, *, but: str = "") -> tuple[str, str]:
        """An everyday title and its code, of another code than ``but``."""
        return self.rng.choice([pair for pair in self.titles.items() if pair[1] != but])

    def typed(self, text: str) -> str:
        """As it is typed: a third in small letters, a third without the question mark, a tenth with a slip."""
        text = text.lower() if self.rng.random() < 0.35 else text
        text = text.rstrip("?") if self.rng.random() < 0.35 else text
        return slip(text, self.rng) if self.rng.random() < 0.1 else text

    def case(self, statistic: str) -> Case:
        """A question for a statistic (a key of ``WORDINGS``)."""
        wording = next(self._wordings[statistic])
        title, code = self.title()
        other, other_code = self.title(but=code)
        places = (
            (self.place(),) if statistic != "two states" else tuple(self.rng.sample([*STATES, *APART], 2))
        )
        after_in, alone = place_names(places[0], self.rng)
        where = "" if places[0] == "US" and self.rng.random() < 0.5 else f" in {after_in}"
        filled = wording.format(
            t=title, a=article(title), ts=plural(title), t2=other, a2=article(other), ts2=plural(other), p=alone, x=after_in,
            y=place_names(places[-1], self.rng)[0], **{"in": where},
        )  # fmt: skip
        codes = (code, other_code) if statistic == "two occupations" else (code,)
        return Case(self.typed(filled), codes, places, columns_of(statistic), wording, statistic)

    def questions(self, count: int) -> Iterator[Case]:
        """As many questions, statistics in turn."""
        turns = cycle(
            ["annual_median"] * OFTEN + [statistic for statistic in WORDINGS if statistic != "annual_median"]
        )
        return (self.case(next(turns)) for _ in range(count))

    def follow_up(self, change: str) -> Case:
        """A question about typical pay and one that goes on from it with another place, title or statistic."""
        first = self.case("annual_median")
        if change == "statistic":
            wording = self.rng.choice([*NEXT_STATISTIC])
            statistic = NEXT_STATISTIC[wording]
            return Case(
                wording,
                first.codes,
                first.places,
                columns_of(statistic),
                wording,
                "then a statistic",
                first.text,
            )
        if change == "place":
            wording, place = (
                self.rng.choice(NEXT_PLACE),
                self.rng.choice([code for code in (*STATES, *APART) if code not in first.places]),
            )
            text = self.typed(wording.format(x=place_names(place, self.rng)[0]))
            return Case(text, first.codes, (place,), first.columns, wording, "then a place", first.text)
        wording, (title, code) = self.rng.choice(NEXT_TITLE), self.title(but=first.codes[0])
        text = self.typed(wording.format(a=article(title), ts=plural(title)))
        return Case(text, (code,), first.places, first.columns, wording, "then a title", first.text)


def columns_of(statistic: str) -> tuple[str, ...]:
    """The columns that answer for a statistic; comparisons are of typical pay."""
    return RANGE if statistic == "range" else (statistic,) if statistic in COLUMNS else ("annual_median",)
