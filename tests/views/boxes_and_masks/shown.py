"""What /boxes-and-masks shows at an address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tests.views import shown
from tests.views.texts import filled

VIEWS = {"box": "gradients", "mask": "gradients"}  # of each tab what it shows at first


class Shown(shown.Shown):
    """And the texts of the key beside the picture."""

    def cells(self, name: str, moved: Mapping[str, float]) -> list[str]:
        """The texts of a row of the key, as the browser writes them."""
        (one,) = (one for one in self.stage.readings if one.name == name)
        return [filled(cell, {**self.values, **moved}) for cell in one.cells]

    def number(self, name: str, column: str, moved: Mapping[str, float]) -> float:
        """A number of the key: the row of this name, and the column of this heading."""
        (one,) = (one for one in self.stage.readings if one.name == name)
        (slot,) = one.cells[self.stage.headings.index(column)].slots.values()
        return float(self.row(slot, moved))


def arrived(words: Mapping[str, str]) -> Shown:
    """As `/boxes-and-masks?<words>` shows it; made once."""
    return _arrived(tuple(words.items()))


@cache
def _arrived(words: tuple[tuple[str, str], ...]) -> Shown:
    left = dict(words)
    tab = left.pop("view", "box")
    show = left.pop("show", VIEWS.get(tab, ""))
    return Shown(*shown.asked(f"{tab}_{show}" if show else tab, left))
