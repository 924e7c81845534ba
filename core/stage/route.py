"""The server's answers about views: payloads, saved pages, tables and scripts. Pure GETs, the same for everybody.

Only a person's own data have a key that nobody else knows; answers about them are kept nowhere.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.kept import KEPT
from core.stage.answer import (
    ENCODINGS,
    IDENTITY,
    IMMUTABLE,
    PASSING,
    REVALIDATED,
    accepted_encoding,
    compress,
    content_headers,
    digest,
    not_modified,
)
from core.stage.client import client_of
from core.stage.encode import payload
from core.stage.files import stage_files, version
from core.stage.payloads import Payloads
from core.stage.slider import Slider
from core.stage.stage import Stage
from core.stage.standalone import page
from core.stage.table import csv
from core.stage.turns import Busy


def script(stage: Stage, values: Mapping[str, float]) -> str:
    """The program that computes what the stage shows at these values of its sliders."""
    if stage.script is None:
        raise ValueError(f"{stage.name} has no script to save")
    return stage.script(values)


SAVERS = {"html": ("text/html", page), "csv": ("text/csv", csv), "py": ("text/x-python", script)}
NEEDED = {"csv": "table", "py": "script"}  # that not every stage has

PAYLOAD = "application/octet-stream"

# A saved page needs nothing but itself; shown from here instead of saved, it would still be a stranger to this site.
SAVED_POLICY = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:"
)


class NotSaved(Exception):
    """What is asked for cannot be saved; why not is for the person to read."""


class ServedChoice(Protocol):
    """The parts of a choice (core.views.kit.view) that a route uses."""

    @property
    def view(self) -> ServedView: ...
    @property
    def address(self) -> str: ...
    @property
    def sliders(self) -> Mapping[str, Slider]: ...
    @property
    def takes_long(self) -> bool: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def draft(self) -> bool: ...
    @property
    def own(self) -> object | None: ...
    def keeping(self) -> AbstractContextManager[None]: ...
    def around(self, values: Mapping[str, float], *, draft: bool = False) -> ServedChoice: ...


class ServedView(Protocol):
    """The parts of a view that a route uses."""

    @property
    def key(self) -> str: ...
    @property
    def defaults(self) -> dict[str, Any]: ...
    def read(self, query: Mapping[str, str]) -> dict[str, Any]: ...
    def choose(self, **chosen: Any) -> ServedChoice: ...


def kept_payloads() -> Payloads:
    """The cache that `routes` and `warm` share, in one bound with all else that is kept."""
    return Payloads(KEPT)


def warm(views: Iterable[ServedView], payloads: Payloads) -> None:
    """Makes what a first visitor asks for: the payload of each view as it is before anybody chooses.

    But for those that take long: they would keep everybody waiting for the server to start.
    """
    for choice in (view.choose() for view in views):
        if choice.takes_long:
            continue
        payloads.ask(name_of(choice), partial(payload_of, choice)).result()


async def first_payload(views: Iterable[ServedView], payloads: Payloads) -> bytes:
    """The payload of the first view that is quick to make, as every visitor gets it. Raises Busy."""
    choice = next(choice for choice in (view.choose() for view in views) if not choice.takes_long)
    return await payloads.get(name_of(choice), partial(payload_of, choice))


async def prepare(payloads: Payloads) -> None:
    """Compresses, while the server already answers, the large files that somebody will ask for."""
    for file in stage_files().values():
        for used in ENCODINGS:
            await payloads.work(partial(file.bodies.__getitem__, used))


class Elsewhere(Protocol):
    """Makes in another process what takes long."""

    def payload(self, view: str, query: Mapping[str, str]) -> bytes:
        """What `payload_of` makes of the choice that a query asks for."""

    def file(self, view: str, kind: str, query: Mapping[str, str]) -> str:
        """What `saved_file` makes. NotSaved as there."""


def routes(
    views: Mapping[str, ServedView],
    unknown: Callable[[str], str],
    payloads: Payloads,
    *,
    elsewhere: Elsewhere | None = None,
) -> list[Route]:
    """`/view/<name>` for payloads, `/save/<name>.html`, `.csv` and `.py`, and the stage's own files.

    unknown: says what to answer when there is no view of a name.
    elsewhere: where that is made which takes long; without it here, as the rest.
    """

    def view_and_query(name: str, request: Request) -> tuple[ServedView, dict[str, str]]:
        if name not in views:
            raise ValueError(unknown(name))
        query: dict[str, str] = {}
        for key, value in request.query_params.multi_items():
            if key in query:
                raise ValueError(f'parameter "{key:.40}" is given twice; give it once')
            query[key] = value
        return views[name], query

    async def view(request: Request) -> Response:
        # Most payloads are there, and asked for as the site itself writes their address: nothing has to be read then.
        address = f"{request.path_params['name']}?{request.url.query}".removesuffix(f"&v={version()}")
        packed = payloads.find(address)
        client = client_of(request)
        if packed is None:
            try:
                found, query = view_and_query(request.path_params["name"], request)
                if query.pop("v", version()) != version():
                    return other_version()
                wanted = query.pop("draft", "")
                if wanted not in ("", "1"):
                    raise ValueError(f'draft must be 1, got "{wanted:.40}"')
                if wanted or own_choice(found, query).own:
                    return await passing(found, query, request, draft=bool(wanted))
                if query.keys() <= found.defaults.keys():
                    choice = parse_choice(found, query)
                else:  # to know a picture's sliders may take a training
                    choice = await payloads.work(partial(parse_choice, found, query), client=client)
            except ValueError as error:
                return refusal(error)
            except Busy:
                return later()
            address = name_of(choice)
        used = accepted_encoding(request.headers, ("gzip",))
        caching = IMMUTABLE if "v" in request.query_params else REVALIDATED
        headers = content_headers(used, digest(f"{version()} {address}".encode()), caching)
        if same := not_modified(request.headers, headers):
            return same  # the version and the address say what the payload is: nothing has to be made to know it
        try:
            if packed is None:
                long = choice.takes_long
                here = partial(payload_of, choice)
                make = partial(elsewhere.payload, found.key, query) if elsewhere and long else here
                packed = await payloads.get(address, make, client=client, long=long)
            unpack = partial(gzip.decompress, packed)
            body = packed if used == "gzip" else await payloads.work(unpack, client=client)
        except Busy:
            return later()
        return Response(body, media_type=PAYLOAD, headers=headers)

    async def passing(found: ServedView, query: dict[str, str], request: Request, *, draft: bool) -> Response:
        """What is kept nowhere: a draft, which nobody asks for twice, and a person's own data."""
        used = accepted_encoding(request.headers, ("gzip",))
        long = own_choice(found, query).takes_long

        def make() -> bytes:
            if elsewhere and long and not draft:
                packed = elsewhere.payload(found.key, query)
            else:
                packed = payload_of(parse_choice(found, query, draft=draft))
            return packed if used == "gzip" else gzip.decompress(packed)

        work = payloads.draft if draft and not long else partial(payloads.work, long=long)
        body = await work(make, client=client_of(request))
        headers = content_headers(used, digest(body), PASSING)
        return Response(body, media_type=PAYLOAD, headers=headers)

    async def save(request: Request) -> Response:
        client = client_of(request)
        try:
            name, _, kind = request.path_params["name"].rpartition(".")
            if kind not in SAVERS:
                raise ValueError(f'cannot save as "{kind:.20}"; there are {", ".join(SAVERS)}')
            found, query = view_and_query(name, request)
            choice = own_choice(found, query)
        except ValueError as error:
            return refusal(error)
        long = choice.takes_long
        make = partial(elsewhere.file, found.key) if elsewhere and long else partial(saved_file, found)
        used = accepted_encoding(request.headers, ("gzip",))
        try:
            text = (await payloads.work(partial(make, kind, query), client=client, long=long)).encode()
            pack = partial(compress, text, used)
            body = text if used == IDENTITY else await payloads.work(pack, client=client)
        except NotSaved as error:
            return refusal(error)
        except Busy:
            return later()
        headers = {
            **(PASSING if choice.own else REVALIDATED),
            "Content-Encoding": used,
            "Vary": "Accept-Encoding",
            "Content-Disposition": f'attachment; filename="lossarium-{found.key}.{kind}"',
        }
        if kind == "html":
            headers["Content-Security-Policy"] = SAVED_POLICY
        return Response(body, media_type=f"{SAVERS[kind][0]}; charset=utf-8", headers=headers)

    async def file(request: Request) -> Response:
        found = stage_files().get(request.path_params["name"])
        if found is None or request.url.path != found.address:
            return PlainTextResponse("404: no such file", 404, headers={"Cache-Control": "no-store"})
        used = accepted_encoding(request.headers)
        headers = content_headers(used, digest(found.content), IMMUTABLE)
        if same := not_modified(request.headers, headers):
            return same
        there, compressed = used in found.bodies, partial(found.bodies.__getitem__, used)
        try:
            body = compressed() if there else await payloads.work(compressed, client=client_of(request))
        except Busy:
            return later()
        return Response(body, media_type=found.media_type, headers=headers)

    return [
        Route("/view/{name:path}", view),
        Route("/save/{name:path}", save),
        Route("/assets/{digest}/{name:path}", file),
    ]


def parse_choice(view: ServedView, query: Mapping[str, str], *, draft: bool = False) -> ServedChoice:
    """The choice that a query asks for, around its values of recomputed sliders. ValueError for anything else."""
    own = {name: text for name, text in query.items() if name in view.defaults}
    others = {name: text for name, text in query.items() if name not in own}
    if not others:
        return view.choose(**view.read(own))
    if len(own) < len(view.defaults):
        view.read(query)  # it says what is missing, or unknown
    choice = view.choose(**view.read(own))
    swept = {key: slider for key, slider in choice.sliders.items() if slider.recomputed}
    if not swept:
        view.read(query)
    return choice.around(slider_values(swept, others), draft=draft)


def own_choice(view: ServedView, query: Mapping[str, str]) -> ServedChoice:
    """The choice of a view's own parameters in a query, which may say more. ValueError for a missing or a bad one."""
    return view.choose(**view.read({name: text for name, text in query.items() if name in view.defaults}))


def saved_file(view: ServedView, kind: str, query: Mapping[str, str]) -> str:
    """The file of a kind that saves a view as a query asks for it, its sliders as they are released.

    NotSaved for a bad value of a slider, and where the view has nothing of this kind to save.
    """
    choice = own_choice(view, query)
    given = {name: text for name, text in query.items() if name not in view.defaults}
    try:
        values = slider_values(choice.sliders, given)
    except ValueError as error:
        raise NotSaved(str(error)) from error
    with choice.keeping():
        stage = choice.around(values).stage
        if kind in NEEDED and getattr(stage, NEEDED[kind]) is None:
            raise NotSaved(f"{view.key} has no {NEEDED[kind]} to save, as it is chosen")
        return SAVERS[kind][1](stage, values)


def name_of(choice: ServedChoice) -> str:
    """The one name of a payload, however the address that asks for it is written."""
    return f"{choice.view.key}?{choice.address}"


def payload_of(choice: ServedChoice) -> bytes:
    with choice.keeping():
        return payload(choice.stage, draft=choice.draft)


def slider_values(sliders: Mapping[str, Slider], query: Mapping[str, str]) -> dict[str, float]:
    """The values that a query asks for, by key. ValueError for an unknown slider, or a value that it cannot have."""
    for name in query:
        if name not in sliders:
            raise ValueError(f'unknown parameter "{name:.40}"')
    return {name: sliders[name].read(text) for name, text in query.items()}


def refusal(error: Exception) -> Response:
    # A stranger's words are quoted in it: it stays one printable line.
    sentence = "".join(letter if letter.isprintable() else " " for letter in str(error))
    return PlainTextResponse(f"400: {sentence}", 400, headers={"Cache-Control": "no-store"})


def other_version() -> Response:
    # Not found, rather than gone: while two versions are being served, a proxy can ask the next server.
    sentence = "404: the site has been updated since this page was opened; reload the page"
    return PlainTextResponse(sentence, 404, headers={"Cache-Control": "no-store"})


def later(why: str = "many pictures are being drawn just now") -> Response:
    """503, to be asked again soon."""
    headers = {"Cache-Control": "no-store", "Retry-After": "2"}
    return PlainTextResponse(f"503: {why}; try again in a moment", 503, headers=headers)
