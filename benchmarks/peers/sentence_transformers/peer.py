"""A plain sentence-transformers script: the phrasings' vectors in a NumPy file, the nearest one answers."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

import numpy as np
from peers.driver import Peer, model_folder, run
from sentence_transformers import SentenceTransformer


class PlainScript(Peer):
    """Model and matrix are loaded; a question is encoded and the phrasing with the highest cosine is its
    answer."""

    name = "sentence_transformers"
    batched = True

    def prepare(self) -> None:
        self.model = SentenceTransformer(model_folder(), device="cpu")
        np.save(self.own / "vectors.npy", self.encode(self.read("phrasings")))

    def load(self) -> None:
        self.model = SentenceTransformer(model_folder(), device="cpu")
        self.vectors = np.load(self.own / "vectors.npy")
        self.labels = self.read("labels")

    def encode(self, texts: list[str]) -> np.ndarray:
        """Vectors of length 1, float32 (n, d)."""
        return self.model.encode(texts, normalize_embeddings=True, show_progress_bar=False)

    def ask(self, question: str) -> str | None:
        return self.labels[int((self.vectors @ self.encode([question])[0]).argmax())]

    def ask_all(self, questions: list[str]) -> list[str | None]:
        return [self.labels[i] for i in (self.encode(questions) @ self.vectors.T).argmax(axis=1)]


if __name__ == "__main__":
    run(PlainScript)
