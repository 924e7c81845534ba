"""A cold payload of each view: made for the first time in a fresh process, at the defaults and at the costliest choice.

The costliest choice is looked for one parameter at a time among the parameters' extremes, and then made in a process of
its own, so that its time is as cold as the default's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

from core.stage.encode import payload
from core.views import VIEWS, View, fits
from tests.bench.report import ROOT, Row

PROCESSES = 3


def measure(quick: bool) -> Iterator[Row]:
    for key, view in VIEWS.items():
        usual = view.address(view.defaults)
        seconds, size = cold(key, usual)
        yield Row(f"payload: {key}, cold", 1000 * seconds, "ms", 3000 if view.wait else 150, view.wait)
        yield Row(f"payload: {key}, compressed", size / 1000, "kB", 1000 if view.central else 700)
        if quick:
            continue
        slow, large = worst(view)
        if view.ahead:
            yield Row(f"payload: {key}, slowest, server up", 1000 * cold(key, slow, ahead=True)[0], "ms", 150, slow)
        yield Row(f"payload: {key}, slowest extreme", 1000 * cold(key, slow)[0], "ms", note=slow)
        yield Row(f"payload: {key}, largest extreme", cold(key, large)[1] / 1000, "kB", note=large)


def cold(key: str, address: str, *, ahead: bool = False) -> tuple[float, int]:
    """Seconds (the median of a few) and bytes of this payload in a process that has only imported the code.

    With `ahead`, in one that has made what a server makes ahead in its first seconds.
    """
    command = [sys.executable, "-m", "tests.bench.payload", key, address, *(["ahead"] if ahead else [])]
    done = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True) for _ in range(PROCESSES)]
    seconds, sizes = zip(*(json.loads(one.stdout) for one in done), strict=True)
    return median(seconds), sizes[0]


def made(view: View, choice: dict[str, Any]) -> tuple[float, int]:
    begin = perf_counter()
    packed = payload(view.stage(**choice))
    return perf_counter() - begin, len(packed)


def cost(view: View, choice: dict[str, Any]) -> tuple[float, int]:
    """The better of two, neither of which has a fit of the other's or an earlier choice's to begin with."""
    found = []
    for _ in range(2):
        fits.fitted.cache_clear()
        found.append(made(view, choice))
    return min(found)


def worst(view: View) -> tuple[str, str]:
    """The slowest and the largest choice: each parameter's worst extreme is kept while the next one is looked at."""
    found = []
    for measured in (0, 1):  # seconds, bytes
        choice = view.defaults
        for param in view.params:
            values = [choice[param.name], *param.extremes()]
            costs = [cost(view, choice | {param.name: value})[measured] for value in values]
            choice[param.name] = values[costs.index(max(costs))]
        found.append(view.address(choice))
    return found[0], found[1]


if __name__ == "__main__":
    name, query, *ahead = sys.argv[1:]
    choice = VIEWS[name].read(dict(parse_qsl(query)))
    for other in VIEWS[name].ahead if ahead else ():
        VIEWS[name].stage(**other)
    print(json.dumps(made(VIEWS[name], choice)))
