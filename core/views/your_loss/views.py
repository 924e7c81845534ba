"""The views of /your-loss: a formula of a family, as curves."""

from __future__ import annotations

from functools import partial

from core.expression.code import STYLES
from core.expression.typed_loss import typed_loss
from core.losses import FAMILIES, losses_of
from core.losses.axis import RESIDUAL, score_axis
from core.models.two_goals import two_goals
from core.models.typed_estimates import SAMPLES
from core.stage.parameters import OneOf, SomeOf
from core.views.kit.loss_pickers import formula_field, labels
from core.views.kit.view import View
from core.views.your_loss.figure import HEIGHT, TypedLossPicture
from core.views.your_loss.goals import FRONT_HEIGHT, TwoGoalsPicture

MOST = 3  # losses beside the typed one
GOALS = "w r^2 + (1 - w) |r|"
SAMPLE = OneOf(name="data", label="Data", options={name: name.capitalize() for name in SAMPLES}, default="incomes")
TRUTH = OneOf(name="truth", label="True label", options={"1": "y = 1", "0": "y = 0"}, default="1")


def beside(family: str, default: str) -> SomeOf:
    """The choice of losses in core.losses."""
    return SomeOf(name="losses", label="Beside it", options=labels(losses_of(family)), default=(default,), most=MOST)


regression_typed = View(
    key="regression_typed",
    name=FAMILIES["regression"].name,
    params=(
        formula_field("regression", partial(typed_loss, family="regression")),
        beside("regression", "squared_error"),
    ),
    picture=lambda *, formula, losses: TypedLossPicture(typed_loss(formula, "regression"), RESIDUAL, losses),
    height=HEIGHT,
    code=tuple(STYLES),
)
binary_typed = View(
    key="binary_typed",
    name=FAMILIES["binary"].name,
    params=(
        formula_field("binary", partial(typed_loss, family="binary")),
        beside("binary", "binary_cross_entropy"),
        TRUTH,
    ),
    picture=lambda *, formula, losses, truth: TypedLossPicture(
        typed_loss(formula, "binary"), score_axis(int(truth)), losses
    ),
    height=HEIGHT,
    code=tuple(STYLES),
)
two_goals_typed = View(
    key="two_goals_typed",
    name="Two goals",
    params=(formula_field("regression", two_goals, default=GOALS), SAMPLE),
    picture=lambda *, formula, data: TwoGoalsPicture(two_goals(formula), data),
    height=FRONT_HEIGHT,
    code=tuple(STYLES),
)
