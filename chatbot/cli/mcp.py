"""`chatbot mcp`: tools for assistants."""

from __future__ import annotations

import os
import signal
import sys

import click

from chatbot.errors import ChatbotError
from chatbot.live.settings import Settings


def add_to(cli: click.Group) -> None:
    """Add the command to the program."""
    cli.add_command(mcp)


@click.command()
@click.pass_obj
def mcp(settings: Settings) -> None:
    """Serve assistants by the Model Context Protocol, on stdin and stdout.

    The tools are ask, topics and sources. The assistant starts this command by itself: its configuration
    names the command "chatbot" with the arguments ["mcp"], options such as --knowledge before "mcp". It needs
    more packages:

    \b
    pip install 'career-chatbot[mcp]'
    """
    try:
        from chatbot.mcp.serving import run
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types", "anyio"}:
            raise
        raise ChatbotError(
            "the command mcp needs the package mcp, 2 or newer, which is not installed; run: pip install 'career-chatbot[mcp]'"
        ) from None
    # else a thread that reads stdin would hold the program until a line comes
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    status = run(settings)
    sys.stderr.flush()
    # a thread that still loads would be cut off in onnxruntime, which aborts a program that ends in the usual
    # way
    os._exit(status)
