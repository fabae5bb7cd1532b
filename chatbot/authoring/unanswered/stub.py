"""YAML to paste for a group of questions: phrasings for the entry that is close, or the beginning of a new
one."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Any

from chatbot.authoring.unanswered.grouping import Group
from chatbot.knowledge.model import Entry
from chatbot.knowledge.writing import dump, without_empty
from chatbot.language.normalise import simple_words

TODO = "TODO"
MAX_PHRASINGS = 40
ID_WORDS = 6
ID_CHARS = 60


def phrasings(group: Group, known: Collection[str] = ()) -> list[str]:
    """What was asked, each once, without what is known already."""
    have = {_key(text) for text in known}
    return [
        text
        for key, text in {_key(question.text): question.text for question in group.questions}.items()
        if key not in have
    ][:MAX_PHRASINGS]


def stub(group: Group, name: str) -> str:
    """Lines of YAML, indented as they stand in a topic file; ``name``: the id of a new entry."""
    if group.close and group.nearest:
        return dump(phrasings(group, group.nearest.entry.questions), 6)
    first, *others = phrasings(group)
    entry: dict[str, Any] = {
        "id": name,
        "question": first[:1].upper() + first[1:],
        "answer": TODO,
        "citations": [{"source": TODO, "section": TODO}],
        "phrasings": others,
    }
    return dump([without_empty(entry)], 2)


def new_id(text: str, taken: Collection[str]) -> str:
    """An id for an entry, of the first words of its question."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = ["".join(c for c in word if c.isalnum()) for word in simple_words(plain)]
    name = "-".join([word for word in words if word][:ID_WORDS])[:ID_CHARS].strip("-") or "question"
    number, out = 1, name
    while out in taken:
        number += 1
        out = f"{name}-{number}"
    return out


def own_ids(entries: Collection[Entry]) -> set[str]:
    """The ids of entries as they stand in their files, without the pack."""
    return {entry.id.rpartition("/")[2] for entry in entries}


def _key(text: str) -> str:
    return " ".join(simple_words(text)) or text
