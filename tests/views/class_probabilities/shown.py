"""What /class-probabilities shows at an address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from core.models.scored_example import ScoredExample
from core.stage import Text
from tests.views import shown
from tests.views.texts import filled


class Shown(shown.Shown):
    """And what one example's scores come to, as the sliders stand."""

    def example(self, moved: Mapping[str, float]) -> ScoredExample:
        return self.view.choose(**self.choice).picture.runs({**self.values, **moved}, arms=False).example

    def surprise(self, moved: Mapping[str, float]) -> float:
        """Of the target, in nats."""
        return float(self.example(moved).cross_entropy[0])

    def chances(self, how: str, moved: Mapping[str, float]) -> np.ndarray:
        """The probabilities of the classes: `softmax`, `sigmoids` or `naive_softmax`."""
        return getattr(self.example(moved), how)[0]

    def gradient(self, key: str, moved: Mapping[str, float]) -> np.ndarray:
        """Of a loss, on every score."""
        return self.view.choose(**self.choice).picture.runs({**self.values, **moved}, arms=False).grads[key][0]

    def sentence(self, text: Text, moved: Mapping[str, float]) -> str:
        """A sentence as the browser writes it."""
        return filled(text, {**self.values, **moved})


def arrived(words: Mapping[str, str]) -> Shown:
    """As `/class-probabilities?<words>` shows it; made once."""
    return _arrived(tuple(words.items()))


@cache
def _arrived(words: tuple[tuple[str, str], ...]) -> Shown:
    left = dict(words)
    return Shown(*shown.asked(f"class_{left.pop('view', 'example')}", left))
