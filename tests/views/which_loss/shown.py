"""What /which-loss shows at an address, and its experiment anew where the sliders stand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from core.advice import PREDICTIONS, Advice, ExperimentResult, Prediction
from tests.views import shown


class Shown(shown.Shown):
    """And its prediction, its advice, and what the experiment finds."""

    @property
    def prediction(self) -> Prediction:
        return PREDICTIONS[self.view.key.removeprefix("which_")]

    @property
    def kinds(self) -> tuple[str, str]:
        """The chosen kinds of data and of cost."""
        data, cost = self.prediction.begins
        return self.choice.get("data", data), self.choice.get("cost", cost)

    @property
    def advice(self) -> Advice:
        return self.prediction.advice[self.kinds]

    def settings(self, moved: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The factors of the experiment where the sliders stand, one run."""
        return {one.name: np.array([self.at(one.name, moved)]) for one in self.prediction.factors(*self.kinds)}

    def experiment(self, moved: Mapping[str, float]) -> ExperimentResult:
        return self.prediction.compare(self.advice, *self.kinds, self.settings(moved))


@cache
def _arrived(word: str, words: tuple[tuple[str, str], ...]) -> Shown:
    return Shown(*shown.asked(f"which_{word}", dict(words)))


def arrived(word: str, **words: str) -> Shown:
    """As the page shows a prediction at these words; made once."""
    return _arrived(word, tuple(words.items()))
