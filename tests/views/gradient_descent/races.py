"""A race as the page shows it at an address, and what a test asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from core.descent.outcome import Outcome
from core.stage import Live, Stage, Words
from core.views import View
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.views import BY_KIND
from core.views.kit.view import Choice
from tests.views.gradient_descent.scripts import race_of
from tests.views.shown import asked


@dataclass(frozen=True, eq=False)
class Shown:
    """What somebody sees who arrives with these words."""

    chosen: Choice
    values: Mapping[str, float]  # of the sliders that the address names

    @property
    def view(self) -> View:
        return self.chosen.view

    @property
    def choice(self) -> Mapping[str, Any]:
        return self.chosen.params

    @cached_property
    def race(self) -> Race:
        return race_of(self.chosen)

    @property
    def stage(self) -> Stage:
        return self.chosen.stage

    @property
    def summary(self) -> str:
        return summary(self.stage, self.values)

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """How each optimizer ends as the sliders stand."""
        return {key: self.outcome(key) for key in self.race.optimizers}

    def outcome(self, key: str, **values: float) -> Outcome:
        return Outcome(int(self.race.outcomes.code[self.at(key, **values)]))

    def convergence_step(self, key: str, **values: float) -> int:
        return int(self.race.outcomes.step[self.at(key, **values)])

    def at(self, key: str, **values: float) -> tuple[int, int]:
        """Where the run of an optimizer is in the arrays [optimizers, runs]."""
        return self.race.at(key, {**self.values, **values})

    def points(self, key: str, **values: float) -> np.ndarray:
        number, run = self.at(key, **values)
        return self.race.descent.points[:, number, run]

    def heights(self, key: str, **values: float) -> np.ndarray:
        number, run = self.at(key, **values)
        return self.race.heights[:, number, run]

    def by_rate(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        """The outcomes and the steps of convergence of an optimizer at every learning rate."""
        along = self.race.by_rate(key)
        return self.race.outcomes.code[along], self.race.outcomes.step[along]

    def final_losses(self, key: str) -> np.ndarray:
        """Of an optimizer at every learning rate."""
        return self.race.heights[-1][self.race.by_rate(key)]


@cache
def arrived(**words: str) -> Shown:
    """As `/gradient-descent?<words>` shows it: `view` is the tab, a view's parameters and its sliders are the rest.
    Made once."""
    view, choice, values = asked(BY_KIND[words.pop("view", "textbook")]["race"].key, words)
    return Shown(view.choose(**choice).around(values), values)


def summary(stage: Stage, values: Mapping[str, float]) -> str:
    """The sentence under the picture, as the sliders stand."""
    text = stage.summary.template
    for name, slot in stage.summary.slots.items():
        if isinstance(slot, Words) and isinstance(slot.by, Live):
            word = slot.strings[int(slot.by.row(values))]
        else:
            word = f"{float(slot.row(values)):.4g}"
        text = text.replace("{" + name + "}", word)
    return text
