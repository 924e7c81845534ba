"""Losses that no record has yet, the ways that are rarely taken, and minima that are only local."""

from dataclasses import replace

import numpy as np
import pytest

from core.losses import LOSSES, Loss
from core.models import fit_constant, fit_line, piecewise_linear
from core.models.fit import certified_minimum
from core.models.fit_problem import checked_problem
from core.record import Source
from tests.models.cases import FITTED, least_descent, objective, samples, tips_with_outliers

TEXTS = dict.fromkeys(("name", "short", "template", "estimates", "use_when", "watch_out"), "made for a test")
# Curved everywhere and with a jump of the slope at 0: neither Newton's method nor hinges can end its fits.
curved_with_a_kink = Loss.from_residual(
    value=lambda r: np.abs(r) + 0.25 * r**2,
    grad=lambda r: np.sign(r) + 0.5 * r,
    curvature=lambda r: np.full_like(r, 0.5),
    kinks=lambda: (0.0,),
    source=Source("Nobody", 2000, "A test"),
    key="curved_with_a_kink",
    **TEXTS,
)
# Three straight pieces, none of slope zero, and kinks that are not symmetric.
three_pieces = Loss.from_residual(
    value=lambda r,: np.maximum(-2 * r, np.maximum(0.5 * r, 3 * r - 5)),
    grad=lambda r: np.where(r < 0, -2.0, np.where(r < 2, 0.5, 3.0)),
    curvature=np.zeros_like,
    kinks=lambda: (0.0, 2.0),
    source=Source("Nobody", 2000, "A test"),
    key="three_pieces",
    **TEXTS,
)


@pytest.mark.parametrize("loss", [curved_with_a_kink, three_pieces], ids=str)
@pytest.mark.parametrize("sample", samples())
def test_a_new_loss_needs_only_its_record(loss, sample):
    x, target = samples()[sample]
    with np.errstate(all="raise", under="ignore"):
        number, line = fit_constant(loss, target), fit_line(loss, x, target)
    rng = np.random.default_rng(6)
    sizes = target.std() * 10.0 ** rng.uniform(-5, 0.5, size=200)
    shift, turn = rng.normal(size=(2, 200)) * sizes
    lines = np.stack([line[0] + shift - turn / x.std() * x.mean(), line[1] + turn / x.std()], -1)
    for best, tried, at in ((number, number + shift, None), (line, lines, x)):
        least = objective(loss, best, at, target)
        assert least <= objective(loss, tried, at, target).min() + 1e-9 * (1 + least)


def test_a_loss_with_jumps_and_curvature_gets_its_exact_constant():
    # Two against two, the signs cancel and the mean is best; with a fifth between them, its kink holds the minimum.
    assert fit_constant(curved_with_a_kink, [0.0, 1.0, 4.0, 5.5]) == pytest.approx(2.625, abs=1e-5)
    assert fit_constant(curved_with_a_kink, [0.0, 1.0, 2.0, 3.0, 4.5]) == pytest.approx(2.0, abs=1e-7)


@pytest.mark.parametrize("key", ["squared_error", "absolute_error", "huber"])
def test_the_certified_way_ends_at_the_least_objective_from_far_away(key):
    x, target = samples()["made"]
    loss, u = LOSSES[key], (x - x.mean()) / x.std()
    for column, exact in ((None, fit_constant(loss, target)[None]), (u, fit_line(loss, u, target))):
        problem, _ = checked_problem(loss, [target], 1.0, {}, column)
        found = certified_minimum(problem, exact[None] + 7.0)
        least, reached = (problem.total(problem.predict(theta)) for theta in (exact[None], found))
        assert reached == pytest.approx(least, rel=2e-12)


@pytest.mark.parametrize("key", ["absolute_error", "quantile", "epsilon_insensitive"])
def test_when_the_walk_does_not_end_linear_programming_does(monkeypatch, key):
    x, target = tips_with_outliers()
    walked = fit_line(LOSSES[key], x, target)
    monkeypatch.setattr(piecewise_linear, "MAX_EDGES", 0)
    solved = fit_line(LOSSES[key], x, target)
    values = [objective(LOSSES[key], line, x, target) for line in (walked, solved)]
    assert values[0] == pytest.approx(values[1], rel=1e-8)


def test_piecewise_linear_losses_are_recognised():
    def straight(loss):
        return piecewise_linear.is_piecewise_linear(checked_problem(loss, [[3.0, 4.0]], 1.0, {})[0])

    found = {loss.key for loss in (*FITTED, curved_with_a_kink, three_pieces) if straight(loss)}
    assert found == {"absolute_error", "quantile", "epsilon_insensitive", "absolute_percentage_error", "three_pieces"}


@pytest.mark.parametrize("loss", [loss for loss in FITTED if not loss.convex], ids=str)
@pytest.mark.parametrize("sample", ["tips", "made", "few", "ties"])
def test_no_constant_of_a_fine_grid_is_lower(loss, sample):
    target = samples()[sample][1]
    grid = np.linspace(target.min(), target.max(), 20_001)
    for c in (0.5, 1.0, loss.defaults["c"], 8.0):
        least = objective(loss, fit_constant(loss, target, c=c), None, target, c=c)
        assert least <= objective(loss, grid, None, target, c=c).min() + 1e-12


@pytest.mark.parametrize("loss", [loss for loss in FITTED if not loss.convex], ids=str)
@pytest.mark.parametrize("sample", ["tips", "made", "few", "ties"])
def test_no_line_of_a_grid_is_lower(loss, sample):
    x, target = samples()[sample]
    ends = np.linspace(target.min(), target.max(), 121)
    first, last = np.meshgrid(ends, ends)
    slopes = (last - first) / np.ptp(x)
    lines = np.stack([first - slopes * x.min(), slopes], -1).reshape(-1, 2)
    for c in (loss.defaults["c"], 8.0):
        least = objective(loss, fit_line(loss, x, target, c=c), x, target, c=c)
        assert least <= objective(loss, lines, x, target, c=c).min() + 1e-12


def test_the_lower_of_two_minima_is_found_from_either_side():
    target = np.array([0.0, 0.1, 0.2, 9.0, 9.1, 9.2, 9.3])
    assert fit_constant(LOSSES["welsch"], target) == pytest.approx(9.15, abs=0.05)
    assert fit_constant(LOSSES["welsch"], -target) == pytest.approx(-9.15, abs=0.05)


@pytest.mark.parametrize("loss", [loss for loss in FITTED if not loss.convex], ids=str)
def test_many_equal_points_and_others_far_away_have_a_confirmed_minimum(loss):
    """There the sum of the losses is large beside what a step changes: its rounding is no reason to refuse the step."""
    params = {param.name: 0.1 for param in loss.params if param.name == "c"}
    for seed in range(360, 400):
        others, places = (
            np.round(np.random.default_rng(seed).normal(6, 2.5, 40), 8),
            np.round(np.linspace(-9, 21, 31), 1),
        )
        targets = np.stack([np.concatenate([others, np.full(16, place)]) for place in places])
        numbers = fit_constant(loss, targets, **params)
        total = loss.value(numbers[:, None], targets, **params).sum(axis=-1)
        assert (total <= loss.value(places[:, None], targets, **params).sum(axis=-1) * (1 + 1e-12)).all()


def test_a_record_that_says_convex_when_it_is_not_is_not_believed_blindly():
    # The descent may end in a minimum that is not the lowest, but never at a slope that it did not check.
    target = samples()["few"][1]
    wrong = replace(LOSSES["cauchy"], convex=True)
    assert least_descent(wrong, fit_constant(wrong, target), None, target) >= -1e-5
