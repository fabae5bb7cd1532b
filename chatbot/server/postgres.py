"""Conversations in PostgreSQL, for several processes or machines; the connections are those of
``chatbot.building.postgres``."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from chatbot.building.postgres.database import Database, first_line
from chatbot.errors import ChatbotError
from chatbot.server.conversations import MESSAGES, NO_TURNS, Turns
from chatbot.server.logs import NAME
from chatbot.server.problems import UnavailableError

if TYPE_CHECKING:
    from psycopg import Connection

T = TypeVar("T")
log = logging.getLogger(NAME)
SECONDS = 3.0
"""In which a connection must be had, and a statement end."""
CONNECTIONS = 8
PAUSE = 1.0
"""Seconds after a failure in which nothing is tried: who asks is told at once, rather than after a wait."""
TIDY = 60.0
"""Seconds between two looks for conversations to forget."""
_LOCK = 0x63686174626F74
"""Two processes that both make the table would trip over each other; the number spells chatbot."""
_TABLE = """
CREATE TABLE IF NOT EXISTS chatbot_conversation (
    key bytea PRIMARY KEY,
    owner bytea,
    messages jsonb NOT NULL DEFAULT '[]',
    turns jsonb NOT NULL DEFAULT '[]',
    version integer NOT NULL DEFAULT 0,
    used timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS chatbot_conversation_used ON chatbot_conversation (used);
"""
_MINE = "key = %(key)s AND (owner IS NULL OR owner = %(owner)s) AND used > now() - make_interval(secs => %(seconds)s)"
_TURNS = f"SELECT turns::text, version FROM chatbot_conversation WHERE {_MINE}"  # noqa: S608 - constants
_MESSAGES = f"UPDATE chatbot_conversation SET used = now() WHERE {_MINE} RETURNING messages::text"  # noqa: S608
_DELETE = f"DELETE FROM chatbot_conversation WHERE {_MINE} RETURNING 1"  # noqa: S608
_CREATE = "INSERT INTO chatbot_conversation (key, owner, turns) VALUES (%s, %s, %s::jsonb)"
_APPEND = """
UPDATE chatbot_conversation SET turns = %(turns)s::jsonb, version = version + 1, used = now(),
    messages = CASE WHEN %(message)s::jsonb IS NULL THEN messages
        ELSE (CASE WHEN jsonb_array_length(messages) < %(most)s THEN messages ELSE messages - 0 END)
            || jsonb_build_array(%(message)s::jsonb) END
WHERE key = %(key)s AND version = %(version)s RETURNING 1
"""
_COUNT = "SELECT count(*) FROM chatbot_conversation WHERE used > now() - make_interval(secs => %(seconds)s)"
_EXPIRED = "used < now() - make_interval(secs => %(seconds)s) LIMIT 10000"
_BEYOND = (
    "used <= (SELECT used FROM chatbot_conversation ORDER BY used DESC OFFSET %(cap)s LIMIT 1) LIMIT 10000"
)
_FORGET = "DELETE FROM chatbot_conversation WHERE key IN (SELECT key FROM chatbot_conversation WHERE {} FOR UPDATE SKIP LOCKED)"
"""Processes that tidy up at the same time leave each other's rows alone."""


class PostgresStore:
    """The table ``chatbot_conversation``, made at the first use; more than ``cap`` conversations are there
    for a minute at most."""

    def __init__(self, dsn: str, cap: int, seconds: float, tidy: float = TIDY) -> None:
        self._database = Database(dsn, SECONDS, CONNECTIONS)
        self._pool = ThreadPoolExecutor(CONNECTIONS, "storing")
        self._cap, self._seconds, self._tidy_every = cap, seconds, tidy
        self._lock = threading.Lock()
        self._made = False
        self._tidied = 0.0
        self._failed = -PAUSE

    async def create(self, key: bytes, owner: bytes | None, turns: bytes = NO_TURNS) -> None:
        """See ``Store``."""

        def work(connection: Connection[Any]) -> None:
            connection.execute(_CREATE, (key, owner, turns.decode()))
            with self._lock:
                due = time.monotonic() - self._tidied >= self._tidy_every
                self._tidied = time.monotonic() if due else self._tidied
            if due:
                for which in (_EXPIRED, _BEYOND):
                    connection.execute(_FORGET.format(which), {"seconds": self._seconds, "cap": self._cap})

        await self._run(work)

    async def turns(self, key: bytes, owner: bytes | None) -> Turns | None:
        """See ``Store``."""
        row = await self._one(_TURNS, key=key, owner=owner)
        return Turns(row[0].encode(), row[1]) if row else None

    async def append(self, key: bytes, before: Turns, turns: bytes, message: bytes | None) -> bool:
        """See ``Store``."""
        given = {
            "turns": turns.decode(),
            "message": None if message is None else message.decode(),
            "version": before.version,
            "most": MESSAGES,
        }
        return await self._one(_APPEND, key=key, **given) is not None

    async def messages(self, key: bytes, owner: bytes | None) -> list[bytes] | None:
        """See ``Store``."""
        row = await self._one(_MESSAGES, key=key, owner=owner)
        return [bytes(raw) for raw in msgspec.json.decode(row[0], type=list[msgspec.Raw])] if row else None

    async def delete(self, key: bytes, owner: bytes | None) -> bool:
        """See ``Store``."""
        return await self._one(_DELETE, key=key, owner=owner) is not None

    async def count(self) -> int:
        """See ``Store``."""
        row = await self._one(_COUNT)
        return int(row[0]) if row else 0

    async def check(self) -> None:
        """See ``Store``."""
        await self._one("SELECT 1 FROM chatbot_conversation LIMIT 1")

    async def close(self) -> None:
        """See ``Store``."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._database.close)

    async def _one(self, statement: str, **given: Any) -> Any:
        """The first row, or None."""
        given["seconds"] = self._seconds
        return await self._run(lambda connection: connection.execute(statement, given).fetchone())

    async def _run(self, work: Callable[[Connection[Any]], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._with_table, work)

    def _with_table(self, work: Callable[[Connection[Any]], T]) -> T:
        """Raises ``UnavailableError`` for whatever the database says; the log has the words."""
        import psycopg

        if time.monotonic() - self._failed < PAUSE:
            raise UnavailableError(_GONE)
        try:
            if not self._made:
                self._database.run(_make_table)
                self._made = True
            return self._database.run(work)
        except (ChatbotError, psycopg.Error) as error:
            self._made = False
            if isinstance(error, ChatbotError):  # the server is not there; other errors are of one statement
                self._failed = time.monotonic()
            log.error("conversations: %s", error if isinstance(error, ChatbotError) else first_line(error))
            raise UnavailableError(_GONE) from None


_GONE = "the conversations can't be reached just now"


def _make_table(connection: Connection[Any]) -> None:
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute(_TABLE)
