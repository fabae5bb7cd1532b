"""What is kept of questions asked in vain, and what ``chatbot unanswered`` makes of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PATIENCE

from chatbot import KnowledgeError
from chatbot.authoring.unanswered.grouping import Group, Nearest, Question, questions, summarise
from chatbot.authoring.unanswered.log import (
    MAX_BYTES,
    MAX_LINES,
    MAX_TEXT,
    Record,
    kept_text,
    log_file,
    read_log,
)
from chatbot.authoring.unanswered.stub import new_id, stub
from chatbot.building.knowledge import load_knowledge
from chatbot.live import feedback
from chatbot.live.feedback import Feedback, append
from chatbot.reply import ReplyKind

NASTY = [
    'what: "is" {this} - [x]: # & *yes',
    "- how much does it pay",
    "yes",
    "NO",
    "null",
    "2024",
    "08",
    "+.5",
    "1.5",
    "!tag what is it",
    "%what @is `it` | > this?",
    "what\x1b[2J\x07 is\x00 it\u202e \ufeffhere\u2028there",
    "wie viel verdient ein Bäcker 😀 漢字",
    "what's \\n the 'pay' of \"bakers\"",
]


def record(question: str, day: str = "2026-01-05", **more) -> Record:
    return Record(when=day, question=question, kind=more.pop("kind", "unknown"), **more)


def kept() -> list[Record]:
    return list(read_log(log_file()).records) if log_file().exists() else []


def put(*records: Record) -> None:
    for one in records:
        append(log_file(), one)


# what is kept


def talk(bot, *lines: str, wanted: bool = True) -> list[Record]:
    chat, log = bot.conversation(), Feedback(wanted)
    for line in lines:
        log.said(chat, chat.ask(line))
    return kept()


def test_nothing_is_kept_unless_it_is_wanted(bot, run) -> None:
    assert talk(bot, "how tall is the eiffel tower?", wanted=False) == []
    run("ask", "how tall is the eiffel tower?")
    run(stdin=b"how tall is the eiffel tower?\n")
    assert not log_file().parent.exists()


def test_what_is_not_answered_is_kept_in_the_users_own_words_and_nothing_else(bot) -> None:
    told = talk(
        bot,
        "ml salary uk",
        "and in france?",
        "hello",
        "...",
        "how TALL is the  eiffel tower?",
        "x" * 3_000,
        "tell me more",
    )
    assert [one.question for one in told] == ["and in france?", "how TALL is the eiffel tower?"]
    follow_up, plain = told
    assert "france" in (follow_up.read_as or "") and "salary" in follow_up.text
    assert follow_up.entry == "machine-learning-engineer/salary-by-country"
    assert plain.read_as is None
    assert {(one.kind, one.reply, one.knowledge) for one in told} == {
        ("unknown", "unknown", ("machine-learning-engineer", "us-occupations", "us-work"))
    }
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", one.when) for one in told)


@pytest.mark.parametrize(
    "question",
    [
        "i don't want to live any more",
        "what is the home address of my boss?",
        "I want to die. what does a nurse earn?",
        "what does a nurse earn? also i want to kill myself",
    ],
)
def test_distress_and_private_matters_are_never_kept(bot, question: str) -> None:
    chat, log = bot.conversation(), Feedback(True)
    reply = chat.ask(question)
    log.said(chat, reply)
    assert "never kept" in log.mark(chat, reply, "bad", "no help")
    assert kept() == []


def test_the_file_is_the_users_alone(bot) -> None:
    talk(bot, "how tall is the eiffel tower?")
    assert log_file().stat().st_mode & 0o777 == 0o600
    assert log_file().parent.stat().st_mode & 0o777 == 0o700
    log_file().chmod(0o644)
    talk(bot, "who won the world cup?")
    assert log_file().stat().st_mode & 0o777 == 0o600


def test_ask_and_pipes_keep_as_the_conversation_does(run) -> None:
    assert run("--log-unanswered", "ask", "how tall is the eiffel tower?").returncode == 1
    configured = Path(os.environ["HOME"]) / "mine.toml"
    configured.parent.mkdir(parents=True, exist_ok=True)
    configured.write_text("log_unanswered = true\n", encoding="utf-8")
    run("--config", str(configured), stdin=b"ml salary uk\nand in france?\n")
    assert [one.question for one in kept()] == ["how tall is the eiffel tower?", "and in france?"]


def test_a_folder_that_cannot_be_written_is_one_line_and_the_replies_come(run, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("", encoding="utf-8")
    done = run(
        "--log-unanswered",
        stdin=b"how tall is the eiffel tower?\nwho won the world cup?\n",
        CHATBOT_STATE=str(tmp_path / "blocked"),
    )
    assert done.returncode == 0
    assert done.stdout.decode().count("\n\n") == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("chatbot: ") and "can't be kept" in line


# the file


def test_the_oldest_lines_go() -> None:
    for number in range(MAX_LINES + 5):
        append(log_file(), record(f"question {number}"))
    numbers = [int(one.question.split()[1]) for one in kept()]
    assert numbers == list(range(numbers[0], MAX_LINES + 5))
    assert 0.85 * MAX_LINES < len(numbers) <= MAX_LINES
    assert log_file().stat().st_mode & 0o777 == 0o600
    assert [file.name for file in log_file().parent.iterdir()] == [log_file().name]


def test_the_file_never_grows_beyond_its_limit() -> None:
    log_file().parent.mkdir(parents=True)
    log_file().write_bytes(b"x" * 3 * MAX_BYTES)  # a line that nobody of us wrote
    for number in range(MAX_BYTES // 1_000):
        append(log_file(), record(f"{number} " + "é" * MAX_TEXT, why="ü" * MAX_TEXT))
        assert log_file().stat().st_size <= MAX_BYTES
    assert kept()[-1].question.startswith(f"{MAX_BYTES // 1_000 - 1} ")


def test_a_line_left_unfinished_spoils_no_other() -> None:
    put(record("first"))
    with log_file().open("ab") as stream:
        stream.write(b'{"when":"2026-01-')
    put(record("second"))
    assert [one.question for one in kept()] == ["first", "second"]


def test_a_full_disk_leaves_the_file_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    put(record("first"))
    before = log_file().read_bytes()
    write = os.write
    monkeypatch.setattr(feedback.os, "write", lambda handle, data: write(handle, data[:7]))
    with pytest.raises(OSError, match="No space"):
        put(record("second"))
    assert log_file().read_bytes() == before


def test_several_programs_at_once_lose_and_mix_nothing() -> None:
    code = """if True:
        import sys
        from chatbot.live import feedback
        from chatbot.authoring.unanswered.log import Record, log_file
        feedback.MAX_LINES = 250  # so that the file is cut again and again meanwhile
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(300):
            feedback.append(log_file(), Record(when="2026-01-05", question=f"{sys.argv[1]} {number}", kind="unknown"))
    """
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", code, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in "abcd"
    ]
    for writer in writers:
        assert writer.stdout and writer.stdout.readline() == "ready\n"
    for writer in writers:  # none before all are ready
        assert writer.stdin
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=PATIENCE)
        assert writer.returncode == 0
    log = read_log(log_file())
    assert log.damaged == ()
    assert 225 <= len(log.records) <= 250
    for name in "abcd":  # of each, the newest, without a gap
        numbers = [int(one.question.split()[1]) for one in log.records if one.question.startswith(name)]
        assert numbers == list(range(300 - len(numbers), 300))


def test_what_is_damaged_is_skipped_and_named_and_never_shown(run, bot) -> None:
    good = '{"when": "2026-01-05", "question": "who\\u001b[2J won \\u202ethe world cup?", "kind": "unknown"}'
    lines = [
        b"\xef\xbb\xbf" + good.encode(),
        b"\xff\xfe\x00\x1b[2J",
        b"[" * 5_000,
        b'{"when": "yesterday", "question": "a?", "kind": "unknown"}',
        b'{"when": "2026-01-05", "question": 7, "kind": "unknown"}',
        b'{"when": "2026-01-05", "question": "a?", "kind": "other"}',
        b'{"when": "2026-01-05", "question": "' + b"y" * 500_000 + b'", "kind": "unknown"}',
        b'{"when": "2026-01-05", "question": "\\u001b\\u0000", "kind": "unknown"}',
        b"",
        good.encode(),
    ]
    log_file().parent.mkdir(parents=True)
    log_file().write_bytes(b"\r\n".join(lines))
    assert read_log(log_file()).damaged == (2, 3, 4, 5, 6, 7, 8)
    done = run("unanswered")
    assert done.returncode == 0
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "who won the world cup?  (2 times)" in out
    assert err == f"{log_file()}:2: damaged, skipped (and 6 further lines)\n"
    assert all(line.isprintable() and len(line) < 500 for line in out.splitlines())


def test_no_file_says_how_to_switch_it_on_and_clear_removes_it(run) -> None:
    done = run("unanswered")
    assert (done.returncode, done.stderr) == (0, b"")
    (line,) = done.stdout.decode().splitlines()
    assert "--log-unanswered" in line and "log_unanswered = true" in line
    assert json.loads(run("unanswered", "--json").stdout)["groups"] == []
    put(record("who won the world cup?"))
    assert "removed" in run("unanswered", "--clear").stdout.decode()
    assert not log_file().exists()
    assert run("unanswered", "--clear").returncode == 0
    log_file().mkdir()
    failed = run("unanswered")
    assert (failed.returncode, failed.stdout) == (2, b"")
    assert failed.stderr.decode().count("\n") == 1


# groups


def test_equal_texts_are_one_question() -> None:
    found = questions(
        [
            record("Who won?"),
            record("who  won", "2026-02-01"),
            record("WHO WON!?", "2025-12-31"),
            record("who lost?"),
        ]
    )
    assert [(one.typed, one.times, one.first, one.last) for one in found] == [
        ("WHO WON!?", 3, "2025-12-31", "2026-02-01"),
        ("who lost?", 1, "2026-01-05", "2026-01-05"),
    ]


def test_a_mark_on_a_question_that_is_kept_already_does_not_count_it_twice() -> None:
    (one,) = questions([record("who won?"), record("who won?", kind="bad", why="you should know")])
    assert (one.times, one.complaints) == (1, ("you should know",))


def test_questions_of_one_meaning_are_one_group_the_largest_first(bot) -> None:
    asked = [
        "can ml engineers get a work visa", "do machine learning engineers get work visas", "how does an MLE get a work visa?",
        "what is the capital of mongolia", "Which city is the capital of Mongolia?",
        "how do i boil an egg",
    ]  # fmt: skip
    summary = summarise(bot, map(record, asked))
    assert [{question.typed for question in group.questions} for group in summary.groups] == [
        set(asked[:3]),
        set(asked[3:5]),
        set(asked[5:]),
    ]
    again = summarise(bot, map(record, reversed(asked)))
    assert again.groups == summary.groups  # the order of the file does not matter


def test_what_is_answered_by_now_is_counted_apart(bot) -> None:
    summary = summarise(
        bot, [record("how do i boil an egg"), record("ml salary in germany"), record("i want to kill myself")]
    )
    assert [group.questions[0].typed for group in summary.groups] == ["how do i boil an egg"]
    assert list(summary.answered) == ["machine-learning-engineer/salary-by-country"]
    assert summary.refused == 1  # and is not shown


def test_a_bad_answer_names_the_entry_that_was_wrong(bot, run) -> None:
    question = "how much do ml engineers make in germany?"
    chat, log = bot.conversation(), Feedback(True)
    reply = chat.ask(question)
    assert reply.kind is ReplyKind.ANSWER
    log.mark(chat, reply, "bad", "that is of last year")
    (group,) = summarise(bot, kept()).groups
    assert group.wrong == (reply.entry_id,)
    assert group.nearest and group.nearest.entry.id != reply.entry_id
    out = run("unanswered").stdout.decode()
    assert f"Marked bad: the answer of {reply.entry_id}." in out
    assert "It was said: that is of last year" in out


def test_the_text_and_the_json_tell_the_same(run) -> None:
    put(
        *(record("what is the capital of mongolia", f"2026-01-0{day}") for day in range(1, 4)),
        record("how do i boil an egg"),
    )
    told = json.loads(run("unanswered", "--json").stdout)
    assert (told["asked"], [group["times"] for group in told["groups"]]) == (4, [3, 1])
    first = told["groups"][0]
    assert (first["first"], first["last"]) == ("2026-01-01", "2026-01-03")
    assert Path(first["nearest"]["file"]).exists() and first["nearest"]["line"] > 0
    out = run("unanswered", "--most", "1").stdout.decode()
    assert "1. 3 times, 2026-01-01 to 2026-01-03" in out
    assert (
        f"{first['nearest']['entry']} “" in out
        and f"{first['nearest']['file']}:{first['nearest']['line']}" in out
    )
    assert first["stub"] in out
    assert "1 smaller group not shown" in out


# the stub


def group_of(*texts: str, nearest: Nearest | None = None) -> Group:
    asked = tuple(Question(text, text, 1, "2026-01-05", "2026-01-05") for text in map(kept_text, texts))
    return Group(asked, nearest, close=nearest is not None)


def test_a_new_entry_is_yaml_that_the_loader_reads_whatever_was_typed(folder: Path) -> None:
    file = folder / "baking" / "day.yaml"
    groups = [group_of(text) for text in NASTY] + [group_of(*NASTY)]
    new = "".join(stub(group, f"new-{number}") for number, group in enumerate(groups))
    assert "answer: TODO" in new
    file.write_text(
        file.read_text(encoding="utf-8") + new.replace("source: TODO", "source: loaf"), encoding="utf-8"
    )
    *singles, together = load_knowledge([folder]).entries[1:]
    wanted = [kept_text(text) for text in NASTY]
    assert [entry.question for entry in singles] == [text[0].upper() + text[1:] for text in wanted]
    assert together.questions[1:] == tuple(wanted[1:])


def test_a_new_entry_can_not_be_used_before_its_source_is_filled_in(folder: Path) -> None:
    file = folder / "baking" / "day.yaml"
    file.write_text(
        file.read_text(encoding="utf-8") + stub(group_of("who sells yeast?"), "yeast"), encoding="utf-8"
    )
    with pytest.raises(KnowledgeError, match=r":18:17: .error. .*source"):
        load_knowledge([folder])


def test_phrasings_for_an_entry_that_is_close_are_its_list_continued(folder: Path) -> None:
    file = folder / "baking" / "day.yaml"
    (entry,) = load_knowledge([folder]).entries
    more = stub(
        group_of(*NASTY, "Baker start-time", nearest=Nearest(entry, entry.questions[1], 0.6)), "unused"
    )
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    (read,) = load_knowledge([folder]).entries
    assert read.questions == (*entry.questions, *map(kept_text, NASTY))  # and none that is there already


def test_an_entry_is_close_only_where_nothing_speaks_against_it(bot) -> None:
    france, visa = summarise(
        bot, [record("ml engineer salary in france"), record("visa sponsorship for ml engineers")]
    ).groups
    assert france.nearest and france.nearest.likeness > 0.9 and not france.close
    assert france.table and france.table.id == "machine-learning-engineer/salary-by-country"
    assert (visa.declined, visa.close) == ("visas", False)


def test_ids_are_made_of_the_question_and_are_new() -> None:
    assert new_id("How much do bakers earn in a small town?", set()) == "how-much-do-bakers-earn-in"
    assert new_id("What's the Bäcker's pay?", {"what-the-backer-pay"}) != "what-the-backer-pay"
    assert new_id("漢字?", {"question"}) == "question-2"
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", new_id("c++ / c# -- ph.d.'s?", set()))
