"""What the server keeps of many pictures that nobody has asked for before, and what the dearest of them cost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random
from urllib.error import HTTPError

from core.views import VIEWS
from tests.bench.report import Row
from tests.bench.server import Server, site
from tests.bench.starving import dear

PICTURES, QUICK = 2000, 100
DEAR = 6  # of those that take long
BUSY, PAUSE = 503, 0.1  # asks to come again; seconds until then


def addresses(count: int) -> list[str]:
    """Addresses of different pictures: random choices of all views that nobody has to wait for, with their sliders at
    random places."""
    random, found = Random(0), dict[str, None]()
    views = [view for view in VIEWS.values() if not view.wait]
    while len(found) < count:
        view = random.choice(views)
        words = {param.name: param.write(random.choice(list(param.extremes()))) for param in view.params}
        try:
            choice = view.choose(**view.read(words))
        except ValueError:  # options that do not go together
            continue
        asked = [
            f"{key}={random.choice(slider.values):g}" for key, slider in choice.sliders.items() if slider.recomputed
        ]
        found["&".join([f"/view/{view.key}?{choice.address}", *asked])] = None
    return list(found)


def measure(quick: bool) -> Iterator[Row]:
    asked = addresses(QUICK if quick else PICTURES)
    with site() as server:
        begin = server.resident
        for address in asked:
            ask(server, address)
        end = server.resident
        costs = [cost(server, address) for address in list(dear())[: 4 * DEAR : 4]]
    note = f"{len(asked):,} pictures one after the other; {begin:.0f} MB before"
    yield Row("distinct: resident memory after", end, "MB", 400, note)
    yield Row("distinct: processor time of a dear picture, most", max(costs), "s", 1, f"of {len(costs)}")


def ask(server: Server, address: str) -> None:
    """Asks until there is an answer. Raises HTTPError for a picture that cannot be made."""
    while True:
        try:
            server.get(address)
            return
        except HTTPError as error:
            if error.code != BUSY:
                raise
        time.sleep(PAUSE)


def cost(server: Server, address: str) -> float:
    """Seconds of processor time of the server, and of what it makes pictures in."""
    before = server.busy_in_all
    ask(server, address)
    return server.busy_in_all - before
