"""A hundred people on one server process, each of whom changes something every two seconds.

Four changes of five release a slider; the fifth picks another scale, whose payload the browser then fetches unless
it has
it already. A change is answered when the script has ended and its payload is there.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import mean, quantiles
from time import perf_counter

from websockets.exceptions import ConnectionClosed

from tests.bench.client import Answer, Tab, tab
from tests.bench.report import Row
from tests.bench.rerun import EMPTY, PAGE, QUERY, STAGE
from tests.bench.server import Server, bare, site

PEOPLE = 100
PAUSE = 2.0  # seconds between one person's changes
SCALE, SCALES = "regression_curves.scale", ("Normalised", "Log", "Raw")
GROWTH = 10  # MB that may come on top after the first third


@dataclass
class Crowd:
    """What came of it."""

    seconds: list[float] = field(default_factory=list)
    lost: int = 0
    memory: list[float] = field(default_factory=list)  # MB, one a second

    @property
    def late(self) -> float:
        """Milliseconds within which 95 % were answered."""
        return 1000 * quantiles(self.seconds, n=20)[-1]

    @property
    def growth(self) -> float:
        """Memory at the end over that after the first third, MB, each the mean of a tenth of the time."""
        tenth, third = max(1, len(self.memory) // 10), len(self.memory) // 3
        return mean(self.memory[-tenth:]) - mean(self.memory[third : third + tenth])


def measure(quick: bool, minutes: float) -> Iterator[Row]:
    seconds = 15.0 if quick else 60 * minutes
    with site() as server:
        full = asyncio.run(crowd(server, seconds, PAGE, QUERY, change))
    with bare(EMPTY) as server:
        empty = asyncio.run(crowd(server, min(seconds, 60.0), "", "", again))
    note = f"{len(full.seconds):,} changes by {PEOPLE} sessions in {seconds:g} s"
    yield Row("crowd: 95 % answered within", full.late, "ms", 60, note)
    yield Row("crowd: the same on an empty page", empty.late, "ms")
    yield Row("crowd: changes lost", full.lost, "changes", 0)
    yield Row("crowd: resident memory, most", max(full.memory), "MB", 350)
    yield Row("crowd: memory gained after the first third", full.growth, "MB", GROWTH, f"{seconds / 60:g} minutes")


@dataclass
class Person:
    tab: Tab
    server: Server
    chance: random.Random
    fetched: set[str] = field(default_factory=set)  # payloads that the browser has


async def again(person: Person) -> Answer:
    return await person.tab.run()


async def change(person: Person) -> Answer:
    if person.chance.random() < 0.2:
        person.tab.set(SCALE, person.chance.choice(SCALES))
    else:
        person.tab.release(STAGE, {"huber.delta": round(person.chance.uniform(0.5, 4.5), 2)})
    answer = await person.tab.run()
    (stage,) = answer.elements("bidi_component")
    address = json.loads(stage.json)["payload"]
    if address not in person.fetched:
        await asyncio.to_thread(person.server.get, address)
        person.fetched.add(address)
    return answer


async def crowd(
    server: Server, seconds: float, page: str, query: str, act: Callable[[Person], Awaitable[Answer]]
) -> Crowd:
    """Opens all tabs, then lets every person act at their own moment of each PAUSE."""
    found = Crowd()

    async def live(person: Person) -> None:
        await asyncio.sleep(person.chance.uniform(0, PAUSE))
        end = perf_counter() + seconds
        while (begin := perf_counter()) < end:
            try:
                answer = await act(person)
                found.seconds.append(perf_counter() - begin)
                found.lost += bool(answer.elements("exception"))
            except (OSError, TimeoutError, ConnectionClosed):
                found.lost += 1
                return
            await asyncio.sleep(max(0.0, PAUSE - (perf_counter() - begin)))

    async def watch() -> None:
        while True:
            found.memory.append(server.resident)
            await asyncio.sleep(1)

    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(tab(server.port, page, query)) for _ in range(PEOPLE)]
        for one in tabs:
            await one.run()
        people = [Person(one, server, random.Random(seed)) for seed, one in enumerate(tabs)]
        watching = asyncio.create_task(watch())
        await asyncio.gather(*map(live, people))
        watching.cancel()
    return found
