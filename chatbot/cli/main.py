"""The command line: ``chatbot``. Heavy modules are imported by the commands that use them, so that ``--help``
is quick."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from chatbot import __version__
from chatbot.cli import authoring, indexing, mcp, serving
from chatbot.errors import ChatbotError, KnowledgeError
from chatbot.live.settings import Settings

PERCENT = click.FloatRange(0, 100)


def _folder(name: str) -> Callable[[Any], Any]:
    path = click.Path(file_okay=False, path_type=Path)
    return click.option(
        f"--{name}",
        multiple=True,
        type=path,
        metavar="DIR",
        help=f"Use this {name} folder instead of the shipped one, which is named 'shipped'; several are layered.",
    )


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="chatbot")
@_folder("knowledge")
@_folder("intents")
@click.option(
    "--pack", "packs", multiple=True, metavar="NAME", help="Load only this pack; may be given more than once."
)
@click.option(
    "--index",
    envvar="CHATBOT_INDEX",
    metavar="DSN",
    help="Use the knowledge that `chatbot index push` put into a PostgreSQL database.",
)
@click.option(
    "--career",
    metavar="NAME",
    help="What questions are about that name none themselves: a career, or an occupation's title or code.",
)
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Use this configuration; see: chatbot config",
)
@click.option(
    "--no-background", is_flag=True, help="Without the shipped questions that nothing here answers."
)
@click.option("--no-color", is_flag=True, help="No colours; so do NO_COLOR and TERM=dumb.")
@click.option("--no-history", is_flag=True, help="Keep no history of what you type.")
@click.option("--no-toolbar", is_flag=True, help="No line of hints at the bottom.")
@click.option(
    "--log-unanswered",
    is_flag=True,
    help="Keep questions that are not answered, for chatbot unanswered; /privacy says where.",
)
@click.option(
    "--watch", is_flag=True, help="In a conversation: load the knowledge again whenever a file of it changes."
)
@click.option("--json", "as_json", is_flag=True, help="With questions on a pipe: one JSON object a line.")
@click.pass_context
def cli(
    context: click.Context, knowledge: tuple[Path, ...], intents: tuple[Path, ...], packs: tuple[str, ...], index: str | None, career: str | None, config: Path | None,
    no_background: bool, no_color: bool, no_history: bool, no_toolbar: bool, log_unanswered: bool, watch: bool, as_json: bool,
) -> None:  # fmt: skip
    """Answers career questions from named sources, on this machine, or says that it does not know.

    Without a command it opens a conversation; questions on a pipe are the turns of one conversation, a line
    each.
    """
    from chatbot.cli.config import read_config
    from chatbot.live.settings import folders

    if index and (knowledge or intents or packs) and context.invoked_subcommand != "index":
        raise click.UsageError(
            "--index has its own knowledge: leave out --knowledge, --intents and --pack (or CHATBOT_INDEX)"
        )
    told, file = read_config(config)
    plain = no_color or not told.color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    settings = Settings(
        folders("knowledge", knowledge or told.folders("knowledge", file.parent)),
        folders("intents", intents or told.folders("intents", file.parent)),
        packs or told.packs, not plain, told.history and not no_history, told.toolbar and not no_toolbar,
        told.log_unanswered or log_unanswered, watch, file, () if packs else told.disabled,
        told.background and not no_background, index, career, bool(knowledge or intents or packs),
    )  # fmt: skip
    context.obj = settings
    if context.invoked_subcommand:
        if as_json:
            raise click.UsageError(
                f"--json goes after the command: chatbot {context.invoked_subcommand} --json"
            )
        return
    if sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
        from chatbot.cli.repl import run

        run(settings)
    else:
        from chatbot.cli.pipe import run_lines

        run_lines(settings, as_json)


@cli.command()
@click.argument("question", nargs=-1)
@click.option("--env", "variable", metavar="NAME", help="Take the question from this environment variable.")
@click.option(
    "--career",
    metavar="NAME",
    help="What it is about where it names none itself: a career, or an occupation's title or code.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the reply as JSON.")
@click.option("--why", is_flag=True, help="Say how the reply came about.")
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    metavar="FILE.png",
    help="Draw the answer's figures, where it has several; a picture of that name is replaced. Needs matplotlib.",
)
@click.pass_obj
def ask(
    settings: Settings,
    question: tuple[str, ...],
    variable: str | None,
    career: str | None,
    as_json: bool,
    why: bool,
    plot: Path | None,
) -> None:
    """Answer one question. Exit status: 0 for an answer or small talk, 1 for any other reply, 2 for an error."""
    from chatbot.cli.ask import run_ask

    text = os.environ.get(variable, "") if variable else " ".join(question)
    if not text.strip():
        where = f"the variable {variable} is empty" if variable else "no question was given"
        raise click.UsageError(f'{where}; try: chatbot ask "what does an ML engineer earn in Germany?"')
    if career is not None:
        settings = dataclasses.replace(settings, career=career)
    sys.exit(run_ask(settings, text, as_json, why, plot))


@cli.command()
@click.argument("topic", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def topics(settings: Settings, topic: str | None, as_json: bool) -> None:
    """List the topics that are known, or the questions of one TOPIC."""
    from chatbot.showing.listing import run_topics

    run_topics(settings, topic, as_json)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def sources(settings: Settings, as_json: bool) -> None:
    """List the sources that answers cite."""
    from chatbot.showing.listing import run_sources

    run_sources(settings, as_json)


@cli.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def packs(context: click.Context, as_json: bool) -> None:
    """List the packs, and whether they are used; switch them off and on.

    `disable` and `enable` write into the configuration; --pack uses a pack all the same. Packs of your own,
    such as imported ones, are used without being named once they are in the user's data folder, or in the one
    that CHATBOT_DATA names; see: chatbot config
    """
    if context.invoked_subcommand:
        if as_json:
            raise click.UsageError("--json is for the list: chatbot packs --json")
        return
    from chatbot.cli.packs import run_packs

    run_packs(context.obj, as_json)


@packs.command("disable")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.pass_obj
def packs_disable(settings: Settings, names: tuple[str, ...]) -> None:
    """Leave packs out from now on."""
    from chatbot.cli.packs import run_switch

    run_switch(settings, names, on=False)


@packs.command("enable")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.pass_obj
def packs_enable(settings: Settings, names: tuple[str, ...]) -> None:
    """Use packs again that were left out."""
    from chatbot.cli.packs import run_switch

    run_switch(settings, names, on=True)


@cli.command("eval")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--failures",
    "most",
    type=click.IntRange(min=0),
    metavar="N",
    help="Show at most N failures; default: all.",
)
@click.option(
    "--min-right",
    type=PERCENT,
    metavar="PERCENT",
    help="Least share of the questions in scope to be answered rightly.",
)
@click.option(
    "--max-wrong",
    type=PERCENT,
    metavar="PERCENT",
    help="Greatest share of them to be answered with something else.",
)
@click.option(
    "--min-declined",
    type=PERCENT,
    metavar="PERCENT",
    help="Least share of the questions out of scope to be declined.",
)
@click.option("--skip-bad-lines", is_flag=True, help="Score the other lines; bad ones are still named.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_obj
def evaluate(
    settings: Settings, file: Path, most: int | None, min_right: float | None, max_wrong: float | None, min_declined: float | None,
    skip_bad_lines: bool, as_json: bool,
) -> None:  # fmt: skip
    """Score the labelled questions of FILE (.jsonl, .csv or .tsv).

    Rows: {"question": "...", "expected": "entry-id"}; expected may be a list of ids, any of which is right,
    or "none" where no fact may be told. CSV and TSV have a header with these columns; several ids are
    separated by spaces or ";". Exit status: 0, 1 where a limit is missed, 2 for a file with bad lines or
    another error.
    """
    from chatbot.cli.evaluate import limits_of, run_eval

    sys.exit(
        run_eval(settings, file, limits_of(min_right, max_wrong, min_declined), most, skip_bad_lines, as_json)
    )


@cli.command()
@click.option(
    "--wrong",
    type=PERCENT,
    metavar="PERCENT",
    help="Share wanted of wrong ones among the answers given, on held-out phrasings.",
)
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    metavar="N",
    help="Ask only so many phrasings and examples; quicker.",
)
@click.option(
    "--questions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Scale on people's questions, labelled as for eval.",
)
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    metavar="FILE.png",
    help="Draw the reliability; needs matplotlib.",
)
@click.option(
    "--write",
    is_flag=True,
    help="Write ranker.json into the folder that --knowledge names, to be used from then on.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_obj
def tune(
    settings: Settings,
    wrong: float | None,
    sample: int | None,
    questions: Path | None,
    plot: Path | None,
    write: bool,
    as_json: bool,
) -> None:
    """Fit confidence and thresholds to the loaded knowledge, and say what would change.

    Every phrasing of the knowledge is asked with itself left out, and again with its whole entry left out, as
    a near miss; every out-of-scope example of the intents with its whole intent left out. Nothing is changed
    without --write. Without --wrong, the threshold is where most held-out questions are treated rightly.
    """
    from chatbot.cli.tune import Options, run_tune

    run_tune(
        settings, Options(None if wrong is None else wrong / 100, sample, questions, plot, write, as_json)
    )


@cli.command()
@click.option("--clear", is_flag=True, help="Remove these files; they are made again as they are needed.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def cache(clear: bool, as_json: bool) -> None:
    """Show the files that make starts quick: the compiled encoder, vectors and the prepared knowledge.

    They are in the user's cache folder, or in the one that CHATBOT_CACHE names; CHATBOT_CACHE_MB limits their
    size.
    """
    from chatbot.cli.cache import run_cache

    run_cache(clear, as_json)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell, to be sourced by its start-up file."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "chatbot", "_CHATBOT_COMPLETE").source())


for module in (authoring, serving, mcp, indexing):
    module.add_to(cli)


def main() -> None:
    """The entry point: every expected error is one clear line on stderr and exit status 2; no traceback
    reaches a user."""
    import logging

    logging.basicConfig(level=logging.WARNING, format="chatbot: %(message)s", stream=sys.stderr)
    try:
        cli.main(prog_name="chatbot", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except ChatbotError as error:
        click.echo(str(error) if isinstance(error, KnowledgeError) else f"chatbot: {error}", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except MemoryError:
        click.echo("chatbot: out of memory; close other programs, or load fewer packs with --pack", err=True)
        sys.exit(2)
    except Exception as error:  # the last resort: a fault of ours is still one line, not a traceback
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        click.echo(
            f"chatbot: unexpected {type(error).__name__}: {error}; this is a fault of the program", err=True
        )
        sys.exit(2)


if __name__ == "__main__":
    main()
