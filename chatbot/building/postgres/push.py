"""Putting a knowledge base into the database: one transaction, in which only what has changed is sent."""

from __future__ import annotations

import dataclasses
import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from psycopg import Connection, sql

from chatbot import __version__
from chatbot.building.postgres import neighbours, schema
from chatbot.building.postgres.documents import FORMAT, Manifest, Part, arrays_of, hash_of, same_document
from chatbot.building.postgres.reading import content_of, manifest_of
from chatbot.building.prepare import Prepared, labels_of, shown_of
from chatbot.errors import ChatbotError

PIECE = 8_000_000
"""Bytes of a part in one row."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: the release that readers see from then on, phrasings added, removed and left as they
    were, and bytes of parts sent."""

    release: int
    added: int
    removed: int
    kept: int
    sent: int
    approximate: bool
    changed: bool = True


def push(connection: Connection[Any], tenant: str, made: Prepared, encoder: str) -> Pushed:
    """Make ``made`` the knowledge base of a tenant. ``encoder``: the fingerprint of what made its vectors.

    All or nothing; readers go on with the old state until it is done. Raises ``ChatbotError`` for a tenant
    without a name, or what a database can't hold.
    """
    from pgvector.psycopg import register_vector

    if not tenant or "\0" in tenant or len(tenant) > 200:
        raise ChatbotError("a knowledge base's name (tenant) must be a text of 1 to 200 characters")
    schema.create(connection)
    schema.create_partition(connection, tenant)
    register_vector(connection)
    neighbours.fit(connection, tenant, made.vectors.shape[1])
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (schema.LOCK, tenant))
        pushed = _Push(connection, tenant, made, encoder).run()
    approximate = neighbours.settle(connection, tenant, pushed.added + pushed.kept, made.vectors.shape[1])
    return dataclasses.replace(pushed, approximate=approximate)


class _Push:
    def __init__(self, connection: Connection[Any], tenant: str, made: Prepared, encoder: str) -> None:
        self._connection, self._tenant, self._made, self._encoder = connection, tenant, made, encoder
        self._table = schema.partition_of(tenant)
        found = connection.execute(
            "SELECT release, width FROM chatbot.base WHERE tenant = %s", (tenant,)
        ).fetchone()
        self._last: int = found[0] if found else 0
        width = found[1] if found else made.vectors.shape[1]
        self._oldest = max(1, self._last) if width == made.vectors.shape[1] else self._last + 1
        """The oldest release that readers may still go by; vectors of two widths can't be searched side by
        side."""
        self._before = manifest_of(connection, tenant, self._last) if found else None

    def run(self) -> Pushed:
        """Within a transaction."""
        keys = self._keys()
        packs = _hashes(keys, self._packs())
        arrays = arrays_of(self._made)
        parts = [Part(name, array.dtype.str, array.shape, hash_of(array)) for name, array in arrays.items()]
        parts = [self._same(part, arrays[part.name]) for part in parts]
        manifest = Manifest(FORMAT, __version__, self._encoder, len(keys), packs, parts)
        if manifest == self._before:
            return Pushed(self._last, 0, 0, len(keys), 0, False, changed=False)
        release = self._last + 1
        added, removed = self._phrasings(keys, packs, release)
        sent = self._parts({part.hash: arrays[part.name] for part in parts})
        told = msgspec.json.encode(manifest).decode()
        self._connection.execute(
            "INSERT INTO chatbot.release (tenant, release, manifest) VALUES (%s, %s, %s::jsonb)",
            (self._tenant, release, told),
        )
        self._connection.execute(
            "INSERT INTO chatbot.base (tenant, release, oldest, width) VALUES (%(tenant)s, %(release)s, %(oldest)s, %(width)s)"
            " ON CONFLICT (tenant) DO UPDATE SET release = %(release)s, oldest = %(oldest)s, width = %(width)s",
            {
                "tenant": self._tenant,
                "release": release,
                "oldest": self._oldest,
                "width": self._made.vectors.shape[1],
            },
        )
        self._forget()
        return Pushed(release, added, removed, len(keys) - added, sent, False)

    def _packs(self) -> list[str]:
        """The pack of each phrasing; of an intent's example, none."""
        of_entries = {entry.id: entry.pack for entry in self._made.knowledge.entries}
        return [of_entries.get(label, "") for label in labels_of(self._made.knowledge, self._made.intents)]

    def _keys(self) -> list[uuid.UUID]:
        """A name for each phrasing by all that it is; the second one of the same gets another."""
        seen: dict[bytes, int] = {}
        keys = []
        shown, labels = (of(self._made.knowledge, self._made.intents) for of in (shown_of, labels_of))
        for fields in zip(labels, shown, self._made.wording.texts, strict=True):
            raw = "\0".join((self._encoder, *fields)).encode("utf-8", "replace")
            seen[raw] = seen.get(raw, 0) + 1
            keys.append(
                uuid.UUID(
                    bytes=hashlib.blake2b(raw, digest_size=16, salt=seen[raw].to_bytes(8, "little")).digest()
                )
            )
        return keys

    def _phrasings(self, keys: list[uuid.UUID], packs: Mapping[str, str], release: int) -> tuple[int, int]:
        """Add and end rows of the packs that have changed; how many of each."""
        known = self._before.packs if self._before else {}
        changed = sorted(pack for pack in {*known, *packs} if known.get(pack) != packs.get(pack))
        of_packs = self._packs()
        wanted = {key: row for row, key in enumerate(keys) if of_packs[row] in set(changed)}
        cursor = self._connection.cursor(binary=True)
        live = sql.SQL("SELECT key FROM {} WHERE until IS NULL AND pack = ANY(%s)").format(self._table)
        there = {row[0] for row in cursor.execute(live, (changed,))}
        gone, new = there - wanted.keys(), [row for key, row in wanted.items() if key not in there]
        for some in _some(sorted(gone)):
            ended = sql.SQL("UPDATE {} SET until = %s WHERE until IS NULL AND key = ANY(%s)").format(
                self._table
            )
            self._connection.execute(ended, (release, some))
        shown, labels = (of(self._made.knowledge, self._made.intents) for of in (shown_of, labels_of))
        columns = "(tenant, key, pack, label, body, shown, vector, since)"
        copy = sql.SQL(f"COPY {{}} {columns} FROM STDIN WITH (FORMAT BINARY)").format(self._table)
        with cursor.copy(copy) as rows:
            rows.set_types(["text", "uuid", "text", "text", "text", "text", "vector", "int8"])
            for row in new:
                body, vector = self._made.wording.texts[row], np.asarray(self._made.vectors[row], np.float32)
                rows.write_row(
                    (
                        self._tenant,
                        keys[row],
                        of_packs[row],
                        labels[row],
                        _plain(body),
                        _plain(shown[row]),
                        vector,
                        release,
                    )
                )
        schema.create_indexes(self._connection, self._tenant)
        return len(new), len(gone)

    def _same(self, part: Part, array: NDArray[Any]) -> Part:
        """A document that says the same as the last one is that one."""
        before = {known.name: known for known in self._before.parts} if self._before else {}
        known = before.get("document")
        if part.name != "document" or known is None or known.hash == part.hash:
            return part
        return known if same_document(content_of(self._connection, self._tenant, known), array) else part

    def _parts(self, wanted: Mapping[str, NDArray[Any]]) -> int:
        """Send the parts that are not there; how many bytes."""
        found = self._connection.execute(
            "SELECT DISTINCT hash FROM chatbot.part WHERE tenant = %s", (self._tenant,)
        )
        there = {row[0] for row in found}
        sent = 0
        for name, array in wanted.items():
            if name in there:
                continue
            raw = array.tobytes()
            for place, start in enumerate(range(0, max(1, len(raw)), PIECE)):
                values = (self._tenant, name, place, raw[start : start + PIECE])
                self._connection.execute(
                    "INSERT INTO chatbot.part (tenant, hash, place, content) VALUES (%s, %s, %s, %b)", values
                )
            sent += len(raw)
        return sent

    def _forget(self) -> None:
        """Remove what no reader may go by any more."""
        given = {"tenant": self._tenant, "oldest": self._oldest}
        self._connection.execute(
            sql.SQL("DELETE FROM {} WHERE until <= %(oldest)s").format(self._table), given
        )
        self._connection.execute(
            "DELETE FROM chatbot.release WHERE tenant = %(tenant)s AND release < %(oldest)s", given
        )
        self._connection.execute(
            "DELETE FROM chatbot.part p WHERE tenant = %(tenant)s AND NOT EXISTS (SELECT FROM chatbot.release r,"
            " jsonb_array_elements(r.manifest->'parts') one WHERE r.tenant = p.tenant AND one->>'hash' = p.hash)", given,
        )  # fmt: skip


def _hashes(keys: list[uuid.UUID], packs: list[str]) -> dict[str, str]:
    by_pack: dict[str, list[bytes]] = {}
    for key, pack in zip(keys, packs, strict=True):
        by_pack.setdefault(pack, []).append(key.bytes)
    return {
        pack: hashlib.sha256(b"".join(sorted(found))).hexdigest() for pack, found in sorted(by_pack.items())
    }


def _some(keys: list[uuid.UUID], most: int = 10_000) -> Iterator[list[uuid.UUID]]:
    for start in range(0, len(keys), most):
        yield keys[start : start + most]


def _plain(text: str) -> str:
    """A text that PostgreSQL can hold: half a surrogate pair is none."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
