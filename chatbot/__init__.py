"""A career chatbot that answers from named sources, on your own machine, and says when it does not know.

    from chatbot import CareerBot

    bot = CareerBot()
    reply = bot.ask("how much do ml engineers make in germany?")
    print(reply.text, reply.citations)

The public names are those below, and nothing else; importing this package loads no model.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatbot.bot import SHIPPED, CareerBot
    from chatbot.building.postgres.index import PostgresIndex
    from chatbot.conversation import Conversation
    from chatbot.encoders.compiled import CompiledEncoder
    from chatbot.encoders.encoder import Encoder, SentenceTransformerEncoder
    from chatbot.errors import (
        CareerError,
        ChatbotError,
        ConversationError,
        EncoderError,
        Finding,
        IndexUnavailableError,
        KnowledgeError,
    )
    from chatbot.knowledge.model import Citation, Entry, Knowledge, Source
    from chatbot.reply import Bar, Chart, Figure, Reply, ReplyKind, Step, Subject, Why
    from chatbot.retrieval.approximate import FaissIndex
    from chatbot.retrieval.index import ExactIndex, Index

__version__ = "0.1.0"

_WHERE = {
    "CareerBot": "bot",
    "SHIPPED": "bot",
    "Conversation": "conversation",
    "CareerError": "errors",
    "ChatbotError": "errors",
    "ConversationError": "errors",
    "EncoderError": "errors",
    "Finding": "errors",
    "IndexUnavailableError": "errors",
    "KnowledgeError": "errors",
    "Citation": "knowledge.model",
    "Entry": "knowledge.model",
    "Knowledge": "knowledge.model",
    "Source": "knowledge.model",
    "PostgresIndex": "building.postgres.index",
    "Bar": "reply",
    "Chart": "reply",
    "Figure": "reply",
    "Step": "reply",
    "Subject": "reply",
    "Reply": "reply",
    "ReplyKind": "reply",
    "Why": "reply",
    "FaissIndex": "retrieval.approximate",
    "CompiledEncoder": "encoders.compiled",
    "Encoder": "encoders.encoder",
    "SentenceTransformerEncoder": "encoders.encoder",
    "ExactIndex": "retrieval.index",
    "Index": "retrieval.index",
}

__all__ = [
    "SHIPPED", "Bar", "CareerBot", "CareerError", "Chart", "ChatbotError", "Citation", "CompiledEncoder", "Conversation", "ConversationError", "Encoder",
    "EncoderError", "Entry", "ExactIndex", "FaissIndex", "Figure", "Finding", "Index", "IndexUnavailableError", "Knowledge", "KnowledgeError", "PostgresIndex",
    "Reply", "ReplyKind", "SentenceTransformerEncoder", "Source", "Step", "Subject", "Why",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'chatbot' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"chatbot.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
