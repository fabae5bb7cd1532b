"""``chatbot tune``: fit confidence and thresholds to the loaded knowledge, and say what would change."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot.cli.evaluate import read_questions
from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable
from chatbot.measuring.crossfit import Comparison, Told, compare
from chatbot.measuring.tuning import (
    NEAR,
    PRIOR,
    Samples,
    asked_by_people,
    check_loaded,
    check_people,
    check_samples,
    leave_out,
    propose,
)
from chatbot.paths import shipped
from chatbot.retrieval.calibration import FEATURES, FILE, Calibration
from chatbot.showing.output import emit
from chatbot.showing.plot import check_plot, plot_reliability
from chatbot.showing.progress import Bar
from chatbot.showing.render import Style

if TYPE_CHECKING:
    from chatbot.live.settings import Settings

EXAMPLES = 3
"""So many questions are shown of each kind of change."""


@dataclass(frozen=True)
class Options:
    """The options of the command; ``wrong`` is a share, 0 to 1."""

    wrong: float | None
    sample: int | None
    questions: Path | None
    plot: Path | None
    write: bool
    as_json: bool


@dataclass(frozen=True)
class Result:
    """What was found: the calibration in use and the proposed one, and what they say of held-out questions."""

    in_use: Calibration
    proposed: Calibration
    comparison: Comparison
    on_people: bool


def run_tune(settings: Settings, options: Options) -> None:
    """Print what was found, and write what was asked for."""
    target = _target(settings) if options.write else None
    if options.plot:
        check_plot(options.plot)
    result = _tune(settings, options)
    if options.plot:
        told = result.comparison
        tables = {"in use": told.bins(told.in_use), "proposed": told.bins(told.proposed)}
        plot_reliability(
            options.plot,
            tables,
            "Reliability on " + ("people's questions" if result.on_people else "left-out phrasings"),
        )
    if target:
        result.proposed.write(target)
    if options.as_json:
        emit(
            json.dumps(
                _as_dict(result) | {"written": str(target) if target else None}, ensure_ascii=False, indent=1
            )
        )
        return
    last = (
        f"Written: {target}"
        if target
        else "Nothing is changed; --write puts the proposed one into the folder that --knowledge names."
    )
    emit("\n".join([*_lines(result, Style.of_stdout(settings.color)), "", last]))


def _target(settings: Settings) -> Path:
    """The file to write; raises ``ChatbotError`` where it is not clear which folder is meant."""
    if len(settings.knowledge) > 1:
        raise ChatbotError(
            "--write needs one folder to write into, and several folders are named; try: chatbot --knowledge DIR tune --write"
        )
    (folder,) = settings.knowledge
    if folder.resolve() == shipped("knowledge").resolve():
        told = "--write does not change the knowledge that comes with the program; name a folder of your own"
        raise ChatbotError(f"{told}: chatbot --knowledge DIR tune --write")
    if folder.is_dir() and not os.access(folder, os.W_OK):
        raise ChatbotError(f"{folder}: this folder can't be written to")
    return folder / FILE


def _tune(settings: Settings, options: Options) -> Result:
    questions, bad = read_questions(settings, options.questions) if options.questions else ([], [])
    if bad:
        sys.exit(2)
    engine = settings.bot_with_bar().engine
    check_loaded(engine)
    with Bar("asking, each left out", plain=None) as bar:
        samples = leave_out(engine, bar, options.sample)
    check_samples(samples)
    people = asked_by_people(engine, questions) if questions else None
    if people is not None:
        check_people(people)
    comparison = compare(engine.calibration, samples, people, options.wrong)
    return Result(engine.calibration, propose(samples, people, options.wrong), comparison, people is not None)


def _as_dict(result: Result) -> dict[str, Any]:
    comparison = result.comparison

    def told(calibration: Calibration, told: Told) -> dict[str, Any]:
        return {
            "calibration": calibration.to_dict(),
            "expected_calibration_error": comparison.error(told),
            "treated_rightly": comparison.treated_rightly(told),
            "wrong_among_answers": comparison.wrong(told),
            "answered": int(told.answered.sum()),
            "reliability": [asdict(one) for one in comparison.bins(told)],
        }

    return {
        "fitted_on": result.proposed.fitted_on,
        "measured_on": {
            "what": "people's questions" if result.on_people else "left-out phrasings",
            "questions": len(comparison.samples),
        },
        "folds": comparison.folds,
        "in_use": told(result.in_use, comparison.in_use),
        "proposed": told(result.proposed, comparison.proposed),
        "newly_answered": _changed(comparison.newly_answered),
        "newly_declined": _changed(comparison.newly_declined),
    }


def _changed(samples: Samples) -> dict[str, Any]:
    right, wrong = samples.where(samples.right), samples.where(~samples.right)
    return {
        "right": len(right),
        "wrong": len(wrong),
        "examples": {"right": _some(right.texts), "wrong": _some(wrong.texts)},
    }


def _some(texts: Sequence[str]) -> list[str]:
    """A few, from all over."""
    return list(texts[:: -(-len(texts) // EXAMPLES) or 1])


def _lines(result: Result, style: Style) -> Iterator[str]:
    comparison = result.comparison
    yield from style.wrap(f"Fitted on {result.proposed.fitted_on}.")
    for sentence in _measured(result):
        yield from style.wrap(sentence)
    yield ""
    yield from _reliability(comparison, style)
    yield ""
    yield style.strong(f"{'':<34}{'in use':>10}{'proposed':>10}")
    for name, measure in (
        ("expected calibration error", comparison.error),
        ("questions treated rightly", comparison.treated_rightly),
        ("wrong among the answers", comparison.wrong),
    ):
        now, then = (measure(told) for told in (comparison.in_use, comparison.proposed))
        yield f"{name:<34}{_share(now):>10}{_share(then):>10}"
    for name in ("answer", "clarify"):
        yield f"{'threshold to ' + name:<34}{getattr(result.in_use, name):>10.3f}{getattr(result.proposed, name):>10.3f}"
    for name, now, then in zip(FEATURES, result.in_use.weights, result.proposed.weights, strict=True):
        yield f"{'weight of ' + name:<34}{now:>10.3f}{then:>10.3f}"
    yield ""
    yield style.strong("What would change, on the held-out questions:")
    yield from _change("answered rather than declined", comparison.newly_answered, style)
    yield from _change("declined rather than answered", comparison.newly_declined, style)


def _measured(result: Result) -> list[str]:
    comparison = result.comparison
    of = (
        "people's questions"
        if result.on_people
        else "left-out phrasings, near misses and out-of-scope examples"
    )
    lines = [
        f"Measured on {len(comparison.samples)} {of}, cross-fitted: in {comparison.folds} folds by entry and intent, each judged by weights "
        "and thresholds fitted on the other folds. The calibration in use may have seen them."
    ]
    if result.on_people:
        return [*lines, "The thresholds are chosen on the left-out phrasings."]
    return [
        *lines,
        f"They are weighed so that {PRIOR:.0%} are in scope; of the others {NEAR:.0%} are near misses: phrasings whose whole entry is left out.",
        "Left-out phrasings are harder than what people ask: a calibration that was scaled on people's questions looks too sure here. "
        "--questions FILE measures on people's questions.",
    ]


def _reliability(comparison: Comparison, style: Style) -> Iterator[str]:
    yield style.strong(f"{'':<14}{'in use':>30}{'proposed':>30}")
    yield style.dim(f"{'probability':<14}" + 2 * f"{'questions':>12}{'said':>9}{'right':>9}")
    tables = [
        {round(10 * b.low): b for b in comparison.bins(told)}
        for told in (comparison.in_use, comparison.proposed)
    ]
    for place in sorted(set().union(*tables)):
        line = f"{place / 10:.1f} to {(place + 1) / 10:.1f}    "
        for table in tables:
            b = table.get(place)
            line += f"{b.count:>12}{b.probability:>9.3f}{b.right:>9.3f}" if b else f"{0:>12}{'-':>9}{'-':>9}"
        yield line


def _change(name: str, samples: Samples, style: Style) -> Iterator[str]:
    changed = _changed(samples)
    yield f"  {name}: {len(samples)} ({changed['right']} of them right, {changed['wrong']} wrong)"
    for kind, texts in changed["examples"].items():
        for text in texts:
            yield style.dim(f"    {kind}: {printable(text)}")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
