"""Which known losses a typed one is nearest to."""

import numpy as np
import pytest

from core.expression import typed_loss
from core.expression.nearest import nearest_losses
from core.losses import LOSSES
from tests.expression.cases import TYPED_LOSSES

# Twins, which are as near: at these parameters they are one function but for a factor.
TWINS = {
    "smooth_l1": "huber",
    "gaussian_nll": "squared_error",
    "absolute_percentage_error": "absolute_error",  # for one true value
}


@pytest.mark.parametrize("key", TYPED_LOSSES)
def test_a_known_loss_is_nearest_to_itself(key):
    loss = LOSSES[key]
    typed = typed_loss(TYPED_LOSSES[key], loss.family)
    own = {param.name: loss.starts[param.name] for param in typed.params}
    found = nearest_losses(typed, **own)
    if not loss.pred_domain.holds(np.array([-3.0])):
        assert all(one.key != key for one in found)  # it is not defined for all residuals
        return
    same = [one.key for one in found if one.difference < 1e-7]
    assert {key, TWINS.get(key)} & set(same), found


def test_units_do_not_matter():
    (first, _) = nearest_losses(typed_loss("5 |r| + 3", "regression"))
    assert (first.key, first.difference < 1e-12) == ("absolute_error", True)


@pytest.mark.parametrize(
    ("formula", "key", "tau"),
    [("max(r, 0) + 2 max(-r, 0)", "quantile", 2 / 3), ("r^2 + 4 max(-r, 0)^2", "expectile", 5 / 6)],
)
def test_a_parameter_is_found_between_the_values_that_are_tried(formula, key, tau):
    found = {one.key: one for one in nearest_losses(typed_loss(formula, "regression"))}
    assert found[key].params["tau"] == pytest.approx(tau, abs=1e-6)
    assert found[key].difference < 1e-6


def test_the_other_way_round_is_no_neighbour():
    assert nearest_losses(typed_loss("-r^2", "regression")) == ()


@pytest.mark.parametrize("formula", ["3", "1/r", "log(r)"])
def test_flat_or_not_finite_has_no_neighbour(formula):
    assert nearest_losses(typed_loss(formula, "regression")) == ()
