"""``chatbot new``: packs, sources, entries and intents, written as commented files that load, and added to
files that are there."""

from __future__ import annotations

import contextlib
import difflib
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chatbot.authoring import scaffold
from chatbot.cli.asking import (
    Question,
    a_date,
    an_address,
    an_id,
    answers,
    one_line,
    one_of,
    several,
    some_text,
)
from chatbot.errors import ChatbotError
from chatbot.files import one_writer
from chatbot.knowledge.adding import NotAddedError, add_item, put_checked
from chatbot.knowledge.intentschema import IntentsFile
from chatbot.knowledge.jsonschema import copy_schemas
from chatbot.knowledge.schema import LanguageFile, PackFile, TopicFile
from chatbot.knowledge.sourceschema import SourcesFile
from chatbot.knowledge.yamlfile import read
from chatbot.paths import SHIPPED_NAME, shipped
from chatbot.showing.output import emit

if TYPE_CHECKING:
    from chatbot.live.settings import Settings

GENERAL = "general"
OWN_INTENTS = "own.yaml"
LISTED = 8
"""So many names at most are listed in a prompt."""


def run_new_pack(
    settings: Settings,
    name: str,
    into: Path | None,
    title: str | None,
    about: str | None,
    roles: tuple[str, ...],
) -> None:
    """``chatbot new pack``."""
    an_id(name)
    folder = _target(settings, into, "knowledge")
    file = folder / name / "pack.yaml"
    _refuse_shipped(file)
    if (folder / OWN_INTENTS).exists():
        raise ChatbotError(f"{_shown(folder)} is a folder of intents; knowledge needs a folder of its own")
    _refuse_pack(file)
    told = answers([Question("title", "Title", some_text, scaffold.title_of(name))], {"title": title})
    told |= answers(
        [Question("about", "I can answer questions about", some_text, scaffold.about_of(told["title"]))],
        {"about": about},
    )
    usual = scaffold.in_sentence(told["title"])
    if not roles:
        asked = Question(
            "role", "Names of the occupation, the usual one first, separated by commas", some_text, usual
        )
        roles = tuple(answers([asked], {})["role"].split(","))
    named = several(
        Question("role", "Name of the occupation", some_text), [role for role in roles if role.strip()]
    )

    with _alone(folder):
        _write_pack(folder, name, told, named)
    for other in {*settings.knowledge, shipped("knowledge")}:
        if other.resolve() != folder.resolve() and (other / name / "pack.yaml").exists():
            _hint(f"Note: {_shown(other)} has a pack of this name too; the two can't be loaded together")
    if _ids(folder / "sources.yaml", "sources"):
        _next("chatbot", "new", "entry", f"{name}/NAME", "--into", folder)
    else:
        _next("chatbot", "new", "source", "NAME", "--into", folder)


def _write_pack(folder: Path, name: str, told: Mapping[str, str], named: Sequence[str]) -> None:
    """The files of a new pack, and those of a new knowledge folder."""
    file = folder / name / "pack.yaml"
    _refuse_pack(file)
    _copy_schemas(folder)
    written: dict[Path, tuple[str, type]] = {}
    if not (sources := folder / "sources.yaml").exists():
        written[sources] = (scaffold.sources_file(), SourcesFile)
    if not [
        other for other in folder.glob("*.yaml") if other != sources
    ]:  # a file of words may have any name
        written[folder / "language.yaml"] = (scaffold.language_file(), LanguageFile)
    written[file] = (scaffold.pack_file(name, told["title"], told["about"], named), PackFile)
    for path, (text, kind) in written.items():
        put_checked(path, text, kind)
        _say_written(path, 1)


def _refuse_pack(file: Path) -> None:
    if file.exists():
        raise ChatbotError(
            f"{_shown(file)}:1: there is a pack of this name already; chatbot new entry {file.parent.name}/NAME adds to it"
        )


def run_new_source(settings: Settings, name: str, into: Path | None, given: Mapping[str, str | None]) -> None:
    """``chatbot new source``."""
    an_id(name)
    folder = _target(settings, into, "knowledge")
    file = folder / "sources.yaml"
    _refuse_shipped(file)
    _refuse_second(name, [file], "sources")
    told = answers(
        [
            Question("title", "Title", some_text),
            Question("publisher", "Publisher (Enter: none)", some_text, ""),
            Question("author", "Author (Enter: none)", some_text, ""),
            Question("published", "Published: YYYY-MM-DD, YYYY-MM or YYYY", a_date, "undated"),
            Question("url", "Web address (Enter: none)", an_address, ""),
            Question(
                "note", "An interest worth knowing, such as 'sells courses' (Enter: none)", some_text, ""
            ),
        ],
        given,
    )
    with _alone(folder):
        _copy_schemas(folder)
        _refuse_second(name, [file], "sources")  # it may have been edited meanwhile
        _add(file, SourcesFile, "sources", scaffold.source_item(name, told), scaffold.sources_file)
    pack = next((pack for pack in _packs(folder)), "PACK")
    _next("chatbot", "new", "entry", f"{pack}/NAME", "--source", name, "--into", folder)


def run_new_entry(
    settings: Settings,
    name: str,
    into: Path | None,
    given: Mapping[str, str | None],
    phrasings: tuple[str, ...],
) -> None:
    """``chatbot new entry``."""
    folder = _target(settings, into, "knowledge")
    pack, slash, entry = name.partition("/")
    if not slash:
        raise ChatbotError(
            f"write the name as PACK/ENTRY, such as {one_line(next(iter(_packs(folder)), 'baker'))}/{scaffold.id_of(name) or 'start'}"
        )
    _check_pack(folder, pack)
    an_id(entry)
    _refuse_shipped(folder / pack)
    _refuse_second(entry, _topic_files(folder / pack), "entries", "tables")
    known = list(_ids(folder / "sources.yaml", "sources"))
    new_source = _command("chatbot", "new", "source", "NAME", "--into", folder)
    if not known:
        raise ChatbotError(
            f"{_shown(folder / 'sources.yaml')} names no source to cite yet; add one first: {new_source}"
        )

    def a_source(value: str) -> str:
        if value in known:
            return value
        near = difflib.get_close_matches(value, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there is: {_listed(known)};"
        raise ChatbotError(
            f"no source {one_line(value)!r} in {_shown(folder / 'sources.yaml')}; {hint} a new one: {new_source}"
        )

    topics = _topics(folder / pack)
    told = answers(
        [
            Question(
                "topic",
                f"Topic{_choice(list(topics))}",
                lambda value: value if value in topics else _a_topic(value),
                GENERAL,
            ),
            Question("question", "Question, as it is shown", some_text),
            Question("answer", "Answer, at most about 90 words", some_text),
            Question(
                "source",
                f"Source{_choice(known)}",
                a_source,
                known[0] if len(known) == 1 and sys.stdin.isatty() else None,
            ),
            Question("section", "Heading under which it says so", some_text),
        ],
        given,
    )
    asked = several(Question("phrasing", "Another way to ask (Enter: done)", some_text, ""), phrasings)
    asked = [phrasing for phrasing in asked if phrasing.casefold() != told["question"].casefold()]
    item = scaffold.entry_item(entry, told, asked)
    with _alone(folder):
        file = _topics(folder / pack).get(told["topic"], folder / pack / f"{told['topic']}.yaml")
        _copy_schemas(folder)
        _refuse_second(entry, _topic_files(folder / pack), "entries", "tables")
        _add(file, TopicFile, "entries", item, lambda items: scaffold.topic_file(told["topic"], items))
    layers = settings.knowledge if _in_use(folder, settings.knowledge) else ()
    _next("chatbot", *_options("knowledge", layers), "check", file)


def run_new_intent(
    settings: Settings,
    name: str,
    into: Path | None,
    kind: str | None,
    reply: str | None,
    examples: tuple[str, ...],
) -> None:
    """``chatbot new intent``."""
    an_id(name)
    folder = _target(settings, into, "intents")
    _refuse_shipped(folder / OWN_INTENTS)
    if (folder / "sources.yaml").exists() or _packs(folder):
        raise ChatbotError(f"{_shown(folder)} is a knowledge folder; intents need a folder of their own")
    _refuse_second(name, sorted(folder.glob("*.yaml")), "intents")
    kinds = ("unknown", "smalltalk", "refusal")
    told = answers(
        [
            Question("kind", f"Kind{_choice(kinds)}", one_of(*kinds), kinds[0]),
            Question("reply", "What is said", some_text),
        ],
        {"kind": kind, "reply": reply},
    )
    asked = several(Question("example", "A question that is met with it (Enter: done)", some_text), examples)
    with _alone(folder):
        _copy_schemas(folder)
        _refuse_second(name, sorted(folder.glob("*.yaml")), "intents")
        item = scaffold.intent_item(name, told["kind"], told["reply"], asked)
        _add(folder / OWN_INTENTS, IntentsFile, "intents", item, scaffold.intents_file)
    layers = settings.intents if _in_use(folder, settings.intents) else (shipped("intents"), folder)
    for file in [
        file
        for layer in layers
        if layer.resolve() != folder.resolve()
        for file in sorted(layer.glob("*.yaml"))
    ]:
        if line := _ids(file, "intents").get(name):
            _hint(
                f"Note: {_shown(file)}:{line} has an intent of this name too; the two can't be loaded together"
            )
            layers = (folder,)
    _next("chatbot", *_options("intents", layers), "ask", asked[0])


# where to


def _target(settings: Settings, into: Path | None, kind: str) -> Path:
    """The folder to write into: the one named, else the only own one of the settings."""
    if into is not None:
        return shipped(kind) if str(into) == SHIPPED_NAME else into
    folders: Sequence[Path] = getattr(settings, kind)
    own = [folder for folder in folders if folder.resolve() != shipped(kind).resolve()]
    if len(own) == 1:
        return own[0]
    if own:
        raise ChatbotError(
            f"several {kind} folders are in use: {', '.join(map(_shown, own))}; say which one: --into DIR"
        )
    raise ChatbotError(
        f"no {kind} folder of your own is in use; say where to write: --into DIR (made if need be)"
    )


def _in_use(folder: Path, folders: Sequence[Path]) -> bool:
    return folder.resolve() in [other.resolve() for other in folders]


def _refuse_shipped(file: Path) -> None:
    for kind in ("knowledge", "intents"):
        if file.resolve().is_relative_to(shipped(kind).resolve()):
            raise ChatbotError(
                f"{_shown(file)} belongs to the {kind} that comes with the program and is left alone; use a folder of your own"
            )


def _check_pack(folder: Path, pack: str) -> None:
    packs = _packs(folder)
    if pack not in packs:
        near = difflib.get_close_matches(pack, packs, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        new = _command("chatbot", "new", "pack", scaffold.id_of(pack) or "NAME", "--into", folder)
        raise ChatbotError(f"no pack {one_line(pack)!r} in {_shown(folder)}; {hint}A new one: {new}")


def _packs(folder: Path) -> list[str]:
    return [file.parent.name for file in sorted(folder.glob("*/pack.yaml"))]


def _topic_files(pack: Path) -> list[Path]:
    return [file for file in sorted(pack.glob("*.yaml")) if file.name != "pack.yaml"]


def _topics(pack: Path) -> dict[str, Path]:
    """The topics of a pack, by their ids and by the names of their files, with their files."""
    files = _topic_files(pack)
    roots = {file: read(file).value for file in reversed(files)}
    ids = {
        str(root["topic"][1].value): file
        for file, root in roots.items()
        if isinstance(root, dict) and "topic" in root
    }
    return ids | {file.stem: file for file in files}


def _a_topic(value: str) -> str:
    if an_id(value) == "pack":
        raise ChatbotError("a topic can't be called 'pack': pack.yaml says what the pack is about")
    return value


# what is there already


def _ids(file: Path, *keys: str) -> dict[str, int]:
    """The ids in the lists of a file, each with its line; none where there is no file. Other faults of it are
    not looked for."""
    if not file.exists():
        return {}
    found: dict[str, int] = {}
    root = read(file).value
    for key in keys:
        items = root[key][1].value if isinstance(root, dict) and key in root else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item.value, dict) and "id" in item.value:
                found.setdefault(str(item.value["id"][1].value), item.line)
    return found


def _refuse_second(name: str, files: Iterable[Path], *keys: str) -> None:
    for file in files:
        if line := _ids(file, *keys).get(name):
            raise ChatbotError(
                f"{_shown(file)}:{line}: the id {name!r} is there already; choose another, or edit it there"
            )


# writing and saying


def _add(file: Path, kind: type, key: str, item: str, whole: Callable[[str], str]) -> None:
    """Add an item to the list in a file, or make the file with it (``whole(item)``)."""
    if not file.exists() or not file.read_bytes().strip():
        text = whole(item)
        put_checked(file, text, kind)
        _say_written(file, text.splitlines().index(f"{key}:") + 2)
        return
    try:
        line = add_item(file, kind, key, item)
    except NotAddedError as error:
        emit(item.rstrip("\n"))
        raise NotAddedError(f"{error}; put in by hand what is printed here") from None
    _say_written(file, line)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """A folder, made if need be, while no other command of this program writes into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with one_writer(folder):
            yield
    except OSError as error:
        raise ChatbotError(f"{_shown(folder)}: can't be written ({error.strerror})") from None


def _copy_schemas(folder: Path) -> None:
    try:
        copy_schemas(folder)
    except OSError as error:
        raise ChatbotError(f"{_shown(folder)}: can't be written ({error.strerror})") from None


def _say_written(file: Path, line: int) -> None:
    emit(f"Written: {_shown(file)}:{line}")


def _hint(text: str) -> None:
    click.echo(text, err=True)


def _next(*words: str | Path) -> None:
    _hint(f"Next: {_command(*words)}")


def _command(*words: str | Path) -> str:
    return shlex.join(one_line(str(word)) for word in words)


def _options(kind: str, folders: Sequence[Path]) -> list[str]:
    names = [
        SHIPPED_NAME if folder.resolve() == shipped(kind).resolve() else str(folder) for folder in folders
    ]
    return [word for name in names for word in (f"--{kind}", name)]


def _choice(names: Sequence[str]) -> str:
    return f" ({_listed(names)})" if names else ""


def _listed(names: Sequence[str]) -> str:
    return ", ".join([*map(one_line, names[:LISTED]), *(["..."] if len(names) > LISTED else [])])


def _shown(file: Path) -> str:
    return one_line(str(file))
