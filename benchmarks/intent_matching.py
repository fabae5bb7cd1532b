"""Judge the engine on somebody else's subject: build a knowledge base from labelled questions, tune it, and
test it.

    python benchmarks/intent_matching.py FILE.jsonl [--tuning-sample N] [--reference] [--json OUT]

Rows: {"query", "label", "split": train | val | test, "oos": true | false}. The knowledge is the `train` rows
alone; tuning is the product's own, on those rows, the shipped out-of-scope examples and the shipped
background; `val` is not looked at, and `test` only for the report: in-scope accuracy (right label, and
answered), out-of-scope recall, the mean of these two, joint accuracy, MCC of answering or declining,
milliseconds a question. Beside it the same at the threshold whose mean is best on test, and a nearest
neighbour of the same encoder at its best; no real system can know either.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot import CompiledEncoder, SentenceTransformerEncoder
from chatbot.building.prepare import prepare
from chatbot.engine import Engine
from chatbot.intents.load import load_intents
from chatbot.intents.model import INTENT
from chatbot.knowledge.model import Citation, Entry, Knowledge, Language, Pack
from chatbot.measuring import tuning
from chatbot.paths import cache_dir, shipped, with_background
from chatbot.retrieval.calibration import Calibration

CITATION = Citation("rows", "labelled questions", None, None, "undated", "train", None, None)


def knowledge_of(rows: list[dict]) -> Knowledge:
    """One entry a label, its phrasings the label's `train` rows."""
    phrasings: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["split"] == "train" and not row["oos"]:
            phrasings[row["label"]].append(row["query"])
    entries = [
        Entry(
            f"rows/{label}",
            "rows",
            "rows",
            tuple(dict.fromkeys(queries)),
            label.replace("_", " "),
            (CITATION,),
        )
        for label, queries in phrasings.items()
    ]
    pack = Pack("rows", "Rows", (), (), (), "these labels", (), {"rows": "Rows"})
    return Knowledge(tuple(entries), {}, (pack,), Language())


def mcc(answered_right: NDArray[np.bool_], answered: NDArray[np.bool_], oos: NDArray[np.bool_]) -> float:
    """Matthews correlation of "declined" with "out of scope"."""
    tp, tn = (~answered & oos).sum(), (answered & ~oos).sum()
    fp, fn = (~answered & ~oos).sum(), (answered & oos).sum()
    below = np.sqrt(float((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)))
    return float((tp * tn - fp * fn) / below) if below else 0.0


def report(
    name: str, right: NDArray[np.bool_], answered: NDArray[np.bool_], oos: NDArray[np.bool_], ms: float
) -> dict[str, float]:
    """One line of the table."""
    inside, outside = (right & answered)[~oos].mean(), (~answered)[oos].mean() if oos.any() else float("nan")
    joint = np.where(oos, ~answered, right & answered).mean()
    found = {
        "in_scope": float(inside), "oos_recall": float(outside), "mean": float(inside + outside) / 2,
        "joint": float(joint),
        "mcc": mcc(right, answered, oos), "ranked_right": float(right[~oos].mean()), "ms": ms,
    }  # fmt: skip
    print(f"{name:28s}" + "  ".join(f"{key} {value:.3f}" for key, value in found.items()), flush=True)
    return found


def best_threshold(values: NDArray[np.float64], right: NDArray[np.bool_], oos: NDArray[np.bool_]) -> float:
    """Where the mean of in-scope accuracy and out-of-scope recall is highest; joint accuracy where nothing is
    out of scope."""
    order = np.argsort(-values, kind="stable")
    inside, outside = max(1, int((~oos).sum())), max(1, int(oos.sum()))
    gain = np.cumsum(np.where(oos, -1 / outside, right / inside)[order])
    last = np.append(np.diff(values[order]) != 0, True)  # equal ones are answered together
    return float(values[order][np.argmax(np.where(last, gain, -np.inf))])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--tuning-sample",
        type=int,
        default=4000,
        metavar="N",
        help="left-out questions to tune on (default %(default)s)",
    )
    parser.add_argument(
        "--reference", action="store_true", help="encode with the model as it is, not compiled"
    )
    parser.add_argument("--json", type=Path, metavar="OUT")
    options = parser.parse_args()
    rows = [
        json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    test = [row for row in rows if row["split"] == "test"]
    encoder = SentenceTransformerEncoder() if options.reference else CompiledEncoder(cache=cache_dir())
    folders = with_background((shipped("intents"),), wanted=True)
    intents = [intent for intent in load_intents(folders, shipped_packs=True) if intent.kind == "unknown"]
    engine = Engine(
        prepare(knowledge_of(rows), intents, Calibration.shipped(), encoder, cache_dir()), encoder
    )
    print(
        f"{len(engine.ranker.texts)} phrasings, {len(engine.knowledge.entries)} labels, {len(engine.intents)} out-of-scope intents kept"
    )
    engine.calibration = tuning.tune(engine, sample=options.tuning_sample)

    oos = np.array([row["oos"] for row in test])
    readings = [engine.reader.read(row["query"]) for row in test]
    vectors = engine.encode([reading.matched for reading in readings])
    right, answered = np.zeros(len(test), np.bool_), np.zeros(len(test), np.bool_)
    probabilities = np.zeros(len(test))
    started = time.perf_counter()
    for i, (row, reading, vector) in enumerate(zip(test, readings, vectors, strict=True)):
        ranked = engine.weigh(reading, engine.ranker.rank(reading.matched, vector, limit=16))
        entries = [scored for scored in ranked if not scored.label.startswith(INTENT)]
        against = [scored for scored in ranked if scored.label.startswith(INTENT)]
        probabilities[i] = engine.probability(reading, entries, against)
        right[i] = bool(entries) and entries[0].label == f"rows/{row['label']}"
    ms = 1e3 * (time.perf_counter() - started) / len(test)
    answered = probabilities >= engine.calibration.answer
    out = {"this": report("this, own threshold", right, answered, oos, ms)}
    best = best_threshold(probabilities, right, oos)
    out["this_best"] = report("this, best on test", right, probabilities >= best, oos, ms)

    labels = np.array(engine.ranker.labels)
    own = np.flatnonzero(~np.char.startswith(labels, INTENT))
    cosines = vectors @ engine.ranker.vectors[own].T
    near, top = own[cosines.argmax(axis=1)], cosines.max(axis=1)
    right = np.array([labels[n] == f"rows/{row['label']}" for n, row in zip(near, test, strict=True)])
    top = top.astype(np.float64)
    out["nearest"] = report(
        "nearest neighbour, best", right, top >= best_threshold(top, right, oos), oos, 0.0
    )
    if options.json:
        options.json.write_text(json.dumps(out, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
