"""The pictures of docs/benchmarks.md. Colours of Okabe and Ito, and nothing told by colour alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt

from comparing.environments import OURS
from comparing.figures import TITLES, Figure, Raw, figure, interpreter, short

BLUE, GREY, RED, BLACK = "#0072B2", "#8C8C8C", "#D55E00", "#222222"
STYLE = {
    "font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False, "svg.hashsalt": "benchmarks",
    "axes.edgecolor": BLACK, "text.color": BLACK, "axes.labelcolor": BLACK, "xtick.color": BLACK, "ytick.color": BLACK,
}  # fmt: skip
Bars = list[tuple[str, Figure]]


def draw(report: Raw, folder: Path, ending: str = "svg") -> list[Path]:
    """Every picture that the figures allow; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    start, idle = interpreter(report), interpreter(report, "megabytes")
    made = []
    with mpl.rc_context(STYLE):
        for name, title, bars, limit in (
            (
                "cold-start",
                "Cold start: new process to first answer, seconds",
                _bars(report, "cold"),
                ("python -c pass", start),
            ),
            (
                "memory",
                "Peak memory of a process that answers one question, MB",
                _bars(report, "cold_mb"),
                ("python -c pass", idle),
            ),
        ):
            made.append(_save(_bar_chart(title, bars, *limit), folder / f"{name}.{ending}"))
        made.append(_save(_latency(report), folder / f"latency.{ending}"))
    return made


def _bars(report: Raw, name: str) -> Bars:
    """Systems with that figure, the smallest first."""
    found = [(system, figure(report, system, name)) for system in report["systems"]]
    return sorted(((system, value) for system, value in found if value), key=lambda pair: pair[1].median)


def _bar_chart(title: str, bars: Bars, limit_name: str, limit: Figure) -> Any:
    """A bar for each system with its spread, and the limit as a broken line."""
    made, axes = _frame(title, [system for system, _ in bars])
    for row, (system, value) in enumerate(bars):
        axes.barh(row, value.median, height=0.62, color=BLUE if system == OURS else GREY)
        axes.plot([value.least, value.most], [row, row], color=BLACK, linewidth=1.2)
        _beside(axes, max(value.median, value.most), row, short(value.median))
    axes.set_xlim(0, max(value.most for _, value in bars) * 1.12)
    _limit(axes, limit, f"limit: {limit_name}, {short(limit.median)}")
    return made


def _latency(report: Raw) -> Any:
    """p50 and p99 of a warm question, on a logarithmic scale, with the encoder's forward pass as the limit."""
    bars = _bars(report, "p50")
    made, axes = _frame(
        "Warm: one question, milliseconds (logarithmic scale)", [system for system, _ in bars]
    )
    axes.set_xscale("log")
    for row, (system, p50) in enumerate(bars):
        p99 = figure(report, system, "p99") or p50
        colour = BLUE if system == OURS else GREY
        axes.plot(
            [p50.median, p99.median], [row, row], color=colour, linewidth=3, solid_capstyle="butt", zorder=1
        )
        axes.plot(p50.median, row, "o", color=colour, markersize=9, label="p50" if row == 0 else None)
        axes.plot(
            p99.median,
            row,
            "D",
            color="white",
            markeredgecolor=colour,
            markeredgewidth=2,
            markersize=7,
            label="p99" if row == 0 else None,
        )
        _beside(axes, p99.median, row, f"{short(p50.median)} / {short(p99.median)}")
    low, high = axes.get_xlim()
    axes.set_xlim(low, high * 4)  # room for the figures
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    if encoder := figure(report, OURS, "encoder_p50"):
        _limit(axes, encoder, f"limit of what embeds: our encoder alone, p50 {short(encoder.median)}")
    axes.legend(loc="lower left", frameon=False, handletextpad=0.3)
    return made


def _frame(title: str, systems: list[str]) -> tuple[Any, Any]:
    made, axes = plt.subplots(figsize=(8, 0.9 + 0.42 * len(systems)), layout="constrained")
    axes.set_title(title, loc="left", fontsize=11, pad=22)
    axes.set_yticks(range(len(systems)), [TITLES[system] for system in systems])
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    for label, system in zip(axes.get_yticklabels(), systems, strict=True):
        label.set_fontweight("bold" if system == OURS else "normal")
    return made, axes


def _beside(axes: Any, x: float, row: int, text: str) -> None:
    """A figure to the right of a mark, on white, so that no line runs through it."""
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    axes.annotate(
        text, (x, row), xytext=(9, 0), textcoords="offset points", va="center", zorder=4, bbox=paper
    )


def _limit(axes: Any, limit: Figure, label: str) -> None:
    """A broken line from top to bottom with its name above the bars."""
    axes.axvline(limit.median, color=RED, linestyle="--", linewidth=1.5, zorder=3)
    axes.annotate(
        label,
        (limit.median, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 4),
        textcoords="offset points",
        color=RED,
    )


def _save(made: Any, file: Path) -> Path:
    made.savefig(file, dpi=150, facecolor="white", metadata={"Date": None} if file.suffix == ".svg" else None)
    plt.close(made)
    return file
