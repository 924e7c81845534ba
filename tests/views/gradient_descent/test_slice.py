"""Gradient descent in one dimension: its positions are those of a run in the plane, its factor is that of theory."""

import numpy as np
import pytest

from core.descent import descend
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS
from core.stage import Words
from core.views import VIEWS
from core.views.gradient_descent.slice_figure import factor_text
from core.views.gradient_descent.slice_runs import KEY, STEPS
from tests.views.cases import chosen, shown_by

VIEW = VIEWS["textbook_slice"]
QUADRATIC = ("bowl", "ravine", "booth", "matyas")


def runs_of(landscape, centre=None):
    return VIEW.choose(landscape=landscape).picture.runs.around(centre or {})


@pytest.mark.parametrize("landscape", QUADRATIC)
def test_on_a_quadratic_it_is_the_run_in_the_plane(landscape):
    """Along the direction of the largest curvature, from a start that has a component in the other one too."""
    runs = runs_of(landscape)
    origin, direction = runs.origin[0], runs.steepest[1][0]
    across = np.array([-direction[1], direction[0]])
    first = runs.descent.points[0, 0, 0]
    plane = descend(
        OPTIMIZERS[KEY], LANDSCAPES[landscape], origin + first * direction + 0.7 * across, STEPS, lr=runs.rates[0]
    )
    np.testing.assert_allclose((plane.points - origin) @ direction, runs.descent.points[:, 0, 0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("landscape", QUADRATIC)
def test_each_step_multiplies_the_distance_by_the_factor_of_the_summary(landscape):
    runs = runs_of(landscape)
    stage = VIEW.choose(landscape=landscape).stage
    factor = stage.summary.slots["factor"].array
    distances = np.abs(runs.descent.points[:6, :, 0])
    moving = (distances > 1e-6).all(axis=0)
    measured = distances[1:, moving] / distances[:-1, moving]
    np.testing.assert_allclose(measured, np.broadcast_to(factor[moving], measured.shape), rtol=1e-6)
    assert moving.sum() > len(moving) / 2


@pytest.mark.parametrize("landscape", [key for key in LANDSCAPES if LANDSCAPES[key].minima])
def test_the_slice_goes_through_a_minimum_where_it_is_steepest(landscape):
    """In no other direction does the loss rise more beside the minimum."""
    runs = runs_of(landscape)
    origin, direction = runs.origin[0], runs.steepest[1][0]
    assert np.min(np.hypot(*(np.array(LANDSCAPES[landscape].minima) - origin).T)) < 1e-3
    angles = np.linspace(0, np.pi, 37)
    around = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    small = 1e-3 * runs.reach
    lowest = LANDSCAPES[landscape].value(origin)
    rises, own = (LANDSCAPES[landscape].value(origin + small * one) - lowest for one in (around, direction))
    assert own >= 0.99 * rises.max()


def test_past_the_tick_the_jumps_grow_and_below_it_they_shrink():
    stage = chosen(VIEW)
    (tick,) = stage.ticks
    for condition in stage.slider("condition").values[::2]:
        bound = float(tick.at.row({"condition": condition}))
        assert bound == pytest.approx(2 / condition)
    theory = stage.summary.slots["theory"]
    assert isinstance(theory, Words)
    bound, distance = float(tick.at.row({})), stage.readings[0].cells[0].slots["number"]
    for rate in stage.slider("lr").values:
        text = shown_by(theory, {"lr": rate})
        first, last = (float(distance.row({"lr": rate, "step": step})) for step in (0.0, 5.0))
        if rate > 1.001 * bound:
            assert "jumps from side to side grow" in text
            assert last > first
        elif rate < 0.999 * bound:
            assert "shrink" in text or "One step" in text
            assert last < first
        else:
            assert "for ever" in text
            assert last == pytest.approx(first)


@pytest.mark.parametrize(
    ("product", "words"),
    [
        (0.4, "it shrinks, and no step jumps"),
        (1.0, "One step leads to the minimum"),
        (1.5, "jumps shrink"),
        (2.0, "for ever"),
        (2.5, "grow"),
    ],
)
def test_the_factor_in_words(product, words):
    assert words in factor_text(product, exact=True)
    assert factor_text(product, exact=False).startswith("Near the minimum, each step") or product == 1


def test_an_arrow_leads_from_each_position_to_the_next():
    stage, runs = chosen(VIEW), runs_of("ravine")
    (x,), (y,) = stage.drawn("step", "x"), stage.drawn("step", "y")
    values = {"lr": float(stage.slider("lr").values[20]), "step": 7.0}
    run = runs.sweep.run(values)
    arrows = np.stack([x.row(values), y.row(values)], axis=-1)
    places = np.stack([runs.descent.points[:8, run, 0], runs.descent.values[:8, run]], axis=-1)
    assert np.isnan(arrows[0]).all()
    np.testing.assert_allclose(arrows[1:, 0], places[:-1])
    np.testing.assert_allclose(arrows[1:, 1], places[1:])


def test_the_file_holds_the_run_at_the_released_values():
    stage = chosen(VIEW)
    values = {"lr": 0.05, "start": -0.5, "condition": 12.0}
    saved = stage.table(values)
    run = descend(OPTIMIZERS[KEY], LANDSCAPES["ravine"].at(condition=12.0), np.array([0.0, -1.5]), STEPS, lr=0.05)
    np.testing.assert_allclose(saved["position"], run.points[:, 1])
    np.testing.assert_allclose(saved["loss"], run.values)
