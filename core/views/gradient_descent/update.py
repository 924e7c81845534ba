"""One update of an optimizer in numbers: every quantity of its formula, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.descent import update_terms
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.sliders import BETA, RATE, momentum_param

STEP_SYMBOL, GRADIENT = r"\Delta x", "g"
# How symbols are written outside a formula.
PLAIN_SYMBOLS = {
    STEP_SYMBOL: "Δx, the step", r"\hat m": "m̂", r"\hat v": "v̂", r"v^{\max}": "v max",
    r"\delta": "δ", r"\eta": "η, the learning rate",
}  # fmt: skip
# The quantities that are directions, which an arrow can show: a name, and the dash of its line.
ARROWS = {GRADIENT: ("negative gradient, −g", "dot"), "m": ("average, −m", "dash"), "c": ("average, −c", "dash")}
VELOCITY = ("velocity, −v", "dash")


@dataclass(frozen=True, eq=False)
class Update:
    """The runs of a race of one optimizer, with every quantity of every update: arrays [runs, updates, 2]."""

    race: Race

    @property
    def key(self) -> str:
        return self.race.optimizers[0]

    @cached_property
    def terms(self) -> dict[str, np.ndarray]:
        """The terms of the update by LaTeX symbol, in the order of the formula."""
        gradients = self.race.descent.noisy_gradients[:, 0]
        points = self.race.descent.points[:, 0]
        found = update_terms(self.race.optimizer(self.key), points, gradients, **self.params)
        return {symbol: np.moveaxis(np.broadcast_to(terms, gradients.shape), 0, 1) for symbol, terms in found.items()}

    @property
    def params(self) -> dict[str, np.ndarray]:
        """The optimizer's parameters that sliders set, [runs]."""
        found, name = self.race.settings, momentum_param(self.key)
        return {RATE: found[RATE][0]} | ({name: found[BETA]} if name else {})

    @property
    def arrows(self) -> dict[str, tuple[str, str]]:
        """The quantities that are directions: a name and a dash for each."""
        found = {symbol: ARROWS[symbol] for symbol in self.terms if symbol in ARROWS}
        if "v" in self.terms and "m" not in self.terms:  # beside averages m, v is one of squares
            found["v"] = VELOCITY
        return found

    def step_comparison(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The gradient norm, the step's length, and its angle to the negative gradient in degrees, [runs, updates].

        The gradient is that of the landscape itself, without the noise in what the optimizer sees.
        """
        step, down = self.terms[STEP_SYMBOL], -np.moveaxis(self.race.descent.gradients[:-1, 0], 0, 1)
        with np.errstate(all="ignore"):
            length, norm = (np.hypot(vectors[..., 0], vectors[..., 1]) for vectors in (step, down))
            cosine = np.sum(step / length[..., None] * down / norm[..., None], axis=-1)
            return norm, length, np.degrees(np.arccos(np.clip(cosine, -1, 1)))

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each update, at the released values: the point, then every quantity along both axes."""
        number, run = self.race.at(self.key, values)
        points, axes = self.race.descent.points[:-1, number, run], self.race.problem.landscape.axes
        columns = {"step": np.arange(len(points)), axes[0]: points[:, 0], axes[1]: points[:, 1]}
        for symbol, terms in self.terms.items():
            for column, axis in enumerate(axes):
                columns[f"{plain(symbol).partition(',')[0]} along {axis}"] = terms[run, :, column]
        return columns


def plain(symbol: str) -> str:
    """A LaTeX symbol as it is written in a table."""
    return PLAIN_SYMBOLS.get(symbol, symbol)
