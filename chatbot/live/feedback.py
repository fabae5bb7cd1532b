"""What is kept, where the user wants it, of questions that were not answered, and of replies marked /good or
/bad: one local file.

Off by default. The file is readable by the user alone and holds the newest lines; several programs may write
to it at once. Questions of distress or private data, and others that are refused, are never kept.
"""

from __future__ import annotations

import datetime
import errno
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from chatbot.authoring.unanswered.log import MAX_BYTES, MAX_LINES, Record, kept_text, log_file
from chatbot.files import put_text
from chatbot.flow import ABOUT_THE_LAST, NO_QUESTION
from chatbot.intents.model import INTENT
from chatbot.reply import Reply, ReplyKind

if TYPE_CHECKING:
    from chatbot.conversation import Bot, Conversation
    from chatbot.engine import Engine
    from chatbot.live.settings import Settings

WINDOWS = sys.platform == "win32"
TRIMMED = 0.9
"""A file that is full is cut to this part of what it may hold, so that not every line cuts it again."""
PATIENCE = 2.0
"""Seconds to wait for another program that writes."""
LEAST_WORDS = 3
_PARTS = re.compile(r"[.!?;:,]+\s")


class Feedback:
    """One for each run. What can't be kept is said on stderr, once, and nothing else is the worse for it."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted
        self._failed = False

    def asked(
        self, bot: Bot, question: str, reply: Reply, read_as: str | None = None, before: str | None = None
    ) -> None:
        """Keep a question that was not answered, where that is wanted; ``before``: the entry that a follow-up
        is about."""
        in_vain = reply.kind is ReplyKind.UNKNOWN and reply.why.code not in NO_QUESTION | ABOUT_THE_LAST
        if self.wanted and in_vain and not refused(bot, question, reply):
            self._keep(bot, "unknown", question, reply, read_as, before)

    def said(self, chat: Conversation, reply: Reply) -> None:
        """The same for the last turn of a conversation."""
        if self.wanted and reply.kind is ReplyKind.UNKNOWN and reply.why.code not in NO_QUESTION:
            self.asked(chat.bot, chat.turns[-1].question, reply, completion(chat), _entry_before(chat))

    def mark(self, chat: Conversation, reply: Reply, kind: Literal["good", "bad"], why: str = "") -> str:
        """Keep what the user says of the last reply; gives what came of it, in a line. The log is on."""
        question = chat.turns[-1].question
        if refused(chat.bot, question, reply):
            return "Questions of this kind are never kept."
        if not self._keep(chat.bot, kind, question, reply, completion(chat), _entry_before(chat), why):
            return "That could not be kept."
        return (
            "Kept on this machine, for chatbot unanswered; /privacy says where."
            if kind == "bad"
            else "Noted."
        )

    def _keep(self, bot: Bot, kind: Literal["unknown", "good", "bad"], question: str, reply: Reply,
              read_as: str | None, before: str | None, why: str = "") -> bool:  # fmt: skip
        near = (
            label
            for label in (reply.why.label, reply.why.runner_up)
            if label and not label.startswith(INTENT)
        )
        record = Record(
            when=datetime.date.today().isoformat(),
            question=kept_text(question),
            kind=kind,
            reply=str(reply.kind),
            read_as=kept_text(read_as) if read_as else None,
            why=kept_text(why),
            entry=reply.entry_id or next(near, before if read_as else None),
            knowledge=tuple(pack.id for pack in bot.knowledge.packs),
        )
        file = log_file()
        try:
            append(file, record)
        except OSError as error:
            if not self._failed:
                print(
                    f"chatbot: {file}: the question can't be kept ({error.strerror or error})",
                    file=sys.stderr,
                )
            self._failed = True
            return False
        return True


def switch_on(settings: Settings) -> str:
    """How questions get kept, in a sentence."""
    if settings.log_unanswered:
        return "Questions that are not answered will be."
    return f"To keep those that are not answered: chatbot --log-unanswered, or log_unanswered = true in {settings.config_file}"


def completion(chat: Conversation) -> str | None:
    """How the last question was completed from the one before, or None where it was read as it stands."""
    turn = chat.turns[-1]
    if turn.read_as in turn.question or any(
        turn.read_as == reading.text for reading in chat.bot.engine.reader.readings(turn.question)
    ):
        return None
    return turn.read_as


def _entry_before(chat: Conversation) -> str | None:
    """The entry that was told last before the last question."""
    return next((turn.entry_ids[0] for turn in reversed(chat.turns[:-1]) if turn.entry_ids), None)


def refused(bot: Bot, question: str, reply: Reply) -> bool:
    """Whether a question, or a part of it, is refused or nearly so: of distress, private data, and the like."""
    parts = [part for part in _PARTS.split(question) if len(part.split()) >= LEAST_WORDS]
    replies = [reply, *(bot.ask_many(parts) if len(parts) > 1 else ())]
    return any(_near_refusal(bot.engine, one) for one in replies)


def _near_refusal(engine: Engine, reply: Reply) -> bool:
    why = reply.why
    near = ((why.label, why.score), (why.runner_up, why.runner_up_score))
    labels = {label for label, score in near if label and score >= engine.policy.intents.refusal_least}
    return reply.kind is ReplyKind.REFUSAL or any(
        i.label in labels for i in engine.intents.values() if i.kind == "refusal"
    )


# the file


def append(file: Path, record: Record) -> None:
    """Add one line; the oldest go where there are too many. Raises ``OSError``, and then the file is as it
    was."""
    import msgspec

    line = msgspec.json.encode(record) + b"\n"
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(file) as handle:
        size = os.fstat(handle).st_size
        held = _tail(handle, max(0, size - MAX_BYTES))
        full = size + len(line) >= MAX_BYTES or held.count(b"\n") >= MAX_LINES
        if full and not WINDOWS:
            _cut(file, held, line)
        elif not full:
            # after a line left unfinished
            _add(handle, size, line if not held or held.endswith(b"\n") else b"\n" + line)
    if full and WINDOWS:  # where no open file can be replaced
        _cut(file, held, line)


def _add(handle: int, size: int, line: bytes) -> None:
    if os.write(handle, line) < len(line):
        os.ftruncate(handle, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _cut(file: Path, held: bytes, line: bytes) -> None:
    """Write the newest of the lines held, and one more, in place of the file."""
    kept: list[bytes] = [line]
    room = TRIMMED * MAX_BYTES
    for old in reversed(held.split(b"\n")[-int(TRIMMED * MAX_LINES) :]):
        room -= len(old) + 1
        if room < 0:
            break
        kept += [old + b"\n"] if old.strip() else []
    put_text(file, b"".join(reversed(kept)).decode("utf-8", "replace"), 0o600)


def _tail(handle: int, start: int) -> bytes:
    """What the file holds from a place on."""
    with open(handle, "rb", closefd=False) as stream:
        stream.seek(start)
        return stream.read()


@contextmanager
def _locked(file: Path) -> Iterator[int]:
    """The file, open for adding to it, while no other program does so: the one that bears the name, also
    where another was just cut."""
    until = time.monotonic() + PATIENCE
    while True:
        handle = os.open(
            file,
            os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0),
            0o600,
        )
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(errno.EINVAL, "it is no plain file")
            _lock(handle, until)
            if not _same(file, found):
                continue  # it was replaced meanwhile
            if not WINDOWS and found.st_mode & 0o077:
                file.chmod(0o600)
            yield handle
            return
        finally:
            os.close(handle)  # and with it the lock


def _lock(handle: int, until: float) -> None:
    if sys.platform == "win32":
        return  # a single write at the end is all there is
    import fcntl

    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                raise OSError(errno.EAGAIN, "another program holds it") from None
            time.sleep(0.005)


def _same(file: Path, found: os.stat_result) -> bool:
    try:
        now = file.stat()
    except FileNotFoundError:
        return False
    return (now.st_dev, now.st_ino) == (found.st_dev, found.st_ino)
