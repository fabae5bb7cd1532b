"""Make the reference pages and the JSON Schemas from the program itself: python scripts/reference.py
[--check]

docs/commands.md              every command with its help docs/fields.md                every key of the YAML
files, from chatbot/knowledge/schema.py docs/rules.md                 what ``chatbot check`` looks for, from
chatbot/resources/rules.yaml docs/decisions.md             the stages of a question and the rules of the
fifth, from the classes, with examples from tests/rules docs/policy.md                every number that
decides by hand, from chatbot/resources/policy.toml chatbot/resources/schema/     the JSON Schema of each kind
of file chatbot/resources/compiled.json   the package's TOML files, quicker to read

``--check`` writes nothing, names the files that differ and exits with 1.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from chatbot import tables
from chatbot.authoring.checking.rules import rules
from chatbot.cli.main import cli
from chatbot.files import put_text
from chatbot.knowledge import jsonschema
from chatbot.language import scopes, words
from chatbot.paths import data_file
from chatbot.pipeline import STAGES
from chatbot.policy import FILE, Policy, numbers, policy
from chatbot.rules import NOTES, QUERY, SCOPE, SUBJECT, SURENESS, Rule

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
CASES = ROOT / "tests" / "rules"
WIDTH = 80
MADE = "<!-- Made by scripts/reference.py; changes by hand are lost. -->\n"

_COMMANDS = """\
# Commands

What `chatbot COMMAND --help` prints, for every command. Without a command, `chatbot` opens a conversation.
"""
_FIELDS = """\
# The keys of the YAML files

Every key that the loader reads; any other is an error. How they work together: [authoring.md](authoring.md). In an
editor with YAML support the same text stands at each key, once the first line of a file names its schema
(`chatbot new` writes that line, `chatbot schema` says where the schemas are):

```yaml
# yaml-language-server: $schema=../.schema/topic.schema.json
```

Text that looks like a number or like true, false or null is put in quotes: `"2025"`.
"""
_RULES = """\
# The rules of `chatbot check`

An error means that a file can't be used, or says something wrong; a warning, that people will be answered badly. Information
is shown with `--info`. A rule that can be switched off is, for one line and the next or for a whole file, by a comment
that gives the reason:

```yaml
# check: off long-answer - the law asks for the whole sentence
# check: file off few-phrasings - a draft
```
"""
_DECISIONS = """\
# How a reply is decided

A question passes seven stages, which stand in one tuple (`STAGES` in `chatbot/pipeline.py`): one question, a batch and a
conversation go the same way. `/why` prints what was proposed for a question, and which rule had what against it; how
labels are ranked: [ranking.md](ranking.md); the numbers that the stages and the rules go by: [policy.md](policy.md).
"""
_GROUPS = {
    SCOPE: (
        "Scope",
        "They look at every entry that ranks, best first. The first rule that objects drops it, with the reason that is told.",
    ),
    SURENESS: ("Sureness", "They look at the best entry that is left, and say how sure it must be."),
    SUBJECT: (
        "Subject",
        "They look at the entries that are left: which career each is about, and whether that was named.",
    ),
    QUERY: (
        "Query",
        "They look at what is asked of the packs' data by the entry that leads; the question is then declined or asked back.",
    ),
    NOTES: ("Notes", "They look at what is told. Their sentences stand beside it."),
}
_POLICY = """\
# The numbers that decide by hand

Every number that decides an answer and is not fitted to a knowledge base, as `chatbot/resources/policy.toml` holds it.
What is fitted (the weights of the calibration, the thresholds of answering and of asking back) stands in
`ranker.json`, which `chatbot tune --write` makes: [evaluating.md](evaluating.md). Where they are used:
[decisions.md](decisions.md).
"""
_FOUND = {"fit": "fitted, by scripts/fit.py", "hand": "set by hand"}
_FILES = {
    "topic": ("Topic files", "`PACK/TOPIC.yaml`, any name but `pack.yaml`: what is known on one topic."),
    "pack": ("pack.yaml", "`PACK/pack.yaml`: what the pack in this folder is about."),
    "sources": ("sources.yaml", "At the top of a knowledge folder: who is cited."),
    "language": (
        "language.yaml",
        "At the top of a knowledge folder, under any name but `sources.yaml`: words.",
    ),
    "dataset": (
        "Data sets",
        "`PACK/NAME.dataset.yaml`: what a table of figures or texts is about, in its CSV files.",
    ),
    "titles": (
        "titles.yaml",
        "In a pack with data sets, under the name that one gives: how occupations are named.",
    ),
    "intents": ("Intents", "Any name, in a folder of intents: fixed replies."),
}


def made() -> dict[Path, str]:
    """Every file that is made, with its text."""
    pages = {
        "commands": commands_page,
        "fields": fields_page,
        "rules": rules_page,
        "decisions": decisions_page,
        "policy": policy_page,
    }
    schemas = {jsonschema.schema_file(name): jsonschema.schema_text(name) for name in jsonschema.KINDS}
    own = {data_file(tables.COMPILED): tables.compiled((FILE, words.FILE, scopes.FILE))}
    return {DOCS / f"{name}.md": page() for name, page in pages.items()} | schemas | own


def drifted() -> list[Path]:
    """The files that are not there, or not as they are made now."""
    return [
        file for file, text in made().items() if not file.exists() or file.read_text(encoding="utf-8") != text
    ]


def commands(
    command: click.Command, name: str = "chatbot", above: click.Context | None = None
) -> Iterator[tuple[str, click.Context]]:
    """A command and all below it, with their full names."""
    own: dict[str, Any] = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    context = command.context_class(command, parent=above, info_name=name.rpartition(" ")[2], **own)
    yield name, context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found and not found.hidden:
                yield from commands(found, f"{name} {below}", context)


def commands_page() -> str:
    """docs/commands.md"""
    parts = [_COMMANDS, MADE]
    for name, context in commands(cli):
        parts.append(f"## {name}\n\n```\n{context.command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


def fields_page() -> str:
    """docs/fields.md"""
    parts = [_FIELDS, MADE]
    for name, (title, where) in _FILES.items():
        schema = jsonschema.schema(name)
        parts.append(f"## {title}\n\n{where}\n\n{_table(schema)}")
        parts += [f"### {of['title']}\n\n{of['description']}\n\n{_table(of)}" for of in _used(schema)]
    return "\n".join(parts)


def _used(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The types inside a file, in the order in which its keys lead to them."""
    definitions = schema["definitions"]
    waiting, seen = [schema], set()
    while waiting:
        for value in waiting.pop(0)["properties"].values():
            of = _reference(value)
            if of and of not in seen:
                seen.add(of)
                waiting.append(definitions[of])
                yield definitions[of]


def _reference(value: Mapping[str, Any]) -> str:
    """The type inside a value: of a list, of a mapping, or the value's own."""
    inside = value.get("items") or value.get("additionalProperties") or value.get("allOf", [{}])[0]
    inside = inside if isinstance(inside, dict) else {}
    return str(inside.get("$ref", "")).rpartition("/")[2]


def _table(component: Mapping[str, Any]) -> str:
    rows = ["| Key | Value | Meaning |", "|---|---|---|"]
    for key, value in component["properties"].items():
        need = "**required**" if key in component.get("required", ()) else _default(value)
        examples = [f"`{_yaml(each)}`" for each in value.get("examples", ())]
        meaning = value["description"] + (
            f"<br>Example{'s' * (len(examples) > 1)}: {', '.join(examples)}" if examples else ""
        )
        rows.append(f"| `{key}` | {_kind(value)}; {need} | {meaning.replace('|', chr(92) + '|')} |")
    return "\n".join(rows) + "\n"


def _default(value: Mapping[str, Any]) -> str:
    return f"default: `{_yaml(value['default'])}`" if "default" in value else "may be left out"


def _kind(value: Mapping[str, Any]) -> str:
    if "enum" in value:
        return ", ".join(f"`{each}`" for each in value["enum"])
    if "allOf" in value:
        of = _reference(value).removesuffix("Spec").lower()
        return f"[{of}](#{of})"
    kind = value["type"] if isinstance(value["type"], str) else value["type"][0]
    if kind == "array":
        of = value["items"].get("$ref", "").rpartition("/")[2].removesuffix("Spec").lower()
        texts = "a list of numbers" if value["items"].get("type") == "number" else "a list of text"
        return f"a list of [{of}](#{of})" if of else texts
    if kind == "object" and (of := _reference(value).removesuffix("Spec").lower()):
        return f"a mapping to [{of}](#{of})"
    return {
        "string": "text",
        "object": "a mapping",
        "number": "a number",
        "integer": "a whole number",
        "boolean": "true or false",
    }[kind]


def _yaml(value: Any) -> str:
    text: str = yaml.safe_dump(
        value, default_flow_style=True, width=10_000, allow_unicode=True, sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...")


def rules_page() -> str:
    """docs/rules.md"""
    listed = "".join(
        f"| [{rule.id}](#{rule.id}) | {rule.level} | {'' if rule.fixed else 'yes'} |\n"
        for rule in rules().values()
    )
    parts = [_RULES, MADE, "| Rule | Level | May be switched off |\n|---|---|---|\n" + listed]
    for rule in rules().values():
        language = "sh" if rule.example.startswith("$ ") else "yaml"
        parts.append(
            f"## {rule.id}\n\n{rule.level.capitalize()}. {rule.what.strip()}\n\n```{language}\n{rule.example.strip()}\n```\n\n"
            f"**Mend:** {rule.mend.strip()}\n"
        )
    return "\n".join(parts)


def decisions_page() -> str:
    """docs/decisions.md"""
    rows = [
        f"| {i} | `{stage.name}` | {_line(stage.run)} | {_names(stage.needs)} | {_names(stage.gives)} | {'yes' if stage.round else ''} |"
        for i, stage in enumerate(STAGES, 1)
    ]
    table = (
        "|  | Stage | What it gives | Needs | Fills | Goes round |\n|---|---|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )
    parts = [_DECISIONS, MADE, f"## The stages\n\n{table}"]
    parts.append(
        "## The rules\n\nIn the order in which they are asked. Each has cases in `tests/rules/`: what makes it fire, what leaves it silent.\n"
    )
    for group, (title, what) in _GROUPS.items():
        parts.append(f"### {title}\n\n{what}\n")
        parts += [_rule(rule) for rule in group]
    return "\n".join(parts)


def _rule(rule: Rule) -> str:
    found = yaml.safe_load((CASES / f"{rule.id.replace('/', '-')}.yaml").read_text(encoding="utf-8"))
    first = found["fires"][0]
    case = found | ({"question": first} if isinstance(first, str) else first)
    answerers = ", ".join(sorted(map(str, rule.applies_to)))
    return f"- **`{rule.id}`** {_line(type(rule))}\n  Looks at: {answerers}. Fires for “{case['question']}” (`{case['entry']}`).\n"


def _line(of: Any) -> str:
    return " ".join((inspect.getdoc(of) or "").split())


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def policy_page() -> str:
    """docs/policy.md"""
    parts = [_POLICY, MADE]
    typed, read = policy(), numbers(data_file(FILE).read_text(encoding="utf-8"))
    for section in Policy.__struct_fields__:
        listed = [
            f"| `{name}` | {_value(of.value)} | {_FOUND[of.by]} | {of.why} |"
            for name, of in read[section].items()
        ]
        parts.append(
            f"## {section}\n\n{_line(type(getattr(typed, section)))}\n\n| Number | Value | How it was found | What it does |\n|---|---|---|---|"
        )
        parts[-1] += "\n" + "\n".join(listed) + "\n"
    return "\n".join(parts)


def _value(value: float | tuple[float, ...]) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def main() -> int:
    if "--check" in sys.argv[1:]:
        differing = [str(file.relative_to(ROOT)) for file in drifted()]
        if differing:
            print(
                f"not as the program makes them now: {', '.join(differing)}; run: python scripts/reference.py",
                file=sys.stderr,
            )
        return 1 if differing else 0
    for file in drifted():
        put_text(file, made()[file])
        print(f"Written: {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
