"""Fields of other programs to the fields of an entry: texts without HTML, one question, the others as its
phrasings, and one answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chatbot.authoring.exchange.cells import split_list, split_map
from chatbot.authoring.exchange.htmltext import Plain, to_text, undone
from chatbot.authoring.exchange.names import SEVERAL, canonical, folded, instead
from chatbot.authoring.exchange.parsing import Number
from chatbot.authoring.exchange.record import FIELDS, LISTS, MAPS, Notes, WrongError, nearest, short, tidy

TEXT = (
    "text",
    "value",
    "plainText",
    "plain",
    "markdown",
    "content",
    "body",
    "html",
    "question",
    "answer",
    "name",
    "title",
    "en",
)
"""Keys under which an object holds its text, the likeliest first."""  # fmt: skip
ALTERNATIVES = frozenset(["responses", "answers", "replies"])
"""Keys of several answers, of which any will do; those of a single one are its paragraphs."""
_PLURAL = frozenset(("questions", "answers"))
ASKED = ("question", "phrasings")
HTML = "HTML was made plain text"
SPLIT = "several questions stand together: the first is the question, the others its phrasings"
LOST = "a character was lost before (\ufffd): compare it"


def plain(text: str, notes: Notes, line: int) -> str:
    """Text without the tags and entities of HTML; raises ``WrongError`` for control characters."""
    text = tidy(text)
    found = undone(text)
    if found != text:
        notes.add(HTML, line)
    if "\ufffd" in found:
        notes.add(LOST, line)
    return found


def questions(text: str, several: bool) -> list[str]:
    """The questions of a text: one on each line, unless its lines are those of one question, wrapped.
    ``several``: what holds it says that there are more, so that ``|`` parts them, too."""
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    if several and len(lines) == 1:
        return (
            split_list(lines[0])
            if lines[0].startswith("[")
            else [q for one in lines[0].split("|") if (q := one.strip())]
        )
    wrapped = all(line[0].islower() for line in lines[1:]) and not any(
        line.endswith("?") for line in lines[:-1]
    )
    if len(lines) > 1 and not several and wrapped and lines[-1].endswith("?"):
        return [" ".join(lines)]
    return lines  # fmt: skip


def asked(fields: dict[str, Any], texts: list[str], several: bool, notes: Notes, line: int) -> None:
    """Put the questions of an entry into its fields: the first is the question, the others are phrasings."""
    each = [questions(text, several) for text in texts]
    if any(len(one) > 1 for one in each):
        notes.add(SPLIT, line)
    listed = list(dict.fromkeys(question for one in each for question in one))
    if listed:
        fields["question"] = listed[0]
        if others := listed[1:]:
            fields["phrasings"] = [
                *others,
                *(one for one in fields.get("phrasings", []) if one not in listed),
            ]


def entry_of(found: Mapping[str, Any], notes: Notes, line: int) -> dict[str, Any]:
    """The fields of an entry from an object of a JSON file; raises ``WrongError``."""
    if not isinstance(found, dict):
        raise WrongError('not a JSON object, such as {"question": "...", "answer": "..."}')
    for key in getattr(found, "twice", ()):
        notes.add(f"the key {short(key, 40)!r} stands twice; the last counts", line)
    fields: dict[str, Any] = {}
    asking: list[str] = []
    names = _names_of(found)
    several = False
    _refuse_parallel(found, names)
    for key, value in found.items():
        name = names[key]
        if value is None:
            continue
        if name == "question":
            if isinstance(value, int | float):
                raise WrongError("the question must be text")
            asking += texts_of(value, "question", notes, line)
            several = several or (folded(key) in SEVERAL and isinstance(value, str))
        elif name in fields:
            raise WrongError(f"{name!r} stands there twice, once as {short(key, 40)!r}")
        elif name == "answer":
            fields[name] = _answer(key, value, notes, line)
        else:
            fields[name] = _value(name, value, notes, line)
    asked(fields, asking, several, notes, line)
    return fields


def _names_of(found: Mapping[str, Any]) -> dict[str, str]:
    """What each key means; of two that mean the same, the one that says so itself has it."""
    known = FIELDS["entry"]
    names = {key: canonical(key, known) for key in found}
    keys = list(found)
    for field in ("question", "answer"):
        if field not in names.values() and (at := instead(keys, field)) is not None:
            names[keys[at]] = field
    if "question" not in names.values() and (
        only := [k for k in keys if folded(k) in ("patterns", "utterances", "phrasings")]
    ):
        names[only[0]] = "question"
    for key, name in names.items():
        if name != folded(key) and name in found and name not in ASKED:
            names[key] = folded(key)
    return names  # fmt: skip


def _refuse_parallel(found: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """Raises ``WrongError`` for as many questions as answers: which belong together is not said."""
    lists = {
        names[key]: value
        for key, value in found.items()
        if folded(key) in _PLURAL and isinstance(value, list)
    }
    asked, told = (len(lists.get(name, ())) for name in ("question", "answer"))
    if asked == told > 1:
        raise WrongError(
            f"{asked} questions and {told} answers in one object; write each pair as an object of its own"
        )


def texts_of(value: Any, name: str, notes: Notes, line: int) -> list[str]:
    """The texts of a value: of a list each, of an object the one that it holds; raises ``WrongError``."""
    if isinstance(value, Plain):
        return [str(value)]
    if isinstance(value, str):
        return [text] if (text := plain(value, notes, line).strip()) else []
    if isinstance(value, Number):
        return [value.written]
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, int | float):
        return [str(value)]
    if isinstance(value, list):
        return [text for one in value for text in texts_of(one, name, notes, line)]
    if isinstance(value, dict):
        key = next((key for key in TEXT if value.get(key) is not None), None)
        if key is None or key == "en":
            key = next((key for key in value if key.lower().replace("_", "-").startswith("en")), key)
            if key is not None and len(value) > 1:
                notes.add(f"the {name} stands in several languages; {key!r} is taken", line)
        if key is not None:
            return texts_of(value[key], name, notes, line)
        if not value:
            return []
        raise WrongError(f"the {name} is an object without a text in it; {nearest(next(iter(value)), TEXT)}")
    return []


def _answer(key: str, value: Any, notes: Notes, line: int) -> str:
    texts = texts_of(value, "answer", notes, line)
    if folded(key) in ALTERNATIVES and isinstance(value, list):
        for other in texts[1:]:
            notes.add(f"there are more answers than one; this one is left out: {short(other)!r}", line)
        texts = texts[:1]
    return "\n".join(texts)


def _value(name: str, value: Any, notes: Notes, line: int) -> Any:
    """Any other field, in the form of the schema as far as it can be brought there."""
    if name in LISTS and not isinstance(value, dict):
        if isinstance(value, str):
            return split_list(plain(value, notes, line))
        return texts_of(value, name, notes, line)
    if name in MAPS and isinstance(value, str):
        return split_map(tidy(value))
    if name in ("topic", "topic_title", "id", "source", "section") and not isinstance(value, str):
        texts = texts_of(value, name, notes, line)
        if len(texts) > 1:
            notes.add(f"more than one {name} is named; the first is taken", line)
        return next(iter(texts), None)
    return plain(value, notes, line) if isinstance(value, str) else tidy(value)


def objects(found: Any) -> Iterator[Any]:
    """Every object in a JSON value, the outer ones first."""
    stack = [found]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            yield one
            stack += reversed(list(one.values()))
        elif isinstance(one, list):
            stack += reversed(one)


def page_text(value: str, notes: Notes, line: int) -> str:
    """The text of what is HTML by the rules of its format."""
    found = to_text(tidy(value) if isinstance(value, str) and not isinstance(value, Plain) else value)
    if "\ufffd" in found:
        notes.add(LOST, line)
    return found


_TRAILING = re.compile(r"[;,]+$")


def listed(cell: str, notes: Notes, line: int) -> list[str]:
    """The items of a cell that is a list, also one of HTML."""
    text = plain(cell, notes, line)
    items = split_list(text)
    return [_TRAILING.sub("", item) for item in items] if text != cell else items
