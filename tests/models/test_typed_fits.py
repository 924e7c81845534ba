"""The constant and the line that a typed loss fits: those of the same known loss, and of others the lowest there is."""

import numpy as np
import pytest

from core.expression.typed_loss import loss_of
from core.losses import LOSSES
from core.models.fit import fit_constant, fit_line
from tests.expression.cases import TYPED_LOSSES

X = np.linspace(-2, 3, 31)
Y = 1.3 - 0.7 * X + 0.8 * np.sin(7 * X) + np.where(np.arange(31) % 9 == 4, 6.0, 0.0)  # a few far above
FITTED = [key for key in TYPED_LOSSES if LOSSES[key].fits("line")]


def typed(formula):
    return loss_of(f"your_loss:{formula}")


@pytest.mark.parametrize("key", FITTED)
def test_it_fits_what_the_record_fits(key):
    record, loss = LOSSES[key], typed(TYPED_LOSSES[key])
    target = Y + 3 if key == "absolute_percentage_error" else Y  # no 0 among them
    own = {name: value for name, value in record.starts.items() if name in loss.starts}
    np.testing.assert_allclose(
        fit_constant(loss, target, **own), fit_constant(record, target, **record.starts), atol=1e-6
    )
    np.testing.assert_allclose(
        fit_line(loss, X, target, **own), fit_line(record, X, target, **record.starts), atol=1e-6
    )


def mean_loss(loss, intercept, slope):
    return loss.value(intercept + slope * X, Y).mean(axis=-1)


@pytest.mark.parametrize(
    "formula",
    [
        "min(|r|, 2)",  # neither convex nor smooth
        "where(r < 0, 3 sqrt(-r), r^2)",
        "|r| + 0.2 r^2",  # convex, with a corner at the minimum
        "max(|r|, r^2)",
        "r^2 + 2 |p|",
    ],
)
def test_no_line_is_lower_than_the_one_that_is_found(formula):
    loss = typed(formula)
    intercept, slope = fit_line(loss, X, Y)
    found = mean_loss(loss, intercept, slope)
    grid = np.meshgrid(np.linspace(-2, 6, 161), np.linspace(-3, 3, 121), indexing="ij")
    assert found <= mean_loss(loss, *(axis[..., None] for axis in grid)).min() + 1e-9
    random = np.random.default_rng(1)
    random = np.random.default_rng(1)
    near = random.normal(size=(2, 4000, 1)) * 10.0 ** random.uniform(-6, 0, (4000, 1))
    assert found <= mean_loss(loss, intercept + near[0], slope + near[1]).min() * (1 + 1e-7)


@pytest.mark.parametrize("formula", ["exp(r)", "r", "exp(9 r) - r", "log(r)"])
def test_where_there_is_no_least_loss_there_is_no_line(formula):
    targets = 1e3 * Y
    found = fit_line(typed(formula), X, targets)
    assert np.isnan(found).all() or np.isfinite(found).all()
    if formula in ("r", "log(r)"):
        assert np.isnan(found).all()
