"""What is drawn on "What it fits" is what the losses fit, and what each is known to estimate."""

import numpy as np
import pytest

from core.datasets import made, tips
from core.losses import LOSSES
from core.models import fit_constant, fit_line
from core.views import VIEWS

from .cases import chosen, drawn, losses_of, params_of, said, settings

TIPS, MADE = VIEWS["tips_fit"], VIEWS["made_fit"]
SCENES = [(TIPS, {}, tips()), (MADE, {"seed": 1}, made(1)), (MADE, {"seed": 999}, made(999))]
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
    """A few of the reels' positions, the ends among them."""
    low, high = shown.reel("outlier").values[[0, -1]]
    return [{"outlier": value, "outliers": count} for value in (low, high) for count in (0.0, 1.0, 4.0)]


@scenes
@each_loss
def test_constants_and_lines_are_those_of_the_points_in_the_picture(view, choice, data, loss):
    shown = chosen(view, losses=(loss.key,), **choice)
    for values in (own | place for own in settings(loss, shown.reels) for place in places(shown)):
        x, y = points(shown, data, values)
        params = params_of(loss, values)
        constant = float(fit_constant(loss, y, **params))
        intercept, slope = fit_line(loss, x, y, **params)
        ends, levels = drawn(shown, loss.name, 1, values)
        np.testing.assert_allclose(levels, constant, atol=1e-6)
        ends, heights = drawn(shown, loss.name, 0, values)
        np.testing.assert_allclose(heights, intercept + slope * ends, atol=1e-5)
        (row,) = shown.readings
        read = [float(shown.row(cell.slots["n"], values)) for cell in row.cells]
        assert read == pytest.approx([constant, intercept, slope], abs=1e-5)


@scenes
def test_what_the_old_ones_are_known_to_estimate(view, choice, data):
    shown = chosen(view, losses=("squared_error", "absolute_error", "quantile"), **choice)
    for values in places(shown):
        x, y = points(shown, data, values)
        levels = {key: drawn(shown, LOSSES[key].name, 1, values)[1][0] for key in ("squared_error", "absolute_error")}
        assert levels["squared_error"] == pytest.approx(np.mean(y))
        assert levels["absolute_error"] == pytest.approx(np.median(y))
        ends, heights = drawn(shown, LOSSES["squared_error"].name, 0, values)
        np.testing.assert_allclose(heights, np.polyval(np.polyfit(x, y, 1), ends), atol=1e-6)
        for tau in shown.reel("quantile.tau").values[[0, 5, -1]]:
            level = drawn(shown, LOSSES["quantile"].name, 1, values | {"quantile.tau": tau})[1][0]
            assert np.mean(y < level - 1e-7) <= tau + 1e-12
            assert np.mean(y <= level + 1e-7) >= tau - 1e-12


@scenes
def test_outliers_farther_out_move_the_mean_on_and_leave_the_median(view, choice, data):
    shown = chosen(view, losses=("squared_error", "absolute_error"), **choice)
    beyond = [place for place in shown.reel("outlier").values if place > data.target.max()]
    near, far = beyond[0], beyond[-1]
    begin = "{who} at {place} {does} the constant of MSE by {n0}"
    moved = []
    for place in (near, far):
        slots = said(shown, begin, {"outlier": place, "outliers": 4.0})
        y = np.append(data.target, [place] * 4)
        assert (slots["who"], slots["does"], slots["place"]) == ("4 outliers", "move", place)
        assert slots["n0"] == pytest.approx(np.mean(y) - np.mean(data.target))
        assert slots["n1"] == pytest.approx(np.median(y) - np.median(data.target))
        moved.append(slots)
    assert moved[1]["n0"] - moved[0]["n0"] == pytest.approx(4 * (far - near) / (len(data) + 4))
    assert moved[1]["n1"] == moved[0]["n1"]


@scenes
def test_without_outliers_nothing_moves(view, choice, data):  # noqa: ARG001
    shown = chosen(view, **choice)
    for outlier in shown.reel("outlier").values:
        slots = said(shown, "{who} at {place} {does} the constant", {"outlier": outlier, "outliers": 0.0})
        assert (slots["who"], slots["does"]) == ("No outlier", "moves")
        assert [slots[name] for name in ("n0", "n1", "n2")] == [0, 0, 0]


@scenes
def test_the_picture_shows_every_point_and_every_outlier(view, choice, data):
    shown = chosen(view, **choice)
    for panel in (0, 1):
        x, y = drawn(shown, "data", panel, {})
        np.testing.assert_array_equal((x, y), (data.x, data.target))
    low, high = shown.figure.layout.yaxis.range
    left, right = shown.figure.layout.xaxis.range
    every = shown.reel("outlier").values
    assert low < min(every.min(), data.target.min()) < max(every.max(), data.target.max()) < high
    xs, _ = drawn(shown, "outliers", 0, {"outliers": 4.0})
    assert left < min(xs.min(), data.x.min()) < max(xs.max(), data.x.max()) < right


@scenes
def test_no_outlier_stands_on_a_point_or_on_another(view, choice, data):
    xs, _ = drawn(chosen(view, **choice), "outliers", 0, {"outliers": 4.0})
    assert not np.isin(xs, data.x).any()
    assert len(set(xs)) == 4


@scenes
def test_table_holds_the_points_and_what_the_lines_say(view, choice, data):
    shown = chosen(view, **choice)
    values = {"outlier": float(shown.reel("outlier").values[2]), "outliers": 2.0}
    x, y, outlier, *rest = shown.table(values).values()
    np.testing.assert_array_equal((x, y), points(shown, data, values))
    assert outlier.sum() == 2
    constants, lines = rest[::2], rest[1::2]
    for key, constant, line in zip(view.defaults["losses"], constants, lines, strict=True):
        assert np.ptp(constant) == 0
        assert constant[0] == pytest.approx(fit_constant(LOSSES[key], y), abs=1e-6)
        intercept, slope = fit_line(LOSSES[key], x, y)
        np.testing.assert_allclose(line, intercept + slope * x, atol=1e-5)


def test_another_seed_is_other_data():
    seeds = [drawn(chosen(MADE, seed=seed), "data", 0, {})[1] for seed in (0, 1, 999)]
    assert not np.array_equal(seeds[0], seeds[1])
    assert not np.array_equal(seeds[1], seeds[2])
