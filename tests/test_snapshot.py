"""What was prepared is kept: used when nothing has changed, made again when anything has, and never trusted
when it is damaged."""

from __future__ import annotations

import dataclasses
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from chatbot import CareerBot, ChatbotError, KnowledgeError, cachefile
from chatbot.building import snapshot

NEW = """  - id: sleep
    question: Do bakers sleep in the afternoon?
    answer: Many do, for an hour.
    citations:
      - source: loaf
        section: Naps
"""


class Letters:
    """An encoder that counts letters, and what it is asked."""

    fingerprint = "letters" * 8

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts):
        self.seen += texts
        counts = np.array(
            [[text.lower().count(c) + 0.01 for c in "abcdefghijklmnopqrstuvwxyz"] for text in texts],
            np.float32,
        )
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


@pytest.fixture
def intents(tmp_path: Path) -> Path:
    (tmp_path / "intents").mkdir()
    return tmp_path / "intents"


@pytest.fixture
def start(folder: Path, intents: Path, tmp_path: Path) -> Callable[..., CareerBot]:
    def call(encoder: object = None, **options: object) -> CareerBot:
        return CareerBot(folder, intents, encoder=encoder or Letters(), cache=tmp_path / "kept", **options)

    return call


@pytest.fixture
def no_reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Once called, reading YAML fails."""

    def forbid() -> None:
        def fail(*_: object) -> None:
            raise AssertionError("YAML was read")

        monkeypatch.setattr("chatbot.knowledge.yamlfile.read", fail)
        monkeypatch.setattr("chatbot.knowledge.convert.read", fail)
        monkeypatch.setattr("chatbot.building.prepare.NgramIndex", fail)

    return forbid


def kept(tmp_path: Path) -> Path:
    (file,) = (tmp_path / "kept").glob("knowledge-*.bin")
    return file


def settle(folder: Path) -> None:
    """Files as old as an author's usually are."""
    for file in folder.rglob("*.yaml"):
        os.utime(file, (1_700_000_000, 1_700_000_000))


def replies(bot: CareerBot) -> list[dict]:
    """As people see them; the confidence may differ in its seventh place, with where in memory the vectors
    are."""
    return [
        bot.ask(question).to_dict() | {"confidence": 0}
        for question in ("when do bakers start?", "baker strat time", "what is the moon made of?", "")
    ]


def test_a_second_start_reads_no_yaml_and_answers_the_same(start, folder: Path, no_reading) -> None:
    settle(folder)
    first = start()
    no_reading()
    again = start(encoder := Letters())
    assert encoder.seen == []
    assert replies(again) == replies(first)
    assert again.knowledge == first.knowledge
    assert [entry.place for entry in again.knowledge.entries] == [
        entry.place for entry in first.knowledge.entries
    ]


def test_the_shipped_knowledge_comes_back_whole(bot: CareerBot, cache: Path, no_reading) -> None:
    no_reading()
    again = CareerBot(cache=cache)
    assert again.knowledge == bot.knowledge
    assert again.engine.intents == bot.engine.intents
    assert again.engine.mentions == bot.engine.mentions
    assert np.array_equal(again.engine.ranker.vectors, bot.engine.ranker.vectors)
    question = "how much do ml enginers make in germany, and is it stressful?"
    mine, theirs = again.ask(question), bot.ask(question)
    assert mine.confidence == pytest.approx(theirs.confidence, abs=1e-5)
    assert dataclasses.replace(mine, confidence=0.0) == dataclasses.replace(theirs, confidence=0.0)


def test_a_change_is_noticed_and_only_what_is_new_is_encoded(start, folder: Path) -> None:
    settle(folder)
    start()
    topic = folder / "baking" / "day.yaml"
    topic.write_text(topic.read_text("utf-8") + NEW, encoding="utf-8")
    changed = start(encoder := Letters())
    assert encoder.seen == ["Do bakers sleep in the afternoon?"]
    assert changed.ask("do bakers sleep in the afternoon").entry_id == "baking/sleep"
    assert changed.engine.mentions.keys() == {"baking/start", "baking/sleep"}


def test_what_is_taken_over_is_what_would_be_made(start, folder: Path, intents: Path, tmp_path: Path) -> None:
    start()
    topic = folder / "baking" / "day.yaml"
    topic.write_text(topic.read_text("utf-8").replace("Very early", "At 4 AM") + NEW, encoding="utf-8")
    changed, fresh = start(), CareerBot(folder, intents, encoder=Letters(), cache=None)
    assert changed.engine.mentions == fresh.engine.mentions
    assert changed.engine.coverage == fresh.engine.coverage
    assert changed.engine.ranker.texts == fresh.engine.ranker.texts
    assert replies(changed) == replies(fresh)


@pytest.mark.parametrize(
    "edit",
    [
        lambda folder: (folder / "language.yaml").write_text(
            "abbreviations:\n  BK: baker\n", encoding="utf-8"
        ),
        lambda folder: (folder / "baking" / "day.yaml").unlink(),
        lambda folder: (folder / "baking" / "more.yaml").write_text(
            "topic: more\ntitle: More\nentries:\n" + NEW, encoding="utf-8"
        ),
        lambda folder: (folder / "sources.yaml").write_text(
            "sources:\n  - id: loaf\n    title: The bread\n", encoding="utf-8"
        ),
    ],
    ids=["words", "a file less", "a file more", "a source's title"],
)
def test_every_file_counts(start, folder: Path, intents: Path, edit) -> None:
    settle(folder)
    start()
    edit(folder)
    if len(list((folder / "baking").glob("*.yaml"))) == 1:
        (folder / "baking" / "other.yaml").write_text(
            "topic: more\ntitle: More\nentries:\n" + NEW, encoding="utf-8"
        )
    fresh = CareerBot(folder, intents, encoder=Letters(), cache=None)
    assert start().knowledge == fresh.knowledge
    assert start().knowledge == fresh.knowledge


def test_an_edit_in_the_same_moment_with_the_same_length_is_noticed(start, folder: Path) -> None:
    topic = folder / "baking" / "day.yaml"
    before = topic.stat()
    start()
    topic.write_text(topic.read_text("utf-8").replace("before sunrise", "around sunset"), encoding="utf-8")
    os.utime(topic, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "sunset" in start().ask("when does a baker start work?").text


def test_touching_a_file_changes_nothing(start, folder: Path, no_reading) -> None:
    start()
    for file in folder.rglob("*.yaml"):
        os.utime(file, (1_600_000_000, 1_600_000_000))
    no_reading()
    start()


def test_a_broken_edit_is_named_and_the_kept_file_stays_good(start, folder: Path, tmp_path: Path) -> None:
    start()
    topic, raw = folder / "baking" / "day.yaml", kept(tmp_path).read_bytes()
    good = topic.read_text("utf-8")
    topic.write_text(good.replace("answer:", "anser:"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="anser"):
        start()
    assert kept(tmp_path).read_bytes() == raw
    topic.write_text(good, encoding="utf-8")
    assert start().ask("when does a baker start work?").kind == "answer"


@pytest.mark.parametrize("place", [0, 20, 40, 0.02, 0.3, 0.6, 0.9, -1])
def test_a_flipped_bit_anywhere_is_noticed(
    start, tmp_path: Path, place: float, caplog: pytest.LogCaptureFixture
) -> None:
    expected = replies(start())
    raw = bytearray(kept(tmp_path).read_bytes())
    at = int(place * len(raw)) if isinstance(place, float) else place
    while raw[at] == 0 and at < len(raw) - 1 and isinstance(place, float):
        at += 1  # not in the gap between two parts, which nobody reads
    raw[at] ^= 0x10
    kept(tmp_path).write_bytes(raw)
    with caplog.at_level(logging.WARNING):
        assert replies(start()) == expected
    assert "made anew" in caplog.text
    caplog.clear()
    start()
    assert not caplog.text


@pytest.mark.parametrize("raw", [b"", b"x", b"chatbot-cache-2\n", b"something foreign " * 500])
def test_a_foreign_file_is_made_anew(
    start, tmp_path: Path, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    expected = replies(start())
    kept(tmp_path).write_bytes(raw)
    assert replies(start()) == expected
    assert caplog.text.count("\n") == caplog.text.count("made anew") == 1


def test_another_program_or_encoder_does_not_use_it(
    start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start()
    monkeypatch.setattr(snapshot, "program", lambda: "another version")
    before = kept(tmp_path).read_bytes()
    start()
    assert kept(tmp_path).read_bytes() != before
    monkeypatch.setattr(Letters, "fingerprint", "other" * 8)
    start(encoder := Letters())
    assert encoder.seen
    assert len(list((tmp_path / "kept").glob("knowledge-*.bin"))) == 2


def test_packs_and_folders_are_kept_apart(start, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "baking", folder / "butchery")
    pack = folder / "butchery" / "pack.yaml"
    pack.write_text(pack.read_text("utf-8").replace("baking", "butchery"), encoding="utf-8")
    assert [pack.id for pack in start(packs=["baking"]).knowledge.packs] == ["baking"]
    assert [pack.id for pack in start(packs=["butchery"]).knowledge.packs] == ["butchery"]
    assert [pack.id for pack in start(packs=["baking"]).knowledge.packs] == ["baking"]
    assert len(start().knowledge.packs) == 2


def test_no_cache_keeps_nothing(folder: Path, intents: Path, tmp_path: Path) -> None:
    CareerBot(folder, intents, encoder=Letters(), cache=None)
    assert {file.name for file in tmp_path.iterdir()} == {"knowledge", "intents"}


def test_one_warning_where_nothing_can_be_written(
    folder: Path, intents: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    bot = CareerBot(folder, intents, encoder=Letters(), cache=tmp_path / "file" / "kept")
    assert bot.ask("when does a baker start work?").kind == "answer"
    assert caplog.text.count("every start prepares all anew") == 1


def test_the_folder_stays_within_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_CACHE_MB", "1")
    mine = {"notes.txt", "model-notes.txt", "knowledge-base.bin", "vectors-of-mine.bin"}
    for name in mine:
        (tmp_path / name).write_bytes(b"mine" * 100_000)
    written = [tmp_path / f"vectors-{i:016x}.bin" for i in range(6)]
    for i, file in enumerate(written):
        cachefile.write(file, "vectors", b"", {"x": np.zeros(75_000, np.float32)})
        os.utime(file, (1_700_000_000 + i, 1_700_000_000 + i))
    assert {file.name for file in tmp_path.iterdir()} == mine | {file.name for file in written[3:]}
    monkeypatch.setenv("CHATBOT_CACHE_MB", "lots")
    with pytest.raises(ChatbotError, match="CHATBOT_CACHE_MB is 'lots'"):
        cachefile.limit()


def test_half_written_files_of_a_killed_process_go(tmp_path: Path) -> None:
    old, new = (tmp_path / f"vectors-0123456789abcdef{name}.tmp" for name in ("k3_x1", "zz9qa"))
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    cachefile.write(tmp_path / "vectors-x.bin", "vectors", b"", {})
    assert not old.exists()
    assert new.exists()


def test_what_is_read_cannot_be_written_to(tmp_path: Path) -> None:
    cachefile.write(
        tmp_path / "vectors-x.bin",
        "vectors",
        b"about",
        {"x": np.arange(6, dtype=np.float32).reshape(2, 3), "none": np.zeros(0)},
    )
    about, arrays = cachefile.read(tmp_path / "vectors-x.bin", "vectors") or (b"", {})
    assert about == b"about"
    assert arrays["x"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert arrays["none"].shape == (0,)
    with pytest.raises(ValueError, match="read-only"):
        arrays["x"][0, 0] = 1
    assert cachefile.read(tmp_path / "vectors-x.bin", "knowledge") is None


def test_the_command_shows_and_clears(run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    name = "vectors-0123456789abcdef.bin"
    cachefile.write(own / name, "vectors", b"", {"x": np.zeros(300_000, np.float32)})
    (own / "notes.txt").write_text("mine", encoding="utf-8")
    shown = run("cache", CHATBOT_CACHE=str(own)).stdout.decode()
    assert f"vectors of phrasings: {name}" in shown
    assert "1.2 MB in 1 files" in shown
    assert b'"bytes": 1200' in run("cache", "--json", CHATBOT_CACHE=str(own)).stdout
    assert b"removed" in run("cache", "--clear", CHATBOT_CACHE=str(own)).stdout
    assert [file.name for file in own.iterdir()] == ["notes.txt"]
    assert b"nothing is kept" in run("cache", CHATBOT_CACHE=str(own)).stdout
