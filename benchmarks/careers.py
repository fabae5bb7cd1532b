"""What an occupation takes, where it is going and what the work is like, asked with wordings that were written without
sight of the knowledge: python benchmarks/careers.py [--titles N] [--seed N] [--show N]

benchmarks/data/wordings.yaml has 20 wordings for each of 25 things that are asked; each is asked of N occupations by an
everyday title. What is right is read here from the CSV files, by a reader of its own: the value that the answer must
hold, and the code that its citation must name; where the files hold nothing, nothing may be told.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter, defaultdict
from pathlib import Path

import yaml

from chatbot import CareerBot

ROOT = Path(__file__).resolve().parents[1]
WORK, PAY = ROOT / "knowledge" / "us-work", ROOT / "knowledge" / "us-occupations"
WORDINGS = Path(__file__).parent / "data" / "wordings.yaml"
TEXTS = {
    "education": "education",
    "work-experience": "experience",
    "training": "training",
    "how-to-become": "education",
    "preparation-time": "education",
}
LISTS = {
    "duties": ("duties.csv", "", "text"), "licences": ("handbook.csv", "licence", "text"), "apprenticeship": ("handbook.csv", "apprenticeship", "text"),
    "hours": ("context.csv", "hours", "text"), "schedule": ("handbook.csv", "schedule", "text"), "technologies": ("work.csv", "technology", "text"),
    "similar-jobs": ("work.csv", "related", "text"), "employers": ("employers.csv", "", "industry"),
}  # fmt: skip
RATINGS = {
    "skills": ("skills.csv", "importance", ()), "knowledge": ("subjects.csv", "importance", ()), "interests": ("interests.csv", "rating", ()),
    "work-styles": ("styles.csv", "impact", ()), "stress": ("ratings.csv", "rating", ("time pressure",)),
    "outdoors": ("ratings.csv", "rating", ("outdoors in all weather",)), "sitting-standing": ("ratings.csv", "rating", ("time spent sitting",)),
}  # fmt: skip


def rows(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class Gold:
    """What is right: by what is asked and code, a text that the answer must hold; "" where there is nothing."""

    def __init__(self) -> None:
        projected = {row["code"]: row for row in rows(WORK / "projections.csv")}
        paid = {row["code"]: row for row in rows(PAY / "national.csv")}
        self.of: dict[str, dict[str, str]] = defaultdict(dict)
        for code, row in projected.items():
            for asked, column in TEXTS.items():
                self.of[asked][code] = "" if row[column] == "-" else f"“{row[column]}”"
            self.of["job-growth"][code] = f"{row['change_percent']}%"
            self.of["openings"][code] = "" if row["openings"] == "-" else f"{int(row['openings']):,}"
            self.of["self-employed"][code] = "" if row["self_employed"] == "-" else f"{row['self_employed']}%"
        for code, row in paid.items():
            yearly, hourly = row["annual_median"], row["hourly_median"]
            self.of["pay"][code] = (
                f"${int(yearly):,}" if yearly.isdigit() else "" if hourly in "*#" else f"${hourly}"
            )
            self.of["employment"][code] = f"{int(row['employment']):,}" if row["employment"].isdigit() else ""
        for asked, (name, kind, column) in LISTS.items():
            for row in rows(WORK / name):
                if not kind or row["kind"] == kind:
                    self.of[asked].setdefault(row["code"], row[column])
        for asked, (name, column, only) in RATINGS.items():
            best: dict[str, dict[str, str]] = {}
            for row in rows(WORK / name):
                label = next(key for key in row if key not in {"code", column})
                wanted = not only or row[label] in only
                if wanted and (
                    row["code"] not in best or float(row[column]) > float(best[row["code"]][column])
                ):
                    best[row["code"]] = row
            self.of[asked] = {
                code: f"{next(v for k, v in row.items() if k not in {'code', column})} {row[column]}"
                for code, row in best.items()
            }


def main() -> None:
    """Ask, and count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--titles", type=int, default=4, help="occupations for each wording")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="so many of what was not right")
    wanted = parser.parse_args()
    chance, gold = random.Random(wanted.seed), Gold()  # noqa: S311
    titles = yaml.safe_load((PAY / "titles.yaml").read_text(encoding="utf-8"))["titles"]
    codes = [code for code in titles if titles[code] and code in gold.of["duties"]]
    wordings = yaml.safe_load(WORDINGS.read_text(encoding="utf-8"))
    bot = CareerBot()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    shown = []
    for asked, texts in wordings.items():
        for text in texts:
            for code in chance.sample(codes, wanted.titles):
                title = titles[code][0]
                question = text.replace("{ts}", f"{title}s").replace("{t}", title)
                reply = bot.ask(question)
                verdict = judged(reply, code, gold.of[asked].get(code, ""))
                counts[asked][verdict] += 1
                if verdict in {"wrong", "declined"}:
                    shown.append((verdict, asked, question, reply.entry_id, reply.text[:150]))
    total: Counter[str] = sum(counts.values(), Counter())
    for asked, found in counts.items():
        print(f"{asked:18}", dict(found))
    n = sum(total.values())
    print(
        f"{n:,} questions:", ", ".join(f"{verdict} {count / n:.1%}" for verdict, count in total.most_common())
    )
    shown.sort(key=lambda one: one[0] != "wrong")
    for one in shown[: wanted.show]:
        print(*one, sep=" | ")


def judged(reply: object, code: str, value: str) -> str:
    """Right, asked back, declined (rightly where there is nothing), or wrong: another figure, or another occupation."""
    kind, text = str(getattr(reply, "kind", "")), str(getattr(reply, "text", ""))
    if kind == "answer":
        cited = any(f"({code})" in citation.section for citation in getattr(reply, "citations", ()))
        return "right" if value and value in text and cited else "wrong"
    if kind == "clarify":
        return "asked back"
    return "declined" if value else "rightly declined"


if __name__ == "__main__":
    main()
