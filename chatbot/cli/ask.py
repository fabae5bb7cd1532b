"""``chatbot ask``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.reply import Reply, ReplyKind
from chatbot.showing.output import emit
from chatbot.showing.render import Style, render

if TYPE_CHECKING:
    from chatbot.live.settings import Settings


def run_ask(settings: Settings, question: str, as_json: bool, why: bool, plot: Path | None = None) -> int:
    """Print the reply, and draw its figures where that is asked for; the exit status: 0 for an answer or
    small talk, else 1."""
    if plot:
        from chatbot.showing.plot import check_plot

        check_plot(plot)  # before the bot is made
    bot = settings.bot_with_bar()
    reply = bot.ask(question)
    if settings.log_unanswered:
        from chatbot.live.feedback import Feedback

        Feedback(True).asked(bot, question, reply)
    if as_json:
        emit(json.dumps(reply.to_dict(), ensure_ascii=False))
    else:
        emit(render(reply, Style.of_stdout(settings.color), why))
    if plot:
        _draw(reply, plot)
    return 0 if reply.kind in {ReplyKind.ANSWER, ReplyKind.SMALLTALK} else 1


def _draw(reply: Reply, file: Path) -> None:
    """On stderr, as stdout is for the reply."""
    from chatbot.language.normalise import printable
    from chatbot.showing.plot import NOTHING, plot_reply

    told = f"Written: {file}" if plot_reply(file, reply) else f"chatbot: {NOTHING}; {file} was not written"
    print(printable(told), file=sys.stderr)
