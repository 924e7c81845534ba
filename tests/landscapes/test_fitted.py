"""A fitted landscape is the mean loss of a model over its data: written out here as a plain loop."""

import tracemalloc

import numpy as np
import pytest

from core.datasets import CLASS_DATASETS, LINE_DATASETS
from core.landscapes.critical import MINIMUM, grid
from core.landscapes.fitted import PENALTIES, PENALTY, fitted_landscape
from core.landscapes.fitted_models import OUTLIER_COPIES, line_model, logistic_model
from core.losses import LOSSES, losses_of
from core.models import fit_line
from tests.landscapes.cases import FITS, central_differences, found, inside, model_of, name_of, settings, span

METHODS = ("value", "grad", "hessian")
EACH_FIT = pytest.mark.parametrize(("loss", "model"), FITS, ids=name_of)
# Those that differences are exact for: no jump, and no corner in the curvature, which is Tukey's at c.
SMOOTH = [(loss, model) for loss, model in FITS if not loss.kinks(**loss.defaults) and loss.key != "tukey"]


def rows(model, outlier):
    """The basis and the targets of every point, each copy of the outlier by itself."""
    if model.outlier is None:
        return model.basis, model.target
    basis = np.concatenate([model.basis, np.tile(model.outlier_basis, (model.outlier_copies, 1))])
    return basis, np.append(model.target, np.full(model.outlier_copies, outlier))


def looped(method, loss, model, weights, outlier=None, **params):
    """The mean over the points of `method`, a loss's value or slope, times the point's own row of the basis."""
    basis, targets = rows(model, outlier)
    preds = np.array([row[0] * weights[0] + row[1] * weights[1] for row in basis])
    if not loss.pred_domain.mask(preds).all():
        return np.nan
    total = 0.0
    for row, slope in zip(basis, getattr(loss, method)(preds, targets, **params), strict=True):
        times = {"value": 1.0, "grad": row, "curvature": np.outer(row, row)}[method]
        total = total + slope * times
    return total / len(targets)


def defined(landscape, count, **params):
    """Random points of the window that have a height: all of them, but for the losses of positive predictions."""
    points = inside(landscape, 20 * count, seed=3)
    points = points[~np.isnan(landscape.value(points, **params))][:count]
    assert len(points) == count
    return points


@EACH_FIT
def test_value_and_slopes_are_means_over_the_points(loss, model):
    model = model_of(model)
    landscape = fitted_landscape(model, loss)
    # The last of the settings holds every slider at one end; the outlier is that of the record.
    for params in (landscape.defaults, settings(landscape)[-1]):
        points = defined(landscape, 2, **params)
        for point in points:
            for name, method in zip(METHODS, ("value", "grad", "curvature"), strict=True):
                ours, theirs = getattr(landscape, name)(point, **params), looped(method, loss, model, point, **params)
                scale = np.abs(theirs).max()
                np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12 * scale)


@pytest.mark.parametrize(("loss", "model"), SMOOTH, ids=name_of)
def test_slopes_are_those_of_the_value(loss, model):
    landscape = fitted_landscape(model_of(model), loss)
    points, h = defined(landscape, 40), 1e-4 * span(landscape)
    # Beside the bound of its predictions a loss curves too fast for differences.
    sides = points[:, None] + 0.02 * span(landscape) * [[1, 1], [1, -1], [-1, 1], [-1, -1]]
    points = points[~np.isnan(landscape.value(sides)).any(axis=1)]
    assert len(points) >= 10
    for slope, f in ((landscape.grad, landscape.value), (landscape.hessian, landscape.grad)):
        theirs = central_differences(f, points, h)
        np.testing.assert_allclose(slope(points), theirs, rtol=2e-6, atol=2e-7 * np.abs(theirs).max())


@EACH_FIT
@pytest.mark.parametrize("penalty", PENALTIES)
def test_a_sweep_is_the_value_at_each_setting(loss, model, penalty):
    landscape = fitted_landscape(model_of(model), loss, penalty)
    points = inside(landscape, 12).reshape(4, 3, 2)
    frames = settings(landscape)
    swept = landscape.sweep(points, frames)
    assert swept.shape == (len(frames), 4, 3)
    alone = np.stack([landscape.value(points, **one) for one in frames])
    np.testing.assert_allclose(swept, alone, rtol=1e-12)


@EACH_FIT
def test_a_sweep_fills_in_the_defaults(loss, model):
    landscape = fitted_landscape(model_of(model), loss)
    points = inside(landscape, 5)
    np.testing.assert_allclose(landscape.sweep(points, [{}])[0], landscape.value(points), rtol=1e-13)


@pytest.mark.parametrize(("key", "model"), [("huber", "made"), ("weighted_binary_cross_entropy", "blobs")])
def test_a_batch_is_a_loop_and_parameters_may_be_arrays(key, model):
    landscape = fitted_landscape(model_of(model), LOSSES[key], "l2")
    points, frames = inside(landscape, 15).reshape(5, 3, 2), settings(landscape)
    params = {name: np.array([one[name] for one in frames])[:, None, None] for name in landscape.defaults}
    before = points.copy(), {name: array.copy() for name, array in params.items()}
    for method, shape in zip(METHODS, ((), (2,), (2, 2)), strict=True):
        f = getattr(landscape, method)
        wide = f(points, **params)
        assert wide.shape == (len(frames), 5, 3, *shape)
        for frame, one in enumerate(frames):
            for place in np.ndindex(5, 3):
                np.testing.assert_allclose(wide[frame][place], f(points[place], **one), rtol=1e-11, atol=1e-13)
    assert np.array_equal(points, before[0])
    assert all(np.array_equal(params[name], before[1][name]) for name in params)


@pytest.mark.parametrize("size", [0, 1, 2, 300, 5000])
def test_however_many_points_are_asked_for_at_once(size):
    """They are taken in chunks; where one ends must not be seen."""
    landscape = fitted_landscape(model_of("tips"), LOSSES["huber"])
    points = inside(landscape, size)
    assert landscape.value(points).shape == (size,)
    some = np.linspace(0, max(0, size - 1), 7).astype(int)[: 7 if size else 0]
    for i in some:
        assert landscape.value(points)[i] == pytest.approx(landscape.value(points[i]), rel=1e-13)
    deltas = np.linspace(0.1, 5, size)
    for i in some:
        assert landscape.value(points, delta=deltas)[i] == pytest.approx(
            landscape.value(points[i], delta=deltas[i]), rel=1e-13
        )


@EACH_FIT
def test_a_penalty_adds_the_norm_of_the_weights_that_it_counts(loss, model):
    model = model_of(model)
    plain = fitted_landscape(model, loss)
    penalised = np.array(model.penalised)
    points = defined(plain, 6)
    for strength in (0.0, 0.35, 1.0):
        first, second = (fitted_landscape(model, loss, penalty) for penalty in ("l1", "l2"))
        sums = np.abs(points) @ penalised, points**2 @ penalised
        slopes = np.sign(points) * penalised, 2 * points * penalised
        hessians = np.zeros((2, 2)), 2 * np.diag(penalised)
        for landscape, norm, slope, hessian in zip((first, second), sums, slopes, hessians, strict=True):
            value = landscape.value(points, penalty=strength) - plain.value(points)
            np.testing.assert_allclose(
                value, strength * norm, rtol=1e-9, atol=1e-12 * (1 + np.abs(plain.value(points)).max())
            )
            scale = 1e-12 * (1 + np.abs(plain.grad(points)).max())
            more = landscape.grad(points, penalty=strength) - plain.grad(points)
            np.testing.assert_allclose(more, strength * slope, atol=scale)
            scale = 1e-12 * (1 + np.abs(plain.hessian(points)).max())
            more = landscape.hessian(points, penalty=strength) - plain.hessian(points)
            np.testing.assert_allclose(more, np.broadcast_to(strength * hessian, (6, 2, 2)), atol=scale)


def test_the_level_of_a_line_is_not_penalised_and_both_weights_of_a_boundary_are():
    assert all(line_model(key).penalised == (0.0, 1.0) for key in LINE_DATASETS)
    assert all(logistic_model(key).penalised == (1.0, 1.0) for key in CLASS_DATASETS)


@EACH_FIT
def test_there_is_no_height_exactly_where_a_prediction_leaves_its_domain(loss, model):
    leaves = loss.key in ("poisson", "squared_log_error") and model in ("tips", "income", "made")
    model = model_of(model)
    landscape = fitted_landscape(model, loss)
    points = grid(landscape, 41)[2]
    pred = points @ rows(model, 0.0)[0].T
    outside = ~loss.pred_domain.mask(pred).all(axis=-1)
    with np.errstate(all="raise", under="ignore"):
        assert np.array_equal(np.isnan(landscape.value(points)), outside)
        assert np.array_equal(np.isnan(landscape.grad(points)).all(axis=-1), outside)
        assert np.array_equal(np.isnan(landscape.grad(points)).any(axis=-1), outside)
        assert np.array_equal(np.isnan(landscape.hessian(points)).any(axis=(-1, -2)), outside)
        swept = landscape.sweep(points, settings(landscape))
    assert np.array_equal(np.isnan(swept), np.broadcast_to(outside, swept.shape))
    if leaves:
        assert outside.any()
        assert not outside.all()


@EACH_FIT
def test_missing_and_huge_weights_are_no_accident(loss, model):
    landscape = fitted_landscape(model_of(model), loss)
    points = np.array([[np.nan, 0.0], [0.0, np.nan], [1e200, -1e200], [1e308, 1e308], [np.inf, 1.0]])
    with np.errstate(all="raise", under="ignore"):
        value, slope, hessian = (getattr(landscape, method)(points) for method in METHODS)
    assert np.isnan(value[:2]).all()
    assert (value.shape, slope.shape, hessian.shape) == ((5,), (5, 2), (5, 2, 2))


@EACH_FIT
def test_a_record_is_complete(loss, model):
    model = model_of(model)
    for penalty in PENALTIES:
        landscape = fitted_landscape(model, loss, penalty)
        names = [param.name for param in landscape.params]
        expected = list(loss.defaults) + ["outlier"] * (model.outlier is not None) + ["penalty"] * (penalty != "none")
        assert names == expected
        assert (landscape.key, landscape.name, landscape.convex) == (loss.key, loss.short, loss.convex)
        assert (landscape.window, landscape.axes) == (model.window, model.axes)
        for formula in (landscape.formula, landscape.formula_at(penalty=0.35) if penalty != "none" else "0.35"):
            assert "%(" not in formula
            assert formula.count("{") == formula.count("}")
        assert (PENALTY.latex in landscape.formula) == (penalty != "none")
        assert penalty == "none" or "0.35" in landscape.formula_at(penalty=0.35)
    assert PENALTY.domain.holds(PENALTY.frames)


@pytest.mark.parametrize("model", LINE_DATASETS)
def test_a_line_goes_over_deviations_from_the_mean(model):
    model = model_of(model)
    ones, u = model.basis.T
    assert (ones == 1).all()
    assert (u.mean(), u.std()) == pytest.approx((0, 1), abs=1e-12)
    assert model.outlier_copies == OUTLIER_COPIES == 4
    assert abs(model.outlier_basis[1]) > 1
    assert model.outlier.low <= model.outlier.default <= model.outlier.high
    (low, high), (slope_low, slope_high) = model.window
    assert (low + high) / 2 == pytest.approx(model.target.mean())
    assert (slope_low + slope_high) / 2 == pytest.approx(np.mean(u * model.target))


@pytest.mark.parametrize("model", CLASS_DATASETS)
def test_a_boundary_goes_through_the_middle_of_the_data(model):
    model = model_of(model)
    assert model.basis.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)
    assert model.basis.std(axis=0) == pytest.approx([1, 1])
    assert set(model.target) == {0.0, 1.0}
    assert model.outlier is None


def test_an_unknown_penalty_is_refused():
    for penalty in ("l3", "", None, "L1"):
        with pytest.raises(ValueError, match=f"^penalty must be one of none, l1, l2, got {penalty!r}$"):
            fitted_landscape(model_of("tips"), LOSSES["huber"], penalty)


@pytest.mark.parametrize("model", LINE_DATASETS)
@pytest.mark.parametrize("loss", losses_of("binary").values(), ids=str)
def test_amounts_are_no_classes(loss, model):
    with pytest.raises(ValueError, match=f"^{loss} takes targets that are 0 or 1; those of .* are not$"):
        fitted_landscape(model_of(model), loss)


@pytest.mark.parametrize("model", CLASS_DATASETS)
def test_classes_are_no_amounts_to_be_off_by_a_share_of(model):
    with pytest.raises(ValueError, match=r"^absolute_percentage_error takes targets that are finite and not 0; those"):
        fitted_landscape(model_of(model), LOSSES["absolute_percentage_error"])


def test_an_outlier_that_the_loss_does_not_take_is_refused():
    for key, value in (("poisson", -1.0), ("absolute_percentage_error", 0.0), ("squared_log_error", -2.0)):
        landscape = fitted_landscape(model_of("tips"), LOSSES[key])
        with pytest.raises(ValueError, match=rf"^target must be .*\({key}\)$"):
            landscape.value([3.0, 0.5], outlier=value)


def test_parameters_are_checked():
    landscape = fitted_landscape(model_of("tips"), LOSSES["huber"], "l1")
    for name, value in (("delta", 0.0), ("outlier", np.nan), ("penalty", -0.1)):
        with pytest.raises(ValueError, match=rf"^{name} must be .*\(huber\)$"):
            landscape.value([1.0, 1.0], **{name: value})
        with pytest.raises(ValueError, match=rf"^{name} must be .*\(huber\)$"):
            landscape.sweep([[1.0, 1.0]], [{name: value}])
    with pytest.raises(TypeError, match=r"^huber has no parameter 'tau'; it takes delta, outlier, penalty$"):
        landscape.grad([1.0, 1.0], tau=0.5)
    with pytest.raises(TypeError, match=r"^huber has no parameter 'penalty'; it takes delta, outlier$"):
        fitted_landscape(model_of("tips"), LOSSES["huber"]).grad([1.0, 1.0], penalty=0.5)


@pytest.mark.parametrize("key", ["squared_error", "huber", "absolute_error", "quantile", "log_cosh"])
@pytest.mark.parametrize("model", LINE_DATASETS)
def test_the_minimum_is_the_line_that_fits_best(key, model):
    """Two ways that share no code but the loss's own: the finder of critical points, and the exact fit."""
    model, loss = model_of(model), LOSSES[key]
    landscape = fitted_landscape(model, loss)
    for outlier in (model.outlier.low, model.outlier.default, model.outlier.high):
        basis, target = rows(model, outlier)
        line = fit_line(loss, basis[:, 1], target)
        low, high = np.array(model.window).T
        critical = found(landscape, {"outlier": outlier}, size=61)
        if ((line > low) & (line < high)).all():
            assert critical.kind.tolist() == [MINIMUM]
            assert critical.points[0] == pytest.approx(line, abs=1e-6)
        else:
            assert len(critical) == 0


def test_the_lines_of_the_page_lie_in_its_pictures():
    """At the default outlier, so that the test above is not about empty windows."""
    for model in LINE_DATASETS:
        basis, target = rows(model_of(model), model_of(model).outlier.default)
        low, high = np.array(model_of(model).window).T
        for key in ("squared_error", "huber", "absolute_error", "quantile", "log_cosh"):
            line = fit_line(LOSSES[key], basis[:, 1], target)
            assert ((line > low) & (line < high)).all()


def test_data_that_a_line_parts_have_no_best_weights_under_cross_entropy():
    landscape = fitted_landscape(model_of("separable"), LOSSES["binary_cross_entropy"])
    assert len(found(landscape)) == 0
    # Straight on, the mean loss falls for ever: there is no minimum farther out either.
    along = np.linspace(1, 40, 40)[:, None] * [0.8, 0.6]
    assert (np.diff(landscape.value(along)) < 0).all()


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_a_penalty_gives_them_some(penalty):
    landscape = fitted_landscape(model_of("separable"), LOSSES["binary_cross_entropy"], penalty)
    critical = found(landscape, {"penalty": 0.05})
    assert critical.kind.tolist() == [MINIMUM]
    stronger = found(landscape, {"penalty": 0.5})
    assert np.linalg.norm(stronger.points[0]) < np.linalg.norm(critical.points[0])


def test_l1_can_put_a_weight_to_exactly_nothing():
    landscape = fitted_landscape(model_of("tips"), LOSSES["squared_error"], "l1")
    critical = found(landscape, {"penalty": 1.0, "outlier": 1.0})
    free = found(fitted_landscape(model_of("tips"), LOSSES["squared_error"]), {"outlier": 1.0})
    assert abs(critical.points[0, 1]) < abs(free.points[0, 1]) - 0.3
    assert critical.kind.tolist() == [MINIMUM]


@pytest.mark.parametrize("method", METHODS)
def test_memory_does_not_grow_with_the_grid(method):
    landscape = fitted_landscape(model_of("tips"), LOSSES["huber"])
    assert len(model_of("tips").target) == 244
    points = grid(landscape, 101)[2]
    f = getattr(landscape, method)
    tracemalloc.start()
    try:
        f(points)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50e6  # all predictions at once would be 20 MB an array, and a loss makes several
