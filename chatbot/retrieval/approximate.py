"""An index of neighbours (HNSW over 8-bit numbers, by faiss) for hundreds of thousands of phrasings in one
process.

It only proposes rows; the cosines that count are of the whole vectors. The graph is kept in the cache and
outlives edits: rows that are new are compared one by one until they are too many, rows that are gone are
passed over. Malkov and Yashunin, 2018; faiss.ai.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot import cachefile
from chatbot.encoders.encoder import Vectors
from chatbot.errors import ChatbotError
from chatbot.retrieval.index import Index, top

APPROXIMATE_FROM = 100_000
"""From so many phrasings on it is used where faiss is installed; below, comparing with all is as quick."""
LINKS, BUILDING, SEARCHING = 16, 100, 400
"""HNSW's M, efConstruction and efSearch."""
NEW = 0.05
"""Where more than this share of the rows is new, or is gone, the graph is made anew."""
TRAINING = 50_000
"""The range of the 8-bit numbers is learnt from so many rows."""
log = logging.getLogger(__name__)
logging.getLogger("faiss.loader").setLevel(logging.WARNING)


def index_for(phrasings: int, file: Path | None) -> Index | None:
    """The index for so many phrasings, where exact search is not the best; ``file``: where it may be kept."""
    if phrasings < APPROXIMATE_FROM:
        return None
    if importlib.util.find_spec("faiss") is None:
        log.info(
            "%s phrasings: searched exactly; quicker with: pip install 'career-chatbot[faiss]'",
            f"{phrasings:,}",
        )
        return None
    log.info("%s phrasings: nearest neighbours by faiss (HNSW)", f"{phrasings:,}")
    return FaissIndex(file)


class FaissIndex:
    """An ``Index`` that searches a graph of neighbours with one thread a search. ``file``: where the graph is
    kept; None keeps none."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._vectors: Vectors = np.zeros((0, 1), np.float32)
        self._graph: Any = None
        self._rows: NDArray[np.intp] = np.zeros(0, np.intp)
        """Of each of the graph's rows, the row of the vectors, or -1 where it is gone."""
        self._new: NDArray[np.intp] = np.zeros(0, np.intp)
        """Rows that the graph does not have."""

    def build(self, vectors: Vectors) -> None:
        """Take the vectors, float32 (n, d), of length 1; the graph is taken from the file, where it is of
        most of them."""
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        keys = _keys(self._vectors)
        known = cachefile.read(self._file, "neighbours") if self._file else None
        if known and self._taken(known[1], keys):
            return
        self._graph = _graph(self._vectors)
        self._rows, self._new = np.arange(len(keys)), np.zeros(0, np.intp)
        if self._file and len(keys):
            cachefile.write(
                self._file, "neighbours", b"", {"keys": keys, "graph": _faiss().serialize_index(self._graph)}
            )

    def search(self, query: Vectors, k: int) -> tuple[NDArray[np.intp], Vectors]:
        """The k nearest to one query (d,): rows and cosines, best first."""
        (rows,) = self.search_many(query[None], k)
        return rows, self._vectors[rows] @ query

    def search_many(self, queries: Vectors, k: int) -> list[NDArray[np.intp]]:
        """The rows of the k nearest to each of several queries (m, d), best first."""
        faiss = _faiss()
        faiss.omp_set_num_threads(1)  # of this thread: others search at the same time
        if not len(self._rows) or k < 1:
            return [self._nearest(query, self._new, k) for query in queries]
        wider = faiss.SearchParametersHNSW(efSearch=max(SEARCHING, 2 * k))
        asked = np.ascontiguousarray(queries, dtype=np.float32)
        _, listed = self._graph.search(asked, min(len(self._rows), k + k // 8), params=wider)
        out = []
        for query, found in zip(asked, listed, strict=True):
            rows = self._rows[found[found >= 0]]
            out.append(self._nearest(query, np.concatenate([rows[rows >= 0], self._new]), k))
        return out

    def _nearest(self, query: Vectors, rows: NDArray[np.intp], k: int) -> NDArray[np.intp]:
        return rows[top(self._vectors[rows] @ query, k)] if len(rows) and k > 0 else rows[:0]

    def _taken(self, known: dict[str, NDArray[Any]], keys: NDArray[np.uint64]) -> bool:
        """Whether a graph kept before is of these rows, or of nearly all of them."""
        if set(known) != {"keys", "graph"} or not len(known["keys"]):
            return False
        before = known["keys"]
        order = np.argsort(keys, kind="stable")
        places = np.minimum(np.searchsorted(keys, before, sorter=order), len(keys) - 1)
        rows = np.where(keys[order[places]] == before, order[places], -1)
        new = np.setdiff1d(np.arange(len(keys)), rows[rows >= 0])
        if len(new) > NEW * len(keys) or (rows < 0).sum() > NEW * len(before):
            return False
        self._graph = _faiss().deserialize_index(np.array(known["graph"]))
        self._rows, self._new = rows, new
        return bool(self._graph.d == self._vectors.shape[1] and self._graph.ntotal == len(before))


def _graph(vectors: Vectors) -> Any:
    faiss = _faiss()
    graph = faiss.IndexHNSWSQ(
        vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, LINKS, faiss.METRIC_INNER_PRODUCT
    )
    graph.hnsw.efConstruction = BUILDING
    if len(vectors):
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        graph.train(vectors[:: max(1, len(vectors) // TRAINING)])
        graph.add(vectors)
    return graph


def _keys(vectors: Vectors) -> NDArray[np.uint64]:
    """A name of each row by its content, uint64 (n,)."""
    words = np.ascontiguousarray(vectors).view(np.uint32).astype(np.uint64)
    factors = np.random.default_rng(0).integers(1, 2**63, words.shape[1], dtype=np.uint64) | np.uint64(1)
    return np.asarray((words * factors).sum(axis=1, dtype=np.uint64))


def _faiss() -> Any:
    try:
        import faiss
    except ImportError:
        raise ChatbotError(
            "an index of neighbours needs one more package; run: pip install 'career-chatbot[faiss]'"
        ) from None
    return faiss
