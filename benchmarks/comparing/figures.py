"""From the raw figures to medians with their spread, ratios and a table."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

TITLES = {
    "chatbot": "this project",
    "sentence_transformers": "plain sentence-transformers script",
    "txtai": "txtai",
    "semantic_router": "semantic-router",
    "chatterbot": "ChatterBot",
    "bm25s": "bm25s",
    "rapidfuzz": "rapidfuzz",
}
Raw = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """The median of the rounds, the least and the most."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(values: Sequence[float]) -> Figure:
        return Figure(statistics.median(values), min(values), max(values))

    def __str__(self) -> str:
        least, most = short(self.least), short(self.most)
        return short(self.median) + (f" ({least}–{most})" if least != most else "")


def short(value: float) -> str:
    """Three figures that count, and no more."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3}f}"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that has at least that share of the values at or below it."""
    listed = sorted(values)
    return listed[math.ceil(len(listed) * share - 1e-9) - 1]


ROUND: dict[str, Callable[[Raw], float]] = {
    "cold": lambda r: r["cold"]["seconds"],
    "cold_mb": lambda r: r["cold"]["megabytes"],
    "p50": lambda r: percentile(r["warm"]["ms"], 0.5),
    "p99": lambda r: percentile(r["warm"]["ms"], 0.99),
    "batch": lambda r: r["warm"]["batch_count"] / r["warm"]["batch_seconds"],
    "warm_mb": lambda r: r["warm"]["megabytes"],
    "encoder_p50": lambda r: percentile(r["encoder"]["ms"], 0.5),
    "encoder_p99": lambda r: percentile(r["encoder"]["ms"], 0.99),
    "encoder_batch": lambda r: r["encoder"]["batch_count"] / r["encoder"]["batch_seconds"],
}
"""What a round of one system gives: seconds, megabytes, milliseconds or questions a second."""


def figure(report: Raw, system: str, name: str) -> Figure | None:
    """A system's figure over the rounds, or None where it has none."""
    rounds = report["systems"].get(system, {}).get("rounds", [])
    needed = name.split("_", maxsplit=1)[0] if name.startswith(("cold", "encoder")) else "warm"
    values = [ROUND[name](r) for r in rounds if needed in r]
    return Figure.of(values) if values else None


def interpreter(report: Raw, name: str = "seconds") -> Figure:
    """``python -c pass``: the start, or the memory (megabytes), of an interpreter that does nothing."""
    return Figure.of([each[name] for each in report["interpreter"]])


def ratio(report: Raw, above: tuple[str, str], below: tuple[str, str]) -> Figure | None:
    """One figure over another, (system, name) each, round by round: what drifts from round to round falls
    out."""
    pairs = [report["systems"].get(system, {}).get("rounds", []) for system, _ in (above, below)]
    values = []
    for one, other in zip(*pairs, strict=False):
        try:
            values.append(ROUND[above[1]](one) / ROUND[below[1]](other))
        except KeyError:
            continue
    return Figure.of(values) if values else None


RATIOS = (
    ("cold start: plain script / this project", ("sentence_transformers", "cold"), ("chatbot", "cold")),
    (
        "memory of the cold process: this project / plain script",
        ("chatbot", "cold_mb"),
        ("sentence_transformers", "cold_mb"),
    ),
    (
        "memory of the warm process: this project / plain script",
        ("chatbot", "warm_mb"),
        ("sentence_transformers", "warm_mb"),
    ),
    ("p50 of a question: this project / its encoder's p50", ("chatbot", "p50"), ("chatbot", "encoder_p50")),
    ("p99 of a question: this project / its encoder's p50", ("chatbot", "p99"), ("chatbot", "encoder_p50")),
    ("p50 of a question: this project / plain script", ("chatbot", "p50"), ("sentence_transformers", "p50")),
    ("batch: this project / its encoder", ("chatbot", "batch"), ("chatbot", "encoder_batch")),
)
COLUMNS = (
    ("cold start, s", "cold"), ("memory cold, MB", "cold_mb"), ("p50, ms", "p50"), ("p99, ms", "p99"),
    ("batch, questions/s", "batch"), ("memory warm, MB", "warm_mb"),
)  # fmt: skip


def table(report: Raw) -> list[list[str]]:
    """Rows of cells, the header first: each system, then the limits."""
    head = ["", "right", *(title for title, _ in COLUMNS), "build, s", "installed, MB"]
    body = [head]
    for system, found in report["systems"].items():
        if "failed" in found:
            body.append([TITLES[system], found["failed"]])
            continue
        cells = [str(figure(report, system, name) or "–") for _, name in COLUMNS]
        body.append(
            [
                TITLES[system],
                right(found["scores"]),
                *cells,
                short(found["build"]["seconds"]),
                short(found["installed"]),
            ]
        )
    return body


def limits(report: Raw) -> list[list[str]]:
    """The floors that no system can be quicker than."""
    empty = Figure.of([each["seconds"] for each in report["interpreter"]])
    body = [["limit", "start, s", "memory, MB", "p50, ms", "p99, ms", "batch, questions/s"]]
    body.append(["`python -c pass`", str(empty), str(interpreter(report, "megabytes")), "–", "–", "–"])
    for system, title in (
        ("chatbot", "this project's encoder alone"),
        ("sentence_transformers", "`SentenceTransformer.encode` alone"),
    ):
        cells = [figure(report, system, f"encoder_{name}") for name in ("p50", "p99", "batch")]
        if any(cells):
            body.append([title, "–", "–", *(str(cell) for cell in cells)])
    return body


def ratios(report: Raw) -> list[list[str]]:
    """The ratios that matter, with their spread."""
    return [
        ["ratio", ""],
        *([title, str(found)] for title, above, below in RATIOS if (found := ratio(report, above, below))),
    ]


def right(scores: dict[str, int]) -> str:
    """In percent; with the share of unanswerable questions that were declined where there were any."""
    share = f"{100 * scores['right'] / max(1, scores['asked']):.1f}%"
    return share + (
        f", declines {100 * scores['declined'] / scores['outside']:.0f}%" if scores["outside"] else ""
    )


def plain(rows: list[list[str]]) -> str:
    """Rows as text in columns."""
    widths = [
        max(len(row[i]) for row in rows if i < len(row) and len(row) == len(rows[0]))
        for i in range(len(rows[0]))
    ]
    return "\n".join(
        "  ".join(cell.ljust(widths[i]) for i, cell in enumerate(row)).rstrip().replace("`", "")
        for row in rows
    )


def markdown(rows: list[list[str]]) -> str:
    """Rows as a Markdown table; short rows are filled up."""
    head, *body = rows
    lines = [head, ["---"] * len(head), *(row + [""] * (len(head) - len(row)) for row in body)]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)
