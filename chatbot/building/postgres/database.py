"""A pool of connections that mends itself, and errors that say what to do."""

from __future__ import annotations

import importlib.util
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from chatbot.errors import ChatbotError, IndexUnavailableError

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool

T = TypeVar("T")
TENANT = "default"
CONNECTIONS = 8
"""A process opens at most so many."""
TIMEOUT = 5.0
"""Seconds in which a connection must be had, and in which a statement must end."""
PAUSE = 1.0
"""Seconds after a connection could not be had in which none is tried: who asks then is told at once."""
EF_SEARCH = 256
"""How many neighbours HNSW keeps in view; below the number of candidates wanted it would have to look again
and again."""


def split_dsn(dsn: str) -> tuple[str, str]:
    """The DSN as libpq understands it, and the name of the knowledge base: ``tenant`` among its parameters,
    else "default".
    """
    if not is_dsn(dsn):
        raise ChatbotError(
            f"not a PostgreSQL address: {shown(dsn)}; it looks like postgresql://user@host:5432/database"
        )
    try:
        parts = urlsplit(dsn)
        given = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError as error:
        raise ChatbotError(
            f"not a PostgreSQL address: {shown(dsn)} ({error}); it looks like postgresql://user@host:5432/database"
        ) from None
    named = [value for key, value in given if key == "tenant"]
    if not named:
        return dsn, TENANT
    # libpq takes "+" for a plus sign
    others = urlencode([(key, value) for key, value in given if key != "tenant"], quote_via=quote)
    return urlunsplit(parts._replace(query=others)), named[-1]


def is_dsn(text: str) -> bool:
    """Whether a text is meant as the address of a PostgreSQL database."""
    return text.startswith(("postgresql://", "postgres://"))


def shown(dsn: str) -> str:
    """An address without what may be secret in it: user, password and parameters."""
    scheme, sep, rest = dsn.partition("://")
    place = rest.rpartition("@")[2].partition("?")[0]
    return (
        "".join(c for c in f"{scheme}{sep}{place}"[:200] if c.isprintable())
        if sep
        else "an address without ://"
    )


def need_driver() -> None:
    """Raises ``ChatbotError`` where a package is missing."""
    missing = [
        name for name in ("psycopg", "psycopg_pool", "pgvector") if importlib.util.find_spec(name) is None
    ]
    if missing:
        raise ChatbotError(
            f"PostgreSQL needs more packages ({', '.join(missing)}); run: pip install 'career-chatbot[postgres]'"
        )


class Database:
    """Connections to one database; threads share it, and a forked child opens its own. ``timeout``: seconds,
    see ``TIMEOUT``."""

    def __init__(self, dsn: str, timeout: float = TIMEOUT, connections: int = CONNECTIONS) -> None:
        need_driver()
        self._dsn, self.where = dsn, shown(dsn)
        self._timeout, self._connections = timeout, connections
        self._lock, self._asking = threading.Lock(), threading.Lock()
        self._told, self._down_until = "", 0.0
        self._pool: ConnectionPool | None = None
        self._owner = 0

    def run(self, work: Callable[[Connection[Any]], T]) -> T:
        """What ``work`` makes of a connection; once more with another one where the connection was lost on
        the way.

        Raises ``IndexUnavailableError`` where there is none to be had in time, or the statement does not end
        in time.
        """
        import psycopg
        from psycopg_pool import PoolTimeout, TooManyRequests

        if time.monotonic() < self._down_until:
            raise IndexUnavailableError(self._told)
        pool = self._opened()
        try:
            try:
                with pool.connection() as connection:
                    return work(connection)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                if isinstance(error, psycopg.errors.QueryCanceled | PoolTimeout | TooManyRequests):
                    raise
                pool.check()  # throws away the others that were lost with it
                with pool.connection() as connection:
                    return work(connection)
        except PoolTimeout:
            self._told = f"{self.where}: no connection within {self._timeout:g} seconds; {self._reason()}"
            self._down_until = time.monotonic() + PAUSE
            raise IndexUnavailableError(self._told) from None
        except psycopg.errors.QueryCanceled:
            raise IndexUnavailableError(
                f"{self.where}: no answer within {self._timeout:g} seconds; the server is overloaded"
            ) from None
        except psycopg.errors.InsufficientPrivilege as error:
            raise ChatbotError(
                f"{self.where}: {first_line(error)}; ask for that right, or use another user"
            ) from None
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise IndexUnavailableError(
                f"{self.where}: the connection was lost ({first_line(error)}); try again"
            ) from None

    def _reason(self) -> str:
        """Why there is no connection, which a pool does not tell; asked by one thread at a time, and not for
        long."""
        import psycopg

        if not self._asking.acquire(blocking=False):
            return "is the server up?"
        try:
            psycopg.connect(self._dsn, connect_timeout=2).close()
        except psycopg.Error as error:
            return first_line(error)
        finally:
            self._asking.release()
        return "too many questions at once"

    def alone(self, work: Callable[[Connection[Any]], T]) -> T:
        """The same with a connection of its own, which has no limit of time: for what takes long and is not
        to be done twice."""
        import psycopg

        try:
            with psycopg.connect(
                self._dsn,
                autocommit=True,
                connect_timeout=max(2, round(self._timeout)),
                prepare_threshold=None,
            ) as connection:
                return work(connection)
        except psycopg.errors.InsufficientPrivilege as error:
            raise ChatbotError(
                f"{self.where}: {first_line(error)}; ask for that right, or use another user"
            ) from None
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise IndexUnavailableError(f"{self.where}: {first_line(error)}; nothing was changed") from None
        except psycopg.ProgrammingError as error:
            raise ChatbotError(f"{self.where}: {first_line(error)}") from None

    def close(self) -> None:
        """Close the connections; a later ``run`` opens new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool and self._owner == os.getpid():
            pool.close()

    def _opened(self) -> ConnectionPool:
        with self._lock:
            if (
                self._pool is None or self._owner != os.getpid()
            ):  # the threads of a pool are not there in a forked child
                import psycopg
                from psycopg_pool import ConnectionPool

                options = {
                    "autocommit": True, "connect_timeout": max(2, round(self._timeout)), "tcp_user_timeout": round(self._timeout * 1000),
                    "application_name": "chatbot",
                }  # fmt: skip
                try:
                    self._pool = ConnectionPool(
                        self._dsn, min_size=1, max_size=self._connections, open=False, timeout=self._timeout, kwargs=options,
                        configure=self._configure, reconnect_timeout=1, name="chatbot",
                    )  # fmt: skip
                    self._pool.open()
                except psycopg.ProgrammingError as error:
                    raise ChatbotError(
                        f"not a PostgreSQL address: {self.where} ({first_line(error)})"
                    ) from None
                self._owner = os.getpid()
                # what it warns of, an error tells in one line
                logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
            return self._pool

    def _configure(self, connection: Connection[Any]) -> None:
        settings = {
            "statement_timeout": f"{self._timeout * 1000:.0f}", "hnsw.ef_search": f"{EF_SEARCH}", "hnsw.iterative_scan": "strict_order",
            "pg_trgm.word_similarity_threshold": "0.5", "jit": "off",
        }  # fmt: skip
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))


def first_line(error: BaseException) -> str:
    """An error's first line, without control characters."""
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return "".join(c if c.isprintable() else " " for c in text)[:200]


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """One tenant's knowledge in a database."""

    tenant: str
    database: Database
