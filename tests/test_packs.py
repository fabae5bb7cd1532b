"""``chatbot packs``: what is there, what is used, and the one line of the configuration that says so."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ENTRY

from chatbot import ChatbotError, KnowledgeError
from chatbot.building.knowledge import load_knowledge
from chatbot.cli.config import TEMPLATE, read_config
from chatbot.cli.disabling import with_disabled
from chatbot.cli.main import main
from chatbot.live.settings import Settings, folders
from chatbot.paths import data_dir, shipped

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's folders are the test's own, wherever the system puts them."""
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("CHATBOT_DATA", str(tmp_path / "data"))


@pytest.fixture
def packs(folder: Path) -> Path:
    """A folder with three packs, and a hidden one, which is none."""
    for name in ("milling", "farming"):
        pack = folder / name
        pack.mkdir()
        (pack / "pack.yaml").write_text(f"id: {name}\ntitle: The {name}\nabout: {name}\n", encoding="utf-8")
        (pack / "day.yaml").write_text(ENTRY, encoding="utf-8")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "pack.yaml").write_text("id: x\n", encoding="utf-8")
    return folder


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run ``chatbot`` by its entry point, in this process: nothing of the operating system is at stake."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command, status = ["chatbot", *map(str, arguments)], 0
        capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", command)
            try:
                main()
            except SystemExit as done:
                assert done.code is None or isinstance(done.code, int)
                status = done.code or 0
        told = capsys.readouterr()
        return subprocess.CompletedProcess(command, status, told.out, told.err)

    return run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Where the configuration is."""
    return tmp_path / "home" / ".config" / "career-chatbot" / "config.toml"


# the list

WORK = """dataset: work
entity: {name: occupation, classification: farms, code: "[0-9]+", example: "12", titles: titles.yaml}
measures:
  task: {kind: list, unit: text, file: facts.csv}
"""


def test_the_list_says_what_is_there_and_reads_only_pack_yaml(packs: Path, call: Call) -> None:
    (packs / "milling" / "day.yaml").write_text("}", encoding="utf-8")  # would be an error where it was read
    (packs / "farming" / "work.dataset.yaml").write_text(WORK, encoding="utf-8")
    (packs / "farming" / "titles.yaml").write_text("}", encoding="utf-8")
    told = json.loads(call("--knowledge", packs, "packs", "--json").stdout)
    assert [
        (pack["name"], pack["title"], pack["about"], pack["topic_files"], pack["data_files"], pack["enabled"])
        for pack in told
    ] == [
        ("baking", "Baker", "being a baker", 1, 0, True),
        ("farming", "The farming", "farming", 1, 2, True),
        ("milling", "The milling", "milling", 1, 0, True),
    ]
    assert [Path(pack["folder"]) for pack in told] == [
        packs / name for name in ("baking", "farming", "milling")
    ]
    lines = call("--knowledge", packs, "--pack", "baking", "packs").stdout.splitlines()
    assert lines[0].split(maxsplit=1) == ["baking", "enabled"]
    assert lines[4].split(maxsplit=1) == ["farming", "left out: other packs are named"]
    assert lines[6] == "  farming; 1 topic file, 2 data files"


def test_a_broken_pack_is_named_and_can_be_left_out(packs: Path, call: Call) -> None:
    (packs / "milling" / "pack.yaml").write_text("id: milling\ntitel: x\n", encoding="utf-8")
    told = json.loads(call("--knowledge", packs, "packs", "--json").stdout)
    assert "pack.yaml:2:1" in told[2]["error"] and "did you mean 'title'?" in told[2]["error"]
    assert "pack.yaml:2:1" in call("--knowledge", packs, "packs").stdout
    with pytest.raises(KnowledgeError):
        load_knowledge([packs])
    assert call("--knowledge", packs, "packs", "disable", "milling").returncode == 0
    left = Settings((packs,), (), disabled=read_config(None)[0].disabled).loaded()
    assert [pack.id for pack in load_knowledge([packs], left).packs] == ["baking", "farming"]


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path, call: Call) -> None:
    done = call("--knowledge", tmp_path / "no", "packs")
    assert (
        (done.returncode, done.stdout) == (2, "")
        and "no such knowledge folder" in done.stderr
        and done.stderr.count("\n") == 1
    )


# on and off


def test_a_disabled_pack_is_not_loaded_unless_it_is_named(
    packs: Path, call: Call, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = call("--knowledge", packs, "packs", "disable", "farming", "milling")
    assert done.stdout == f"Disabled: farming, milling (in {config})\n"
    assert [pack["enabled"] for pack in json.loads(call("--knowledge", packs, "packs", "--json").stdout)] == [
        True,
        False,
        False,
    ]
    assert call("--knowledge", packs, "packs").stdout.splitlines()[4].split() == ["farming", "disabled"]
    assert [
        pack["enabled"]
        for pack in json.loads(call("--knowledge", packs, "--pack", "farming", "packs", "--json").stdout)
    ] == [
        False,
        True,
        False,
    ]
    assert "disabled        farming, milling\n" in call("--knowledge", packs, "config").stdout

    from chatbot import bot

    asked: list[Any] = []

    def made(knowledge: Any, intents: Any, wanted: Any, *rest: Any, **more: Any) -> None:
        asked.append(wanted)
        raise ChatbotError("enough")

    monkeypatch.setattr(bot, "CareerBot", made)
    monkeypatch.setattr("chatbot.encoders.compiled.CompiledEncoder.load_beside", lambda self: None)
    for options in ([], ["--pack", "farming"]):
        monkeypatch.setattr(sys, "argv", ["chatbot", "--knowledge", str(packs), *options, "ask", "hi"])
        with pytest.raises(SystemExit):
            main()
    assert asked == [("baking",), ("farming",)]
    assert capsys.readouterr().err.count("enough") == 2

    assert call("--knowledge", packs, "packs", "enable", "farming", "milling").returncode == 0
    assert [pack["enabled"] for pack in json.loads(call("--knowledge", packs, "packs", "--json").stdout)] == [
        True,
        True,
        True,
    ]


def test_all_packs_is_all_packs_whatever_comes_later(packs: Path) -> None:
    assert Settings((packs,), ()).loaded() is None
    assert Settings((packs,), (), ("milling",)).loaded() == ("milling",)
    assert Settings((packs,), (), ("milling", "baking"), disabled=("milling",)).loaded() == ("baking",)
    assert Settings((packs,), (), disabled=("gone",)).loaded() == ("baking", "farming", "milling")


def test_disabling_all_is_refused(packs: Path, call: Call, config: Path) -> None:
    for names in (["baking", "farming", "milling"],):
        done = call("--knowledge", packs, "packs", "disable", *names)
        assert done.returncode == 2 and "no pack would be left" in done.stderr
    assert not config.exists()
    config.parent.mkdir(parents=True)
    config.write_text('packs = ["baking"]\n', encoding="utf-8")
    assert "no pack would be left" in call("--knowledge", packs, "packs", "disable", "baking").stderr
    config.write_text('disabled = ["baking", "farming", "milling"]\n', encoding="utf-8")
    done = call("--knowledge", packs, "ask", "hi")
    assert done.returncode == 2
    assert (
        done.stderr
        == f"chatbot: {config}: every pack is disabled (baking, farming, milling); to use one again: chatbot packs enable baking\n"
    )


@pytest.mark.parametrize("way", ["disable", "enable"])
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("farmin", "did you mean farming?"),
        ("zzz", "there is: baking, farming, milling"),
        ("a\x1b[2J", "no pack named a [2J;"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(
    packs: Path, call: Call, config: Path, way: str, name: str, hint: str
) -> None:
    done = call("--knowledge", packs, "packs", way, "baking", name)
    assert done.returncode == 2 and hint in done.stderr and done.stderr.count("\n") == 1
    assert not config.exists()


def test_a_pack_that_is_gone_can_be_taken_out_of_the_list(packs: Path, call: Call, config: Path) -> None:
    config.parent.mkdir(parents=True)
    config.write_text('disabled = ["gone"]\n', encoding="utf-8")
    assert call("--knowledge", packs, "packs", "enable", "gone").returncode == 0
    assert config.read_text(encoding="utf-8") == "disabled = []\n"
    assert (
        call("--knowledge", packs, "packs", "enable", "baking").stdout
        == "Nothing to do: enabled already: baking\n"
    )


def test_where_the_configuration_names_other_packs_enabling_says_so(
    packs: Path, call: Call, config: Path
) -> None:
    config.parent.mkdir(parents=True)
    config.write_text('packs = ["baking"]\ndisabled = ["farming"]\n', encoding="utf-8")
    told = call("--knowledge", packs, "packs", "enable", "farming").stdout
    assert "Not used all the same: farming" in told


# the file


def test_a_first_configuration_shows_the_defaults(packs: Path, call: Call, config: Path) -> None:
    assert call("--knowledge", packs, "packs", "disable", "milling").returncode == 0
    written = config.read_text(encoding="utf-8")
    assert written.replace('disabled = ["milling"]\n', "", 1) == TEMPLATE
    assert [path.name for path in config.parent.iterdir()] == ["config.toml"]


STYLES = {
    "one line": (
        '# mine\ncolor = false # quiet\ndisabled = ["a"] # slow\n',
        '# mine\ncolor = false # quiet\ndisabled = ["a", "b"] # slow\n',
    ),
    "empty": ("disabled = []\nhistory = true", 'disabled = ["a", "b"]\nhistory = true'),
    "other quotes": ("disabled=['a' , 'x']\n", 'disabled=["a", "b"]\n'),
    "quoted key": ('"disabled" = ["a"]\n', '"disabled" = ["a", "b"]\n'),
    "no line": ("color = false", 'color = false\ndisabled = ["a", "b"]\n'),
    "nothing": ("", 'disabled = ["a", "b"]\n'),
    "shown": ("# disabled = []\ncolor = true\n", '# disabled = []\ndisabled = ["a", "b"]\ncolor = true\n'),
    "windows": ('color = false\r\ndisabled = ["x"]\r\n', 'color = false\r\ndisabled = ["a", "b"]\r\n'),
    "windows, no line": ("color = false\r\n", 'color = false\r\ndisabled = ["a", "b"]\r\n'),
    "byte order mark": ('\ufeffdisabled = ["x"]\n', '\ufeffdisabled = ["a", "b"]\n'),
    "over lines": (
        'disabled = [ # which\n  "x", # old\n  "a", # slow, ] and "big"\n]\ncolor = true\n',
        'disabled = [ # which\n   # old\n  "a", "b", # slow, ] and "big"\n]\ncolor = true\n',
    ),
    "over lines, without comments": ('disabled = [\n  "x",\n  "a"\n]\n', 'disabled = [\n  "a", "b"\n]\n'),
    "over lines, the last goes": ('disabled = [\n  "a",\n  "x"\n]\n', 'disabled = [\n  "a", "b",\n]\n'),
    "over lines, all go": ('disabled = [\n  "x",\n]\n', 'disabled = ["a", "b"\n]\n'),
    "an array before": (
        'knowledge = [\n  "shipped", # disabled\n]\n',
        'knowledge = [\n  "shipped", # disabled\n]\ndisabled = ["a", "b"]\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), STYLES.values(), ids=STYLES)
def test_other_lines_and_comments_stay(before: str, after: str) -> None:
    assert with_disabled("config.toml", before, ["a", "b"]) == after


@pytest.mark.parametrize(
    "text",
    ['knowledge = ["""\ndisabled = ["a"]\n"""]\n', 'disabled = ["""a\nb""", "x"]\n', "[tool]\ncolor = 1\n"],
    ids=["inside a text", "text over lines", "a table"],
)
def test_what_can_t_be_followed_is_not_touched(text: str) -> None:
    tomllib.loads(text)
    with pytest.raises(
        ChatbotError,
        match=r'not changed, as it is written in an unusual way; write there: disabled = \["b"\]',
    ):
        with_disabled("config.toml", text, ["b"])


def test_a_link_stays_a_link_and_the_file_keeps_its_rights(packs: Path, call: Call, tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    real.write_text("color = true\n", encoding="utf-8")
    real.chmod(0o600)
    link.symlink_to(real)
    assert call("--config", link, "--knowledge", packs, "packs", "disable", "milling").returncode == 0
    assert link.is_symlink() and real.read_text(encoding="utf-8") == 'color = true\ndisabled = ["milling"]\n'
    assert real.stat().st_mode & 0o777 == 0o600


def test_files_that_are_not_written_say_so_in_one_line(packs: Path, call: Call, tmp_path: Path) -> None:
    project, locked = tmp_path / "pyproject.toml", tmp_path / "locked.toml"
    project.write_text('[tool.chatbot]\ndisabled = ["baking"]\n', encoding="utf-8")
    locked.write_text("color = true\n", encoding="utf-8")
    locked.chmod(0o444)
    for file, message in [
        (
            project,
            'not changed, as it belongs to a project; write there, under [tool.chatbot]: disabled = ["baking", "milling"]',
        ),
        (locked, "can't be written: it is read-only"),
    ]:
        before = file.read_bytes()
        done = call("--config", file, "--knowledge", packs, "packs", "disable", "milling")
        assert (done.returncode, done.stderr) == (2, f"chatbot: {file}: {message}\n")
        assert file.read_bytes() == before


def test_a_wrong_value_is_named_by_line(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('color = true\ndisabled = "milling"\n', encoding="utf-8")
    done = call("--config", file, "packs")
    assert done.returncode == 2 and f"{file}:2: disabled: " in done.stderr


# the user's own folder


def test_the_user_s_own_packs_are_used_once_there_are_some(packs: Path, call: Call, tmp_path: Path) -> None:
    own = tmp_path / "data" / "knowledge"
    assert data_dir() / "knowledge" == own
    assert folders("knowledge", ()) == (shipped("knowledge"),)
    assert f"own packs       {own} (no pack is there)\n" in call("config").stdout
    own.mkdir(parents=True)
    assert folders("knowledge", ()) == (shipped("knowledge"),), "a folder without a pack would be an error"
    (packs / "milling").rename(own / "milling")
    assert folders("knowledge", ()) == (shipped("knowledge"), own)
    assert folders("intents", ()) == (shipped("intents"),)
    assert folders("knowledge", [Path("shipped")]) == (shipped("knowledge"),)
    told = call("config").stdout
    assert f"knowledge       {own}\n" in told and f"own packs       {own} (used)\n" in told
    assert "milling" in [pack["name"] for pack in json.loads(call("packs", "--json").stdout)]


def test_folders_that_are_named_are_all_that_is_used(packs: Path, call: Call, tmp_path: Path) -> None:
    own = tmp_path / "data" / "knowledge"
    own.mkdir(parents=True)
    (packs / "milling").rename(own / "milling")
    file = tmp_path / "config.toml"
    file.write_text(f'knowledge = ["{packs}"]\n', encoding="utf-8")
    for options in (["--knowledge", packs], ["--config", file]):
        assert [pack["name"] for pack in json.loads(call(*options, "packs", "--json").stdout)] == [
            "baking",
            "farming",
        ]
        assert (
            f"own packs       {own} (not used: other folders are named)\n" in call(*options, "config").stdout
        )


def test_the_library_knows_nothing_of_them(tmp_path: Path, packs: Path) -> None:
    from chatbot.bot import SHIPPED, _folders

    own = tmp_path / "data" / "knowledge"
    own.mkdir(parents=True)
    (packs / "milling").rename(own / "milling")
    assert _folders(SHIPPED, "knowledge") == (shipped("knowledge"),)


def test_the_data_folder_is_the_systems_where_none_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CHATBOT_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    if sys.platform.startswith("linux"):
        assert data_dir() == tmp_path / "xdg" / "career-chatbot"
    assert data_dir().name == "career-chatbot"
