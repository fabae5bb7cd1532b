"""The chat page: a few files that come with the package; nothing else is ever read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response

FOLDER = Path(__file__).resolve().parent / "page"
INDEX = "index.html"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of the page, in memory."""

    content: bytes
    media_type: str
    etag: str

    def response(self, request: Request) -> Response:
        """The file, or 304 for a browser that has it; asked for anew each time, so that an update is seen at
        once."""
        headers = {"ETag": self.etag, "Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
        known = [
            tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")
        ]
        if self.etag in known or known == ["*"]:
            return Response(status_code=304, headers=headers)
        return Response(self.content, headers=headers | {"Content-Type": self.media_type})


def page_files() -> dict[str, PageFile]:
    """The files by name."""
    found = {}
    for file in sorted(FOLDER.iterdir()) if FOLDER.is_dir() else []:
        if file.suffix in TYPES and file.is_file():
            content = file.read_bytes()
            found[file.name] = PageFile(
                content, TYPES[file.suffix], f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            )
    return found
