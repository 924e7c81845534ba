"""What the server keeps of many pictures that nobody has asked for before, and what the dearest of them cost."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from urllib.error import HTTPError

from core.views import VIEWS
from tests.bench.report import Row
from tests.bench.server import Server, site
from tests.bench.starving import dear

PICTURES, QUICK = 2000, 100
DEAR = 6
BUSY = 503  # asks to come again


def addresses(count: int) -> list[str]:
    """Addresses of different pictures: random choices of all views, each with its sliders at random places."""
    random, found = Random(0), dict[str, None]()
    views = list(VIEWS.values())
    while len(found) < count:
        view = random.choice(views)
        words = {param.name: param.write(random.choice(list(param.extremes()))) for param in view.params}
        try:
            choice = view.choose(**view.read(words))
        except ValueError:  # options that do not go together
            continue
        values = {key: slider.values[random.randrange(len(slider.values))] for key, slider in choice.sliders.items()}
        asked = "&".join(f"{key}={value:g}" for key, value in values.items() if choice.sliders[key].recomputed)
        found[f"/view/{view.key}?{choice.address}" + (f"&{asked}" if asked else "")] = None
    return list(found)


def measure(quick: bool) -> Iterator[Row]:
    with site() as server:
        begin = server.resident
        asked = addresses(QUICK if quick else PICTURES)
        refused = sum(not answered(server, address) for address in asked)
        end = server.resident
        costs = [cost(server, address) for address in list(dear())[: 4 * DEAR : 4]]
    note = f"{len(asked):,} pictures one after the other, {refused} refused; {begin:.0f} MB before"
    yield Row("distinct: resident memory after", end, "MB", 400, note)
    yield Row("distinct: processor time of a dear picture, most", max(costs), "s", 1, f"of {len(costs)}")


def answered(server: Server, address: str) -> bool:
    try:
        server.get(address)
    except HTTPError as error:
        return error.code == BUSY
    return True


def cost(server: Server, address: str) -> float:
    """Seconds of processor time of the server, and of what it makes pictures in."""
    before = server.busy_in_all
    server.get(address)
    return server.busy_in_all - before
