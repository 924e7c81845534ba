"""Steps of runs that are not all as long: each has its own count, by which its optimizer and its schedule go."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.optimizers import OPTIMIZERS, SCHEDULES
from core.training.records import Setting


class Steps:
    """The optimizer of G runs, with a state and a number of steps made for each.

    `core.optimizers.iterate` does not fit here: it moves every run of a batch in every step, at a learning rate that
    stays as it is. In mini-batch training the runs of fewer examples wait at the end of each epoch while the others go
    on (a step with a gradient of 0 would move Adam), and each run's schedule goes over its own total of steps. The rule
    itself is the same: `step_of` of the record.
    """

    def __init__(self, setting: Setting, lr: Sequence[float], total: Sequence[int], theta: np.ndarray) -> None:
        """lr: learning rates [G]; total: how many steps each run makes in all [G]; theta: initial parameters [G, P]."""
        self.optimizer, self.schedule = OPTIMIZERS[setting.optimizer], SCHEDULES[setting.schedule]
        self.params = self.optimizer.defaults | dict(setting.optimizer_params)
        self.lr, self.total = np.array(lr)[:, None], np.array(total)[:, None]
        self.count = np.zeros_like(self.total)  # steps made
        state = self.optimizer.init(theta)
        shapes = (np.shape(part) or (len(theta), 1) for part in state)
        # Arrays [G, P], or [G, 1] of what is one number for a run, such as a count.
        self.state = type(state)(
            *(np.broadcast_to(part, shape).copy() for part, shape in zip(state, shapes, strict=True))
        )

    def step(self, theta: np.ndarray, grad: np.ndarray) -> np.ndarray:
        """Parameters [G, P] after one more step of the first runs, those of `grad` [some of G, P]; the others wait."""
        some = slice(len(grad))
        factor = self.schedule.factor_of(self.count[some], self.total[some], **self.schedule.defaults)
        before = type(self.state)(*(part[some] for part in self.state))
        params = self.params | {"lr": self.lr[some] * factor}
        moved, state = self.optimizer.step_of(theta[some], grad, before, **params)
        self.count[some] += 1
        if len(grad) == len(theta):
            self.state = state
            return moved
        for part, new in zip(self.state, state, strict=True):
            part[some] = new
        return np.concatenate([moved, theta[len(grad) :]])
