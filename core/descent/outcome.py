"""How a descent ended, and the sentence that says why."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np


class Fate(IntEnum):
    """How a descent ended, the good ends first."""

    CONVERGED = 0
    LOCAL_MINIMUM = 1
    ON_ITS_WAY = 2
    CRAWLING = 3
    PLATEAU = 4
    SADDLE = 5
    SLOWED = 6
    SUMMIT = 7
    OSCILLATING = 8
    LEFT = 9
    UNDEFINED = 10
    DIVERGED = 11


SENTENCES = {
    Fate.CONVERGED: "Converged in {steps}.",
    Fate.LOCAL_MINIMUM: "Stuck in a local minimum after {steps}: its loss is {height:.4g}, that of the lowest known "
    "minimum is {lowest:.4g}.",
    Fate.ON_ITS_WAY: "Not converged yet.",
    Fate.CRAWLING: "Very slow: its steps are short for the distance that is left.",
    Fate.PLATEAU: "Stuck on a plateau: the loss is {height:.4g}, and the gradient vanishes.",
    Fate.SADDLE: "Stopped at a saddle point: the gradient vanishes; the curvature is positive in one direction "
    "({high:.3g}) and negative in another ({low:.3g}).",
    Fate.SLOWED: "Slowed at a saddle point: it spent {halt} near it.",
    Fate.SUMMIT: "Stopped at a maximum: the gradient vanishes, and every direction leads down.",
    Fate.OSCILLATING: "Oscillating: it swings by ±{swing:.3g} and hardly gets nearer.",
    Fate.LEFT: "Left the window downhill: it is outside from step {step:d} on, and its loss still falls.",
    Fate.UNDEFINED: "Left the domain of the loss: at step {step:d} the loss is undefined.",
    Fate.DIVERGED: "Diverged: from step {step:d} on, its loss is higher than at the start.",
}
AT_ONCE = {
    Fate.CONVERGED: "Started at the minimum and stayed there.",
    Fate.UNDEFINED: "Started where the loss is undefined.",
    Fate.DIVERGED: "Started where the loss is too large to be computed.",
}
NO_CURVATURE = "Stopped at a saddle point: the gradient vanishes, and no negative curvature shows the way down."
AHEAD = {
    Fate.ON_ITS_WAY: " At this pace it needs about {to_go} more.",
    Fate.CRAWLING: " At this pace it needs about {to_go} more; {share:.0%} of the distance is done.",
}
TOO_FAST = " Its learning rate {rate:.3g} is above {limit:.3g} / (largest curvature {high:.3g}) = {bound:.3g}."
TOO_FAST_ALONG = (
    " Its learning rate {rate:.3g} is above {limit:.3g} / (curvature {high:.3g} along its straight path) = {bound:.3g}."
)
HELD_UP = " It spent {halt} near a saddle point."


@dataclass(frozen=True, eq=False)
class Fates:
    """How each lane [...] ended, and the numbers that say why; NaN or -1 where a number has no meaning."""

    code: np.ndarray  # int: a Fate
    # The step at which it arrived, left the picture for good, or from which on it was above its start; else the last.
    step: np.ndarray  # int
    height: np.ndarray  # of the minimum it reached, else of its end
    lowest: np.ndarray  # the lowest known minimum, or the height reached if that is lower
    swing: np.ndarray  # half the width of the last quarter of the path, in the landscape's own units
    more: np.ndarray  # steps still to go, estimated; infinite when it does not move
    share: np.ndarray  # of the distance from the start to the minimum ahead: how much is done
    held: np.ndarray  # int: steps spent beside a saddle, 0 when few
    # The curvatures at the saddle of one that was held up; of one that diverged or swings, those of the place named in
    # `judged`, where the largest was too large.
    low: np.ndarray
    high: np.ndarray
    along: np.ndarray  # bool: `high` is the curvature along a straight path, which never meets the largest
    rate: np.ndarray
    limit: np.ndarray  # of rate times curvature: 2 for gradient descent

    @property
    def bound(self) -> np.ndarray:
        """The learning rate [...] above which steps grow; NaN where theory names none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.high > 0, self.limit / self.high, np.nan)

    @property
    def arrived(self) -> np.ndarray:
        """Whether each lane ended at a minimum, the lowest or not."""
        return self.code <= Fate.LOCAL_MINIMUM

    def sentence(self, at: Any = ()) -> str:
        """What happened to the lane at this index, in plain words."""
        names = [field.name for field in fields(self)]
        return told(dict(zip(names, (getattr(self, name)[at].item() for name in names), strict=True)))

    def sentences(self) -> np.ndarray:
        """All of them [...], str."""
        names = [field.name for field in fields(self)]
        lanes = zip(*(getattr(self, name).ravel().tolist() for name in names), strict=True)
        said = [told(dict(zip(names, numbers, strict=True))) for numbers in lanes]
        return np.array(said, dtype=object).reshape(self.code.shape)


def told(lane: dict[str, Any]) -> str:
    """The sentence on a lane, from its numbers by the names of Fates."""
    fate = Fate(lane["code"])
    bound = lane["limit"] / lane["high"] if lane["high"] > 0 else math.nan
    said = AT_ONCE.get(fate, SENTENCES[fate]) if lane["step"] == 0 else SENTENCES[fate]
    if fate == Fate.SADDLE and not lane["low"] < 0:
        said = NO_CURVATURE
    if fate in AHEAD and math.isfinite(lane["more"]):
        said += AHEAD[fate]
    if fate in (Fate.DIVERGED, Fate.OSCILLATING) and lane["rate"] > bound:
        said += TOO_FAST_ALONG if lane["along"] else TOO_FAST
    if lane["held"] and fate not in (Fate.SADDLE, Fate.SLOWED):
        said += HELD_UP
    counts = {"steps": counted(lane["step"]), "halt": counted(lane["held"]), "to_go": counted(lane["more"])}
    return said.format(**lane, **counts, bound=bound)


def counted(steps: float) -> str:
    """So many steps in words; an estimate, which is not whole, to two digits."""
    if not math.isfinite(steps):
        return "no number of steps"
    whole = int(steps) if steps == int(steps) else round(float(f"{steps:.2g}"))
    return f"{whole:,} step{'s' if whole != 1 else ''}"
