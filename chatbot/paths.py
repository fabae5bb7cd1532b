"""Where files are: the shipped data inside the package, and the user's cache, state and data folders."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PACK = "pack.yaml"
SHIPPED_NAME = "shipped"
"""Names the folder that comes with the program, in the configuration and after ``--knowledge`` and
``--intents``."""


def shipped(name: str) -> Path:
    """The shipped ``knowledge`` or ``intents`` folder: in the wheel under ``chatbot/data``, in a checkout at
    its top."""
    inside = PACKAGE / "data" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def background_folder() -> Path:
    """The shipped questions that nothing here answers; they are loaded beside any folder of intents."""
    return shipped("intents") / "background"


def with_background(intents: tuple[Path, ...], wanted: bool) -> tuple[Path, ...]:
    """Folders of intents, and behind them the shipped background where it is wanted."""
    return (*intents, background_folder()) if wanted else intents


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


def data_dir() -> Path:
    """Where packs are put that a program makes for the user: ``$CHATBOT_DATA``, else the user's data folder."""
    if override := os.environ.get("CHATBOT_DATA"):
        return Path(override)
    import platformdirs

    return Path(platformdirs.user_data_dir("career-chatbot", appauthor=False))


def pack_files(folder: Path) -> list[Path]:
    """The pack.yaml of each pack in a knowledge folder, sorted; hidden folders are none."""
    return sorted(
        place / PACK
        for place in folder.glob("*")
        if not place.name.startswith(".") and _is_there(place / PACK)
    )


def _is_there(file: Path) -> bool:
    """Whether there is a file, or nobody can say: the reader then tells why."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def config_file() -> Path:
    """The configuration of the command line, whether it is there or not, in the user's configuration folder."""
    import platformdirs

    return Path(platformdirs.user_config_dir("career-chatbot", appauthor=False)) / "config.toml"
