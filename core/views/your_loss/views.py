"""The views of /your-loss: a formula of a family, as curves."""

from __future__ import annotations

from functools import partial

from core.expression.code import STYLES
from core.expression.examples import FORMULA_EXAMPLES
from core.expression.reading import MOST_CHARACTERS
from core.expression.typed_loss import typed_loss
from core.losses import FAMILIES, losses_of
from core.losses.axis import RESIDUAL, score_axis
from core.stage.parameters import OneOf, SomeOf, Typed, names_of
from core.views.kit.view import View
from core.views.your_loss.figure import HEIGHT, TypedLossPicture

MOST = 3  # losses beside the typed one
VARIABLES_HELP = {
    "regression": "r is the error, prediction p less true value y. Every other name is a parameter with a slider.",
    "binary": "z is the score, y the label 0 or 1, m the margin (positive where z has the right sign), p the sigmoid "
    "of z. Every other name is a parameter with a slider.",
}
FIRST = {"regression": "r^2 + c max(-r, 0)^2", "binary": "(1 + w) y softplus(-z) + (1 - y) softplus(z)"}
TRUTH = OneOf(name="truth", label="True label", options={"1": "y = 1", "0": "y = 0"}, default="1")


def formula_of(family: str) -> Typed:
    """The field of the formula."""
    examples = tuple(one.formula for one in FORMULA_EXAMPLES if one.family == family)
    return Typed(name="formula", label="Formula of your loss", default=FIRST[family], longest=MOST_CHARACTERS,
                 check=partial(typed_loss, family=family), examples=examples, help=VARIABLES_HELP[family])  # fmt: skip


def beside(family: str, default: str) -> SomeOf:
    """The choice of losses in core.losses."""
    return SomeOf(name="losses", label="Beside it", options=names_of(losses_of(family)), default=(default,), most=MOST)


regression_typed = View(
    key="regression_typed",
    name=FAMILIES["regression"].name,
    params=(formula_of("regression"), beside("regression", "squared_error")),
    picture=lambda *, formula, losses: TypedLossPicture(typed_loss(formula, "regression"), RESIDUAL, losses),
    height=HEIGHT,
    code=tuple(STYLES),
)
binary_typed = View(
    key="binary_typed",
    name=FAMILIES["binary"].name,
    params=(formula_of("binary"), beside("binary", "binary_cross_entropy"), TRUTH),
    picture=lambda *, formula, losses, truth: TypedLossPicture(
        typed_loss(formula, "binary"), score_axis(int(truth)), losses
    ),
    height=HEIGHT,
    code=tuple(STYLES),
)
