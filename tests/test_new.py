"""`chatbot new` writes files that load, adds to files without touching what is there, and asks for what is
missing."""

from __future__ import annotations

import io
import os
import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pexpect
import pytest

from chatbot.authoring.scaffold import about_of, figures
from chatbot.building.knowledge import load_knowledge
from chatbot.cli.main import main
from chatbot.intents.load import load_intents
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.schema import LanguageFile, TopicFile
from chatbot.knowledge.sourceschema import SourcesFile
from chatbot.paths import shipped


class Done(NamedTuple):
    code: int
    out: str
    err: str


Chatbot = Callable[..., Done]
ENTRY = (
    "--question",
    "When does a baker start?",
    "--answer",
    "At 4 or five.",
    "--source",
    "loaf",
    "--section",
    "Mornings",
)


@pytest.fixture
def chatbot(tmp_path: Path, monkeypatch, capsys) -> Chatbot:
    """Run a command in an empty folder, without a terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    def call(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["chatbot", *arguments])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return call


@pytest.fixture
def my(chatbot: Chatbot) -> Path:
    """A knowledge folder with the pack ``baker`` and the source ``loaf``."""
    assert chatbot("new", "pack", "baker", "--into", "my").code == 0
    assert chatbot("new", "source", "loaf", "--title", "The loaf", "--into", "my").code == 0
    return Path("my")


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def entry(chatbot: Chatbot, name: str, *more: str) -> Done:
    return chatbot("new", "entry", f"baker/{name}", "--into", "my", *ENTRY, *more)


def test_the_next_command_is_named_until_there_is_an_answer(chatbot: Chatbot) -> None:
    done = chatbot("new", "pack", "pastry-chef", "--into", "my")
    assert done.out.splitlines() == [
        "Written: my/sources.yaml:1",
        "Written: my/language.yaml:1",
        "Written: my/pastry-chef/pack.yaml:1",
    ]
    assert load_knowledge([Path("my")]).entries == ()
    (pack,) = load_knowledge([Path("my")]).packs
    assert (pack.title, pack.about, pack.role) == ("Pastry chef", "being a pastry chef", ("pastry chef",))

    assert done.err == "Next: chatbot new source NAME --into my\n"
    done = chatbot(
        *shlex.split(done.err.replace("NAME", "loaf"))[2:], "--title", "The loaf", "--published", "2025"
    )
    assert done.err == "Next: chatbot new entry pastry-chef/NAME --source loaf --into my\n"
    done = chatbot(
        *shlex.split(done.err.replace("NAME", "start"))[2:],
        *ENTRY[:4],
        "--section",
        "Mornings",
        "--phrasing",
        "start time",
    )
    assert (done.code, done.err) == (0, "Next: chatbot check my/pastry-chef/general.yaml\n")

    (told,) = load_knowledge([Path("my")]).entries
    assert told.questions == ("When does a baker start?", "start time")
    assert [(c.source_id, c.published, c.section) for c in told.citations] == [("loaf", "2025", "Mornings")]
    file, line = done.out.split()[1].split(":")
    assert told.place and (str(told.place.file), told.place.line) == (file, int(line))


def test_every_file_begins_with_a_schema_that_is_there(chatbot: Chatbot, my: Path) -> None:
    entry(chatbot, "start")
    chatbot(
        "new", "intent", "hi", "--into", "talk", "--kind", "smalltalk", "--reply", "Hi!", "--example", "hi"
    )
    files = [*my.glob("*.yaml"), *my.glob("*/*.yaml"), *Path("talk").glob("*.yaml")]
    assert len(files) == 5
    for file in files:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        assert (file.parent / first.partition("=")[2]).is_file()


def test_a_small_pack_does_not_answer_a_question_about_pay_with_something_else(
    chatbot: Chatbot, my: Path
) -> None:
    own = load_as(my / "language.yaml", LanguageFile)[0]
    known = load_as(shipped("knowledge") / "language.yaml", LanguageFile)[0]
    assert own.strict == ["asks"] and "earn" in own.facets["asks"]["pay"]
    for value, words in own.facets["asks"].items():  # beside the shipped knowledge it changes nothing there
        assert set(words) <= {*known.facets["asks"][value], "pay for itself"}
    assert set(own.strict) <= set(known.strict)


def test_a_second_pack_leaves_the_files_of_the_first(chatbot: Chatbot, my: Path) -> None:
    (my / "language.yaml").rename(my / "words.yaml")  # a file of words may have any name
    before = contents(my)
    done = chatbot(
        "new",
        "pack",
        "ux-designer",
        "--into",
        "my",
        "--title",
        "UX designer",
        "--role",
        "UX designer",
        "--role",
        "ux DESIGNER",
    )
    assert done.out == "Written: my/ux-designer/pack.yaml:1\n"
    assert before.items() <= contents(my).items()
    second = load_knowledge([my]).packs[1]
    assert (second.about, second.role) == ("being a UX designer", ("UX designer",))


def test_what_a_pack_is_about_is_made_of_its_title() -> None:
    titles = {
        "Baker": "a baker",
        "Actuary": "an actuary",
        "User researcher": "a user researcher",
        "HR manager": "an HR manager",
    }
    assert {title: about_of(title) for title in titles} == {
        title: f"being {name}" for title, name in titles.items()
    }


def test_numbers_are_declared_under_the_citation(chatbot: Chatbot, my: Path) -> None:
    assert figures("At 4 or five; €53,202 or 1.5% of twelve, not 4.") == [
        "4",
        "five",
        "53,202",
        "1.5",
        "twelve",
    ]
    entry(chatbot, "start")
    assert load_as(my / "baker" / "general.yaml", TopicFile)[0].entries[0].citations[0].figures == [
        "4",
        "five",
    ]


def test_text_that_yaml_takes_for_something_else_stays_text(chatbot: Chatbot, my: Path) -> None:
    for name, text in {
        "a": "NO",
        "b": "2024",
        "c": "a: b #c",
        "d": "- {x",
        "e": "“quoted” … – é 日本",
        "f": "'\"\\n",
    }.items():
        assert entry(chatbot, name, "--section", text).code == 0
    sections = [told.citations[0].section for told in load_knowledge([my]).entries]
    assert sections == ["NO", "2024", "a: b #c", "- {x", "“quoted” … – é 日本", "'\"\\n"]


def test_control_characters_reach_neither_file_nor_screen(chatbot: Chatbot, my: Path) -> None:
    done = entry(chatbot, "start", "--question", "When\x1b[31m do\r\nbakers\u2028start\udcff?")
    assert done.code == 0 and (done.out + done.err).replace("\n", "").isprintable()
    assert load_knowledge([my]).entries[0].question == "When [31m do bakers start ?"
    done = chatbot("new", "entry", "bak\x1ber/x", "--into", "my")
    assert done.code == 2 and done.err.replace("\n", "").isprintable()


# adding to what is there (more in test_adding.py)


@pytest.mark.parametrize(
    "text",
    [
        "{topic: t, title: T}\n",
        "topic: t\ntitle: T\nentries: [{id: a, question: A?, answer: A., citations: [{source: loaf, section: S}]}]\n",
        "topic: t\ntitle: T\nentries: [\n]\n",
        "topic: t\ntitle: T\n...\n",
    ],
    ids=["flow", "flow-list", "brackets-over-lines", "ended"],
)
def test_what_can_not_be_added_safely_is_printed_to_be_pasted(chatbot: Chatbot, my: Path, text: str) -> None:
    file = my / "baker" / "t.yaml"
    file.write_text(text, encoding="utf-8")
    done = entry(chatbot, "start", "--topic", "t")
    assert done.code == 2 and file.read_text(encoding="utf-8") == text
    assert (
        done.err.startswith("chatbot: my/baker/t.yaml:")
        and "by hand" in done.err
        and done.err.count("\n") == 1
    )
    file.write_text("topic: t\ntitle: T\nentries:\n" + done.out, encoding="utf-8")
    assert load_as(file, TopicFile)[0].entries[0].id == "start"


def test_faults_that_are_there_are_named_and_left(chatbot: Chatbot, my: Path) -> None:
    file = my / "baker" / "t.yaml"
    for raw, place in {
        b"topic: t\ntitle: 12\n": "2:8: [error] title",
        b"topic: t\ntitle: \xff\n": "2:8: [error] not UTF-8",
        b"topic: [t\n": "2:1: [error] not YAML",
        b"# nothing\n": "1:1: [error] the file: expected a mapping",
        b"- a\n": "1:1: [error] the file: expected a mapping",
        b"#" * 5_000_001: "1:1: [error] 5,000,001 bytes",
    }.items():
        file.write_bytes(raw)
        done = entry(chatbot, "start", "--topic", "t")
        assert done.code == 2 and done.err.startswith(f"my/baker/t.yaml:{place}"), done.err
        assert file.read_bytes() == raw
    file.write_bytes(b"\n")
    assert entry(chatbot, "start", "--topic", "t").code == 0


def test_sources_are_added_below_what_is_there(chatbot: Chatbot, my: Path) -> None:
    before = (my / "sources.yaml").read_text(encoding="utf-8")
    done = chatbot(
        "new",
        "source",
        "site",
        "--into",
        "my",
        "--title",
        "Site",
        "--author",
        "A. B.",
        "--url",
        "https://x.org/a?b#c",
        "--note",
        "sells",
    )
    after = (my / "sources.yaml").read_text(encoding="utf-8")
    assert done.code == 0 and after.startswith(before)
    site = load_as(my / "sources.yaml", SourcesFile)[0].sources[1]
    assert (site.id, site.author, site.published, site.url, site.note) == (
        "site",
        "A. B.",
        "undated",
        "https://x.org/a?b#c",
        "sells",
    )


def test_intents_are_written_beside_the_others(chatbot: Chatbot) -> None:
    for name, kind in {"honey-prices": "unknown", "hello": "smalltalk"}.items():
        done = chatbot(
            "new",
            "intent",
            name,
            "--into",
            "talk",
            "--kind",
            kind,
            "--reply",
            "I have {about}.",
            "--example",
            "how much",
            "--example",
            "x",
        )
        assert done.code == 0
    assert done.err == "Next: chatbot --intents shipped --intents talk ask 'how much'\n"
    one, two = load_intents([Path("talk")])
    assert (one.id, one.kind, one.about, one.reply, one.examples) == (
        "honey-prices",
        "unknown",
        "honey prices",
        "I have {about}.",
        ("how much", "x"),
    )
    assert (two.id, two.kind, two.about) == ("hello", "smalltalk", None)
    done = chatbot("new", "intent", "weather", "--into", "talk", "--reply", "No.", "--example", "rain?")
    assert "off-topic.yaml:" in done.err and "can't be loaded together" in done.err
    assert done.err.endswith("Next: chatbot --intents talk ask 'rain?'\n")


# what is refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("new pack Baker --into my", "'Baker' is no id: lower-case letters and digits in words joined by hyphens; 'baker' would do"),
        ("new pack ../x --into my", "is no id"),
        ("new pack baker --into my", "my/baker/pack.yaml:1: there is a pack of this name already"),
        ("new pack nurse", "say where to write: --into DIR"),
        ("new pack nurse --into shipped", "is left alone"),
        ("new source loaf --into my --title x", "my/sources.yaml:12: the id 'loaf' is there already"),
        ("new source new --into my", "missing: --title; give it, or use a terminal to be asked"),
        ("new source new --into my --title ''", "--title: it must not be empty"),
        ("new source new --into my --title x --published 2025-13", "--published: '2025-13' is no date"),
        ("new source new --into my --title x --published yesterday", "--published: 'yesterday' is no date"),
        ("new source new --into my --title x --url ftp://x", "--url: 'ftp://x' is no web address"),
        ("new entry start --into my", "write the name as PACK/ENTRY, such as baker/start"),
        ("new entry bakr/start --into my", "no pack 'bakr' in my; did you mean 'baker'? A new one: chatbot new pack bakr --into my"),
        ("new entry ../start --into my", "no pack '..' in my"),
        ("new entry baker/Start --into my", "'start' would do"),
        ("new entry baker/start --into my", "missing: --question, --answer, --source, --section; give them"),
        ("new entry baker/start --into my --question q --answer a --section s --source laof", "did you mean 'loaf'?"),
        ("new entry baker/start --into my --question q --answer a --section s --source loaf --topic pack", "can't be called 'pack'"),
        ("new entry baker/start --into my --question q --answer a --section s --source loaf --topic ../t", "is no id"),
        ("new intent hi", "no intents folder of your own is in use; say where to write: --into DIR"),
        ("new intent hi --into my", "my is a knowledge folder; intents need a folder of their own"),
        ("new intent hi --into talk", "missing: --reply"),
        ("new intent hi --into talk --reply Hi", "missing: --example"),
        ("--knowledge my --knowledge other new pack nurse", "several knowledge folders are in use: my, other; say which one"),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_said_in_one_line(
    chatbot: Chatbot, my: Path, arguments: str, said: str
) -> None:
    (my.parent / "other").mkdir()
    before = contents(Path())
    done = chatbot(*shlex.split(arguments))
    assert (
        done.code == 2 and said in done.err and done.err.startswith("chatbot: ") and done.err.count("\n") == 1
    ), done.err
    assert contents(Path()) == before


def test_an_entry_or_table_of_the_name_is_found_in_any_topic(chatbot: Chatbot, my: Path) -> None:
    entry(chatbot, "start")
    done = entry(chatbot, "start", "--topic", "day")
    assert done.code == 2 and "my/baker/general.yaml:13: the id 'start' is there already" in done.err
    assert not (my / "baker" / "day.yaml").exists()


def test_an_entry_needs_a_source(chatbot: Chatbot) -> None:
    chatbot("new", "pack", "baker", "--into", "my")
    done = entry(chatbot, "start")
    assert (done.code, done.err) == (
        2,
        "chatbot: my/sources.yaml names no source to cite yet; add one first: chatbot new source NAME --into my\n",
    )


def test_the_shipped_folders_are_left_alone(chatbot: Chatbot, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(shipped("knowledge"))
    pack = "machine-learning-engineer"
    for arguments in (
        ["new", "pack", "x", "--into", str(shipped("knowledge"))],
        ["new", "pack", "x", "--into", "link"],
        ["new", "source", "x", "--title", "x", "--into", str(shipped("knowledge") / pack / "..")],
        ["new", "entry", f"{pack}/x", *ENTRY, "--into", "link"],
        ["new", "intent", "x", "--reply", "x", "--example", "x", "--into", str(shipped("intents"))],
    ):
        done = chatbot(*arguments)
        assert done.code == 2 and "comes with the program and is left alone" in done.err
    assert not (shipped("knowledge") / ".schema").exists() and not (shipped("intents") / ".schema").exists()


def test_the_own_folder_of_the_settings_is_used(chatbot: Chatbot, my: Path) -> None:
    done = chatbot("--knowledge", "shipped", "--knowledge", "my", "new", "entry", "baker/start", *ENTRY)
    assert done.out.startswith("Written: my/baker/general.yaml:")
    assert done.err == "Next: chatbot --knowledge shipped --knowledge my check my/baker/general.yaml\n"
    done = chatbot("--knowledge", "my", "new", "pack", "machine-learning-engineer")
    assert done.code == 0 and "has a pack of this name too; the two can't be loaded together" in done.err


def test_a_folder_that_can_not_be_written_is_named(chatbot: Chatbot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = chatbot("new", "pack", "baker", "--into", "file/my")
    assert done.code == 2 and "file/my: can't be written" in done.err and done.err.count("\n") == 1


# on a terminal


def terminal(folder: Path, *arguments: str) -> pexpect.spawn:
    return pexpect.spawn(
        sys.executable, ["-m", "chatbot", *arguments], cwd=str(folder), env=os.environ | {"TERM": "dumb"},
        dimensions=(40, 120), encoding="utf-8", timeout=90,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # which the tests' own parent may have had ignored
    )  # fmt: skip


def test_a_terminal_is_asked_until_the_answer_can_be_used(my: Path, tmp_path: Path) -> None:
    child = terminal(tmp_path, "new", "entry", "baker/start", "--into", "my", "--section", "")
    for prompt, answer in [
        (r"Topic \[general\]: ", "The Day"),
        (r"'the-day' would do\r\nTopic \[general\]: ", "day"),
        ("Question, as it is shown: ", ""),
        ("it must not be empty\r\nQuestion, as it is shown: ", "When?"),
        ("Answer, at most about 90 words: ", "At 4."),
        (r"Source \(loaf\) \[loaf\]: ", "laof"),
        (r"did you mean 'loaf'\?.*\r\nSource \(loaf\) \[loaf\]: ", ""),
        ("--section: it must not be empty\r\nHeading under which it says so: ", "Mornings"),
        (r"Another way to ask \(Enter: done\): ", "what time"),
        (r"Another way to ask \(Enter: done\): ", "What Time"),
        (r"Another way to ask \(Enter: done\): ", ""),
    ]:
        child.expect(prompt)
        child.sendline(answer)
    child.expect("Written: my/baker/day.yaml:13")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0
    (told,) = load_knowledge([my]).entries
    assert (told.topic, told.questions, told.answer) == ("day", ("When?", "what time"), "At 4.")


def test_leaving_in_the_middle_writes_nothing(my: Path, tmp_path: Path) -> None:
    before = contents(my)
    child = terminal(tmp_path, "new", "source", "site", "--into", "my")
    child.expect("Title: ")
    child.sendline("Site")
    child.expect(r"Publisher.*: ")
    child.sendcontrol("c")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 130
    assert contents(my) == before
