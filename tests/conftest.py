"""What every test shares: user folders of the test run's own, and one bot with the real encoder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from layering import layer

if TYPE_CHECKING:
    from official import Published
    from postgres import Server
    from staging import StillEngine

    from chatbot import CompiledEncoder
    from chatbot.authoring.exchange.importing import Imported
    from chatbot.knowledge.schema import EntrySpec
    from chatbot.library import Library

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 420
"""Seconds that a process may take on a busy machine; pytest's own limit of a test is 480."""
FIRST = ("test_compiled.py", "test_cache.py", "test_check.py", "test_wheel.py")
"""Files that take long: the first compiles the encoder, which all need, and no worker is left with one of
them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of ``FIRST`` first."""
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that the whole run shares, all of its workers where pytest-xdist runs several.

    ``CHATBOT_TEST_CACHE`` names one that is kept from run to run, so that the encoder is not compiled each
    time.
    """
    if kept := os.environ.get("CHATBOT_TEST_CACHE"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        return Path(kept)
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def in_turn(cache: Path) -> FileLock:
    """Held while something large is made for the cache, so that no two workers make it: the second finds it
    there."""
    return FileLock(cache.with_name("cache.lock"))


@pytest.fixture(scope="session")
def compiled(cache: Path, in_turn: FileLock) -> CompiledEncoder:
    """The real encoder, compiled once for the whole run."""
    from chatbot import CompiledEncoder

    encoder = CompiledEncoder(cache=cache)
    with in_turn:
        assert encoder.kind == "int8"
    return encoder


@pytest.fixture(scope="session", autouse=True)
def no_user_folders(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing touches a user's folders, fixtures of a module or of the run included."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("CHATBOT_CACHE", str(cache))
        patch.setenv("CHATBOT_STATE", str(tmp_path_factory.mktemp("state")))
        for name in (
            "NO_COLOR",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "CHATBOT_CONFIG",
            "CHATBOT_DATA",
        ):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a home and a state folder of its own."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHATBOT_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def bot(compiled: CompiledEncoder, cache: Path, in_turn: FileLock) -> Iterator:
    """The shipped knowledge with the real encoder; ``compiled`` is asked for so that no worker waits for more
    than it needs."""
    from chatbot import CareerBot

    with in_turn:
        made = CareerBot(cache=cache)
    with made:
        yield made


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped knowledge as rules look at it, without an encoder."""
    from chatbot.building.knowledge import load_knowledge
    from chatbot.building.prepare import make_library
    from chatbot.intents.load import load_intents
    from chatbot.paths import shipped

    knowledge = load_knowledge([shipped("knowledge")])
    return make_library(
        knowledge, load_intents([shipped("intents")], packs=[pack.id for pack in knowledge.packs])
    )


@pytest.fixture(scope="session")
def still(library: Library) -> StillEngine:
    """The same as an engine that ranks nothing and needs no encoder."""
    from staging import StillEngine

    return StillEngine(library)


@pytest.fixture(scope="session")
def engineer_bot(compiled: CompiledEncoder, cache: Path, in_turn: FileLock) -> Iterator:
    """The pack on machine learning engineers alone."""
    from chatbot import CareerBot

    with in_turn:
        made = CareerBot(packs=["machine-learning-engineer"], cache=cache)
    with made:
        yield made


@pytest.fixture(scope="session")
def layered(bot, cache: Path, in_turn: FileLock):
    """The shipped knowledge with two folders upon it: one adds the entry ``baking/start``, in the other
    ``own/degree`` replaces a shipped one."""
    from chatbot import SHIPPED, CareerBot

    upon = cache.with_name("layers")
    with in_turn:
        if not upon.exists():
            write_baking(upon / "baking")
            layer(upon / "my")
        return CareerBot([SHIPPED, upon / "baking", upon / "my"], encoder=bot.engine.encoder, cache=cache)


@pytest.fixture(scope="session")
def published() -> Published:
    """The published official figures by place and code."""
    from official import rows

    return rows()


@pytest.fixture
def run(bot, tmp_path: Path):
    """Run ``chatbot`` as a process of its own, from another folder; ``bot`` is asked for so that the cache is
    warm."""

    def call(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "chatbot", *arguments],
            input=stdin, capture_output=True, cwd=tmp_path, env=os.environ | environment, timeout=PATIENCE, check=False,
        )  # fmt: skip

    return call


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server that runs; whoever stops it starts one of its own."""
    from postgres import running

    with running() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge folder with one pack of one entry, to be broken by the test."""
    return write_baking(tmp_path / "knowledge")


def write_baking(knowledge: Path) -> Path:
    """The pack ``baking`` of the one entry ``baking/start``."""
    (knowledge / "baking").mkdir(parents=True)
    (knowledge / "sources.yaml").write_text("sources:\n  - id: loaf\n    title: The loaf\n", encoding="utf-8")
    (knowledge / "baking" / "pack.yaml").write_text(
        "id: baking\ntitle: Baker\nabout: being a baker\nrole: [baker]\n", encoding="utf-8"
    )
    (knowledge / "baking" / "day.yaml").write_text(ENTRY, encoding="utf-8")
    return knowledge


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Imported]:
    """Write a file, import it, and load what came of it."""

    from chatbot.authoring.exchange.importing import import_file
    from chatbot.building.knowledge import load_knowledge

    def call(content: str | bytes, name: str = "bakers.csv", **options: object) -> Imported:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        told = {"pack": None, "form": None, "source": None, "force": False} | options
        done = import_file(file, tmp_path / "in", **told)  # type: ignore[arg-type]
        load_knowledge([tmp_path / "in"])
        return done

    return call


@pytest.fixture
def entries(tmp_path: Path) -> Callable[..., list[EntrySpec]]:
    """The entries of a pack that was imported, in the order of its files."""

    from chatbot.authoring.exchange.records import read_whole

    def call(pack: str = "bakers") -> list[EntrySpec]:
        return [spec for part in read_whole([tmp_path / "in"], pack).topics for spec in part.spec.entries]

    return call


ENTRY = """topic: day
title: Day
entries:
  - id: start
    question: When does a baker start work?
    answer: Very early, before sunrise.
    citations:
      - source: loaf
        section: Mornings
    phrasings:
      - baker start time
      - how early do bakers get up
      - what time does the bakery day begin
"""
