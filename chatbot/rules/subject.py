"""What is told of one career is told where that career is the subject: it is never assumed in silence."""

from __future__ import annotations

from typing import ClassVar

from chatbot.flow import By, Objection, Proposal
from chatbot.language.leftout import asks_of_it
from chatbot.rules.base import Rule
from chatbot.scene import Scene

_TEXTS = frozenset({By.ENTRY, By.TABLE})


class OtherSubject(Rule):
    """Where the conversation is about another career or occupation, an entry about one career does not answer."""

    id: ClassVar = "subject/other"
    applies_to: ClassVar = _TEXTS

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        subject = scene.subject
        if subject is None or subject.kind == "topic" or not needs_subject(proposal, scene):
            return None
        entry = proposal.entry
        if entry is None or subject.id == entry.pack:
            return None
        meant = subject.how == "chosen" or asks_of_it(scene.reading.typed)
        return self.veto(f"nothing on that for {subject.title}", quiet=not meant)


class NoSubject(Rule):
    """Where several careers are loaded and none is the subject, it is asked back which career is meant."""

    id: ClassVar = "subject/none"
    applies_to: ClassVar = _TEXTS

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        if not needs_subject(proposal, scene):
            return None
        entry, subject = proposal.entry, scene.subject
        if entry and subject and subject.id == entry.pack:
            return None
        return self.ask("no career is named")


def needs_subject(proposal: Proposal, scene: Scene) -> bool:
    """Whether a proposal is about one of several careers, and the question names neither it nor what it is about."""
    entry, library = proposal.entry, scene.library
    if entry is None or not library.several_careers or entry.pack not in library.careers:
        return False
    return entry.pack not in scene.facets.careers and scene.facets.own_subjects.isdisjoint(entry.subject)
