"""Measure the confidences in chatbot/resources/policy.toml that are no calibrated probability: scripts/fit.py
--confidences [--write].

Labelled dialogues are asked with all shipped packs, and each reply is counted as right or wrong under the
code of its rule. What is said of a rule from then on is (right + 1) / (n + 2); where fewer than ``LEAST``
replies came of it, the number set by hand stays.

A turn's ``want`` is what a right reply is, or a list of such: {"entries": ids}, {"code", "place",
"statistic"} as occupations.py reads them, {"kind": one or several}, or {"of_last": "sources" | "date" | "why"
| "repeat" | "more"}, which is about the reply before.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot import CareerBot, Reply
from chatbot.flow import Code
from chatbot.intents.model import INTENT
from chatbot.knowledge.model import Knowledge
from chatbot.paths import data_file
from chatbot.policy import FILE, policy

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks"
DIALOGUES = (BENCHMARKS / "data" / "dialogues.jsonl", BENCHMARKS / "data" / "us-occupations-dialogues.jsonl")
LEAST = 10
"""So many replies of a rule are the least to measure it on."""
_CHANGED = frozenset({Code.OTHER_FIGURE, Code.OTHER_ROW, Code.OTHER_SIBLING})
_ABOUT_LAST = frozenset({Code.SOURCES, Code.DATE, Code.REASON, Code.REPEAT})

sys.path.insert(0, str(BENCHMARKS))
from occupation_judging import Figures, judge  # noqa: E402 - it lies beside the benchmarks
from occupation_questions import Case, columns_of  # noqa: E402


@dataclass
class Count:
    """Replies of one rule: right and wrong ones, and what the calibration said of those whose confidence is a
    part of it."""

    right: int = 0
    wrong: int = 0
    said: list[float] = field(default_factory=list)

    @property
    def n(self) -> int:
        return self.right + self.wrong

    @property
    def share(self) -> float:
        """Laplace's rule of succession."""
        return (self.right + 1) / (self.n + 2)


def rule_of(reply: Reply) -> str | None:
    """The number in the policy, as section.name, that a reply's confidence is; None where it is a calibrated
    probability."""
    code, answers = Code(reply.why.code), str(reply.kind) == "answer"
    if (
        code is Code.INTENT
        and str(reply.kind) == "unknown"
        and not (reply.why.label or "").startswith(INTENT)
    ):
        return "figures.beyond"  # what a figure was asked for that there is none of, told by an intent
    if code is Code.VETOED and round(1 - reply.confidence, 6) == round(policy().follow_up.no_other_place, 6):
        return "follow_up.no_other_place"
    named = {
        Code.STAND_IN: "figures.stand_in",
        Code.COMPLETED: "follow_up.completed_sure",
        Code.NEAREST_TITLES: "nearest.confidence",
    }
    if code is Code.MORE:
        return "acts.more" if answers else "acts.sure"
    if code in _CHANGED and answers:
        return "follow_up.changed"
    return "acts.sure" if code in _ABOUT_LAST else named.get(code)


def counted(bot: CareerBot) -> Iterator[tuple[str, str, bool, Reply]]:
    """Each turn whose confidence is set by hand: the number, what was asked, whether the reply is right, and
    the reply."""
    figures = Figures(ROOT / "knowledge" / "us-occupations")
    for file in DIALOGUES:
        for line in file.read_text(encoding="utf-8").splitlines():
            chat, replies, asked = bot.conversation(), list[Reply](), ""
            for turn in json.loads(line)["turns"]:
                asked = f"{asked} > {turn['user']}".removeprefix(" > ")
                reply = chat.ask(turn["user"])
                wants = turn["want"] if isinstance(turn["want"], list) else [turn["want"]]
                if rule := rule_of(reply):
                    yield (
                        rule,
                        asked,
                        any(
                            fits(want, turn["user"], reply, replies, figures, bot.knowledge) for want in wants
                        ),
                        reply,
                    )
                replies.append(reply)


def fits(
    want: dict[str, Any], text: str, reply: Reply, before: list[Reply], figures: Figures, knowledge: Knowledge
) -> bool:
    """Whether a reply is one that is wanted."""
    if "kind" in want:
        return str(reply.kind) in _several(want["kind"])
    if str(reply.kind) != "answer" and want.get("of_last") != "more":
        return False
    if "entries" in want:
        return Code(reply.why.code) not in _ABOUT_LAST and bool(set(reply.entry_ids) & set(want["entries"]))
    if "of_last" in want:
        return _of_last(want["of_last"], reply, before, knowledge)
    case = Case(
        text,
        _several(want["code"]),
        _several(want["place"]),
        columns_of(want["statistic"]),
        "",
        want["statistic"],
    )
    return bool(judge(reply, case, figures)[0] == "right")


def _of_last(what: str, reply: Reply, before: list[Reply], knowledge: Knowledge) -> bool:
    """Whether a reply says what was asked of the last answer; more of it is an entry of the same topic that
    was not told."""
    last = next((one for one in reversed(before) if one.entry_ids), None)
    if last is None:
        return False
    if what == "more":
        told = {entry_id for one in before for entry_id in one.entry_ids}
        entry = knowledge.by_id[last.entry_ids[0]]
        left = [one.id for one in knowledge.in_topic(entry.topic, entry.pack) if one.id not in told]
        if str(reply.kind) != "answer":
            return Code(reply.why.code) is Code.MORE and not left
        return reply.entry_ids[0] in {*left, *entry.follow_ups} - told
    if what == "repeat":
        return reply.text == last.text
    same = {one.source_id for one in reply.citations} == {one.source_id for one in last.citations}
    dated = what != "date" or re.search(r"\b(19|20)\d\d\b|undated|no date", reply.text, re.I) is not None
    return same and dated and Code(reply.why.code) in _ABOUT_LAST - {Code.REPEAT}


def _several(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


NAMES = (
    "acts.more", "acts.sure", "figures.beyond", "figures.stand_in", "follow_up.changed", "follow_up.completed_sure", "follow_up.no_other_place",
    "nearest.confidence",
)  # fmt: skip


def values(counts: dict[str, Count]) -> Iterator[tuple[str, Count, float | None]]:
    """The new value of each number; None where it would rest on too few replies."""
    for name in NAMES:
        count = counts.get(name, Count())
        value = count.share
        if name == "follow_up.completed_sure" and count.said:
            # a part of what the calibration says
            value = min(1.0, value / (sum(count.said) / len(count.said)))
        if name == "follow_up.no_other_place":
            value = 1 - value
        yield name, count, round(value, 2) if count.n >= LEAST else None


def put(text: str, name: str, value: float | None, count: Count) -> str:
    """A policy file with one number measured, or with the word that it was not; what the number does stays in
    its words."""
    section, key = name.split(".")
    start = text.index(f"[{section}]")
    pattern = re.compile(
        rf'^{key} = \{{value = ([\d.]+), by = "\w+", why = "(.*?)(?:; (?:measured|not measured): .*)?"\}}$',
        re.M,
    )
    match = pattern.search(text, start)
    assert match, name
    fitted = value is not None
    measured = (
        f"measured: {count.right} of {count.n} right"
        if fitted
        else f"not measured: {count.n} replies are fewer than {LEAST}"
    )
    by, number = ("fit", f"{value:g}") if fitted else ("hand", match[1])
    why = f"{match[2]}; {measured}, scripts/fit.py --confidences"
    return f'{text[: match.start()]}{key} = {{value = {number}, by = "{by}", why = "{why}"}}{text[match.end() :]}'


def main(write: bool, show: bool) -> None:
    """Print what is measured, and write it where that is wanted."""
    counts: dict[str, Count] = defaultdict(Count)
    factor = policy().follow_up.completed_sure
    with CareerBot() as bot:
        for name, asked, right, reply in counted(bot):
            count = counts[name]
            count.right, count.wrong = count.right + right, count.wrong + (not right)
            count.said.append(reply.confidence / factor)
            if show and not right:
                print(f"{name}: {asked}\n    {reply.kind} {', '.join(reply.entry_ids)}: {reply.text[:160]}")
    file = data_file(FILE)
    text = file.read_text(encoding="utf-8")
    for name, count, value in values(counts):
        section, key = name.split(".")
        now = getattr(getattr(policy(), section), key)
        said = f"{value:g}" if value is not None else f"stays: fewer than {LEAST}"
        print(f"{name:<26} now {now:<5g} right {count.right:>3} of {count.n:<4} -> {said}")
        text = put(text, name, value, count)
    if write:
        file.write_text(text, encoding="utf-8")
