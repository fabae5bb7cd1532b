"""An answer's figures as bars of text, for a terminal."""

from __future__ import annotations

import math
import textwrap

from wcwidth import wcswidth, wcwidth

from chatbot.language.normalise import printable
from chatbot.reply import Bar, Chart

FEWEST, MOST = 2, 12
"""Of fewer bars there is nothing to see that the text does not say; of more, the first are shown and the
others counted."""
LONGEST = 40
"""Columns of the longest bar."""
EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
NARROWEST_LABEL, NARROWEST_BAR = 6, 4


def chart_lines(chart: Chart, width: int, blocks: bool = True) -> list[str]:
    """The title, and a line for each figure: label, bar from zero, the figure as it is printed; none is wider
    than ``width`` columns.

    Without ``blocks`` they are made of ASCII. No lines where there are fewer than two figures, or no room for
    bars.
    """
    bars = [Bar(printable(bar.label), bar.value, printable(bar.shown)) for bar in chart.bars[:MOST]]
    if len(bars) < FEWEST:
        return []
    figure = max(columns(bar.shown) for bar in bars)
    room = width - figure - 5  # two blanks before the label and after it, one before the figure
    if room < NARROWEST_LABEL + NARROWEST_BAR:
        return []
    label = min(max(columns(bar.label) for bar in bars), max(NARROWEST_LABEL, room * 3 // 5))
    longest = min(LONGEST, room - label)
    largest = max((bar.value for bar in bars if math.isfinite(bar.value)), default=0.0)
    title = printable(f"{chart.title} ({chart.unit})" if chart.unit else chart.title)
    lines = [
        f"  {shortened(line, width - 2, blocks)}"
        for line in textwrap.wrap(title, width - 2, break_on_hyphens=False)
    ]
    for bar in bars:
        drawn = _drawn(bar.value / largest if largest > 0 else 0.0, longest, blocks)
        lines.append(
            f"  {padded(shortened(bar.label, label, blocks), label)}  {padded(drawn, longest)} {' ' * (figure - columns(bar.shown))}{bar.shown}"
        )
    if more := len(chart.bars) - len(bars):
        lines.append(shortened(f"  and {more:,} more", width, blocks))
    return lines


def columns(text: str) -> int:
    """How many columns a text takes on a terminal; wide characters take two."""
    return max(0, wcswidth(text))


def shortened(text: str, width: int, blocks: bool = True) -> str:
    """The text in at most so many columns, an ellipsis at its end where something is cut off."""
    if columns(text) <= width:
        return text
    mark = "…" if blocks else "..."
    kept, taken = "", 0
    for character in text:
        taken += max(0, wcwidth(character))
        if taken > width - len(mark):
            break
        kept += character
    return kept.rstrip() + mark


def padded(text: str, width: int) -> str:
    """The text with blanks behind it, up to so many columns."""
    return text + " " * (width - columns(text))


def _drawn(share: float, longest: int, blocks: bool) -> str:
    """A bar of a share (0 to 1) of the longest; a figure above zero always shows."""
    if not (math.isfinite(share) and share > 0):
        return ""
    if not blocks:
        return "#" * max(1, round(share * longest))
    whole, eighths = divmod(max(1, round(share * longest * 8)), 8)
    return "█" * whole + EIGHTHS[eighths]
