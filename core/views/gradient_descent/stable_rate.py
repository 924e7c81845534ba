"""The largest stable learning rate of a race's optimizers, as ticks on the sliders of their learning rates."""

from __future__ import annotations

import numpy as np

from core.descent.theory import RATE_LIMITED, rate_limit
from core.optimizers import OPTIMIZERS
from core.stage import Live, Text, Tick
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.sliders import BETA

BOUNDS = dict(zip(RATE_LIMITED, ("2/λmax", "2(1 + β)/λmax", "2(1 + β)/((1 + 2β)λmax)"), strict=True))


def stable_rates(race: Race) -> tuple[Tick, ...]:
    """A tick on each slider for the first of its optimizers whose bound theory has."""
    ticks: dict[str, Tick] = {}
    for key in RATE_LIMITED if race.plain else ():
        slider = race.rate(key).key if key in race.optimizers else ""
        bound = stable_rate(race, key)
        if slider and slider not in ticks and np.isfinite(bound).any():
            ticks[slider] = tick(slider, key, Live(bound, race.sweeps[key]), exact=is_quadratic(race))
    return tuple(ticks.values())


def tick(slider: str, key: str, bound: Live, *, exact: bool) -> Tick:
    """The tick of an optimizer's bound; one that is not exact holds near the minimum alone."""
    where = "" if exact else "Near the lowest minimum, "
    name = OPTIMIZERS[key].name
    name = name if exact else name[0].lower() + name[1:]
    return Tick(slider, bound, Text(f"{where}{name} is stable below {BOUNDS[key]} = {{}}", bound))


def stable_rate(race: Race, key: str) -> np.ndarray:
    """The largest stable learning rate in each run of an optimizer's sweep, [runs]; NaN where there is none.

    On a landscape that is not quadratic it is that of the quadratic which fits at the lowest minimum.
    """
    settings = race.settings
    limit = rate_limit(key, settings.get(BETA, np.zeros(len(race.setting))))
    with np.errstate(divide="ignore", invalid="ignore"):
        curvature = largest_curvatures(race)[race.setting]
        return np.where((curvature > 0) & ~race.sampled, limit / curvature, np.nan)


def largest_curvatures(race: Race) -> np.ndarray:
    """The largest curvature λmax at the lowest minimum in each run of the landscape's sweep; NaN without a minimum."""
    if is_quadratic(race):
        return np.array([known.high for known in race.quadratics if known])
    return race.grid.lowest()["sharpness"]


def is_quadratic(race: Race) -> bool:
    """Whether the landscape is quadratic, with a single minimum, in every run of its sweep."""
    return all(known is not None and known.convex for known in race.quadratics)
