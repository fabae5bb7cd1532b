"""Write the figures of compare.py and growth.py into docs/benchmarks.md, and their pictures into docs/images.

    python benchmarks/report.py [--compare FIGURES.json] [--growth GROWTH.json] [--page FILE] [--images FOLDER] [--format svg|png]

Only what stands between the page's marks is written; the text around it stays.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from comparing.figures import TITLES, Raw, limits, markdown, ratios, table
from comparing.pictures import draw
from growth import ROWS
from pictures import draw as draw_growth

ROOT = Path(__file__).resolve().parents[1]
GROWN = {
    "growth-latency": "Time for an answer over the number of phrasings",
    "growth-start": "Time of a first start, of one after an edit and of one with nothing changed, over the number of phrasings",
    "growth-memory": "Peak memory and size of the cache over the number of phrasings",
}
ALT = {
    "cold-start": "Bar chart of cold start to first answer for each system, with the start of the interpreter marked",
    "latency": "Chart of the 50th and 99th percentile of a warm question for each system, with the encoder's forward pass marked",
    "memory": "Bar chart of the peak memory of a cold process for each system, with an idle interpreter marked",
}
SHOWN = {
    "chatbot": ("onnxruntime", "tokenizers", "numpy", "rapidfuzz"),
    "sentence_transformers": ("sentence-transformers", "transformers", "torch"),
}
"""Packages whose versions are named beside the system's own."""


def section(report: Raw, pictures: list[str]) -> str:
    """The measured part, in Markdown."""
    machine = report["machine"]
    memory = f", {machine['memory_gb']} GB" if machine["memory_gb"] else ""
    where = (
        f"{machine['cpu']}, {machine['cores']} cores{memory}; {machine['system']}; Python {machine['python']}"
    )
    what = f"{report['phrasings']:,} phrasings of {report['entries']} entries; {report['questions']:,} questions of `{report['file']}`"
    parts = [
        f"Measured on {report['made']}: {where}. Before the rounds, other processes kept {report['others']:.2f} cores busy.",
        f"Over {what}; {report['rounds']} rounds; at most {report['count']} questions a warm process. "
        f"Medians of the rounds, in brackets the least and the most. Peak memory below {report['floor']:.0f} MB can't be told apart "
        "(a child starts with the measuring process's figure).",
        markdown(table(report)),
        markdown(limits(report)),
        markdown(ratios(report)),
        *pictures,
        "Versions: "
        + "; ".join(line for name in report["systems"] if (line := versions(report, name)))
        + ".",
    ]
    return "\n\n".join(parts)


def versions(report: Raw, name: str) -> str:
    """The system's own version, and those of the packages that do most of its work."""
    packages = report["systems"][name].get("packages", {})
    named = (
        [name.replace("_", "-"), *SHOWN.get(name, ())]
        if name != "chatbot"
        else ["career-chatbot", *SHOWN[name]]
    )
    listed = [f"{package} {packages[package]}" for package in dict.fromkeys(named) if package in packages]
    return f"{TITLES[name]}: {', '.join(listed)}" if listed else ""


def grown(found: list[Raw], pictures: list[str]) -> str:
    """The part on growth, in Markdown."""
    head = f"| | {' | '.join(format(figures['size'], ',') for figures in found)} |"
    lines = [head, f"|---|{'---:|' * len(found)}"]
    for key, name, shape in ROWS:
        if key != "load_before":
            cells = (shape.format(figures[key]) if key in figures else "-" for figures in found)
            indented = name.replace("  ", "&nbsp;&nbsp;&nbsp;")
            lines.append(f"| {indented} | {' | '.join(cells)} |")
    return "\n\n".join(["\n".join(lines), *pictures])


def put(page: str, name: str, text: str) -> str:
    """The page with the text between the marks of that name; raises ``ValueError`` where they are not there."""
    begin, end = f"<!-- {name}: begin (written by benchmarks/report.py) -->", f"<!-- {name}: end -->"
    if page.count(begin) != 1 or page.count(end) != 1 or page.index(begin) > page.index(end):
        raise ValueError(f"must hold one line {begin!r} and after it one line {end!r}")
    return f"{page.partition(begin)[0]}{begin}\n\n{text}\n\n{end}{page.partition(end)[2]}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--compare", type=Path, metavar="FILE", help="what compare.py --json wrote")
    parser.add_argument("--growth", type=Path, metavar="FILE", help="what growth.py --json wrote")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    parser.add_argument("--images", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--format", choices=("svg", "png"), default="svg", help="default: %(default)s")
    chosen = parser.parse_args()

    def links(drawn: list[Path], names: dict[str, str]) -> list[str]:
        return [
            f"![{names[file.stem]}]({Path(os.path.relpath(file, chosen.page.parent)).as_posix()})"
            for file in drawn
        ]

    page = chosen.page.read_text(encoding="utf-8")
    try:
        if chosen.compare:
            report = json.loads(chosen.compare.read_text(encoding="utf-8"))
            page = put(
                page, "measured", section(report, links(draw(report, chosen.images, chosen.format), ALT))
            )
        if chosen.growth:
            found = json.loads(chosen.growth.read_text(encoding="utf-8"))
            page = put(page, "growth", grown(found, links(draw_growth(found, chosen.images), GROWN)))
    except ValueError as error:
        sys.exit(f"{chosen.page}: {error}")
    chosen.page.write_text(page, encoding="utf-8")
    print(f"written: {chosen.page}")


if __name__ == "__main__":
    main()
