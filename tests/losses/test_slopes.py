"""The slope is the slope of the value, the curvature that of the slope, and kinks are where the record puts them."""

import numpy as np
import pytest

from core.losses import FAMILIES
from tests.losses.cases import PAIRS, SCALAR_PAIRS, axis, kinks, name_of, smooth_axis, targets

H = 1e-3


def central_difference(f, x):
    """4th-order central difference."""
    return (8 * (f(x + H) - f(x - H)) - (f(x + 2 * H) - f(x - 2 * H))) / (12 * H)


def assert_slope(f, slope, x):
    # Differences are exact but for rounding where the slope is smooth. Where it has a corner (Tukey's curvature at c),
    # they are off by a part of the corner's size, which the slope's own second difference measures.
    found = central_difference(f, x)
    corner = np.abs(slope(x + 2 * H) - 2 * slope(x) + slope(x - 2 * H))
    allowed = 1e-6 * max(1.0, np.abs(found).max(initial=0.0)) + corner
    assert (np.abs(slope(x) - found) <= allowed).all()


@pytest.mark.parametrize(("loss", "params"), SCALAR_PAIRS, ids=name_of)
def test_gradient_and_curvature_are_slopes(loss, params):
    for y in targets(loss):
        x = smooth_axis(loss, y, params, gap=3 * H)
        assert_slope(lambda p, y=y: loss.value(p, y, **params), lambda p, y=y: loss.grad(p, y, **params), x)
        assert_slope(lambda p, y=y: loss.grad(p, y, **params), lambda p, y=y: loss.curvature(p, y, **params), x)


CLASS_PAIRS = [(loss, params) for loss, params in PAIRS if FAMILIES[loss.family].pred_axes]


@pytest.mark.parametrize(("loss", "params"), CLASS_PAIRS, ids=name_of)
def test_gradient_of_a_multi_class_loss_is_its_slope_in_every_score(loss, params):
    rng = np.random.default_rng(1)
    z, labels, shares = rng.normal(0, 3, (50, 4)), rng.integers(0, 4, 50), rng.dirichlet(np.ones(4), 50)
    for target in (labels, shares):
        if not np.isfinite(loss.value(z, target, **params)).all():
            assert target is labels
            continue
        for k in range(4):
            along = np.eye(4)[k]
            found = central_difference(lambda t, y=target, along=along: loss.value(z + t * along, y, **params), 0.0)
            np.testing.assert_allclose(loss.grad(z, target, **params)[:, k], found, atol=1e-9)
    with pytest.raises(TypeError, match=f"{loss} has no scalar curvature"):
        loss.curvature(z, labels)


def sides(f, place, width=1e-7):
    return float(f(place - width)), float(f(place + width))


@pytest.mark.parametrize(("loss", "params"), SCALAR_PAIRS, ids=name_of)
def test_kinks_are_where_something_jumps(loss, params):
    """At each declared kink value, slope or curvature jumps; the slope given there lies between its two sides."""
    for y in targets(loss):
        for place in kinks(loss, y, params):
            if not loss.pred_domain.holds(np.array(place - 1e-7)):  # at the end of the axis there is one side only
                continue
            jumps = []
            for f in (loss.value, loss.grad, loss.curvature):
                left, right = sides(lambda p, f=f, y=y: f(p, y, **params), place)
                jumps.append(abs(right - left) > 1e-3)
                if f is loss.grad:
                    assert min(left, right) - 1e-6 <= f(place, y, **params) <= max(left, right) + 1e-6
                if f is loss.curvature:
                    assert f(place, y, **params) == pytest.approx(left) or f(place, y, **params) == pytest.approx(right)
            assert any(jumps)
            assert bool(loss.subgradient) or not (jumps[0] or jumps[1])
            if loss.subgradient.startswith("0 "):
                assert loss.grad(place, y, **params) == 0


@pytest.mark.parametrize(("loss", "params"), SCALAR_PAIRS, ids=name_of)
def test_nothing_jumps_anywhere_else(loss, params):
    """On a fine axis no step of value, slope or curvature is out of proportion, unless a declared kink lies in it."""
    x = axis(loss, 120_001)
    for y in targets(loss):
        places = kinks(loss, y, params)
        has_kink = ((x[:-1, None] <= places + 1e-9) & (places - 1e-9 <= x[1:, None])).any(axis=1)
        for f in (loss.value, loss.grad, loss.curvature):
            values = f(x, y, **params)
            steps = np.abs(np.diff(values))[~has_kink]
            assert steps.max() <= 0.01 * max(np.abs(values).max(), 1e-12)
