"""Stage 6: from proposals and objections to one decision, by the policy and the calibration alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from staging import MLE, US, attempt, intent, proposal, scored

from chatbot.answering.lookups import nothing_asked
from chatbot.deciding import choose, needed, unknown
from chatbot.flow import By, Code, Fallback, Force, Objection, Proposal, Told
from chatbot.policy import policy
from chatbot.reply import ReplyKind

THRESHOLDS = SimpleNamespace(answer=0.5, clarify=0.3)
DUTY, DAY, PAY = f"{MLE}duty-validation", f"{MLE}day-start", f"{US}typical-pay"


def engine(probability: float = 0.0, data: object = None) -> SimpleNamespace:
    """An engine that finds every question this likely to be answered."""
    return SimpleNamespace(
        policy=policy(), calibration=THRESHOLDS, data=data, probability=lambda *_: probability, rivals=list,
        measure_words=lambda _: frozenset(),
    )  # fmt: skip


def asked(library, question: str, *proposals: Proposal, kept: bool = True, vetoes: tuple[str, ...] = ()):
    """An attempt as the rules leave it."""
    made = attempt(
        library,
        question,
        [one.scored for one in proposals if one.scored],
        proposals=tuple(proposals),
        vetoes=vetoes,
    )
    made.kept = tuple(one for one in proposals if one.by is not By.INTENT) if kept else ()
    return made


def settled(engine, made):
    """The decision, after as many rounds as it takes; no further answerer has anything to propose."""
    for _ in range(4):
        if decision := choose(engine, made):
            return decision
    raise AssertionError("no decision")


def test_the_best_entry_leads_where_it_is_sure_enough_and_is_then_told(library) -> None:
    made = asked(library, "who checks the models", proposal(library, DUTY, 0.6), proposal(library, DAY, 0.2))
    assert choose(engine(0.5), made) is None
    assert made.lead is made.kept[0]
    made.lead = Proposal(By.ENTRY, DUTY, told=Told("You do.", (), (DUTY,)))
    decision = choose(engine(0.5), made)
    assert decision
    assert (decision.kind, decision.code, decision.confidence, decision.entry_ids) == (
        ReplyKind.ANSWER,
        Code.NEAREST,
        0.5,
        (DUTY,),
    )


def test_an_intent_ahead_of_the_best_entry_goes_first(library) -> None:
    made = asked(library, "thank you", proposal(library, intent("thanks"), 0.5), proposal(library, DAY, 0.4))
    decision = choose(engine(0.99), made)
    assert decision
    assert (decision.kind, decision.note, decision.confidence) == (ReplyKind.SMALLTALK, "thanks", 0.5)


def test_an_intent_behind_the_best_entry_or_with_a_low_score_does_not(library) -> None:
    for score in (0.39, policy().intents.least - 0.01):
        made = asked(
            library,
            "thank you",
            proposal(library, intent("thanks"), score),
            proposal(library, DAY, max(0.4, 2 * score)),
        )
        assert choose(engine(0.99), made) is None
        assert made.lead
    low = asked(library, "thank you", proposal(library, intent("thanks"), 0.2), proposal(library, DAY, 0.1))
    assert settled(engine(0.1), low).code is Code.NOT_SURE


def test_a_refusal_needs_less_than_other_intents(library) -> None:
    refusals = [one for one in library.intents.values() if one.kind == "refusal"]
    name = next(one.label for one in refusals if not one.each_sentence)
    least = policy().intents.refusal_least
    made = asked(library, "i feel awful", proposal(library, name, least), proposal(library, DAY, 0.1))
    decision = choose(engine(), made)
    assert decision
    assert decision.kind is ReplyKind.REFUSAL
    behind = asked(library, "i feel awful", proposal(library, name, least), proposal(library, DAY, least))
    assert settled(engine(), behind).kind is not ReplyKind.REFUSAL
    too_little = asked(library, "i feel awful", proposal(library, name, least - 0.01))
    assert settled(engine(), too_little).kind is ReplyKind.UNKNOWN
    alone = asked(library, "i feel awful", proposal(library, name, least))
    assert settled(engine(), alone).kind is ReplyKind.REFUSAL


def test_what_is_said_in_distress_puts_its_scores_together_against_all_else(library) -> None:
    danger, lost = (f"intent:{name}" for name in ("danger", "discouragement"))
    both = asked(
        library,
        "i feel awful",
        proposal(library, DAY, 0.25),
        proposal(library, lost, 0.2),
        proposal(library, danger, 0.1),
    )
    decision = settled(engine(), both)
    assert (decision.kind, decision.note) == (ReplyKind.REFUSAL, "discouragement")
    one = asked(library, "i feel awful", proposal(library, DAY, 0.25), proposal(library, lost, 0.2))
    assert settled(engine(), one).kind is ReplyKind.UNKNOWN


def test_an_intent_beside_the_figures_must_be_well_ahead_of_a_figure_that_is_plainly_asked_for(
    library,
) -> None:
    name = next(one.label for one in library.intents.values() if one.beside)
    near = asked(library, "roofer wages", proposal(library, name, 0.5), proposal(library, PAY, 0.4))
    assert choose(engine(0.9, data=library.data), near) is None
    near = asked(library, "roofer wages", proposal(library, name, 0.5), proposal(library, PAY, 0.4))
    near.fallback = Fallback.STAND_INS
    engine_ = engine(0.1)
    engine_.data = library.data
    decision = choose(engine_, near)  # the figure is not sure: what would have come after it is told
    assert decision
    assert (decision.code, decision.note) == (Code.INTENT, name.removeprefix("intent:"))
    far = asked(library, "roofer wages", proposal(library, name, 0.7), proposal(library, PAY, 0.4))
    decision = choose(engine_, far)
    assert decision
    assert decision.code is Code.INTENT
    unspoken = asked(library, "roofer tools", proposal(library, name, 0.5), proposal(library, PAY, 0.4))
    decision = choose(engine_, unspoken)
    assert decision
    assert decision.code is Code.INTENT


def test_a_table_whose_rows_are_all_named_and_a_lookup_need_less(library) -> None:
    for question, label, least in [
        ("cs tuition", f"{MLE}tuition", THRESHOLDS.answer),
        ("in-state undergraduate tuition", f"{MLE}tuition", THRESHOLDS.clarify),
        ("pay in germany", f"{MLE}salary-by-country", THRESHOLDS.answer),
        ("roofer wages", PAY, THRESHOLDS.clarify),
        ("best paid", f"{US}highest-paid", THRESHOLDS.answer),
        ("who checks the models", DUTY, THRESHOLDS.answer),
    ]:
        best = proposal(library, label, 0.5)
        assert needed(engine(), asked(library, question, best), best) == least, question


def test_what_a_rule_requires_is_needed_and_never_less_than_otherwise(library) -> None:
    best = proposal(library, PAY, 0.5)
    for at_least, least in [(0.9, 0.9), (0.1, THRESHOLDS.answer), (None, THRESHOLDS.answer)]:
        made = asked(library, "roofer wages", best)
        made.objections[best.key] = (
            Objection("a/note", Force.NOTE),
            Objection("a/rule", Force.REQUIRE, "so", at_least),
        )
        assert needed(engine(), made, best) == least


def test_where_nothing_is_left_titles_are_asked_for_first_and_then_the_reason_is_told(library) -> None:
    made = asked(
        library,
        "chef salary at google",
        proposal(library, PAY, 0.5),
        kept=False,
        vetoes=("no figures by employer", "nothing else"),
    )
    assert choose(engine(), made) is None
    assert made.fallback is Fallback.TITLES
    decision = choose(engine(), made)
    assert decision
    assert (decision.code, decision.because) == (Code.VETOED, "no figures by employer")
    assert settled(engine(), asked(library, "blorpt")).code is Code.NOTHING_NEAR


def test_titles_that_may_be_meant_are_asked_back(library) -> None:
    titles = Proposal(
        By.NEAREST, PAY, entry=library.knowledge.by_id[PAY], codes=("29-1141",), called="hospital angel"
    )
    for probability, entries in ((0.0, ()), (0.2, (proposal(library, DAY, 0.4),))):
        made = asked(library, "pay of a hospital angel", *entries)
        assert choose(engine(probability), made) is None
        made.proposals += (titles,)
        decision = choose(engine(probability), made)
        assert decision
        assert (decision.kind, decision.code, decision.proposal) == (
            ReplyKind.CLARIFY,
            Code.NEAREST_TITLES,
            titles,
        )
        assert decision.confidence == policy().nearest.confidence


def test_a_sure_answer_gives_way_where_somebody_is_described(library) -> None:
    titles = Proposal(By.NEAREST, PAY, codes=("47-2181",), called="fixes roofs")
    for found, code in (((titles,), Code.NEAREST_TITLES), ((), None)):
        made = asked(
            library, "what is the pay of the guy who fixes roofs", proposal(library, f"{MLE}well-paid", 0.5)
        )
        assert choose(engine(0.9, data=library.data), made) is None
        assert made.fallback is Fallback.DESCRIBED
        assert made.lead is None
        made.proposals += found
        decision = choose(engine(0.9, data=library.data), made)
        assert decision.code is code if decision else made.lead is made.kept[0]


def test_a_stand_in_is_told_where_nothing_is_sure_and_nothing_stands_in_its_way(library) -> None:
    standing = Proposal(
        By.STAND_IN, PAY, entry=library.knowledge.by_id[PAY], told=Told("About $100.", (), (PAY,))
    )
    made = asked(library, "pay of an ML engineer in Ohio", proposal(library, DAY, 0.4))
    assert choose(engine(0.2), made) is None
    assert made.fallback is Fallback.STAND_INS
    made.proposals += (standing,)
    made.objections[standing.key] = (Objection("notes/old", Force.NOTE, "old"),)
    decision = choose(engine(0.2), made)
    assert decision
    assert (decision.kind, decision.code, decision.confidence) == (
        ReplyKind.ANSWER,
        Code.STAND_IN,
        policy().figures.stand_in,
    )
    assert [note.because for note in decision.objections] == ["old"]
    for force in (Force.DECLINE, Force.ASK):
        made.objections[standing.key] = (Objection("places/city", force, "no"),)
        decision = choose(engine(0.2), made)
        assert decision
        assert decision.kind is ReplyKind.UNKNOWN


def test_what_is_not_sure_says_why_where_a_rule_knows_it(library) -> None:
    best = proposal(library, DAY, 0.4)
    assert (
        settled(engine(0.2), asked(library, "when", best, vetoes=("nothing on chefs",))).code
        is Code.NOT_SURE_AND_VETOED
    )
    garbled = asked(library, "wenn", best)
    garbled.objections[best.key] = (Objection("sureness/garbled", Force.REQUIRE, "", 0.85),)
    assert settled(engine(0.6), garbled).code is Code.GARBLED


def test_two_that_are_close_are_asked_back_and_what_is_far_is_not(library) -> None:
    entries = [
        proposal(library, label, score) for label, score in ((DAY, 0.4), (DUTY, 0.35), (f"{MLE}docker", 0.1))
    ]
    decision = settled(engine(0.4), asked(library, "when does it start", *entries))
    assert (decision.kind, decision.code, [one.label for one in decision.near]) == (
        ReplyKind.CLARIFY,
        Code.TWO_CLOSE,
        [DAY, DUTY],
    )
    assert decision.confidence == pytest.approx(0.6)
    less = settled(engine(0.2), asked(library, "when does it start", *entries))
    assert (less.kind, less.code, [one.label for one in less.near]) == (
        ReplyKind.UNKNOWN,
        Code.NOT_SURE,
        [DAY, DUTY, f"{MLE}docker"],
    )
    one = settled(engine(0.4), asked(library, "when does it start", entries[0], entries[2]))
    assert one.code is Code.NOT_SURE


def test_what_holds_the_best_answer_is_no_rival(library) -> None:
    entries = [proposal(library, DAY, 0.4), proposal(library, DUTY, 0.35)]
    without = engine(0.4)
    without.rivals = lambda listed: listed[:1]
    assert settled(without, asked(library, "when does it start", *entries)).code is Code.NOT_SURE


def test_what_has_no_score_is_not_offered(library) -> None:
    decision = settled(
        engine(0.1),
        asked(library, "when does it start", proposal(library, DAY, 0.4), proposal(library, DUTY, 0.0)),
    )
    assert [one.label for one in decision.near] == [DAY]


FRENCH = "combien gagne un boulanger en France par mois"


def test_another_language_is_the_reason_where_nothing_answers(library) -> None:
    made = asked(library, FRENCH, proposal(library, DAY, 0.4))
    decision = unknown(made, Code.NOT_SURE, 0.2, "nothing on bakers", made.kept)
    assert (decision.code, decision.because, decision.near, decision.confidence) == (
        Code.NOT_ENGLISH,
        "",
        (),
        0.8,
    )
    off = asked(library, FRENCH, proposal(library, intent("visas"), 0.5))
    decided = choose(engine(), off)
    assert decided
    assert decided.code is Code.NOT_ENGLISH


def told(
    library,
    label: str,
    objections: tuple[Objection, ...] = (),
    missing: str = "",
    sure: float | None = None,
    rivals: tuple[str, ...] = (),
):
    """The decision on a lead."""
    made = attempt(library, "roofer wages", sure=sure)
    made.probability = 0.6
    query = nothing_asked(library, entry) if (entry := library.knowledge.by_id[label]).lookup else None
    tells = Told(missing=missing) if missing else Told("$1", (), entry_ids=(label,))
    lead = proposal(
        library,
        label,
        0.5,
        query=query,
        told=tells,
        rivals=tuple(library.knowledge.by_id[name] for name in rivals),
    )
    made.lead = lead
    made.objections[lead.key] = objections
    decision = choose(engine(), made)
    assert decision
    return decision


def test_what_leads_may_still_be_declined_asked_back_or_told_by_an_intent(library) -> None:
    decline = Objection("places/abroad", Force.DECLINE, "I have figures for the US only.")
    decision = told(library, PAY, (decline,))
    assert (decision.kind, decision.code, decision.text) == (
        ReplyKind.UNKNOWN,
        Code.NO_FIGURE,
        decline.because,
    )
    decision = told(library, PAY, (Objection("titles/which", Force.ASK, "who?"),))
    assert (decision.kind, decision.code, decision.confidence) == (
        ReplyKind.CLARIFY,
        Code.WHICH_TITLE,
        pytest.approx(0.4),
    )
    decision = told(
        library, PAY, (Objection("places/which-country", Force.ASK, "where?"),), rivals=(PAY, f"{US}mean-pay")
    )
    assert (decision.kind, decision.code, decision.confidence) == (
        ReplyKind.CLARIFY,
        Code.WHICH_COUNTRY,
        pytest.approx(0.4),
    )
    decision = told(
        library, PAY, (Objection("figures/beyond", Force.DECLINE, "", intent="figures-by-county"),)
    )
    assert (decision.kind, decision.code, decision.note) == (
        ReplyKind.UNKNOWN,
        Code.INTENT,
        "figures-by-county",
    )
    assert decision.confidence == policy().figures.beyond


def test_a_row_that_is_missing_and_a_figure_that_is_missing_are_told_apart(library) -> None:
    assert told(library, f"{MLE}salary-by-country", missing="No row.").code is Code.NO_SUCH_ROW
    figure = told(library, PAY, missing="Not published.")
    assert (figure.code, figure.text, figure.entry_ids) == (Code.NO_FIGURE, "Not published.", ())


def test_a_lead_that_was_given_is_as_sure_as_it_was_said_to_be_and_keeps_its_notes(library) -> None:
    notes = (Objection("notes/old", Force.NOTE, "old"), Objection("sureness/garbled", Force.REQUIRE))
    decision = told(library, PAY, notes, sure=0.9)
    assert (decision.confidence, decision.objections) == (0.9, notes[:1])
    assert told(library, PAY).confidence == 0.6


def test_scores_of_what_has_none_are_left_out(library) -> None:
    from chatbot.deciding import scored as ranked

    assert ranked([Proposal(By.STAND_IN, PAY), proposal(library, DAY, 0.4)]) == [scored(DAY, 0.4)]
