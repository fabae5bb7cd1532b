"""Loading behind the prompt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from chatbot.errors import ChatbotError

if TYPE_CHECKING:
    from chatbot.bot import CareerBot
    from chatbot.knowledge.model import Knowledge
    from chatbot.live.settings import Settings


class Loading:
    """A bot that is made in a thread of its own; ``bot()`` waits for it and raises what went wrong there."""

    def __init__(self, settings: Settings, first: Callable[[], None] | None = None) -> None:
        """``first`` is called in that thread before anything is read."""
        self._settings = settings
        self._first = first
        self._bot: CareerBot | None = None
        self._error: Exception | None = None
        self.progress = (0, 0)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._load, name="loading", daemon=True)
        self._thread.start()

    def _load(self) -> None:
        try:
            if self._first:
                self._first()
            bot = self._settings.bot(self._note)
            self._bot = bot
            self._done.set()
            bot.engine.encode(["warm up"])  # so that the first question finds the model loaded
        except Exception as error:
            self._error = error
        finally:
            self._done.set()

    def _note(self, done: int, total: int) -> None:
        self.progress = (done, total)

    @property
    def ready(self) -> bool:
        """Whether questions are answered at once."""
        return self._done.is_set()

    @property
    def made(self) -> CareerBot | None:
        """The bot, or None while it loads and where it could not be made."""
        return self._bot

    @property
    def knowledge(self) -> Knowledge | None:
        """What is known, or None while it loads."""
        return self._bot.knowledge if self._bot else None

    def bot(self) -> CareerBot:
        """The bot; waits for it, in steps that Ctrl-C can end."""
        while not self._done.wait(0.1):
            pass
        if self._bot is None:
            if isinstance(self._error, ChatbotError):
                raise self._error
            raise ChatbotError(f"the bot could not be made: {type(self._error).__name__}: {self._error}")
        return self._bot
