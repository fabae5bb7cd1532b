"""Which knowledge base in which database; nothing here needs the driver to be imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbot.building.postgres.database import CONNECTIONS, TIMEOUT, Database, KnowledgeBase, split_dsn

if TYPE_CHECKING:
    from chatbot.building.postgres.source import Source
    from chatbot.building.prepare import Prepared


class PostgresIndex:
    """A knowledge base that ``chatbot index push`` has put into a database; give it to
    ``CareerBot(index=...)``.

    ``dsn``: postgresql://..., as libpq takes it (several hosts and ``target_session_attrs`` among it);
    ``tenant``: which knowledge base, else the DSN's parameter of that name, else "default". ``timeout``:
    seconds for a connection and for a statement. ``connections``: at most so many of one process. Nothing is
    connected before it is needed. Raises ``ChatbotError`` where a package is missing or the DSN is none.
    """

    def __init__(
        self, dsn: str, tenant: str | None = None, *, timeout: float = TIMEOUT, connections: int = CONNECTIONS
    ) -> None:
        plain, named = split_dsn(dsn)
        self.tenant = named if tenant is None else tenant
        self.database = Database(plain, timeout, connections)

    def load(self, fingerprint: str | None, known: Source | None = None) -> tuple[Prepared, Source] | None:
        """The newest state; None where ``known`` is of that state. ``fingerprint``: of the encoder that will
        be asked with.

        Raises ``ChatbotError`` where nothing was pushed, or with another encoder; ``IndexUnavailableError``
        where there is no answer.
        """
        from chatbot.building.postgres.source import load

        return load(KnowledgeBase(self.tenant, self.database), fingerprint, known)

    def ready(self) -> None:
        """Raises ``IndexUnavailableError`` where the database does not answer."""
        self.database.run(lambda connection: connection.execute("SELECT 1"))

    def close(self) -> None:
        """Close its connections."""
        self.database.close()
