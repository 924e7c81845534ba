"""A neighbour's page while twenty people drop a file of 10 MB each at the same moment.

The neighbour picks other losses on another page, and fetches payloads that nobody has asked for before, as in
`starving`. A file has arrived when its picture is in the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from statistics import quantiles
from time import perf_counter

from tests.bench.client import Tab, tab
from tests.bench.report import Row
from tests.bench.server import Server, site
from tests.bench.starving import neighbour
from tests.bench.tables import predicted

PEOPLE, ROWS = 20, 360_000
PATIENCE = 300.0  # seconds until all must have their pictures
MOVES = 40  # of the neighbour alone
PAGE, UPLOADER = "your-data", "own.table.file.0"
MOST_KEPT = 100  # MB of memory for a file, beside what the server held before


def measure(quick: bool) -> Iterator[Row]:
    with site() as server:
        quiet, beside, arrived, held = asyncio.run(compare(server, 4 if quick else PEOPLE))
    people = len(arrived)
    late = [quantiles(times, n=20)[-1] for times in (quiet, beside)]
    note = f"{1000 * late[0]:.0f} and {1000 * late[1]:.0f} ms; {len(beside)} moves"
    what = f"uploads: {people} people with 10 MB each at once"
    yield Row(f"{what}, a neighbour's page, 95 % answered", late[1] / late[0], "times", 2, note)
    note = f"the first after {min(arrived):.1f} s"
    yield Row(f"{what}, the last picture after", max(arrived), "s", note=note)
    note = "resident memory of the server, more than before"
    yield Row(f"{what}, kept for each", held / people, "MB", MOST_KEPT, note)


async def compare(server: Server, people: int) -> tuple[list[float], list[float], list[float], float]:
    """Seconds of the neighbour's moves alone and beside the others, seconds until each of them has a picture, and
    the megabytes that the server holds more than before."""
    content = predicted(ROWS).encode()
    async with AsyncExitStack() as stack:
        person = await stack.enter_async_context(neighbour(server.port))
        tabs = [await stack.enter_async_context(tab(server.port, PAGE)) for _ in range(people)]
        for one in tabs:
            await one.run()
        quiet, before = await person.moves(MOVES), server.resident
        arriving = asyncio.gather(*(arrive(one, content) for one in tabs))
        beside = []
        while not arriving.done():
            beside += await person.moves(1)
        return quiet, beside, await arriving, server.resident - before


async def arrive(page: Tab, content: bytes) -> float:
    """Seconds until a person has the picture of a file that is dropped now."""
    begin = perf_counter()
    await page.drop(UPLOADER, "own.csv", content)
    answer = await page.run(PATIENCE)
    texts = [text.body for text in answer.elements("alert")]
    assert not texts, texts
    return perf_counter() - begin
