"""The picture of two goals: the point on the front is the best constant of the weight, and both panels agree."""

import re

import numpy as np
import pytest

from core.models.typed_estimates import SAMPLES
from core.stage.encode import payload
from tests.views.shown import Shown, asked
from tests.views.texts import filled

CURVED = "w log1p(r^2) + (1 - w) log1p((p - 1)^2)"
WEIGHTS = (0.01, 0.25, 0.5, 0.99)


def arrived(**words):
    return Shown(*asked("two_goals_typed", words))


@pytest.mark.parametrize("data", SAMPLES)
@pytest.mark.parametrize("w", WEIGHTS)
def test_the_point_is_where_the_weighted_sum_is_least(data, w):
    shown, sample = arrived(data=data), SAMPLES[data]
    (on_front,), (on_total,) = (shown.traces("best", panel, {"your_loss.w": w}) for panel in (0, 1))
    constants = np.linspace(sample.min(), sample.max(), 20_001)[:, None]
    squared, absolute = ((constants - sample) ** 2).mean(axis=1), np.abs(constants - sample).mean(axis=1)
    total = w * squared + (1 - w) * absolute
    best = total.argmin()
    np.testing.assert_allclose(on_total["x"], constants[best], atol=2e-3 * np.ptp(sample))
    np.testing.assert_allclose(on_total["y"], total[best], rtol=1e-4)
    np.testing.assert_allclose([on_front["x"][0], on_front["y"][0]], [squared[best], absolute[best]], rtol=1e-2)
    assert w * on_front["x"][0] + (1 - w) * on_front["y"][0] == pytest.approx(on_total["y"][0], rel=1e-4)


@pytest.mark.parametrize("w", WEIGHTS)
def test_the_line_through_the_point_has_one_total_and_the_front_is_never_below_it(w):
    shown = arrived()
    (line,), (front,) = (shown.traces(name, 0, {"your_loss.w": w}) for name in ("same total", "front"))
    totals = w * line["x"] + (1 - w) * line["y"]
    assert totals[0] == pytest.approx(totals[1], rel=1e-3)
    assert np.nanmin(w * front["x"] + (1 - w) * front["y"]) >= totals[0] * (1 - 1e-3)


def test_the_summary_says_what_no_weight_reaches():
    text = filled(arrived().stage.summary, {"your_loss.w": 0.99})
    assert text.startswith("At w = 0.99 the best constant is 1.48")  # nearly the mean, 1.489
    assert text.endswith("; every best compromise is reached by some w.")
    shown = arrived(formula=CURVED, data="exam results")
    sentence = filled(shown.stage.summary, {})
    share = int(re.search(r"no w reaches (\d+) % of the best compromises\.$", sentence)[1])
    constants = np.linspace(1.0, 8.6, 4001)[:, None]  # from the best of one goal to that of the other
    first, second = (np.log1p((constants - y) ** 2).mean(axis=1) for y in (SAMPLES["exam results"], np.ones(1)))
    weights = np.linspace(0.001, 0.999, 2000)[:, None]
    chosen = np.unique((weights * first + (1 - weights) * second).argmin(axis=1))
    gap = np.diff(constants[chosen, 0]).max()
    assert share == pytest.approx(100 * gap / np.ptp(constants[chosen]), abs=3)
    (missed,) = shown.traces("reached by no weight", 0, {})
    assert np.isfinite(missed["x"]).sum() > 20


def test_another_parameter_is_a_slider_too():
    shown = arrived(formula="w where(r < 0, c, 1) r^2 + (1 - w) |r|")
    assert [slider.key for slider in shown.stage.sliders] == ["your_loss.w", "your_loss.c"]
    places = [shown.traces("best", 1, {"your_loss.c": c})[0]["x"][0] for c in (0.0, 1.0, 10.0)]
    assert places[0] < places[1] < places[2]  # the dearer it is to be too low, the higher
    assert len(payload(shown.stage)) < 200_000


def test_the_table_has_every_constant():
    shown = arrived(formula=CURVED)
    table = shown.stage.table({})
    assert len(table["constant"]) == len(table["goal A"]) > 250
    assert set(table["reached"]) == {0.0, 1.0}
    assert np.all(table["reached"] <= table["best compromise"])
