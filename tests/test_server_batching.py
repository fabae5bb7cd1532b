"""Questions that come together are answered together, and none is the worse for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from serving import Broken

from chatbot.server.batching import MOST, Batcher

if TYPE_CHECKING:
    from chatbot import CareerBot, Reply


def test_questions_that_come_together_are_answered_together_and_rightly(bot: CareerBot) -> None:
    sizes: list[int] = []
    batcher = Batcher(bot.ask_many, observe=sizes.append)
    questions = [
        f"what do {who} earn in {place}?"
        for who in ("nurses", "plumbers", "actuaries", "cooks")
        for place in ("texas", "ohio")
    ] * 6

    async def ask() -> list[Reply]:
        return await asyncio.gather(*(batcher.ask(question) for question in questions))

    assert [reply.to_dict() for reply in asyncio.run(ask())] == [
        reply.to_dict() for reply in bot.ask_many(questions)
    ]
    assert sum(sizes) == len(questions) and max(sizes) <= MOST and len(sizes) <= 4


def test_one_question_with_a_fault_does_not_spoil_the_others_of_its_batch(bot: CareerBot) -> None:
    batcher = Batcher(Broken(bot, RuntimeError("inner")).ask_many)

    async def ask() -> list[Any]:
        asked = (batcher.ask(question) for question in ("ml salary uk", "broken", "hi", "broken too"))
        return await asyncio.gather(*asked, return_exceptions=True)

    assert [type(found).__name__ for found in asyncio.run(ask())] == [
        "Reply",
        "RuntimeError",
        "Reply",
        "RuntimeError",
    ]


def test_one_who_goes_away_is_not_waited_for(bot: CareerBot) -> None:
    asked: list[str] = []

    def answer(questions: list[str]) -> list[Reply]:
        asked.extend(questions)
        return bot.ask_many(questions)

    batcher = Batcher(answer)  # type: ignore[arg-type]

    async def ask() -> Reply:
        first = asyncio.create_task(batcher.ask("ml salary uk"))
        gone = [asyncio.create_task(batcher.ask(f"gone {i}")) for i in range(5)]
        await asyncio.sleep(0)
        for task in gone:
            task.cancel()
        await first
        return await batcher.ask("hi")

    assert asyncio.run(ask()).kind == "smalltalk"
    assert "hi" in asked and "ml salary uk" in asked


def test_a_loop_that_has_ended_does_no_harm(bot: CareerBot) -> None:
    batcher = Batcher(bot.ask_many)

    async def leave() -> None:
        task = asyncio.create_task(batcher.ask("ml salary uk"))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(leave())
    assert asyncio.run(batcher.ask("hi")).kind == "smalltalk"
