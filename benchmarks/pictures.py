"""Draw what ``growth.py --json`` found: latency, memory, and the time of starts over the number of phrasings.

Use: python benchmarks/pictures.py GROWTH.json [--folder docs/images]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
STYLES = (("#0072B2", "o", "-"), ("#D55E00", "s", "-"), ("#009E73", "^", "-"), ("#000000", "D", "--"))
"""Colours of Okabe and Ito (2008), that colour-blind readers can tell apart, with a marker each; the last is
for what can't be gone below."""


APART = 0.07
"""Names are so far apart, in heights of the picture."""


@dataclass(frozen=True)
class Picture:
    """A file, its title, the unit of its upright axis, and the figures that are drawn: key, and name in plain
    words."""

    file: str
    title: str
    unit: str
    lines: tuple[tuple[str, str], ...]
    limit: tuple[str, str] | None = None


PICTURES = (
    Picture(
        "growth-latency.png",
        "Time for an answer",
        "milliseconds",
        (
            ("ask_p50_ms", "half of the answers"),
            ("ask_p99_ms", "99 of 100"),
            ("misspelt_p50_ms", "half, misspelt"),
        ),
        ("forward_p50_ms", "language model alone"),
    ),
    Picture(
        "growth-start.png",
        "Time of a start",
        "seconds",
        (
            ("build_s", "the first, all encoded"),
            ("added_s", "one entry added"),
            ("reload_s", "nothing changed"),
        ),
    ),
    Picture(
        "growth-memory.png",
        "Memory and disk",
        "MB",
        (
            ("build_peak_mb", "peak, first build"),
            ("serve_peak_mb", "peak, answering"),
            ("cache_mb", "cache on disk"),
        ),
    ),
)


def draw(found: Sequence[Mapping[str, Any]], folder: Path = FOLDER) -> list[Path]:
    """Write a PNG for each picture; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        draw_one(picture, sorted(found, key=lambda figures: figures["size"]), folder) for picture in PICTURES
    ]


def draw_one(picture: Picture, found: Sequence[Mapping[str, Any]], folder: Path) -> Path:
    """Lines over size on two logarithmic axes, each named beside its right end."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, NullFormatter

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot(xscale="log", yscale="log")
    drawn = [(*line, style) for line, style in zip(picture.lines, STYLES, strict=False)]
    if picture.limit:
        drawn.append((*picture.limit, STYLES[-1]))
    sizes = [figures["size"] for figures in found]
    ends = []
    for key, name, (colour, marker, dashes) in drawn:
        values = [figures[key] for figures in found]
        axes.plot(sizes, values, color=colour, marker=marker, linestyle=dashes, linewidth=2, markersize=7)
        ends.append((values[-1], f"{name}: {plain(values[-1])}", colour))
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], minor=False)
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("phrasings in the knowledge")
    axes.set_ylabel(f"{picture.unit} (logarithmic)")
    axes.set_title(f"{picture.title} as the knowledge grows", loc="left", fontweight="bold")
    axes.grid(which="major", color="0.88")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    name_ends(axes, sizes[-1], ends)
    file = folder / picture.file
    figure.savefig(file, dpi=130)
    return file


def name_ends(axes: Axes, x: float, ends: Sequence[tuple[float, str, str]]) -> None:
    """Names beside the ends of the lines, moved apart where they would overlap."""
    from math import log10

    low, high = (log10(edge) for edge in axes.get_ylim())
    places: list[float] = []
    for value, _, _ in sorted(ends):
        places.append(max((log10(value) - low) / (high - low), places[-1] + APART if places else 0.0))
    highest = 1.0
    for (value, name, colour), place in reversed(list(zip(sorted(ends), places, strict=True))):
        highest = min(place, highest)
        at = (1.02, highest)
        axes.annotate(
            name,
            (x, value),
            at,
            textcoords="axes fraction",
            color=colour,
            va="center",
            annotation_clip=False,
            fontsize=10,
        )
        highest -= APART


def plain(value: float) -> str:
    """A number with two digits that matter, or whole."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="GROWTH.json")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    for file in draw(json.loads(options.file.read_text(encoding="utf-8")), options.folder):
        print(file)


if __name__ == "__main__":
    main()
