"""Reading what a push has put into the database, without phrasings."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from psycopg import Connection

from chatbot.building.postgres.documents import FORMAT, Manifest, Part
from chatbot.errors import ChatbotError


def manifest_of(connection: Connection[Any], tenant: str, release: int) -> Manifest | None:
    """What a release is made of; None where it is another format's, or damaged."""
    row = connection.execute(
        "SELECT manifest::text FROM chatbot.release WHERE tenant = %s AND release = %s", (tenant, release)
    ).fetchone()
    try:
        found = msgspec.json.decode(row[0], type=Manifest) if row else None
    except msgspec.MsgspecError:
        return None
    return found if found and found.format == FORMAT else None


def content_of(connection: Connection[Any], tenant: str, part: Part) -> NDArray[Any]:
    """A part's array; raises ``ChatbotError`` where it is cut or missing."""
    rows = connection.cursor(binary=True).execute(
        "SELECT content FROM chatbot.part WHERE tenant = %s AND hash = %s ORDER BY place", (tenant, part.hash)
    )
    raw = b"".join(row[0] for row in rows)
    try:
        return np.frombuffer(raw, np.dtype(part.dtype)).reshape(part.shape)
    except (ValueError, TypeError):
        raise ChatbotError(
            f"the knowledge base {tenant!r} is damaged (its {part.name} has {len(raw):,} bytes); push it again"
        ) from None
