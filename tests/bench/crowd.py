"""A lecture hall on one server process: 100 and 300 people, each of whom moves something every two seconds.

Of fifteen moves fourteen release a slider: the server hears of it only by a GET of the payload around the new value,
unless the browser has it. The fifteenth picks other losses: the script runs, and a payload is fetched. A move is
answered when all of that is there.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import mean, quantiles
from time import perf_counter

from websockets.exceptions import ConnectionClosed

from core.views import VIEWS
from tests.bench.client import Answer, Connection, Tab, tab
from tests.bench.report import Row
from tests.bench.rerun import EMPTY
from tests.bench.server import Server, bare, site

PEOPLE = (100, 300)
PAUSE = 2.0  # seconds between one person's moves
PICKS = 1 / 15  # of the moves
PAGE, QUERY = "loss-curves", "view=fit&losses=huber,quantile"
LOSSES = "tips_fit.losses"
PICKED = (("Huber", "Quantile (pinball)"), ("Huber", "Quantile (pinball)", "Cauchy (Lorentzian)"))
DELTAS = VIEWS["tips_fit"].choose().sliders["huber.delta"].values
GROWTH = 10  # MB that may come on top after the first third


def late(seconds: Sequence[float]) -> float:
    """Milliseconds within which 95 % were answered."""
    return 1000 * quantiles(seconds, n=20)[-1]


@dataclass
class Crowd:
    """What came of it."""

    releases: list[float] = field(default_factory=list)  # seconds until each was answered
    picks: list[float] = field(default_factory=list)
    lost: int = 0
    memory: list[float] = field(default_factory=list)  # MB, one a second

    @property
    def seconds(self) -> list[float]:
        """Of all moves."""
        return self.releases + self.picks

    @property
    def growth(self) -> float:
        """Memory at the end over that after the first third, MB, each the mean of a tenth of the time."""
        tenth, third = max(1, len(self.memory) // 10), len(self.memory) // 3
        return mean(self.memory[-tenth:]) - mean(self.memory[third : third + tenth])


def measure(quick: bool, minutes: float) -> Iterator[Row]:
    seconds = 15.0 if quick else 60 * minutes
    for people in PEOPLE:
        with bare(EMPTY) as server:
            empty = asyncio.run(crowd(server, people, min(seconds, 60.0), "", "", again))
        with site() as server:
            full = asyncio.run(crowd(server, people, seconds, PAGE, QUERY, move))
        note = f"{len(full.seconds):,} moves by {people} sessions in {seconds:g} s"
        floor, of = late(empty.seconds), f"crowd of {people}: 95 % of"
        empty_note = f"empty page {floor:.0f} ms"
        yield Row(f"crowd of {people}: 95 % answered, over an empty page", late(full.seconds) / floor, "times", 3, note)
        yield Row(f"{of} releases answered", late(full.releases), "ms", note="by a GET, or at once")
        yield Row(f"{of} pickers answered", late(full.picks), "ms", note=empty_note)
        yield Row(f"crowd of {people}: moves lost", full.lost, "moves", 0)
        yield Row(f"crowd of {people}: resident memory, most", max(full.memory), "MB", 400)
        yield Row(f"crowd of {people}: memory gained after the first third", full.growth, "MB", GROWTH)


@dataclass
class Person:
    tab: Tab
    connection: Connection
    chance: random.Random
    payload: str  # the address of what is shown, around the sliders' starts
    fetched: set[str] = field(default_factory=set)  # payloads that the browser has


async def again(person: Person) -> Answer:
    return await person.tab.run()


def shown_payload(answer: Answer) -> str:
    """The address of the payload that a page shows; "" if it has no stage."""
    return "".join(json.loads(stage.json)[0]["payload"] for stage in answer.elements("bidi_component"))


async def move(person: Person) -> Answer:
    """Releases a slider, or picks other losses."""
    answer = Answer()
    if person.chance.random() < PICKS:
        person.tab.set(LOSSES, *person.chance.choice(PICKED))
        answer = await person.tab.run()
        person.payload = shown_payload(answer)
    address = person.payload.replace("&v=", f"&huber.delta={person.chance.choice(DELTAS):g}&v=")
    if address not in person.fetched:
        while (status := (await person.connection.get(address))[0]) == 503:
            await asyncio.sleep(PAUSE)  # as the stage does
        if status != 200:
            raise ConnectionError(f"{address} was answered {status}")
        person.fetched.add(address)
    return answer


async def crowd(
    server: Server, count: int, seconds: float, page: str, query: str, act: Callable[[Person], Awaitable[Answer]]
) -> Crowd:
    """Opens so many tabs, then lets every person act at their own moment of each PAUSE."""
    found = Crowd()

    async def live(person: Person) -> None:
        await asyncio.sleep(person.chance.uniform(0, PAUSE))
        end = perf_counter() + seconds
        while (begin := perf_counter()) < end:
            try:
                answer = await act(person)
                whole = found.picks if answer.seconds else found.releases  # a release runs no script
                whole.append(perf_counter() - begin)
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
        tabs = [await stack.enter_async_context(tab(server.port, page, query)) for _ in range(count)]
        opened = [(one, shown_payload(await one.run())) for one in tabs]
        people = [
            Person(one, Connection(server.port), random.Random(seed), payload)
            for seed, (one, payload) in enumerate(opened)
        ]
        watching = asyncio.create_task(watch())
        await asyncio.gather(*map(live, people))
        watching.cancel()
        for person in people:
            person.connection.close()
    return found
