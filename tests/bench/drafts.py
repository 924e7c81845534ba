"""People who drag the start of a race: for each place of the mark the browser asks for a draft, as
assets/stage/drafts.js does: at most ten a second and two in flight, and the newest wins.

First one of them alone, then twenty on one server process, each of another address. Meanwhile a neighbour picks other
losses on another page, and fetches payloads that nobody has asked for before, as in `starving`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

import numpy as np

from core.stage.files import version
from core.views import VIEWS
from tests.bench.client import Connection
from tests.bench.report import Row
from tests.bench.server import Server, site
from tests.bench.starving import neighbour

PEOPLE = 20
SECONDS = 15.0  # of dragging
MOVES = 40  # of the neighbour alone
PAUSE, OPEN = 0.1, 2  # seconds between two questions, and questions in flight: as in assets/stage/drafts.js
RACE = VIEWS["textbook_race"]
LEAST = 8  # pictures a second


@dataclass
class Hand:
    """Somebody who drags the start along a path of their own."""

    port: int
    number: int
    pictures: int = 0  # that were newer than the one before
    seconds: list[float] = field(default_factory=list)  # from each question to its answer
    refused: int = 0
    newest: int = 0

    async def drag(self, seconds: float) -> float:
        """Pictures a second."""
        idle: asyncio.Queue[Connection] = asyncio.Queue()
        for _ in range(OPEN):
            idle.put_nowait(Connection(self.port, {"X-Forwarded-For": f"192.0.2.{self.number + 1}"}))
        begin, asking = perf_counter(), []
        while (now := perf_counter() - begin) < seconds:
            connection = await idle.get()
            asking.append(asyncio.create_task(self.ask(len(asking), connection, idle)))
            await asyncio.sleep(max(0.0, now + PAUSE - (perf_counter() - begin)))
        await asyncio.gather(*asking)
        while not idle.empty():
            idle.get_nowait().close()
        return self.pictures / (perf_counter() - begin)

    async def ask(self, number: int, connection: Connection, idle: asyncio.Queue[Connection]) -> None:
        begin = perf_counter()
        status, _ = await connection.get(self.address(number))
        self.seconds.append(perf_counter() - begin)
        idle.put_nowait(connection)
        self.refused += status != 200
        if status == 200 and number >= self.newest:
            self.newest = number
            self.pictures += 1

    def address(self, number: int) -> str:
        """Where the draft is of the place at which the mark is when a question is asked."""
        angle = number * PAUSE + self.number
        x, y = -1.5 + np.cos(angle), 1.0 + 0.9 * np.sin(1.3 * angle)
        return f"/view/{RACE.key}?{RACE.choose().address}&x={x:.4f}&y={y:.4f}&draft=1&v={version()}"


def measure(quick: bool) -> Iterator[Row]:
    seconds = SECONDS / 3 if quick else SECONDS
    with site() as server:
        [alone] = asyncio.run(drag(server, 1, seconds))
        hands, quiet, beside = asyncio.run(compare(server, seconds))
    yield Row(
        "drafts: pictures a second of one mark", alone.pictures / seconds, "a second", least=LEAST, note=waited([alone])
    )
    rates = [hand.pictures / seconds for hand in hands]
    refused = sum(hand.refused for hand in hands)
    note = f"{min(rates):.1f} to {max(rates):.1f}; {refused} refused; {waited(hands)}"
    yield Row(f"drafts: the same with {PEOPLE} people, each", median(rates), "a second", note=note)
    late = [quantiles(times, n=20)[-1] for times in (quiet, beside)]
    note = f"{1000 * late[0]:.0f} and {1000 * late[1]:.0f} ms; {len(beside)} moves"
    yield Row("drafts: a neighbour's page, 95 % answered", late[1] / late[0], "times", 3, note)


def waited(hands: list[Hand]) -> str:
    return f"an answer takes {1000 * median(time for hand in hands for time in hand.seconds):.0f} ms"


async def drag(server: Server, people: int, seconds: float) -> list[Hand]:
    hands = [Hand(server.port, number) for number in range(people)]
    await asyncio.gather(*(hand.drag(seconds) for hand in hands))
    return hands


async def compare(server: Server, seconds: float) -> tuple[list[Hand], list[float], list[float]]:
    """The hands, and the seconds of the neighbour's moves alone and beside them."""
    async with neighbour(server.port) as person:
        quiet = await person.moves(MOVES)
        dragging = asyncio.create_task(drag(server, PEOPLE, seconds))
        beside = []
        while not dragging.done():
            beside += await person.moves(1)
        return await dragging, quiet, beside
