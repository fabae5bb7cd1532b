"""Writing to stdout so that a reader who has gone away (``chatbot ask ... | head -0``) is no error."""

from __future__ import annotations

import os
import sys


def emit(text: str) -> None:
    """Print and flush; where nobody reads any more, end quietly with status 0."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # what Python still holds goes nowhere, without complaint
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
