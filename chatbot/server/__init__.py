"""The HTTP service: ``create_app(bot, settings)`` makes an ASGI app of a bot. Needs the extra ``server``;
importing this package does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatbot.server.app import create_app
    from chatbot.server.settings import ServiceSettings

__all__ = ["ServiceSettings", "create_app"]


def __getattr__(name: str) -> Any:
    if name == "create_app":
        from chatbot.server.app import create_app

        return create_app
    if name == "ServiceSettings":
        from chatbot.server.settings import ServiceSettings

        return ServiceSettings
    raise AttributeError(f"module 'chatbot.server' has no attribute {name!r}")
