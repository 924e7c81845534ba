"""What typed losses estimate on skewed samples."""

import numpy as np
import pytest

from core.expression import typed_loss
from core.losses.estimand import expectile_of
from core.models.typed_estimates import SAMPLES, best_constant, estimates


def found(formula, **params):
    return estimates(typed_loss(formula, "regression"), **params)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_best_constants_are_those_of_the_theory(name):
    y = SAMPLES[name]
    assert found("r^2")[name].best == pytest.approx(y.mean(), rel=1e-7)
    assert found("|r|")[name].best == np.median(y)
    assert found("where(r > 0, 1 - τ, τ) r^2", tau=0.8)[name].best == pytest.approx(expectile_of(y, 0.8), rel=1e-7)
    assert found("max(-τ r, (1 - τ) r)", tau=0.9)[name].best == np.quantile(y, 0.9, method="inverted_cdf")
    assert found("(log(p) - log(y))^2")[name].best == pytest.approx(np.exp(np.log(y).mean()), rel=1e-7)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_levels_lead_back_to_the_constant(name):
    y, one = SAMPLES[name], found("logaddexp(r, -r)")[name]
    assert expectile_of(y, one.expectile) == pytest.approx(one.best, rel=1e-6)
    assert np.quantile(y, one.quantile) == pytest.approx(one.best, abs=np.diff(np.sort(y)).max())


def test_where_several_cost_as_little_it_is_the_middle():
    loss = typed_loss("max(0, |r| - 0.6)", "regression")
    assert best_constant(loss, np.array([0.0, 1.0])) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("formula", ["-r^2", "r", "exp(-r)", "log(-1 - r^2)"])
def test_a_loss_that_falls_without_end_or_is_undefined_has_no_best_constant(formula):
    for one in found(formula).values():
        assert np.isnan([one.best, one.quantile, one.expectile]).all()
