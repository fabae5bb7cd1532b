"""Which knowledge bases a database holds, and removing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

from chatbot.building.postgres import schema
from chatbot.building.postgres.reading import manifest_of


@dataclass(frozen=True, slots=True)
class Base:
    """A knowledge base. ``pushed``: when, in ISO 8601."""

    tenant: str
    release: int
    pushed: str
    phrasings: int
    packs: list[str]


def listed(connection: Connection[Any]) -> list[Base]:
    """All of them, by name."""
    if not _there(connection):
        return []
    schema.check(connection)
    rows = connection.execute(
        "SELECT b.tenant, b.release, to_char(r.pushed AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM chatbot.base b"
        " JOIN chatbot.release r USING (tenant, release) ORDER BY 1"
    ).fetchall()
    out = []
    for tenant, release, pushed in rows:
        manifest = manifest_of(connection, tenant, release)
        packs = sorted(pack for pack in manifest.packs if pack) if manifest else []
        out.append(Base(tenant, release, pushed, manifest.phrasings if manifest else 0, packs))
    return out


def drop(connection: Connection[Any], tenant: str) -> bool:
    """Remove a knowledge base; whether there was one."""
    if not _there(connection):
        return False
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (schema.LOCK, tenant))
        gone = connection.execute("DELETE FROM chatbot.base WHERE tenant = %s", (tenant,)).rowcount
        for table in ("release", "part"):
            connection.execute(
                sql.SQL("DELETE FROM {} WHERE tenant = %s").format(sql.Identifier("chatbot", table)),
                (tenant,),
            )
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(schema.partition_of(tenant)))
    return bool(gone)


def _there(connection: Connection[Any]) -> bool:
    (found,) = connection.execute("SELECT to_regclass('chatbot.base') IS NOT NULL").fetchone() or (False,)
    return bool(found)
