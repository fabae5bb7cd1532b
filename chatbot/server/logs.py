"""Logs of one JSON object a line."""

from __future__ import annotations

import datetime
import json
import logging
import sys

NAME = "chatbot.server"


class JsonLines(logging.Formatter):
    """time (UTC), level and event; what ``extra={"fields": {...}}`` holds; the traceback, in one line, of an
    unexpected error.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        time = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        told = {
            "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
        }
        told |= {"event": record.getMessage()} | getattr(record, "fields", {})
        if record.name != NAME:
            told["logger"] = record.name
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True, default=str)


def set_up() -> None:
    """Log everything of this process on stderr so; of the libraries only warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(NAME).setLevel(logging.INFO)
