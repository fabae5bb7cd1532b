"""The tables, in a schema named ``chatbot``; ``phrasing`` has a partition for each knowledge base (tenant).

A row of ``phrasing`` belongs to the releases from ``since`` up to, not including, ``until``: a push adds a
release and removes what no reader can still want, so that who has loaded the one before goes on with it until
the new one is loaded.
"""

from __future__ import annotations

import hashlib
from typing import Any

from psycopg import Connection, errors, sql

from chatbot.errors import ChatbotError

VERSION = 1
"""Of the tables; it stands in them, too (below)."""
LOCK = 0x63686174
"""Of the advisory locks that this program takes."""
_TABLES = """
CREATE SCHEMA IF NOT EXISTS chatbot;
CREATE TABLE IF NOT EXISTS chatbot.meta (version integer NOT NULL);
INSERT INTO chatbot.meta SELECT 1 WHERE NOT EXISTS (SELECT FROM chatbot.meta);
CREATE TABLE IF NOT EXISTS chatbot.base (
  tenant text PRIMARY KEY, release bigint NOT NULL, oldest bigint NOT NULL, width integer NOT NULL, half boolean NOT NULL DEFAULT false);
CREATE TABLE IF NOT EXISTS chatbot.release (
  tenant text, release bigint, manifest jsonb NOT NULL, pushed timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant, release));
CREATE TABLE IF NOT EXISTS chatbot.part (
  tenant text, hash text, place integer, content bytea NOT NULL, PRIMARY KEY (tenant, hash, place));
ALTER TABLE chatbot.part ALTER content SET STORAGE EXTERNAL;
CREATE TABLE IF NOT EXISTS chatbot.phrasing (
  tenant text NOT NULL, key uuid NOT NULL, pack text NOT NULL, label text NOT NULL, body text NOT NULL, shown text NOT NULL,
  vector vector NOT NULL, words tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED,
  since bigint NOT NULL, until bigint, PRIMARY KEY (key, since, tenant)) PARTITION BY LIST (tenant);
"""


def partition_of(tenant: str) -> sql.Identifier:
    """The table of a knowledge base's phrasings."""
    return sql.Identifier("chatbot", partition_name(tenant))


def neighbours_of(tenant: str, width: int, half: bool) -> str:
    """The name of the index of neighbours over vectors of a width."""
    return f"{partition_name(tenant)}_{width}{'h' if half else ''}"


def partition_name(tenant: str) -> str:
    """The name of that table, within the schema."""
    return f"phrasing_{hashlib.sha256(tenant.encode('utf-8', 'replace')).hexdigest()[:16]}"


def create(connection: Connection[Any]) -> None:
    """The tables and extensions, where they are missing; raises ``ChatbotError`` where they are another
    version's or can't be made."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        for name in ("vector", "pg_trgm"):
            try:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
            except (errors.FeatureNotSupported, errors.UndefinedFile):
                package = "pgvector" if name == "vector" else "PostgreSQL's contrib package"
                raise ChatbotError(f"the server has no extension {name!r}; install {package} there") from None
        connection.execute(_TABLES)
        check(connection)


def check(connection: Connection[Any]) -> None:
    """Raises ``ChatbotError`` where the tables are of another version of this program."""
    (found,) = connection.execute("SELECT version FROM chatbot.meta").fetchone() or (None,)
    if found != VERSION:
        raise ChatbotError(
            f"the database's tables are of version {found}, where this program uses {VERSION}; push with a program of that version"
        )


def create_partition(connection: Connection[Any], tenant: str) -> None:
    """The table of a knowledge base, attached in a way that no reader of another one waits for."""
    table = partition_of(tenant)
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        (there,) = connection.execute(
            "SELECT to_regclass(%s) IS NOT NULL", (f"chatbot.{partition_name(tenant)}",)
        ).fetchone() or (False,)
        if there:
            return
        whole = sql.SQL("(LIKE chatbot.phrasing INCLUDING ALL) WITH (fillfactor = 90)")
        connection.execute(sql.SQL("CREATE TABLE {} {}").format(table, whole))
        connection.execute(
            sql.SQL("ALTER TABLE {} ADD CHECK (tenant = {})").format(table, sql.Literal(tenant))
        )
        attach = sql.SQL("ALTER TABLE chatbot.phrasing ATTACH PARTITION {} FOR VALUES IN ({})")
        connection.execute(attach.format(table, sql.Literal(tenant)))


def create_indexes(connection: Connection[Any], tenant: str) -> None:
    """The indexes of letters and words, where they are missing: after the first rows, as that is quicker than
    row by row."""
    for column, kind in (("body", "body gin_trgm_ops"), ("words", "words")):
        name = sql.Identifier(f"{partition_name(tenant)}_{column}")
        create = sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} USING gin ({}) WITH (fastupdate = off)")
        connection.execute(create.format(name, partition_of(tenant), sql.SQL(kind)))
