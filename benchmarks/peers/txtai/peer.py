"""txtai: an `Embeddings` index with the same local model, saved and loaded as its documentation shows."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from peers.driver import Peer, model_folder, run
from txtai import Embeddings


class Txtai(Peer):
    """Its defaults: a Faiss index, no stored content; the id of a row is the number of the phrasing."""

    name = "txtai"
    batched = True

    def prepare(self) -> None:
        embeddings = Embeddings(path=model_folder(), gpu=False)
        embeddings.index(enumerate(self.read("phrasings")))
        embeddings.save(str(self.own / "index"))

    def load(self) -> None:
        self.embeddings = Embeddings()
        self.embeddings.load(str(self.own / "index"))
        self.labels = self.read("labels")

    def ask(self, question: str) -> str | None:
        found = self.embeddings.search(question, 1)
        return self.labels[int(found[0][0])] if found else None

    def ask_all(self, questions: list[str]) -> list[str | None]:
        return [
            self.labels[int(found[0][0])] if found else None
            for found in self.embeddings.batchsearch(questions, 1)
        ]


if __name__ == "__main__":
    run(Txtai)
