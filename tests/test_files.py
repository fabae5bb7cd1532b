"""Files are read within bounds, folders that can't be listed are told, and who writes at the same time loses
nothing."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import ENTRY
from exchanging import PLAIN, chatbot

from chatbot import ChatbotError
from chatbot.authoring.exchange.importing import import_file
from chatbot.building.knowledge import load_files, load_knowledge
from chatbot.building.snapshot import Asked, _stamp
from chatbot.cli.config import read_config
from chatbot.files import UnfitError, one_writer, read_bytes
from chatbot.knowledge.yamlfile import yaml_files
from chatbot.language.normalise import MAX_CHARS

linux = pytest.mark.skipif(sys.platform != "linux", reason="devices and locks as Linux has them")


def test_a_file_is_read_up_to_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 100)
    assert read_bytes(file, 100) == b"x" * 100
    with pytest.raises(UnfitError, match="100 bytes; at most 99 are read"):
        read_bytes(file, 99)


@linux
@pytest.mark.parametrize("kind", ["pipe", "folder", "/dev/zero", "/dev/tty"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "x"
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    with pytest.raises(UnfitError, match="not a file"):
        read_bytes(Path(kind) if kind.startswith("/") else place, 10)


@linux
def test_a_configuration_is_a_file_of_some_size(tmp_path: Path) -> None:
    with pytest.raises(ChatbotError, match=r"/dev/zero: the configuration can't be read \(not a file\)"):
        read_config(Path("/dev/zero"))
    with (tmp_path / "c.toml").open("wb") as stream:
        stream.truncate(3_000_000_000)
    with pytest.raises(ChatbotError, match="at most 1,000,000 are read"):
        read_config(tmp_path / "c.toml")


@linux
def test_the_size_of_a_file_is_looked_at_before_it_is_hashed(folder: Path) -> None:
    large = folder / "baking" / "large.yaml"
    with large.open("wb") as stream:
        stream.truncate(3_000_000_000)
    begun = time.monotonic()
    stamps = [_stamp(file) for file in Asked((folder,), (), None).files()]
    assert max(stamp.size for stamp in stamps) == 3_000_000_000
    findings = load_files([folder]).findings
    assert [(finding.file.name, finding.rule) for finding in findings] == [("large.yaml", "too-large")]
    assert time.monotonic() - begun < 2.0  # to read it takes longer than 10


def test_a_folder_that_can_not_be_listed_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(folder / "baking", folder / "milling")
    (folder / "milling" / "pack.yaml").write_text("id: milling\ntitle: Miller\n")
    real = os.scandir

    def denied(place: object) -> object:
        if Path(str(place)) == folder / "baking":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(place)  # type: ignore[call-overload]

    monkeypatch.setattr("chatbot.files.os.scandir", denied)
    (finding,) = load_files([folder]).findings
    assert (finding.file, finding.message) == (folder / "baking", "the folder can't be listed (Permission denied), so nothing in it is known")  # fmt: skip
    assert [path.name for path in yaml_files(folder / "milling")] == ["day.yaml", "pack.yaml"]


def test_a_question_that_is_never_read_is_no_phrasing(folder: Path, load) -> None:
    long = "a" * (MAX_CHARS + 1)
    (folder / "baking" / "day.yaml").write_text(ENTRY.replace("When does a baker start work?", long))
    (finding,) = load_files([folder]).findings
    assert finding.message.endswith("2,001 characters; at most 2,000 are read")
    done = load(PLAIN + f"{long},x\n")
    assert [fault.message for fault in done.faults] == ["question: a text of more than 2,000 characters"]


@pytest.mark.parametrize("year", ["20²5", "٢٠٢٥", "2025-13"])
def test_a_date_of_other_digits_is_a_finding(folder: Path, year: str) -> None:
    sources = folder / "sources.yaml"
    sources.write_text(sources.read_text().rstrip("\n") + f"\n    published: '{year}'\n")
    done = chatbot("check", "--quick", folder)
    assert "is no date; write YYYY-MM-DD" in done.stdout
    assert load_knowledge([folder]).entries


# at the same time


@linux
def test_one_writes_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def second() -> None:
        with one_writer(tmp_path):
            order.append("second")

    with one_writer(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
        monkeypatch.setattr("chatbot.files.PATIENCE", 0.0)
        with pytest.raises(OSError, match="another program is writing into it"), one_writer(tmp_path):
            pass
        monkeypatch.setattr("chatbot.files.PATIENCE", 30.0)
    thread.join()
    assert order == ["first", "second"]
    assert list(tmp_path.iterdir()) == []


def together(commands: list[list[str]], tmp_path: Path) -> list[int]:
    """Their statuses, when they have all ended."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "chatbot", *command],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    return [one.wait(120) for one in running]


@linux
def test_entries_that_are_written_at_once_are_all_there(folder: Path, tmp_path: Path) -> None:
    said = ["--topic", "day", "--question", "Is it?", "--answer", "Yes.", "--source", "loaf", "--section", "S", "--phrasing", "so"]  # fmt: skip
    statuses = together(
        [["new", "entry", f"baking/e{at}", "--into", str(folder), *said] for at in range(4)], tmp_path
    )
    assert statuses == [0] * 4
    assert sorted(entry.id for entry in load_knowledge([folder]).entries) == [
        f"baking/{name}" for name in ("e0", "e1", "e2", "e3", "start")
    ]


@linux
def test_packs_that_are_imported_at_once_keep_each_others_sources(tmp_path: Path) -> None:
    for at in range(4):
        (tmp_path / f"f{at}.csv").write_text(f"question,answer,source\nQ{at}?,Yes.,Guild {at % 2}\n")
    assert together([["import", f"f{at}.csv", "--into", "in"] for at in range(4)], tmp_path) == [0] * 4
    knowledge = load_knowledge([tmp_path / "in"])
    assert sorted(knowledge.sources) == ["guild-0", "guild-1"]
    assert [pack.id for pack in knowledge.packs] == ["f0", "f1", "f2", "f3"]


@linux
def test_what_a_killed_import_left_is_removed_and_what_it_put_aside_goes_back(
    tmp_path: Path, folder: Path
) -> None:
    into = folder
    (into / ".import-half" / "bakers").mkdir(parents=True)
    (into / ".import-late").mkdir()
    (into / "baking").rename(
        into / ".import-late" / "baking-before"
    )  # killed before the new one was in place
    (tmp_path / "a.csv").write_text(PLAIN)
    import_file(tmp_path / "a.csv", into, None, None, None, False)
    assert sorted(path.name for path in into.iterdir()) == ["a", "baking", "sources.yaml"]
    assert len(load_knowledge([into]).entries) == 2
