"""The conversation in a terminal: read, dispatch, render."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.shortcuts import clear

from chatbot.cli.commands import Quit, Session, dispatch
from chatbot.cli.completing import ChatCompleter
from chatbot.cli.history import open_history
from chatbot.cli.notices import Notices
from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable
from chatbot.live.background import Loading
from chatbot.live.reloading import Reloader
from chatbot.showing.render import Style, render

if TYPE_CHECKING:
    from chatbot.conversation import Conversation
    from chatbot.live.settings import Settings

LONGEST = 25
"""Characters of a career's name at the bottom, so that the line fits into 80 columns."""
GREETING = "Ask me about careers; every answer names its source. /help lists commands, Ctrl-D leaves."


def run(settings: Settings) -> None:
    """Read questions until Ctrl-D or /quit. Ctrl-C clears the line, or ends a wait, and never the program."""
    reloader = Reloader(settings)
    loading = Loading(settings, reloader.look if settings.watch else None)
    held: list[Session] = []
    prompt = _prompt(settings, loading, lambda: held[0].chat.career if held else settings.career)
    notices = Notices(prompt.app)
    print(GREETING)
    with _watching(reloader, loading, notices) if settings.watch else nullcontext():
        _talk(settings, loading, reloader, prompt, notices, held)


def _talk(
    settings: Settings, loading: Loading, reloader: Reloader, prompt: PromptSession[str], notices: Notices,
    held: list[Session],
) -> None:  # fmt: skip
    """``held``: takes the session, once it is made."""
    session: Session | None = None
    while True:
        try:
            notices.print()
            line = prompt.prompt("> ", pre_run=notices.above).strip()
            if not line:
                continue
            if session is None:
                session = _session(settings, _wait(loading), reloader)
                held.append(session)
            session.style = Style.of_stdout(settings.color)  # the window may have changed
            for text in _reply(session, line):
                print(text)
        except KeyboardInterrupt:
            continue
        except (EOFError, Quit):
            break
        except ChatbotError as error:
            print(f"chatbot: {error}", file=sys.stderr)
            if session is None:
                sys.exit(2)


def _reply(session: Session, line: str) -> list[str]:
    if line.startswith("/"):
        return [*dispatch(session, line), ""]
    session.last = session.chat.ask(line)
    session.feedback.said(session.chat, session.last)
    return [render(session.last, session.style), ""]


def _wait(loading: Loading) -> Conversation:
    if not loading.ready:
        print("One moment, still loading ...", file=sys.stderr)
    return loading.bot().conversation()


def _session(settings: Settings, chat: Conversation, reloader: Reloader) -> Session:
    from chatbot.live.feedback import Feedback  # with modules that the bot has loaded by now

    return Session(
        chat,
        settings,
        Style.of_stdout(settings.color),
        Feedback(settings.log_unanswered),
        reloader,
        clear=clear,
    )


def _watching(reloader: Reloader, loading: Loading, notices: Notices) -> AbstractContextManager[object]:
    from chatbot.live.watching import Watcher

    print("Watching the files of knowledge and intents: an edit is used at once.")
    return Watcher(reloader, loading, notices.say)


def _prompt(settings: Settings, loading: Loading, career: Callable[[], str | None]) -> PromptSession[str]:
    """``career``: gives the name of the one in force."""
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    def toolbar() -> FormattedText:
        done, total = loading.progress
        state = (
            "ready" if loading.ready else f"preparing: {100 * done // total}%" if total > done else "loading"
        )
        return FormattedText([("", hints(state, career()))])

    session: PromptSession[str] = PromptSession(
        history=open_history(settings.history),
        auto_suggest=AutoSuggestFromHistory(),
        completer=ChatCompleter(lambda: loading.knowledge),
        complete_while_typing=Condition(lambda: session.default_buffer.text.startswith("/")),
        complete_in_thread=True,
        multiline=True,
        key_bindings=keys,
        bottom_toolbar=toolbar if settings.toolbar else None,
        refresh_interval=0.5 if settings.toolbar else 0,
        color_depth=ColorDepth.DEPTH_4_BIT if settings.color else ColorDepth.DEPTH_1_BIT,
        prompt_continuation="  ",
    )
    return session


def hints(state: str, career: str | None) -> str:
    """The line at the bottom; ``career``: what is asked about where no career is named."""
    name = printable(career or "")
    name = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    about = f"about {name} | " if name else ""
    return f" {state} | {about}/help | Tab completes | Ctrl-D leaves "
