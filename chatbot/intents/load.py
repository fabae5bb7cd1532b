"""Intents: labelled examples of small talk, of what is refused, and of topics known not to be covered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from chatbot.errors import ChatbotError, Finding, KnowledgeError
from chatbot.intents.model import Intent
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.schema import IntentsFile
from chatbot.knowledge.yamlfile import finding


def load_intents(folders: Sequence[Path], covered: Collection[str] = (), shipped_packs: bool = True) -> tuple[Intent, ...]:
    """Every intent in the folders, less those about a topic in ``covered`` and, for a foreign knowledge base, the shipped packs' own.

    Raises ``KnowledgeError`` with all findings, ``ChatbotError`` for a folder that is not there.
    """
    findings: list[Finding] = []
    intents: dict[str, Intent] = {}
    for folder in folders:
        if not folder.is_dir():
            raise ChatbotError(f"{folder}: no such intents folder; give a folder of YAML files")
        for file in sorted(folder.glob("*.yaml")):
            try:
                spec, node = load_as(file, IntentsFile)
            except KnowledgeError as error:
                findings += error.findings
                continue
            for intent, place in zip(spec.intents, node.value["intents"][1].value, strict=True):
                if intent.id in intents:
                    findings.append(finding(file, place, f"the intent {intent.id!r} stands twice", "duplicate-id"))
                if not intent.replies:
                    findings.append(finding(file, place, f"the intent {intent.id!r} has no reply", "no-reply"))
                    continue
                if (spec.neutral or shipped_packs) and intent.about not in covered:
                    reply = " ".join(intent.replies[0].split())
                    intents[intent.id] = Intent(
                        intent.id, intent.kind, reply, intent.act, intent.about, tuple(intent.examples), intent.other_role, spec.neutral
                    )
    if findings:
        raise KnowledgeError(findings)
    return tuple(intents.values())
