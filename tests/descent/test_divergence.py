"""Runs that diverge are reported, never clipped and without a warning; other runs are not affected."""

import numpy as np
import pytest

from core.descent import descend, in_parallel, update_terms
from core.descent.run import ESCAPED
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS
from tests.optimizers.cases import START

EACH = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=str)
GD = OPTIMIZERS["gradient_descent"]


@pytest.mark.parametrize("condition", [1.0, 20.0, 100.0])
@pytest.mark.parametrize("share", [0.5, 0.99, 1.01, 1.5])
def test_the_largest_curvature_bounds_the_rate_on_a_quadratic(condition, share):
    """The error along an axis of curvature c is multiplied by 1 - lr c each step: it grows where lr > 2 / c."""
    ravine, rate = LANDSCAPES["ravine"].at(condition=condition), share * 2 / condition
    run = descend(GD, ravine, [1.0, 1.0], 100, lr=rate)
    factors = 1 - rate * np.array([1.0, condition])
    np.testing.assert_allclose(run.points[1:], run.points[:-1] * factors, rtol=1e-12)
    np.testing.assert_allclose(np.abs(run.points[:, 1]), np.abs(factors[1]) ** np.arange(101), rtol=1e-11)
    assert (np.diff(np.abs(run.points[:, 1])) > 0).all() == (share > 1)


def test_at_twice_the_inverse_curvature_it_oscillates_for_ever():
    run = descend(GD, LANDSCAPES["bowl"], [1.0, 2.0], 50, lr=1.0)
    assert np.array_equal(run.points[::2], np.broadcast_to([1.0, 2.0], (26, 2)))
    assert np.array_equal(run.points[1::2], np.broadcast_to([-1.0, -2.0], (25, 2)))
    assert run.diverged_at == -1


def test_nothing_is_clipped():
    run = descend(GD, LANDSCAPES["bowl"], [1.0, 2.0], 400, lr=5.5)  # the factor is -10
    np.testing.assert_allclose(run.points[:300, 0], (-10.0) ** np.arange(300), rtol=1e-12)
    assert np.isinf(run.values[160])
    assert np.isinf(run.points[309]).any()
    assert np.isnan(run.points[-1]).all()
    # 1 + |start| is 3.236: the first power of ten beyond 3.236e8, for points 2.236 10^k away
    assert run.diverged_at == 9


@EACH
@pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)
def test_any_finite_rate_runs_quietly(optimizer, landscape):
    low, high = np.array(landscape.window).T
    start = low + [0.2, 0.7] * (high - low)
    rates = [1e-3, 0.0, -0.1, 1e30, -1e30, 1e300]
    with np.errstate(all="raise", under="ignore"):
        run = descend(optimizer, landscape, start, 30, lr=rates)
    assert np.array_equal(run.points[0], [start] * len(rates))
    assert np.array_equal(run.points[:, 1], np.broadcast_to(start, (31, 2)))
    assert run.diverged_at[1] == -1
    alone = descend(optimizer, landscape, start, 30, lr=[1e-3])
    # A run is not disturbed by its neighbours.
    assert np.array_equal(run.points[:, 0], alone.points[:, 0], equal_nan=True)


@EACH
def test_the_step_of_divergence_is_the_first_of_its_kind(optimizer):
    rates = np.geomspace(1e-4, 1e16, 21)
    run = descend(optimizer, LANDSCAPES["rosenbrock"], START, 50, lr=rates)
    far = ESCAPED * (1 + np.hypot(*START))
    for index in range(21):
        found = -1
        for at, (point, value) in enumerate(zip(run.points[:, index], run.values[:, index], strict=True)):
            if not np.isfinite([*point, value]).all() or np.hypot(*(point - START)) > far:
                found = at
                break
        assert run.diverged_at[index] == found
    assert run.diverged_at[0] == -1
    assert run.diverged_at[-1] in (1, 2)
    assert run.diverged_at.dtype.kind == "i"


@EACH
def test_a_single_step_is_quiet_too(optimizer):
    x, huge = np.array([1.0, -1.0]), np.array([1e308, -np.inf])
    with np.errstate(all="raise", under="ignore"):
        state = optimizer.init(x)
        for grad in (huge, np.zeros(2), np.full(2, np.nan)):
            before, (x, state) = x, optimizer.step(x, grad, state, lr=1e300)
            optimizer.terms(before, grad, x, state)
    assert not np.isfinite(x).all()


def test_a_start_without_a_finite_value_diverges_at_step_0():
    run = descend(GD, LANDSCAPES["rosenbrock"], [[1e100, 0.0], [0.0, 0.0]], 5, lr=1e-3)
    assert run.diverged_at.tolist() == [0, -1]


def test_a_long_path_from_a_far_start_is_no_divergence():
    run = descend(OPTIMIZERS["adam"], LANDSCAPES["bowl"], [1e12, 0.0], 5, lr=1e11)
    assert run.diverged_at == -1


def test_update_terms_of_a_run_that_diverges():
    with np.errstate(all="raise", under="ignore"):
        run = descend(OPTIMIZERS["momentum"], LANDSCAPES["rosenbrock"], START, 30, lr=1.0)
        parts = update_terms(OPTIMIZERS["momentum"], run.points, run.noisy_gradients, lr=1.0)
    assert not np.isfinite(parts["v"][-1]).any()


def test_running_down_a_saddle_diverges():
    run = descend(GD, LANDSCAPES["saddle"], [0.0, 1e-3], 200, lr=0.1)
    assert run.diverged_at > 0
    assert np.isfinite(run.points[run.diverged_at - 1]).all()


def test_a_diverged_optimizer_leaves_the_others_alone():
    parallel = in_parallel([OPTIMIZERS["gradient_descent"], OPTIMIZERS["adam"]])
    with np.errstate(all="raise", under="ignore"):
        run = descend(parallel, LANDSCAPES["rosenbrock"], START, 100, gradient_descent={"lr": 1.0}, adam={"lr": 0.05})
    assert run.diverged_at.tolist() == [run.diverged_at[0], -1]
    assert run.diverged_at[0] > 0
    assert np.array_equal(
        run.points[:, 1], descend(OPTIMIZERS["adam"], LANDSCAPES["rosenbrock"], START, 100, lr=0.05).points
    )
