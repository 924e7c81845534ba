"""What /class-probabilities shows at an address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from core.models.scored_example import ScoredExample
from core.models.simplex import LossMinimum
from core.stage import Text
from core.views.class_probabilities.simplex.view import SimplexFigure
from tests.views import shown
from tests.views.texts import filled


class Shown(shown.Shown):
    """And what one example's scores come to as the sliders stand, and the numbers of the key by the name of a row."""

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

    def minimum(self, moved: Mapping[str, float]) -> LossMinimum:
        """Of the first loss; one run."""
        picture = self.view.choose(**self.choice).picture
        found = SimplexFigure(picture, {**self.values, **moved}, draft=True).found
        return next(iter(found.values()))[0]

    def sentence(self, text: Text, moved: Mapping[str, float]) -> str:
        """A sentence as the browser writes it."""
        return filled(text, {**self.values, **moved})

    def numbers(self, moved: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The numbers of each row of the key, in the order of its columns."""
        return {
            row.name: np.array([float(self.row(next(iter(cell.slots.values())), moved)) for cell in row.cells])
            for row in self.stage.readings
        }

    def summary(self, moved: Mapping[str, float]) -> str:
        """The sentence under the picture, as the browser writes it."""
        return self.sentence(self.stage.summary, moved)

    def column(self, name: str) -> int:
        """The place of a column of the key."""
        return self.stage.headings.index(name)


def arrived(words: Mapping[str, str]) -> Shown:
    """As `/class-probabilities?<words>` shows it; made once."""
    return _arrived(tuple(words.items()))


@cache
def _arrived(words: tuple[tuple[str, str], ...]) -> Shown:
    left = dict(words)
    return Shown(*shown.asked(f"class_{left.pop('view', 'example')}", left))
