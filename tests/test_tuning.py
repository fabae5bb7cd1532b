"""``chatbot tune``: what it proposes, what it writes and reads, and when it refuses."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import bees
import numpy as np
import pytest
from click.testing import CliRunner, Result

from chatbot import CareerBot, CompiledEncoder
from chatbot.cli.main import cli
from chatbot.errors import ChatbotError
from chatbot.intents.model import INTENT
from chatbot.measuring.crossfit import compare
from chatbot.measuring.reliability import expected_calibration_error, reliability
from chatbot.measuring.tuning import (
    Samples,
    check_people,
    check_samples,
    fit,
    leave_out,
    mix,
    propose,
    rescale,
    threshold_for,
)
from chatbot.paths import shipped
from chatbot.retrieval.calibration import FEATURES, Calibration


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with knowledge in ``my`` and intents in ``intents``."""
    bees.write_knowledge(tmp_path / "my")
    bees.write_intents(tmp_path / "intents")
    return tmp_path


def run_tune(
    encoder: CompiledEncoder, base: Path, *options: str, knowledge: str = "my", intents: str = "intents"
) -> Result:
    """``chatbot tune`` in this process, with an encoder that is loaded once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chatbot.bot.CompiledEncoder", lambda **_: encoder)
        return CliRunner().invoke(
            cli,
            [
                "--knowledge",
                str(base / knowledge),
                "--intents",
                str(base / intents),
                "--no-background",
                "tune",
                *options,
            ],
        )


@pytest.fixture
def tune(compiled: CompiledEncoder, base: Path) -> Callable[..., Result]:
    """Run ``chatbot tune`` on ``base``."""
    return partial(run_tune, compiled, base)


@pytest.fixture(scope="module")
def written(
    compiled: CompiledEncoder, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A folder like ``base`` in which ``chatbot tune --write --json`` was run, and what that printed."""
    folder = tmp_path_factory.mktemp("written")
    bees.write_knowledge(folder / "my")
    bees.write_intents(folder / "intents")
    done = run_tune(compiled, folder, "--write", "--json")
    assert done.exit_code == 0, done.output
    return folder, json.loads(done.stdout)


def questions(file: Path) -> Path:
    """Questions that another person might ask, half of them with a wrong label, so that not all come out
    right."""
    names = list(bees.FACTS)
    rows = [
        {"question": f"{start} {bees.FACTS[name][0]}", "expected": name if i % 2 else names[i // 2 - 1]}
        for start in (
            "please tell me how to",
            "could someone",
            "any trick to",
            "we want to",
            "whats a quick way to",
        )
        for i, name in enumerate(name for name in names for _ in range(2))
    ]
    rows += [{"question": "is a wasp a bee", "expected": "none"}]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


def test_what_is_written_is_what_was_proposed(written: tuple[Path, dict[str, Any]]) -> None:
    base, found = written
    assert found["written"] == str(base / "my" / "ranker.json")
    assert sorted(file.name for file in (base / "my").iterdir()) == ["bees", "ranker.json", "sources.yaml"]
    assert (
        json.loads((base / "my" / "ranker.json").read_text(encoding="utf-8"))
        == found["proposed"]["calibration"]
    )
    assert found["in_use"]["calibration"] == Calibration.shipped().to_dict()
    assert found["proposed"]["calibration"]["weights"] != found["in_use"]["calibration"]["weights"]


def test_it_is_used_from_then_on_and_the_last_folder_wins(
    written: tuple[Path, dict[str, Any]], compiled: CompiledEncoder, folder: Path, cache: Path
) -> None:
    base, _ = written
    tuned = Calibration.read(base / "my" / "ranker.json")

    def used(*folders: Path) -> Calibration:
        with CareerBot(folders, base / "intents", encoder=compiled, cache=cache) as bot:
            return bot.engine.calibration

    assert used(base / "my") == used(base / "my", folder) == used(folder, base / "my") == tuned
    assert used(folder) == Calibration.shipped()
    dataclasses.replace(tuned, fitted_on="another").write(folder / "ranker.json")
    assert used(base / "my", folder).fitted_on == "another"
    assert used(folder, base / "my") == tuned


def test_the_reliability_table_holds_every_held_out_question_once(
    written: tuple[Path, dict[str, Any]],
) -> None:
    _, found = written
    for name in ("in_use", "proposed"):
        bins = found[name]["reliability"]
        assert sum(one["count"] for one in bins) == found["measured_on"]["questions"]
        assert sum(one["share"] for one in bins) == pytest.approx(1)
        assert all(
            one["low"] - 1e-9 <= one["probability"] <= one["high"] + 1e-9 and 0 <= one["right"] <= 1
            for one in bins
        )
        error = sum(one["share"] * abs(one["probability"] - one["right"]) for one in bins)
        assert found[name]["expected_calibration_error"] == pytest.approx(error)
    gained = sum(found["newly_answered"][kind] - found["newly_declined"][kind] for kind in ("right", "wrong"))
    assert found["proposed"]["answered"] - found["in_use"]["answered"] == gained


def test_peoples_questions_scale_the_probability(
    written: tuple[Path, dict[str, Any]], tune, base: Path
) -> None:
    _, alone = written
    scaled = json.loads(tune("--json", "--questions", str(questions(base / "asked.jsonl"))).stdout)
    assert scaled["written"] is None
    assert scaled["measured_on"]["what"] == "people's questions"
    assert "scaled on" in scaled["fitted_on"] and "scaled on" not in alone["fitted_on"]
    # half of the labels are wrong: it learns to be less sure
    assert (
        scaled["proposed"]["expected_calibration_error"]
        < 0.2
        < scaled["in_use"]["expected_calibration_error"]
    )


def test_without_write_nothing_is_changed_and_the_text_says_how_it_was_measured(tune, base: Path) -> None:
    pytest.importorskip("matplotlib")
    out = tune("--plot", str(base / "reliability.png")).stdout
    for said in ("Fitted on 77 left-out phrasings", "cross-fitted: in 5 folds by entry and intent", "expected calibration error",
                 "of the others 50% are near misses", "threshold to answer", "answered rather than declined", "Nothing is changed"):  # fmt: skip
        assert said in out
    assert not (base / "my" / "ranker.json").exists()
    assert (base / "reliability.png").read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_it_says_what_to_install(
    tune, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    error = tune("--plot", str(base / "reliability.png")).exception
    assert (
        str(error)
        == "--plot needs matplotlib, which is not installed; run: pip install 'career-chatbot[plot]'"
    )


@pytest.mark.parametrize(
    ("facts", "frames", "kind", "said"),
    [
        (
            1,
            10,
            "unknown",
            "11 phrasings of 1 entry and 21 out-of-scope examples are loaded; 60 phrasings of 2 entries are needed",
        ),
        (7, 3, "unknown", "28 phrasings of 7 entries"),
        (7, 10, "smalltalk", "77 phrasings of 7 entries and 0 out-of-scope examples are loaded"),
    ],
)
def test_too_little_is_one_line_that_says_what_is_needed(
    tune, base: Path, facts: int, frames: int, kind: str, said: str
) -> None:
    bees.write_knowledge(base / "small", facts, frames)
    bees.write_intents(base / "some", kind)
    error = tune(knowledge="small", intents="some").exception
    assert isinstance(error, ChatbotError)
    assert said in str(error) and "\n" not in str(error)


def test_a_sample_that_is_too_small_is_one_line(tune) -> None:
    error = tune("--sample", "20").exception
    assert isinstance(error, ChatbotError)
    assert (
        "too little to fit on: " in str(error)
        and "60 phrasings of 2 entries are needed" in str(error)
        and "\n" not in str(error)
    )


def test_bad_lines_of_the_questions_are_named(tune, base: Path) -> None:
    (base / "asked.csv").write_text("question,expected\nwho?,quen\n,queen\n", encoding="utf-8")
    done = tune("--questions", str(base / "asked.csv"))
    assert done.exit_code == 2
    assert [line.split(" ")[0] for line in done.stderr.splitlines()] == [
        f"{base / 'asked.csv'}:{n}:" for n in (2, 3)
    ]


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        ([], "--write does not change the knowledge that comes with the program"),
        (["my", "other"], "--write needs one folder to write into, and several folders are named"),
        ([shipped("knowledge")], "--write does not change the knowledge that comes with the program"),
    ],
)
def test_writing_needs_one_folder_of_ones_own(folders: list[str], said: str, tmp_path: Path) -> None:
    named = [part for folder in folders for part in ("--knowledge", str(folder))]
    error = CliRunner().invoke(cli, [*named, "tune", "--write"]).exception
    assert isinstance(error, ChatbotError)
    assert said in str(error) and "\n" not in str(error)


def _other(**changes: object) -> bytes:
    return json.dumps(Calibration.shipped().to_dict() | changes).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "damaged"),
        (b"\xff\xfe{", "damaged"),
        (b"[1]", "damaged: not a JSON object"),
        (_other()[:-20], "damaged"),
        (_other(version=3), "of version '3', where this program reads 2"),
        (b"{}", "of version 'unknown'"),
        (
            _other(weights={"bias": 1.0}),
            "its weights are not those of this program; they differ in: agree, ahead, best",
        ),
        (_other(weights=dict.fromkeys(FEATURES, "x")), "Expected `float`, got `str`"),
        (_other(answer=1.5), "0 <= clarify <= answer <= 1"),
        (_other(answer=None), "Expected `float`, got `null`"),
    ],
    ids=["empty", "not-utf8", "list", "cut", "newer", "no-version", "weights", "text", "range", "null"],
)
def test_a_damaged_file_is_one_line_with_the_file_and_what_to_do(
    base: Path, content: bytes, said: str
) -> None:
    file = base / "my" / "ranker.json"
    file.write_bytes(content)
    with pytest.raises(ChatbotError) as caught:
        CareerBot(base / "my", base / "intents")
    text = str(caught.value)
    assert (
        text.startswith(f"{file}: ")
        and said in text
        and f"delete it, and if you want it again: chatbot --knowledge {base / 'my'}" in text
    )
    assert "\n" not in text


def test_the_command_line_shows_it_without_a_traceback(base: Path) -> None:
    (base / "my" / "ranker.json").write_text("{", encoding="utf-8")
    command = [sys.executable, "-m", "chatbot", "--knowledge", str(base / "my"), "ask", "hi"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith(f"chatbot: {base / 'my' / 'ranker.json'}: damaged")


def test_a_folder_that_can_not_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ChatbotError, match=r"ranker\.json: can't be written"):
        Calibration.shipped().write(tmp_path / "nowhere" / "ranker.json")


# the sums behind it


@pytest.fixture(scope="module")
def samples() -> Samples:
    """Samples of 12 entries and 6 intents whose score says how likely they are right; some noise. A sixth are
    near misses, a third examples of intents."""
    random = np.random.default_rng(1)
    score = random.uniform(0, 1, 900)
    own = np.arange(900) % 3 > 0
    near = own & (np.arange(900) % 4 == 0)
    in_scope = own & ~near
    right = in_scope & (random.uniform(0, 1, 900) < score)
    features = np.zeros((900, len(FEATURES)))
    features[:, 0], features[:, 1] = 1, score
    labels = tuple(f"e/{i % 12}" if of_entry else f"intent:{i // 3 % 6}" for i, of_entry in enumerate(own))
    return Samples(features, right, in_scope, near, labels, tuple(map(str, range(900))))


def test_no_question_is_judged_by_what_was_fitted_on_its_own_label(
    samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    def watched(kept: Samples, *arguments: object) -> Calibration:
        seen.append(set(kept.labels))
        return propose(kept)

    monkeypatch.setattr("chatbot.measuring.crossfit.propose", watched)
    comparison = compare(Calibration.shipped(), samples)
    assert comparison.folds == len(seen) == 5
    left_out = [set(samples.labels) - kept for kept in seen]
    # each label in exactly one fold
    assert sorted(label for fold in left_out for label in fold) == sorted(set(samples.labels))
    assert all(
        any(label.startswith("intent:") for label in fold) and any(label.startswith("e/") for label in fold)
        for fold in left_out
    )


def test_a_cross_fitted_calibration_keeps_its_word(samples: Samples) -> None:
    comparison = compare(Calibration((0.0,) * len(FEATURES), 0.4, 0.2), samples)
    assert comparison.error(comparison.proposed) < 0.08
    assert comparison.wrong(comparison.in_use) == pytest.approx(
        1 - float(mix(samples) @ samples.right / mix(samples).sum())
    )


def test_the_mix_counts_the_share_in_scope(samples: Samples) -> None:
    weights, far = mix(samples, 0.6), ~samples.in_scope & ~samples.near
    shares = [weights[mask].sum() / weights.sum() for mask in (samples.in_scope, samples.near, far)]
    assert shares == pytest.approx([0.6, 0.2, 0.2])
    assert weights.sum() < len(samples)
    no_near = samples.where(~samples.near)
    assert mix(no_near)[no_near.in_scope].sum() / mix(no_near).sum() == pytest.approx(0.5)


def test_samples_that_are_too_few_or_all_alike_are_refused(samples: Samples) -> None:
    few = samples.where(np.arange(len(samples)) < 80)
    for kept in (
        few,
        samples.where(samples.in_scope),
        samples.where(~samples.right),
        samples.where(np.array(samples.labels) == "e/1"),
    ):
        with pytest.raises(ChatbotError, match="too little to fit on"):
            check_samples(kept)
    for kept in (few.where(few.in_scope), samples.where(samples.right), samples.where(~samples.right)):
        with pytest.raises(ChatbotError, match="too little to scale on"):
            check_people(kept)
    check_samples(samples)
    check_people(samples)


def test_fewer_wrong_answers_wanted_means_a_higher_threshold(samples: Samples) -> None:
    thresholds = [propose(samples, wrong=wrong).answer for wrong in (0.75, 0.65, 0.55)]
    assert thresholds == sorted(thresholds) and len(set(thresholds)) == 3
    probability = fit(samples).of_features(samples.features)
    threshold = threshold_for(0.6, probability, samples, np.ones(len(samples)))
    assert (~samples.right)[probability >= threshold].mean() <= 0.6


def test_scaling_keeps_what_is_answered(samples: Samples) -> None:
    fitted = fit(samples).at(0.4)
    scaled = rescale(fitted, samples.where(samples.in_scope))
    before, after = (one.of_features(samples.features) >= one.answer for one in (fitted, scaled))
    assert (before != after).mean() < 0.01
    assert scaled.answer > fitted.answer  # all of people's questions were in scope here


def test_bins_are_means_by_weight() -> None:
    probability, right = np.array([0.05, 0.95, 0.97, 1.0]), np.array([False, True, False, True])
    weights = np.array([1.0, 1.0, 2.0, 1.0])
    low, high = reliability(probability, right, weights)
    assert (low.count, high.count, high.share) == (1, 3, pytest.approx(0.8))
    assert (high.probability, high.right) == (pytest.approx((0.95 + 1.94 + 1) / 4), pytest.approx(0.5))
    assert expected_calibration_error(probability, right, weights) == pytest.approx(
        0.2 * 0.05 + 0.8 * (high.probability - 0.5)
    )


# what is left out


def test_a_near_miss_is_judged_without_its_entry_and_an_example_without_its_intent(
    compiled: CompiledEncoder, base: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CareerBot(base / "my", base / "intents", encoder=compiled, cache=cache, background=False) as bot:
        engine = bot.engine
        labels, seen = np.array(engine.local.labels), []
        rank = engine.local.rank

        def watched(text: str, vector: object, without: Any, limit: int) -> object:
            seen.append(without)
            return rank(text, vector, without, limit)

        monkeypatch.setattr(engine.local, "rank", watched, raising=True)
        found = leave_out(engine)
    asked = Counter(frozenset(labels[without]) for without in seen if without.sum() > 1)
    assert asked == {
        frozenset([label]): count for label, count in Counter(labels.tolist()).items()
    }  # each once with its whole label left out
    assert sum(without.sum() == 1 for without in seen) == sum(
        not label.startswith(INTENT) for label in labels
    )
    assert not (found.near & (found.in_scope | found.right)).any() and found.near.sum() > 0
    assert (found.right <= found.in_scope).all()


def test_a_sample_asks_so_many_of_each_kind(compiled: CompiledEncoder, base: Path, cache: Path) -> None:
    with CareerBot(base / "my", base / "intents", encoder=compiled, cache=cache, background=False) as bot:
        found = leave_out(bot.engine, sample=10)
    assert 0 < found.in_scope.sum() <= 10 and 0 < found.near.sum() <= 10
    assert (~found.in_scope & ~found.near).sum() <= 10
