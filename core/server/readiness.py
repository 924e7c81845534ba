"""Whether visitors should be sent to this process: what a balancer asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.stage.payloads import Busy

READY = "/ready"
PATIENCE = 2.0  # seconds for a view to answer in


class Readiness:
    """Answers at /ready: 200 when views answer, else 503 and why not.

    `view` returns when a view has answered. The server sets `started` when its first pictures are made, and `leaving`
    when a signal has asked it to end.
    """

    def __init__(self, view: Callable[[], Awaitable[object]]) -> None:
        self.view = view
        self.started = False
        self.leaving = False

    async def trouble(self) -> str:
        """Why nobody should be sent here; "" if all is well."""
        if self.leaving:
            return "the server is about to end"
        if not self.started:
            return "the server is starting"
        try:
            await asyncio.wait_for(self.view(), PATIENCE)
        except (TimeoutError, Busy):
            return f"a view did not answer within {PATIENCE:g} s"
        return ""

    async def answer(self, _: Request) -> Response:
        trouble = await self.trouble()
        text, status = (f"503: {trouble}", 503) if trouble else ("ready", 200)
        return PlainTextResponse(text, status, headers={"Cache-Control": "no-store"})

    def route(self) -> Route:
        return Route(READY, self.answer)
