"""This project, through its library; its cold start is the command `chatbot ask` itself, not this file.

peer.py export WORK        # the knowledge as JSON, for every system
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

import json
import subprocess

from peers.driver import Peer, run


class Ours(Peer):
    """What it keeps lies in $CHATBOT_CACHE."""

    name = "chatbot"
    batched = True

    def prepare(self) -> None:
        """The first start, as a user has it: compiles the encoder and encodes the phrasings."""
        subprocess.run(
            [Path(sys.executable).with_name("chatbot"), "ask", "what do they earn?"],
            check=False,
            stdout=subprocess.DEVNULL,
        )

    def load(self) -> None:
        from chatbot import CareerBot

        self.bot = CareerBot()

    def encode(self, texts: list[str]) -> object:
        """The default encoder alone, from the same cache."""
        from chatbot.encoders.compiled import CompiledEncoder
        from chatbot.paths import cache_dir

        self.encoder = getattr(self, "encoder", None) or CompiledEncoder(cache=cache_dir())
        return self.encoder.encode(texts)

    def ask(self, question: str) -> str | None:
        return self.bot.ask(question).entry_id

    def ask_all(self, questions: list[str]) -> list[str | None]:
        return [reply.entry_id for reply in self.bot.ask_many(questions)]


def export(work: Path) -> None:
    """Phrasings, their labels and the answers; and for each entry every sentence that it can say, and its
    sources."""
    from chatbot.building.knowledge import load_knowledge
    from chatbot.knowledge.expand import fill
    from chatbot.paths import shipped

    entries = load_knowledge([shipped("knowledge")], None).entries
    pairs = [(question, entry.id) for entry in entries for question in entry.questions]
    told = {
        entry.id: [entry.answer, *([fill(t.row, t, row) for row in t.rows] if (t := entry.table) else [])]
        for entry in entries
    }
    sources = {entry.id: sorted({citation.source_id for citation in entry.citations}) for entry in entries}
    for name, content in {
        "phrasings": [question for question, _ in pairs],
        "labels": [label for _, label in pairs],
        "answers": {entry.id: entry.answer for entry in entries},
        "told": {id_: {"texts": texts, "sources": sources[id_]} for id_, texts in told.items()},
    }.items():
        (work / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "export":
        export(Path(sys.argv[2]))
    else:
        run(Ours)
