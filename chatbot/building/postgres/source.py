"""Reading a knowledge base: what is small is loaded, phrasings are looked for in the database, in one
statement a question."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from psycopg import Connection, errors, sql

from chatbot.building.postgres import schema
from chatbot.building.postgres.database import KnowledgeBase
from chatbot.building.postgres.documents import Manifest, prepared_from
from chatbot.building.postgres.reading import content_of, manifest_of
from chatbot.building.prepare import Prepared
from chatbot.encoders.encoder import Vectors
from chatbot.errors import ChatbotError, OutdatedError
from chatbot.language.leftout import function_words
from chatbot.language.normalise import simple_words
from chatbot.language.words import english
from chatbot.retrieval.remote import Found

BY_MEANING = 224
BY_LETTERS = 32
BY_WORDS = 128
"""At most so many candidates of each kind; the ranker keeps the 64 nearest of them."""
RARE = 5
"""Words are looked for by so many of a question's rarest: by any two of them, and ..."""
FEW = 500
"""... by one alone that stands so often, or less, in the knowledge."""
LONG_ENOUGH = 5
"""An unknown word of fewer letters is like too many others."""
log = logging.getLogger(__name__)

_FIND = """
WITH now AS MATERIALIZED (SELECT release, oldest FROM chatbot.base WHERE tenant = %(tenant)s),
meaning AS MATERIALIZED (
  SELECT key FROM {table} WHERE since <= %(release)s AND (until IS NULL OR until > %(release)s)
  ORDER BY {vector} <#> %(vector)s::{kind} LIMIT {by_meaning}),
letters AS MATERIALIZED (
  SELECT key FROM {table} WHERE %(letters)s <%% body AND since <= %(release)s AND (until IS NULL OR until > %(release)s)
  ORDER BY word_similarity(%(letters)s, body) DESC, key LIMIT {by_letters}),
words AS MATERIALIZED (
  SELECT key FROM {table}, websearch_to_tsquery('english', %(words)s) AS wanted
  WHERE words @@ wanted AND since <= %(release)s AND (until IS NULL OR until > %(release)s)
  ORDER BY ts_rank(words, wanted) DESC, key LIMIT {by_words})
SELECT now.release, now.oldest, one.label, one.body, one.shown, one.vector FROM now LEFT JOIN {table} one
  ON one.key = ANY (ARRAY(SELECT key FROM meaning UNION SELECT key FROM letters UNION SELECT key FROM words))
  AND one.since <= %(release)s AND (one.until IS NULL OR one.until > %(release)s)
"""


@dataclass(frozen=True, slots=True)
class _State:
    """Of a knowledge base, at one moment."""

    release: int
    width: int
    half: bool
    manifest: Manifest


def load(
    index: KnowledgeBase, fingerprint: str | None, known: Source | None = None
) -> tuple[Prepared, Source] | None:
    """The newest state of a knowledge base; see ``PostgresIndex.load``."""

    def read(connection: Connection[Any]) -> tuple[Prepared, Source] | None:
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            state = _state(connection, index)
            if known and known.release == state.release:
                return None
            _same_encoder(index, state.manifest, fingerprint)
            arrays = {part.name: content_of(connection, index.tenant, part) for part in state.manifest.parts}
        prepared, names = prepared_from(arrays, state.width)
        return prepared, Source(index, state, names, prepared.wording.words)

    try:
        return index.database.run(read)
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        raise ChatbotError(
            f"{index.database.where}: no knowledge was pushed there; run: chatbot index push --dsn DSN"
        ) from None


def _state(connection: Connection[Any], index: KnowledgeBase) -> _State:
    schema.check(connection)
    row = connection.execute(
        "SELECT release, width, half FROM chatbot.base WHERE tenant = %s", (index.tenant,)
    ).fetchone()
    if row is None:
        there = [
            name for (name,) in connection.execute("SELECT tenant FROM chatbot.base ORDER BY tenant LIMIT 10")
        ]
        hint = f"there is: {', '.join(there)}" if there else "nothing was pushed"
        raise ChatbotError(f"{index.database.where}: no knowledge base {index.tenant!r}; {hint}")
    manifest = manifest_of(connection, index.tenant, row[0])
    if manifest is None:
        raise ChatbotError(
            f"{index.database.where}: {index.tenant!r} was pushed by another version of this program; push it again"
        )
    return _State(row[0], row[1], row[2], manifest)


def _same_encoder(index: KnowledgeBase, manifest: Manifest, fingerprint: str | None) -> None:
    if fingerprint != manifest.encoder:
        differ = f"{manifest.encoder[:12]}…, here {(fingerprint or 'unknown')[:12]}…"
        raise ChatbotError(
            f"{index.database.where}: {index.tenant!r} was pushed with another encoder ({differ}); push it again with this one"
        )


class Source:
    """The phrasings of one release; a ``CandidateSource``."""

    def __init__(self, index: KnowledgeBase, state: _State, names: Sequence[str], counts: Any) -> None:
        self.names, self.release = names, state.release
        self.on_newer: Callable[[], None] | None = None
        """Called, once, when the database has a newer release."""
        self._index, self._counts = index, counts
        self._told = threading.Lock()
        kind = f"{'halfvec' if state.half else 'vector'}({state.width})"
        near = schema.partition_of(index.tenant)
        self._find = sql.SQL(_FIND).format(
            table=near, vector=sql.SQL(f"(vector::{kind})"), kind=sql.SQL(kind), by_meaning=sql.Literal(BY_MEANING),
            by_letters=sql.Literal(BY_LETTERS), by_words=sql.Literal(BY_WORDS),
        )  # fmt: skip

    def find(self, texts: Sequence[str], vectors: Vectors) -> list[Found]:
        """For each of several questions the phrasings that may be meant; raises ``OutdatedError`` where this
        release is gone."""
        asked = [
            {
                "tenant": self._index.tenant,
                "release": self.release,
                "vector": vector,
                "letters": self.unknown(text),
                "words": self.words(text),
            }
            for text, vector in zip(texts, np.asarray(vectors, np.float32), strict=True)
        ]

        def ask(connection: Connection[Any]) -> list[list[Any]]:
            _register(connection)
            with connection.pipeline():
                cursors = [
                    connection.cursor(binary=True).execute(self._find, one, prepare=True) for one in asked
                ]
                return [cursor.fetchall() for cursor in cursors]

        try:
            listed = self._index.database.run(ask)
        except errors.UndefinedTable:  # dropped
            raise OutdatedError(
                f"{self._index.database.where}: the knowledge base {self._index.tenant!r} is no longer there"
            ) from None
        return [self._found(rows) for rows in listed]

    def look_again(self) -> None:
        """Tell of a newer release once more."""
        if self._told.locked():
            self._told.release()

    def words(self, text: str) -> str:
        """What is looked for by words, as in a web search: any two of the rarest words together, and each
        that is rare by itself."""
        words = dict.fromkeys(
            word for word in simple_words(text) if word not in function_words() and word.isalnum()
        )
        rarest = sorted(
            (word for word in words if word in self._counts), key=lambda word: self._counts[word]
        )[:RARE]
        pairs = [f"{one} {other}" for one, other in combinations(rarest, 2)]
        return " or ".join([word for word in rarest if self._counts[word] <= FEW] + pairs)

    def unknown(self, text: str) -> str | None:
        """The words that neither English nor the knowledge has, which may be misspelt; None where there is
        none."""
        known = (english(), self._counts, function_words())
        words = [
            word
            for word in simple_words(text)
            if len(word) >= LONG_ENOUGH and not any(word in one for one in known)
        ]
        return " ".join(words[:RARE]) or None

    def _found(self, rows: Sequence[tuple[Any, ...]]) -> Found:
        release, oldest = rows[0][:2] if rows else (0, self.release + 1)
        if oldest > self.release:
            raise OutdatedError(
                f"{self._index.database.where}: the state of {self._index.tenant!r} that was loaded is gone; load it again"
            )
        if release > self.release and self.on_newer and self._told.acquire(blocking=False):
            self.on_newer()
        there = [row[2:] for row in rows if row[2] is not None]
        labels, texts, shown, vectors = zip(*there, strict=True) if there else ((), (), (), ())
        return Found(
            labels,
            texts,
            shown,
            np.array([_numbers(vector) for vector in vectors], np.float32).reshape(len(there), -1),
        )


def _numbers(vector: Any) -> Any:
    return vector.to_numpy() if hasattr(vector, "to_numpy") else vector


def _register(connection: Connection[Any]) -> None:
    """Vectors as arrays, once a connection."""
    if not getattr(connection, "_chatbot_vectors", False):
        from pgvector.psycopg import register_vector

        register_vector(connection)
        connection._chatbot_vectors = True  # type: ignore[attr-defined]
