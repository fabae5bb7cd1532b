"""rapidfuzz alone: `process.extractOne` over the phrasings."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

import json

from peers.driver import Peer, run
from rapidfuzz import fuzz, process, utils


class RapidFuzz(Peer):
    """Phrasings are brought to lower case without punctuation once, as its documentation advises.

    The scorer is the best of five on data/validation.jsonl; the default, WRatio, likes short phrasings and
    does much worse. A batch is `process.cdist` on all cores, the one thing that needs NumPy.
    """

    name = "rapidfuzz"
    batched = True

    def prepare(self) -> None:
        cleaned = [utils.default_process(phrasing) for phrasing in self.read("phrasings")]
        (self.own / "cleaned.json").write_text(json.dumps(cleaned), encoding="utf-8")

    def load(self) -> None:
        self.cleaned = json.loads((self.own / "cleaned.json").read_text(encoding="utf-8"))
        self.labels = self.read("labels")

    def ask(self, question: str) -> str | None:
        found = process.extractOne(
            utils.default_process(question), self.cleaned, scorer=fuzz.token_sort_ratio
        )
        return self.labels[found[2]] if found else None

    def ask_all(self, questions: list[str]) -> list[str | None]:
        cleaned = [utils.default_process(question) for question in questions]
        scores = process.cdist(cleaned, self.cleaned, scorer=fuzz.token_sort_ratio, workers=-1)
        return [self.labels[row] for row in scores.argmax(axis=1)]


if __name__ == "__main__":
    run(RapidFuzz)
