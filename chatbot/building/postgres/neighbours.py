"""The index of neighbours (HNSW) of a knowledge base: made once it is large enough, and never while a reader
would wait for it."""

from __future__ import annotations

from typing import Any

from psycopg import Connection, sql

from chatbot.building.postgres import schema

EXACT_UP_TO = 10_000
"""Phrasings; a larger knowledge base gets an index of neighbours, a smaller one is searched exactly."""
HALF_FROM = 1_000_000
"""From so many phrasings on that index holds numbers of half precision: half the size; the ranker compares
the whole vectors all the same."""
LINKS, BUILDING = 16, 128
"""HNSW's m and ef_construction."""


def fit(connection: Connection[Any], tenant: str, width: int) -> None:
    """Before vectors of another width come: drop what could not take them."""
    _drop(
        connection,
        [name for name in _there(connection, tenant) if name.rstrip("h").rpartition("_")[2] != str(width)],
    )


def settle(connection: Connection[Any], tenant: str, phrasings: int, width: int) -> bool:
    """Fresh statistics for the planner, and the index of neighbours where there are enough phrasings; whether
    there is one."""
    table, half = schema.partition_of(tenant), phrasings >= HALF_FROM
    name = schema.neighbours_of(tenant, width, half) if phrasings > EXACT_UP_TO else ""
    connection.execute(sql.SQL("ANALYZE {}").format(table))
    there = _there(connection, tenant)
    if name and not there.get(name):
        with connection.transaction():  # two pushes at once: the second one finds what the first one made
            connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (schema.LOCK, tenant))
            kind, ops = ("halfvec", "halfvec_ip_ops") if half else ("vector", "vector_ip_ops")
            create = f"CREATE INDEX IF NOT EXISTS {{}} ON {{}} USING hnsw ((vector::{kind}({width})) {ops}) WITH (m = {LINKS}, ef_construction = {BUILDING})"
            # readers go on; pushes wait
            connection.execute(sql.SQL(create).format(sql.Identifier(name), table))
    connection.execute(
        "UPDATE chatbot.base SET half = %s WHERE tenant = %s AND half <> %s", (half, tenant, half)
    )
    _drop(connection, [other for other in there if other != name])
    return bool(name)


def _there(connection: Connection[Any], tenant: str) -> dict[str, bool]:
    """The indexes of neighbours that a knowledge base has, and whether each is whole."""
    return dict(
        connection.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
            " WHERE i.indrelid = to_regclass(%s) AND a.amname = 'hnsw'",
            (f"chatbot.{schema.partition_name(tenant)}",),
        ).fetchall()
    )


def _drop(connection: Connection[Any], names: list[str]) -> None:
    for name in names:
        connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier("chatbot", name)))
