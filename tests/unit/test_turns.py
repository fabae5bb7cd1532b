"""A conversation as it is kept: what holds no question is no turn, and what was saved comes back or is
refused with a reason."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from staging import MLE, turn

from chatbot.composing import no_question
from chatbot.conversation import MAX_TURNS, VERSION, Conversation
from chatbot.errors import ConversationError
from chatbot.flow import Code

BOT: Any = SimpleNamespace(unreadable=lambda text: None if text.strip() else no_question(Code.EMPTY))


def test_what_holds_no_question_is_answered_and_leaves_no_turn() -> None:
    chat = Conversation(BOT)
    assert chat.ask("  ").why.code == Code.EMPTY
    assert chat.turns == []


def test_what_was_saved_comes_back_as_it_was(library) -> None:
    chat = Conversation(
        BOT, [turn(library, "when", f"{MLE}day-start"), turn(library, "hello", kind="smalltalk")]
    )
    saved = chat.to_dict()
    assert saved["version"] == VERSION
    assert Conversation.from_dict(BOT, saved).turns == chat.turns


def test_only_the_last_turns_are_kept(library) -> None:
    saved = Conversation(BOT, [turn(library, str(i)) for i in range(MAX_TURNS + 5)]).to_dict()
    assert [one.question for one in Conversation.from_dict(BOT, saved).turns][:1] == ["5"]


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        ("hello", "not a conversation of version 1 (found 'str')"),
        ({"version": 99, "turns": []}, "found 99"),
        ({"version": VERSION}, "is damaged"),
        ({"version": VERSION, "turns": [{"question": 1}]}, "is damaged"),
        ({"version": VERSION, "turns": [{"question": "a", "read_as": "a", "kind": "answer", "text": "b", "citations": [{"who": "x"}]}]}, "is damaged"),
    ],
    ids=["text", "another version", "no turns", "a number for a question", "a citation with another key"],
)  # fmt: skip
def test_anything_else_is_refused_with_what_is_wrong_and_what_to_do(saved: object, said: str) -> None:
    with pytest.raises(ConversationError) as caught:
        Conversation.from_dict(BOT, saved)
    assert said in str(caught.value)
    assert str(caught.value).endswith("start a new one")
