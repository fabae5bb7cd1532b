"""``chatbot tune --plot``: the reliability diagram, by matplotlib, which is an extra."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path

from chatbot.errors import ChatbotError
from chatbot.reliability import Bin

EDGES = (-0.03, 1.03)


def check_plot(file: Path) -> None:
    """Raise ``ChatbotError`` where no diagram could be drawn there, before minutes go into fitting."""
    if importlib.util.find_spec("matplotlib") is None:
        raise ChatbotError("--plot needs matplotlib, which is not installed; run: pip install 'career-chatbot[plot]'")
    if file.suffix.lower() != ".png":
        raise ChatbotError(f"{file}: the diagram's name must end in .png")
    if not file.parent.is_dir():
        raise ChatbotError(f"{file}: the folder {file.parent} is not there")


def plot_reliability(file: Path, tables: Mapping[str, Sequence[Bin]], title: str) -> None:
    """Draw, for each name, what came of it over what was said; the dots' areas are the shares of questions."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.add_subplot(xlim=EDGES, ylim=EDGES, aspect="equal", title=title, xlabel="probability said", ylabel="share right")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="perfect")
    for name, bins in tables.items():
        said, came = [b.probability for b in bins], [b.right for b in bins]
        (line,) = axes.plot(said, came, label=name)
        axes.scatter(said, came, [20 + 600 * b.share for b in bins], color=line.get_color(), alpha=0.5)
    axes.legend(loc="upper left")
    try:
        figure.savefig(file, dpi=150, format="png")
    except OSError as error:
        raise ChatbotError(f"{file}: can't be written ({error.strerror})") from None
