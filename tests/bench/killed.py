"""Three servers behind nginx, as `make serve` runs them, and one of them killed while people use all three.

Whoever has lost a server connects anew, as the browser does, and is back when a page has run there. The others' moves
run a picker and fetch a payload.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.bench.client import Connection, Tab, tab
from tests.bench.crowd import LOSSES, PAGE, PICKED, QUERY, late, shown_payload
from tests.bench.report import Row
from tests.deploy.sites import SERVERS, Site, server_processes, started

EACH = 10  # visitors of each server
PAUSE = 0.5  # seconds between one person's moves
AGAIN = 0.5  # seconds until a browser that has lost its server tries again
BACK = 5.0  # seconds until whoever has lost a server has another
KILLED = SERVERS[0]


def measure(quick: bool) -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        settings = {"WORKERS": str(len(SERVERS))}
        with started(Path(folder), "deploy/serve.py", ports=1 + len(SERVERS), **settings) as site:
            quiet, beside, lost, back = asyncio.run(use_and_kill(site, 5.0 if quick else 15.0))
    note = f"{len(back)} visitors of the killed server of {len(SERVERS)}, the last of them"
    yield Row("killed: seconds until its visitors have a page again", max(back), "s", BACK, note)
    note = f"{len(beside):,} moves; 95 % answered in {late(beside):.0f} ms, {late(quiet):.0f} ms before"
    yield Row("killed: moves of the others' visitors lost", lost, "moves", 0, note)


async def use_and_kill(site: Site, seconds: float) -> tuple[list[float], list[float], int, list[float]]:
    """Seconds of the others' moves before and after the kill, how many were lost, and seconds until its own are back.

    seconds: how long people stay before, and again after.
    """
    moments: list[tuple[float, float]] = []  # when a move began, and the seconds that it took
    lost, back = 0, []
    killed = asyncio.get_running_loop().create_future()

    async def other(person: Tab, connection: Connection) -> None:
        nonlocal lost
        for picked in cycle(PICKED):
            begin = perf_counter()
            try:
                await move(person, connection, picked)
                moments.append((begin, perf_counter() - begin))
            except (ConnectionClosed, OSError, AssertionError, TimeoutError):
                lost += 1
            await asyncio.sleep(PAUSE)

    async def own(person: Tab, cookie: dict[str, str]) -> None:
        await person.socket.wait_closed()
        begin = await killed
        while True:
            await asyncio.sleep(AGAIN)
            try:
                async with tab(site.port, PAGE, person.query, cookie) as page:
                    await page.run()
                back.append(perf_counter() - begin)
                return
            except (ConnectionClosed, OSError, InvalidStatus):
                continue

    async with AsyncExitStack() as stack:
        losing, staying = [], []
        for number in SERVERS:
            for _ in range(EACH):
                cookie = {"Cookie": f"lossarium_server={number}"}
                person = await stack.enter_async_context(tab(site.port, PAGE, QUERY, cookie))
                await person.run()
                if number == KILLED:
                    losing.append(asyncio.create_task(own(person, cookie)))
                else:
                    connection = Connection(site.port, cookie)
                    stack.callback(connection.close)
                    staying.append(asyncio.create_task(other(person, connection)))
        await asyncio.sleep(seconds)
        os.kill(server_processes(site)[KILLED], signal.SIGKILL)
        killed.set_result(at := perf_counter())
        await asyncio.gather(*losing)
        await asyncio.sleep(seconds)
        for task in staying:
            task.cancel()
        await asyncio.gather(*staying, return_exceptions=True)
    before = [took for begin, took in moments if begin + took < at]
    after = [took for begin, took in moments if begin + took >= at]
    return before, after, lost, back


async def move(person: Tab, connection: Connection, picked: tuple[str, ...]) -> None:
    """Other losses, and the payload that they show."""
    person.set(LOSSES, *picked)
    status, _ = await connection.get(shown_payload(await person.run()))
    assert status == 200, status
