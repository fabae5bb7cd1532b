"""How a reply came about."""

from __future__ import annotations

from chatbot.engine import Engine, Ranked
from chatbot.reply import Why


def why_of(engine: Engine, ranked: Ranked, rule: str, label: str | None) -> Why:
    """The rule that fired, and what was matched: ``label``, or else the best."""
    best = next((scored for scored in ranked.labels if scored.label.endswith(label)), None) if label else None
    found = best
    best = best or (ranked.labels[0] if ranked.labels else None)
    second = next((scored for scored in ranked.labels if scored is not best), None)
    reading = ranked.reading
    return Why(
        rule=rule,
        matched=best.phrasing if best else None,
        label=found.label if found else label or (best.label if best else None),
        score=round(best.score, 3) if best else 0.0,
        semantic=round(best.semantic, 3) if best else 0.0,
        fuzzy=round(best.form, 3) if best else 0.0,
        lexical=round(best.spelling, 3) if best else 0.0,
        runner_up=second.label if second else None,
        runner_up_score=round(second.score, 3) if second else 0.0,
        read_as=reading.text if reading.text != reading.typed else None,
        corrections=reading.corrections,
        weights=(engine.ranker.weights.semantic, engine.ranker.weights.spelling, engine.ranker.weights.form) if best else (),
    )
