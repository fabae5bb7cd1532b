"""Intents: labelled examples of small talk, of what is refused, and of topics known not to be covered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from chatbot.errors import ChatbotError, Finding, KnowledgeError
from chatbot.intents.model import Intent
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.files import Parsed, children
from chatbot.knowledge.intentschema import IntentsFile
from chatbot.knowledge.yamlfile import finding, yaml_files


def load_intents(
    folders: Sequence[Path],
    covered: Collection[str] = (),
    shipped_packs: bool = True,
    packs: Collection[str] = (),
) -> tuple[Intent, ...]:
    """Every intent in the folders, less those about a topic in ``covered`` and, for a foreign knowledge base,
    the shipped packs' own.

    ``packs``: the names of those loaded; files that serve others are left out.

    Raises ``KnowledgeError`` with all findings, ``ChatbotError`` for a folder that is not there.
    """
    findings: list[Finding] = []
    files = read_intents(folders, findings)
    if findings:
        raise KnowledgeError(findings)
    return usable(files, covered, shipped_packs, packs)


def usable(
    files: Iterable[Parsed[IntentsFile]],
    covered: Collection[str] = (),
    shipped_packs: bool = True,
    packs: Collection[str] = (),
) -> tuple[Intent, ...]:
    """The intents of files that were read, as ``load_intents`` chooses them."""
    intents: dict[str, Intent] = {}
    files = tuple(files)
    posts: dict[str, list[str]] = {}
    for written in (one for parsed in files for one in parsed.spec.posts):
        posts.setdefault(written.of, []).extend(written.texts)
    for parsed in files:
        if parsed.spec.beside and not set(parsed.spec.beside) & set(packs):
            continue
        for intent in parsed.spec.intents:
            if intent.replies and (parsed.spec.neutral or shipped_packs) and intent.about not in covered:
                reply = " ".join(intent.replies[0].split())
                intents[intent.id] = Intent(
                    intent.id, intent.kind, reply, intent.act, intent.about, tuple(intent.examples), intent.other_role,
                    parsed.spec.neutral, bool(parsed.spec.beside), parsed.spec.background, tuple(intent.only_with), intent.each_sentence,
                    tuple(posts.get(intent.id, ())),
                )  # fmt: skip
    return tuple(intents.values())


def read_intents(folders: Sequence[Path], findings: list[Finding]) -> list[Parsed[IntentsFile]]:
    """The files that can be used; what is wrong is added to ``findings``. ``ChatbotError`` for a folder that
    is not there."""
    out: list[Parsed[IntentsFile]] = []
    seen: set[str] = set()
    for folder in folders:
        if not folder.is_dir():
            raise ChatbotError(f"{folder}: no such intents folder; give a folder of YAML files")
        for file in yaml_files(folder):
            try:
                parsed = Parsed(file, *load_as(file, IntentsFile))
            except KnowledgeError as error:
                findings += error.findings
                continue
            out.append(parsed)
            for intent, place in zip(parsed.spec.intents, children(parsed.node, "intents"), strict=True):
                if intent.id in seen:
                    findings.append(
                        finding(file, place, f"the intent {intent.id!r} stands twice", "duplicate-id")
                    )
                seen.add(intent.id)
                if not intent.replies:
                    findings.append(
                        finding(file, place, f"the intent {intent.id!r} has no reply", "no-reply")
                    )
    for parsed in out:
        for written, place in zip(parsed.spec.posts, children(parsed.node, "posts"), strict=True):
            if written.of not in seen:
                message = f"no intent {written.of!r} that these posts are of"
                findings.append(finding(parsed.file, place, message, "unknown-intent"))
    return out
