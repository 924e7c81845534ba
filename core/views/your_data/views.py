"""The views of /your-data: the pictures of a table, here of the examples. Those of a person's own table come with the
page: see core/ui/own_table.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.evaluation.predictions import Predictions
from core.kept import kept
from core.stage.parameters import OneOf
from core.tables.examples import EXAMPLES
from core.tables.roles import guess_columns, predictions_of
from core.views.kit.view import Picture, View
from core.views.your_data.bias import BiasPicture
from core.views.your_data.murphy import MurphyPicture
from core.views.your_data.ranking import HEIGHT, RankingPicture
from core.views.your_data.worst_rows import WorstRows

PREDICTIONS_SHOWN = OneOf(
    name="show",
    label="Show",
    options={
        "models": "Best model",
        "rows": "Worst rows",
        "bias": "Bias",
        "means": "Every cost: mean",
        "quantiles": "Every cost: quantile",
    },
    default="models",
)
PREDICTION_PICTURES: Mapping[str, Callable[[Predictions], Picture]] = {
    "models": RankingPicture,
    "rows": WorstRows,
    "bias": BiasPicture,
    "means": lambda predictions: MurphyPicture(predictions, quantile=False),
    "quantiles": lambda predictions: MurphyPicture(predictions, quantile=True),
}
EXAMPLE = OneOf(
    name="example",
    label="Example",
    options={"tips": "Restaurant tips", "gapminder": "Life expectancy"},
    default="tips",
)


@kept
def example_predictions(example: str) -> Predictions:
    """The predictions in an example, by its key."""
    table = EXAMPLES[example]()
    return predictions_of(table, guess_columns(table))[0]


predictions = View(
    key="predictions",
    name="Numbers predicted",
    params=(EXAMPLE, PREDICTIONS_SHOWN),
    picture=lambda *, example, show: PREDICTION_PICTURES[show](example_predictions(example)),
    height=HEIGHT,
)
