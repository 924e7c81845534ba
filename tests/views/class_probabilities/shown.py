"""What /class-probabilities shows at an address."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.stage import Text
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

    def sentence(self, moved: Mapping[str, float]) -> str:
        """The sentence under the picture, as the browser writes it."""
        return self.text(self.stage.summary, moved)

    def text(self, text: Text, moved: Mapping[str, float]) -> str:
        return filled(text, {**self.values, **moved})

    def column(self, name: str) -> int:
        """The place of a column of the key."""
        return self.stage.headings.index(name)


def arrived(view: str, words: Mapping[str, str]) -> Shown:
    """What somebody sees who opens a link to a view of the page with these words."""
    return Shown(*shown.asked(f"class_{view}", words))
