"""Where files are: the shipped data inside the package, and the user's cache and state folders."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The shipped ``knowledge`` or ``intents`` folder: in the wheel under ``chatbot/data``, in a checkout at its top."""
    inside = PACKAGE / "data" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def data_file(name: str) -> Path:
    """A data file of the package itself, such as the list of countries."""
    return PACKAGE / "resources" / name


def cache_dir() -> Path:
    """Where vectors are cached: ``$CHATBOT_CACHE``, else the user's cache folder."""
    if override := os.environ.get("CHATBOT_CACHE"):
        return Path(override)
    import platformdirs

    return Path(platformdirs.user_cache_dir("career-chatbot", appauthor=False))


def state_dir() -> Path:
    """Where the history of the terminal is kept: ``$CHATBOT_STATE``, else the user's state folder."""
    if override := os.environ.get("CHATBOT_STATE"):
        return Path(override)
    import platformdirs

    return Path(platformdirs.user_state_dir("career-chatbot", appauthor=False))


def config_file() -> Path:
    """The configuration of the command line, whether it is there or not, in the user's configuration folder."""
    import platformdirs

    return Path(platformdirs.user_config_dir("career-chatbot", appauthor=False)) / "config.toml"
