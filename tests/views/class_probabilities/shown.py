"""What /class-probabilities shows at an address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from core.models.simplex import LossMinimum
from core.stage import Text
from core.views.class_probabilities.simplex import SimplexFigure
from tests.views import shown
from tests.views.texts import filled


class Shown(shown.Shown):
    """And what its losses ask for, as the sliders stand."""

    def minimum(self, moved: Mapping[str, float]) -> LossMinimum:
        """Of the first loss; one run."""
        picture = self.view.choose(**self.choice).picture
        found = SimplexFigure(picture, {**self.values, **moved}, draft=True).found
        return next(iter(found.values()))[0]

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
