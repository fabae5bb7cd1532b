"""Pictures by matplotlib, which is an extra: the figures of an answer (``--plot``, ``/plot``) and the
reliability diagram of ``tune --plot``."""

from __future__ import annotations

import importlib.util
import io
import math
import os
import secrets
import textwrap
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot.answering.compose import source_name
from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable
from chatbot.measuring.reliability import Bin
from chatbot.reply import Chart, Reply

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EDGES = (-0.03, 1.03)
NOTHING = "there is nothing to draw: the reply has no figures side by side"
MOST_BARS = 60
PLAIN: dict[str, Any] = {"parse_math": False}
"""So that two dollar signs are not taken for the edges of a formula."""


def check_plot(file: Path, asked: str = "--plot") -> None:
    """Raise ``ChatbotError`` where no picture could be drawn there, before time goes into what it shows."""
    if importlib.util.find_spec("matplotlib") is None:
        raise ChatbotError(
            f"{asked} needs matplotlib, which is not installed; run: pip install 'career-chatbot[plot]'"
        )
    if file.suffix.lower() != ".png":
        raise ChatbotError(f"{printable(str(file))}: the picture's name must end in .png")
    if not file.parent.is_dir():
        raise ChatbotError(f"{printable(str(file))}: the folder {printable(str(file.parent))} is not there")
    if file.is_dir():
        raise ChatbotError(f"{printable(str(file))}: this is a folder")


def plot_reply(file: Path, reply: Reply) -> bool:
    """Draw the reply's chart with its sources at the foot; False, and nothing is written, where it has none."""
    if reply.chart is None or not reply.chart.bars:
        return False
    sources = "; ".join(dict.fromkeys(source_name(citation) for citation in reply.citations))
    _write(file, _bars(reply.chart, f"Source: {sources}" if sources else ""))
    return True


def _bars(chart: Chart, foot: str) -> Figure:
    """Horizontal bars from zero in the order of the chart, each with its figure as it is printed."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    shown = chart.bars[:MOST_BARS]
    values = [bar.value if math.isfinite(bar.value) else 0.0 for bar in shown]
    title = [
        *textwrap.wrap(printable(chart.title), 68),
        *([f"the first {MOST_BARS} of {len(chart.bars):,}"] if shown != chart.bars else []),
    ]
    height = 1.6 + 0.38 * len(shown) + 0.25 * len(title)
    figure = Figure(figsize=(8, height), layout=ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1))
    axes = figure.add_subplot()
    drawn = axes.barh(range(len(shown)), values, color="#4c78a8", height=0.65)
    axes.bar_label(drawn, [printable(bar.shown) for bar in shown], padding=4, fontsize=9, **PLAIN)
    labels = [textwrap.fill(printable(bar.label), 34, max_lines=2, placeholder=" …") for bar in shown]
    axes.set_yticks(range(len(shown)), labels, fontsize=9, **PLAIN)
    axes.set_ylim(len(shown) - 0.4, -0.6)  # the first on top
    axes.set_xlim(min(0.0, *values), max(values) * 1.02 or 1.0)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    axes.tick_params("x", labelsize=8)
    axes.tick_params("y", length=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel(printable(chart.unit), fontsize=9, **PLAIN)
    figure.suptitle("\n".join(title), x=0.02, ha="left", fontsize=12, **PLAIN)
    figure.supxlabel(
        textwrap.fill(printable(foot), 120), x=0.02, ha="left", fontsize=7, color="0.35", **PLAIN
    )
    return figure


def plot_reliability(file: Path, tables: Mapping[str, Sequence[Bin]], title: str) -> None:
    """Draw, for each name, what came of it over what was said; the dots' areas are the shares of questions."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.add_subplot(
        xlim=EDGES, ylim=EDGES, aspect="equal", title=title, xlabel="probability said", ylabel="share right"
    )
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="perfect")
    for name, bins in tables.items():
        said, came = [b.probability for b in bins], [b.right for b in bins]
        (line,) = axes.plot(said, came, label=name)
        axes.scatter(said, came, [20 + 600 * b.share for b in bins], color=line.get_color(), alpha=0.5)
    axes.legend(loc="upper left")
    _write(file, figure)


def _write(file: Path, figure: Figure) -> None:
    """Put the picture there whole or not at all; raises ``ChatbotError``."""
    drawn = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a character that the font does not have is drawn as a box
        figure.savefig(drawn, dpi=150, format="png")
    try:
        _put(file, drawn.getvalue())
    except OSError as error:
        raise ChatbotError(f"{printable(str(file))}: can't be written ({error.strerror})") from None


def _put(file: Path, content: bytes) -> None:
    temporary = file.with_name(f".{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
