"""Middleware that answers for Streamlit's bundle: each file compressed once, when it is first asked for, and kept.

Streamlit leaves its bundle out of its own GZipMiddleware, because that compresses each file again for each visitor.
Measured for the 84 scripts of a first load (2.44 MB), processor time for each visitor and bytes that travel:

    as Streamlit sends them           40 ms   2.44 MB
    Starlette's GZipMiddleware        97 ms   0.60 MB   one ETag for both encodings, a 304 without Vary
    here, after the first visitor     10 ms   0.54 MB   Brotli; the browser need not ask again

brotli-asgi and starlette-compress also compress for each visitor. servestatic serves files that were compressed before,
but beside the installed ones. Each would be a new dependency; Brotli comes with pyarrow, which Streamlit needs anyway.
"""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.kept import Store
from core.server.document import Document
from core.stage.answer import (
    IDENTITY,
    IMMUTABLE,
    REVALIDATED,
    accepted_encoding,
    compress,
    content_headers,
    digest,
    not_modified,
)
from core.stage.payloads import Payloads
from core.stage.turns import Busy

KEPT_BYTES = 16 * 2**20  # all of the bundle in one encoding is 6 MB
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
SMALLEST = 500  # bytes; less is not worth a header


class Bundle:
    """Answers for the bundle's text files and for the page itself; the rest is Streamlit's.

    `static` is the folder of the bundle, `page` what stands in for Streamlit's page.
    """

    def __init__(self, app: ASGIApp, *, static: Path, page: Document) -> None:
        self.app = app
        self.page = page
        self.payloads = Payloads(Store(KEPT_BYTES))
        found = {
            f"/{path.relative_to(static).as_posix()}": path for path in (static / "static").rglob("*") if path.is_file()
        }
        self.names = set(found)
        # Only names that are in this list are ever looked up on disk.
        self.files = {
            name: path for name, path in found.items() if path.suffix in TYPES and path.stat().st_size >= SMALLEST
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = await self.file(scope["path"], headers)
        if answer is not None:
            await answer(scope, receive, send)
        elif scope["path"].startswith("/static/") and scope["path"] not in self.names:
            # Streamlit would send its page: a script of another version must not come back as a page.
            missing = PlainTextResponse("404: no such file", 404, headers={"Cache-Control": "no-store"})
            await missing(scope, receive, send)
        elif scope["path"] in self.files:
            await self.app(scope, receive, with_vary(send))
        else:
            await self.app(scope, receive, PageReplacer(self.page, headers, scope, receive, send))

    async def file(self, path: str, headers: Headers) -> Response | None:
        """The bundle's file at this path, in an encoding that the request's headers accept.

        None where Streamlit is to answer: another path, no encoding, a part of a file, or too much to do.
        """
        used = accepted_encoding(headers)
        if path not in self.files or used == IDENTITY or "range" in headers:
            return None
        # The bundle's names change with their content.
        answer = content_headers(used, digest(path.encode()), IMMUTABLE)
        if same := not_modified(headers, answer):
            return same
        found = self.files[path]
        try:
            body = await self.payloads.get(f"{used} {path}", lambda: compress(found.read_bytes(), used))
        except Busy:
            return None
        return Response(body, media_type=TYPES[found.suffix], headers=answer)


def with_vary(send: Send) -> Send:
    """`send` with a Vary header: for a file that other clients get compressed."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(raw=message["headers"])["Vary"] = "Accept-Encoding"
        await send(message)

    return sending


class PageReplacer:
    """A `send` that passes Streamlit's answer on, and puts `page` in the place of its page."""

    def __init__(self, page: Document, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        self.page, self.headers, self.scope, self.receive, self.send = page, headers, scope, receive, send
        self.replaced = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and is_page(message):
            self.replaced = True
            used = accepted_encoding(self.headers)
            answer = content_headers(used, self.page.tag, REVALIDATED)
            page = Response(self.page.bodies[used], media_type="text/html; charset=utf-8", headers=answer)
            await (not_modified(self.headers, answer) or page)(self.scope, self.receive, self.send)
        elif not self.replaced:
            await self.send(message)


def is_page(message: Message) -> bool:
    """Whether an answer that starts with this message is Streamlit's page, not a download or an error."""
    headers = Headers(raw=message["headers"])
    html = headers.get("content-type", "").startswith("text/html")
    return html and message["status"] == 200 and "content-disposition" not in headers
