"""The server's last seconds: it says that it is leaving, finishes what it has begun, and ends."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.server.readiness import Readiness
from core.stage.route import later

DRAIN = 2.0  # seconds for balancers to hear that the process is leaving, while it still takes requests
MOST_DRAIN = 3.0
FINISH = 6  # seconds for open answers after that: all in all less than the ten in which a process must have ended


class Server(uvicorn.Server):
    """Uvicorn, but from SIGTERM on it is not ready, and for `drain` seconds it still serves.

    Ctrl+C ends it without that wait: nobody else has to hear of it.
    """

    def __init__(self, config: uvicorn.Config, readiness: Readiness, drain: float) -> None:
        super().__init__(config)
        self.readiness = readiness
        self.drain = drain
        self.terminated = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.readiness.leaving = True
        self.terminated |= sig == signal.SIGTERM
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.terminated:
            await asyncio.sleep(self.drain)
        await super().shutdown(sockets)


class Unfinished:
    """Middleware: what is not answered when the server's time is over gets 503, and is to be asked again.

    Uvicorn cancels it then, which would close the connection without a word and write a traceback to the log.
    """

    def __init__(self, app: ASGIApp, readiness: Readiness) -> None:
        self.app = app
        self.readiness = readiness

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except asyncio.CancelledError:
            if begun or scope["type"] != "http" or not self.readiness.leaving:
                raise
            await later("the server ends")(scope, receive, send)


def serve(app: ASGIApp, readiness: Readiness, *, host: str, port: int, drain: float) -> None:
    """Serves until a signal ends it."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        # A long address gets the app's own answer whether it comes in one piece or in several.
        h11_max_incomplete_event_size=2**17,
        timeout_graceful_shutdown=FINISH,
        ws_per_message_deflate=False,
    )
    with suppress(KeyboardInterrupt):
        Server(config, readiness, drain).run()


def read_drain(setting: str) -> float:
    """The seconds of a setting such as "2"; DRAIN for "". ValueError unless they are from 0 to MOST_DRAIN."""
    try:
        seconds = float(setting or DRAIN)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MOST_DRAIN:
        raise ValueError(f"LOSSARIUM_DRAIN must be from 0 to {MOST_DRAIN:g} seconds, got {setting!r}")
    return seconds
