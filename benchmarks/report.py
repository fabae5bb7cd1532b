"""Write the figures of compare.py into docs/benchmarks.md, and its pictures into docs/images.

    python benchmarks/report.py FIGURES.json [--page FILE] [--images FOLDER] [--format svg|png]

Only what stands between the page's two marks is written; the text around it stays.
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

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- measured: begin (written by benchmarks/report.py) -->", "<!-- measured: end -->"
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
    where = f"{machine['cpu']}, {machine['cores']} cores{memory}; {machine['system']}; Python {machine['python']}"
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
        "Versions: " + "; ".join(line for name in report["systems"] if (line := versions(report, name))) + ".",
    ]
    return "\n\n".join(parts)


def versions(report: Raw, name: str) -> str:
    """The system's own version, and those of the packages that do most of its work."""
    packages = report["systems"][name].get("packages", {})
    named = [name.replace("_", "-"), *SHOWN.get(name, ())] if name != "chatbot" else ["career-chatbot", *SHOWN[name]]
    listed = [f"{package} {packages[package]}" for package in dict.fromkeys(named) if package in packages]
    return f"{TITLES[name]}: {', '.join(listed)}" if listed else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="what compare.py --json wrote")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    parser.add_argument("--images", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--format", choices=("svg", "png"), default="svg", help="default: %(default)s")
    chosen = parser.parse_args()
    page = chosen.page.read_text(encoding="utf-8")
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        sys.exit(f"{chosen.page}: must hold one line {BEGIN!r} and after it one line {END!r}")
    report = json.loads(chosen.file.read_text(encoding="utf-8"))
    drawn = draw(report, chosen.images, chosen.format)
    links = [f"![{ALT[file.stem]}]({Path(os.path.relpath(file, chosen.page.parent)).as_posix()})" for file in drawn]
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    chosen.page.write_text(f"{before}{BEGIN}\n\n{section(report, links)}\n\n{END}{after}", encoding="utf-8")
    print(f"written: {chosen.page}, {', '.join(str(file) for file in drawn)}")


if __name__ == "__main__":
    main()
