"""What holds for the fit of every loss, at the ends of its parameters too; the cases follow from the records."""

import numpy as np
import pytest

from core.losses import LOSSES
from core.models import ellipsoid, fit_constant, fit_line
from tests.models.cases import (
    CONVEX,
    FITTED,
    OTHERS,
    SETTINGS,
    extremes,
    least_descent,
    objective,
    samples,
    setting_name,
    tips_with_outliers,
)

each_setting = pytest.mark.parametrize(("loss", "params"), SETTINGS, ids=setting_name)
of_samples = pytest.mark.parametrize("sample", samples())


@pytest.fixture(autouse=True)
def strict():
    with np.errstate(all="raise", under="ignore"):
        yield


def test_fitted_losses_are_those_whose_prediction_may_be_any_number():
    bounded = {"squared_log_error", "symmetric_absolute_percentage_error", "poisson", "tweedie"}
    assert bounded <= {loss.key for loss in OTHERS}
    assert len(FITTED) >= 15


@each_setting
@of_samples
def test_no_direction_leads_down_from_a_constant(loss, params, sample):
    _, target = samples()[sample]
    best = fit_constant(loss, target, **params)
    assert least_descent(loss, best, None, target, **params) >= -1e-5


@each_setting
@of_samples
def test_no_direction_leads_down_from_a_line(loss, params, sample):
    x, target = samples()[sample]
    best = fit_line(loss, x, target, **params)
    assert least_descent(loss, best, x, target, **params) >= -1e-5


@of_samples
def test_every_fit_is_ended_by_the_method_that_is_exact(monkeypatch, sample):
    def called(*_, **__):
        raise AssertionError("Newton's method did not end at a gradient of zero")

    monkeypatch.setattr(ellipsoid, "minimise", called)
    x, target = samples()[sample]
    for loss, params in SETTINGS:
        fit_constant(loss, target, **params)
        fit_line(loss, x, target, **params)


@each_setting
@of_samples
def test_nothing_near_or_far_is_lower(loss, params, sample):
    x, target = samples()[sample]
    rng = np.random.default_rng(11)
    sizes = target.std() * 10.0 ** rng.uniform(-6, 0.5, size=200)
    number = fit_constant(loss, target, **params)
    line = fit_line(loss, x, target, **params)
    shift, turn = rng.normal(size=(2, 200)) * sizes
    lines = np.stack([line[0] + shift - turn / x.std() * x.mean(), line[1] + turn / x.std()], -1)
    for best, tried, at in ((number, number + shift, None), (line, lines, x)):
        least = objective(loss, best, at, target, **params)
        assert least <= objective(loss, tried, at, target, **params).min() + 1e-12 * (1 + abs(least))


@pytest.mark.parametrize("loss", FITTED, ids=str)
def test_a_batch_is_a_loop(loss):
    x, target = tips_with_outliers()
    targets = np.where(np.arange(target.size) < 244, target, np.array([-5.0, 12.0, 40.0])[:, None, None, None])
    weights = (np.arange(target.size) < 244 + np.array([0, 3])[:, None])[:, None].astype(float)
    params = {p.name: np.array([p.low, p.default, p.high]) for p in loss.params}
    numbers = fit_constant(loss, targets, weights, **params)
    lines = fit_line(loss, x, targets, weights, **params)
    assert numbers.shape == lines.shape[:-1] == (3, 2, 3 if params else 1)
    for place in np.ndindex(numbers.shape):
        alone = (targets[place[0], 0, 0], weights[place[1], 0])
        given = {name: value[place[2]] for name, value in params.items()}
        assert numbers[place] == pytest.approx(fit_constant(loss, *alone, **given), rel=1e-8, abs=1e-8)
        assert lines[place] == pytest.approx(fit_line(loss, x, *alone, **given), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("loss", FITTED, ids=str)
def test_each_problem_of_a_batch_may_have_its_own_x(loss):
    rng = np.random.default_rng(2)
    x, target = rng.normal(size=(4, 12)) + 5, rng.normal(size=(4, 12)) + 9
    lines = fit_line(loss, x, target)
    assert lines.shape == (4, 2)
    for row in range(4):
        assert lines[row] == pytest.approx(fit_line(loss, x[row], target[row]), rel=1e-7, abs=1e-7)


@each_setting
def test_a_point_of_weight_0_is_absent(loss, params):
    x, target = samples()["made"]
    weights = np.tile([1.0, 0.0, 2.0, 1.0], 10)
    wild = np.where(weights == 0, 1e3, target)
    there = weights > 0
    number = fit_constant(loss, target[there], weights[there], **params)
    line = fit_line(loss, x[there], target[there], weights[there], **params)
    assert fit_constant(loss, wild, weights, **params) == pytest.approx(number, rel=1e-8, abs=1e-8)
    assert fit_line(loss, np.where(there, x, 50.0), wild, weights, **params) == pytest.approx(line, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("loss", CONVEX, ids=str)
def test_a_weight_of_2_is_the_point_twice(loss):
    x, target = samples()["few"]
    weights = np.array([1, 2, 1, 3, 1, 1, 2])
    copies = np.repeat(np.arange(7), weights)
    for params in extremes(loss):
        number = fit_constant(loss, target[copies], **params)
        line = fit_line(loss, x[copies], target[copies], **params)
        assert fit_constant(loss, target, weights, **params) == pytest.approx(number, rel=1e-8, abs=1e-8)
        if loss.kinks(**params) == ():  # strictly convex: one line is best
            assert fit_line(loss, x, target, weights, **params) == pytest.approx(line, rel=1e-7, abs=1e-7)
        least = objective(loss, line, x, target, weights, **params)
        other = fit_line(loss, x, target, weights, **params)
        assert objective(loss, other, x, target, weights, **params) == pytest.approx(least, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("loss", FITTED, ids=str)
def test_nothing_given_is_changed(loss):
    x, target = samples()["made"]
    given = [np.array(x), np.array(target), np.ones(len(x)), {p.name: np.array([p.low, p.high]) for p in loss.params}]
    before = [np.copy(array) for array in given[:3]]
    numbers, lines = fit_constant(loss, *given[1:3], **given[3]), fit_line(loss, *given[:3], **given[3])
    assert all(np.array_equal(array, copy) for array, copy in zip(given, before, strict=False))
    assert all(np.array_equal(given[3][p.name], [p.low, p.high]) for p in loss.params)
    assert np.array_equal(numbers, fit_constant(loss, *given[1:3], **given[3]))
    assert np.array_equal(lines, fit_line(loss, *given[:3], **given[3]))


@pytest.mark.parametrize("loss", FITTED, ids=str)
def test_an_empty_batch_has_no_fits(loss):
    target = np.ones((0, 3, 5))
    assert fit_constant(loss, target).shape == (0, 3)
    assert fit_line(loss, np.arange(5.0), target).shape == (0, 3, 2)


@pytest.mark.parametrize("loss", FITTED, ids=str)
def test_one_point_is_fitted_by_itself_and_two_by_their_line(loss):
    for params in extremes(loss):
        assert fit_constant(loss, [4.0], **params) == pytest.approx(4)
        two = fit_line(loss, [1.0, 3.0], [5.0, 9.0], **params)
        assert two == pytest.approx([3, 2], abs=1e-7)


def test_the_losses_that_do_not_fit_are_refused():
    for loss in OTHERS:
        with pytest.raises(ValueError, match=f"a regression loss whose prediction may be any number, got {loss.key}"):
            fit_constant(loss, [1.0, 0.0])


def test_the_optimality_check_can_fail():
    x, target = samples()["made"]
    for loss in (LOSSES["absolute_error"], LOSSES["huber"], LOSSES["squared_error"]):
        line = fit_line(loss, x, target) + np.array([0.05, 0.0])
        assert least_descent(loss, line, x, target) < -1e-3
        assert least_descent(loss, fit_constant(loss, target) + 0.5, None, target) < -1e-3
