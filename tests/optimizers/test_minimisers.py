"""SciPy's minimisers are SciPy's: the same path, every question counted, and quiet whatever they run into."""

import warnings

import numpy as np
import pytest
import scipy.optimize

from core.landscapes import LANDSCAPES
from core.optimizers import MINIMISERS

from .cases import START, Parabola

EACH = pytest.mark.parametrize("minimiser", MINIMISERS.values(), ids=str)
ROSENBROCK = LANDSCAPES["rosenbrock"]


@EACH
@pytest.mark.parametrize("key", ["rosenbrock", "himmelblau", "booth", "six_hump_camel"])
def test_it_is_what_scipy_does(minimiser, key):
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
def test_it_asks_only_for_the_derivatives_that_it_says(minimiser):
    spent = minimiser.run(ROSENBROCK, START, 10_000).evaluations
    assert spent.values[-1] > 0
    assert (spent.gradients[-1] > 0) == (minimiser.order >= 1)
    assert (spent.hessians[-1] > 0) == (minimiser.order >= 2)


@EACH
def test_the_record_is_a_descents(minimiser):
    run = minimiser.run(ROSENBROCK, START, 200)
    assert np.array_equal(run.points[0], START)
    assert run.points.shape == run.gradients.shape == (run.steps + 1, 2)
    assert run.seen.shape == (run.steps, 2)
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
def test_no_more_is_asked_than_allowed_and_the_path_is_the_same_as_far_as_it_goes(minimiser, most):
    short, long = minimiser.run(ROSENBROCK, START, most), minimiser.run(ROSENBROCK, START, 10_000)
    assert short.evaluations.total[-1] <= most
    assert np.array_equal(short.points, long.points[: len(short.points)])
    beyond = long.evaluations.total[len(short.points)] if len(short.points) < len(long.points) else np.inf
    assert beyond > most - 1


@EACH
def test_every_question_is_counted(minimiser):
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
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e6, 1e77, 1e154, 1e307])
def test_quiet_wherever_it_starts(minimiser, landscape, size):
    start = np.random.default_rng(4).normal(size=2) * size
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        run = minimiser.run(landscape, start, 150)
    assert np.array_equal(run.points[0], start)
    assert run.evaluations.total[-1] <= 150


@EACH
@pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)
def test_quiet_at_a_critical_point(minimiser, landscape):
    for point in (*landscape.minima, *landscape.saddles, *landscape.maxima):
        run = minimiser.run(landscape, point, 100)
        assert np.isfinite(run.values).all() or run.diverged_at >= 0


@pytest.mark.parametrize("key", ["saddle", "monkey_saddle"])
@EACH
def test_it_goes_beyond_all_bounds_where_there_is_no_minimum(minimiser, key):
    run = minimiser.run(LANDSCAPES[key], [0.5, -0.3], 2000)
    assert run.diverged_at >= 0 or run.values[-1] < -1e3


def test_landscapes_of_any_dimension_that_are_no_records():
    run = MINIMISERS["bfgs"].run(Parabola(np.linspace(1, 9, 6)), np.ones(6), 500)
    assert run.points.shape[1] == 6
    np.testing.assert_allclose(run.points[-1], 0, atol=1e-4)


def test_without_a_hessian_those_that_need_one_stay_where_they_are():
    for minimiser in MINIMISERS.values():
        run = minimiser.run(Parabola(np.array([1.0, 4.0])), [1.0, 2.0], 500)
        assert (run.steps == 0) == (minimiser.order == 2)


def test_a_landscape_may_be_set_first():
    run = MINIMISERS["trust-exact"].run(LANDSCAPES["ravine"].at(condition=100.0), [1.0, 1.0], 100)
    np.testing.assert_allclose(run.points[-1], 0, atol=1e-6)


@EACH
def test_the_same_run_twice_is_the_same(minimiser):
    start = np.array(START)
    start.flags.writeable = False
    one, other = (minimiser.run(ROSENBROCK, start, 100) for _ in range(2))
    assert np.array_equal(one.points, other.points)
    assert start.tolist() == list(START)
