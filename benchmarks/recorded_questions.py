"""What recording.py asks, gathered once: labelled sets, generated questions, the pages, the tests, intents,
typing errors, junk."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import yaml
from occupation_questions import Maker, slip
from recorded_dialogues import written

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "benchmarks" / "data"
SEEDS, PER_SEED, FOLLOW_UPS = (101, 102, 103, 104), 100, 15
SLIPS, PAIRS = 120, 70
MANY_EXAMPLES = {"safety.yaml": 6, "smalltalk.yaml": 4}
"""How many examples of each intent are asked; of the other files two."""
ASKED_NAMES = frozenset({"question", "questions", "turns", "typed", "aside", "asked", "message", "choice"})
"""Names under which tests are given what is asked."""
ALONE = frozenset({"bot", "engineer_bot", "layered", "onet", "made", "career"})
"""Names of bots in the tests: what is asked of them is asked alone."""
JUNK = (
    "", " ", "\n\t ", "?", "???!!!", "...", "-", "\x00", "\x00\x1b[31m", "pay\x00 in \x1b[31mgermany\x1b[0m?", "\ud800", "😀😀",
    "💰 ml engineer 💰?", "\u200b\u200b", "\ufeffml salary uk", "ml\u00a0salary\u00a0uk", "ＭＬ ｓａｌａｒｙ ＵＫ", "x" * 2000, "x" * 2001,
    "x" * 9000, "pay " * 480, "pay " * 2400, "? " * 500, "nurse " * 300, "1", "2", "42", "3.14159", "$", "$100,000", "a", "I", "the",
    "of the", "asdf", "asdf qwer", "qwertyuiop", "lorem ipsum dolor sit amet", "SELECT * FROM salaries; DROP TABLE users",
    "<script>alert(1)</script>", "{{7*7}}", "../../etc/passwd", "ml engineer salary\r\nuk", "%s %d %n", "null", "None", "NaN",
    "http://example.com/jobs", "me@example.com", "¿Cuánto gana un ingeniero de aprendizaje automático?",
    "¿cuánto gana una enfermera en Texas?", "Was verdient ein Machine Learning Engineer in Deutschland?",
    "wie viel verdient ein Klempner", "Combien gagne un ingénieur en machine learning ?", "quanto guadagna un infermiere",
    "quanto ganha um eletricista no Texas", "ile zarabia pielęgniarka", "сколько зарабатывает программист", "机器学习工程师的工资是多少？",
    "機械学習エンジニアの給料は？", "مرحبا كم الراتب", "मशीन लर्निंग इंजीनियर का वेतन", "machine learning mühendisi maaşı",
    "hur mycket tjänar en elektriker", "hoeveel verdient een verpleegkundige", "ML ENGINEER SALARY GERMANY!!!!!", "mLeNgInEeR sAlArY",
    "m l e n g i n e e r p a y", "salarysalarysalary", "nurse nurse nurse", "texas", "ohio?", "germany", "nurse", "plumbers", "engineer",
    "teacher pay", "manager salary", "doctor", "salary", "pay?", "degree", "job", "how", "why", "how much", "what about it?",
    "and in ohio?", "there", "jobs like that", "the second one", "per hour?", "and for seniors?", "no, I meant electricians",
    "where did you get that?", "say that again", "which of the two earns more?",
)  # fmt: skip
OF_WORK = (
    "what does a baker do?", "tasks of a registered nurse", "duties of a miller", "what software do bakers use",
    "what tools does a baker use?", "which tools are in demand for bakers", "what do I need to learn to be a baker",
    "education of bakers", "do bakers need a diploma", "how much training does a miller need", "jobs like baker",
    "occupations close to miller", "what is a purchasing agent?", "describe the work of a baker", "what interests fit bakers",
    "master baker salary", "MB pay in ohio", "cake maker pay", "oven hand salary texas", "night oven hand pay", "CBO salary",
    "chief baking officer pay in texas", "caker wages", "grain miller salary", "what does a grain miller do all day",
    "bakers and millers: who earns more?", "ward hand pay in ohio", "what does a ward hand do", "bedside zebra nurse tasks",
    "widget purchaser pay in Texas", "what does a widget purchaser do", "what does an electrician do?", "job zone of bakers",
    "how long to become a baker", "is a baker's work physical", "what do nurses do and what do they earn",
    "what does a baker do in Ohio?", "where are these tasks from?",
)  # fmt: skip
"""What O*NET tells of the occupations in the small release, and some that it doesn't hold."""

Dialogue = tuple[str, tuple[str, ...]]


def gathered() -> tuple[list[tuple[str, str]], list[Dialogue]]:
    """All questions with where each is from, and all dialogues; each once."""
    dialogues: dict[tuple[str, ...], str] = {}
    singles: dict[str, str] = {}
    tests, told = of_tests()
    for origin, turns in (*labelled_dialogues(), *told, *of_pages()[1], *generated()[1], *written()):
        if 2 <= len(turns) <= 6:
            dialogues.setdefault(turns, origin)
    sets = list(labelled())
    everything = [*sets, *generated()[0], *of_pages()[0], *tests, *of_intents()]
    everything += [
        *slips([text for _, text in sets]),
        *pairs([text for _, text in sets]),
        *(("junk", text) for text in JUNK),
        *(("work", text) for text in OF_WORK),
    ]
    for origin, text in everything:
        singles.setdefault(text, origin)
    return [(origin, text) for text, origin in singles.items()], [
        (origin, turns) for turns, origin in dialogues.items()
    ]


def labelled() -> Iterator[tuple[str, str]]:
    """Every question of the labelled sets."""
    for file in sorted(DATA.glob("*.jsonl")):
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if "turns" not in row:
                yield file.stem, row.get("question") or row["q"]


def labelled_dialogues() -> Iterator[Dialogue]:
    """The labelled dialogues."""
    file = DATA / "us-occupations-dialogues.jsonl"
    for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        yield file.stem, tuple(turn["user"] for turn in row["turns"])


def generated() -> tuple[list[tuple[str, str]], list[Dialogue]]:
    """Questions for official figures, and follow-ups to them."""
    titles = json.loads((DATA / "us-occupations-titles.json").read_text(encoding="utf-8"))
    singles, dialogues = [], []
    for seed in SEEDS:
        maker = Maker(titles, seed)
        singles += [("generated", case.text) for case in maker.questions(PER_SEED)]
        for i in range(FOLLOW_UPS):
            case = maker.follow_up(("place", "statistic", "title")[i % 3])
            dialogues.append(("generated", (case.before or "", case.text)))
    return singles, dialogues


def of_pages() -> tuple[list[tuple[str, str]], list[Dialogue]]:
    """What is asked on the pages: at the prompt, by commands and calls, in quotes, and in tables with what is
    answered."""
    singles, dialogues = [], []
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"^```.*?^```", text, re.M | re.S):
            lines = re.findall(r"^> (.+)$", block, re.M)
            calls = re.findall(r"\b(?:ask|say)(?:\(| )\"([^\"\n]+)\"", block)
            dialogues += [(page.name, tuple(told[:6])) for told in (lines, calls) if len(told) > 1]
        found = re.findall(
            r"^> (.+)$|\b(?:ask|say)(?:\(| )\"([^\"\n]+)\"|[“\"]([^“”\"\n{}]{3,150}\?)[”\"]", text, re.M
        )
        found += (
            re.findall(r"^\| ([^|\n]+) \| (?=[^|\n]+ \|$)()()", text, re.M)
            if page.name == "occupations.md"
            else []
        )
        singles += [(page.name, part) for groups in found for part in groups if part]
    return singles, dialogues


def of_intents() -> Iterator[tuple[str, str]]:
    """Some of each intent's own examples."""
    rng = Random(3)  # noqa: S311 — no secrets are made
    for file in sorted((ROOT / "intents").glob("*.yaml")):
        for intent in yaml.safe_load(file.read_text(encoding="utf-8"))["intents"]:
            examples = [str(example) for example in intent["examples"]]
            for text in rng.sample(examples, min(len(examples), MANY_EXAMPLES.get(file.name, 2))):
                yield file.stem, text


def slips(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Labelled questions with one slip of the finger or two."""
    rng = Random(5)  # noqa: S311
    for i, text in enumerate(rng.sample(texts, SLIPS)):
        once = slip(text, rng)
        yield "typing errors", slip(once, rng) if i % 2 else once


def pairs(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Two labelled questions in one message."""
    rng = Random(7)  # noqa: S311
    short = [text for text in texts if len(text) < 70]
    for i in range(PAIRS):
        first, second = rng.sample(short, 2)
        first, second = first.rstrip(" ?.!"), second.rstrip(" ?.!")
        yield (
            "two questions",
            (
                f"{first}? {second}?",
                f"{first} and {second}",
                f"{first}, also {second}?",
                f"{first}?\n{second}",
            )[i % 4],
        )


# the tests


def of_tests() -> tuple[list[tuple[str, str]], list[Dialogue]]:
    """What the tests ask: of a bot alone, and in conversations."""
    singles: list[tuple[str, str]] = []
    dialogues: list[Dialogue] = []
    for file in sorted((ROOT / "tests").glob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        known = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for given in parametrised(node, known):
                    _asked_in(file.stem, node, given, singles, dialogues)
    return [(origin, text) for origin, text in singles if len(text) < 2_500], dialogues


def parametrised(
    function: ast.FunctionDef | ast.AsyncFunctionDef, known: Mapping[str, ast.expr]
) -> list[dict[str, Any]]:
    """What a test is given, run by run: values by name."""
    sets: list[list[dict[str, Any]]] = []
    for mark in function.decorator_list:
        if (
            isinstance(mark, ast.Call)
            and ast.unparse(mark.func).endswith("parametrize")
            and len(mark.args) == 2
        ):
            names, rows = (
                _value(mark.args[0], {}),
                _value(mark.args[1], {name: _value(value, {}) for name, value in known.items()}),
            )
            if isinstance(names, str) and isinstance(rows, list | tuple):
                sets.append([{names: row} for row in rows])
            elif isinstance(names, tuple) and isinstance(rows, list | tuple):
                sets.append([dict(zip(names, row, strict=False)) for row in rows if isinstance(row, tuple)])
    return [{name: value for one in combined for name, value in one.items()} for combined in product(*sets)]


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """The value of a literal, parts that are none as None; of a known name, what it stands for."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.List | ast.Tuple):
        values = [_value(part, known) for part in node.elts]
        return tuple(values) if isinstance(node, ast.Tuple) else values
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _asked_in(
    origin: str,
    function: ast.AST,
    given: Mapping[str, Any],
    singles: list[tuple[str, str]],
    dialogues: list[Dialogue],
) -> None:
    """Add what one run of a test asks."""
    chats: dict[str, list[str]] = {}
    calls = sorted(
        (node for node in ast.walk(function) if isinstance(node, ast.Call)),
        key=lambda node: (node.lineno, node.col_offset),
    )
    for name, value in given.items():
        if name in ASKED_NAMES and isinstance(value, str):
            singles.append((origin, value))
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == "talk":
            told = [part for node in call.args[1:] for part in _texts(node, given)]
            dialogues.append((origin, tuple(told)))
            singles += [(origin, text) for text in told[:1]]
        elif isinstance(call.func, ast.Attribute) and call.func.attr in {"ask", "ask_many"} and call.args:
            of = ast.unparse(call.func.value)
            told = _texts(call.args[0], given)
            if of in ALONE or "(" in of or call.func.attr == "ask_many":
                singles += [(origin, text) for text in told]
            else:
                chats.setdefault(of, []).extend(told)
    for told in chats.values():
        dialogues.append((origin, tuple(told[:6])))
        singles += [(origin, text) for text in told[:1]]


def _texts(node: ast.expr, given: Mapping[str, Any]) -> list[str]:
    """The texts that an argument holds."""
    value = _value(node.value if isinstance(node, ast.Starred) else node, given)
    listed = value if isinstance(value, list | tuple) else [value]
    return [text for text in listed if isinstance(text, str)]
