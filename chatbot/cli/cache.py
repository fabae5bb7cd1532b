"""``chatbot cache``: what is kept so that starts are quick."""

from __future__ import annotations

import json
from datetime import datetime

from chatbot.cachefile import KINDS, files, limit
from chatbot.errors import ChatbotError
from chatbot.paths import cache_dir
from chatbot.showing.output import emit

MEGABYTE = 1_000_000


def run_cache(clear: bool, as_json: bool) -> None:
    """Print the files, or remove them; raises ``ChatbotError`` where they can't be removed."""
    folder, most = cache_dir(), limit()
    found = [(file, file.stat()) for file in files(folder)]
    total = sum(stat.st_size for _, stat in found)
    if clear:
        for file, _ in found:
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise ChatbotError(f"{file}: can't be removed ({error.strerror})") from None
    rows = [
        {
            "file": file.name,
            "kind": KINDS[file.name.split("-")[0]] if file.suffix != ".tmp" else "half written",
            "bytes": stat.st_size,
            "used": datetime.fromtimestamp(stat.st_mtime).isoformat(" ", "minutes"),
        }
        for file, stat in reversed(found)
    ]
    if as_json:
        emit(
            json.dumps(
                {"folder": str(folder), "limit_bytes": most, "cleared": clear, "files": rows},
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    lines = [
        f"{stat.st_size / MEGABYTE:8.1f} MB  {row['used']}  {row['kind']}: {row['file']}"
        for (_, stat), row in zip(reversed(found), rows, strict=True)
    ]
    told = f"{total / MEGABYTE:8.1f} MB in {len(rows)} files"
    if clear:
        emit(f"{folder}: {told.strip()} removed; the next start prepares all anew")
    else:
        emit(
            "\n".join(
                [
                    str(folder),
                    *lines,
                    f"{told}, at most {most / MEGABYTE:,.0f} MB" if rows else "  nothing is kept here",
                ]
            )
        )
