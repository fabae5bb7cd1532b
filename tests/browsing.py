"""A real Chromium and a running service, for the tests of the chat page."""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

    from chatbot import CareerBot

NURSES = "what do nurses earn in texas"
MESSAGES = "**/v1/conversations/*/messages"
Visit = Callable[..., "Page"]
NONE = "no Chromium found: install one (apt-get install chromium), or name one with CHROMIUM=/path/to/it"
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WATCH = """addEventListener("securitypolicyviolation", (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""


def chromium() -> str | None:
    """The browser to test with, if there is one."""
    named = os.environ.get("CHROMIUM")
    return (
        shutil.which(named)
        if named
        else next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    )


class Service:
    """The service on a free port of this machine, in a thread; it can be stopped, and started again on the
    same port."""

    def __init__(self, bot: CareerBot, rate: float = 0, below: str = "", **settings: Any) -> None:
        """Without a limit of requests, as all tests come from one address. ``below``: a path of another app
        that it is mounted at."""
        from chatbot.server import ServiceSettings

        self.bot, self.below, self.settings, self.port = bot, below, ServiceSettings(rate=rate, **settings), 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it takes requests; conversations of before are gone."""
        import uvicorn
        from starlette.applications import Starlette
        from starlette.routing import Mount

        from chatbot.server import create_app

        app = create_app(self.bot, self.settings)
        if self.below:
            app = Starlette(routes=[Mount(self.below, app)])
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=2))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listening]}, daemon=True)
        self.thread.start()
        until = time.monotonic() + 30
        while not self.server.started:
            assert self.thread.is_alive() and time.monotonic() < until, "the service did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """Returns when it is gone."""
        self.server.should_exit = True
        self.thread.join(30)
        assert not self.thread.is_alive(), "the service did not stop"


@pytest.fixture(scope="module")
def service(bot: CareerBot) -> Iterator[Service]:
    """The service with the shipped knowledge."""
    running = Service(bot)
    yield running
    running.stop()


@pytest.fixture
def own_service(bot: CareerBot) -> Iterator[Callable[..., Service]]:
    """Start one with other settings, or to be stopped by the test."""
    made = []

    def call(**settings: Any) -> Service:
        made.append(Service(bot, **settings))
        return made[-1]

    yield call
    for running in made:
        running.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests of a module: while Playwright runs, its event loop keeps other tests from
    starting one."""
    from playwright.sync_api import sync_playwright

    program = chromium()
    if program is None:
        pytest.skip(NONE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("profile")))
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            yield started
            started.close()


@pytest.fixture
def visit(browser: Browser, service: Service) -> Iterator[Callable[..., Page]]:
    """Open the page as a new visitor. At the end: no script failed, the policy was kept, and nothing was
    asked of another origin."""
    contexts, heard, asked = [], [], []

    def call(of: Service = service, at: str = "/", **options: Any) -> Page:
        context = browser.new_context(
            **(
                {"base_url": of.url, "viewport": {"width": 1024, "height": 800}, "reduced_motion": "reduce"}
                | options
            )
        )
        context.set_default_timeout(10_000)
        context.add_init_script(WATCH)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(f"failed: {error}"))
        page.on("request", lambda request: asked.append((of.url, request.url)))
        page.goto(at)
        return page

    yield call
    for context in contexts:
        context.close()
    assert [
        text for text in heard if text.startswith(("CSP:", "failed:")) or "Content Security Policy" in text
    ] == []
    assert [url for origin, url in asked if not url.startswith(f"{origin}/")] == []
    assert asked


def ask(page: Page, question: str) -> None:
    """Type a question, send it, and wait for the reply."""
    said = page.locator(".reply .text").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.locator(".reply .text").nth(said).wait_for()


def fulfil(status: int, body: str = "{}", **headers: str) -> Callable[[Route], None]:
    """What answers a request in place of the service."""

    def call(route: Route) -> None:
        route.fulfill(status=status, body=body, headers={"Content-Type": "application/json"} | headers)

    return call


def reply(**changed: object) -> dict[str, object]:
    """A reply of our own."""
    why = {"rule": "r", "matched": None, "label": None, "runner_up": None, "read_as": None, "corrections": []}
    plain = {
        "kind": "answer",
        "text": "t",
        "citations": [],
        "suggestions": [],
        "chart": None,
        "confidence": 0.5,
        "why": why,
    }
    return plain | changed


def stubbed(page: Page, **changed: object) -> None:
    """Answer every message with a reply of our own."""
    page.route(MESSAGES, fulfil(200, json.dumps(reply(**changed))))


def citation(**changed: str | None) -> dict[str, str | None]:
    return {"source_id": "s", "title": "A title", "publisher": None, "author": None, "published": "undated",
            "section": "A section", "url": None, "note": None, "origin": None} | changed  # fmt: skip


def hold(page: Page, url: str, **options: Any) -> list[Route]:
    """Keep requests waiting; the list fills as they come."""
    held: list[Route] = []

    def call(route: Route) -> None:
        held.append(route)

    page.route(url, call, **options)
    return held
