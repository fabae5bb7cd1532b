"""A reply as lines for a terminal or a pipe."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from dataclasses import dataclass

from chatbot.answering.compose import source_line
from chatbot.knowledge.model import Citation
from chatbot.reply import Reply, ReplyKind

MAX_WIDTH = 100
DIM, BOLD, YELLOW, RESET = "\x1b[2m", "\x1b[1m", "\x1b[33m", "\x1b[0m"


@dataclass(frozen=True)
class Style:
    """Width, and whether colours and links may be used."""

    width: int = 80
    color: bool = False
    links: bool = False
    blocks: bool = True
    """Whether block characters may be used."""

    @staticmethod
    def of_stdout(color: bool) -> Style:
        """What suits stdout as it is now; a pipe gets no colours and no wrapping."""
        if not sys.stdout.isatty():
            return Style(width=0)
        width = min(MAX_WIDTH, max(20, shutil.get_terminal_size().columns))
        return Style(width, color, color and os.environ.get("TERM", "") not in {"", "linux"}, _blocks_fit())

    def dim(self, text: str) -> str:
        """The same text in a quieter colour."""
        return f"{DIM}{text}{RESET}" if self.color else text

    def strong(self, text: str) -> str:
        """The same text in bold."""
        return f"{BOLD}{text}{RESET}" if self.color else text

    def wrap(self, text: str, indent: str = "", first: str | None = None) -> list[str]:
        """Lines no wider than the terminal."""
        start = indent if first is None else first
        if not self.width:
            return [start + text]
        return textwrap.wrap(
            text, self.width, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False
        ) or [start]


def render(reply: Reply, style: Style, why: bool = False) -> str:
    """The reply's text, its figures as bars where it goes to a terminal, its sources, and what can be asked
    next."""
    lines = style.wrap(reply.text)
    if reply.chart and style.width:
        from chatbot.showing.chart import chart_lines

        lines += [style.dim(line) for line in chart_lines(reply.chart, style.width, style.blocks)]
    for citation in dict.fromkeys(reply.citations):
        lines += _source(citation, style)
    if reply.suggestions and reply.kind is ReplyKind.UNKNOWN:
        lines += [
            style.dim(line)
            for line in style.wrap("You could ask: " + " ".join(reply.suggestions[:3]), "  ", "  ")
        ]
    if why:
        lines += [style.dim(line) for text in why_lines(reply) for line in style.wrap(text, "    ", "  ")]
    return "\n".join(lines)


def _blocks_fit() -> bool:
    """Whether what stdout is encoded in has block characters and the ellipsis."""
    try:
        "█▏▎▍▌▋▊▉…".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def why_lines(reply: Reply) -> list[str]:
    """How the reply came about, in words."""
    facets = ", ".join(f"{name.replace('_', ' ')}: {_listed(value)}" for name, value in reply.facets.items())
    sure = f"{100 * reply.confidence:.0f}%"
    meaning = (
        "that this is the right answer" if reply.kind is ReplyKind.ANSWER else "that nothing known answers it"
    )
    return [*reply.why.lines(), *([f"Understood: {facets}."] if facets else []), f"Sure {meaning}: {sure}."]


def _listed(value: object) -> str:
    """A facet's value, or its values, as text."""
    return ", ".join(map(str, value)) if isinstance(value, list) else "yes" if value is True else str(value)


def _source(citation: Citation, style: Style) -> list[str]:
    note = f" Note: {citation.note}." if citation.note else ""
    lines = style.wrap(f"{source_line(citation)}.{note}", "    ", "  Source: ")
    if citation.url and not style.links:
        lines += style.wrap(citation.url, "    ")
    lines = [style.dim(line) for line in lines]
    if citation.url and style.links:
        lines.append(f"    \x1b]8;;{citation.url}\x1b\\{style.dim(citation.url)}\x1b]8;;\x1b\\")
    return lines
