"""A race as the page shows it at an address, and what a test asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.descent.outcome import Outcome
from core.stage import Live, Stage, Words
from core.views import View
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.views import race_of
from tests.views.shown import asked


@dataclass(frozen=True, eq=False)
class Shown:
    """What somebody sees who arrives with these words."""

    view: View
    choice: Mapping[str, Any]
    values: Mapping[str, float]  # of the sliders that the address names
    race: Race

    @cached_property
    def stage(self) -> Stage:
        return self.view.choose(**self.choice).around(self.race.centre).stage

    @property
    def summary(self) -> str:
        return said(self.stage, self.values)

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """How each optimizer ends as the sliders stand."""
        return {key: self.outcome(key) for key in self.race.optimizers}

    def outcome(self, key: str, **values: float) -> Outcome:
        return Outcome(int(self.race.outcomes.code[self.at(key, **values)]))

    def arrival(self, key: str, **values: float) -> int:
        return int(self.race.outcomes.step[self.at(key, **values)])

    def at(self, key: str, **values: float) -> tuple[int, int]:
        """Where the run of an optimizer is in the arrays [optimizers, lanes]."""
        return self.race.optimizers.index(key), self.race.lane(key, {**self.values, **values})

    def points(self, key: str, **values: float) -> np.ndarray:
        number, lane = self.at(key, **values)
        return self.race.run.points[:, number, lane]

    def heights(self, key: str, **values: float) -> np.ndarray:
        number, lane = self.at(key, **values)
        return self.race.heights[:, number, lane]

    def sweep(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        """The outcomes and the steps of arrival of an optimizer at every learning rate."""
        race, number = self.race, self.race.optimizers.index(key)
        ray = race.ray(race.star_of(key), race.rate_of(key))
        return race.outcomes.code[number, ray], race.outcomes.step[number, ray]


def arrived(**words: str) -> Shown:
    """As `/gradient-descent?<words>` shows it: `view` is the tab, a view's parameters and its sliders are the rest."""
    kind = words.pop("view", "textbook")
    view, choice, values = asked(f"{kind}_race", words)
    return Shown(view, choice, values, race_of(kind, choice, view.choose(**choice).around(values).centre))


def said(stage: Stage, values: Mapping[str, float]) -> str:
    """The sentence under the picture, as the sliders stand."""
    text = stage.summary.template
    for name, slot in stage.summary.slots.items():
        if isinstance(slot, Words) and isinstance(slot.by, Live):
            word = slot.strings[int(slot.by.row(values))]
        else:
            word = f"{float(slot.row(values)):.4g}"
        text = text.replace("{" + name + "}", word)
    return text
