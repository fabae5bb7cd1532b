"""Answers that a command needs: from its options, else asked for on a terminal (on stderr), else one line
that names what is missing."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import click

from chatbot.errors import ChatbotError

Check = Callable[[str], str]
"""Gives the value as it is to be used; raises ``ChatbotError`` for one that can't be."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_URL = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Question:
    """What is asked for, under the name of its option. ``default``: None where an answer is needed, "" where
    none will do.
    """

    option: str
    text: str
    check: Check
    default: str | None = None


def one_line(text: str) -> str:
    """The text in one line: without control characters, white space folded."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def some_text(value: str) -> str:
    """Any text that is not empty."""
    if not (text := one_line(value)):
        raise ChatbotError("it must not be empty")
    return text


def an_id(value: str) -> str:
    """An id; the message for another text proposes the nearest."""
    if _ID.fullmatch(value):
        return value
    from chatbot.authoring.scaffold import id_of

    near = f"; {near!r} would do" if (near := id_of(value)) else ""
    raise ChatbotError(
        f"{one_line(value)!r} is no id: lower-case letters and digits in words joined by hyphens{near}"
    )


def a_date(value: str) -> str:
    """A day, month or year of the calendar, or ``undated``."""
    text = one_line(value).lower()
    if text == "undated":
        return text
    if _DATE.fullmatch(text):
        try:
            datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
        except ValueError:
            pass
        else:
            return text
    raise ChatbotError(f"{one_line(value)!r} is no date; write YYYY-MM-DD, YYYY-MM, YYYY or 'undated'")


def an_address(value: str) -> str:
    """An address of the web."""
    text = one_line(value)
    if not _URL.fullmatch(text):
        raise ChatbotError(
            f"{text!r} is no web address; it begins with http:// or https:// and holds no space"
        )
    return text


def one_of(*known: str) -> Check:
    """One of these words."""

    def check(value: str) -> str:
        if value in known:
            return value
        raise ChatbotError(f"{one_line(value)!r} is not known; write one of: {', '.join(known)}")

    return check


def answers(questions: Sequence[Question], given: Mapping[str, str | None]) -> dict[str, str]:
    """The answer to each question by the name of its option; optional ones may be "".

    On a terminal what is not given, or can't be used, is asked for until it can; elsewhere that is a
    ``ChatbotError``.
    """
    asking = sys.stdin.isatty()
    if not asking:
        missing = [f"--{q.option}" for q in questions if given.get(q.option) is None and q.default is None]
        if missing:
            raise ChatbotError(
                f"missing: {', '.join(missing)}; give {'it' if len(missing) == 1 else 'them'}, or use a terminal to be asked"
            )
    return {q.option: _answer(q, given.get(q.option), asking) for q in questions}


def several(question: Question, given: Sequence[str]) -> list[str]:
    """The same for an option that may be given more than once: asked for again and again until an empty line,
    where none is given.

    Answers that differ only in small and capital letters count once.
    """
    found: dict[str, str] = {}
    for value in given:
        text = _answer(question, value, sys.stdin.isatty())
        found.setdefault(text.casefold(), text)
    if given or not sys.stdin.isatty():
        if not found and question.default is None:
            raise ChatbotError(f"missing: --{question.option}; give it, or use a terminal to be asked")
        return list(found.values())
    while True:
        needed = question.default is None and not found
        text = _prompt(Question(question.option, question.text, question.check, None if needed else ""))
        if not text:
            return list(found.values())
        found.setdefault(text.casefold(), text)


def _answer(question: Question, given: str | None, asking: bool) -> str:
    if given is not None:
        try:
            return _checked(question, given)
        except ChatbotError as error:
            if not asking:
                raise ChatbotError(f"--{question.option}: {error}") from None
            click.echo(f"--{question.option}: {error}", err=True)
    if asking:
        return _prompt(question)
    assert question.default is not None
    return question.default


def _checked(question: Question, value: str) -> str:
    return "" if question.default == "" and not value.strip() else question.check(value)


def _prompt(question: Question) -> str:
    """Ask until the answer can be used; the end of the input is ``click.Abort``."""

    def check(value: str) -> str:
        try:
            return _checked(question, value)
        except ChatbotError as error:
            raise click.UsageError(str(error)) from None

    while True:
        try:
            # "" as the default keeps click from asking an empty line again without a word
            answer: str = click.prompt(
                question.text,
                default=question.default or "",
                show_default=bool(question.default),
                value_proc=check,
                err=True,
            )
            return answer
        except UnicodeDecodeError:
            click.echo("Error: that is not UTF-8", err=True)
