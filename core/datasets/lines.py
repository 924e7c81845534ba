"""Points to fit with a constant or a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.datasets.dataset import (
    GAPMINDER,
    GAPMINDER_SOURCE,
    PLANE,
    TIPS,
    Dataset,
    RegressionData,
    Variable,
    checked_seed,
)  # fmt: skip
from core.kept import kept
from core.record import REAL, Param, Source

OUTLIER = Param("outlier", symbol="y₀", latex="y_0", default=0.0, low=-1.0, high=1.0, step=1.0, domain=REAL)


@dataclass(frozen=True, kw_only=True, eq=False)
class LineDataset(Dataset):
    """Points to fit with a line, and where outliers are added to them.

    `points_of(random)` returns x [n] and target [n]; measured data do not use the generator. `outlier` is the value
    of the outliers that are added at `outlier_x`; its `default` is for a landscape, its `start` for the fitted lines.
    """

    points_of: Callable[[np.random.Generator], tuple[Any, Any]]
    variables: tuple[Variable, Variable] = PLANE  # of x and of the target
    outlier: Param
    outlier_x: float
    outliers: int = 8  # at first: so many move the line of the squared error by a tenth of the picture

    def load(self, seed: int = 0) -> RegressionData:
        """The points, shared and read-only. Measured data are the same for every seed.

        Raises ValueError for a seed that is not a whole number from 0 to 999.
        """
        return _line(self, checked_seed(seed) if self.generated else 0)


@kept
def _line(dataset: LineDataset, seed: int) -> RegressionData:
    x, target = dataset.points_of(np.random.default_rng(seed))
    return RegressionData(dataset.name, x, target, *dataset.variables, dataset.about, dataset.drawn_by(seed))


tips = LineDataset(
    name="Restaurant tips",
    about="One waiter's tips over a few months. A few guests gave far more, or far less, than their bill suggests.",
    points_of=lambda _: (TIPS["total_bill"], TIPS["tip"]),  # 244 bills, in the order in which they were recorded
    variables=(Variable("Total bill", "$"), Variable("Tip", "$")),
    outlier=OUTLIER.but(default=12.0, start=20.0, low=1.0, high=21.0),
    outlier_x=44.0,
    source=Source(
        "Bryant, Smith",
        1995,
        "Practical Data Analysis: Case Studies in Business Statistics",
        "https://vincentarelbundock.github.io/Rdatasets/doc/reshape2/tips.html",
    ),
)

_in_2007 = GAPMINDER[GAPMINDER["year"] == 2007]

income = LineDataset(
    name="Life expectancy and income",
    short="Life expectancy",
    about="142 countries in 2007. In a few, in southern Africa, life expectancy is far below what income suggests.",
    points_of=lambda _: (np.log10(_in_2007["gdpPercap"]), _in_2007["lifeExp"]),
    variables=(Variable("log10 of income per head", "$"), Variable("Life expectancy", "years")),
    outlier=OUTLIER.but(default=60.0, start=30.0, low=20.0, high=90.0, step=5.0),
    outlier_x=4.6,
    source=GAPMINDER_SOURCE,
)


def _line_with_noise(random):
    x = np.linspace(0.0, 10.0, 40)
    return x, 2.0 + 0.8 * x + random.normal(size=40)


made = LineDataset(
    name="A line with noise",
    about="Points around the line y = 2 + 0.8 x with normal noise of standard deviation 1. The only outliers are "
    "those you add.",
    points_of=_line_with_noise,
    outlier=OUTLIER.but(default=16.0, start=19.0, low=-9.0, high=21.0),
    outlier_x=9.0,
)
