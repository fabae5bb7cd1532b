"""``chatbot schema``: where the JSON Schemas of knowledge files are, for editors."""

from __future__ import annotations

import click

from chatbot.knowledge.jsonschema import KINDS, schema_file
from chatbot.showing.output import emit


def run_schema(name: str | None) -> None:
    """Print the file of each schema, or the text of one."""
    if name:
        emit(schema_file(name).read_text(encoding="utf-8").rstrip("\n"))
        return
    emit("\n".join(f"{kind:<9} {schema_file(kind)}" for kind in KINDS))
    click.echo(
        "An editor finds it by the first line of a file: # yaml-language-server: $schema=PATH", err=True
    )
