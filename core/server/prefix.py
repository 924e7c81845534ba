"""Middleware for a site that stands under a path of its host: it takes that path off what comes in."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Prefix:
    """Hands on each request without the prefix, and puts it before where an answer redirects to.

    A request without the prefix is handed on as it is: some proxies take it off themselves, and whoever asks the
    process itself whether it is ready need not know it. The prefix in what the site sends: `core.stage.prefix`.
    """

    def __init__(self, app: ASGIApp, *, prefix: str) -> None:
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if self.prefix and path == self.prefix and scope["type"] == "http":
            # A page asks for its files one step below where it stands.
            query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
            await RedirectResponse(f"{self.prefix}/{query}")(scope, receive, send)
        elif self.prefix and path.startswith(f"{self.prefix}/"):
            raw = scope.get("raw_path") or path.encode()
            rest = {"path": path.removeprefix(self.prefix), "raw_path": raw.removeprefix(self.prefix.encode())}
            await self.app({**scope, **rest}, receive, self.with_prefix(send))
        else:
            await self.app(scope, receive, send)

    def with_prefix(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                if headers.get("location", "").startswith("/"):
                    headers["location"] = self.prefix + headers["location"]
            await send(message)

        return sending
