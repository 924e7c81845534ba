"""A hundred people who open the page at the same moment on a server that has only just started."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from time import perf_counter

from tests.bench.client import tab
from tests.bench.report import Row
from tests.bench.rerun import PAGES
from tests.bench.server import Server, site

PEOPLE = 100


def measure(_: bool) -> Iterator[Row]:
    with site(loud=False, cold=True) as server:
        begin = perf_counter()
        failures = asyncio.run(arrive(server))
        seconds = perf_counter() - begin
        logged = server.tracebacks
    note = "; ".join(sorted(set(failures)))[:200]
    yield Row("visits: exceptions on 100 pages at once", len(failures), "pages", 0, note)
    yield Row("visits: tracebacks in the server's log", logged, "tracebacks", 0)
    yield Row("visits: all 100 have page and payload after", seconds, "s")


async def arrive(server: Server) -> list[str]:
    """What went wrong, one sentence for each page that did not come whole."""

    async def visit() -> str:
        try:
            async with tab(server.port, PAGES[0].page, PAGES[0].query) as page:
                answer = await page.run()
                for trouble in answer.elements("exception"):
                    return f"{trouble.type}: {trouble.message}"
                (stage,) = answer.elements("bidi_component")
                await asyncio.to_thread(server.get, json.loads(stage.json)[0]["payload"])
                return ""
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    return [failure for failure in await asyncio.gather(*(visit() for _ in range(PEOPLE))) if failure]
