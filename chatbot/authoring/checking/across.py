"""What entries do to each other: the same phrasing twice, nearly the same, and entries that others stand in
front of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from chatbot.authoring.checking.content import folded
from chatbot.authoring.checking.heldout import Outcome, same_fact
from chatbot.authoring.checking.places import Written
from chatbot.authoring.checking.rules import found
from chatbot.engine import Engine
from chatbot.errors import Finding
from chatbot.knowledge.files import Parsed, children
from chatbot.knowledge.intentschema import IntentsFile
from chatbot.knowledge.yamlfile import Node
from chatbot.pipeline import ask_each

ALIKE = 0.955
"""Phrasings of two entries that are as like as this are nearly the same; "soft skills" and "hard skills" are
.91.
"""
ELSEWHERE = 0.45
"""An entry of whose phrasings more than this part leads elsewhere can't be reached well."""
Place = tuple[Path, Node]


def duplicates(
    entries: Iterable[Written], intents: Iterable[Parsed[IntentsFile]], used: Collection[str]
) -> Iterator[Finding]:
    """Phrasings, and examples of the intents ``used``, that stand under two labels."""
    first: dict[str, tuple[str, Path, int]] = {}
    for label, text, file, node in _all(entries, intents, used):
        key = folded(text)
        owner, where, line = first.setdefault(key, (label, file, node.line)) if key else (label, file, 0)
        if owner != label:
            yield found(
                file, node, f"{text!r} belongs to {owner} already ({where}:{line})", "duplicate-phrasing"
            )


def near_duplicates(
    engine: Engine, outcomes: Iterable[Outcome], places: dict[tuple[str, str], Place]
) -> Iterator[Finding]:
    """Pairs of phrasings that are nearly the same, of entries that tell different facts; named where the
    later one stands."""
    order = {key: i for i, key in enumerate(places)}
    done: set[frozenset[tuple[str, str]]] = set()
    for outcome in outcomes:
        for near in outcome.near:
            one, other = (outcome.label, outcome.shown), (near.label, near.shown)
            pair = frozenset({one, other})
            if (
                near.likeness < ALIKE
                or pair in done
                or not {one, other} <= places.keys()
                or folded(one[1]) == folded(other[1])
            ):
                continue
            done.add(pair)
            if same_fact(engine, outcome.label, near.label):
                continue
            first, last = sorted((one, other), key=order.__getitem__)
            (file, node), (where, at) = places[last], places[first]
            told = f"{last[1]!r} is nearly {first[1]!r} of {first[0]} ({where}:{at.line}): likeness {near.likeness:.2f}"
            yield found(file, node, told, "near-duplicate")


def reach(engine: Engine, outcomes: Iterable[Outcome], entries: Iterable[Written]) -> Iterator[Finding]:
    """Entries that others stand in front of, and single phrasings that lead elsewhere.

    Of an entry with its question alone nothing is left to find it by when that is left out: it is asked as it
    is written.
    """
    by_label: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_label[outcome.label].append(outcome)
    entries = list(entries)
    single = [one for one in entries if len(own := by_label.get(one.id, [])) == 1 and own[0].got]
    replies = ask_each(engine, [by_label[one.id][0].shown for one in single])
    for one, reply in zip(single, replies, strict=True):
        got = reply.entry_id
        if one.id not in reply.entry_ids and not (got and same_fact(engine, one.id, got)):
            what = f"answered from {got}" if got else "not answered"
            yield found(one.file, one.node, f"its question, asked as it is written, is {what}", "unreachable")
    for one in entries:
        own = by_label.get(one.id, [])
        if len(own) == 1:
            continue
        lost = [outcome for outcome in own if outcome.got and not same_fact(engine, one.id, outcome.got)]
        first = own[0] if own and own[0] in lost else None
        if first or len(lost) > ELSEWHERE * len(own):
            yield found(one.file, one.node, _unreachable(first, lost, own), "unreachable")
        nodes = dict(one.phrasings)
        for outcome in lost:
            told = f"{outcome.shown!r}, left out, is answered from {outcome.got} ({_scores(outcome)})"
            yield found(one.file, nodes.get(outcome.shown, one.node), told, "leads-elsewhere")


def _unreachable(first: Outcome | None, lost: Sequence[Outcome], own: Sequence[Outcome]) -> str:
    told = []
    if first:
        told.append(f"its question, left out, is answered from {first.got} ({_scores(first)})")
    if len(lost) > ELSEWHERE * len(own):
        most, count = Counter(outcome.got for outcome in lost).most_common(1)[0]
        example = max(
            (outcome for outcome in lost if outcome.got == most),
            key=lambda outcome: outcome.score - outcome.own,
        )
        share = f"{len(lost)} of its {len(own)} phrasings ({100 * len(lost) / len(own):.0f}%), each left out, are answered from others"
        told.append(f"{share}, {count} from {most}, such as {example.shown!r} ({_scores(example)})")
    return "; ".join(told)


def _scores(outcome: Outcome) -> str:
    """Of both entries; a table that stands in for another of its measure has none, and what a guard kept out
    may have the higher one."""
    own = f"this one {max(0.0, outcome.own):.2f}"
    if not outcome.score:
        return f"another table of its measure; {own}"
    return f"score {outcome.score:.2f}, {own}{', which a guard keeps out' if outcome.own > outcome.score else ''}"


def _all(
    entries: Iterable[Written], intents: Iterable[Parsed[IntentsFile]], used: Collection[str]
) -> Iterator[tuple[str, str, Path, Node]]:
    """The intents first, then the entries in the order of their layers: what is named is the one that was
    added."""
    for parsed in intents:
        for spec, node in zip(parsed.spec.intents, children(parsed.node, "intents"), strict=True):
            for text, place in (
                zip(spec.examples, children(node, "examples"), strict=True) if spec.id in used else ()
            ):
                yield f"the intent {spec.id}", text, parsed.file, place
    for one in entries:
        for text, node in one.phrasings:
            yield one.id, text, one.file, node
