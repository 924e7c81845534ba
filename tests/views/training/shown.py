"""What /training-curves shows at an address, and the same run trained alone from what its controls say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from core.datasets import noisy_moons, wave
from core.losses import LOSSES
from core.stage import Pick, Stage, Text
from core.stage.route import reel_values
from core.training import Examples, History, Perceptron, Plan, Polynomial, Setting, train_runs
from core.views import VIEWS, View

LOSS, SECOND, THIRD, FIT = range(4)  # panels, from the upper left on


@dataclass(frozen=True, eq=False)
class Shown:
    """What somebody sees who arrives with these words, and then moves reels."""

    view: View
    choice: Mapping[str, Any]
    values: Mapping[str, float]  # of the reels that the address names

    @cached_property
    def stage(self) -> Stage:
        return self.view.make(self.choice, self.view.centre(self.choice, self.values))

    @property
    def task(self) -> str:
        return self.view.key.partition("_")[0]

    def at(self, key: str, moved: Mapping[str, float]) -> float:
        """Where a reel stands."""
        reel = self.stage.reel(key)
        return reel.settled({**self.values, **moved}.get(key, float(reel.values[reel.start])))

    def row(self, pick: Pick, moved: Mapping[str, float]) -> Any:
        return self.stage.row(pick, {**self.values, **moved})

    def numbers(self, text: Text, moved: Mapping[str, float]) -> dict[str, float]:
        """What a sentence's slots hold."""
        return {name: float(self.row(slot, moved)) for name, slot in text.slots.items() if isinstance(slot, Pick)}

    def told(self, moved: Mapping[str, float]) -> str:
        """The verdict's sentence."""
        words = self.stage.notice.slots["told"]
        return words.strings[int(self.row(words.pick, moved))]

    @cached_property
    def places(self) -> list[tuple[str, str]]:
        """The name and the axis of every trace: to ask Plotly is slow."""
        return [(trace.name, trace.yaxis) for trace in self.stage.figure.data]

    def traces(self, name: str, panel: int, moved: Mapping[str, float]) -> list[dict[str, np.ndarray]]:
        """What the traces of this name in a panel are drawn from, in their order."""
        axis = f"y{panel + 1 if panel else ''}"
        numbers = [number for number, (own, upright) in enumerate(self.places) if (own, upright or "y") == (name, axis)]
        assert numbers, f"{name} is not drawn in panel {panel}"
        return [
            {track.attribute: self.row(track.pick, moved) for track in self.stage.tracks if track.trace == number}
            for number in numbers
        ]

    def trace(self, name: str, panel: int, moved: Mapping[str, float]) -> dict[str, np.ndarray]:
        (only,) = self.traces(name, panel, moved)
        return only

    def examples(self, moved: Mapping[str, float]) -> tuple[Examples, Examples]:
        """What the run where the reels stand learns from, and what judges it."""

        def asked(key: str, usual: float) -> float:
            return self.at(key, moved) if key in {reel.key for reel in self.stage.reels} else usual

        seed, noise = self.choice["seed"], self.at("noise", moved)
        count = int(asked("examples", {"wave": 50, "polynomial": 30, "moons": 100}[self.task]))
        if self.task == "moons":
            return tuple(map(Examples.of, noisy_moons(count, noise, seed)))
        outliers = asked("outliers", float(self.choice.get("outliers", 0)))
        return tuple(map(Examples.of, wave(count, noise, seed, outliers)))

    def alone(self, moved: Mapping[str, float], loss: str = "") -> History:
        """The run where the reels stand, under its loss or another, with nothing beside it."""
        keys = {reel.key for reel in self.stage.reels}
        size = int(self.at("capacity", moved)) if "capacity" in keys else SIZES[self.task]
        plan = Plan(
            model=Polynomial(size) if self.task == "polynomial" else Perceptron((size, size)),
            lr=self.at("lr", moved),
            **{self.choice.get("norm", "l2"): self.at("penalty", moved) if "penalty" in keys else 0.0},
            level=self.at("level", moved) if "level" in keys else 0.0,
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


SIZES = {"wave": 16, "polynomial": 5, "moons": 8}


def arrived(view: str, words: Mapping[str, str] | None = None) -> Shown:
    """As the page shows this view at these words; made once."""
    return _arrived(view, tuple((words or {}).items()))


@cache
def _arrived(key: str, words: tuple[tuple[str, str], ...]) -> Shown:
    view, given = VIEWS[key], dict(words)
    choice = view.defaults | {name: view.param(name).read(given.pop(name)) for name in view.defaults if name in given}
    values = reel_values(view.reels(**choice), given)
    assert set(values) == set(given)
    return Shown(view, choice, values)
