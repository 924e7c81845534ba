"""What /training-curves shows at an address, and the same run trained alone at the values of its controls."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from core.datasets import DATASETS, CurveDataset, ShapeDataset
from core.losses import LOSSES
from core.stage import Text
from core.training import Examples, History, Perceptron, Plan, Polynomial, Setting, train_runs
from tests.views import shown
from tests.views.cases import shown_by

LOSS, METRIC, GRADIENT, FIT = range(4)  # panels of one run, row by row
COMPARED, GRADIENT_SIZE, PREDICTION = range(3)  # panels of several losses


class Shown(shown.Shown):
    """And its sentences, and its runs trained alone."""

    @property
    def task(self) -> str:
        return self.view.key.partition("_")[0]

    @property
    def data(self) -> CurveDataset | ShapeDataset:
        return DATASETS["wave" if self.task == "polynomial" else self.task]  # type: ignore[return-value]

    def usual(self, curve: int, classes: int, polynomial: int) -> int:
        """What a task of this kind starts with."""
        return polynomial if self.task == "polynomial" else classes if isinstance(self.data, ShapeDataset) else curve

    def numbers(self, text: Text, moved: Mapping[str, float]) -> list[float]:
        """The numbers in a sentence, in their order."""
        return [shown_by(slot, {**self.values, **moved}) for slot in text.slots.values()]

    def verdict_text(self, moved: Mapping[str, float]) -> str:
        """The verdict's sentences."""
        assert self.stage.summary.template == "{verdict}"
        return shown_by(self.stage.summary.slots["verdict"], {**self.values, **moved})

    def trace(self, name: str, panel: int, moved: Mapping[str, float]) -> dict[str, np.ndarray]:
        (only,) = self.traces(name, panel, moved)
        return only

    def examples(self, moved: Mapping[str, float]) -> tuple[Examples, Examples]:
        """The training set and the validation set of the run at which the sliders stand."""

        def at(key: str, usual: float) -> float:
            return self.at(key, moved) if key in {slider.key for slider in self.stage.sliders} else usual

        seed, noise = self.choice["seed"], self.at("noise", moved)
        count = int(at("examples", self.usual(50, 100, 30)))
        outliers = at("outliers", float(self.choice.get("outliers", 0)))
        return tuple(map(Examples.of, self.data.split(count, noise, seed, outliers)))

    def alone(self, moved: Mapping[str, float], loss: str = "") -> History:
        """The run where the sliders stand, under its loss or another, with nothing beside it."""
        keys = {slider.key for slider in self.stage.sliders}
        size = int(self.at("capacity", moved)) if "capacity" in keys else self.usual(16, 8, 5)
        plan = Plan(
            model=Polynomial(size) if self.task == "polynomial" else Perceptron((size, size)),
            lr=self.at("lr", moved),
            **{self.choice.get("norm", "l2"): self.at("penalty", moved) if "penalty" in keys else 0.0},
            initial_score=self.at("level", moved) if "level" in keys else 0.0,
            seed=self.choice["seed"],
        )
        train, validation = self.examples(moved)
        setting = Setting(
            loss=LOSSES[loss or self.choice["loss"]],
            optimizer=self.choice["optimizer"],
            schedule=self.choice["schedule"],
            batch=int(self.choice["batch"]),
            patience=int(self.choice.get("patience", 0)),
        )
        return train_runs(setting, [plan], [train], [validation], keep=61, precision=np.float32)


def arrived(view: str, words: Mapping[str, str] | None = None) -> Shown:
    """As the page shows this view at these words; made once."""
    return _arrived(view, tuple((words or {}).items()))


@cache
def _arrived(key: str, words: tuple[tuple[str, str], ...]) -> Shown:
    return Shown(*shown.asked(key, dict(words)))
