"""What is listened for: fitted to texts, kept in arrays, and weighed over the sentences of a message."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from staging import attempt

from chatbot.deciding import heard_in
from chatbot.flow import Ranking
from chatbot.policy import policy
from chatbot.retrieval.listening import fit, listener_from

TEXTS = ("the hill is steep", "the hill is green", "my boat has sunk", "my boat is lost", "my boat burns")
VECTORS = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]], np.float32)


def fitted():
    return fit(TEXTS, VECTORS, [0, 0, 1, 1, 2], [1.0] * 5)


def test_what_it_was_fitted_to_is_told_apart_by_meaning_and_by_words() -> None:
    listener = fitted()
    shares = listener.shares(TEXTS, VECTORS)
    assert shares.shape == (5, 3)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert shares[:2].argmax(axis=1).tolist() == [0, 0]
    assert (shares[2:, 1:].sum(axis=1) > 0.5).all()
    even = np.full((2, 2), 0.5, np.float32)  # where the meaning says nothing, the words do
    hill, boat = listener.shares(["the hill", "my boat"], even)
    assert hill[0] > boat[0]


def test_it_is_the_same_after_it_was_kept_and_whatever_the_order_of_the_texts() -> None:
    listener = fitted()
    again = listener_from(listener.arrays)
    assert again is not None
    assert (again.shares(TEXTS, VECTORS) == listener.shares(TEXTS, VECTORS)).all()
    turned = fit(TEXTS[::-1], VECTORS[::-1], [2, 1, 1, 0, 0], [1.0] * 5)
    assert np.allclose(turned.shares(TEXTS, VECTORS), listener.shares(TEXTS, VECTORS), atol=0.02)
    assert listener_from({}) is None


def test_a_text_without_a_known_word_goes_by_its_meaning() -> None:
    assert fitted().shares(["", "xyzzy"], VECTORS[:2])[:, 0].min() > 0.5


@pytest.mark.parametrize(
    ("shares", "kind"),
    [
        ([(0.1, 0.8)], "discouragement"),
        ([(0.8, 0.1)], "danger"),
        ([(0.0, 0.5)], None),  # one sentence must say it more plainly
        ([(0.0, 0.5), (0.0, 0.5)], "discouragement"),
        ([(0.4, 0.5)], "danger"),  # the graver kind goes first where it is nearly as likely
        ([(0.0, 0.2)], None),
        ([(0.0, 0.2), (0.0, 0.9), (0.0, 0.9)], "discouragement"),  # its sentences say what the whole hides
        ([(0.0, 0.2), (0.0, 0.0), (0.0, 0.6)], None),  # one sentence alone does not
    ],
)
def test_the_whole_counts_as_much_as_its_sentences(library, shares, kind: str | None) -> None:
    attempts = []
    for row in shares:
        made = attempt(library, "i feel awful", [])
        made.ranking = Ranking(made.reading, heard=row)
        attempts.append(made)
    heard = heard_in(library, attempts)
    assert (heard.intent.id if heard else None) == kind
    if heard:
        assert heard.score >= policy().listening.heard


def test_nothing_is_heard_where_nothing_is_listened_for(library) -> None:
    bare = SimpleNamespace(policy=policy(), listened_for=[], intents={})
    assert heard_in(bare, [attempt(library, "i feel awful", [])]) is None
