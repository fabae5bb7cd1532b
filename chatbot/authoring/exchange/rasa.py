"""The training data of a Rasa bot: what an ``nlu.yml`` asks, and what the domain beside it answers.

``domain.yml``, ``responses.yml`` and the rules are looked for in the file itself, beside it and in the folder
above, where such a bot has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot.authoring.exchange import foreign
from chatbot.authoring.exchange.record import Fault, Notes, Origin, Reading, Record, WrongError, short
from chatbot.errors import ChatbotError, KnowledgeError
from chatbot.knowledge.yamlfile import Node, read
from chatbot.language.normalise import printable

MOST_FILES = 200
_ENTITY = re.compile(r"\[([^\]\[]+)\](?:\([^()]*\)|\{[^{}]*\})")
_SLOT = re.compile(r"\{[A-Za-z_]\w*\}")


@dataclass
class _Bot:
    """What the files beside say: the texts of each response, and which response an intent gets by a rule."""

    responses: dict[str, list[str]] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)

    def add(self, root: Node) -> None:
        """Take in what a file says."""
        told = _value(root, "responses")
        for name, node in (told.value if told and isinstance(told.value, dict) else {}).items():
            listed = node[1].value if isinstance(node[1].value, list) else []
            texts = [str(text.value) for one in listed if (text := _value(one, "text")) and text.value]
            self.responses.setdefault(name, texts)
        for key in ("rules", "stories"):
            for one in _list(root, key):
                self._rule(one)

    def _rule(self, node: Node) -> None:
        intent = None
        for step in _list(node, "steps"):
            if name := _value(step, "intent"):
                intent = str(name.value)
            action = _value(step, "action")
            if intent and action and str(action.value).startswith("utter_"):
                self.rules.setdefault(intent, str(action.value))
                return

    def answers(self, intent: str) -> list[str]:
        """The texts that an intent is answered with, by its own response or a rule."""
        ruled = self.rules.get(intent)
        if ruled and "/" not in intent and ruled in self.responses:
            return self.responses[ruled]
        return self.responses.get(f"utter_{intent}", [])


def read_rasa(file: Path) -> Reading:
    """An ``nlu.yml``; raises ``ChatbotError`` where it has no intents, or none of them an answer."""
    root, notes, bot = _read(file), Notes(file), _Bot()
    intents = [node for node in _list(root, "nlu") if _value(node, "intent")]
    if not intents:
        raise ChatbotError(
            printable(
                f"{file}: no intents under nlu: this is how a Rasa bot is told its questions; a pack of this program needs no import, use --knowledge"
            )
        )
    bot.add(root)
    told = [note for beside in _beside(file) if (note := _add(bot, beside))]
    if not any(bot.answers(str(_intent(node))) for node in intents):
        raise ChatbotError(
            printable(
                f"{file}: the answers of a Rasa bot stand in its domain.yml (responses: utter_...): put it beside this file or in the folder above"
            )
        )
    others = len(_list(root, "nlu")) - len(intents)
    if others:
        told.append(
            printable(f"{file}: {others:,} items that are no intents (synonyms, lookups) are not read")
        )
    return Reading(_records(file, intents, bot, notes, told), Origin(file.name), told)


def _read(file: Path) -> Node:
    try:
        return read(file)
    except KnowledgeError as error:
        raise ChatbotError(printable(str(error.findings[0]))) from None


def _beside(file: Path) -> Iterator[Path]:
    """Other YAML files of the bot."""
    here = file.parent
    names = [here, here / "domain", here / "data", here.parent, here.parent / "domain"]
    found = (
        path for folder in names for ending in ("yml", "yaml") for path in sorted(folder.glob(f"*.{ending}"))
    )
    yield from [path for path in dict.fromkeys(found) if path != file and path.is_file()][:MOST_FILES]  # fmt: skip


def _add(bot: _Bot, file: Path) -> str | None:
    """Take in a file; what to say of one that can't be read."""
    try:
        bot.add(read(file))
    except KnowledgeError as error:
        return printable(f"{error.findings[0]}; it is left out")
    return None


def _records(
    file: Path, intents: list[Node], bot: _Bot, notes: Notes, told: list[str]
) -> Iterator[Record | Fault]:
    for node in intents:
        intent = _intent(node)
        try:
            yield Record("entry", node.line, _fields(intent, node, bot, notes))
        except WrongError as wrong:
            yield Fault(file, node.line, f"intent {short(intent, 60)!r}: {wrong}")
    told += notes.told()


def _fields(intent: str, node: Node, bot: _Bot, notes: Notes) -> dict[str, Any]:
    asked = [_ENTITY.sub(r"\1", text) for text in _examples(node)]
    if not asked:
        raise WrongError("no examples")
    answers = bot.answers(intent)
    if not answers:
        raise WrongError(f"no response utter_{short(intent, 60)} in the domain")
    for other in answers[1:]:
        notes.add(f"there are more responses than one; this one is left out: {short(other)!r}", node.line)
    answer = foreign.plain(answers[0].strip(), notes, node.line)
    if slot := _SLOT.search(answer):
        notes.add(f"the answer has a gap that nothing fills: {slot.group()}", node.line)
    fields: dict[str, Any] = {"id": intent, "answer": answer}
    topic, slash, _ = intent.partition("/")
    foreign.asked(fields, asked, False, notes, node.line)
    return fields | ({"topic_title": topic} if slash else {})


def _intent(node: Node) -> str:
    told = _value(node, "intent")
    return str(told.value) if told else ""


def _examples(node: Node) -> list[str]:
    told = _value(node, "examples")
    if told is None:
        return []
    if isinstance(told.value, list):
        texts = [_value(one, "text") or one for one in told.value]
        return [text for one in texts if (text := _item(str(one.value)))]
    return [text for line in str(told.value).splitlines() if (text := _item(line))]


def _item(line: str) -> str:
    return line.strip().removeprefix("-").strip()


def _value(node: Node, key: str) -> Node | None:
    found = node.value.get(key) if isinstance(node.value, dict) else None
    return found[1] if found else None


def _list(node: Node, key: str) -> list[Node]:
    told = _value(node, key)
    return told.value if told and isinstance(told.value, list) else []
