"""``chatbot eval``: what is scored, what is refused, and the exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import bees
import pytest
from click.testing import CliRunner, Result

from chatbot import CompiledEncoder
from chatbot.cli.main import cli
from chatbot.errors import ChatbotError
from chatbot.measuring.evaluation import Evaluation, Outcome, Verdict
from chatbot.measuring.labelled import Labelled
from chatbot.reply import Reply, ReplyKind

ROWS = [
    ("how much honey from a hive?", "honey-yield"),
    ("varroa treatment", "bees/mites wax"),
    ("how do I melt old comb?", "queen"),
    ("rent of a flat in town", "smoker"),
    ("weather tomorrow in Oslo", "none"),
    ("who won the cup final", "none"),
]
"""Two are answered rightly, one with something else, one is not known, and the last two are declined."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options that name a small knowledge base."""
    base = tmp_path_factory.mktemp("bees")
    return [
        "--knowledge",
        str(bees.write_knowledge(base / "my")),
        "--intents",
        str(bees.write_intents(base / "intents")),
    ]


@pytest.fixture
def evaluate(
    folders: list[str], compiled: CompiledEncoder, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run ``chatbot eval`` in this process, with an encoder that is loaded once."""
    monkeypatch.setattr("chatbot.bot.CompiledEncoder", lambda **_: compiled)

    def call(file: Path, *options: str) -> Result:
        return CliRunner().invoke(cli, [*folders, "eval", str(file), *options])

    return call


def write_rows(file: Path, rows: list[tuple[str, str]] = ROWS) -> Path:
    if file.suffix == ".jsonl":
        named = [{"question": q, "expected": e.split() if " " in e else e} for q, e in rows]
        text = "\n".join(json.dumps(row) for row in named)
    else:
        separator = {".csv": ",", ".tsv": "\t"}[file.suffix]
        text = "\n".join(
            separator.join(row)
            for row in [("question", "expected"), *((f'"{q}"', e.replace(" ", ";")) for q, e in rows)]
        )
    file.write_text(text + "\n", encoding="utf-8")
    return file


def test_every_question_is_counted_once_and_failures_say_what_came(evaluate, tmp_path: Path) -> None:
    done = evaluate(write_rows(tmp_path / "asked.jsonl"), "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert found["in_scope"] == {
        "questions": 4,
        "right": 2,
        "wrong": 1,
        "clarify": 0,
        "unknown": 1,
        "other": 0,
    }
    assert found["out_of_scope"] == {"questions": 2, "declined": 2, "answered": 0}
    assert 0 <= found["expected_calibration_error"] <= 1
    wrong, unknown = found["failures"]
    assert (wrong["line"], wrong["kind"], wrong["entry_ids"], wrong["winner"]) == (
        3,
        "answer",
        ["bees/wax"],
        "bees/wax",
    )
    assert wrong["expected"] == ["bees/queen"]
    assert wrong["rival"] == "bees/queen"
    assert wrong["rival_score"] is None or wrong["rival_score"] < wrong["winner_score"]
    assert (unknown["line"], unknown["kind"], unknown["rule"]) == (4, "unknown", "nothing near")


def test_the_text_has_the_same_numbers_and_names_the_line(evaluate, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "asked.jsonl")
    out = evaluate(file).stdout
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for line in (
        "right 2 50.0%",
        "answered with something else 1 25.0%",
        "not answered: unknown 1 25.0%",
        "declined 2 100.0%",
        "Failures: 2",
    ):
        assert line in lines
    assert f"{file}:3: how do I melt old comb?" in lines
    assert "expected bees/queen" in out and "came: answer bees/wax" in " ".join(lines)
    limited = evaluate(file, "--failures", "1").stdout
    assert "Failures: the first 1 of 2" in limited and f"{file}:4" not in limited


def test_csv_tsv_and_json_lines_give_the_same(evaluate, tmp_path: Path) -> None:
    found = [
        json.loads(evaluate(write_rows(tmp_path / f"asked.{kind}"), "--json").stdout)
        for kind in ("jsonl", "csv", "tsv")
    ]
    for one in found:
        del one["file"]
        for failure in one["failures"]:
            del failure["line"]  # a header comes first
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--min-right", "50", "--max-wrong", "25", "--min-declined", "100"], 0, ""),
        (["--min-right", "50.1"], 1, "chatbot: --min-right 50.1 is missed: right 50.00%\n"),
        (
            ["--max-wrong", "10"],
            1,
            "chatbot: --max-wrong 10 is missed: answered with something else 25.00%\n",
        ),
    ],
)
def test_a_missed_limit_is_named_and_exits_with_1(
    evaluate, tmp_path: Path, options: list[str], status: int, said: str
) -> None:
    done = evaluate(write_rows(tmp_path / "asked.csv"), *options)
    assert (done.exit_code, done.stderr) == (status, said)
    assert "In scope: 4" in done.stdout


def test_a_limit_on_nothing_is_not_passed(evaluate, tmp_path: Path) -> None:
    done = evaluate(write_rows(tmp_path / "asked.csv", ROWS[:2]), "--min-declined", "90")
    assert isinstance(done.exception, ChatbotError)
    assert "--min-declined: the file has no question out of scope" in str(done.exception)


BAD = b"""{"question": "fine?", "expected": "smoker"}
{"question": "where is the rest"
["question", "smoker"]

{"question": " ", "expected": "smoker"}
{"question": "who?", "expected": "quen"}
{"question": "who?"}
{"question": "who?", "expected": ["smoker", "none"]}
{"question": "who?", "expected": 7}
{"question": "caf\xe9?", "expected": "smoker"}
"""


def test_every_bad_line_is_named_and_nothing_is_scored(evaluate, tmp_path: Path) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_bytes(BAD)
    done = evaluate(file)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        f"{file}:2: not JSON (Expecting ',' delimiter at column 33)",
        f'{file}:3: not a JSON object, such as {{"question": "...", "expected": "entry-id"}}',
        f"{file}:5: no question",
        f"{file}:6: no entry has the id 'quen'; did you mean 'queen'?",
        f'{file}:7: nothing is expected; give the id of an entry, or "none" where no fact may be told',
        f'{file}:8: "none" stands beside ids; give one or the other',
        f'{file}:9: expected must be an id, a list of ids, or "none"',
        f"{file}:10: not UTF-8 (byte 0xe9 at byte 18 of the line)",
    ]
    skipping = evaluate(file, "--skip-bad-lines", "--json")
    assert skipping.exit_code == 0
    assert json.loads(skipping.stdout)["questions"] == 1
    assert len(json.loads(skipping.stdout)["bad_lines"]) == len(skipping.stderr.splitlines()) == 8


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jsonl", b"", ":1: no question stands here"),
        ("a.csv", b"question,expected\n", ":1: no question stands here"),
        (
            "a.csv",
            b"\nquestion,answer\nwho?,smoker\n",
            ":2: the header has no column expected; it has 'question, answer'",
        ),
        ("a.csv", b"question,expected\nwho, really?,smoker\n", ":2: 3 columns, where the header has 2"),
        ("a.csv", b'question,expected\n"a\nb",smoker\nwho?,\n', ":4: nothing is expected"),
        (
            "a.tsv",
            b'question\texpected\n"who?\tsmoker\nwhat?\twax\n',
            ":2: not a row that can be read, which goes on to line 3",
        ),
        ("a.csv", "question,expected\nwho?,smoker\n".encode("utf-16"), ":1: not UTF-8 but UTF-16"),
    ],
)
def test_a_bad_table_is_one_line_and_exits_with_2(
    evaluate, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    for options in ([], ["--skip-bad-lines"]):
        done = evaluate(tmp_path / name, *options)
        assert (done.exit_code, done.stdout) == (2, "") or said.startswith((":4", ":2: 3"))
        assert len(done.stderr.splitlines()) == 1
        assert done.stderr.startswith(f"{tmp_path / name}{said}")


@pytest.mark.parametrize(
    ("name", "said"), [("asked.txt", "must end in .jsonl, .csv or .tsv"), ("none.csv", "can't be read")]
)
def test_a_file_that_can_not_be_read_is_one_line(evaluate, tmp_path: Path, name: str, said: str) -> None:
    error = evaluate(tmp_path / name).exception
    assert isinstance(error, ChatbotError)
    assert said in str(error) and "\n" not in str(error)


def test_a_bare_id_of_two_packs_must_be_written_in_full(folder: Path, tmp_path: Path) -> None:
    bees.write_knowledge(tmp_path / "my", facts=1)
    file = folder / "baking" / "day.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("id: start", "id: honey-yield"), encoding="utf-8"
    )
    write_rows(
        tmp_path / "asked.jsonl", [("how early?", "honey-yield"), ("how early?", "baking/honey-yield")]
    )
    options = ["--knowledge", str(folder), "--knowledge", str(tmp_path / "my")]
    done = CliRunner().invoke(cli, [*options, "eval", str(tmp_path / "asked.jsonl")])
    assert done.exit_code == 2
    said = "several packs have an entry 'honey-yield'; write baking/honey-yield or bees/honey-yield"
    assert done.stderr == f"{tmp_path / 'asked.jsonl'}:1: {said}\n"


def test_any_entry_of_the_answer_may_be_the_expected_one() -> None:
    told = Reply(ReplyKind.ANSWER, "Both.", ("a/one", "a/two"), confidence=0.9)
    asked = Labelled("which?", ("a/two", "a/three"))
    assert Outcome(asked, told).verdict is Verdict.RIGHT
    assert Outcome(Labelled("which?", ("a/three",)), told).verdict is Verdict.WRONG
    assert Outcome(Labelled("which?", ()), told).verdict is Verdict.ANSWERED
    assert Outcome(Labelled("which?", ()), Reply(ReplyKind.CLARIFY, "Which?")).verdict is Verdict.DECLINED
    evaluation = Evaluation((Outcome(asked, told),))
    assert evaluation.calibration_error == pytest.approx(0.1)
    assert evaluation.percent(Verdict.DECLINED) is None
