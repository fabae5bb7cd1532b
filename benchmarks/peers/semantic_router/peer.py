"""semantic-router: an `IndexedRouter` with its own `LocalEncoder` and `LocalIndex`, a route for each entry,
all else its defaults.

Its in-memory index keeps nothing between processes, and a router saved to a file encodes every utterance
again when it is loaded. So that its cold start is not that, the vectors are kept in a NumPy file and handed
to the index, which is the source of its routes.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

import numpy as np
from peers.driver import Peer, model_folder, run
from semantic_router import IndexedRouter
from semantic_router.encoders import LocalEncoder
from semantic_router.index import LocalIndex


class SemanticRouter(Peer):
    """No confidence threshold, as it has none by default: the best route always answers."""

    name = "semantic_router"
    batched = True

    def prepare(self) -> None:
        encoder = LocalEncoder(name=model_folder(), device="cpu")
        np.save(self.own / "vectors.npy", np.asarray(encoder(self.read("phrasings")), np.float32))

    def load(self) -> None:
        index = LocalIndex()
        index.add(list(np.load(self.own / "vectors.npy")), self.read("labels"), self.read("phrasings"))
        self.router = IndexedRouter(LocalEncoder(name=model_folder(), device="cpu"), index=index)

    def ask(self, question: str) -> str | None:
        return self.router(question).name

    def ask_all(self, questions: list[str]) -> list[str | None]:
        from semantic_router.routers.base import run as wait

        # what its `evaluate` uses; it has no public batch call
        scored = wait(self.router._scores_many(questions))
        return [max(scores, key=scores.__getitem__) for scores in scored]


if __name__ == "__main__":
    run(SemanticRouter)
