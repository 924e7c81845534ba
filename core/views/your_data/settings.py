"""The regression losses on a person's own data: the sliders that set their parameters, in the units of the data."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from core.evaluation.bootstrap import Bootstrap, interval
from core.evaluation.comparison import ModelComparison, compare, outside_domain
from core.evaluation.predictions import Predictions
from core.losses import Loss, losses_of
from core.sentences import number_text
from core.stage import Slider

# Parameters by the slider that sets them. Those of a scale are sizes of errors: where "small" ends.
SET_BY = {"delta": "scale", "beta": "scale", "epsilon": "scale", "c": "scale", "var": "scale", "tau": "tau",
          "under_weight": "cost"}  # fmt: skip
STOPS = {20_000: 21, 200_000: 7}  # of a slider, by the most rows for which each can be computed at once
FEWEST_STOPS = 5
ROUNDING = 1e-12  # of a typical error
TAU = Slider(name="tau", label="Quantile τ", values=np.round(np.arange(0.05, 0.96, 0.05), 2), start=17)
START_COST = 3.0


def stops(rows: int) -> int:
    """How many values a slider has: fewer for a long file, of which each takes longer."""
    return next((count for most, count in STOPS.items() if rows <= most), FEWEST_STOPS)


class OwnLosses:
    """The regression losses for a person's predictions: their sliders, and the comparison of the models under each."""

    def __init__(self, predictions: Predictions, typical_error: float | None = None) -> None:
        self.predictions, self.bootstrap = predictions, Bootstrap(len(predictions))
        self.typical_error = typical_error or predictions.typical_error  # what the scale of the losses starts at
        self.refused = {loss.key: why for loss in losses_of("regression").values()
                        if (why := outside_domain(loss, predictions))}  # fmt: skip
        self.losses = [loss for loss in losses_of("regression").values() if loss.key not in self.refused]

    @cached_property
    def bias(self) -> np.ndarray:
        """The mean error of each model, [models]; 0 where rounding alone is left of it."""
        mean = self.predictions.residuals.mean(axis=1)
        return np.where(np.abs(mean) < ROUNDING * self.typical_error, 0.0, mean)

    @cached_property
    def bias_interval(self) -> np.ndarray:
        """The 95 % interval of each mean error, [2, models]."""
        target, *models = self.predictions.shuffled
        sums = np.add.reduceat(np.stack(models) - target, self.bootstrap.starts, axis=-1)
        return interval(self.bootstrap.means(sums))

    @cached_property
    def scale(self) -> Slider:
        """The size at which an error stops to be small."""
        count = stops(len(self.predictions))
        values = self.typical_error * np.logspace(-1, 1, count)
        return Slider(name="scale", label="Huber δ, and the scale of the other losses", values=rounded(values),
                      start=count // 2)  # fmt: skip

    @cached_property
    def cost(self) -> Slider:
        """What a prediction that is too low costs, where one that is too high by as much costs 1."""
        values = rounded(np.logspace(-1, 1, stops(len(self.predictions))))
        start = int(np.abs(np.log(values / START_COST)).argmin())
        return Slider(name="cost", label="Cost of too low (too high = 1)", values=values, start=start)

    @cached_property
    def tau(self) -> Slider:
        """The level of the quantile, and of the expectile."""
        even = (
            np.linspace(0, len(TAU.values) - 1, min(stops(len(self.predictions)), len(TAU.values))).round().astype(int)
        )
        values = TAU.values[np.union1d(even, TAU.start)]
        return replace(TAU, values=values, start=int(np.flatnonzero(values == TAU.default)[0]))

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """Those that set a loss which can be computed."""
        used = {slider.key for loss in self.losses if (slider := self.slider_of(loss))}
        return tuple(slider for slider in (self.scale, self.tau, self.cost) if slider.key in used)

    def slider_of(self, loss: Loss) -> Slider | None:
        """The slider that sets a loss; None where it has no parameter that one sets."""
        names = [SET_BY[param.name] for param in loss.params if param.name in SET_BY]
        return {"scale": self.scale, "tau": self.tau, "cost": self.cost}[names[0]] if names else None

    def params(self, loss: Loss) -> dict[str, np.ndarray]:
        """The parameters of a loss at each value of its slider, [values] by name."""
        slider = self.slider_of(loss)
        values = np.ones(1) if slider is None else slider.values
        return {param.name: values**2 if param.name == "var" else values
                for param in loss.params if param.name in SET_BY}  # fmt: skip

    def compared(self, loss: Loss) -> ModelComparison:
        """The models under a loss, at each value of its slider."""
        return compare(loss, self.predictions, self.bootstrap, **self.params(loss))


def rounded(values: np.ndarray) -> np.ndarray:
    """The values to three digits, as they are written beside a slider."""
    return np.array([float(f"{value:.3g}") for value in values])


def short_number(value: float) -> str:
    """A number as it is written beside a slider: to three digits."""
    return number_text(float(f"{value:.3g}"))
