"""The views of /loss-curves."""

from __future__ import annotations

from collections.abc import Mapping

from core.datasets import LINE_DATASETS, SEEDS, LineDataset
from core.losses import FAMILIES, losses_of, losses_that_fit
from core.losses.axis import RESIDUAL, LossAxis
from core.losses.equivalents import LIBRARIES
from core.models.outlier_fits import outlier_data
from core.stage.parameters import OneOf, OwnOrExample, SomeOf, Whole
from core.views.kit.data_pickers import own_table
from core.views.kit.loss_pickers import some_losses
from core.views.kit.view import View
from core.views.loss_curves import curves, fits
from core.views.loss_curves.scale import SCALES, Scale


def binary_axis(x: str, truth: str) -> LossAxis:
    """The axis of the binary losses: a raw score or a probability of an example with this label."""
    return FAMILIES["binary"].axes[x](int(truth))


def picker(family: str, default: tuple[str, ...]) -> SomeOf:
    """The choice of some losses of a family."""
    return some_losses(losses_of(family), family, default, curves.MAX_CURVES, trains=False)


SCALE = OneOf(
    name="scale",
    label="Scale",
    options=SCALES,
    default="raw",
    help="Normalised: each loss is shifted so that its lowest value here is 0, then divided by its average. Raw "
    "values of different losses cannot be compared; their shapes can.",
)
CURVATURE = OneOf(name="curvature", label="Curvature", options={"off": "Off", "on": "On"}, default="off")

regression_curves = View(
    key="regression_curves",
    name=FAMILIES["regression"].name,
    params=(picker("regression", ("squared_error", "absolute_error", "huber")), SCALE, CURVATURE),
    picture=lambda *, losses, scale, curvature: curves.Curves(RESIDUAL, losses, Scale(scale), curvature == "on"),
    height=curves.HEIGHT,
    code=tuple(LIBRARIES),
)

binary_curves = View(
    key="binary_curves",
    name=FAMILIES["binary"].name,
    params=(
        picker("binary", ("binary_cross_entropy", "focal", "hinge")),
        OneOf(
            name="x",
            label="Horizontal axis",
            options={"score": "Raw score", "probability": "Probability"},
            default="score",
        ),
        OneOf(name="truth", label="True label", options={"1": "y = 1", "0": "y = 0"}, default="1"),
        SCALE,
        CURVATURE,
    ),
    picture=lambda *, losses, x, truth, scale, curvature: curves.Curves(
        binary_axis(x, truth), losses, Scale(scale), curvature == "on"
    ),
    height=curves.HEIGHT,
    code=tuple(LIBRARIES),
)

LOSS_PICKER = some_losses(
    losses_that_fit("line"),
    "regression",
    default=("squared_error", "absolute_error", "huber"),
    most=fits.MAX_FITS,
    help="Losses that need a positive prediction are left out: a straight line can go below 0.",
)


def fit_view(dataset: LineDataset) -> View:
    """The view of the lines that losses fit to a data set."""
    seed = Whole(name="seed", label="Seed", default=1, low=SEEDS[0], high=SEEDS[-1])
    return View(
        key=f"{dataset.key}_fit",
        name=dataset.label,
        params=(LOSS_PICKER, seed) if dataset.generated else (LOSS_PICKER,),
        picture=lambda *, losses, seed=0: fits.FittedLines(outlier_data(dataset.key, seed), losses),
        height=fits.HEIGHT,
        code=tuple(LIBRARIES),
    )


own_fit = View(
    key="own_fit",
    name="Your table",
    params=(LOSS_PICKER, OwnOrExample(name="table", label="Table", default="tips", own=own_table(LineDataset))),
    picture=lambda *, losses, table: fits.FittedLines(outlier_data(table, 0), losses),
    height=fits.HEIGHT,
    code=tuple(LIBRARIES),
)

CURVES = {"regression": regression_curves, "binary": binary_curves}  # by family
FITS = {key: fit_view(dataset) for key, dataset in LINE_DATASETS.items()}  # by data set
VIEWS: Mapping[str, View] = {view.key: view for view in (*CURVES.values(), *FITS.values(), own_fit)}
