"""What each number of the policy does: it is moved by a fifth, down and up, and the recorded replies that
change are counted.

    python scripts/fit.py --sensitivity [--section NAME ...] [--number SECTION.NAME ...] [--config NAME ...]
                                        [--all | --every N] [--out FILE]

Integers are moved by one at least, lists all together. What is asked is the sample in tests/recorded, with
``--all`` everything, with ``--every N`` each Nth question and dialogue; a reply has changed where benchmarks/recording.py says so. Each count is written to FILE
at once, and what stands there of the same program is not counted again, so a run may be broken off and gone
on with.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from chatbot import CareerBot, CompiledEncoder
from chatbot.building.prepare import prepare
from chatbot.building.snapshot import program
from chatbot.encoders.encoder import Encoder, Vectors
from chatbot.engine import Engine
from chatbot.paths import data_file
from chatbot.policy import FILE, Number, Policy, numbers, standing_in, typed

ROOT = Path(__file__).resolve().parents[1]
PREPARED = {"preparing", "mentions", "coverage", "regression", "words.no_subject", "ranker.ngrams"}
"""Sections and numbers by which the knowledge is prepared: it is prepared anew for each move."""
CONFIGS = ("all", "onet", "ml")


class Move(msgspec.Struct, frozen=True):
    """One number, moved."""

    section: str
    name: str
    up: bool
    value: Any

    @property
    def key(self) -> str:
        """The number's name."""
        return f"{self.section}.{self.name}"

    @property
    def prepares(self) -> bool:
        """Whether the knowledge has to be prepared anew."""
        return bool(PREPARED & {self.section, self.key})

    def policy(self, read: dict[str, dict[str, Number]]) -> Policy:
        """The shipped policy but for this number."""
        number = msgspec.structs.replace(read[self.section][self.name], value=self.value)
        return typed(read | {self.section: read[self.section] | {self.name: number}})


class Count(msgspec.Struct, frozen=True):
    """How many of the replies to what is asked change by a move, and how many of them in more than
    confidence; ``failed``: by what it breaks."""

    move: Move
    config: str
    asked: int
    changed: int
    more: int
    program: str
    failed: str = ""


class Remembering:
    """An encoder that encodes each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors, float32 (n, d)."""
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        if new:
            self.known |= dict(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self.known[text] for text in texts], np.float32)


def moves(read: dict[str, dict[str, Number]], sections: Sequence[str] = ()) -> list[Move]:
    """Every number, a fifth less and a fifth more."""
    out = []
    for section, listed in read.items():
        for name, number in listed.items() if not sections or section in sections else ():
            for up in (False, True):
                value = number.value
                moved = (
                    tuple(_moved(one, up) for one in value) if isinstance(value, tuple) else _moved(value, up)
                )
                out.append(Move(section, name, up, moved))
    return out


def _moved(value: float, up: bool) -> float:
    sign = 1 if up else -1
    if isinstance(value, int):
        return value + sign * max(1, round(abs(value) / 5))
    return round(value * (1 + sign / 5), 6)


def counted(
    recording: Any, config: str, left: Sequence[Move], read: dict[str, dict[str, Number]], every: int
) -> Iterator[Count]:
    """The counts of some moves in one configuration, asked each ``every``-th question (0: the sample)."""
    recorded = recording.Recording()
    chosen = tuple(listed[:: every or 1] for listed in recorded.chosen(config, not every))
    with recording.opened(config, encoder=(encoder := CompiledEncoder())) as bot:
        remembering = Remembering(encoder)
        remembering.known = dict(zip(bot.prepared.wording.texts, bot.prepared.vectors, strict=True))
        bot.engine = Engine(bot.prepared, remembering)
        before = list(map(recording.row, recorded.replies(bot, *chosen)))
        for move in left:
            try:
                with standing_in(move.policy(read)):
                    bot.engine = _engine(bot, move, remembering)
                    replies = recorded.replies(bot, *chosen)
            except Exception as error:  # the number can't be moved so
                yield Count(
                    move, config, len(before), 0, 0, program(), f"{type(error).__name__}: {error}"[:200]
                )
                continue
            parts = [recording.differing(old, new) for old, new in zip(before, replies, strict=True)]
            more = sum(bool(set(found) - {"confidence"}) for found in parts)
            yield Count(move, config, len(before), sum(map(bool, parts)), more, program())


def _engine(bot: CareerBot, move: Move, encoder: Remembering) -> Engine:
    prepared = bot.prepared
    if move.prepares:
        loader: Any = bot._loader
        vectors = prepared.title_vectors
        prepared = replace(prepare(*loader._asked.load(), encoder), title_vectors=vectors)
    return Engine(prepared, encoder)


def table(counts: Sequence[Count]) -> str:
    """The numbers by how many replies they change, the most first; then those that change none."""
    by: dict[str, list[Count]] = {}
    for count in counts:
        by.setdefault(count.move.key, []).append(count)
    lines = ["| number | down | up | in more than confidence |", "|---|---|---|---|"]
    order = sorted(by, key=lambda key: (-sum(count.changed for count in by[key]), key))
    for key in order:
        changed = [sum(count.changed for count in by[key] if count.move.up is up) for up in (False, True)]
        more = sum(count.more for count in by[key])
        failed = " (fails)" if any(count.failed for count in by[key]) else ""
        lines.append(f"| {key} | {changed[0]} | {changed[1]} | {more}{failed} |")
    still = [key for key in order if not any(count.changed or count.failed for count in by[key])]
    asked = {count.config: count.asked for count in counts}
    told = ", ".join(f"{config} {n:,}" for config, n in asked.items())
    return "\n".join(
        [
            *lines,
            "",
            f"Replies asked for each move: {told}.",
            f"Change nothing: {', '.join(still) or 'none'}.",
        ]
    )


def main(arguments: Sequence[str]) -> None:
    """Count what is left to be counted, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--section", action="append", default=[], help="these sections of policy.toml alone")
    parser.add_argument("--number", action="append", default=[], help="these numbers alone")
    parser.add_argument("--config", action="append", choices=CONFIGS, help="these configurations alone")
    parser.add_argument(
        "--all", action="store_true", help="all recorded questions and dialogues, not the sample"
    )
    parser.add_argument("--every", type=int, default=0, metavar="N", help="each Nth of all of them")
    parser.add_argument("--out", type=Path, help="default: build/sensitivity-sample.jsonl, or -all.jsonl")
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT / "benchmarks"))
    import recording

    every = 1 if options.all else options.every
    told = {0: "sample", 1: "all"}.get(every, f"every-{every}")
    out = options.out or ROOT / "build" / f"sensitivity-{told}.jsonl"
    out.parent.mkdir(exist_ok=True)
    lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    listed = [msgspec.convert(json.loads(line), Count) for line in lines]
    known = {
        (count.config, count.move.key, count.move.up): count for count in listed if count.program == program()
    }
    read = numbers(data_file(FILE).read_text(encoding="utf-8"))
    wanted = [
        move for move in moves(read, options.section) if not options.number or move.key in options.number
    ]
    for config in options.config or CONFIGS:
        left = [move for move in wanted if (config, move.key, move.up) not in known]
        with out.open("a", encoding="utf-8") as file:
            for count in counted(recording, config, left, read, every) if left else ():
                known[config, count.move.key, count.move.up] = count
                print(json.dumps(msgspec.to_builtins(count)), file=file, flush=True)
    keys = {move.key for move in wanted}
    print(table([count for count in known.values() if count.move.key in keys]))
