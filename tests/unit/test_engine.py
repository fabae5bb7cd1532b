"""What an engine makes of a ranker's labels before anything is proposed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from staging import MLE, US, StillEngine, intent, scored

from chatbot.errors import ChatbotError

DAY, COUNTRY, LEVEL, PAY = (
    f"{MLE}day-start",
    f"{MLE}salary-by-country",
    f"{MLE}salary-by-level",
    f"{US}typical-pay",
)


def weighed(still: StillEngine, question: str, *labels) -> list[tuple[str, float]]:
    return [(one.label, pytest.approx(one.score)) for one in still.weigh(still.reader.read(question), labels)]


def test_tables_of_one_measure_put_their_scores_together(still) -> None:
    assert weighed(
        still, "pay", scored(DAY, 0.5), scored(COUNTRY, 0.4), scored(LEVEL, 0.3), scored(LEVEL, -0.1)
    ) == [
        (COUNTRY, 0.7),
        (DAY, 0.5),
    ]


def test_intents_about_other_occupations_count_less_where_none_is_named_and_nothing_where_the_packs_own_is(
    still,
) -> None:
    other = next(one.label for one in still.intents.values() if one.other_role)
    assert weighed(still, "what is it like", scored(other, 0.5)) == [
        (other, 0.5 * still.policy.intents.no_other_role)
    ]
    assert weighed(still, "what is a machine learning engineer", scored(other, 0.5)) == []
    assert weighed(still, "what is a roofer like", scored(other, 0.5)) == [(other, 0.5)]


def test_a_lookup_without_what_it_needs_is_left_out(still) -> None:
    assert weighed(still, "wages", scored(PAY, 0.5), scored(DAY, 0.4)) == [(DAY, 0.4)]


def test_nothing_to_go_by_is_never_likely(still) -> None:
    reading = still.reader.read("when")
    assert still.probability(reading, [], []) == 0.0
    sure, unsure = (
        still.probability(reading, [scored(DAY, score, semantic=score)], [scored(intent("visas"), 0.1)])
        for score in (0.9, 0.1)
    )
    assert 0 <= unsure < sure <= 1


def test_an_entry_that_holds_the_best_answer_is_no_rival(still) -> None:
    best, other = scored(DAY, 0.5), scored(f"{MLE}docker", 0.4)
    assert still.rivals([best, other]) == [best, other]
    same = SimpleNamespace(
        policy=still.policy, answer_stems={"a": frozenset("xyz"), "b": frozenset("xy"), "c": frozenset("q")}
    )
    assert StillEngine.holds(same, "a", "b")  # type: ignore[arg-type]
    assert not StillEngine.holds(same, "a", "c")  # type: ignore[arg-type]


def test_what_is_in_a_database_has_no_phrasings_in_memory(still) -> None:
    with pytest.raises(ChatbotError, match="leave out --index"):
        _ = still.local


def test_a_way_of_looking_up_that_is_clearly_meant_is_compared_with_nothing_else(still) -> None:
    class Ranker:
        """Gives the same labels to all texts, and keeps what it was asked."""

        def __init__(self) -> None:
            self.asked: list[str] = []

        def rank_many(self, texts, vectors, limit):
            self.asked += texts
            return [[scored(PAY, 0.6), scored(DAY, 0.2)] for _ in texts]

    engine = object.__new__(StillEngine)
    for question, ranked in (
        ("roofer wages in Utah", 1),
        ("do roofers in Utah laugh", 2),
        ("when is lunch", 1),
    ):
        engine.__dict__.update(still.__dict__ | {"ranker": Ranker()})
        (ranking,) = engine.rank([engine.reader.read(question)])
        assert len(engine.ranker.asked) == ranked, question  # type: ignore[attr-defined]
        assert DAY in {one.label for one in ranking.labels}
    assert engine.rank([]) == []
