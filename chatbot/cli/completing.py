"""Completion in the conversation: commands after "/", known questions on Tab."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from rapidfuzz import fuzz, process, utils

from chatbot.cli.commands import REGISTRY
from chatbot.knowledge.model import Knowledge

MOST = 8


class ChatCompleter(Completer):
    """``knowledge`` gives what is loaded, or None while it is not."""

    def __init__(self, knowledge: Callable[[], Knowledge | None]) -> None:
        self._knowledge = knowledge

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Commands and topics after "/"; else, asked for with Tab, the known questions most like what is
        typed.
        """
        text = document.text_before_cursor
        knowledge = self._knowledge()
        if text.startswith("/"):
            yield from self._commands(text, knowledge)
        elif complete_event.completion_requested and knowledge and text.strip():
            questions = [entry.question for entry in knowledge.entries]
            found = process.extract(
                text,
                questions,
                scorer=fuzz.WRatio,
                processor=utils.default_process,
                limit=MOST,
                score_cutoff=45,
            )
            for question, _, _ in found:
                yield Completion(question, start_position=-len(text))

    @staticmethod
    def _commands(text: str, knowledge: Knowledge | None) -> Iterable[Completion]:
        name, space, argument = text[1:].partition(" ")
        if not space:
            for command in REGISTRY.values():
                if command.name.startswith(name):
                    yield Completion("/" + command.name, start_position=-len(text), display_meta=command.help)
        elif "topics".startswith(name) and knowledge:
            for topic, title in knowledge.topics.items():
                if topic.startswith(argument):
                    yield Completion(topic, start_position=-len(argument), display_meta=title)
