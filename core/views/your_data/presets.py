"""Scenes of /your-data."""

from __future__ import annotations

from collections.abc import Mapping

from core.stage import Task
from core.views.kit.view import Preset

PRESETS: Mapping[str, Preset] = {
    "Losses disagree": Preset(
        "Three lines predict tips. Each was fitted under another loss, and each is best under its own.",
        {},
        Task(
            "Drag “Quantile τ” down to 0.5.",
            "The 90 % line loses its first place: at τ = 0.5 the loss asks for the median.",
        ),
    ),
    "A few rows make the loss": Preset(
        "Life expectancy is predicted from income. A few countries make much of the squared error.",
        {"example": "gapminder", "show": "rows"},
        Task(
            "Drag “Worst rows” to 5 %.", "The share of the squared error grows faster than that of the absolute error."
        ),
    ),
    "A biased model": Preset(
        "A line that should be above nine tips in ten predicts too high for every loss but the quantile loss.",
        {"show": "bias"},
        Task(
            "Drag “Added to every prediction” to −1.",
            "The squared error of the 90 % line falls, that of the others grows.",
        ),
    ),
    "Best at every cost?": Preset(
        "If one model costs less at every threshold, no loss that asks for the mean can prefer another.",
        {"show": "means"},
        Task("Drag the dotted line across the picture.", "Where the lowest curve changes, the best model does."),
    ),
    "The cheapest threshold": Preset(
        "Three classifiers say which irises are virginica. One had positives that counted five times.",
        {"kind": "scores"},
        Task("Drag “Cost of a false negative” to 10.", "The cheapest threshold ◇ moves to the left."),
    ),
    "Three losses, one table": Preset(
        "Three losses fit a line to tips. The table that you drop takes their place, here and on four other pages.",
        {"kind": "table"},
    ),
    "Accuracy where it is sure": Preset(
        "Two softmax regressions name the species of irises. Some answers they are less sure of.",
        {"kind": "classes"},
        Task("Drag “Least confidence” to the right.", "Fewer flowers are decided, and more of those are right."),
    ),
}
