"""Streamlit's bundle, compressed: each file once, when it is first asked for, and kept up to a number of bytes.

Streamlit sends its bundle as it is, because compressing it for every visitor costs more than it saves. Kept, it saves
three quarters of the bytes for nothing.
"""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.server.document import Document
from core.stage.answer import BRIEFLY, FOREVER, IDENTITY, compress, digest, encoding, known, labels
from core.stage.payloads import Busy, Payloads

KEPT_BYTES = 16 * 2**20  # all of the bundle in one encoding is 6 MB
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
SMALLEST = 500  # bytes; less is not worth a header


class Bundle:
    """Middleware that answers for the bundle's text files and for the page itself; the rest is Streamlit's.

    `static` is the folder of the bundle, `root` what the addresses of the site begin with.
    """

    def __init__(self, app: ASGIApp, *, static: Path, page: Document, root: str = "/") -> None:
        self.app = app
        self.page = page
        self.payloads = Payloads(KEPT_BYTES)
        # Only names that are in this list are ever looked up on disk.
        self.files = {
            root + path.relative_to(static).as_posix(): path
            for path in (static / "static").rglob("*")
            if path.suffix in TYPES and path.stat().st_size >= SMALLEST
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = await self.file(scope["path"], headers)
        if answer is not None:
            await answer(scope, receive, send)
        elif scope["path"] in self.files:
            await self.app(scope, receive, varying(send))
        else:
            await self.app(scope, receive, Replacing(self.page, headers, scope, receive, send))

    async def file(self, path: str, headers: Headers) -> Response | None:
        used = encoding(headers)
        if path not in self.files or used == IDENTITY or "range" in headers:
            return None
        # The bundle's names change with their content.
        answer = labels(used, digest(path.encode()), FOREVER)
        if same := known(headers, answer):
            return same
        found = self.files[path]
        try:
            body = await self.payloads.get(f"{used} {path}", lambda: compress(found.read_bytes(), used))
        except Busy:
            return None
        return Response(body, media_type=TYPES[found.suffix], headers=answer)


def varying(send: Send) -> Send:
    """Sends on what Streamlit sends of a file that others get compressed."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(raw=message["headers"])["Vary"] = "Accept-Encoding"
        await send(message)

    return sending


class Replacing:
    """Sends on what Streamlit sends, except its page, for which the site's own stands in."""

    def __init__(self, page: Document, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        self.page, self.headers, self.scope, self.receive, self.send = page, headers, scope, receive, send
        self.replaced = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and is_page(message):
            self.replaced = True
            used = encoding(self.headers)
            answer = labels(used, self.page.tag, BRIEFLY)
            page = Response(self.page.bodies[used], media_type="text/html; charset=utf-8", headers=answer)
            await (known(self.headers, answer) or page)(self.scope, self.receive, self.send)
        elif not self.replaced:
            await self.send(message)


def is_page(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    html = headers.get("content-type", "").startswith("text/html")
    return html and message["status"] == 200 and "content-disposition" not in headers
