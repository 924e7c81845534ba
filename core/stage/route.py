"""What the server answers about views: payloads, saved pages and tables. Pure GETs, the same for everybody."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.stage.contract import Reel, Stage
from core.stage.encode import payload
from core.stage.files import stage_files, version
from core.stage.payloads import Payloads
from core.stage.standalone import page
from core.stage.table import csv

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
BRIEFLY = {"Cache-Control": "no-cache"}
KEPT_BYTES = 48 * 2**20
SAVERS = {"html": ("text/html", page), "csv": ("text/csv", csv)}


class View(Protocol):
    """What a route needs of a view (core.views has them)."""

    @property
    def key(self) -> str: ...
    @property
    def defaults(self) -> dict[str, Any]: ...
    @property
    def reels(self) -> Callable[..., tuple[Reel, ...]]: ...
    @property
    def stage(self) -> Callable[..., Stage]: ...
    def read(self, query: Mapping[str, str]) -> dict[str, Any]: ...
    def address(self, choice: Mapping[str, Any]) -> str: ...


def routes(views: Mapping[str, View], unknown: Callable[[str], str]) -> list[Route]:
    """`/view/<name>` for payloads, `/save/<name>.html` and `.csv`, and the stage's own files.

    `unknown` says what to answer when there is no view of a name.
    """
    payloads = Payloads(KEPT_BYTES)

    def asked(request: Request) -> tuple[View, dict[str, str]]:
        name = request.path_params["name"]
        if name not in views:
            raise ValueError(unknown(name))
        query: dict[str, str] = {}
        for key, value in request.query_params.multi_items():
            if key in query:
                raise ValueError(f'parameter "{key:.40}" is given twice; give it once')
            query[key] = value
        return views[name], query

    async def view(request: Request) -> Response:
        try:
            found, query = asked(request)
            fresh = query.pop("v", None) == version()
            choice = found.read(query)
        except ValueError as error:
            return refusal(error)
        address = f"{found.key}?{found.address(choice)}"
        packed = await run_in_threadpool(payloads.get, address, lambda: payload(found.stage(**choice)))
        return compressed(request, packed, "application/octet-stream", FOREVER if fresh else BRIEFLY)

    async def save(request: Request) -> Response:
        try:
            found, query = asked(request)
            kind = request.path_params["kind"]
            if kind not in SAVERS:
                raise ValueError(f'cannot save as "{kind:.20}"; there are {", ".join(SAVERS)}')
            media, saver = SAVERS[kind]
            own = set(found.defaults)
            choice = found.read({name: text for name, text in query.items() if name in own})
            reels = {reel.key: reel for reel in found.reels(**choice)}
            values = {}
            for name, text in query.items():
                if name not in own:
                    if name not in reels:
                        raise ValueError(f'unknown parameter "{name:.40}"')
                    values[name] = reels[name].read(text)
            text = await run_in_threadpool(lambda: saver(found.stage(**choice), values))
        except ValueError as error:
            return refusal(error)
        headers = BRIEFLY | {"Content-Disposition": f'attachment; filename="lossarium-{found.key}.{kind}"'}
        return Response(text, media_type=f"{media}; charset=utf-8", headers=headers)

    async def file(request: Request) -> Response:
        found = stage_files().get(request.path_params["name"])
        if found is None or request.url.path != found.address:
            return PlainTextResponse("no such file", 404)
        return compressed(request, found.gzipped, found.media_type, FOREVER)

    return [
        Route("/view/{name}", view),
        Route("/save/{name}.{kind}", save),
        Route("/assets/{digest}/{name}", file),
    ]


def refusal(error: Exception) -> Response:
    return PlainTextResponse(f"400: {error}", 400, headers={"Cache-Control": "no-store"})


def compressed(request: Request, packed: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """Bytes that are kept gzipped, as the client can read them."""
    headers = dict(headers) | {"Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, media_type=media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(gzip.decompress(packed), media_type=media_type, headers=headers | {"Content-Encoding": "identity"})
