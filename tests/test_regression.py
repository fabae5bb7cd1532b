"""Softmax regression beside the kernel, and BLAS on one thread."""

from __future__ import annotations

import threading

import numpy as np
from msgspec import structs

from chatbot.policy import policy, standing_in
from chatbot.retrieval import blas, regression
from chatbot.retrieval.regression import Regression


def clouds(labels: int = 4, each: int = 30, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(labels, 16))
    vectors = np.repeat(centres, each, axis=0) + 0.5 * rng.normal(size=(labels * each, 16))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), np.repeat(
        np.arange(labels), each
    )


def test_shares_sum_to_one_and_name_the_right_cloud() -> None:
    vectors, ids = clouds()
    model = Regression(vectors, ids, 4)
    shares = np.array([model.shares(vector) for vector in vectors])
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert (shares.argmax(axis=1) == ids).mean() > 0.95


def test_the_same_data_give_the_same_fit() -> None:
    vectors, ids = clouds()
    assert np.array_equal(regression.fit(vectors, ids, 4), regression.fit(vectors, ids, 4))


def test_a_left_out_text_is_judged_by_a_fit_that_has_not_seen_it() -> None:
    vectors, ids = clouds()
    ids = ids.copy()
    ids[5] = 3  # a label that only having seen it explains
    model = Regression(vectors, ids, 4)
    without = np.zeros(len(ids), np.bool_)
    without[5] = True
    assert model.shares(vectors[5], without)[3] < model.shares(vectors[5])[3]


def test_a_label_of_which_nothing_is_left_gets_no_share() -> None:
    vectors, ids = clouds()
    model = Regression(vectors, ids, 4)
    assert model.shares(vectors[0], ids == 0)[0] == 0.0


def test_too_large_a_knowledge_base_goes_without() -> None:
    vectors, ids = clouds()
    small = structs.replace(policy(), regression=structs.replace(policy().regression, largest=100))
    with standing_in(small):
        assert not Regression(vectors, ids, 4).shares(vectors[0]).any()


def blas_threads() -> set[int]:
    return {found["num_threads"] for found in blas._controller().info()}


def test_blas_has_one_thread_inside_and_its_own_number_after_many_were_inside() -> None:
    before = blas_threads()
    with blas.one_thread():
        assert blas_threads() == {1}

    def work() -> None:
        for _ in range(200):
            with blas.one_thread():
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert blas_threads() == before
