"""The way of a question: seven stages in one tuple, the same for one question, a batch and a conversation.

    read     the text, cleaned and put right, as readings          language/
    resume   what is tried for it, in the light of the turns before     dialogue/
    rank     each reading against all phrasings                    retrieval/
    propose  entries, rows, queries, intents, titles that may be meant  answering/
    object   what rules have against each                          rules/
    choose   one decision for each reading                         deciding.py
    compose  the reply                                             composing.py

``resume`` to ``choose`` go round: what comes of a lot of attempts says whether more are needed, as for
another spelling or for the second half of a question. All questions of a batch go round together, so that
what they need is encoded at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from operator import attrgetter

from msgspec import Struct

from chatbot.answering.proposing import complete, further, proposals
from chatbot.composing import compose as composed
from chatbot.deciding import choose as chosen
from chatbot.dialogue.seeking import alone
from chatbot.engine import Engine
from chatbot.flow import Attempt, Decision, Flow, Message, Ranking, Way
from chatbot.language.normalise import clean, questions
from chatbot.language.pairs import pairs
from chatbot.language.slots import slots
from chatbot.reply import Reply, Subject
from chatbot.rules.objecting import object_to, object_to_ranked


def read(flows: Sequence[Flow], engine: Engine) -> None:
    """Each question, and its halves where it asks two things, as readings, the likeliest first."""
    for flow in flows:
        whole, halves = engine.reader.readings(flow.message.text), questions(clean(flow.message.text))
        parts = slots(whole[0]) or pairs(whole[0]) if len(halves) == 1 else halves
        flow.pieces = [whole, *(engine.reader.readings(text) for text in parts)]


def resume(flows: Sequence[Flow], engine: Engine) -> None:
    """The next lot of attempts of each question, or its outcome."""
    for flow in flows:
        if flow.way is None:
            flow.way = _way(engine, flow)
        if any(attempt.open for attempt in flow.attempts):
            continue
        try:
            flow.attempts = next(flow.way)
        except StopIteration as ended:
            flow.attempts, flow.outcome = (), ended.value


def _way(engine: Engine, flow: Flow) -> Way:
    if flow.message.turns is None:
        return alone(engine, flow)
    from chatbot.dialogue.talking import in_conversation  # one question, as from a shell, does without

    return in_conversation(engine, flow)


def rank(flows: Sequence[Flow], engine: Engine) -> None:
    """The labels of each reading, best first; all are encoded together."""
    attempts = [
        one
        for flow in flows
        for one in flow.attempts
        if one.ranking is None and one.lead is None and one.decision is None
    ]
    for listening, of_readings in ((True, engine.listen), (False, engine.rank)):
        lot = [attempt for attempt in attempts if attempt.listen_only is listening]
        for attempt, ranking in zip(lot, of_readings([one.reading for one in lot]), strict=True):
            attempt.ranking = ranking


def propose(flows: Sequence[Flow], engine: Engine) -> None:
    """What may be replied: first what ranks, then what other answerers propose, and the query of what leads."""
    for attempt in (one for flow in flows for one in flow.attempts if one.open):
        if attempt.lead:
            attempt.lead = complete(engine, attempt, attempt.lead)
        elif attempt.fallback:
            attempt.proposals += further(engine, attempt)
        else:
            attempt.proposals = proposals(engine, attempt)


def object_(flows: Sequence[Flow], engine: Engine) -> None:
    """What rules have against it."""
    for flow in flows:
        for attempt in (one for one in flow.attempts if one.open):
            if attempt.lead:
                attempt.lead = object_to(engine, attempt, attempt.lead, flow.message.today)
            elif attempt.fallback:
                attempt.proposals = tuple(
                    object_to(engine, attempt, one, flow.message.today) if one.query else one
                    for one in attempt.proposals
                )
            else:
                object_to_ranked(engine, attempt, flow.message.today, attempt.subject or flow.message.subject)


def choose(flows: Sequence[Flow], engine: Engine) -> None:
    """The decision on each reading, or what is still needed for it."""
    for attempt in (one for flow in flows for one in flow.attempts if one.open):
        attempt.decision = chosen(engine, attempt)


def compose(flows: Sequence[Flow], engine: Engine) -> None:
    """The reply of each question."""
    for flow in flows:
        assert flow.outcome
        flow.reply = composed(engine, flow.outcome, flow.message)


class Stage(Struct, frozen=True):
    """One stage: what it fills of a flow, and what it needs of those before it."""

    name: str
    run: Callable[[Sequence[Flow], Engine], None]
    needs: tuple[str, ...]
    gives: tuple[str, ...]
    round: bool = False
    """Whether it is gone through as often as there are further attempts."""


STAGES: tuple[Stage, ...] = (
    Stage("read", read, ("message",), ("pieces",)),
    Stage("resume", resume, ("message", "pieces"), ("attempts", "outcome"), round=True),
    Stage("rank", rank, ("attempts",), ("ranking",), round=True),
    Stage("propose", propose, ("attempts", "ranking"), ("proposals",), round=True),
    Stage("object", object_, ("message", "proposals"), ("objections",), round=True),
    Stage("choose", choose, ("proposals", "objections"), ("decision",), round=True),
    Stage("compose", compose, ("outcome",), ("reply",)),
)


def run(messages: Sequence[Message], engine: Engine) -> list[Flow]:
    """Take messages through all stages; every flow that comes back has its ``reply`` and ``outcome``."""
    flows = [Flow(message) for message in messages]
    for round_, stages in groupby(STAGES, key=attrgetter("round")):
        passed, going = list(stages), flows
        while going:
            for stage in passed:
                stage.run(going, engine)
            going = [flow for flow in flows if flow.outcome is None] if round_ else []
    return flows


def judged(engine: Engine, ranking: Ranking, today: datetime.date | None = None) -> Attempt:
    """A ranking with what is proposed and objected to, undecided: ``kept`` and ``vetoes`` say what may
    answer."""
    attempt = Attempt(ranking.reading, ranking=ranking)
    attempt.proposals = proposals(engine, attempt)
    object_to_ranked(engine, attempt, today or datetime.date.today())
    return attempt


def decided(engine: Engine, ranking: Ranking) -> Decision:
    """The decision on one ranking by itself."""
    attempt = Attempt(ranking.reading, ranking=ranking)
    flow = Flow(Message(ranking.reading.typed), attempts=[attempt])
    while attempt.open:
        for stage in (propose, object_, choose):
            stage([flow], engine)
    return attempt.settled


LOT = 32
"""So many questions of a batch go through together; while one lot is encoded, the lot before it is ranked and
decided."""


def ask_each(
    engine: Engine,
    questions: Sequence[str],
    today: datetime.date | None = None,
    subject: Subject | None = None,
) -> Iterator[Reply]:
    """The reply to each of many independent questions, in order; ``subject``: what they are about that name nothing."""
    day = today or datetime.date.today()
    lots = [
        [Message(text, today=day, subject=subject) for text in questions[start : start + LOT]]
        for start in range(0, len(questions), LOT)
    ]
    if len(lots) < 2:
        yield from _replies(engine, *lots)
        return
    with ThreadPoolExecutor(2, "asking") as pool:
        for answered in pool.map(lambda lot: list(_replies(engine, lot)), lots):
            yield from answered


def _replies(engine: Engine, lot: Sequence[Message] = ()) -> Iterator[Reply]:
    for flow in run(lot, engine):
        assert flow.reply
        yield flow.reply
