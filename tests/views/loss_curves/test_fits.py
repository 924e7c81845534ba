"""What is drawn on "What it fits" is what the losses fit, and what each is known to estimate."""

import gzip

import numpy as np
import pytest

from core.datasets import DATASETS
from core.losses import LOSSES
from core.models import fit_constant, fit_line
from core.stage.encode import payload
from core.views import VIEWS
from tests.views.cases import chosen, drawn, losses_of, number, params_of, settings, text_slots

TIPS, MADE = VIEWS["tips_fit"], VIEWS["made_fit"]
LINE = DATASETS["made"]
SCENES = [
    (TIPS, {}, DATASETS["tips"].load()),
    (MADE, {"seed": 1}, LINE.load(1)),
    (MADE, {"seed": 999}, LINE.load(999)),
]
scenes = pytest.mark.parametrize(("view", "choice", "data"), SCENES, ids=["tips", "made-1", "made-999"])
each_loss = pytest.mark.parametrize("loss", losses_of(TIPS), ids=str)


def points(shown, data, values):
    """All points that are in the picture, outliers among them."""
    xs, ys = drawn(shown, "outliers", 0, values)
    there = np.isfinite(xs)
    assert there.sum() == values["outliers"]
    assert (ys[there] == values["outlier"]).all()
    return np.concatenate([data.x, xs[there]]), np.concatenate([data.target, ys[there]])


def places(shown):
    """A few of the sliders' positions, the ends among them."""
    low, high = shown.slider("outlier").values[[0, -1]]
    return [{"outlier": value, "outliers": count} for value in (low, high) for count in (0.0, 1.0, 16.0)]


def released(view, values, **choice):
    """The stage of a choice once its sliders have been left at these values."""
    choice = view.defaults | choice
    return view.choose(**choice).around(values).stage


def assert_fitted(shown, loss, data, values):
    """The line, the level and the table of numbers are what this loss fits to the points that are in the picture."""
    x, y = points(shown, data, values)
    params = params_of(loss, values)
    constant = float(fit_constant(loss, y, **params))
    intercept, slope = fit_line(loss, x, y, **params)
    ends, levels = drawn(shown, loss.name, 1, values)
    np.testing.assert_allclose(levels, constant, atol=1e-6)
    ends, heights = drawn(shown, loss.name, 0, values)
    np.testing.assert_allclose(heights, intercept + slope * ends, atol=1e-5)
    (row,) = (row for row in shown.readings if row.name == loss.short)
    read = [number(cell, values) for cell in row.cells]
    assert read == pytest.approx([constant, intercept, slope], abs=1e-5)


@scenes
@each_loss
def test_constants_and_lines_are_those_of_the_points_in_the_picture(view, choice, data, loss):
    shown = chosen(view, losses=(loss.key,), **choice)
    again = any(slider.recomputed for slider in shown.sliders)  # a release brings another stage
    for values in (own | place for own in settings(loss, shown.sliders) for place in places(shown)):
        here = released(view, values, losses=(loss.key,), **choice) if again else shown
        assert_fitted(here, loss, data, values)


SWEPT = ("quantile", "huber", "log_cosh", "cauchy", "tukey")  # too dear for every combination of their sliders' frames
ROBUST = ("cauchy", "geman_mcclure", "welsch", "tukey")
MOVED = {"huber.delta": 5.0, "cauchy.c": 0.1, "quantile.tau": 0.99, "outlier": 9.0, "outliers": 1.0}


@scenes
@pytest.mark.parametrize("centre", [{}, MOVED, {"tukey.c": 8.0, "outliers": 0.0}], ids=["start", "moved", "without"])
def test_around_what_was_released_every_slider_can_be_dragged_to_both_ends(view, choice, data, centre):
    shown = released(view, centre, losses=SWEPT, **choice)
    assert all(slider.recomputed for slider in shown.sliders)
    starts = {slider.key: float(slider.values[slider.start]) for slider in shown.sliders} | centre
    for slider in shown.sliders:
        for end in (0, 1, -1):
            values = starts | {slider.key: float(slider.values[end])}
            for loss in (LOSSES[key] for key in SWEPT):
                assert_fitted(shown, loss, data, values)


@scenes
def test_a_sweep_and_all_combinations_show_the_same(view, choice, data):  # noqa: ARG001
    """A loss is in both kinds of pictures: alone, with every combination of frames, and beside others in a sweep."""
    whole = chosen(view, losses=("huber",), **choice)
    assert not any(slider.recomputed for slider in whole.sliders)
    shown = released(view, MOVED, losses=SWEPT, **choice)
    values = {slider.key: MOVED.get(slider.key, float(slider.values[slider.start])) for slider in whole.sliders}
    for key in ("outlier", "outliers", "huber.delta"):
        for value in whole.slider(key).values:
            here = values | {key: float(value)}
            for panel in (0, 1):
                mine, its = (drawn(stage, LOSSES["huber"].name, panel, here)[1] for stage in (whole, shown))
                np.testing.assert_allclose(mine, its, atol=1e-7)
            mine, its = (next(row for row in stage.readings if row.name == "Huber") for stage in (whole, shown))
            for cell, other in zip(mine.cells, its.cells, strict=True):
                assert number(cell, here) == pytest.approx(number(other, here), abs=1e-7)
            moves = [
                text_slots(stage, "{} added", MOVED | here)[1 + [row.name for row in stage.readings].index("Huber")]
                for stage in (whole, shown)
            ]
            assert moves[0] == pytest.approx(moves[1], abs=1e-7)


@scenes
@pytest.mark.parametrize("losses", [SWEPT, ROBUST], ids=["sweep", "robust"])
def test_a_release_leaves_the_axes_alone_and_every_constant_is_within_them(view, choice, data, losses):  # noqa: ARG001
    start = released(view, {}, losses=losses, **choice)
    sliders = start.sliders
    ranges = []
    for end in (0, 1, -1):
        for moved in ([sliders[0]], [sliders[1]], sliders[2:], sliders):
            shown = released(view, {slider.key: float(slider.values[end]) for slider in moved}, losses=losses, **choice)
            low, high = shown.figure.layout.yaxis2.range
            constants = np.concatenate([row.cells[0].lives[0].array.ravel() for row in shown.readings])
            assert low < constants.min() <= constants.max() < high
            assert shown.figure.layout.yaxis.range == start.figure.layout.yaxis.range
            ranges.append(shown.figure.layout.yaxis2.range == start.figure.layout.yaxis2.range)
    assert np.mean(ranges) >= 0.9  # hardly ever a constant lies where the start has no room


@scenes
def test_what_the_old_ones_are_known_to_estimate(view, choice, data):
    losses = ("squared_error", "absolute_error", "quantile")
    for values in places(chosen(view, losses=losses, **choice)):
        shown = released(view, values, losses=losses, **choice)
        x, y = points(shown, data, values)
        levels = {key: drawn(shown, LOSSES[key].name, 1, values)[1][0] for key in ("squared_error", "absolute_error")}
        assert levels["squared_error"] == pytest.approx(np.mean(y))
        assert levels["absolute_error"] == pytest.approx(np.median(y))
        ends, heights = drawn(shown, LOSSES["squared_error"].name, 0, values)
        np.testing.assert_allclose(heights, np.polyval(np.polyfit(x, y, 1), ends), atol=1e-6)
        for tau in shown.slider("quantile.tau").values[[0, 5, -1]]:
            level = drawn(shown, LOSSES["quantile"].name, 1, values | {"quantile.tau": tau})[1][0]
            assert np.mean(y < level - 1e-7) <= tau + 1e-12
            assert np.mean(y <= level + 1e-7) >= tau - 1e-12


@scenes
def test_outliers_farther_out_move_the_mean_on_and_leave_the_median(view, choice, data):
    shown = chosen(view, losses=("squared_error", "absolute_error"), **choice)
    beyond = [place for place in shown.slider("outlier").values if place > data.target.max()]
    near, far = beyond[0], beyond[-1]
    begin = "{} added: this moved the best single prediction by {} for MSE"
    moved = []
    for place in (near, far):
        slots = text_slots(shown, begin, {"outlier": place, "outliers": 4.0})
        y = np.append(data.target, [place] * 4)
        assert slots[0] == "4 outliers"
        assert slots[1] == pytest.approx(np.mean(y) - np.mean(data.target))
        assert slots[2] == pytest.approx(np.median(y) - np.median(data.target))
        moved.append(slots)
    assert moved[1][1] - moved[0][1] == pytest.approx(4 * (far - near) / (len(data) + 4))
    assert moved[1][2] == moved[0][2]


@scenes
@pytest.mark.parametrize("outliers", [1.0, 4.0])
def test_how_far_outliers_move_a_constant_is_told_around_every_release(view, choice, data, outliers):
    losses = ("expectile", "quantile", "tukey")
    moved = {"outlier": 7.0, "outliers": outliers, "tukey.c": 0.1, "quantile.tau": 0.99}
    shown = released(view, moved, losses=losses, **choice)
    for own in ({}, {"tukey.c": 8.0}, {"quantile.tau": 0.01}):
        values = moved | own
        slots = text_slots(shown, "{} added: this moved the best single prediction by {}", values)
        spoilt = np.append(data.target, [7.0] * int(outliers))
        for place, key in enumerate(losses):
            params = LOSSES[key].starts | params_of(LOSSES[key], values)
            near, far = (float(fit_constant(LOSSES[key], y, **params)) for y in (data.target, spoilt))
            assert slots[place + 1] == pytest.approx(far - near, abs=2e-8)


@scenes
def test_without_outliers_nothing_moves(view, choice, data):  # noqa: ARG001
    shown = chosen(view, **choice)
    for outlier in shown.slider("outlier").values:
        slots = text_slots(
            shown, "{} added: this moved the best single prediction by {}", {"outlier": outlier, "outliers": 0.0}
        )
        assert slots[0] == "No outliers"
        assert slots[1:] == [0, 0, 0]


@scenes
def test_the_picture_shows_every_point_and_every_outlier(view, choice, data):
    shown = chosen(view, **choice)
    for panel in (0, 1):
        x, y = drawn(shown, "data", panel, {})
        np.testing.assert_array_equal((x, y), (data.x, data.target))
    low, high = shown.figure.layout.yaxis.range
    left, right = shown.figure.layout.xaxis.range
    every = shown.slider("outlier").values
    assert low < min(every.min(), data.target.min()) < max(every.max(), data.target.max()) < high
    xs, _ = drawn(shown, "outliers", 0, {"outliers": 16.0})
    assert left < min(xs.min(), data.x.min()) < max(xs.max(), data.x.max()) < right


@scenes
def test_no_outlier_stands_on_a_point_or_on_another(view, choice, data):
    xs, _ = drawn(chosen(view, **choice), "outliers", 0, {"outliers": 16.0})
    assert not np.isin(xs, data.x).any()
    assert len(set(xs)) == 16


@pytest.mark.parametrize(
    ("key", "seeds"), [("tips", [None]), ("income", [None]), ("made", [1, 2, 3])], ids=["tips", "income", "made"]
)
def test_what_the_outliers_do_is_seen_at_once(key, seeds):
    """At the defaults the line of the squared error is moved by a tenth of the picture, and the others hardly."""
    for seed in seeds:
        shown = chosen(VIEWS[f"{key}_fit"], **({"seed": seed} if seed else {}))
        low, high = shown.figure.layout.yaxis.range
        far = {}
        for loss in ("squared_error", "absolute_error", "huber"):
            name = LOSSES[loss].name
            heights, before = (drawn(shown, line, 0, {})[1] for line in (name, f"{name} without outliers"))
            np.testing.assert_allclose(before, drawn(shown, name, 0, {"outliers": 0.0})[1], atol=1e-6)
            far[loss] = np.abs(heights - before).max() / (high - low)
        assert far["squared_error"] > 0.1
        assert max(far["absolute_error"], far["huber"]) < far["squared_error"] / 3


@scenes
@pytest.mark.parametrize("losses", [MADE.defaults["losses"], SWEPT], ids=["default", "sweep"])
@pytest.mark.parametrize("around", [True, False], ids=["released", "start"])
def test_table_holds_the_points_and_what_the_lines_say(view, choice, data, losses, around):
    own = {"cauchy.c": 2.1, "quantile.tau": 0.01} if "cauchy" in losses else {"huber.delta": 0.05}
    moved = {"outlier": float(chosen(view, **choice).slider("outlier").values[2]), "outliers": 2.0} | own
    shown = released(view, moved if around else {}, losses=losses, **choice)
    values = {key: float(shown.slider(key).values[shown.slider(key).frame(value)]) for key, value in moved.items()}
    x, y, outlier, *rest = shown.table(values).values()
    np.testing.assert_array_equal((x, y), points(shown, data, values))
    assert outlier.sum() == 2
    constants, lines = rest[::2], rest[1::2]
    for key, constant, line in zip(losses, constants, lines, strict=True):
        params = params_of(LOSSES[key], values)
        assert np.ptp(constant) == 0
        assert constant[0] == pytest.approx(fit_constant(LOSSES[key], y, **params), abs=1e-6)
        intercept, slope = fit_line(LOSSES[key], x, y, **params)
        np.testing.assert_allclose(line, intercept + slope * x, atol=1e-5)


def test_another_seed_is_other_data():
    seeds = [drawn(chosen(MADE, seed=seed), "data", 0, {})[1] for seed in (0, 1, 999)]
    assert not np.array_equal(seeds[0], seeds[1])
    assert not np.array_equal(seeds[1], seeds[2])


@scenes
def test_a_sweep_is_small(view, choice, data):  # noqa: ARG001
    for losses in (SWEPT, (*ROBUST, "gaussian_nll")):
        packed = payload(released(view, MOVED, losses=losses, **choice))
        assert len(packed) < 20_000
        assert len(gzip.decompress(packed)) < 200_000
