"""Questions on a pipe: each line is one turn of one conversation."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from chatbot.language.normalise import MAX_CHARS
from chatbot.showing.output import emit
from chatbot.showing.render import Style, render

if TYPE_CHECKING:
    from chatbot.conversation import Conversation
    from chatbot.live.feedback import Feedback
    from chatbot.live.settings import Settings

HOW = """No question came in. Ask one like this:
  chatbot ask "what does an ML engineer earn in Germany?"
  echo "do i need a degree?" | chatbot
or run chatbot in a terminal for a conversation."""


def run_lines(settings: Settings, as_json: bool) -> None:
    """Answer line by line; bytes that are not UTF-8 are replaced, empty lines skipped. With nothing on the
    pipe, say how to ask."""
    chat: Conversation | None = None
    feedback: Feedback | None = None
    style = Style.of_stdout(settings.color)
    if settings.watch:
        print("chatbot: --watch is for a conversation in a terminal; here it does nothing", file=sys.stderr)
    for raw in iter(lambda: sys.stdin.buffer.readline(8 * MAX_CHARS), b""):
        question = raw.decode("utf-8", "replace").strip()
        if not question:
            continue
        if chat is None:
            chat = settings.bot_with_bar().conversation()
            feedback = _feedback(settings)
        reply = chat.ask(question)
        if feedback:
            feedback.said(chat, reply)
        emit(json.dumps(reply.to_dict(), ensure_ascii=False) if as_json else render(reply, style) + "\n")
    if chat is None:
        print(HOW, file=sys.stderr)


def _feedback(settings: Settings) -> Feedback | None:
    if not settings.log_unanswered:
        return None
    from chatbot.live.feedback import Feedback

    return Feedback(True)
