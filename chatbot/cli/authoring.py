"""The commands for authors, declared; each imports what it needs when it is called."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from chatbot.live.settings import Settings

INTO = click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The knowledge folder; made if need be.",
)
FILE = click.Path(path_type=Path)


def add_to(group: click.Group) -> None:
    """Make the commands part of ``chatbot``."""
    for command in (new, check, coverage, unanswered, import_, export, schema, config):
        group.add_command(command)


@click.group()
def new() -> None:
    """Write a new pack, source, entry or intent: a commented file that passes its own check.

    What is not given as an option is asked for on a terminal.
    """


@new.command("pack")
@click.argument("name")
@INTO
@click.option("--title", help="The pack's title, such as 'Baker'.")
@click.option("--about", help="What stands in 'I can answer questions about ...', such as 'being a baker'.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    help="A name of the occupation; may be given more than once, the usual one first.",
)
@click.pass_obj
def new_pack(
    settings: Settings,
    name: str,
    into: Path | None,
    title: str | None,
    about: str | None,
    roles: tuple[str, ...],
) -> None:
    """Begin a pack: a folder NAME with its pack.yaml, and sources.yaml and language.yaml where there are
    none."""
    from chatbot.cli.new import run_new_pack

    run_new_pack(settings, name, into, title, about, roles)


@new.command("source")
@click.argument("name")
@INTO
@click.option("--title", help="The title of the article, data set or page.")
@click.option("--publisher", help="Who publishes it.")
@click.option("--author", help="Who wrote it.")
@click.option("--published", help="YYYY-MM-DD, YYYY-MM, YYYY or 'undated'.")
@click.option("--url", help="Its address, http or https.")
@click.option("--note", help="An interest worth knowing, such as 'sells courses'.")
@click.pass_obj
def new_source(
    settings: Settings, name: str, into: Path | None, title: str | None, publisher: str | None, author: str | None,
    published: str | None, url: str | None, note: str | None,
) -> None:  # fmt: skip
    """Add the source NAME to sources.yaml."""
    from chatbot.cli.new import run_new_source

    given = {
        "title": title,
        "publisher": publisher,
        "author": author,
        "published": published,
        "url": url,
        "note": note,
    }
    run_new_source(settings, name, into, given)


@new.command("entry")
@click.argument("name")
@INTO
@click.option("--topic", help="The topic: its file, NAME.yaml in the pack's folder, is made if need be.")
@click.option("--question", help="The main question, as it is shown.")
@click.option("--answer", help="The answer, at most about 90 words.")
@click.option("--source", help="The id of the source that says so.")
@click.option("--section", help="The heading under which it says so.")
@click.option(
    "--phrasing", "phrasings", multiple=True, help="Another way to ask; may be given more than once."
)
@click.pass_obj
def new_entry(
    settings: Settings, name: str, into: Path | None, topic: str | None, question: str | None, answer: str | None,
    source: str | None, section: str | None, phrasings: tuple[str, ...],
) -> None:  # fmt: skip
    """Add the entry NAME, written PACK/ENTRY, to a topic of that pack. Numbers in the answer are declared as
    its figures."""
    from chatbot.cli.new import run_new_entry

    given = {"topic": topic, "question": question, "answer": answer, "source": source, "section": section}
    run_new_entry(settings, name, into, given, phrasings)


@new.command("intent")
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The intents folder; made if need be.",
)
@click.option(
    "--kind",
    type=click.Choice(["unknown", "smalltalk", "refusal"]),
    help="Default: unknown, a topic that is not covered.",
)
@click.option("--reply", help="What is said.")
@click.option(
    "--example",
    "examples",
    multiple=True,
    help="A question that is met with it; may be given more than once.",
)
@click.pass_obj
def new_intent(
    settings: Settings,
    name: str,
    into: Path | None,
    kind: str | None,
    reply: str | None,
    examples: tuple[str, ...],
) -> None:
    """Add the intent NAME: a fixed reply to small talk, or to a topic that is not covered."""
    from chatbot.cli.new import run_new_intent

    run_new_intent(settings, name, into, kind, reply, examples)


@click.command()
@click.argument("paths", nargs=-1, type=FILE, metavar="[PATH]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How findings are printed.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--today", metavar="YYYY-MM-DD", help="The day by which an answer is old; default: today.")
@click.option(
    "--info", is_flag=True, help="Show information too: single phrasings that lead elsewhere, old answers."
)
@click.option("--quick", is_flag=True, help="Read the files only; nothing is asked and no model is loaded.")
@click.pass_obj
def check(
    settings: Settings,
    paths: tuple[Path, ...],
    form: str,
    strict: bool,
    today: str | None,
    info: bool,
    quick: bool,
) -> None:
    """Check knowledge: is every entry right, sourced, reachable, and in no other's way?

    A PATH is a knowledge folder, a pack's folder or a file; without one, the folder that you are in is
    checked, if it is such a folder, else those that --knowledge or the configuration names. For a single file, what the bot answers to each question of it is shown.
    Exit status: 0 nothing wrong, 1 errors (with --strict also warnings), 2 where nothing could be checked.
    """
    from chatbot.cli.check import Options, run_check

    sys.exit(run_check(settings, paths, Options(form, strict, today, info, quick)))


@click.command()
@click.option(
    "--questions",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Labelled questions, as for eval: those that fail are counted.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def coverage(settings: Settings, questions: tuple[Path, ...], as_json: bool) -> None:
    """Show what is known: topics, entries, phrasings, sources and their dates."""
    from chatbot.cli.coverage import run_coverage

    run_coverage(settings, questions, as_json)


@click.command()
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="N",
    help="Show the N largest groups.",
)
@click.option("--clear", is_flag=True, help="Remove the file.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def unanswered(settings: Settings, most: int, clear: bool, as_json: bool) -> None:
    """Show what was asked in vain, grouped by meaning, with the nearest entry and a YAML stub to paste.

    Questions are kept only where `log_unanswered = true` stands in the configuration, or with
    --log-unanswered before the command.
    """
    from chatbot.cli.unanswered import run_unanswered

    run_unanswered(settings, most, clear, as_json)


@click.command("import")
@click.argument("file", type=FILE)
@click.argument("folder", type=FILE, required=False, metavar="[DIR]")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The knowledge folder; made if need be. Only for onet there is a default: the one in your data folder.",
)
@click.option("--pack", metavar="NAME", help="The pack; default: what the file says, else its name.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "tsv", "xlsx", "jsonl", "html", "json", "rasa"]),
    help="Default: by the file's ending.",
)
@click.option("--source", metavar="ID", help="Cite this source, made if need be, where a row names none.")
@click.option("--force", is_flag=True, help="Replace a pack of that name.")
@click.pass_obj
def import_(
    settings: Settings, file: Path, folder: Path | None, into: Path | None, pack: str | None, form: str | None, source: str | None,
    force: bool,
) -> None:  # fmt: skip
    """Make a pack from FILE: CSV, TSV, a workbook (.xlsx), JSON or JSON Lines of any make, a web page with
    schema.org questions, or the nlu.yml of a Rasa bot.

    Of JSON, objects with question and answer are read wherever they stand, FAQPage, intents.json, QnABot, and
    QnA Maker and its successor.

    With onet as FILE, make the pack onet from the O*NET text files in DIR, in place of an older one.

    Bad rows are named and skipped; what was joined, guessed or left out is said. Exit status: 0, 1 where
    something was skipped, 2 where nothing could be read.
    """
    onet = str(file) == "onet"
    if folder is not None or (onet and not file.exists()):
        if not onet or folder is None:
            raise click.UsageError(
                "a folder goes with onet alone: chatbot import onet DIR, with the O*NET text files in DIR"
            )
        if pack or form or source or force:
            raise click.UsageError("--pack, --format, --source and --force do not go with onet")
        from chatbot.cli.onet import run_onet

        sys.exit(run_onet(folder, into))
    if into is None:
        raise click.UsageError("Missing option '--into'.")
    from chatbot.cli.exchange import run_import

    sys.exit(run_import(settings, file, into, pack, form, source, force))


@click.command()
@click.argument("pack")
@click.argument("file", type=FILE, required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "tsv", "jsonl", "html", "json", "markdown"]),
    help="Default: by the file's ending.",
)
@click.option("--force", is_flag=True, help="Replace FILE.")
@click.pass_obj
def export(settings: Settings, pack: str, file: Path | None, form: str | None, force: bool) -> None:
    """Write a PACK to FILE (or stdout): CSV, TSV, JSON Lines, schema.org FAQPage, or Markdown with its
    sources."""
    from chatbot.cli.exchange import run_export

    run_export(settings, pack, file, form, force)


@click.command()
@click.argument(
    "name",
    required=False,
    type=click.Choice(["topic", "pack", "sources", "language", "intents"]),
    metavar="[NAME]",
)
def schema(name: str | None) -> None:
    """Show where the JSON Schemas of knowledge files are, for editors; with a NAME (topic, pack, sources,
    language, intents), print one."""
    from chatbot.cli.schema import run_schema

    run_schema(name)


@click.command()
@click.option(
    "--init", is_flag=True, help="Write the file, with every option and its default, where there is none."
)
@click.pass_obj
def config(settings: Settings, init: bool) -> None:
    """Show the configuration in use, and which file it is in."""
    from chatbot.cli.config import run_config

    run_config(settings, init)
