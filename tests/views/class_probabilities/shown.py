"""What /class-probabilities shows at an address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from tests.views import shown
from tests.views.texts import filled


class Shown(shown.Shown):
    """And its key: numbers by the name of a row."""

    def numbers(self, moved: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The numbers of each row of the key, in the order of its columns."""
        return {
            row.name: np.array([float(self.row(next(iter(cell.slots.values())), moved)) for cell in row.cells])
            for row in self.stage.readings
        }

    def summary(self, moved: Mapping[str, float]) -> str:
        """The sentence under the picture, as the browser writes it."""
        return filled(self.stage.summary, {**self.values, **moved})

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
