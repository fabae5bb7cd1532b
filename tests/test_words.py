"""The word lists and the numbers of the policy: typed, complete, read once and late."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import msgspec
import pytest

from chatbot.language import words
from chatbot.language.leftout import asks, continues, filler, function_words, goes_on, opening_gone, rest_of
from chatbot.language.words import english
from chatbot.paths import PACKAGE, data_file
from chatbot.policy import FILE, numbers, policy, standing_in, typed

LISTS = data_file(words.FILE).read_text(encoding="utf-8")
POLICY = data_file(FILE).read_text(encoding="utf-8")


def test_a_list_that_is_missing_unknown_or_of_another_type_is_an_error() -> None:
    words.typed(LISTS)
    line = re.search(r'^pronouns = ".*"\n', LISTS, re.M)
    assert line
    for other in ("", line[0] + 'pronoun = "it"\n', "pronouns = 3\n"):
        with pytest.raises(msgspec.ValidationError):
            words.typed(LISTS.replace(line[0], other))


def test_every_list_has_a_comment_and_holds_a_word_once_in_small_letters() -> None:
    lines = LISTS.splitlines()
    named = [i for i, line in enumerate(lines) if re.match(r"\w+ = ", line)]
    for i in named:
        # one comment for lists that belong together
        before = next(j for j in range(i - 1, -1, -1) if not re.match(r"\w+ = ", lines[j]))
        assert lines[before].startswith("# "), lines[i]
    for section, lists in tomllib.loads(LISTS).items():
        for name, value in lists.items():
            if isinstance(value, str):
                listed = [phrase.strip() for phrase in value.split(",")]
                assert all(listed) and len(listed) == len(set(listed)), f"{section}.{name}"
                assert listed == [phrase.lower() for phrase in listed], f"{section}.{name}"


def test_every_list_and_every_number_is_used() -> None:
    code = "\n".join(
        file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py") if file.name != "policy.py"
    )
    code = code.replace(
        (PACKAGE / "language" / "words.py").read_text(encoding="utf-8"), "filler any_question"
    )
    for text in (LISTS, POLICY):
        for section, listed in tomllib.loads(text).items():
            unused = [name for name in listed if not re.search(rf"\b{name}\b", code)]
            assert not unused, f"{section}: {unused}"


def test_ranks_are_of_the_list_of_words() -> None:
    ranks = msgspec.structs.asdict(policy().words)
    assert all(0 < rank < len(english()) for rank in ranks.values())
    assert list(ranks.values()) == sorted(ranks.values())


def test_another_policy_stands_in_for_the_shipped_one_and_goes() -> None:
    shipped = policy()
    other = msgspec.structs.replace(shipped, follow_up=msgspec.structs.replace(shipped.follow_up, short=1))
    assert continues("what about nurses")
    with standing_in(other):
        assert policy() is other
        assert not continues("pay in ohio")
    assert policy() is shipped
    assert continues("pay in ohio")
    missing = numbers(POLICY)
    del missing["follow_up"]["short"]
    with pytest.raises(msgspec.ValidationError):
        typed(missing)


def test_what_opens_a_message() -> None:
    assert opening_gone("ok, great thanks. what do nurses earn?") == "what do nurses earn?"
    assert opening_gone("hmmmm, and in ohio?") == "and in ohio?"
    assert opening_gone("ok") == "ok"
    assert (
        goes_on("no, I meant texas")
        and goes_on("What about Texas")
        and goes_on("actually texas")
        and not goes_on("nobody knows")
    )
    assert asks("Which one") and not asks("whichever")
    assert rest_of("no, i meant in texas") == "in texas"
    assert filler() < function_words()


def test_help_reads_no_words_and_no_policy() -> None:
    code = (
        "import sys\nfrom chatbot.cli.main import cli\ntry:\n    cli(['--help'])\nexcept SystemExit:\n    pass\n"
        "assert not [name for name in sys.modules if name in {'chatbot.policy', 'chatbot.language.words'}]\n"
        "import chatbot.bot\nfrom chatbot import policy\nassert policy._shipped.cache_info().currsize == 0\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
