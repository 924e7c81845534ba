"""What /training-curves shows at an address, and the same run trained alone from what its controls say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from core.datasets import DATASETS, CurveDataset, ShapeDataset
from core.losses import LOSSES
from core.stage import Pick, Text
from core.training import Examples, History, Perceptron, Plan, Polynomial, Setting, train_runs
from tests.views import shown

LOSS, SECOND, THIRD, FIT = range(4)  # panels, from the upper left on


class Shown(shown.Shown):
    """And what its sentences are, and its runs trained alone."""

    @property
    def task(self) -> str:
        return self.view.key.partition("_")[0]

    @property
    def data(self) -> CurveDataset | ShapeDataset:
        return DATASETS["wave" if self.task == "polynomial" else self.task]  # type: ignore[return-value]

    def usual(self, curve: int, classes: int, polynomial: int) -> int:
        """What a task of this kind starts with."""
        return polynomial if self.task == "polynomial" else classes if isinstance(self.data, ShapeDataset) else curve

    def numbers(self, text: Text, moved: Mapping[str, float]) -> dict[str, float]:
        """What a sentence's slots hold."""
        return {name: float(self.row(slot, moved)) for name, slot in text.slots.items() if isinstance(slot, Pick)}

    def told(self, moved: Mapping[str, float]) -> str:
        """The verdict's sentence."""
        words = self.stage.summary.slots["told"]
        return words.strings[int(self.row(words.by, moved))]

    def trace(self, name: str, panel: int, moved: Mapping[str, float]) -> dict[str, np.ndarray]:
        (only,) = self.traces(name, panel, moved)
        return only

    def examples(self, moved: Mapping[str, float]) -> tuple[Examples, Examples]:
        """What the run where the sliders stand learns from, and what judges it."""

        def asked(key: str, usual: float) -> float:
            return self.at(key, moved) if key in {slider.key for slider in self.stage.sliders} else usual

        seed, noise = self.choice["seed"], self.at("noise", moved)
        count = int(asked("examples", self.usual(50, 100, 30)))
        outliers = asked("outliers", float(self.choice.get("outliers", 0)))
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
