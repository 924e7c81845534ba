"""What is drawn on /loss-landscapes is the landscape: heights, marks, arrows, cross-sections, colours and the table."""

import numpy as np
import pytest

from core.landscapes import LANDSCAPES
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import line_model, logistic_model
from core.losses import LOSSES
from core.models import fit_line
from core.record import at_starts
from core.views import VIEWS
from tests.views.cases import chosen, number

TEXTBOOK, LINE, SCORE, NETWORK = (VIEWS[f"{name}_landscape"] for name in ("textbook", "line", "logistic", "network"))
each_landscape = pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)


def rows(shown, name, attribute="z", panel="y"):
    """What an attribute of the traces of this name shows, on one axis."""
    return shown.drawn(name, attribute, panel)


def grid_of(landscape, shown):
    size = len(shown.slider("x").values)
    (x_low, x_high), (y_low, y_high) = landscape.window
    return np.stack(np.meshgrid(np.linspace(x_low, x_high, size), np.linspace(y_low, y_high, size)), axis=-1)


def heights(shown, key, values=None):
    """The heights of a landscape's map."""
    name = LANDSCAPES[key].name if key in LANDSCAPES else LOSSES[key].short
    return rows(shown, name, "customdata", panel=None)[0].row(values)


def lowest(shown, values):
    """The loss at the lowest minimum, as the key beside the picture has it."""
    return number(shown.readings[0].cells[1], values)


@each_landscape
def test_the_map_is_the_landscape_in_every_frame(landscape):
    shown = chosen(TEXTBOOK, landscape=landscape.key)
    points = grid_of(landscape, shown)
    np.testing.assert_allclose(heights(shown, landscape.key), landscape.value(points), rtol=1e-12)
    for slider in shown.sliders:
        for value in slider.values if slider.recomputed else ():
            expected = landscape.value(points, **{slider.key: value})
            np.testing.assert_allclose(heights(shown, landscape.key, {slider.key: value}), expected, rtol=1e-12)


@pytest.mark.parametrize("key", ["huber", "quantile", "tukey", "asymmetric_squared", "poisson"])
@pytest.mark.parametrize("norm", ["none", "l1", "l2"])
def test_every_arm_of_a_sweep_is_the_loss_at_that_value(key, norm):
    shown = chosen(LINE, losses=(key,), norm=norm)
    landscape = fitted_landscape(line_model("tips"), at_starts(LOSSES[key]), norm)
    points = grid_of(landscape, shown)
    for slider in (slider for slider in shown.sliders if slider.recomputed):
        name = slider.key.rpartition(".")[2]
        for value in slider.values[[0, len(slider.values) // 2, -1]]:
            expected = landscape.value(points, **{name: value})
            np.testing.assert_allclose(heights(shown, key, {slider.key: value}), expected, rtol=1e-9)


def test_a_sweep_around_other_values_holds_them_together():
    delta_slider, outlier_slider, *_ = LINE.choose().picture.sliders
    delta, (low, high) = float(delta_slider.values[5]), outlier_slider.values[[1, -1]]
    centre = {"huber.delta": delta, "outlier": high}
    shown = LINE.choose().around(centre).stage
    landscape = fitted_landscape(line_model("tips"), LOSSES["huber"])
    points = grid_of(landscape, shown)
    np.testing.assert_allclose(heights(shown, "huber", centre), landscape.value(points, delta=delta, outlier=high))
    away = centre | {"outlier": low}
    np.testing.assert_allclose(heights(shown, "huber", away), landscape.value(points, delta=delta, outlier=low))
    with pytest.raises(ValueError, match=r"^only one of huber\.delta, outlier can leave the centre, got huber"):
        heights(shown, "huber", {"huber.delta": 1.0, "outlier": low})


@each_landscape
def test_known_points_are_marked_as_what_they_are(landscape):
    shown = chosen(TEXTBOOK, landscape=landscape.key, picture="map")
    span = np.ptp(landscape.window, axis=1)
    for kind, points in (("minimum", landscape.minima), ("saddle", landscape.saddles), ("maximum", landscape.maxima)):
        xs = [np.atleast_1d(pick.row()) for pick in rows(shown, kind, "x")]
        ys = [np.atleast_1d(pick.row()) for pick in rows(shown, kind, "y")]
        if not points:
            continue
        marked = np.stack([np.concatenate(xs), np.concatenate(ys)], axis=-1)
        for point in points:
            assert (np.linalg.norm((marked - point) / span, axis=-1) < 1e-6).any(), (kind, point)


@pytest.mark.parametrize("key", ["squared_error", "absolute_error", "huber", "quantile"])
def test_the_lowest_point_is_the_line_that_the_loss_fits(key):
    shown = chosen(LINE, losses=(key,))
    model = line_model("tips")
    outlier = shown.slider("outlier")
    for place in outlier.values[[0, 5, -1]]:
        target = np.append(model.target, np.full(model.outlier_copies, place))
        u = np.append(model.basis[:, 1], np.full(model.outlier_copies, model.outlier_basis[1]))
        best = fit_line(LOSSES[key], u, target, **LOSSES[key].starts)
        landscape = fitted_landscape(model, at_starts(LOSSES[key]))
        assert lowest(shown, {"outlier": place}) == pytest.approx(landscape.value(best, outlier=place), rel=1e-9)


@each_landscape
def test_arrows_point_downhill(landscape):
    shown = chosen(TEXTBOOK, landscape=landscape.key)
    x, y = (rows(shown, "downhill", axis)[0].row().reshape(-1, 6) for axis in "xy")
    base, tip = np.stack([x[:, 0], y[:, 0]], axis=-1), np.stack([x[:, 1], y[:, 1]], axis=-1)
    run, slope = tip - base, landscape.grad(base + (tip - base) / 6)
    span = np.ptp(landscape.window, axis=1)
    there = np.linalg.norm(run / span, axis=-1) > 1e-3
    assert there.any()
    along = np.sum(run / span * slope * span, axis=-1) / (
        np.linalg.norm(run / span, axis=-1) * np.linalg.norm(slope * span, axis=-1) + 1e-300
    )
    assert (along[there] < -0.999).all()
    assert np.isnan(x[:, 5]).all()


@pytest.mark.parametrize("colours", ["linear", "log"])
@pytest.mark.parametrize(
    ("view", "choice"),
    [
        (TEXTBOOK, {"landscape": "rosenbrock"}),
        (LINE, {}),
        (LINE, {"losses": ("absolute_error", "huber")}),
        (SCORE, {}),
    ],
)
def test_higher_points_have_a_higher_colour_within_the_scale(view, choice, colours):
    shown = chosen(view, colours=colours, **choice)
    for place, trace in enumerate(shown.figure.data):
        if trace.type != "contour":
            continue
        colour, height = (
            live.row().ravel()
            for attribute in ("z", "customdata")
            for live in [track.live for track in shown.tracks if (track.trace, track.attribute) == (place, attribute)]
        )
        order = np.argsort(height)
        assert (np.diff(colour[order]) >= -1e-9).all()
        low, high = trace.zmin, trace.zmax
        assert low - 1e-9 <= colour.min()
        assert np.mean(colour <= high + 1e-9) > 0.95


def test_a_cross_section_is_a_row_and_a_column_of_the_map():
    shown = chosen(TEXTBOOK, landscape="himmelblau", colours="linear")
    landscape = LANDSCAPES["himmelblau"]
    values = {"x": shown.slider("x").values[7], "y": shown.slider("y").values[31]}
    (along_x,), (along_y,) = (rows(shown, "Himmelblau", "customdata", axis) for axis in ("y2", "y3"))
    x, y, _ = (grid_of(landscape, shown)[0, :, 0], grid_of(landscape, shown)[:, 0, 1], None)
    on_row = landscape.value(np.stack([x, np.full(len(x), y[31])], axis=-1))
    on_column = landscape.value(np.stack([np.full(len(y), x[7]), y], axis=-1))
    np.testing.assert_allclose(along_x.row(values), on_row, rtol=1e-12)
    np.testing.assert_allclose(along_y.row(values), on_column, rtol=1e-12)
    assert number(shown.readings[0].cells[0], values) == pytest.approx(on_row[7])


def test_the_table_is_the_grid_at_the_released_values():
    values = {"huber.delta": 2.05, "outlier": 15.0, "x": 3.0}
    columns = LINE.choose().around(values).stage.table(values)
    assert list(columns) == ["intercept", "slope", "huber height"]
    points = np.stack([columns["intercept"], columns["slope"]], axis=-1)
    assert len(points) == 101 * 101
    landscape = fitted_landscape(line_model("tips"), LOSSES["huber"])
    np.testing.assert_allclose(columns["huber height"], landscape.value(points, delta=2.05, outlier=15.0), rtol=1e-12)


def test_a_landscape_without_a_minimum_says_so():
    assert chosen(SCORE, data="separable").summary.template.startswith("There is no minimum")
    assert not chosen(SCORE, data="iris").summary.template.startswith("There is no minimum")
    assert fitted_landscape(logistic_model("separable"), LOSSES["binary_cross_entropy"]).value([12.0, 12.0]) > 0


def test_where_a_prediction_leaves_the_loss_there_is_no_colour_and_it_is_said():
    shown = chosen(LINE, losses=("poisson",))
    missing = np.isnan(heights(shown, "poisson")).mean()
    assert 0 < missing < 1
    assert "the loss is undefined for a prediction" in shown.summary.template


def test_losses_side_by_side_share_their_axes():
    shown = chosen(LINE, losses=("squared_error", "absolute_error", "huber"), picture="map")
    layout = shown.figure.layout
    for axes in ("xaxis", "yaxis"):
        assert layout[f"{axes}2"].matches == layout[f"{axes}3"].matches == axes[0]
        assert layout[axes].range == layout[f"{axes}2"].range == layout[f"{axes}3"].range


@pytest.mark.parametrize("compare", ["batch", "depth", "decay"])
def test_networks_side_by_side_are_on_one_scale(compare):
    shown = chosen(NETWORK, compare=compare, picture="map")
    maps = [trace for trace in shown.figure.data if trace.type == "contour"]
    assert len(maps) == 2
    assert (maps[0].zmin, maps[0].zmax) == (maps[1].zmin, maps[1].zmax)
    assert len({trace.name for trace in maps}) == 2


def test_the_path_of_the_training_is_drawn_in_its_own_plane():
    shown = chosen(NETWORK, plane="path", picture="map")
    x, y = (rows(shown, "training path", axis)[0].row() for axis in "xy")
    assert len(x) > 50
    assert max(np.abs(x).max(), np.abs(y).max()) <= 1
    np.testing.assert_allclose([x[-1], y[-1]], 0, atol=1e-12)
    assert "% of the variance of the training path" in shown.summary.template
    assert "training path" not in {trace.name for trace in chosen(NETWORK, picture="map").figure.data}
