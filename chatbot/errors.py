"""Every error that the package raises, in one tree.

    ChatbotError                what went wrong, where, and what to do, in one line
    ├── KnowledgeError          knowledge or intents files that can't be used; holds every finding
    ├── EncoderError            the embedding model is missing, damaged or not the expected one
    ├── ConversationError       a saved conversation that can't be resumed
    ├── CareerError             a career that is unknown, or may be several; holds candidates
    └── IndexUnavailableError   the database that holds the knowledge does not answer; later it may
        └── OutdatedError       what was loaded of it has been replaced twice over

The command line prints the message of a ``ChatbotError`` and exits with status 2; nothing else is shown to a
user.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class ChatbotError(Exception):
    """Base of all errors of this package; ``str(error)`` says what, where and what to do."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to say about a knowledge or intents file, at a line and column counted from 1.

    ``level``: "error" (the file can't be used, or says something wrong), "warning" or "info". Rules:
    docs/rules.md.
    """

    file: Path
    line: int
    column: int
    message: str
    rule: str
    level: str = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: [{self.level}] {self.message} ({self.rule})"


class KnowledgeError(ChatbotError):
    """Knowledge or intents files that can't be used; ``findings`` holds all of them, sorted by place."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))


class EncoderError(ChatbotError):
    """The embedding model is missing, damaged or not the expected one."""


class ConversationError(ChatbotError):
    """A saved conversation that can't be resumed: damaged, or written by another version."""


class CareerError(ChatbotError):
    """A name that stands for no career or occupation, or for several (``several``); ``candidates`` are titles
    that may be meant."""

    def __init__(self, message: str, candidates: tuple[str, ...] = (), several: bool = False) -> None:
        self.candidates, self.several = candidates, several
        super().__init__(message)


class IndexUnavailableError(ChatbotError):
    """The database that holds the knowledge can't be reached or does not answer in time; trying again later
    may help."""


class OutdatedError(IndexUnavailableError):
    """The state of the knowledge that a bot has loaded is no longer in the database; ``CareerBot.reload``
    loads the newest."""
