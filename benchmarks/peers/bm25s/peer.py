"""bm25s alone: BM25 over the phrasings, English stop words and stemmer as in its README, the index saved and
loaded."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

import bm25s
import Stemmer
from peers.driver import Peer, run


class Bm25(Peer):
    """Its default backend, NumPy."""

    name = "bm25s"
    batched = True

    def prepare(self) -> None:
        self.stemmer = Stemmer.Stemmer("english")
        retriever = bm25s.BM25(backend="numpy")
        retriever.index(self.tokens(self.read("phrasings")), show_progress=False)
        retriever.save(self.own / "index", show_progress=False)

    def load(self) -> None:
        self.stemmer = Stemmer.Stemmer("english")
        self.retriever = bm25s.BM25.load(self.own / "index", show_progress=False)
        self.labels = self.read("labels")

    def tokens(self, texts: list[str]) -> bm25s.tokenization.Tokenized:
        """Stems of the words."""
        return bm25s.tokenize(texts, stopwords="en", stemmer=self.stemmer, show_progress=False)

    def ask(self, question: str) -> str | None:
        return self.ask_all([question])[0]

    def ask_all(self, questions: list[str]) -> list[str | None]:
        rows, scores = self.retriever.retrieve(self.tokens(questions), k=1, show_progress=False)
        return [
            self.labels[row] if score > 0 else None for (row,), (score,) in zip(rows, scores, strict=True)
        ]


if __name__ == "__main__":
    run(Bm25)
