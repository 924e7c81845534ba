"""Tables to try /your-data with, made of measured data and of models that are fitted to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

import numpy as np

from core.datasets.dataset import GAPMINDER
from core.datasets.lines import tips
from core.losses import LOSSES
from core.models.fit import fit_line
from core.tables.table import DataTable, NumberColumn, TextColumn

LINES = {
    "least squares": ("squared_error", {}),
    "least absolute": ("absolute_error", {}),
    "90 % quantile": ("quantile", {"tau": 0.9}),
}


@cache
def tip_predictions() -> DataTable:
    """The tips of 244 bills, and three lines that are fitted to them under different losses."""
    data = tips.load()
    columns = {"Tip": data.target, **lines_through(data.x, data.target)}
    return table_of("Restaurant tips", columns)


@cache
def life_predictions() -> DataTable:
    """The life expectancy of 142 countries in twelve years, and three lines over the logarithm of income."""
    x, target = np.log10(GAPMINDER["gdpPercap"].to_numpy()), GAPMINDER["lifeExp"].to_numpy()
    columns = {"year": GAPMINDER["year"].to_numpy(), "Life expectancy": target, **lines_through(x, target)}
    return table_of("Life expectancy", columns)


def lines_through(x: np.ndarray, target: np.ndarray) -> dict[str, np.ndarray]:
    """The predictions of three lines, each best under another loss, [n] by what is fitted."""
    found = {}
    for name, (key, params) in LINES.items():
        intercept, slope = fit_line(LOSSES[key], x, target, **params)
        found[name] = intercept + slope * x
    return found


def table_of(name: str, columns: Mapping[str, np.ndarray]) -> DataTable:
    """The table of these numbers."""
    found: dict[str, NumberColumn | TextColumn] = {
        key: NumberColumn.of(np.asarray(values, dtype=np.float64)) for key, values in columns.items()
    }
    return DataTable(name, "example", found, np.arange(1, 1 + len(next(iter(columns.values())))))


EXAMPLES: Mapping[str, Callable[[], DataTable]] = MappingProxyType(
    {"tips": tip_predictions, "gapminder": life_predictions}
)
