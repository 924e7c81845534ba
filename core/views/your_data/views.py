"""The views of /your-data: the pictures of a table, here of the examples. Those of a person's own table come with the
page: see core/ui/own_table.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.evaluation.predictions import Predictions
from core.evaluation.scored import Scored
from core.kept import kept
from core.stage import Slider, Stage
from core.stage.parameters import OneOf
from core.tables.examples import EXAMPLES
from core.tables.prediction_columns import guess_columns, predictions_of
from core.tables.score_columns import guess_scores, scored_classes_of, scored_of
from core.views.kit.view import Picture, View
from core.views.loss_curves import views as fits
from core.views.your_data.bias import BiasPicture
from core.views.your_data.classes import classes_stage
from core.views.your_data.murphy import MurphyPicture
from core.views.your_data.ranking import HEIGHT, RankingPicture
from core.views.your_data.scores import scores_stage
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
SCORES_HEIGHT, CLASSES_HEIGHT = 435, 435  # pixels
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


@kept
def example_scores() -> Scored:
    """The scores in the example of two classes."""
    table = EXAMPLES["iris"]()
    return scored_of(table, guess_scores(table))[0]


@dataclass(frozen=True, eq=False)
class MadePicture:
    """A picture all of whose frames are in the stage, whatever was released."""

    made: Stage

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return self.made.sliders

    def stage(self, centre: Mapping[str, float]) -> Stage:
        return replace(self.made, centre=centre)


predictions = View(
    key="predictions",
    name="Numbers",
    params=(EXAMPLE, PREDICTIONS_SHOWN),
    picture=lambda *, example, show: PREDICTION_PICTURES[show](example_predictions(example)),
    height=HEIGHT,
)
scores = View(
    key="scores",
    name="Two classes",
    params=(),
    picture=lambda: MadePicture(scores_stage(example_scores())),
    height=SCORES_HEIGHT,
)
classes = View(
    key="classes",
    name="Several classes",
    params=(),
    picture=lambda: MadePicture(classes_stage(scored_classes_of(EXAMPLES["species"](), "species")[0])),
    height=CLASSES_HEIGHT,
)
KINDS: Mapping[str, View] = {
    "numbers": predictions,
    "scores": scores,
    "classes": classes,
    "table": replace(fits.own_fit, name="A table"),
}
