"""Prints what strangers' conversations come to, to be read by hand.

    python benchmarks/strangers.py [FILE ...] [--answers] [--width 330]

FILE holds a conversation a line, ``{"turns": ["...", "..."]}``; else data/strangers.jsonl, written by people who
had seen neither the knowledge nor the program. There are no labels: whether a reply is about what was asked,
and whether a reason is true, is for a reader to judge. ``--answers`` leaves out what was declined.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

DATA = Path(__file__).parent / "data" / "strangers.jsonl"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, default=[DATA])
    parser.add_argument(
        "--answers", action="store_true", help="only what was answered, asked back or refused"
    )
    parser.add_argument("--width", type=int, default=330, help="characters of a reply")
    asked = parser.parse_args(arguments)
    from chatbot import CareerBot

    bot, kinds = CareerBot(), Counter[str]()
    for file in asked.files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            talk = bot.conversation()
            for turn in json.loads(line)["turns"]:
                reply = talk.ask(turn)
                kinds[reply.kind] += 1
                if not (asked.answers and reply.kind == "unknown"):
                    print(f"{file.stem}:{number} {turn}")
                    print(f"    {reply.kind} {reply.confidence:.2f} {reply.text[: asked.width]}")
    print(", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))


if __name__ == "__main__":
    main()
