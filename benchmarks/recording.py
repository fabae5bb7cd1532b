"""A recording of replies, kept in tests/recorded, and whether the program still replies the same.

    python benchmarks/recording.py record [--out tests/recorded] [--gather] [--choose]
    python benchmarks/recording.py compare [--sample] [--show N] [--config NAME] [--recorded tests/recorded]

About 4,400 questions asked alone and 350 dialogues (recorded_questions.py gathered them) are asked in three configurations: ``ml`` is the
pack on machine learning engineers, ``all`` all shipped packs, ``onet`` these and a small release of O*NET. Kept are the kind of a reply,
its entries, its confidence and a short hash each of text, citations, suggestions and chart; whole replies lie beside it in full/, which
git ignores. All is asked on one fixed day. A reply is the same where all of that is, and the confidence is within 0.02. Differences that
are meant stand in changes.yaml: ``question`` (or ``dialogue`` and ``turn``, as compare prints them), ``what`` (parts, such as "text,
citations"), ``why``, and ``config`` where it is one alone. Exit status 1 with any other. ``record`` asks again what was recorded;
--gather gathers questions anew. The program is the one that Python finds first: PYTHONPATH=/other/checkout asks another.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import importlib
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from recorded_changes import CONFIGS, HASHED, PARTS, Changes

if TYPE_CHECKING:
    from chatbot import CareerBot, Reply

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT / "tests" / "recorded"
DAY = datetime.date(2026, 11, 30)
NEAR = 0.02
"""By how much the confidence of the same reply may differ."""
EDGES, MARGIN = (0.3, 0.5, 0.7), 0.04
"""Confidences at which another reply may be given ("which do you mean?" is as sure as the answer is not); the
sample keeps away.
"""
SAMPLE = {"questions": 75, "dialogues": 18}
"""How many of each are in the sample of a configuration."""

OTHERWISE = 0.06
"""How far a question's vector of length 1 is moved to see what stands: another processor rounds otherwise, and moves it by
up to 0.04 (int8 products of onnxruntime 1.31 on one with and one without them, 300 questions).
"""

Kept = dict[str, Any]


class Wavering:
    """The encoder of another processor: the vectors of the default one, each moved a little, the same text always the same
    way."""

    def __init__(self) -> None:
        from chatbot import CompiledEncoder
        from chatbot.paths import cache_dir

        self._own = CompiledEncoder(cache=cache_dir())

    @property
    def fingerprint(self) -> str:
        """The default one's, so that what is prepared for that is taken."""
        return self._own.fingerprint

    def encode(self, texts: Sequence[str]) -> Any:
        """Vectors of length 1, float32 (n, d)."""
        import numpy as np

        vectors = self._own.encode(texts)
        seeds = (
            int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") for text in texts
        )
        away = np.stack([np.random.default_rng(seed).standard_normal(vectors.shape[1]) for seed in seeds])
        moved = vectors + OTHERWISE * away / np.linalg.norm(away, axis=1, keepdims=True)
        return (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)


@dataclass(frozen=True)
class Asked:
    """One question of the recording: asked alone, or the turn of a dialogue."""

    text: str
    number: int
    turn: int | None = None
    before: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.turn is None:
            return f"question {self.number}: {self.text[:300]!r}"
        return f"dialogue {self.number} turn {self.turn}: {' / '.join((*self.before, self.text))!r}"


@dataclass(frozen=True)
class Difference:
    """A reply that is not the recorded one: which parts differ, and both replies (the old one's texts only
    where they are there)."""

    config: str
    asked: Asked
    parts: tuple[str, ...]
    old: Kept
    new: Kept

    def __str__(self) -> str:
        lines = [f"[{self.config}] {self.asked}", f"    differs: {', '.join(self.parts)}"]
        for part in self.parts:
            lines += [
                f"    {name} {part}: {_shown(reply[part])}"
                for name, reply in (("old", self.old), ("new", self.new))
            ]
        if "text" not in self.parts:
            lines.append(f"    text of both: {_shown(self.new['text'])}")
        return "\n".join(lines)


def _shown(value: Any) -> str:
    return (
        value.replace("\n", "\n        ") if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    )


# bots


@contextmanager
def fixed_clock(bot: CareerBot) -> Iterator[CareerBot]:
    """Give the bot ``DAY`` as today: by its own ``today`` where it has one, and in the modules that ask the
    calendar themselves."""

    class Day(datetime.date):
        @classmethod
        def today(cls) -> datetime.date:
            return DAY

    stand_in = SimpleNamespace(date=Day)
    changed: list[tuple[Any, str, Any]] = []
    for name in ("chatbot.decide", "chatbot.looking"):
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        if hasattr(module, "datetime"):
            changed.append((module, "datetime", stand_in))
    if hasattr(bot, "today"):
        changed.append((bot, "today", lambda: DAY))
    if not changed:
        raise RuntimeError("no clock to set: the bot has no attribute today")
    before = [(of, name, getattr(of, name)) for of, name, _ in changed]
    try:
        for of, name, value in changed:
            setattr(of, name, value)
        yield bot
    finally:
        for of, name, value in before:
            setattr(of, name, value)


@contextmanager
def opened(config: str, folder: Path = ROOT / "build" / "recording", **options: Any) -> Iterator[CareerBot]:
    """The bot of a configuration, on the fixed day; what is imported for it goes to ``folder``, and
    ``options`` to ``CareerBot``."""
    from chatbot import SHIPPED, CareerBot

    if config == "ml":
        made = CareerBot(packs=["machine-learning-engineer"], **options)
    elif config == "all":
        made = CareerBot(**options)
    else:
        import_onet(folder)
        made = CareerBot([SHIPPED, folder], **options)
    with made as bot, fixed_clock(bot):
        yield bot


def import_onet(into: Path) -> None:
    """Import the tests' small release of O*NET, with two occupations more; a folder that holds just that
    stays, as what is cached goes by it."""
    sys.path.insert(0, str(ROOT / "tests"))
    try:
        from onetrelease import BAKER, RELEASE
    finally:
        sys.path.remove(str(ROOT / "tests"))
    from chatbot.authoring.exchange import onet

    nurse, purchaser = "29-1141.00", "13-1023.00"
    more = {
        "Occupation Data": f"{nurse}|Registered Nurses|Care for patients.\n"
        f"{purchaser}|Purchasing Agents, Except Wholesale, Retail, and Farm Products|Buy things.\n",
        "Alternate Titles": f"{nurse}|Bedside Zebra Nurse|n/a|08\n{nurse}|Ward Hand|n/a|08\n{BAKER}|Ward Hand|n/a|08\n"
        f"{purchaser}|Widget Purchaser|n/a|08\n{BAKER}|Plumber|n/a|08\n",
        "Task Statements": f"{nurse}|1|Monitor patients.|Core|n/a|08/2023|x\n{nurse}|2|Give medicine.|Core|n/a|08/2023|x\n",
        "Related Occupations": f"{nurse}|{BAKER}|Primary-Short|1\n",
    }
    with tempfile.TemporaryDirectory(prefix="chatbot-recording-") as temporary:
        db, made = Path(temporary) / "release", Path(temporary) / "knowledge"
        db.mkdir()
        for name, text in RELEASE.items():
            (db / f"{name}.txt").write_text((text + more.get(name, "")).replace("|", "\t"), encoding="utf-8")
        onet.import_onet(db, made)
        one, other = (
            {file.relative_to(of): file.read_bytes() for file in of.rglob("*") if file.is_file()}
            for of in (made, into)
        )
        if one != other:
            shutil.rmtree(into, ignore_errors=True)
            shutil.copytree(made, into)


# replies


def kept(reply: Reply) -> Kept:
    """What a reply is compared by, in full."""
    told = reply.to_dict()
    return {"kind": told["kind"], "ids": told["entry_ids"], "confidence": told["confidence"]} | {
        part: told[part] for part in HASHED
    }


def short(value: Any) -> str:
    """A hash of ten digits; nothing for nothing."""
    return (
        hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=5).hexdigest()
        if value
        else ""
    )


def row(full: Kept) -> list[Any]:
    """A reply as it is committed."""
    return [full["kind"], full["ids"], full["confidence"], *(short(full[part]) for part in HASHED)]


def differing(old: Sequence[Any], new: Kept) -> tuple[str, ...]:
    """The parts in which a new reply is not the recorded one."""
    now = dict(zip(("kind", "ids", "confidence", *HASHED), row(new), strict=True))
    was = dict(zip(now, old, strict=True))
    return tuple(
        part
        for part in PARTS
        if (abs(was[part] - now[part]) > NEAR + 1e-9 if part == "confidence" else was[part] != now[part])
    )


class Recording:
    """What is asked and what was replied, as it lies in a folder."""

    def __init__(self, folder: Path = RECORDED) -> None:
        self.folder = folder
        self.questions: list[str] = [text for _, text in read(folder / "questions.jsonl")]
        self.dialogues: list[list[str]] = [turns for _, turns in read(folder / "dialogues.jsonl")]
        self.sample: dict[str, dict[str, list[int]]] = {}
        if (folder / "sample.json").exists():
            self.sample = json.loads((folder / "sample.json").read_text(encoding="utf-8"))

    def chosen(self, config: str, sample: bool) -> tuple[list[int], list[int]]:
        """The numbers of the questions and dialogues that are asked."""
        if sample:
            return self.sample[config]["questions"], self.sample[config]["dialogues"]
        return list(range(len(self.questions))), list(range(len(self.dialogues)))

    def asked(self, questions: Iterable[int], dialogues: Iterable[int]) -> list[Asked]:
        """All that is asked, in turn."""
        out = [Asked(self.questions[i], i) for i in questions]
        for i in dialogues:
            turns = self.dialogues[i]
            out += [Asked(text, i, turn, tuple(turns[:turn])) for turn, text in enumerate(turns)]
        return out

    def replies(self, bot: CareerBot, questions: Sequence[int], dialogues: Sequence[int]) -> list[Kept]:
        """The replies to them now."""
        out = [kept(reply) for reply in bot.ask_many([self.questions[i] for i in questions])]
        for i in dialogues:
            conversation = bot.conversation()
            out += [kept(conversation.ask(text)) for text in self.dialogues[i]]
        return out

    def differences(self, bot: CareerBot, config: str, sample: bool = False) -> tuple[list[Difference], int]:
        """What is not as recorded, and how many replies were compared."""
        chosen = self.chosen(config, sample)
        rows, full = read(self.folder / f"{config}.jsonl"), self.folder / "full" / f"{config}.jsonl"
        texts = read(full) if full.exists() else []
        at = {(one.number, one.turn): i for i, one in enumerate(self.asked(*self.chosen(config, False)))}
        out = []
        asked = self.asked(*chosen)
        for one, new in zip(asked, self.replies(bot, *chosen), strict=True):
            place = at[one.number, one.turn]
            old = rows[place]
            if parts := differing(old, new):
                there = len(texts) == len(rows) and row(texts[place]) == old
                was = (
                    texts[place]
                    if there
                    else dict(zip(("kind", "ids", "confidence", *HASHED), old, strict=True))
                )
                out.append(Difference(config, one, parts, was, new))
        return out, len(asked)


def read(file: Path) -> list[Any]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def write(file: Path, rows: Iterable[Any]) -> None:
    """A JSONL file, as short as can be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(one, separators=(",", ":")) + "\n" for one in rows), encoding="utf-8")


# the commands


def record(options: argparse.Namespace) -> None:
    """Ask everything, and write what is kept."""
    out: Path = options.out
    source = (
        RECORDED
        if (RECORDED / "questions.jsonl").exists() and not (out / "questions.jsonl").exists()
        else out
    )
    if options.gather or not (source / "questions.jsonl").exists():
        from recorded_questions import gathered

        questions, dialogues = gathered()
        write(out / "questions.jsonl", questions)
        write(out / "dialogues.jsonl", dialogues)
    elif source != out:
        for name in ("questions.jsonl", "dialogues.jsonl"):
            write(out / name, read(source / name))
    recording = Recording(out)
    everything = recording.chosen("", False)
    for config in CONFIGS:
        started = time.perf_counter()
        with opened(config) as bot:
            replies = recording.replies(bot, *everything)
            write(out / f"{config}.jsonl", map(row, replies))
            write(out / "full" / f"{config}.jsonl", replies)
            if options.gather or options.choose or config not in recording.sample:
                recording.sample[config] = choose(recording, bot, config, replies)
        kinds = Counter(reply["kind"] for reply in replies)
        told = ", ".join(f"{n:,} {kind}" for kind, n in kinds.most_common())
        print(
            f"{config}: {len(replies):,} replies ({told}), {time.perf_counter() - started:.0f} s", flush=True
        )
    (out / "sample.json").write_text(
        json.dumps(recording.sample, separators=(",", ":")) + "\n", encoding="utf-8"
    )


def choose(
    recording: Recording, bot: CareerBot, config: str, replies: Sequence[Kept]
) -> dict[str, list[int]]:
    """The sample of a configuration: drawn by a hash, nothing near an edge, and nothing that differs where
    few are asked together, or the vectors are a little others."""
    asked = recording.asked(*recording.chosen(config, False))
    safe = {True: set(range(len(recording.questions))), False: set(range(len(recording.dialogues)))}
    for one, reply in zip(asked, replies, strict=True):
        if any(abs(reply["confidence"] - edge) <= MARGIN for edge in EDGES):
            safe[one.turn is None].discard(one.number)
    place = {(one.number, one.turn): i for i, one in enumerate(asked)}
    order = sorted(safe[True], key=lambda i: short([config, recording.questions[i]]))[
        : 4 * SAMPLE["questions"]
    ]
    talks = sorted(safe[False], key=lambda i: short([config, recording.dialogues[i]]))[
        : 6 * SAMPLE["dialogues"]
    ]
    with opened(config, encoder=Wavering()) as other:
        for each in (bot, other):
            again = recording.replies(each, order, talks)
            moved = {
                (one.turn is None, one.number)
                for one, reply in zip(recording.asked(order, talks), again, strict=True)
                if differing(row(replies[place[one.number, one.turn]]), reply)
            }
            order = [i for i in order if (True, i) not in moved]
            talks = [i for i in talks if (False, i) not in moved]
    steady = order
    return {
        "questions": sorted(steady[: SAMPLE["questions"]]),
        "dialogues": sorted(talks[: SAMPLE["dialogues"]]),
    }


def compare(options: argparse.Namespace) -> bool:
    """Ask again; print what differs; whether everything that differs is meant to."""
    recording, changes = Recording(options.recorded), Changes(options.recorded / "changes.yaml")
    configs = [options.config] if options.config else list(CONFIGS)
    meant: list[Difference] = []
    others: list[Difference] = []
    asked: set[Asked] = set()
    replies = 0
    for config in configs:
        started = time.perf_counter()
        with opened(config) as bot:
            found, count = recording.differences(bot, config, options.sample)
        for one in found:
            (meant if changes.mean(one) else others).append(one)
        replies += count
        asked.update(recording.asked(*recording.chosen(config, options.sample)))
        print(
            f"{config}: {count:,} replies, {len(found)} differ, {time.perf_counter() - started:.0f} s",
            file=sys.stderr,
        )
    for one in others[: options.show]:
        print(f"{one}\n")
    if len(others) > len(others[: options.show]):
        print(f"... and {len(others) - options.show} more\n")
    for one in changes.gone(configs, asked):
        print(f"listed in changes.yaml, but does not differ any more: {one}")
    by = Counter(part for one in others for part in one.parts)
    print(f"{replies:,} replies compared: {len(others)} differ, {len(meant)} more as listed in changes.yaml")
    for name, counted in (
        ("by part", by),
        ("by parts together", Counter(", ".join(one.parts) for one in others)),
    ):
        if counted:
            print(f"  {name}: " + "; ".join(f"{what} {n}" for what, n in counted.most_common()))
    return not others


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("record", help="ask everything and keep the replies")
    one.add_argument("--out", type=Path, default=RECORDED, metavar="FOLDER")
    one.add_argument(
        "--gather", action="store_true", help="gather the questions anew, and choose the sample anew"
    )
    one.add_argument("--choose", action="store_true", help="choose the sample anew")
    two = commands.add_parser("compare", help="ask again and print what differs")
    two.add_argument("--recorded", type=Path, default=RECORDED, metavar="FOLDER")
    two.add_argument("--sample", action="store_true", help="the sample alone")
    two.add_argument("--show", type=int, metavar="N", help="print that many differences (default: all)")
    two.add_argument("--config", choices=CONFIGS, help="that configuration alone")
    options = parser.parse_args()
    import chatbot

    print(f"asking {Path(chatbot.__file__).parent}", file=sys.stderr)
    if options.command == "record":
        record(options)
    elif not compare(options):
        sys.exit(1)


if __name__ == "__main__":
    main()
