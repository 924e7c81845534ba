"""Points to fit with a constant or a line."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.datasets.dataset import GAPMINDER, GAPMINDER_SOURCE, TIPS, Axis, Dataset, checked_seed
from core.record import Source


@lru_cache(maxsize=1)
def tips() -> Dataset:
    """244 restaurant bills and the tips given on them, in the order in which they were recorded."""
    columns = TIPS
    return Dataset(
        name="Restaurant tips",
        x=columns["total_bill"],
        target=columns["tip"],
        x_axis=Axis("Total bill", "$"),
        target_axis=Axis("Tip", "$"),
        about="One waiter's tips over a few months. A few guests gave far more, or far less, than their bill suggests.",
        source=Source(
            "Bryant, Smith",
            1995,
            "Practical Data Analysis: Case Studies in Business Statistics",
            "https://vincentarelbundock.github.io/Rdatasets/doc/reshape2/tips.html",
        ),
    )


@lru_cache(maxsize=1)
def income() -> Dataset:
    """Life expectancy against income in 142 countries, 2007."""
    rows = GAPMINDER[GAPMINDER["year"] == 2007]
    return Dataset(
        name="Life expectancy and income",
        x=np.log10(rows["gdpPercap"]),
        target=rows["lifeExp"],
        x_axis=Axis("log10 of income per head", "$"),
        target_axis=Axis("Life expectancy", "years"),
        about="142 countries in 2007. In a few, in southern Africa, life expectancy is far below what income suggests.",
        source=GAPMINDER_SOURCE,
    )


def made(seed: int = 0) -> Dataset:
    """40 points around a straight line, target = 2 + 0.8 x + normal noise of deviation 1, x even on [0, 10].

    Raises ValueError for a seed that is not a whole number from 0 to 999.
    """
    return _made(checked_seed(seed))


@lru_cache(maxsize=32)
def _made(seed: int) -> Dataset:
    noise = np.random.default_rng(seed).normal(size=40)
    x = np.linspace(0.0, 10.0, 40)
    return Dataset(
        name="A line with noise",
        x=x,
        target=2.0 + 0.8 * x + noise,
        x_axis=Axis("x"),
        target_axis=Axis("y"),
        about="Points around the line y = 2 + 0.8 x with normal noise of standard deviation 1. The only outliers are "
        "those you add.",
        source=Source("Lossarium", 2025, f"Made by numpy.random.default_rng({seed})"),
    )
