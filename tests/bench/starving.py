"""A neighbour's page while one client asks for eight dear pictures at a time, each another one.

The neighbour picks other losses, and fetches a payload that nobody has asked for before. Both run on this machine: the
server tells them apart as it does behind a proxy, by X-Forwarded-For.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import combinations, product
from random import Random
from statistics import median, quantiles
from time import perf_counter

from core.views import VIEWS
from tests.bench.client import Connection, Tab, tab
from tests.bench.crowd import DELTAS, LOSSES, PAGE, PICKED, QUERY, shown_payload
from tests.bench.report import Row
from tests.bench.server import Server, site

AT_ONCE = 8
GREEDY = "192.0.2.1"
PAUSE = 0.2  # seconds between two of the neighbour's moves
MOVES = 20  # alone, and again beside the other
OUTLIERS = VIEWS["tips_fit"].choose().sliders["outlier"].values
ROBUST = ("cauchy", "geman_mcclure", "welsch", "tukey", "huber", "log_cosh")


def dear() -> Iterator[str]:
    """Addresses of pictures that take long to make."""
    network, line = VIEWS["network_landscape"], VIEWS["line_landscape"]
    for data, compare, plane, loss in product(
        ("moons", "circles", "spirals"), ("batch", "depth", "decay"), ("random", "path"), ("focal", "squared_hinge")
    ):
        chosen = network.choose(data=data, compare=compare, plane=plane, loss=loss)
        yield f"/view/{network.key}?{chosen.address}"
    for data, norm, losses in product(("income", "tips", "made"), ("l1", "l2", "none"), combinations(ROBUST, 3)):
        yield f"/view/{line.key}?{line.choose(data=data, norm=norm, losses=losses).address}"


def measure(quick: bool) -> Iterator[Row]:
    moves = MOVES // 2 if quick else MOVES
    with site() as server:
        quiet, starved, answers = asyncio.run(compare(server, moves))
    note = f"{1000 * median(quiet):.0f} and {1000 * median(starved):.0f} ms; answers {dict(answers)}"
    yield Row("starving: a neighbour's page over its quiet answer", median(starved) / median(quiet), "times", 3, note)
    late = [quantiles(seconds, n=20)[-1] for seconds in (quiet, starved)]
    note = f"{1000 * late[0]:.0f} and {1000 * late[1]:.0f} ms"
    yield Row("starving: the same, 95 % answered", late[1] / late[0], "times", 3, note)


async def compare(server: Server, moves: int) -> tuple[list[float], list[float], Counter[int]]:
    """Seconds of the neighbour's moves alone and beside the greedy client, whose answers are counted by status."""
    answers: Counter[int] = Counter()
    async with neighbour(server.port) as person:
        quiet = await person.moves(moves)
        async with greedy(server.port, answers):
            starved = await person.moves(moves)
    return quiet, starved, answers


@dataclass
class Neighbour:
    """Somebody on the page of the crowd. What is chosen is chosen once: a payload that was made is answered at once."""

    page: Tab
    connection: Connection
    choices: list[tuple[Sequence[str], float, float]]

    async def moves(self, count: int) -> list[float]:
        """Seconds of so many moves."""
        found = []
        for _ in range(count):
            found.append(await self.move(*self.choices.pop()))
            await asyncio.sleep(PAUSE)
        return found

    async def move(self, picked: Sequence[str], delta: float, outlier: float) -> float:
        self.page.set(LOSSES, *picked)
        begin = perf_counter()
        payload = shown_payload(await self.page.run())
        status, _ = await self.connection.get(payload.replace("&v=", f"&huber.delta={delta:g}&outlier={outlier:g}&v="))
        assert status == 200, status
        return perf_counter() - begin


@asynccontextmanager
async def neighbour(port: int) -> AsyncIterator[Neighbour]:
    choices = list(product(PICKED, DELTAS, OUTLIERS))
    Random(0).shuffle(choices)
    async with tab(port, PAGE, QUERY) as page:
        await page.run()
        connection = Connection(port)
        yield Neighbour(page, connection, choices)
        connection.close()


@asynccontextmanager
async def greedy(port: int, answers: Counter[int]) -> AsyncIterator[None]:
    """One client who has eight questions open all the time, and asks again where it is sent away."""
    addresses = dear()

    async def ask() -> None:
        connection = Connection(port, {"X-Forwarded-For": GREEDY})
        for address in addresses:
            status, _ = await connection.get(address)
            answers[status] += 1
            while status == 503:
                await asyncio.sleep(2)
                status, _ = await connection.get(address)
                answers[status] += 1
        connection.close()

    asking = [asyncio.create_task(ask()) for _ in range(AT_ONCE)]
    await asyncio.sleep(1)
    yield
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
