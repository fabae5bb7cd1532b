"""Make the pictures of docs/page.md from the service itself: python scripts/page_pictures.py [--url URL]

docs/images/page-desktop-light.png and -dark.png, page-phone-light.png and -dark.png: a real conversation, in
Chromium. Without ``--url`` the service is started here, on a free port. Needs the extras [dev] and [server],
and a Chromium: ``chromium`` on the path, or $CHROMIUM.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
LIMIT = 200_000
"""Bytes of a picture, at most: they are part of the repository."""
ASKED = ("what do nurses earn in texas", "and in california?", "nurse pay outlook", "engineer pay")
DESKTOP, PHONE = {"width": 960, "height": 980}, {"width": 390, "height": 844}
PICTURES = (
    ("page-desktop-light", DESKTOP, 1.5, 0),
    ("page-desktop-dark", DESKTOP, 1.5, 2),
    ("page-phone-light", PHONE, 2, 0),
    ("page-phone-dark", PHONE, 2, 3),
)
"""Name, viewport, pixels for one of CSS, and the turn that is at the top (the first one with the head of the
page)."""


@contextmanager
def service() -> Iterator[str]:
    """The address of a service that runs as long as the block."""
    command = [sys.executable, "-m", "chatbot", "serve", "--port", "0", "--rate", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        url = ""
        for line in process.stderr:
            event = json.loads(line) if line.startswith("{") else {}
            url = event.get("url", url)
            if event.get("event") == "ready":
                break
        else:
            sys.exit("the service did not start; to see why: chatbot serve")
        yield url
        process.terminate()


def converse(page: Page, url: str) -> None:
    page.goto(url)
    for number, question in enumerate(ASKED):
        page.get_by_label("Your question").fill(question)
        page.keyboard.press("Enter")
        page.locator(".reply .text").nth(number).wait_for()


def main() -> None:
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not program:
        sys.exit("no Chromium found: install one, or name one with CHROMIUM=/path/to/it")
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", help="a service that runs already")
    given = parser.parse_args().url
    with nullcontext(given) if given else service() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--headless=new", "--no-sandbox", "--disable-gpu"]
        )
        for name, viewport, scale, turn in PICTURES:
            scheme = "dark" if name.endswith("dark") else "light"
            context = browser.new_context(
                viewport=viewport, device_scale_factor=scale, color_scheme=scheme, reduced_motion="reduce"
            )
            page = context.new_page()
            converse(page, url)
            if viewport is DESKTOP:
                page.get_by_text("Section and note").first.press("Enter")
            page.get_by_label("Your question").focus()
            page.locator(".asked").nth(turn).evaluate(
                "one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 24)"
            )
            if turn == 0:
                page.evaluate("scrollTo(0, 0)")
            file = IMAGES / f"{name}.png"
            page.screenshot(path=file)
            context.close()
            print(f"{file.name}: {file.stat().st_size:,} bytes")
            assert file.stat().st_size < LIMIT
        browser.close()


if __name__ == "__main__":
    main()
