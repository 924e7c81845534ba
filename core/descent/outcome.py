"""The outcomes that a descent can have, and the sentence that explains each."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np

from core.sentences import number_text, space_percents


class Outcome(IntEnum):
    """How a descent ended, the best ends first."""

    CONVERGED = 0
    LOCAL_MINIMUM = 1
    NOT_CONVERGED = 2
    NOISE_FLOOR = 3
    OVERSHOOTING = 4
    SLOW = 5
    PLATEAU = 6
    SADDLE = 7
    SLOWED_AT_SADDLE = 8
    MAXIMUM = 9
    OSCILLATING = 10
    LEFT_WINDOW = 11
    UNDEFINED = 12
    DIVERGED = 13


SENTENCES = {
    Outcome.CONVERGED: "Converged in {steps}.",
    Outcome.LOCAL_MINIMUM: "Stuck in a local minimum after {steps}: its loss is {height}, that of the lowest known "
    "minimum is {lowest}.",
    Outcome.NOT_CONVERGED: "Not converged yet.",
    Outcome.NOISE_FLOOR: "Reached its noise floor: noise in the gradient keeps its loss near {height}, and it "
    "hardly falls any more.",
    Outcome.OVERSHOOTING: "Overshoots and swings: its loss falls and rises again, and it still swings by ±{amplitude}.",
    Outcome.SLOW: "Very slow: its steps are short for the distance that is left.",
    Outcome.PLATEAU: "Stuck on a plateau: the loss is {height}, and the gradient vanishes.",
    Outcome.SADDLE: "Stopped at a saddle point: the gradient vanishes; the curvature is positive in one direction "
    "({high_curvature}) and negative in another ({low_curvature}).",
    Outcome.SLOWED_AT_SADDLE: "Slowed at a saddle point: it spent {stay} near it.",
    Outcome.MAXIMUM: "Stopped at a maximum: the gradient vanishes, and every direction leads down.",
    Outcome.OSCILLATING: "Oscillating: it swings by ±{amplitude} and hardly gets nearer.",
    Outcome.LEFT_WINDOW: "Left the window downhill: it is outside from step {step} on, and its loss still falls.",
    Outcome.UNDEFINED: "Left the domain of the loss: at step {step} the loss is undefined.",
    Outcome.DIVERGED: "Diverged at step {step}: from there on its loss is higher than at the start.",
}
AT_ONCE = {
    Outcome.CONVERGED: "Started at the minimum and stayed there.",
    Outcome.UNDEFINED: "Started where the loss is undefined.",
    Outcome.DIVERGED: "Started where the loss is too large to be computed.",
}
NO_CURVATURE = "Stopped at a saddle point: the gradient vanishes, and no direction of negative curvature leads down."
VERBS = {  # between an optimizer's name and its sentence, where that begins without a verb
    Outcome.NOT_CONVERGED: "has ",
    **dict.fromkeys((Outcome.LOCAL_MINIMUM, Outcome.SLOW, Outcome.PLATEAU, Outcome.OSCILLATING), "is "),
}
AHEAD = {
    Outcome.NOT_CONVERGED: " At this pace it needs about {to_go} more.",
    Outcome.SLOW: " At this pace it needs about {to_go} more; {share_done:.0%} of the distance is done.",
}
TOO_FAST = " Its learning rate {rate} is above {limit} / (largest curvature {high_curvature}) = {bound}."
TOO_FAST_ALONG = (
    " Its learning rate {rate} is above {limit} / (curvature {high_curvature} along its straight path) = {bound}."
)
NEAR_SADDLE = " It spent {stay} near a saddle point."


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The outcome of each run [...], and the numbers that explain it; NaN where a number has no meaning."""

    code: np.ndarray  # int: an Outcome
    # The step at which it arrived, came near the saddle, left the window for good, or from which on it was above its
    # start; else the last.
    step: np.ndarray  # int
    height: np.ndarray  # of the minimum it reached, at the noise floor the last quarter's mean, else of its end
    lowest: np.ndarray  # height of the lowest known minimum, or the height reached if that is lower
    amplitude: np.ndarray  # half the width of the last quarter of the path, in the landscape's own units
    steps_left: np.ndarray  # estimated steps to the minimum ahead; infinite when the run does not move
    share_done: np.ndarray  # of the distance from the start to the minimum ahead
    steps_at_saddle: np.ndarray  # int: steps spent near a saddle, 0 when few
    # Smallest and largest curvature. SADDLE, SLOWED_AT_SADDLE: at the saddle. DIVERGED, OSCILLATING: at the point where
    # the largest one limits the learning rate (`limiting_curvatures` in `classify`).
    low_curvature: np.ndarray
    high_curvature: np.ndarray
    along_path: np.ndarray  # bool: `high_curvature` is that along a straight path, which never meets the largest one
    rate: np.ndarray  # learning rate
    limit: np.ndarray  # the largest stable product of rate and curvature: 2 for gradient descent

    @cached_property
    def bound(self) -> np.ndarray:
        """The largest stable learning rate [...]; NaN where theory gives none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.high_curvature > 0, self.limit / self.high_curvature, np.nan)

    def sentence(self, at: Any = (), name: str = "") -> str:
        """The outcome of the run at this index, in plain words; with its optimizer's name as the subject."""
        run = {name: getattr(self, name)[at].item() for name in NUMBERS}
        outcome = Outcome(run["code"])
        text = AT_ONCE.get(outcome, SENTENCES[outcome]) if run["step"] == 0 else SENTENCES[outcome]
        if outcome == Outcome.SADDLE and not run["low_curvature"] < 0:
            text = NO_CURVATURE
        if outcome in AHEAD and math.isfinite(run["steps_left"]):
            text += AHEAD[outcome]
        if outcome in (Outcome.DIVERGED, Outcome.OSCILLATING) and run["rate"] > run["bound"]:
            text += TOO_FAST_ALONG if run["along_path"] else TOO_FAST
        if run["steps_at_saddle"] and outcome not in (Outcome.SADDLE, Outcome.SLOWED_AT_SADDLE):
            text += NEAR_SADDLE
        counts = {"steps": "step", "stay": "steps_at_saddle", "to_go": "steps_left"}
        words = {slot: steps_text(run[name]) for slot, name in counts.items()}
        words |= {slot: number_text(run[slot], digits) for slot, digits in DIGITS.items() if f"{{{slot}}}" in text}
        text = space_percents(text.format(**run | words))
        return f"{name} {VERBS.get(outcome, '')}{text[0].lower()}{text[1:]}" if name else text


DIGITS = {"height": 4, "lowest": 4} | dict.fromkeys(
    ("amplitude", "low_curvature", "high_curvature", "rate", "limit", "bound"), 3
)
NUMBERS = (*(field.name for field in fields(Outcomes)), "bound")  # that a sentence may hold


def steps_text(steps: float) -> str:
    """A number of steps in words, such as "1 step"; an estimate that is not whole is rounded to two digits."""
    if not math.isfinite(steps):
        return "no number of steps"
    whole = int(steps) if steps == int(steps) else round(float(f"{steps:.2g}"))
    return f"{whole:,} step{'s' if whole != 1 else ''}"
