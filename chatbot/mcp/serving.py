"""The protocol over stdio: tools are listed and called while the bot loads behind them. Nothing but the
protocol goes to stdout."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from chatbot import __version__
from chatbot.errors import ChatbotError, KnowledgeError
from chatbot.live.background import Loading
from chatbot.live.feedback import Feedback
from chatbot.live.packs import listed
from chatbot.live.reloading import Reloader
from chatbot.live.watching import Watcher
from chatbot.mcp.contract import INSTRUCTIONS, TOOLS, arguments_of, input_schema, one_line, output_schema
from chatbot.mcp.streams import Replies, Requests, UnderWay
from chatbot.mcp.tools import Tools
from chatbot.showing.progress import Bar

if TYPE_CHECKING:
    from chatbot.conversation import Conversation
    from chatbot.live.settings import Settings
    from chatbot.reply import Reply

PATIENCE = 45.0
"""Seconds that a call waits for a bot that is still loading; many clients give up after 60."""
STEP = 0.05
ONLY_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)

Context = ServerRequestContext[Any, Any]


class Service:
    """The tools of one connection. ``about``: what is known, in words; ``said`` gets each reply."""

    def __init__(
        self, loading: Loading, about: str, said: Callable[[Conversation, Reply], None] | None = None
    ) -> None:
        self._loading = loading
        self._about = about
        self._said = said
        self._tools: Tools | None = None

    def server(self) -> Server[Any]:
        """The protocol's server with these tools."""
        return Server(
            "career-chatbot", title="Career chatbot", version=__version__, instructions=self._filled(INSTRUCTIONS),
            on_list_tools=self._list, on_call_tool=self._call,
        )  # fmt: skip

    def _filled(self, text: str) -> str:
        return text.replace("{about}", self._about)

    async def _list(self, context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(
            tools=[
                Tool(
                    name=tool.name, title=tool.title, description=self._filled(tool.description), annotations=ONLY_READS,
                    input_schema=input_schema(tool), output_schema=output_schema(tool),
                )
                for tool in TOOLS.values()
            ]
        )  # fmt: skip

    async def _call(self, context: Context, params: CallToolRequestParams) -> CallToolResult:
        """Arguments that can't be used are an error of the protocol; what can't be done is a result that says
        so, for the assistant."""
        if params.name not in TOOLS:
            raise MCPError(
                INVALID_PARAMS, f"there is no tool {one_line(params.name)!r}; there is: {', '.join(TOOLS)}"
            )
        try:
            arguments = arguments_of(TOOLS[params.name], params.arguments or {})
        except ChatbotError as error:
            raise MCPError(INVALID_PARAMS, str(error)) from None
        try:
            tools = await self._ready()
            given = await anyio.to_thread.run_sync(partial(tools.call, arguments))
        except ChatbotError as error:
            return CallToolResult(content=[_text(one_line(str(error)))], is_error=True)
        except Exception as error:  # a fault of ours is one line, too
            logging.getLogger(__name__).debug("unexpected", exc_info=True)
            raise MCPError(
                INTERNAL_ERROR, f"unexpected {type(error).__name__}; this is a fault of the program"
            ) from None
        return CallToolResult(content=[_text(given.text)], structured_content=given.data)

    async def _ready(self) -> Tools:
        """The tools, once the bot is loaded; raises ``ChatbotError`` where it can't be, or takes too long."""
        until = time.monotonic() + PATIENCE
        while not self._loading.ready:
            if time.monotonic() > until:
                raise ChatbotError(
                    f"the knowledge is still being prepared{_far(self._loading)}; that is done once: ask again in a minute"
                )
            await anyio.sleep(STEP)
        if self._tools is None:
            self._tools = Tools(self._loading.bot(), self._said)
        return self._tools


def _far(loading: Loading) -> str:
    done, total = loading.progress
    return f" ({100 * done // total}% done)" if total > done else ""


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)


def run(settings: Settings) -> int:
    """Serve until the end of stdin; the exit status: 0, or 2 where the bot could not be made."""
    about = _about(settings)
    reloader = Reloader(settings)
    loading = Loading(settings, reloader.look if settings.watch else None)
    said = Feedback(True).said if settings.log_unanswered else None
    if sys.stdin.isatty():
        _say(
            "chatbot: this speaks the Model Context Protocol with an assistant, which starts it by itself; Ctrl-D ends it"
        )
    with Watcher(reloader, loading, _say) if settings.watch else nullcontext():
        try:
            anyio.run(_serve, Service(loading, about, said), loading)
        except* BrokenPipeError:
            pass  # the client is gone, which is an end like any other
    return 2 if loading.ready and loading.made is None else 0


async def _serve(service: Service, loading: Loading) -> None:
    server, under_way = service.server(), UnderWay()
    async with anyio.create_task_group() as group:
        group.start_soon(_tell, loading)
        async with stdio_server() as (incoming, outgoing):
            await server.run(
                Requests(incoming, under_way),
                Replies(outgoing, under_way),
                server.create_initialization_options(),
            )
        if not loading.ready:
            group.cancel_scope.cancel()  # what there is to tell is told otherwise


async def _tell(loading: Loading) -> None:
    """Say on stderr that a first start takes its time, and why a bot can't be made."""
    with suppress(OSError), Bar() as bar:  # an error: nobody reads it
        while not loading.ready:
            if (progress := loading.progress)[1]:
                bar(*progress)
            await anyio.sleep(STEP)
    if loading.made is None:
        try:
            loading.bot()
        except ChatbotError as error:
            _say(str(error) if isinstance(error, KnowledgeError) else f"chatbot: {error}")


def _about(settings: Settings) -> str:
    """What the packs are about, without loading them; raises ``ChatbotError`` for a folder or a pack that is
    not there."""
    if settings.index:
        return "what its index holds, which `topics` lists"
    settings.loaded()
    packs = listed(settings)
    if unknown := sorted({*settings.packs} - {pack.name for pack in packs}):
        raise ChatbotError(
            f"no pack named {', '.join(unknown)}; there is: {', '.join(sorted(pack.name for pack in packs)) or 'none'}"
        )
    return "; ".join(one_line(pack.about or pack.title) for pack in packs if pack.enabled)


def _say(text: str) -> None:
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)
