"""``chatbot serve``: the HTTP service."""

from __future__ import annotations

import dataclasses
import functools
import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from chatbot.errors import ChatbotError
from chatbot.live.settings import Settings

if TYPE_CHECKING:
    from chatbot.bot import CareerBot
    from chatbot.encoders.vectors import Progress

Declared = TypeVar("Declared", bound=Callable[..., Any])


def _option(name: str, **named: Any) -> Callable[[Declared], Declared]:
    """An option that the environment may set, too."""
    return click.option(
        name, envvar=f"CHATBOT_SERVE_{name[2:].replace('-', '_').upper()}", show_envvar=True, **named
    )


@click.command()
@_option("--host", default="127.0.0.1", show_default=True, help="The name or address to listen at.")
@_option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port; 0 takes a free one, which the log tells.",
)
@_option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="So many processes.",
)
@click.option(
    "--index",
    envvar="CHATBOT_INDEX",
    show_envvar=True,
    metavar="DSN",
    help="Take the knowledge from this PostgreSQL database.",
)
@_option(
    "--conversations",
    default="memory",
    show_default=True,
    metavar="WHERE",
    help="Where they are kept: memory, off, or postgresql://...",
)
@_option(
    "--conversation-cap",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    metavar="N",
    help="Keep so many, those used last.",
)
@_option(
    "--conversation-seconds", type=click.IntRange(1), default=3600, show_default=True, metavar="S",
    help="Forget a conversation so long after its last use.",
)  # fmt: skip
@_option(
    "--rate",
    type=click.FloatRange(0),
    default=20,
    show_default=True,
    metavar="N",
    help="Requests a second of one client; 0: any.",
)
@_option(
    "--burst",
    type=click.IntRange(1),
    default=40,
    show_default=True,
    metavar="N",
    help="Requests of one client at once.",
)
@_option(
    "--body-bytes",
    type=click.IntRange(64),
    default=16_384,
    show_default=True,
    metavar="N",
    help="The most that a body may have.",
)
@_option(
    "--question-chars",
    type=click.IntRange(1, 2000),
    default=2000,
    show_default=True,
    metavar="N",
    help="The most that a question may have.",
)
@_option(
    "--allowed-host",
    multiple=True,
    metavar="NAME",
    help="Answer to this host name; localhost, its addresses and --host always are.",
)
@_option(
    "--cors-origin",
    multiple=True,
    metavar="ORIGIN",
    help="Let pages of this origin call the API, such as https://example.org.",
)
@_option(
    "--proxy",
    multiple=True,
    metavar="ADDRESS",
    help="Believe X-Forwarded-For and -Proto of this address or network.",
)
@_option("--log-questions", is_flag=True, help="Write what is asked into the log.")
@click.pass_obj
def serve(settings: Settings, /, **given: Any) -> None:
    """Answer over HTTP, with a chat page at /. Ctrl-C, or SIGTERM, ends it.

    There is no authentication and no TLS: on any other address than the loopback, put a proxy that gives
    these before it. Logs are JSON lines on stderr. Exit status: 0 after a signal, 2 for an error.
    """
    _check(given["workers"], given["conversations"])
    from chatbot.server.run import Address, Task
    from chatbot.server.run import serve as serve_one
    from chatbot.server.settings import LOCAL, ServiceSettings
    from chatbot.server.workers import serve_many

    host = given["host"]
    named = (f"[{host}]" if ":" in host else host, *given["allowed_host"])
    same = (
        "conversations",
        "conversation_cap",
        "conversation_seconds",
        "rate",
        "burst",
        "body_bytes",
        "question_chars",
        "log_questions",
    )
    service = ServiceSettings(
        cors=given["cors_origin"],
        hosts=tuple(dict.fromkeys((*LOCAL, *named))),
        **{name: given[name] for name in same},
    )
    address = Address(host, given["port"], given["proxy"])
    task = Task(
        functools.partial(_make, dataclasses.replace(settings, index=given["index"] or settings.index)),
        service,
        address,
    )
    if given["workers"] == 1:
        serve_one(task)
    else:
        serve_many(task, given["workers"])


def _make(settings: Settings, progress: Progress) -> CareerBot:
    """In the thread, or the process, that needs the bot."""
    import gc
    import sys

    bot = settings.bot(progress)
    gc.collect()
    gc.freeze()  # what lives as long as the process is not looked through again and again
    sys.setswitchinterval(0.001)  # seconds; so soon a thread that answers lets the event loop have a look
    return bot


def _check(workers: int, conversations: str) -> None:
    """Raise ``ChatbotError`` for what can be known to fail before anything is loaded."""
    extra: dict[str, tuple[str, ...]] = {"server": ("fastapi", "prometheus_client", "uvicorn")}
    if conversations not in {"memory", "off"}:
        extra["postgres"] = ("psycopg", "psycopg_pool")
    missing = [name for names in extra.values() for name in names if importlib.util.find_spec(name) is None]
    if missing:
        raise ChatbotError(
            f"chatbot serve needs {', '.join(missing)}; run: pip install 'career-chatbot[{','.join(extra)}]'"
        )
    if workers > 1 and conversations == "memory":
        raise ChatbotError(
            "conversations in memory belong to one process: with --workers, give --conversations a database (postgresql://...), or off"
        )


def add_to(cli: click.Group) -> None:
    """Add the command to the program."""
    cli.add_command(serve)
