"""The seven stages: each finds what it needs, and one question, a batch and a conversation go the same way."""

from __future__ import annotations

import datetime

import msgspec
import pytest

from chatbot import CareerBot
from chatbot.answering.compose import OLD
from chatbot.flow import Code, Decision, Flow, Message
from chatbot.pipeline import LOT, STAGES, ask_each, decided, judged, run
from chatbot.reply import ReplyKind

DAY = datetime.date(2026, 5, 1)
QUESTIONS = (
    "how did the job of ml engineer come to be so well paid",
    "welder pay in Ohio",
    "therapist wages",
    "hello there",
    "what would a chef be on at google",
    "do ml engineers need python? and how much does a welder earn in Ohio?",
    "blorptang grixel",
    "combien gagne un boulanger en France",
)


def test_every_stage_finds_what_it_needs() -> None:
    there = {"message"}
    for stage in STAGES:
        assert set(stage.needs) <= there, stage.name
        there |= set(stage.gives)
    assert "reply" in there


def test_the_stages_stand_in_the_order_that_the_module_tells() -> None:
    from chatbot import pipeline

    assert [stage.name for stage in STAGES] == [
        "read",
        "resume",
        "rank",
        "propose",
        "object",
        "choose",
        "compose",
    ]
    told = [line.split()[0] for line in (pipeline.__doc__ or "").splitlines() if line.startswith("    ")]
    assert told == [stage.name for stage in STAGES]


def test_nothing_is_filled_by_two_stages() -> None:
    given = [name for stage in STAGES for name in stage.gives]
    assert len(set(given)) == len(given)


def test_what_goes_round_stands_together() -> None:
    assert [stage.name for stage in STAGES if stage.round] == [stage.name for stage in STAGES[1:-1]]


def test_one_question_a_batch_and_the_first_turn_of_a_conversation_are_answered_alike(bot: CareerBot) -> None:
    batch = bot.ask_many(QUESTIONS)
    assert len({reply.why.code for reply in batch}) > 4
    for question, together in zip(QUESTIONS, batch, strict=True):
        alone, first = bot.ask(question), bot.conversation().ask(question)
        for reply in (alone, first):
            assert reply.confidence == pytest.approx(together.confidence, abs=1e-3), question
            assert (reply.kind, reply.text, reply.entry_ids) == (
                together.kind,
                together.text,
                together.entry_ids,
            ), question
            assert (reply.citations, reply.suggestions, reply.why.code) == (
                together.citations,
                together.suggestions,
                together.why.code,
            )


def test_a_batch_of_several_lots_comes_back_in_its_order(bot: CareerBot) -> None:
    asked = ["welder pay in Ohio", "hello there", "is python needed"] * (LOT // 2)
    assert len(asked) > LOT
    codes = [(reply.kind, reply.entry_ids) for reply in ask_each(bot.engine, asked, DAY)]
    assert codes == codes[:3] * (LOT // 2)
    assert len(set(codes)) == 3


def test_nothing_to_ask_is_nothing_to_tell(bot: CareerBot) -> None:
    assert list(ask_each(bot.engine, [])) == []
    assert run([], bot.engine) == []


def test_a_flow_that_comes_back_is_filled_throughout(bot: CareerBot) -> None:
    (flow,) = run([Message("welder pay in Ohio", today=DAY)], bot.engine)
    assert flow.reply and flow.outcome
    attempt = flow.outcome.decision.attempt
    assert attempt.ranked.labels
    assert attempt.settled is flow.outcome.decision
    assert [proposal.label for proposal in attempt.proposals] == [
        scored.label for scored in attempt.ranked.labels
    ]
    assert flow.reply.why.trail[0].label == attempt.proposals[0].label


def test_the_clock_comes_from_outside(bot: CareerBot, cache) -> None:
    later = CareerBot(encoder=bot.engine.encoder, cache=cache, today=lambda: datetime.date(2031, 6, 1))
    then = CareerBot(encoder=bot.engine.encoder, cache=cache, today=lambda: datetime.date(2026, 6, 1))
    told = then.ask("welder pay in Ohio").text
    assert OLD not in told
    assert later.ask("welder pay in Ohio").text == f"{told} {OLD}"
    assert later.conversation().ask("welder pay in Ohio").text == f"{told} {OLD}"


def test_a_ranking_alone_may_be_judged_and_decided(bot: CareerBot) -> None:
    engine = bot.engine
    (ranking,) = engine.rank([engine.reader.read("chef salary at google")])
    attempt = judged(engine, ranking)
    assert attempt.decision is None
    assert "no figures by employer" in attempt.vetoes
    decision = decided(engine, ranking)
    assert isinstance(decision, Decision)
    assert (decision.kind, decision.entry_ids) == (ReplyKind.UNKNOWN, ())


def test_a_stage_leaves_alone_what_is_decided(bot: CareerBot) -> None:
    (flow,) = run([Message("is python needed", today=DAY)], bot.engine)
    assert flow.outcome
    attempt = flow.outcome.decision.attempt
    before = (attempt.ranking, attempt.proposals, dict(attempt.objections), attempt.decision)
    again = Flow(flow.message, flow.pieces, attempts=[attempt])
    for stage in STAGES[2:-1]:
        stage.run([again], bot.engine)
    assert (attempt.ranking, attempt.proposals, attempt.objections, attempt.decision) == before


def test_an_answer_names_the_rule_it_came_by_for_programs(bot: CareerBot) -> None:
    codes = {
        question: reply.why.code for question, reply in zip(QUESTIONS, bot.ask_many(QUESTIONS), strict=True)
    }
    assert set(codes.values()) <= set(Code)
    assert codes["welder pay in Ohio"] == Code.NEAREST
    assert codes["therapist wages"] == Code.WHICH_TITLE
    assert codes["combien gagne un boulanger en France"] == Code.NOT_ENGLISH
    assert codes[QUESTIONS[5]] == Code.TWO_QUESTIONS


def test_what_travels_between_stages_is_never_changed_in_place() -> None:
    from chatbot import flow

    kinds = [
        kind for kind in vars(flow).values() if isinstance(kind, type) and kind.__module__ == flow.__name__
    ]
    changing = {
        kind for kind in kinds if issubclass(kind, msgspec.Struct) and not kind.__struct_config__.frozen
    }
    assert changing == {flow.Attempt, flow.Flow}
