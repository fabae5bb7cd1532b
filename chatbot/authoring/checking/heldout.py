"""Every phrasing asked with itself left out: does it still lead to its own entry?

What was found is kept. After a change, only what it can affect is asked again: the phrasings of entries that
changed, those that have one of these among their best, and those that have a phrasing that came or went among
their candidates; where the regression over all phrasings had to be fitted anew, also those whose outcome
hangs by a thread.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from chatbot import cachefile
from chatbot.building.snapshot import program
from chatbot.deciding import needed, scored
from chatbot.encoders.encoder import Vectors
from chatbot.encoders.vectors import Progress, short
from chatbot.engine import Engine
from chatbot.files import LARGEST, read_bytes
from chatbot.flow import Ranking
from chatbot.knowledge.model import Pack
from chatbot.pipeline import decided, judged
from chatbot.retrieval.ranker import Scored

KIND = "heldout"
NEARBY = 0.01
"""A phrasing that came or went counts for another when it falls short of its candidates by no more than this."""
THREAD = 0.03
"""Scores and probabilities as near to each other as this may change places when the regression is fitted
anew."""
WORTH = 0.05
"""Where more than this share of the phrasings came or went, all are asked."""
DRIFT = 0.05
"""The regressions are fitted anew when the number of phrasings has changed by this share, or when entries
came or went."""
MOST = 0.5
"""Where more than this share would be asked again, all are."""
TOP = 3
"""An entry that changed counts for the phrasings that have it among so many of their best."""
NEIGHBOURS = 0.9
"""Phrasings of other entries that are as like as this are noted."""


class Near(msgspec.Struct, frozen=True, array_like=True):
    """A phrasing of another entry, and how like it is, 0 to 1."""

    label: str
    shown: str
    likeness: float


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """What became of one phrasing. ``got``: the entry that the bot answers from, or None where it does not
    answer.

    ``own``: the score of the phrasing's own entry (0.0 where it is not among the best), ``score``: of the
    entry that came. ``top``: the best entries, whether they may answer or not. ``least``: how near a phrasing
    must be to be among the candidates. ``firm``: see ``_firm``.
    """

    label: str
    shown: str
    got: str | None
    score: float
    own: float
    top: tuple[str, ...]
    least: float
    firm: bool
    near: tuple[Near, ...]


class _Kept(msgspec.Struct, frozen=True):
    """What belongs to all outcomes: what everything depends on, and of each label what it was and its
    phrasings."""

    context: str
    signatures: dict[str, str]
    shown: dict[str, list[str]]
    outcomes: list[Outcome]
    labels: list[str]
    fitted: int
    """How many phrasings the regressions were fitted to."""


@dataclass(frozen=True)
class HeldOut:
    """The outcomes, in the order of the phrasings, how many of them were asked this time, and the labels that
    changed since the last."""

    outcomes: tuple[Outcome, ...]
    asked: int
    changed: frozenset[str]


def hold_out(engine: Engine, cache: Path | None, name: str, progress: Progress | None = None) -> HeldOut:
    """The outcome of every phrasing of the entries; ``name``: of what is checked, under which its outcomes
    are kept in the cache."""
    context, signatures = _context(engine), _signatures(engine)
    file = cache / f"heldout-{short(name)}.bin" if cache else None
    kept, folds = _read(file, context) if file else (None, {})
    fitted = len(engine.local.labels)
    refit = not kept or kept.labels != _labels(engine) or abs(fitted - kept.fitted) > DRIFT * kept.fitted
    if kept and not refit:
        engine.local.regression.folds.update(folds)
        fitted = kept.fitted
    phrasings = sum(len(entry.questions) for entry in engine.knowledge.entries)
    known = {(outcome.label, outcome.shown): outcome for outcome in kept.outcomes} if kept else {}
    before = kept.signatures if kept else {}
    changed = frozenset(
        label for label in signatures.keys() | before.keys() if signatures.get(label) != before.get(label)
    )
    again = _affected(engine, kept, changed, phrasings, refit) if kept else list(range(phrasings))
    out: list[Outcome | None] = [None] * phrasings
    for done, (row, outcome) in enumerate(zip(again, _ask(engine, again), strict=True)):
        out[row] = outcome
        if progress and done % 200 == 0:
            progress(done, len(again))
    shown, labels = engine.local.shown, engine.local.labels
    outcomes = tuple(outcome or known[labels[row], shown[row]] for row, outcome in enumerate(out))
    if file and (again or not kept or kept.signatures != signatures):
        _write(
            file, _Kept(context, signatures, _shown(engine), list(outcomes), _labels(engine), fitted), engine
        )
    return HeldOut(outcomes, len(again), changed)


def same_fact(engine: Engine, one: str, other: str) -> bool:
    """Whether two entries tell the same: one answer has most of the words of the other."""
    mine, its = engine.knowledge.by_id[one].lookup, engine.knowledge.by_id[other].lookup
    if mine and its and mine.measure == its.measure:  # the words choose among them, whichever was matched
        return True
    return one == other or engine.holds(one, other)


def _ask(engine: Engine, rows: Sequence[int]) -> Iterator[Outcome]:
    ranker = engine.local
    for row, (found, least) in zip(rows, ranker.rank_left_out(rows, limit=16), strict=True):
        yield _outcome(engine, ranker.shown[row], ranker.labels[row], found, least)


def _outcome(engine: Engine, shown: str, label: str, found: list[Scored], least: float) -> Outcome:
    reading = engine.reader.read(shown)
    ranked = Ranking(reading, tuple(engine.weigh(reading, found)))
    decision = decided(engine, ranked)
    got = decision.entry_ids[0] if decision.answers else None
    if got and label in decision.entry_ids:
        got = label
    scores = {one.label: one.score for one in ranked.labels}
    likest = [
        (engine.local.likeness(s), s) for s in found if s.label != label and s.label in engine.knowledge.by_id
    ]
    near = tuple(Near(s.label, s.phrasing, round(like, 4)) for like, s in likest if like >= NEIGHBOURS)
    top = tuple(_depended_on(engine, [*(one.label for one in ranked.entries[:TOP]), *decision.entry_ids]))
    own, score = scores.get(label, 0.0), scores.get(got, 0.0) if got else 0.0
    return Outcome(
        label, shown, got, round(score, 3), round(own, 3), top, round(least, 4), _firm(engine, ranked), near
    )


def _depended_on(engine: Engine, labels: Iterable[str]) -> dict[str, None]:
    """Entries, and with a table all tables of its measure: which of them answers is seen from their rows."""
    out: dict[str, None] = {}
    for label in labels:
        table = engine.knowledge.by_id[label].table
        lookup = engine.knowledge.by_id[label].lookup
        out |= dict.fromkeys(
            e.id for e in engine.lookups if e.lookup and lookup and e.lookup.measure == lookup.measure
        )
        out |= dict.fromkeys(
            [label] + [e.id for e in engine.tables if e.table and table and e.table.measure == table.measure]
        )
    return out


def _firm(engine: Engine, ranked: Ranking) -> bool:
    """Whether a little more or less of any score would change nothing."""
    attempt = judged(engine, ranked)
    entries = scored(attempt.kept)
    if not entries:
        return True
    rivals = [one.score for one in (*engine.rivals(entries)[1:2], *ranked.intents[:1])]
    probability = engine.probability(ranked.reading, entries, ranked.intents)
    edge = abs(probability - needed(engine, attempt, attempt.kept[0]))
    return edge > THREAD and all(abs(entries[0].score - other) > THREAD for other in rivals)


# what is asked again


def _affected(engine: Engine, kept: _Kept, changed: frozenset[str], phrasings: int, refit: bool) -> list[int]:
    """The rows to ask: all of them where that is most."""
    if not changed and not refit:
        return []
    ranker = engine.local
    now = _shown(engine)
    texts = sorted(
        {text for label in changed for text in {*kept.shown.get(label, ())} ^ {*now.get(label, ())}}
    )
    if len(texts) > WORTH * phrasings:  # to find out would take longer than to ask
        return list(range(phrasings))
    known = {(outcome.label, outcome.shown): outcome for outcome in kept.outcomes}
    found = [known.get((ranker.labels[row], ranker.shown[row])) for row in range(phrasings)]
    again = np.array(
        [
            outcome is None
            or (refit and not outcome.firm)
            or not changed.isdisjoint((outcome.label, *outcome.top))
            for outcome in found
        ]
    )
    least = np.array([outcome.least if outcome else -1.0 for outcome in found])
    expanded = [engine.reader.expand(text) for text in texts]
    matched = [
        form(text)
        for text in expanded
        for form in (
            (engine.reader.match_text, engine.reader.alike) if engine.data else (engine.reader.match_text,)
        )
    ]
    for text, vector in zip(matched, engine.encode(matched), strict=True):
        again |= ranker.nearness(text, vector)[:phrasings] >= least - NEARBY
        if again.mean() > MOST:
            return list(range(phrasings))
    return [int(row) for row in np.flatnonzero(again)]


def _context(engine: Engine) -> str:
    """What every outcome depends on: the program, the encoder, how words are read, and the calibration."""
    packs = [
        (pack.id, pack.role, pack.own_terms, repr(pack.datasets), _data_files(pack))
        for pack in engine.knowledge.packs
    ]
    told = [
        program(),
        getattr(engine.encoder, "fingerprint", ""),
        engine.knowledge.language,
        packs,
        engine.calibration,
    ]
    return _hash(told)


def _data_files(pack: Pack) -> list[str]:
    """Hashes of the files of a pack's data sets."""
    return [
        hashlib.sha256(read_bytes(file, LARGEST)).hexdigest()
        for one in pack.datasets
        for file in one.files
        if file.is_file()
    ]


def _signatures(engine: Engine) -> dict[str, str]:
    """Of each label, a hash of all that it says; where it stands in a file does not count."""
    told = {entry.id: _hash(dataclasses.replace(entry, place=None)) for entry in engine.knowledge.entries}
    return told | {label: _hash(intent) for label, intent in engine.intents.items()}


def _hash(value: object) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="sorted", enc_hook=str)).hexdigest()[:16]


def _shown(engine: Engine) -> dict[str, list[str]]:
    own = {entry.id: list(entry.questions) for entry in engine.knowledge.entries}
    return own | {label: list(intent.examples) for label, intent in engine.intents.items()}


def _labels(engine: Engine) -> list[str]:
    return list(dict.fromkeys(engine.local.labels))


def _read(file: Path, context: str) -> tuple[_Kept | None, dict[int, Vectors]]:
    found = cachefile.read(file, KIND)
    if found is None:
        return None, {}
    try:
        kept = msgspec.msgpack.decode(found[1]["kept"].data, type=_Kept)
        folds = {
            int(name.removeprefix("fold-")): array
            for name, array in found[1].items()
            if name.startswith("fold-")
        }
    except (KeyError, ValueError, msgspec.MsgspecError):
        return None, {}
    return (kept, folds) if kept.context == context else (None, {})


def _write(file: Path, kept: _Kept, engine: Engine) -> None:
    raw = np.frombuffer(msgspec.msgpack.encode(kept), np.uint8)
    folds = {f"fold-{fold}": weights for fold, weights in engine.local.regression.folds.items()}
    cachefile.write(file, KIND, b"", {"kept": raw, **folds})
