"""SciPy's minimisers take SciPy's path, count every evaluation, and never warn."""

import warnings

import numpy as np
import pytest
import scipy.optimize

from core.descent import MINIMISERS
from core.landscapes import LANDSCAPES
from tests.optimizers.cases import START, Parabola

EACH = pytest.mark.parametrize("minimiser", MINIMISERS.values(), ids=str)
ROSENBROCK = LANDSCAPES["rosenbrock"]


@EACH
@pytest.mark.parametrize("key", ["rosenbrock", "himmelblau", "booth", "six_hump_camel"])
def test_the_path_is_that_of_scipy(minimiser, key):
    landscape, start = LANDSCAPES[key], np.array([-1.2, 0.9])
    run = minimiser.run(landscape, start, 10_000)
    scope = {"scipy": scipy, "value": landscape.value, "grad": landscape.grad, "hessian": landscape.hessian, "x": start}
    theirs = eval(minimiser.scipy, scope)
    np.testing.assert_allclose(run.points[-1], theirs.x, rtol=1e-12)
    assert run.steps == theirs.nit - (minimiser.order == 0)  # SciPy's Nelder-Mead counts its first triangle
    spent = [int(kind[-1]) for kind in run.evaluations]
    # SciPy's own count is at the very end: after the last point it may still have asked, and counts some twice.
    assert spent[0] <= theirs.nfev
    assert spent[1] <= theirs.get("njev", 0)
    assert spent[2] <= theirs.get("nhev", 0)
    assert min(np.linalg.norm(run.points[-1] - minimum) for minimum in landscape.minima) < 1e-3


@EACH
def test_only_the_derivatives_of_its_order_are_evaluated(minimiser):
    spent = minimiser.run(ROSENBROCK, START, 10_000).evaluations
    assert spent.values[-1] > 0
    assert (spent.gradients[-1] > 0) == (minimiser.order >= 1)
    assert (spent.hessians[-1] > 0) == (minimiser.order >= 2)


@EACH
def test_the_result_is_a_complete_descent(minimiser):
    run = minimiser.run(ROSENBROCK, START, 200)
    assert np.array_equal(run.points[0], START)
    assert run.points.shape == run.gradients.shape == (run.steps + 1, 2)
    assert run.noisy_gradients.shape == (run.steps, 2)
    np.testing.assert_allclose(run.values, ROSENBROCK.value(run.points), rtol=1e-13)
    np.testing.assert_allclose(run.gradients, ROSENBROCK.grad(run.points), rtol=1e-13, atol=1e-13)
    assert run.diverged_at == -1
    for kind in (*run.evaluations, run.evaluations.total):
        assert kind.shape == (run.steps + 1,)
        assert (np.diff(kind) >= 0).all()
    assert run.evaluations.total[0] == 0
    assert (np.diff(run.values) <= 0).all()


@EACH
@pytest.mark.parametrize("most", [0, 1, 2, 5, 17, 60])
def test_a_smaller_budget_cuts_the_same_path(minimiser, most):
    short, long = minimiser.run(ROSENBROCK, START, most), minimiser.run(ROSENBROCK, START, 10_000)
    assert short.evaluations.total[-1] <= most
    assert np.array_equal(short.points, long.points[: len(short.points)])
    beyond = long.evaluations.total[len(short.points)] if len(short.points) < len(long.points) else np.inf
    assert beyond > most - 1


@EACH
def test_every_evaluation_is_counted(minimiser):
    asked = []

    class Loud:
        def __getattr__(self, name):
            return lambda points: (asked.append((name, np.ndim(points))), getattr(ROSENBROCK, name)(points))[1]

    run = minimiser.run(Loud(), START, 30)
    single = [name for name, dimensions in asked if dimensions == 1]
    assert len(single) <= 30
    assert run.evaluations.total[-1] <= len(single)


@EACH
@pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)
def test_quiet_wherever_it_starts(minimiser, landscape):
    direction = np.random.default_rng(4).normal(size=2)
    for size in (1e-3, 1.0, 1e6, 1e77, 1e154, 1e307):
        start = direction * size
        with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
            warnings.simplefilter("error")
            run = minimiser.run(landscape, start, 150)
        assert np.array_equal(run.points[0], start), size
        assert run.evaluations.total[-1] <= 150, size


@EACH
@pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)
def test_at_a_critical_point(minimiser, landscape):
    """It never ends higher; what asks for a gradient stays where that is 0, and from a minimum nothing gets away."""
    for kind in ("minima", "saddles", "maxima"):
        for point in getattr(landscape, kind):
            run = minimiser.run(landscape, point, 100)
            assert run.diverged_at == -1, (kind, point)
            assert run.values[-1] <= run.values[0], (kind, point)
            if minimiser.order or kind == "minima":
                np.testing.assert_allclose(run.points[-1], point, atol=1e-9 if minimiser.order else 1e-4, err_msg=kind)


@pytest.mark.parametrize("key", ["saddle", "monkey_saddle"])
@EACH
def test_it_diverges_where_there_is_no_minimum(minimiser, key):
    run = minimiser.run(LANDSCAPES[key], [0.5, -0.3], 2000)
    assert run.diverged_at >= 0 or run.values[-1] < -1e3


def test_landscapes_of_any_dimension_that_are_no_records():
    run = MINIMISERS["bfgs"].run(Parabola(np.linspace(1, 9, 6)), np.ones(6), 500)
    assert run.points.shape[1] == 6
    np.testing.assert_allclose(run.points[-1], 0, atol=1e-4)


class Fenced(Parabola):
    """Infinitely high farther than 3 from the minimum."""

    def value(self, points):
        return np.where(np.linalg.norm(points, axis=-1) < 3, super().value(points), np.inf)


def test_a_step_that_is_infinitely_high_is_taken_back_and_the_run_goes_on():
    run = MINIMISERS["nelder-mead"].run(Fenced(np.array([1.0, 4.0])), [2.95, 0.1], 500)  # the triangle is 5 % of x
    np.testing.assert_allclose(run.points[-1], 0, atol=1e-3)
    assert MINIMISERS["nelder-mead"].run(Fenced(np.ones(2)), [3.1, 0.0], 500).steps == 0


def test_without_a_hessian_methods_that_need_one_stay_at_the_start():
    for minimiser in MINIMISERS.values():
        run = minimiser.run(Parabola(np.array([1.0, 4.0])), [1.0, 2.0], 500)
        assert (run.steps == 0) == (minimiser.order == 2)


def test_a_landscape_at_fixed_parameters():
    run = MINIMISERS["trust-exact"].run(LANDSCAPES["ravine"].at(condition=100.0), [1.0, 1.0], 100)
    np.testing.assert_allclose(run.points[-1], 0, atol=1e-6)


@EACH
def test_the_same_run_twice_is_the_same(minimiser):
    start = np.array(START)
    start.flags.writeable = False
    one, other = (minimiser.run(ROSENBROCK, start, 100) for _ in range(2))
    assert np.array_equal(one.points, other.points)
    assert start.tolist() == list(START)


# --- what its card says ---


class Asks:
    """A landscape that remembers where it was asked for its height."""

    def __init__(self, landscape):
        self.landscape, self.asked = landscape, []

    def value(self, points):
        if np.ndim(points) == 1:
            self.asked.append(np.array(points))
        return self.landscape.value(points)

    def __getattr__(self, name):
        return getattr(self.landscape, name)


@pytest.mark.parametrize("scale", [0.02, 1.0, 50.0])
def test_the_first_point_that_l_bfgs_b_tries_is_1_away_whatever_the_scale(scale):
    asks = Asks(Parabola(np.array([1.0, 9.0]) / scale**2))
    MINIMISERS["l-bfgs-b"].run(asks, np.array([2.0, -1.0]) * scale, 50)
    assert np.linalg.norm(asks.asked[1] - asks.asked[0]) == pytest.approx(1.0, rel=1e-6)
    assert "1 away" in MINIMISERS["l-bfgs-b"].watch


def test_a_trust_region_leaves_from_near_a_saddle_and_stays_on_it():
    minimiser = MINIMISERS["trust-exact"]
    for key in ("himmelblau", "three_hump_camel", "six_hump_camel"):
        for saddle in LANDSCAPES[key].saddles:
            nearby = minimiser.run(LANDSCAPES[key], np.add(saddle, [1e-4, 2e-4]), 200)
            assert min(np.linalg.norm(nearby.points[-1] - place) for place in LANDSCAPES[key].minima) < 1e-3
    assert minimiser.run(LANDSCAPES["saddle"], [0.0, 0.0], 200).steps == 0
    assert "started on a saddle, it stays" in minimiser.watch


def test_newton_cg_gains_more_digits_with_each_step():
    run = MINIMISERS["newton-cg"].run(ROSENBROCK, [1.2, 1.3], 500)
    digits = -np.log10(np.maximum(run.values, 1e-30))
    digits = digits[(digits > 3) & (digits < 15)]  # from near the minimum until all is rounding
    assert len(digits) >= 3
    assert (np.diff(digits, n=2) > 0).all()


def test_conjugate_gradients_need_as_many_exact_searches_as_dimensions():
    """Written out here with exact searches, in the formula of the card; SciPy's own searches are not exact."""
    curvature = np.array([1.0, 3.0, 10.0, 40.0])
    x, direction, before = np.ones(4), np.zeros(4), None
    for _ in range(4):
        grad = curvature * x
        turn = 0.0 if before is None else max(0.0, grad @ (grad - before) / (before @ before))
        direction = -grad + turn * direction
        x = x - (grad @ direction) / (direction @ (curvature * direction)) * direction
        before = grad
    np.testing.assert_allclose(x, 0, atol=1e-12)
