"""What can be set of the service; every default is safe on a loopback address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot.errors import ChatbotError
from chatbot.language.normalise import MAX_CHARS

LOCAL = ("localhost", "127.0.0.1", "[::1]")
MEMORY, OFF = "memory", "off"
_ORIGIN = re.compile(r"https?://[^/\s?#@]+")
_HOST = re.compile(r"\*|(\*\.)?[\w.-]+|\[[0-9a-fA-F:.]+\]")
_DSN = re.compile(r"postgres(ql)?://")


@dataclass(frozen=True)
class ServiceSettings:
    """Limits and addresses. Raises ``ChatbotError`` for what can't be meant.

    body_bytes: of a request's body. question_chars: of one question, at most the bot's own 2,000. rate:
    requests a second of one client, 0 for no limit; burst: so many at once. waiting: requests under way
    before further ones are sent away. body_seconds: in which a body must have arrived. cors: origins whose
    pages may call the API. hosts: names that requests may be addressed to; ``*`` for any. log_questions:
    write what is asked into the log. conversations: ``memory``, ``off``, or the DSN of a PostgreSQL database;
    conversation_cap: so many are kept, those used last; conversation_seconds: so long unused ones are kept.
    """

    body_bytes: int = 16_384
    question_chars: int = MAX_CHARS
    rate: float = 20.0
    burst: int = 40
    waiting: int = 1_000
    body_seconds: float = 10.0
    cors: tuple[str, ...] = ()
    hosts: tuple[str, ...] = LOCAL
    log_questions: bool = False
    conversations: str = MEMORY
    conversation_cap: int = 10_000
    conversation_seconds: int = 3_600

    def __post_init__(self) -> None:
        if self.conversations not in {MEMORY, OFF} and not _DSN.match(self.conversations):
            raise ChatbotError(
                "conversations: write memory, off, or the DSN of a database: postgresql://user@host/name"
            )
        if not 1 <= self.question_chars <= MAX_CHARS:
            raise ChatbotError(f"question_chars is {self.question_chars}; it must be from 1 to {MAX_CHARS:,}")
        for name in (
            "body_bytes",
            "burst",
            "waiting",
            "body_seconds",
            "conversation_cap",
            "conversation_seconds",
        ):
            if getattr(self, name) <= 0:
                raise ChatbotError(f"{name} is {getattr(self, name)}; it must be more than 0")
        if self.rate < 0:
            raise ChatbotError(f"rate is {self.rate:g}; it must be 0, for no limit, or more")
        for origin in self.cors:
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                raise ChatbotError(
                    f"{origin!r} is no origin; write it as a browser does: https://example.org"
                )
        for host in self.hosts:
            if not _HOST.fullmatch(host):
                raise ChatbotError(
                    f"{host!r} is no host name; write example.org, *.example.org, 192.0.2.1, [2001:db8::1] or *"
                )

    @property
    def database(self) -> str | None:
        """The DSN of the database that holds the conversations, where one does."""
        return None if self.conversations in {MEMORY, OFF} else self.conversations
