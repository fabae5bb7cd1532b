"""Every index gives the same answers: all phrasings in memory, neighbours by faiss, and PostgreSQL, searched
exactly and by HNSW."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from postgres import Server

from chatbot import CareerBot, Entry, Reply
from chatbot.building.postgres import neighbours
from chatbot.building.postgres.index import PostgresIndex
from chatbot.retrieval.approximate import FaissIndex

if TYPE_CHECKING:
    from chatbot.building.postgres.push import Pushed
    from chatbot.building.prepare import Prepared

DATA = Path(__file__).resolve().parents[1] / "benchmarks" / "data"
KINDS = ["exact", "faiss", pytest.param("postgres", marks=pytest.mark.slow), "postgres-hnsw"]


def questions(count: int) -> list[str]:
    """Questions of people who had not seen the knowledge, in scope and out, and some with a typing error;
    always the same ones."""
    files = [DATA / f"{name}.jsonl" for name in ("fresh", "fresh2", "more", "validation")]
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(7)  # noqa: S311 - no secret
    chosen = chance.sample([row["question"] for row in rows], count)
    return [text if i % 5 else misspelt(text, chance) for i, text in enumerate(chosen)]


def misspelt(text: str, chance: random.Random) -> str:
    """With two letters swapped somewhere."""
    place = chance.randrange(1, max(2, len(text) - 1))
    return text[: place - 1] + text[place : place + 1] + text[place - 1] + text[place + 1 :]


def told(reply: Reply) -> tuple[object, ...]:
    """What a user sees of a reply."""
    return reply.kind, reply.text, reply.entry_ids, reply.citations, reply.suggestions


class Indexed(dict[str, CareerBot]):
    """The shipped knowledge behind every kind of index, with one encoder; each is made when it is first asked
    for."""

    def __init__(self, bot: CareerBot, server: Server) -> None:
        super().__init__(exact=bot)
        self._server = server

    def __missing__(self, kind: str) -> CareerBot:
        encoder = self["exact"].engine.encoder
        if kind == "faiss":
            self[kind] = CareerBot(encoder=encoder, index=FaissIndex())
            return self[kind]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(neighbours, "EXACT_UP_TO", 0 if kind == "postgres-hnsw" else 10**9)
            assert pushed(self["exact"], self._server, kind).approximate is (kind == "postgres-hnsw")
        self[kind] = CareerBot(encoder=encoder, index=f"{self._server.dsn}?tenant={kind}")
        return self[kind]


@pytest.fixture(scope="module")
def indexed(bot, postgres: Server) -> Iterator[Indexed]:
    made = Indexed(bot, postgres)
    yield made
    for kind, one in made.items():
        if kind != "exact":
            one.close()


def pushed(bot: CareerBot, server: Server, tenant: str, made: Prepared | None = None) -> Pushed:
    """Push what a bot knows, or something else with its encoder."""
    from chatbot.building.postgres.database import Database
    from chatbot.building.postgres.push import push

    return Database(server.dsn).alone(
        lambda connection: push(connection, tenant, made or bot.prepared, bot.engine.encoder.fingerprint)
    )


@pytest.mark.parametrize("kind", KINDS[1:])
def test_answers_are_the_same(indexed: Indexed, kind: str) -> None:
    compare(indexed, kind, 200, 0.015)  # HNSW is made by chance: of so few, some more may differ


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS[1:])
def test_two_thousand_answers_are_the_same(indexed: Indexed, kind: str) -> None:
    compare(indexed, kind, 2000, 0.005)


def compare(indexed: Indexed, kind: str, count: int, most: float) -> None:
    asked = questions(count)
    pairs = zip(asked, indexed["exact"].ask_many(asked), indexed[kind].ask_many(asked), strict=True)
    other = [question for question, one, two in pairs if told(one) != told(two)]
    assert len(other) <= most * count, other


@pytest.mark.parametrize("kind", KINDS)
def test_a_conversation_goes_on(indexed: Indexed, kind: str) -> None:
    chat = indexed[kind].conversation()
    assert "€53,202" in chat.ask("how much do ml engineers make in germany?").text
    assert "£50,484" in chat.ask("and in the uk?").text
    assert chat.ask("what do nurses earn in texas").chart


@pytest.mark.parametrize("kind", ["faiss", "postgres-hnsw"])
def test_neighbours_are_the_nearest(indexed: Indexed, kind: str) -> None:
    ranker = indexed["exact"].engine.local
    asked = questions(200)
    vectors = indexed["exact"].engine.encode(asked)
    recalls = []
    if kind == "faiss":
        index = FaissIndex()
        index.build(ranker.vectors)
        for vector, rows in zip(vectors, index.search_many(vectors, 64), strict=True):
            recalls.append(np.isin(best(ranker.vectors @ vector, 10), rows).mean())
    else:
        source = indexed[kind].engine.ranker._source  # type: ignore[attr-defined]
        for text, vector in zip(asked, vectors, strict=True):
            (found,) = source.find([text], vector[None])
            names = set(zip(found.labels, found.shown, strict=True))
            recalls.append(
                np.mean(
                    [
                        (ranker.labels[row], ranker.shown[row]) in names
                        for row in best(ranker.vectors @ vector, 10)
                    ]
                )
            )
    assert np.mean(recalls) >= 0.99


def best(scores: np.ndarray, count: int) -> np.ndarray:
    return np.argsort(-scores)[:count]


def test_with_nine_in_ten_rows_ended_the_nearest_of_the_others_are_found(
    indexed: Indexed, postgres: Server
) -> None:
    """HNSW with a filter: the index still holds the rows of the last release, which are passed over."""
    bot = indexed["exact"]
    ranker = bot.engine.local
    entries = bot.knowledge.entries
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "EXACT_UP_TO", 0)
        pushed(bot, postgres, "filtered", part(bot, entries[::5]))
        assert pushed(bot, postgres, "filtered", part(bot, entries[::50])).removed > 1500
    kept = {entry.id for entry in entries[::50]}
    rows = [row for row, label in enumerate(ranker.labels) if label in kept]
    index = PostgresIndex(postgres.dsn, "filtered")
    loaded = index.load(bot.engine.encoder.fingerprint)
    assert loaded
    asked = questions(100)
    recalls = []
    for text, vector in zip(asked, bot.engine.encode(asked), strict=True):
        (found,) = loaded[1].find([text], vector[None])
        assert set(found.labels) <= kept
        names = set(zip(found.labels, found.shown, strict=True))
        nearest = [rows[i] for i in best(ranker.vectors[rows] @ vector, 10)]
        recalls.append(np.mean([(ranker.labels[row], ranker.shown[row]) in names for row in nearest]))
    index.close()
    assert np.mean(recalls) >= 0.99


def part(bot: CareerBot, entries: tuple[Entry, ...]) -> Prepared:
    """What a bot knows, with some of the entries and no intents."""
    kept, whole = {entry.id for entry in entries}, bot.prepared
    rows = [row for row, label in enumerate(bot.engine.local.labels) if label in kept]
    knowledge = dataclasses.replace(whole.knowledge, entries=entries)
    wording = dataclasses.replace(whole.wording, texts=tuple(whole.wording.texts[row] for row in rows))
    return dataclasses.replace(
        whole, knowledge=knowledge, intents=(), vectors=whole.vectors[rows], wording=wording
    )


# faiss: what is kept outlives an edit


def clustered(count: int, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    centres = chance.normal(size=(count // 20 + 1, 64))
    made = (centres[chance.integers(0, len(centres), count)] + 0.3 * chance.normal(size=(count, 64))).astype(
        np.float32
    )
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_a_kept_graph_serves_after_an_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chatbot.retrieval import approximate

    file = tmp_path / "neighbours-0000000000000000.bin"
    vectors = clustered(3000)
    FaissIndex(file).build(vectors)
    # 100 gone, 50 new, all others at another place
    edited = np.vstack([clustered(50, seed=1), vectors[100:]])
    monkeypatch.setattr(approximate, "_graph", None)  # to make it anew would fail
    index = FaissIndex(file)
    index.build(edited)
    recalls = []
    for query in (*edited[:20], *edited[1000:1100]):
        rows, cosines = index.search(query, 10)
        assert list(rows[:1]) == [int(np.argmax(edited @ query))]
        assert np.allclose(cosines, edited[rows] @ query)
        recalls.append(np.isin(best(edited @ query, 10), rows).mean())
    assert np.mean(recalls) >= 0.95


def test_a_graph_of_other_vectors_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "neighbours-0000000000000000.bin"
    FaissIndex(file).build(clustered(1000))
    other = clustered(1000, seed=5)
    index = FaissIndex(file)
    index.build(other)
    assert [int(index.search(query, 1)[0][0]) for query in other[:50]] == list(range(50))
    file.write_bytes(file.read_bytes()[:-100])
    index.build(other)
    assert len(index.search(other[0], 5)[0]) == 5


@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_vectors(count: int) -> None:
    index = FaissIndex()
    index.build(clustered(40)[:count])
    assert len(index.search(clustered(40)[0], 10)[0]) == count


def test_it_is_chosen_by_size(caplog: pytest.LogCaptureFixture) -> None:
    from chatbot.retrieval.approximate import index_for

    assert index_for(99_999, None) is None
    with caplog.at_level("INFO"):
        assert isinstance(index_for(100_000, None), FaissIndex)
    assert "100,000 phrasings: nearest neighbours by faiss" in caplog.text
