"""``chatbot ask``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chatbot.cli.output import emit
from chatbot.cli.render import Style, render
from chatbot.reply import ReplyKind

if TYPE_CHECKING:
    from chatbot.cli.settings import Settings


def run_ask(settings: Settings, question: str, as_json: bool, why: bool) -> int:
    """Print the reply; the exit status: 0 for an answer or small talk, else 1."""
    bot = settings.bot_with_bar()
    reply = bot.ask(question)
    if settings.log_unanswered:
        from chatbot.cli.feedback import Feedback

        Feedback(True).asked(bot, question, reply)
    if as_json:
        emit(json.dumps(reply.to_dict(), ensure_ascii=False))
    else:
        emit(render(reply, Style.of_stdout(settings.color), why))
    return 0 if reply.kind in {ReplyKind.ANSWER, ReplyKind.SMALLTALK} else 1
