"""The parts of the ranker."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from chatbot.measuring.reliability import expected_calibration_error
from chatbot.retrieval.coverage import Coverage
from chatbot.retrieval.index import ExactIndex, top
from chatbot.retrieval.ngrams import NgramIndex
from chatbot.retrieval.ranker import Ranker

TEXTS = ["baker start time", "when does the baker begin", "price of bread", "how much is a loaf"]
LABELS = ["start", "start", "price", "price"]


@pytest.fixture(scope="module")
def ranker(bot) -> Ranker:
    return Ranker(TEXTS, TEXTS, LABELS, bot.engine.encode(TEXTS))


def plain_ngrams(text: str) -> Counter[str]:
    """Every run of 3 to 5 characters of each word, the word between two spaces."""
    padded = [f" {word} " for word in text.lower().split()]
    return Counter(
        word[i : i + size] for word in padded for size in (3, 4, 5) for i in range(len(word) - size + 1)
    )


def plain_cosine(one: str, other: str, texts: list[str]) -> float:
    """Tf-idf as in textbooks: 1 + log tf, times log((1 + n) / (1 + df)) + 1; an n-gram of no text weighs as
    much as the rarest."""
    documents = Counter(gram for text in texts for gram in set(plain_ngrams(text)))
    idf = {gram: math.log((1 + len(texts)) / (1 + count)) + 1 for gram, count in documents.items()}
    own = {
        gram: (1 + math.log(n)) * idf[gram] if gram in idf else max(idf.values())
        for gram, n in plain_ngrams(one).items()
    }
    theirs = {gram: (1 + math.log(n)) * idf[gram] for gram, n in plain_ngrams(other).items()}
    lengths = math.hypot(*own.values()) * math.hypot(*theirs.values())
    return sum(weight * theirs.get(gram, 0.0) for gram, weight in own.items()) / lengths


NGRAM_TEXTS = [*TEXTS, "a b", "Ärger mit 你好", "banana bananas banana", "  spaced\tout  "]


@pytest.mark.parametrize(
    "question", [*NGRAM_TEXTS, "bakers strat early", "a", "BANANA", "half a pair \ud83d", "bread banana zzzz"]
)
def test_likeness_by_spelling_is_the_cosine_of_tf_idf(question: str) -> None:
    index, rows = NgramIndex(NGRAM_TEXTS), np.arange(len(NGRAM_TEXTS))
    found = index.cosines(index.query(question), rows)
    assert found.tolist() == pytest.approx(
        [plain_cosine(question, text, NGRAM_TEXTS) for text in NGRAM_TEXTS], abs=1e-5
    )
    again = NgramIndex(NGRAM_TEXTS, index.arrays)
    assert again.cosines(again.query(question), rows).tolist() == found.tolist()


@pytest.mark.parametrize("question", NGRAM_TEXTS)
def test_a_text_is_the_nearest_to_itself_by_spelling(question: str) -> None:
    index = NgramIndex(NGRAM_TEXTS)
    assert index.nearest(index.query(question), 3)[0] == NGRAM_TEXTS.index(question)


def test_nothing_is_near_by_spelling_where_no_letters_are_shared() -> None:
    index = NgramIndex([*TEXTS, ""])
    for nothing in ("xyzxyz", "", "?"):
        assert not index.cosines(index.query(nothing), np.arange(5)).any()
        assert len(index.nearest(index.query(nothing), 3)) == 0
    assert index.cosines(index.query(TEXTS[0]), np.array([4, 0, 4])).tolist() == pytest.approx([0, 1, 0])
    assert index.cosines(index.query("bread"), np.array([], np.intp)).shape == (0,)
    empty = NgramIndex([])
    assert len(empty.nearest(empty.query("anything"), 3)) == 0


def test_a_batch_is_ranked_as_one_by_one(bot, ranker: Ranker) -> None:
    asked = ["when do bakers start", "what is the price of a loaf?", "who are you"]
    vectors = bot.engine.encode(asked)
    for one, many in zip(map(ranker.rank, asked, vectors), ranker.rank_many(asked, vectors), strict=True):
        assert [scored.label for scored in one] == [scored.label for scored in many]
        assert [scored.score for scored in one] == pytest.approx([scored.score for scored in many], abs=1e-5)


def test_exact_search_is_a_sorted_matrix_product() -> None:
    vectors = np.eye(3, dtype=np.float32)
    index = ExactIndex()
    index.build(vectors)
    rows, cosines = index.search(np.array([0.1, 0.9, 0.3], np.float32), 2)
    assert rows.tolist() == [1, 2]
    assert cosines.tolist() == pytest.approx([0.9, 0.3])
    assert top(np.array([1.0, 3.0, 2.0], np.float32), 9).tolist() == [1, 2, 0]


def test_the_nearest_label_wins_also_with_typing_errors(bot, ranker: Ranker) -> None:
    for question, label in [
        ("what time do bakers begin", "start"),
        ("prise of bread", "price"),
        ("cost of a loaf of bread", "price"),
    ]:
        best = ranker.rank(question, bot.engine.encode([question])[0])[0]
        assert best.label == label
        assert 0 <= best.semantic <= 1.01


def test_a_phrasing_left_out_does_not_vote_for_itself(ranker: Ranker) -> None:
    without = np.array([True, False, False, False])
    own = ranker.rank(TEXTS[0], ranker.vectors[0])[0]
    other = ranker.rank(TEXTS[0], ranker.vectors[0], without)[0]
    assert own.phrasing == TEXTS[0]
    assert other.phrasing != TEXTS[0]
    assert other.score < own.score
    assert ranker.rank(TEXTS[0], ranker.vectors[0], np.ones(4, np.bool_)) == []


def test_coverage_says_what_an_entry_does_not_speak_of() -> None:
    coverage = Coverage.over({"a": ["bakery wages in winter"], "b": ["opening hours"]})
    assert coverage.of("bakery wages", "a")[0] == 1.0
    share, heaviest = coverage.of("bakery pension", "a")
    assert 0 < share < 1 and heaviest > 0
    assert coverage.of("bakery wages in winter", "a", left_out=True)[0] == 0.0


def test_calibration_error_is_zero_for_the_perfect_and_large_for_the_boastful() -> None:
    right = np.array([True] * 9 + [False])
    assert expected_calibration_error(np.full(10, 0.9), right) == pytest.approx(0.0)
    assert expected_calibration_error(np.full(10, 0.99), ~right) == pytest.approx(0.89)
