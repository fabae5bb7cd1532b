"""``chatbot index``: push, list and drop knowledge bases in PostgreSQL."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from chatbot.building.postgres.database import Database, split_dsn
from chatbot.errors import ChatbotError
from chatbot.showing.output import emit

if TYPE_CHECKING:
    from chatbot.live.settings import Settings


def run_push(settings: Settings, dsn: str, tenant: str | None, as_json: bool) -> None:
    """Load the knowledge as for a conversation and push it."""
    plain, named = split_dsn(dsn)
    database, tenant = Database(plain), tenant if tenant is not None else named
    from chatbot.building.postgres.push import push

    # before minutes of encoding: is it there?
    database.alone(lambda connection: connection.execute("SELECT 1"))
    with dataclasses.replace(settings, index=None).bot_with_bar() as bot:
        done = database.alone(
            lambda connection: push(
                connection, tenant, bot.prepared, getattr(bot.engine.encoder, "fingerprint", "")
            )
        )
    if as_json:
        emit(json.dumps({"tenant": tenant, **dataclasses.asdict(done)}))
        return
    if not done.changed:
        emit(f"{tenant}: nothing has changed since release {done.release} ({done.kept:,} phrasings).")
        return
    search = "nearest neighbours by HNSW" if done.approximate else "searched exactly"
    told = f"{done.added:,} phrasings added, {done.removed:,} removed, {done.kept:,} as they were; {done.sent / 1e6:.1f} MB beside them"
    emit(f"{tenant}: release {done.release} at {database.where}: {told}; {search}.")


def run_list(dsn: str, as_json: bool) -> None:
    """Print what is there."""
    from chatbot.building.postgres.listing import listed

    database = Database(split_dsn(dsn)[0])
    found = database.alone(listed)
    if as_json:
        emit(json.dumps([dataclasses.asdict(base) for base in found]))
        return
    lines = [
        f"{base.tenant}  release {base.release} of {base.pushed}: {base.phrasings:,} phrasings, packs: {', '.join(base.packs) or 'none'}"
        for base in found
    ]
    emit("\n".join(lines) or f"{database.where}: no knowledge base; push one with: chatbot index push")


def run_drop(dsn: str, tenant: str) -> None:
    """Remove one; raises ``ChatbotError`` where there is none of that name."""
    from chatbot.building.postgres.listing import drop

    database = Database(split_dsn(dsn)[0])
    if not database.alone(lambda connection: drop(connection, tenant)):
        raise ChatbotError(f"{database.where}: no knowledge base {tenant!r}; see: chatbot index list")
    emit(f"{tenant}: removed.")
