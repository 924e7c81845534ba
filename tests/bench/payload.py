"""A cold payload of each view: made for the first time in a fresh process, at the defaults and at the costliest choice.

The costliest choice is looked for one parameter at a time among the parameters' extremes, and then with the sliders
released at their ends. It is made in a process of its own, so that its time is as cold as the default's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

from core.stage.encode import payload
from core.stage.route import parse_choice
from core.views import VIEWS, View
from core.views.class_imbalance import views as imbalance
from core.views.class_probabilities.train import view as train
from core.views.gradient_descent.views import VIEWS as DESCENTS
from core.views.kit.view import Choice
from core.views.loss_curves import outlier_fits
from core.views.loss_curves.views import FITS
from core.views.training_curves import views as training
from tests.bench.report import ROOT, Row
from tests.views.cases import EXTREMES

PROCESSES = 3
SECONDS = 0.15  # of a payload that nobody is told to wait for
BOUNDED = {view.key for view in FITS.values()}  # whatever is chosen
# Of which one choice is thousands of runs, or dozens of trained models: rows of their own measure them.
OWN = (DESCENTS, vars(imbalance), vars(train), training.VIEWS)
PIXELS = {"mask_gradients"}  # maps of 2,304 pixels for each loss
DEAR = {key for own in OWN for key, view in own.items() if isinstance(view, View)}


def measure(quick: bool) -> Iterator[Row]:
    for key, view in VIEWS.items():
        usual = view.choose().address
        seconds, size = cold(key, usual)
        choice = view.choose()
        swept = any(slider.recomputed for slider in choice.sliders.values())
        most = 1000 if swept and choice.solid else 700
        most_ms = 3000 if view.wait else None if key in DEAR else 300 if key in PIXELS else 1000 * SECONDS
        yield Row(f"payload: {key}, cold", 1000 * seconds, "ms", most_ms, view.wait)
        yield Row(f"payload: {key}, compressed", size / 1000, "kB", most)
        if quick:
            continue
        if key in DEAR:
            choices = [own.choose(**chosen) for own, chosen in EXTREMES if own is view]
            size, large = max((len(payload(choice.stage)), choice.address) for choice in choices)
        else:
            slow, large = worst(view)
            bound = 1000 * SECONDS if key in BOUNDED else None
            yield Row(f"payload: {key}, slowest extreme", 1000 * cold(key, slow)[0], "ms", bound, slow)
            size = cold(key, large)[1]
        yield Row(f"payload: {key}, largest extreme", size / 1000, "kB", most, large)


def cold(key: str, address: str) -> tuple[float, int]:
    """Seconds (the median of a few) and bytes of this payload in a process that has only imported the code."""
    command = [sys.executable, "-m", "tests.bench.payload", key, address]
    done = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True) for _ in range(PROCESSES)]
    seconds, sizes = zip(*(json.loads(one.stdout) for one in done), strict=True)
    return median(seconds), sizes[0]


def made(choice: Choice) -> tuple[float, int]:
    """Seconds and bytes of the payload of a choice."""
    begin = perf_counter()
    packed = payload(choice.stage)
    return perf_counter() - begin, len(packed)


def cost(view: View, params: Mapping[str, Any], centre: Mapping[str, float]) -> tuple[float, int]:
    """The better of two, neither of which has a fit of the other's or an earlier choice's to begin with."""
    found = []
    for _ in range(2):
        outlier_fits.cached_fits.cache_clear()
        found.append(made(view.choose(**params).around(centre)))
    return min(found)


def centres(view: View, choice: Mapping[str, Any]) -> list[dict[str, float]]:
    """Nothing released, and every central slider released at one end."""
    sliders = [slider for slider in view.choose(**choice).picture.sliders if slider.recomputed]
    ends = [{slider.key: float(slider.values[end]) for slider in sliders} for end in (0, -1)]
    return [{}, *(view.choose(**choice).around(end).centre for end in ends if end)]


def worst(view: View) -> tuple[str, str]:
    """The slowest and the largest choice: each parameter's worst extreme is kept while the next one is looked at."""
    found = []
    for measured in (0, 1):  # seconds, bytes
        choice = view.defaults
        for param in view.params:
            values = [choice[param.name], *param.extremes()]
            costs = [cost(view, choice | {param.name: value}, {})[measured] for value in values]
            choice[param.name] = values[costs.index(max(costs))]
        slowest = max(centres(view, choice), key=lambda centre: cost(view, choice, centre)[measured])
        found.append(view.choose(**choice).around(slowest).address)
    return found[0], found[1]


if __name__ == "__main__":
    name, query = sys.argv[1:]
    print(json.dumps(made(parse_choice(VIEWS[name], dict(parse_qsl(query, keep_blank_values=True))))))
