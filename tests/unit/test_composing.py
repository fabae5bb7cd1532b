"""Stage 7: what each decision is in words, what is offered beside it, and how it came about."""

from __future__ import annotations

import pytest
from ruling import library_with
from staging import MLE, US, StillEngine, answered, attempt, intent, not_known, proposal, replace, scored

from chatbot.answering.lookups import completed, telling
from chatbot.composing import (
    ENGLISH_ONLY,
    FEW,
    MOST_STEPS,
    compose,
    fits,
    no_question,
    reply_of,
    sources_text,
)
from chatbot.flow import Attempt, By, Code, Decision, Force, Objection, Outcome, Proposal, Told
from chatbot.language.normalise import MAX_CHARS
from chatbot.reply import ReplyKind

DAY, DUTY, PAY = f"{MLE}day-start", f"{MLE}duty-validation", f"{US}typical-pay"


def figure(still, question: str, label: str = PAY) -> tuple[Attempt, Proposal]:
    """What a lookup tells."""
    made = attempt(still, question, [scored(label, 0.6)])
    lead = completed(still, made.reading, proposal(still, label, 0.6))
    return made, replace(
        lead,
        told=telling(still, lead) if lead.query.targets or not lead.entry.lookup.needs_occupation else None,
    )


def test_an_answer_is_told_with_its_citations_and_what_readers_ask_next(still) -> None:
    reply = reply_of(
        still,
        answered(
            still, attempt(still, "when does the day begin", [scored(DAY, 0.6), scored(DUTY, 0.3)]), DAY
        ),
    )
    entry = still.knowledge.by_id[DAY]
    assert (reply.kind, reply.text, reply.entry_ids, reply.citations) == (
        ReplyKind.ANSWER,
        entry.answer,
        (DAY,),
        entry.citations,
    )
    assert reply.suggestions == tuple(still.knowledge.by_id[link].question for link in entry.follow_ups)
    assert (reply.why.label, reply.why.score, reply.why.runner_up, reply.why.matched) == (
        DAY,
        0.6,
        DUTY,
        "a phrasing",
    )
    assert reply.why.weights == (0.7, 0.2, 0.1)


def test_what_has_to_be_said_stands_before_the_answer_or_behind_it(still) -> None:
    decision = answered(still, attempt(still, "when"), DAY)
    notes = (Objection("a/b", Force.NOTE, "Before."), Objection("a/c", Force.NOTE, "Behind.", after=True))
    text = reply_of(still, replace(decision, objections=notes)).text
    assert text == f"Before. {still.knowledge.by_id[DAY].answer} Behind."


def test_a_figure_is_told_with_its_chart_the_code_it_is_of_and_further_questions_about_the_same(
    still,
) -> None:
    made, lead = figure(still, "welder pay in Ohio")
    reply = reply_of(still, Decision(ReplyKind.ANSWER, Code.NEAREST, 0.9, made, lead))
    assert reply.chart
    assert (reply.facets["occupation"], reply.facets["state"]) == ("51-4121", "OH")
    assert all("Welders" in text and "Ohio" in text for text in reply.suggestions[:2])
    two, lead = figure(still, "welder or plumber pay")
    assert reply_of(still, Decision(ReplyKind.ANSWER, Code.NEAREST, 0.9, two, lead)).facets["occupation"] == [
        "51-4121",
        "47-2152",
    ]


def test_the_lookup_that_the_words_chose_is_the_label_though_another_was_matched(still) -> None:
    made, lead = figure(still, "how many welders are there in Ohio")
    why = reply_of(still, Decision(ReplyKind.ANSWER, Code.NEAREST, 0.9, made, lead)).why
    assert lead.label == PAY
    assert why.label == f"{US}employment"


def test_the_sources_of_the_last_answer_say_nothing_of_the_question(still) -> None:
    made = attempt(still, "source for Ohio?")
    lead = Proposal(By.ACT, DAY, told=Told("That is from: x.", (), (DAY,)))
    reply = reply_of(still, Decision(ReplyKind.ANSWER, Code.SOURCES, 0.95, made, lead, offers=()))
    assert (reply.facets, reply.suggestions, reply.text) == ({}, (), "That is from: x.")
    assert [step.label for step in reply.why.trail] == []


def test_an_intent_speaks_its_own_words_with_what_is_loaded_filled_in(still) -> None:
    filled = [one for one in still.intents.values() if "{about}" in one.reply or "{topics}" in one.reply]
    assert filled
    for one in filled:
        made = attempt(still, "hello", [scored(one.label, 0.6)])
        reply = reply_of(
            still,
            Decision(
                ReplyKind(one.kind), Code.INTENT, 0.6, made, proposal(still, one.label, 0.6), note=one.id
            ),
        )
        assert "{" not in reply.text
        assert reply.why.rule == f"{one.kind}: {one.id}"
        assert bool(reply.suggestions) is (one.kind != "refusal")


def test_a_refusal_offers_nothing(still) -> None:
    one = next(one for one in still.intents.values() if one.kind == "refusal")
    decision = Decision(
        ReplyKind.REFUSAL,
        Code.INTENT,
        0.6,
        attempt(still, "no"),
        proposal(still, one.label, 0.6),
        note=one.id,
    )
    assert reply_of(still, decision).suggestions == ()


@pytest.mark.parametrize(
    ("code", "because", "rule", "said"),
    [
        (Code.NOT_ENGLISH, "", "not in English", ENGLISH_ONLY),
        (
            Code.VETOED,
            "nothing on chef",
            "vetoed: nothing on chef",
            "I don't know that: I have nothing on chef.",
        ),
        (
            Code.NOT_SURE_AND_VETOED,
            "no price for that",
            "not sure enough, and no price for that",
            "I have no price for that",
        ),
        (Code.NOTHING_NEAR, "", "nothing near", "I can answer questions about"),
    ],
)
def test_what_is_not_known_is_said_with_the_reason_and_examples(
    still, code: Code, because: str, rule: str, said: str
) -> None:
    reply = reply_of(still, Decision(ReplyKind.UNKNOWN, code, 0.9, attempt(still, "why"), because=because))
    assert said in reply.text
    assert (reply.why.rule, reply.citations, reply.entry_ids) == (rule, (), ())
    known = {still.knowledge.by_id[i].question for pack in still.knowledge.packs for i in pack.try_asking}
    assert len(reply.suggestions) == FEW and known.issuperset(reply.suggestions)
    assert (
        reply_of(still, Decision(ReplyKind.UNKNOWN, code, 0.9, attempt(still, "who"))).suggestions
        != reply.suggestions
    )
    assert (reply.why.matched, reply.why.score, reply.why.weights) == (None, 0.0, ())


def test_questions_that_are_near_are_offered(still) -> None:
    near = (proposal(still, DAY, 0.4), proposal(still, PAY, 0.3), proposal(still, DAY, 0.2))
    decision = Decision(ReplyKind.UNKNOWN, Code.NOT_SURE, 0.9, attempt(still, "roofer in Utah"), near=near)
    reply = reply_of(still, decision)
    assert reply.text.startswith("I don't know that. I can answer questions about ")
    assert reply.suggestions[0] == "What do Roofers earn in Utah?"
    assert all("Roofers" in one for one in reply.suggestions)
    plain = reply_of(still, replace(decision, attempt=attempt(still, "when does an ml engineer sleep")))
    assert plain.suggestions == (still.knowledge.by_id[DAY].question,)


def test_two_that_are_close_are_listed_in_the_question_back(still) -> None:
    near = (proposal(still, DAY, 0.4), proposal(still, DUTY, 0.4))
    reply = reply_of(
        still, Decision(ReplyKind.CLARIFY, Code.TWO_CLOSE, 0.6, attempt(still, "when"), near=near)
    )
    first, second = (still.knowledge.by_id[label].question for label in (DAY, DUTY))
    assert reply.text == f"Which of these do you mean? (1) {first} (2) {second}"
    assert reply.suggestions == (first, second)


def test_titles_that_are_near_are_asked_back_each_with_its_question(still) -> None:
    lead = Proposal(
        By.NEAREST, PAY, entry=still.knowledge.by_id[PAY], codes=("29-1141", "47-2181"), called="angel"
    )
    made = attempt(still, "pay of an angel in Ohio")
    reply = reply_of(still, Decision(ReplyKind.CLARIFY, Code.NEAREST_TITLES, 0.5, made, lead))
    assert reply.text == (
        "I have nothing under the name “angel”. The nearest that I have: (1) Registered Nurses (2) Roofers. Do you mean one of these?"
    )
    assert reply.suggestions == ("What do Registered Nurses earn in Ohio?", "What do Roofers earn in Ohio?")


def test_a_name_that_may_mean_several_is_asked_back(still) -> None:
    made, lead = figure(still, "therapist wages in Ohio")
    reply = reply_of(still, Decision(ReplyKind.CLARIFY, Code.WHICH_TITLE, 0.5, made, lead))
    assert reply.text.startswith("“therapist” may mean several occupations. Which of these do you mean? (1) ")
    assert all(text.endswith("earn in Ohio?") for text in reply.suggestions)
    made, lead = figure(still, "dragon nurse wages")
    assert lead.query.choice
    assert lead.query.choice.doubtful
    reply = reply_of(still, Decision(ReplyKind.CLARIFY, Code.WHICH_TITLE, 0.5, made, lead))
    assert (
        reply.text
        == "I have nothing under the name “dragon nurse” itself. Do you mean (1) Registered Nurses?"
    )


def test_where_a_figure_is_not_there_the_nations_is_offered(still) -> None:
    nations = "What do Welders, Cutters, Solderers, and Brazers earn in the United States?"
    own = still.knowledge.by_id[PAY].question
    for question, rule, offered in [
        ("welder pay in Vienna", "places/abroad", nations),
        ("welder pay in 1987", "periods/year", nations),
        ("welder pay in Ohio", "", nations),
        ("welder pay", "", own),
        ("the pay in Ohio", "titles/none", own),
    ]:
        made, lead = figure(still, question)
        against = (Objection(rule, Force.DECLINE, "None."),) if rule else ()
        reply = reply_of(
            still,
            Decision(ReplyKind.UNKNOWN, Code.NO_FIGURE, 0.6, made, lead, text="None.", objections=against),
        )
        assert (reply.text, reply.suggestions) == ("None.", (offered,)), question


def test_where_several_countries_may_be_meant_the_question_is_asked_of_each() -> None:
    both = StillEngine(library_with(("uk-pay",)))
    made = attempt(both, "welder or plumber pay", [scored(PAY, 0.6)])
    lead = completed(both, made.reading, proposal(both, PAY, 0.6))
    assert [entry.id for entry in lead.rivals] == [PAY, "uk-pay/uk-typical-pay"]
    reply = reply_of(both, Decision(ReplyKind.CLARIFY, Code.WHICH_COUNTRY, 0.4, made, lead))
    assert reply.text == "In which country? (1) the United States (2) the United Kingdom"
    assert [text.rpartition(" in ")[2] for text in reply.suggestions] == [
        "the United States?",
        "the United Kingdom?",
    ]
    assert all("lumbers" in text for text in reply.suggestions)


def test_where_a_row_is_not_there_the_tables_question_is_offered(still) -> None:
    lead = proposal(still, f"{MLE}salary-by-country", 0.5, told=Told(missing="None."))
    reply = reply_of(
        still,
        Decision(ReplyKind.UNKNOWN, Code.NO_SUCH_ROW, 0.6, attempt(still, "pay in Peru"), lead, text="None."),
    )
    assert reply.suggestions == (still.knowledge.by_id[lead.label].question,)


def test_beside_what_the_figures_do_not_hold_the_figure_itself_is_offered(still) -> None:
    for question, offered in (
        ("roofer wages by county", "What do Roofers earn in the United States?"),
        ("wages by county", None),
    ):
        made, lead = figure(still, question)
        decision = Decision(ReplyKind.UNKNOWN, Code.INTENT, 0.9, made, lead, note="figures-by-county")
        assert reply_of(still, decision).suggestions == (offered or still.knowledge.by_id[PAY].question,)


def test_the_trail_says_what_was_against_each_proposal(still) -> None:
    labels = [
        proposal(still, entry.id, 0.5 - i / 100)
        for i, entry in enumerate(still.knowledge.entries[: MOST_STEPS + 2])
    ]
    made = attempt(still, "when", [one.scored for one in labels], proposals=tuple(labels))
    made.objections[labels[1].key] = (
        Objection("scope/occupation", Force.VETO, "nothing on chef"),
        Objection("a/b", Force.REQUIRE),
    )
    trail = reply_of(still, answered(still, made, labels[0].label)).why.trail
    assert [step.label for step in trail] == [one.label for one in labels[:MOST_STEPS]]
    assert trail[1].objections == ("scope/occupation: nothing on chef", "a/b: require")


def test_a_lead_that_was_given_stands_alone_in_the_trail(still) -> None:
    made = attempt(still, "when")
    made.lead = proposal(still, DAY, 0.0)
    assert [step.label for step in reply_of(still, answered(still, made, DAY)).why.trail] == [DAY]


def test_two_answers_make_one_reply_with_headings_where_there_is_room(still) -> None:
    first, second = (
        answered(still, attempt(still, text), label, sure)
        for text, label, sure in (("a", DAY, 0.8), ("b", DUTY, 0.9))
    )
    texts = [still.knowledge.by_id[label].answer for label in (DAY, DUTY)]
    plain = compose(still, Outcome(first, "a b", second, Code.TWO_QUESTIONS))
    assert (plain.text, plain.entry_ids, plain.confidence) == (" ".join(texts), (DAY, DUTY), 0.8)
    assert plain.why.rule == "two questions in one message"
    assert len(set(plain.citations)) == len(plain.citations)
    headed = compose(still, Outcome(first, "a b", second, Code.TWO_THINGS, ("One?", "Two?")))
    assert headed.text == f"One? {texts[0]} Two? {texts[1]}"
    long = ("One?", "word " * still.policy.two.words)
    assert compose(still, Outcome(first, "a b", second, Code.TWO_THINGS, long)).text == " ".join(texts)
    assert compose(still, Outcome(first, "a")).text == texts[0]


def test_two_answers_fit_together_where_both_are_sure_short_and_of_different_entries(still) -> None:
    def of(label: str, sure: float = 0.9, times: int = 1) -> Decision:
        decision = answered(still, attempt(still, "x"), label, sure)
        assert decision.proposal
        told = Told("word " * times, (), (label,))
        return replace(decision, proposal=replace(decision.proposal, told=told))

    most = still.policy.two.words
    assert fits(still, of(DAY), of(DUTY, times=most - 1))
    assert not fits(still, of(DAY), of(DUTY, times=most))
    assert not fits(still, of(DAY), of(DAY))
    assert not fits(still, of(DAY, sure=still.policy.two.sure - 0.01), of(DUTY))
    assert not fits(still, of(DAY), not_known(attempt(still, "y")))


def test_an_answer_without_entries_has_nothing_to_follow(still) -> None:
    lead = Proposal(By.STAND_IN, "gone", told=Told("A text."))
    reply = reply_of(still, Decision(ReplyKind.ANSWER, Code.NEAREST, 0.9, attempt(still, "when"), lead))
    assert (reply.text, reply.suggestions, reply.entry_ids) == ("A text.", (), ("gone",))


def test_an_intents_name_is_not_shown_where_an_entry_led(still) -> None:
    made = attempt(still, "hello", [scored(intent("thanks"), 0.6)])
    assert reply_of(still, answered(still, made, DAY)).why.label == DAY


def test_what_holds_no_question_is_told_so() -> None:
    assert no_question(Code.EMPTY).text == "Please type a question."
    assert f"at most {MAX_CHARS:,} characters" in no_question(Code.TOO_LONG).text
    assert no_question(Code.EMPTY).why.code == Code.EMPTY


def test_a_source_is_named_once(still) -> None:
    citations = still.knowledge.by_id[DAY].citations
    assert sources_text((*citations, *citations)) == sources_text(citations)
    assert sources_text(citations).startswith("That is from: ")
