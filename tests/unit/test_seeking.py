"""Stage 2: what is tried for a message, lot by lot; each lot is decided here by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from staging import MLE, US, answered, attempt, followed, intent, not_known, replace, scored, turn

from chatbot.dialogue.acts import NO_REASON
from chatbot.dialogue.seeking import alone
from chatbot.dialogue.talking import in_conversation
from chatbot.dialogue.twothings import halves, likely_seconds, without_its_own
from chatbot.flow import Attempt, Code, Flow, Message, Outcome, Ranking, Turn
from chatbot.language.normalise import clean, questions
from chatbot.reply import ReplyKind

DAY, WORST, PAY, COUNTRY = (
    f"{MLE}day-start",
    f"{MLE}worst-aspects",
    f"{US}typical-pay",
    f"{MLE}salary-by-country",
)
INSURANCE, TELECOM = f"{MLE}insurance-jobs", f"{MLE}telecom-jobs"
Decide = Callable[[Attempt], object]


def asked(
    still, text: str, decide: Decide, turns: Sequence[Turn] | None = None
) -> tuple[Outcome, list[list[str]]]:
    """What a message comes to, and what was tried."""
    parts = questions(clean(text))
    pieces = [still.reader.readings(part) for part in ([text] if len(parts) == 1 else [text, *parts])]
    flow = Flow(Message(text, turns), pieces)
    return followed((alone if turns is None else in_conversation)(still, flow), decide)


def by_words(still, known: dict[str, tuple[str, float]], otherwise: Decide = not_known) -> Decide:
    """Decides a reading by the first of some words that stands in it."""

    def decide(made: Attempt) -> object:
        found = next((of for word, of in known.items() if word in made.reading.text), None)
        return answered(still, made, *found) if found else otherwise(made)

    return decide


# alone


def test_a_question_is_tried_as_it_is(still) -> None:
    outcome, lots = asked(still, "when does it begin", by_words(still, {"begin": (DAY, 0.9)}))
    assert lots == [["when does it begin"]]
    assert (outcome.decision.entry_ids, outcome.read_as, outcome.second) == (
        (DAY,),
        "when does it begin",
        None,
    )


def test_other_spellings_are_tried_only_where_the_likeliest_is_not_sure(still) -> None:
    text = "wrst sides of engineering"
    spelt = [reading.text for reading in still.reader.readings(text)]
    assert len(spelt) > 1
    outcome, lots = asked(still, text, by_words(still, {spelt[0]: (DAY, still.policy.reading.sure)}))
    assert lots == [spelt[:1]]
    outcome, lots = asked(still, text, by_words(still, {spelt[0]: (DAY, 0.6), spelt[1]: (WORST, 0.7)}))
    assert lots == [spelt[:1], spelt[1:]]
    assert outcome.decision.entry_ids == (WORST,)
    outcome, _ = asked(still, text, by_words(still, {spelt[0]: (DAY, 0.7), spelt[1]: (WORST, 0.6)}))
    assert outcome.decision.entry_ids == (DAY,)
    outcome, _ = asked(still, text, by_words(still, {spelt[1]: (WORST, 0.3)}))
    assert outcome.decision.entry_ids == (WORST,)


TWO = "is python needed at all? and what is docker for?"
PYTHON, DOCKER = f"{MLE}python-needed", f"{MLE}docker"


def test_two_questions_that_are_each_sure_are_told_together(still) -> None:
    outcome, lots = asked(still, TWO, by_words(still, {"python": (PYTHON, 0.9), "docker": (DOCKER, 0.9)}))
    assert (len(lots[0]), len(lots[1])) == (2, 3)  # each sentence first, for distress
    assert outcome.second
    assert (outcome.code, outcome.decision.entry_ids, outcome.second.entry_ids) == (
        Code.TWO_QUESTIONS,
        (PYTHON,),
        (DOCKER,),
    )


def test_two_questions_are_told_each_under_its_own_words_where_one_is_less_sure(still) -> None:
    outcome, _ = asked(
        still,
        TWO,
        by_words(still, {"all? and": (PAY, 0.8), "python": (PYTHON, 0.9), "docker": (DOCKER, 0.5)}),
    )
    assert (outcome.code, outcome.second) == (Code.TWO_QUESTIONS, None)
    assert [decision.entry_ids for decision in outcome.parts] == [(PYTHON,), (DOCKER,)]


def test_two_questions_of_which_none_has_an_answer_are_answered_as_a_whole(still) -> None:
    outcome, _ = asked(still, TWO, by_words(still, {"all? and": (PAY, 0.8)}))
    assert (outcome.decision.entry_ids, outcome.parts) == ((PAY,), ())


def test_a_refusal_of_either_half_goes_before_all(still) -> None:
    def decide(made: Attempt) -> object:
        half = "docker" in made.reading.text and "python" not in made.reading.text
        return not_known(made, Code.INTENT, ReplyKind.REFUSAL) if half else answered(still, made, PYTHON)

    outcome, _ = asked(still, TWO, decide)
    assert outcome.decision.kind is ReplyKind.REFUSAL


# two things in one question


def joined(
    still,
    text: str = "compare insurance and telecoms",
    kind: ReplyKind = ReplyKind.ANSWER,
    second: float = 0.3,
    topic: str = TELECOM,
):
    made = attempt(still, text, [scored(INSURANCE, 0.5), scored(topic, second), scored(DAY, 0.2)])
    return replace(answered(still, made, INSURANCE), kind=kind)


def test_two_entries_of_a_topic_may_both_be_meant_where_the_question_has_words_of_each(still) -> None:
    (pair,) = likely_seconds(still, joined(still))
    assert (pair.first.id, pair.second.id) == (INSURANCE, TELECOM)
    assert (pair.second_alone, without_its_own(pair)) == ("compare and telecoms", "compare insurance and")
    assert likely_seconds(still, joined(still, kind=ReplyKind.UNKNOWN)) == []
    assert likely_seconds(still, joined(still, text="compare insurance telecoms")) == []
    assert likely_seconds(still, joined(still, text="insurance and banks")) == []
    assert likely_seconds(still, joined(still, second=0.5 * still.policy.two.least - 0.01)) == []
    assert likely_seconds(still, joined(still, topic=COUNTRY)) == []
    table = attempt(still, "compare germany and telecoms", [scored(COUNTRY, 0.5), scored(TELECOM, 0.4)])
    assert likely_seconds(still, answered(still, table, COUNTRY)) == []
    assert likely_seconds(still, answered(still, attempt(still, "this and that"), DAY)) == []


def test_the_two_are_told_in_the_order_in_which_the_question_names_them(still) -> None:
    for text, order in (
        ("compare insurance and telecoms", (INSURANCE, TELECOM)),
        ("compare telecoms and insurance", (TELECOM, INSURANCE)),
    ):
        (pair,) = likely_seconds(still, joined(still, text))
        first, second = (answered(still, attempt(still, "x"), label) for label in (INSURANCE, TELECOM))
        one, two, headings = halves(pair, first, second)
        assert (one.entry_ids[0], two.entry_ids[0]) == order
        assert headings == tuple(still.knowledge.by_id[label].question for label in order)


def things(
    still, telecom: str = TELECOM, insurance: str = INSURANCE, sure: float = 0.95
) -> tuple[Outcome, list[list[str]]]:
    def decide(made: Attempt) -> object:
        text = made.reading.text
        if "insurance" in text and "telecoms" in text:
            made.ranking = Ranking(made.reading, (scored(INSURANCE, 0.5), scored(TELECOM, 0.3)))
            return answered(still, made, INSURANCE, 0.9)
        return answered(still, made, telecom if "telecoms" in text else insurance, sure)

    return asked(still, "compare insurance and telecoms", decide)


def test_two_things_are_told_together_where_each_half_leads_to_its_own_entry(still) -> None:
    outcome, lots = things(still)
    assert lots[1:] == [["compare and telecoms"], ["compare insurance and"]]
    assert outcome.second
    assert (outcome.code, outcome.second.entry_ids, len(outcome.headings)) == (Code.TWO_THINGS, (TELECOM,), 2)
    assert outcome.read_as == "compare insurance and telecoms"


def test_two_things_are_not_told_together_where_a_half_leads_elsewhere_or_is_not_sure(still) -> None:
    for outcome, lots in (things(still, telecom=DAY), things(still, insurance=DAY), things(still, sure=0.5)):
        assert (outcome.second, outcome.decision.entry_ids) == (None, (INSURANCE,))
        assert len(lots) in {2, 3}


# in a conversation


LAST = "when does the day begin"


def talk(still, text: str, decide: Decide, *turns: Turn) -> tuple[Outcome, list[list[str]]]:
    return asked(still, text, decide, turns)


def test_the_first_message_and_one_after_small_talk_are_tried_as_they_are(still) -> None:
    for turns in ((), (turn(still, "hello", kind="smalltalk"),)):
        outcome, lots = talk(still, "roofer pay in Utah", by_words(still, {"roofer": (PAY, 0.95)}), *turns)
        assert lots == [["roofer pay in Utah"]]
        assert outcome.read_as == "What do Roofers earn in Utah?"


def test_a_choice_is_tried_as_the_question_chosen(still) -> None:
    offered = ("What do Roofers earn in Ohio?", "When does the day begin?")
    before = turn(still, "x", kind="clarify", suggestions=offered)
    outcome, lots = talk(still, "2", by_words(still, {"begin": (DAY, 0.9)}), before)
    assert lots == [["When does the day begin?"]]
    assert outcome.decision.code is Code.CHOSEN


def test_two_questions_in_a_message_go_before_what_was_said(still) -> None:
    known = {"python": (PYTHON, 0.9), "docker": (DOCKER, 0.9)}
    outcome, lots = talk(still, TWO, by_words(still, known), turn(still, LAST, DAY))
    assert (len(lots[0]), len(lots[1])) == (2, 2)
    assert outcome.code is Code.TWO_QUESTIONS
    outcome, lots = talk(still, TWO, by_words(still, {"all? and": (DOCKER, 0.95)}))
    assert (outcome.code, lots[2]) == (None, [clean(TWO)])


def test_a_change_of_the_last_question_goes_before_the_message_itself(still) -> None:
    def decide(made: Attempt) -> object:
        return answered(still, made, COUNTRY) if made.lead else not_known(made)

    outcome, lots = talk(still, "and in germany?", decide, turn(still, "uk pay", COUNTRY))
    assert (len(lots), outcome.decision.code, outcome.read_as) == (1, Code.OTHER_ROW, "pay in germany")


def test_of_a_change_the_second_attempt_counts_where_the_first_has_no_answer(still) -> None:
    def decide(made: Attempt) -> object:
        return (
            not_known(made, Code.NO_SUCH_ROW)
            if made.reading.facets.get("residency")
            else answered(still, made, f"{MLE}tuition")
        )

    outcome, lots = talk(
        still, "and undergraduate?", decide, turn(still, "in-state graduate tuition", f"{MLE}tuition")
    )
    assert (len(lots[0]), outcome.decision.answers) == (2, True)


def test_a_changed_figure_counts_in_full_for_the_next_message(still) -> None:
    outcome, _ = talk(
        still, "and in Ohio?", by_words(still, {"Ohio": (PAY, 0.9)}), turn(still, "roofer pay in Utah", PAY)
    )
    assert outcome.read_as == "What do Roofers earn in Ohio?"
    outcome, _ = talk(
        still,
        "and in Ohio?",
        lambda made: not_known(made, Code.NO_FIGURE),
        turn(still, "roofer pay in Utah", PAY),
    )
    assert outcome.read_as == "What do Roofers earn in Ohio?"


def test_one_employers_figure_needs_no_further_stage(still) -> None:
    last = turn(still, "roofer pay in Utah", PAY)
    outcome, lots = talk(still, "and at google?", not_known, last)
    assert (lots, outcome.decision.text, outcome.read_as) == (
        [[]],
        "I have no figures by employer.",
        last.read_as,
    )


def test_the_one_ahead_is_told_and_where_it_cannot_be_the_message_is_tried_otherwise(still) -> None:
    turns = (turn(still, "roofer pay in Utah", PAY), turn(still, "welder pay in Utah", PAY))
    outcome, lots = talk(still, "which earns more?", by_words(still, {"which": (PAY, 0.9)}), *turns)
    assert (len(lots), "Roofers and Welders" in outcome.read_as) == (1, True)
    outcome, lots = talk(still, "which earns more?", not_known, *turns)
    assert len(lots) > 1


def acting(still, name: str, *entries: str) -> Decide:
    """The typed message is about the last answer; what is led to is answered."""

    def decide(made: Attempt) -> object:
        if made.lead:
            return answered(still, made, made.lead.label)
        if made.reading.typed == "says who?":
            made.ranking = Ranking(made.reading, (scored(intent(name), 0.9, semantic=0.9),))
            return not_known(made, Code.INTENT, ReplyKind.SMALLTALK)
        return answered(still, made, entries[0]) if entries and not made.rank_only else not_known(made)

    return decide


@pytest.mark.parametrize(
    ("name", "code"), [("sources", Code.SOURCES), ("date", Code.DATE), ("repeat", Code.REPEAT)]
)
def test_what_is_said_of_the_last_answer_is_answered_from_it(still, name: str, code: Code) -> None:
    last = turn(still, LAST, DAY)
    outcome, lots = talk(still, "says who?", acting(still, name), last)
    assert (outcome.decision.code, outcome.decision.entry_ids, outcome.read_as, len(lots)) == (
        code,
        (DAY,),
        LAST,
        1,
    )


def test_more_tells_a_further_entry_until_all_is_told(still) -> None:
    last = turn(still, "worst sides", WORST)
    outcome, lots = talk(still, "says who?", acting(still, "more"), last)
    assert (len(lots), outcome.decision.code) == (2, Code.MORE)
    entry = still.knowledge.by_id[WORST]
    told = {*entry.follow_ups, *(one.id for one in still.knowledge.in_topic(entry.topic, entry.pack))} - {
        WORST
    }
    turns = [turn(still, "x", label) for label in sorted(told)]
    outcome, lots = talk(still, "says who?", acting(still, "more"), *turns, last)
    assert (len(lots), outcome.decision.kind) == (1, ReplyKind.UNKNOWN)


def test_a_reason_is_told_by_an_entry_of_the_topic_or_else_not_at_all(still) -> None:
    last = turn(still, "worst sides", WORST)
    outcome, _ = talk(still, "says who?", acting(still, "why", f"{MLE}data-cleaning"), last)
    assert (outcome.decision.entry_ids, outcome.decision.code) == ((f"{MLE}data-cleaning",), Code.NEAREST)
    outcome, lots = talk(still, "says who?", acting(still, "why", DAY), last)
    assert outcome.decision.proposal
    assert outcome.decision.proposal.told
    assert outcome.decision.proposal.told.text.startswith(NO_REASON)
    assert len(lots) == 4


def test_an_answer_without_citations_or_entry_has_nothing_said_of_it(still) -> None:
    bare = replace(turn(still, LAST, DAY), citations=())
    assert talk(still, "says who?", acting(still, "sources"), bare)[0].decision.code is Code.INTENT
    gone = replace(turn(still, LAST, DAY), entry_ids=("gone",))
    assert talk(still, "says who?", acting(still, "more"), gone)[0].decision.code is Code.INTENT
    assert talk(still, "says who?", acting(still, "why"), gone)[0].decision.code is Code.REASON


def test_a_question_that_is_surely_answered_is_not_completed(still) -> None:
    outcome, lots = talk(
        still, "and the worst sides?", by_words(still, {"worst": (WORST, 0.95)}), turn(still, LAST, DAY)
    )
    assert len(lots) == 1
    assert (outcome.decision.entry_ids, outcome.decision.code) == ((WORST,), Code.NEAREST)


def test_a_question_without_an_answer_is_completed_by_the_one_before(still) -> None:
    def decide(made: Attempt) -> object:
        if made.code is Code.COMPLETED and not made.rank_only:
            return answered(still, made, WORST, 0.9)
        made.ranking = Ranking(made.reading, (scored(WORST, 0.5),))
        return not_known(made)

    outcome, lots = talk(still, "and the worst things?", decide, turn(still, LAST, DAY))
    assert outcome.decision.code is Code.COMPLETED
    assert outcome.read_as == still.knowledge.by_id[WORST].question
    assert len(lots) == 2
    outcome, _ = talk(still, "and the zebra things?", decide, turn(still, LAST, DAY))
    assert (outcome.decision.kind, outcome.read_as) == (ReplyKind.UNKNOWN, "and the zebra things?")


def test_a_question_that_goes_on_is_asked_of_the_last_answers_occupation(still) -> None:
    last = turn(still, "roofer pay in Utah", PAY)
    known = {"for roofer": (PAY, 0.9)}
    outcome, lots = talk(still, "and what share does the top tenth get of it?", by_words(still, known), last)
    assert lots[-1][0].endswith("for roofer in Utah")
    assert (outcome.decision.code, "Roofers" in outcome.read_as) == (Code.SAME_OCCUPATION, True)


def test_where_that_has_no_answer_a_few_words_may_be_overlooked(still) -> None:
    last = turn(still, "roofer pay in Utah", PAY)

    def decide(made: Attempt) -> object:
        return answered(still, made, PAY) if made.lead else not_known(made)

    outcome, _ = talk(still, "and in the neighbouring dragon Ohio?", decide, last)
    assert (outcome.decision.code, outcome.read_as) == (Code.OTHER_FIGURE, "What do Roofers earn in Ohio?")
    for text in ("and in the neighbouring dragon Ohio?", "and the dragons at google?"):
        outcome, _ = talk(still, text, not_known, last)
        assert outcome.decision.kind is ReplyKind.UNKNOWN


def test_two_things_in_a_message_are_told_together_after_an_answer_too(still) -> None:
    def decide(made: Attempt) -> object:
        text = made.reading.text
        if "insurance" in text and "telecoms" in text:
            made.ranking = Ranking(made.reading, (scored(INSURANCE, 0.5), scored(TELECOM, 0.3)))
        return answered(still, made, TELECOM if "insurance" not in text else INSURANCE, 0.95)

    outcome, _ = talk(still, "compare insurance and telecoms", decide, turn(still, LAST, DAY))
    assert outcome.code is Code.TWO_THINGS
