"""One update taken apart: what an optimizer makes of a gradient, step by step, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from core.descent import update_terms
from core.optimizers.formula_with_numbers import formula_with_numbers
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.sliders import BETA, RATE, STEP, kept

STEP_SYMBOL, UPHILL = r"\Delta x", "g"
# How symbols are written outside a formula.
WRITTEN = {
    STEP_SYMBOL: "Δx, the step", r"\hat m": "m̂", r"\hat v": "v̂", r"v^{\max}": "v max",
    r"\delta": "δ", r"\eta": "η, the learning rate",
}  # fmt: skip
# Which of the quantities are directions that an arrow can show: a name, and the dash of its line.
ARROWS = {UPHILL: ("negative gradient, −g", "dot"), "m": ("average, −m", "dash"), "c": ("average, −c", "dash")}
VELOCITY = ("velocity, −v", "dash")


@dataclass(frozen=True, eq=False)
class Update:
    """The run of one optimizer with every quantity of every update: arrays [lanes, updates, 2]."""

    race: Race

    @property
    def key(self) -> str:
        return self.race.optimizers[0]

    @cached_property
    def terms(self) -> dict[str, np.ndarray]:
        """By LaTeX symbol, in the order of the formula."""
        race, run = self.race, self.race.run
        rule = race.runner.optimizers[self.key]
        found = update_terms(rule, run.points[:, 0], run.noisy_gradients[:, 0], **self.params)
        shape = run.noisy_gradients[:, 0].shape
        return {symbol: np.moveaxis(np.broadcast_to(terms, shape), 0, 1) for symbol, terms in found.items()}

    @property
    def params(self) -> dict[str, np.ndarray]:
        found = self.race.settings
        own = {kept(self.key): found[BETA]} if kept(self.key) else {}
        return {RATE: found[RATE][0]} | own

    def formula_with_numbers(self, values: Mapping[str, float], axis: int) -> str:
        """The formula of the update at these values of the sliders with its numbers in it, along one axis: LaTeX."""
        race = self.race
        lane = race.lane(self.key, values)
        step = int(values.get(STEP, race.slider(STEP).values[race.slider(STEP).start]))
        points = race.run.points[:, 0, lane, axis]

        def at(update: int) -> dict[str, float]:
            return {symbol: float(terms[lane, update, axis]) for symbol, terms in self.terms.items()}

        now = at(step) | {"x": float(points[step + 1])}
        before = (at(step - 1) if step else dict.fromkeys(now, 0.0)) | {"x": float(points[step])}
        params = {name: float(numbers[lane]) for name, numbers in self.params.items()}
        return formula_with_numbers(race.runner.optimizers[self.key].formula_at(**params), before, now, step + 1)

    @property
    def arrows(self) -> dict[str, tuple[str, str]]:
        """Those of the quantities that are directions: a name and a dash for each."""
        found = {symbol: ARROWS[symbol] for symbol in self.terms if symbol in ARROWS}
        if "v" in self.terms and "m" not in self.terms:  # beside averages m, v is one of squares
            found["v"] = VELOCITY
        return found

    def compared(self) -> dict[str, np.ndarray]:
        """Step and slope [lanes, updates]: how long, how steep, and the angle from straight downhill in degrees.

        Downhill is that of the landscape itself, whatever noise there is in the gradient that the optimizer sees.
        """
        step, down = self.terms[STEP_SYMBOL], -np.moveaxis(self.race.run.gradients[:-1, 0], 0, 1)
        with np.errstate(all="ignore"):
            long, slope = (np.hypot(vectors[..., 0], vectors[..., 1]) for vectors in (step, down))
            cosine = np.sum(step / long[..., None] * down / slope[..., None], axis=-1)
            angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
        return {"length": long, "slope": slope, "angle": angle}

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each update, at the released values: the point, then every quantity along both axes."""
        lane = self.race.lane(self.key, values)
        points, axes = self.race.run.points[:-1, 0, lane], self.race.arena.landscape.axes
        columns = {"step": np.arange(len(points)), axes[0]: points[:, 0], axes[1]: points[:, 1]}
        for symbol, terms in self.terms.items():
            for number, axis in enumerate(axes):
                columns[f"{plain(symbol).partition(',')[0]} along {axis}"] = terms[lane, :, number]
        return columns


@lru_cache(maxsize=4)  # the picture and the card under it show the same
def update(race: Race) -> Update:
    return Update(race)


def plain(symbol: str) -> str:
    """A LaTeX symbol as it is written in a table."""
    return WRITTEN.get(symbol, symbol)
