"""A warm re-run of a page on the server, against an empty Streamlit page's in the same run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from statistics import median

from tests.bench.client import tab
from tests.bench.report import Row
from tests.bench.server import bare, site

EMPTY = "import streamlit\n"
PAGE, QUERY, STAGE = "loss-curves", "losses=squared_error,absolute_error,huber,log_cosh", "stage.regression_curves"
WARM, COUNTED = 10, 200


def measure(quick: bool) -> Iterator[Row]:
    with site() as app, bare(EMPTY) as empty:
        page, nothing, size = asyncio.run(alternate(app.port, empty.port, COUNTED // 4 if quick else COUNTED))
    yield Row("re-run: /loss-curves over an empty page", median(page) / median(nothing), "times", 4, "medians")
    yield Row("re-run: /loss-curves, median", 1000 * median(page), "ms", note=f"{size:,} bytes sent")
    yield Row("re-run: empty page, median", 1000 * median(nothing), "ms")


async def alternate(port: int, empty_port: int, times: int) -> tuple[list[float], list[float], int]:
    """Seconds of each re-run of the page after a released reel, of each of the empty page, and bytes of one answer."""
    page, nothing, size = [], [], 0
    async with tab(port, PAGE, QUERY) as full, tab(empty_port) as empty:
        first = await full.run()
        await empty.run()
        if not first.elements("bidi_component"):
            raise LookupError("the page shows no stage")
        for turn in range(WARM + times):
            full.release(STAGE, {"huber.delta": 0.5 + 0.05 * (turn % 80)})
            answer = await full.run()
            if answer.elements("exception"):
                raise RuntimeError("the page shows an exception")
            page.append(answer.seconds)
            nothing.append((await empty.run()).seconds)
            size = answer.size
    if f"huber.delta={0.5 + 0.05 * (turn % 80):g}" not in full.query:
        raise LookupError(f"the released value did not reach the address: {full.query}")
    return page[WARM:], nothing[WARM:], size
