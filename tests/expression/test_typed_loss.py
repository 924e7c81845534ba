"""A typed formula as a loss: it is the loss in core.losses that it spells out."""

import numpy as np
import pytest

from core.expression import ExpressionError, typed_loss
from core.losses import LOSSES
from tests.expression.cases import TYPED_LOSSES

Z = np.linspace(-4, 4, 41) + 0.013  # on no corner
P = {"regression": np.linspace(0.3, 6, 41) + 0.0013, "binary": Z}
Y = {"regression": np.linspace(0.5, 4, 7)[:, None], "binary": np.array([[0.0], [1.0]])}
ROUND = 1e-12  # of numbers that lose nothing on the way


def given(key):
    """The formula of a loss in core.losses as a typed one, a batch, and parameters that both take."""
    loss = LOSSES[key]
    typed = typed_loss(TYPED_LOSSES[key], loss.family)
    own = {param.name for param in typed.params}
    params = {name: value for name, value in loss.starts.items() if name in own}
    return loss, typed, (P[loss.family], Y[loss.family]), params


@pytest.mark.parametrize("key", TYPED_LOSSES)
def test_typed_it_is_the_loss_that_the_record_is(key):
    loss, typed, batch, params = given(key)
    assert set(params) == {param.name for param in typed.params}, "the formula names its parameters as the record does"
    for method in ("value", "grad", "curvature"):
        found, expected = (
            getattr(typed, method)(*batch, **params),
            getattr(loss, method)(*batch, **loss.starts | params),
        )
        scale = np.maximum(1.0, np.abs(expected))
        assert np.abs((found - expected) / scale).max() < ROUND, method


@pytest.mark.parametrize("key", ["huber", "quantile", "hinge", "squared_error"])
def test_it_knows_whether_the_residual_or_the_margin_is_all_that_it_looks_at(key):
    loss, typed, _, _ = given(key)
    assert typed.of_residual
    assert LOSSES[key].of_residual or loss.family == "binary"


def test_a_formula_of_the_prediction_is_not_of_the_residual_alone():
    assert not typed_loss("r^2 + λ |p|", "regression").of_residual
    assert not typed_loss("y softplus(-z)", "binary").of_residual


def test_its_latex_has_a_place_for_each_parameter():
    typed = typed_loss("where(r < 0, c, 1) |r|^δ", "regression")
    assert typed.formula_at(c=2.0, delta=1.5).count("1.5") == 1
    assert r"\delta" in typed.formula


def test_what_is_no_formula_is_refused():
    with pytest.raises(ExpressionError, match="the bracket opened at 3 is not closed"):
        typed_loss("2 (r + 1", "regression")


def test_a_kink_is_zero_at_the_corner():
    typed = typed_loss("where(|r| <= δ, r^2/2, δ (|r| - δ/2))", "regression")
    values = [kink.value(p=np.array([3.0, 1.0, 2.0]), y=1.0, delta=2.0) for kink in typed.expression.kinks]
    assert any(value[0] == 0 for value in values)  # r = 2 = δ
    assert any(value[1] == 0 for value in values)  # r = 0, of |r|
    assert all(value[2] for value in values)
