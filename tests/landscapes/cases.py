"""What a test feeds a landscape with, read off its record."""

import itertools

import numpy as np

from core.datasets import CLASS_DATASETS, LINE_DATASETS
from core.landscapes import LANDSCAPES
from core.landscapes.critical import MAXIMUM, MINIMUM, SADDLE, CriticalPoints, critical_points, grid
from core.landscapes.fitted import FittedModel
from core.landscapes.fitted_models import line_model, logistic_model
from core.landscapes.landscape import Landscape
from core.losses import Loss, losses_of

# Every loss with every model that it is fitted to in a picture; the models are made once.
FITS = [
    (loss, name)
    for family, models in (("regression", LINE_DATASETS), ("binary", CLASS_DATASETS))
    for loss in losses_of(family).values()
    for name in models
]


def model_of(name: str) -> FittedModel:
    return line_model(name) if name in LINE_DATASETS else logistic_model(name)


def settings(record: Landscape | Loss) -> list[dict[str, float]]:
    """Every combination of the sliders' ends and defaults."""
    choices = [sorted({param.low, param.default, param.high}) for param in record.params]
    return [dict(zip(record.defaults, values, strict=True)) for values in itertools.product(*choices)]


PAIRS = [(landscape, params) for landscape in LANDSCAPES.values() for params in settings(landscape)]


def name_of(case: Landscape | Loss | dict[str, float] | str) -> str:
    """The id of a case in a test report."""
    if not isinstance(case, dict):
        return str(case)
    return ",".join(f"{name}={value:g}" for name, value in case.items()) or "-"


def span(landscape: Landscape) -> np.ndarray:
    return np.ptp(np.array(landscape.window), axis=1)


def inside(landscape: Landscape, count: int, seed: int = 0) -> np.ndarray:
    """Random points [count, 2] of the window."""
    low, high = np.array(landscape.window).T
    return np.random.default_rng(seed).uniform(low, high, size=(count, 2))


def away(landscape: Landscape, points: np.ndarray, gap: float) -> np.ndarray:
    """The points that lie farther than `gap` from the places where the record says that the slope jumps."""
    places = np.array(landscape.degenerate if landscape.minima_at_kinks else ()).reshape(-1, 2)
    return points[(np.linalg.norm(points[:, None] - places, axis=-1) > gap).all(axis=1)]


def typical_slope(landscape: Landscape, **params: float) -> float:
    return float(np.median(np.linalg.norm(landscape.grad(grid(landscape, 41)[2], **params), axis=-1)))


def declared(landscape: Landscape) -> list[tuple[tuple[float, float], str]]:
    """Every point that the record names, and of what kind it is."""
    named = ((landscape.minima, MINIMUM), (landscape.saddles, SADDLE), (landscape.maxima, MAXIMUM))
    return [(point, kind) for points, kind in named for point in points]


def found(landscape: Landscape, *several: dict[str, float], size: int = 101) -> CriticalPoints:
    """The critical points at one or several settings of the parameters, by default at their defaults."""
    x, y, points = grid(landscape, size)
    frames = [landscape.defaults | one for one in several or ({},)]
    params = {name: np.array([one[name] for one in frames]) for name in landscape.defaults}
    return critical_points(landscape, x, y, landscape.sweep(points, frames), params)


def central_differences(f, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """4th-order central differences of f in x and in y, as a new last axis; `h` [2] is the step in each."""
    slopes = []
    for step in np.diag(h):
        near, far = f(x + step) - f(x - step), f(x + 2 * step) - f(x - 2 * step)
        slopes.append((8 * near - far) / (12 * step.sum()))
    return np.stack(slopes, axis=-1)
