"""A hundred people who type a loss on one server process: a key of each every two seconds.

A key is answered when the page has run and the payload of the new formula is there. No two people type the same one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from core.stage.encode import payload
from core.views import VIEWS
from tests.bench.client import Answer
from tests.bench.crowd import PAUSE, Person, crowd, late, shown_payload
from tests.bench.report import Row
from tests.bench.server import site

PEOPLE = 100
FIELD = "regression_typed.formula"
KNOWN = ("huber", "quantile", "tukey", "expectile", "log_cosh")


def measure(quick: bool) -> Iterator[Row]:
    typed, known = cold_payloads(5 if quick else 20)
    yield Row("typed loss: cold payload, over that of known losses", typed / known, "times", 1.5,
              f"{1000 * typed:.0f} and {1000 * known:.0f} ms")  # fmt: skip
    with site() as server:
        found = asyncio.run(crowd(server, PEOPLE, 15.0 if quick else 60.0, "your-loss", "", press_key))
    note = f"{len(found.seconds):,} keys, one of each person every {PAUSE:g} s"
    yield Row(f"{PEOPLE} people typing: 95 % of keys answered", late(found.seconds), "ms", 300, note)
    yield Row(f"{PEOPLE} people typing: keys lost", found.lost, "keys", 0)
    yield Row(f"{PEOPLE} people typing: memory gained after the first third", found.growth, "MB", 10)


def cold_payloads(count: int) -> tuple[float, float]:
    """Seconds that a payload takes which nobody has asked for: of a typed loss, and of the curves of known ones."""
    typed = [VIEWS["regression_typed"].choose(formula=f"where(r < 0, {2 + at / 8}, 1) r^2") for at in range(count)]
    pairs = [(one, scale, curvature) for one in KNOWN for scale in ("raw", "normalised") for curvature in ("on", "off")]
    known = [VIEWS["regression_curves"].choose(losses=("squared_error", one), scale=scale, curvature=curvature)
             for one, scale, curvature in pairs[:count]]  # fmt: skip
    found = []
    for choices in (typed, known):
        seconds = []
        for choice in choices:
            begin = perf_counter()
            payload(choice.stage)
            seconds.append(perf_counter() - begin)
        found.append(median(seconds))
    return found[0], found[1]


async def press_key(person: Person) -> Answer:
    """Types one more figure of a number, runs the page, and fetches the payload."""
    number = f"{person.chance.uniform(1, 9):.6f}"
    person.tab.set(FIELD, f"where(r < 0, {number}, 1) r^2")
    answer = await person.tab.run()
    address = shown_payload(answer)
    if urlencode({"formula": number})[8:] not in address:
        raise ConnectionError(f"the page shows {address}, not the formula with {number}")
    while (status := (await person.connection.get(address))[0]) == 503:
        await asyncio.sleep(0.1)
    if status != 200:
        raise ConnectionError(f"{address} was answered {status}")
    return answer
