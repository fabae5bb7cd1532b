"""Stage 2, the parts of it: choices, what is handed on, what is said of the last answer, and completed
questions."""

from __future__ import annotations

import pytest
from staging import MLE, US, answered, attempt, intent, not_known, proposal, replace, scored, turn

from chatbot.composing import ALL_TOLD
from chatbot.dialogue import acts, completions
from chatbot.dialogue.choices import choice
from chatbot.dialogue.merging import lookup_of, merged, names_places, without
from chatbot.flow import Attempt, Code, Ranking, Turn
from chatbot.reply import ReplyKind

DAY, WORST, PAY = f"{MLE}day-start", f"{MLE}worst-aspects", f"{US}typical-pay"
OFFERED = (
    "What do Registered Nurses earn in Ohio?",
    "What do Roofers earn in Ohio?",
    "What do Nurse Anesthetists earn in Ohio?",
)


# a choice among what was offered


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2", 1), ("the first one", 0), ("no, the last one please.", None), ("last", 2), ("3rd option", 2), ("number 2!", 1), ("4", None),
        ("roofers", 1), ("registered", 0), ("roofer", 1), ("nurses", 0), ("nurse", None), ("ohio", None), ("the", None), ("doctors", None),
        ("i would like to know about the roofers of the state of ohio in winter", None),
    ],
)  # fmt: skip
def test_a_number_or_words_of_its_own_choose_a_question(said: str, meant: int | None) -> None:
    turns = [Turn("nurse pay", "nurse pay", "clarify", "Which?", suggestions=OFFERED)]
    assert choice(said, turns) == (None if meant is None else OFFERED[meant])


def test_words_choose_only_after_a_question_back_and_nothing_where_nothing_was_offered() -> None:
    answer = [Turn("nurse pay", "nurse pay", "answer", "$1", suggestions=OFFERED)]
    assert choice("roofers", answer) is None
    assert choice("2", answer) == OFFERED[1]
    assert choice("2", []) is None
    assert choice("2", [Turn("x", "x", "clarify", "Which?")]) is None


# what a question hands on


def test_levels_and_places_are_handed_on_and_what_is_named_anew_goes_before(library) -> None:
    old, new = library.reader.facets("senior pay in germany"), library.reader.facets("entry level")
    both = merged(new, old)
    assert (both.get("level"), both.get("country")) == (("entry",), ("DE",))
    assert merged(library.reader.facets("in india"), old).get("country") == ("IN",)
    assert merged(library.reader.facets("in euros"), library.reader.facets("in india")).get("country") == ()
    assert "asks" not in merged(library.reader.facets("and now"), old).values


def test_what_is_named_anew_is_taken_out_of_the_question_before(library) -> None:
    assert without(library, "senior pay in germany?", library.reader.facets("in india")) == "senior pay in"
    assert without(library, "senior pay in germany?", library.reader.facets("junior")) == "pay in germany"
    assert without(library, "senior pay?", library.reader.facets("thanks")) == "senior pay"


def test_only_lookups_are_looked_up_and_any_kind_of_place_is_a_place(library) -> None:
    assert lookup_of(library, PAY).id == PAY
    assert lookup_of(library, DAY) is lookup_of(library, None) is lookup_of(library, "gone") is None
    assert [
        names_places(library.reader.facets(text))
        for text in ("in france", "in berlin", "roofer in ohio", "here")
    ] == [
        True,
        True,
        True,
        False,
    ]


# what is said of the last answer


def act(library, text: str, *labels) -> Code | None:
    reading = library.reader.read(text)
    return acts.act_of(library, Ranking(reading, labels))


def test_the_best_label_says_which_act_is_meant(library) -> None:
    for name, code in (
        ("sources", Code.SOURCES),
        ("date", Code.DATE),
        ("why", Code.REASON),
        ("more", Code.MORE),
        ("repeat", Code.REPEAT),
    ):
        assert act(library, "as before, please and thank you", scored(intent(name), 0.5)) is code
    assert act(library, "thank you", scored(intent("thanks"), 0.5)) is None
    assert act(library, "who knows", scored(DAY, 0.5)) is None
    assert act(library, "who knows") is None


def test_the_best_label_needs_to_be_near_or_to_have_a_score_of_its_own(library) -> None:
    assert act(library, "says who?", scored(intent("sources"), 0.1, semantic=0.55)) is Code.SOURCES
    assert act(library, "says who?", scored(intent("sources"), 0.35, semantic=0.1)) is Code.SOURCES
    assert act(library, "says who?", scored(intent("sources"), 0.1, semantic=0.1)) is None


def test_until_when_asks_of_the_matter(library) -> None:
    assert act(library, "and until when?", scored(intent("date"), 0.9, semantic=0.9)) is None


def test_the_source_of_the_last_answer_is_told_with_its_citations(library) -> None:
    last = turn(library, "when", DAY)
    decision = acts.sources(library, attempt(library, "says who?"), last, Code.SOURCES, "Well. ")
    assert decision.proposal
    assert decision.proposal.told
    assert decision.proposal.told.text.startswith("Well. That is from: ")
    assert decision.proposal.told.citations == library.knowledge.by_id[DAY].citations
    assert (decision.code, decision.entry_ids, decision.offers) == (Code.SOURCES, (DAY,), ())


def test_what_is_repeated_comes_with_what_was_offered_beside_it(library) -> None:
    last = turn(library, "when", DAY, suggestions=("And then?",))
    decision = acts.repeated(library, attempt(library, "again?"), last)
    assert decision.proposal
    assert decision.proposal.told
    assert (decision.proposal.told.text, decision.offers, decision.code) == (
        last.text,
        ("And then?",),
        Code.REPEAT,
    )


def test_a_reason_is_looked_for_among_what_people_ask_why_of(library) -> None:
    last, entry = turn(library, "worst sides", WORST), library.knowledge.by_id[WORST]
    asked = acts.reasons(library, last, entry)
    assert [one.reading.text for one in asked] == ["why worst sides", f"why {entry.question}"]
    assert all(one.rank_only for one in asked)
    labels = (
        scored(WORST, 0.9, phrasing="why is it bad"), scored(DAY, 0.5, phrasing="when does it begin"),
        scored(f"{MLE}why-computer-science", 0.4, phrasing="why computer science"),
        scored(f"{MLE}data-cleaning", 0.3, phrasing="why is cleaning tedious"), scored(intent("why"), 0.2, phrasing="how come"),
    )  # fmt: skip
    one = acts.reason(
        library, Attempt(asked[0].reading, ranking=Ranking(asked[0].reading, labels)), last, entry
    )
    assert [found.label for found in one.ranked.labels] == [
        f"{MLE}data-cleaning",
        f"{MLE}why-computer-science",
        intent("why"),
    ]
    assert one.ranked.labels[0].score == pytest.approx(0.3 * library.policy.follow_up.topic)
    assert one.open


def test_more_is_the_next_one_that_was_not_told_yet(library) -> None:
    entry = library.knowledge.by_id[WORST]
    last = turn(library, "worst sides", WORST)
    made = attempt(library, "more")
    first = acts.more(library, made, [last], last, entry)
    assert isinstance(first, Attempt)
    assert first.lead
    assert (first.lead.label, first.code, first.sure) == (
        entry.follow_ups[0],
        Code.MORE,
        library.policy.acts.more,
    )
    told = [turn(library, "x", link) for link in entry.follow_ups]
    beyond = acts.more(library, made, [last, *told], last, entry)
    assert isinstance(beyond, Attempt)
    assert beyond.lead
    assert library.knowledge.by_id[beyond.lead.label].topic == entry.topic
    assert beyond.lead.label not in entry.follow_ups


def test_where_all_was_told_that_is_said(library) -> None:
    entry = replace(library.knowledge.by_id[WORST], follow_ups=())
    turns = [turn(library, "x", one.id) for one in library.knowledge.in_topic(entry.topic, entry.pack)]
    decision = acts.more(library, attempt(library, "more"), turns, turns[0], entry)
    assert not isinstance(decision, Attempt)
    assert (decision.kind, decision.text, decision.offers) == (ReplyKind.UNKNOWN, ALL_TOLD, ())


def test_more_of_a_figure_is_about_the_same_occupation_and_place(library) -> None:
    last = turn(library, "roofer pay in Utah", PAY)
    further = acts.more(library, attempt(library, "more"), [last], last, library.knowledge.by_id[PAY])
    assert isinstance(further, Attempt)
    assert "Roofers" in further.reading.text
    assert "Utah" in further.reading.text


# a question completed by the one before


def test_a_short_question_is_completed_by_the_topic_the_question_before_and_what_that_named(library) -> None:
    last = turn(library, "senior engineer duties", f"{MLE}level-senior")
    reading = library.reader.read("and the tools?")
    texts = [one.text for one in completions.completed(library, reading, last)]
    title = library.knowledge.topic_title(library.knowledge.by_id[f"{MLE}level-senior"]).lower()
    assert texts == [f"the tools {title}", "senior engineer duties the tools", "the tools senior"]
    assert all(one.typed == reading.typed for one in completions.completed(library, reading, last))
    assert len(completions.completed(library, reading, turn(library, "when", DAY))) == 2
    long = library.reader.read(
        "how would one go about finding a first employer in the field of machine learning"
    )
    assert completions.completed(library, long, last) == []
    assert len(completions.completed(library, reading, replace(last, entry_ids=("gone",)))) == 3


def test_a_question_leans_on_the_one_before_unless_it_stands_alone(library) -> None:
    numbers = library.policy.follow_up
    made = attempt(library, "and the tools?")
    assert completions.leans(library, not_known(made))
    assert completions.leans(library, answered(library, made, DAY, numbers.stands_alone - 0.01))
    assert not completions.leans(library, answered(library, made, DAY, numbers.stands_alone))
    for code in (Code.VETOED, Code.NO_SUCH_ROW):
        assert not completions.leans(library, not_known(made, code))
    assert not completions.leans(library, not_known(made, Code.INTENT, ReplyKind.REFUSAL))
    for text, leans in (("what then", True), ("cheers", False)):
        assert (
            completions.leans(
                library, not_known(attempt(library, text), Code.INTENT, ReplyKind.SMALLTALK, 0.1)
            )
            is leans
        )


def test_readings_put_their_scores_together_with_a_little_more_for_the_topic(still) -> None:
    numbers = still.policy.follow_up
    last = turn(still, "worst sides", WORST)
    cleaning, linked = f"{MLE}pros-and-cons", still.knowledge.by_id[WORST].follow_ups[0]
    labels = [
        [scored(DAY, 0.5), scored(WORST, 0.4)],
        [scored(cleaning, 0.6), scored(WORST, 0.9)],
        [scored(linked, 0.2), scored(DAY, 0.7)],
    ]
    made = [
        attempt(still, text, listed)
        for text, listed in zip(("the tools", "tools sides", "worst sides tools"), labels, strict=True)
    ]
    both = completions.together(still, made, last)
    share = 1 / (1 + sum(numbers.weights[:2]))
    scores = {one.label: one.score for one in both.ranked.labels}
    assert scores[DAY] == pytest.approx((0.5 + numbers.weights[1] * 0.7) * share)
    assert scores[WORST] == pytest.approx(0.4 * share * numbers.topic)
    assert scores[cleaning] == pytest.approx(numbers.weights[0] * 0.6 * share * numbers.topic)
    assert scores[linked] == pytest.approx(numbers.weights[1] * 0.2 * share * numbers.topic * numbers.linked)
    assert [one.score for one in both.ranked.labels] == sorted(scores.values(), reverse=True)
    assert (both.code, both.reading.typed, both.reading.text) == (
        Code.COMPLETED,
        "the tools",
        "worst sides tools",
    )
    gone = completions.together(still, made, replace(last, entry_ids=("gone",)))
    assert {one.label: one.score for one in gone.ranked.labels}[cleaning] == pytest.approx(
        numbers.weights[0] * 0.6 * share
    )


def test_a_completed_question_must_be_surer_speak_of_what_was_typed_and_be_ahead_of_what_is_out_of_scope(
    still,
) -> None:
    numbers = still.policy.follow_up
    visas = proposal(still, intent("visas"), 0.3)

    def of(typed: str, sure: float = 0.9, score: float = 0.5, plain: float | None = None):
        made = attempt(
            still, "when does the day of an engineer begin", [scored(DAY, score)], proposals=(visas,)
        )
        answered(still, made, DAY, sure)
        before = attempt(still, typed)
        return completions.surer(
            still, made, answered(still, before, WORST, plain) if plain else not_known(before)
        )

    taken = of("when does it begin")
    assert taken
    assert taken.confidence == pytest.approx(0.9 * numbers.completed_sure)
    assert of("and the zebras") is None
    assert of("when does it begin", sure=numbers.completed_least - 0.01) is None
    assert of("when does it begin", score=0.3 * numbers.ahead_of_all - 0.01) is None
    assert of("when does it begin", plain=0.95) is None
    assert of("when does it begin", plain=0.85)
    open_ = attempt(still, "when")
    not_known(open_)
    assert completions.surer(still, open_, not_known(attempt(still, "x"))) is None


def test_a_completed_question_counts_as_the_entrys_own_and_a_tables_as_asked(library) -> None:
    assert (
        completions.as_asked(library, answered(library, attempt(library, "x"), DAY), "x y")
        == library.knowledge.by_id[DAY].question
    )
    assert (
        completions.as_asked(
            library, answered(library, attempt(library, "x"), f"{MLE}salary-by-country"), "x y"
        )
        == "x y"
    )
