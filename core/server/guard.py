"""Middleware that adds security headers to every answer: what a browser must not allow."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:(\d{1,5}|\*))?|https?:|\*")


def frame_ancestors(setting: str) -> tuple[str, ...]:
    """The sites that may show this one in a frame, from a setting such as "https://school.example https://*.edu".

    This site itself always may. ValueError unless each word is an origin, perhaps with a `*`.
    """
    words = setting.lower().split()
    for word in words:
        if not ORIGIN.fullmatch(word):
            raise ValueError(f"LOSSARIUM_FRAME_ANCESTORS must be origins such as https://school.example, got {word!r}")
    return ("'self'", *words)


def page_policy(scripts: Sequence[str], ancestors: Sequence[str]) -> str:
    """The content security policy of the page: this server alone, and as little as Streamlit can live with.

    `scripts` are the hashes of the scripts that stand in the page, `ancestors` the sites that may frame it.

    blob: scripts because Streamlit starts a component from one; inline styles because its styled components and Plotly
    write them; wasm because its protocol library adds 64-bit numbers with it; data: and blob: images because Plotly
    draws a saved picture through one.
    """
    rules: Mapping[str, str] = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *scripts]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(ancestors),
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


class Guard:
    """Adds the headers. An answer that brings its own content security policy keeps it."""

    def __init__(self, app: ASGIApp, *, scripts: Sequence[str], ancestors: Sequence[str]) -> None:
        self.app = app
        self.page = page_policy(scripts, ancestors)
        self.other = "default-src 'none'; frame-ancestors 'none'"
        self.common = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        if tuple(ancestors) == ("'self'",):  # the older header can say this and no more
            self.common["X-Frame-Options"] = "SAMEORIGIN"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                html = headers.get("content-type", "").startswith("text/html") or message["status"] == 304
                headers.setdefault("Content-Security-Policy", self.page if html else self.other)
                for name, value in self.common.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)
