"""Steps of runs that are not all as long: each has its own count, by which its optimizer and its schedule go."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.optimizers import OPTIMIZERS, SCHEDULES
from core.training.records import Setting


class Steps:
    """The optimizer of G runs. What it carries from one step to the next are arrays [G, P], or [G, 1] such as a count.

    `total` is how many steps each run makes in all.
    """

    def __init__(self, setting: Setting, lr: Sequence[float], total: Sequence[int], theta: np.ndarray) -> None:
        self.optimizer, self.schedule = OPTIMIZERS[setting.optimizer], SCHEDULES[setting.schedule]
        self.params = self.optimizer.defaults | dict(setting.optimizer_params)
        self.lr, self.total = np.array(lr)[:, None], np.array(total)[:, None]
        self.made = np.zeros_like(self.total)
        state = self.optimizer.init(theta)
        lanes = (np.shape(part) or (len(theta), 1) for part in state)
        self.state = type(state)(*(np.broadcast_to(part, lane).copy() for part, lane in zip(state, lanes, strict=True)))

    def after(self, theta: np.ndarray, grad: np.ndarray) -> np.ndarray:
        """Parameters [G, P] after one more step of the first runs, those of `grad` [some of G, P]. The others wait."""
        some = slice(len(grad))
        factor = self.schedule.factor_of(self.made[some], self.total[some], **self.schedule.defaults)
        before = type(self.state)(*(part[some] for part in self.state))
        params = self.params | {"lr": self.lr[some] * factor}
        moved, state = self.optimizer.step_of(theta[some], grad, before, **params)
        self.made[some] += 1
        if len(grad) == len(theta):
            self.state = state
            return moved
        for part, new in zip(self.state, state, strict=True):
            part[some] = new
        return np.concatenate([moved, theta[len(grad) :]])
