"""Fit chatbot/resources/ranker.json to the shipped knowledge and intents: python scripts/fit.py [--write].

With ``--sensitivity`` it fits nothing, but counts what each number of the policy does; see
scripts/sensitivity.py.

The weights come from the knowledge's own phrasings, each left out in turn and once more with its whole entry,
and from the out-of-scope examples, each left out with its whole intent: SAMPLE of each;
benchmarks/data/validation.jsonl (questions that another writer wrote from the facts alone) only scales the
probability. benchmarks/data/fresh.jsonl, fresh2.jsonl and more.jsonl are not looked at.

    python scripts/fit.py --confidences [--show] [--write]

measures instead the confidences in chatbot/resources/policy.toml that no calibration gives (see
confidences.py); --show: prints what was wrong.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from chatbot import CareerBot
from chatbot.measuring import tuning
from chatbot.measuring.labelled import read_labelled
from chatbot.paths import data_file
from chatbot.retrieval.calibration import FILE

DATA = Path(__file__).resolve().parents[1] / "benchmarks" / "data" / "validation.jsonl"
SAMPLE = 4000
THRESHOLD = 0.5
"""An answer is given where it is likelier right than wrong."""


def main() -> None:
    if "--sensitivity" in sys.argv:
        import sensitivity

        sensitivity.main([argument for argument in sys.argv[1:] if argument != "--sensitivity"])
        return
    if "--confidences" in sys.argv:
        import confidences

        confidences.main("--write" in sys.argv, "--show" in sys.argv)
        return
    engine = CareerBot().engine
    questions, bad = read_labelled(DATA, engine.knowledge)
    assert not bad, bad[0]
    samples = tuning.leave_out(engine, sample=SAMPLE)
    fitted = tuning.fit(samples, tuning.mix(samples))
    scaled = tuning.rescale(fitted, tuning.asked_by_people(engine, questions)).at(THRESHOLD)
    print(json.dumps(scaled.to_dict(), indent=2))
    if "--write" in sys.argv:
        scaled.write(data_file(FILE))


if __name__ == "__main__":
    main()
