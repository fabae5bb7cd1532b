"""`chatbot index`: knowledge in a PostgreSQL database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from chatbot.live.settings import Settings

_DSN = click.option(
    "--dsn",
    envvar="CHATBOT_INDEX",
    required=True,
    metavar="DSN",
    help="The database: postgresql://user@host:5432/name; or in the environment as CHATBOT_INDEX, where no list of processes shows it.",
)
_TENANT = click.option(
    "--tenant",
    metavar="NAME",
    help="Which knowledge base; default: the DSN's parameter 'tenant', else 'default'.",
)


@click.group("index")
def index() -> None:
    """Keep knowledge in PostgreSQL, for any number of readers: `chatbot serve --index DSN`,
    CareerBot(index=DSN).

    The server needs the extensions vector (pgvector) and pg_trgm; this program needs: pip install
    'career-chatbot[postgres]'
    """


@index.command()
@_DSN
@_TENANT
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def push(settings: Settings, dsn: str, tenant: str | None, as_json: bool) -> None:
    """Put the knowledge in use (see --knowledge, --intents and --pack) into the database, in place of what
    was there.

    Only what has changed is sent, in one transaction: readers see the old knowledge until the new one is
    there, and a push that is interrupted changes nothing.
    """
    from chatbot.cli.index import run_push

    run_push(settings, dsn, tenant, as_json)


@index.command("list")
@_DSN
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_(dsn: str, as_json: bool) -> None:
    """List the knowledge bases in the database."""
    from chatbot.cli.index import run_list

    run_list(dsn, as_json)


@index.command()
@_DSN
@click.argument("tenant")
def drop(dsn: str, tenant: str) -> None:
    """Remove the knowledge base TENANT from the database; programs that read it can no longer answer."""
    from chatbot.cli.index import run_drop

    run_drop(dsn, tenant)


def add_to(cli: click.Group) -> None:
    """Add the command to the program."""
    cli.add_command(index)
