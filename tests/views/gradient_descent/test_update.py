"""One update taken apart: its numbers, its arrows and its table, against a run by itself."""

import numpy as np
import pytest

from core.descent import descend
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS
from core.sentences import number_text
from core.views import VIEWS
from core.views.gradient_descent.cards import update_card
from core.views.gradient_descent.sliders import STEP
from core.views.gradient_descent.step_figure import unit
from core.views.gradient_descent.update import GRADIENT, STEP_SYMBOL, Update
from core.views.gradient_descent.views import BY_KIND, UPDATES
from tests.views.gradient_descent.races import race_of
from tests.views.texts import filled

VIEW = VIEWS["textbook_step"]


def update(centre=None, **choice):
    return Update(race_of(VIEW.choose(**choice).around(centre or {})))


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_update_is_that_of_a_run_by_itself(key):
    shown = update({"lr": 0.01, "x": 1.25, "y": -2.0}, optimizer=key)
    run = descend(OPTIMIZERS[key], LANDSCAPES["ravine"], np.array([1.25, -2.0]), UPDATES + 1, lr=0.01)
    np.testing.assert_allclose(shown.race.descent.points[:, 0, 0], run.points, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(shown.terms[STEP_SYMBOL][0], np.diff(run.points, axis=0), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(shown.terms[GRADIENT][0], run.gradients[:-1], rtol=1e-9, atol=1e-12)


def test_momentum_is_taken_apart_as_its_formula_says():
    shown = update({"lr": 0.01, "beta": 0.8}, optimizer="momentum")
    velocity, gradient = shown.terms["v"][0], shown.terms[GRADIENT][0]
    np.testing.assert_allclose(velocity[0], gradient[0])
    np.testing.assert_allclose(velocity[1:], 0.8 * velocity[:-1] + gradient[1:], rtol=1e-12)
    np.testing.assert_allclose(shown.terms[STEP_SYMBOL][0], -0.01 * velocity, rtol=1e-9, atol=1e-12)


def test_a_step_straight_downhill_turns_by_nothing():
    shown = update(optimizer="gradient_descent")
    norm, length, angle = shown.step_comparison()
    moves = (length > 1e-6) & (shown.race.settings["noise"] == 0)[:, None]
    assert np.nanmax(angle[moves]) < 1e-3
    np.testing.assert_allclose(length[0], 0.032 * norm[0], rtol=0.5)


def test_downhill_is_that_of_the_landscape_whatever_noise_is_seen():
    """With noise gradient descent steps in another direction; the gradient norm is the landscape's own."""
    shown = update({"noise": 0.5, "lr": 0.02}, optimizer="gradient_descent")
    (norm, _, angle), true = shown.step_comparison(), shown.race.descent.gradients[:-1, 0, 0]
    np.testing.assert_allclose(norm[0], np.hypot(*true.T), rtol=1e-12)
    steps = np.diff(shown.race.descent.points[:, 0, 0], axis=0)
    cosine = np.sum(-true * steps, axis=1) / np.hypot(*true.T) / np.hypot(*steps.T)
    np.testing.assert_allclose(np.cos(np.radians(angle[0])), cosine, atol=1e-9)
    assert angle[0].max() > 5


def drawn(stage, name, panel):
    """x and y of an arrow, [runs, updates, points]."""
    return [live.array for axis in "xy" for live in stage.drawn(name, axis, panel)]


def test_the_step_s_arrow_ends_where_the_next_point_is():
    stage = VIEW.choose(optimizer="momentum").stage
    shown = update(optimizer="momentum")
    here, there = shown.race.descent.points[:-1, 0, 0], shown.race.descent.points[1:, 0, 0]
    x, y = drawn(stage, "step of Momentum", "y")
    np.testing.assert_allclose(np.stack([x[0, :, 0], y[0, :, 0]], axis=-1), here, atol=1e-12)
    np.testing.assert_allclose(np.stack([x[0, :, 1], y[0, :, 1]], axis=-1), there, atol=1e-12)


def test_enlarged_every_arrow_is_of_one_length():
    stage = VIEW.choose().stage
    for name in ("negative gradient, −g", "average, −m", "step of Adam"):
        x, y = drawn(stage, name, "y2")
        length = np.hypot(x[..., 1], y[..., 1])
        assert np.all(np.isclose(length, 1) | (length == 0))


def test_directions_of_nothing_and_of_no_number():
    vectors = np.array([[0.0, 0.0], [3.0, 4.0], [np.nan, 1.0], [1e200, 0.0]])
    np.testing.assert_allclose(unit(vectors, np.ones(2)), [[0, 0], [0.6, 0.8], [0, 0], [1, 0]])


def test_the_table_is_that_of_the_released_values():
    values = {"lr": 0.01}
    stage = VIEW.choose().around(values).stage
    columns = stage.table(values)
    run = descend(
        OPTIMIZERS["adam"], LANDSCAPES["ravine"], np.array([columns["x"][0], columns["y"][0]]), UPDATES, lr=0.01
    )
    np.testing.assert_allclose(columns["x"], run.points[:, 0], rtol=1e-10)
    np.testing.assert_allclose(columns["g along y"], run.gradients[:, 1], rtol=1e-9, atol=1e-12)
    assert len(columns["step"]) == UPDATES + 1


def test_the_formula_is_that_of_the_step_that_is_shown():
    shown = update({"lr": 0.1}, optimizer="gradient_descent")
    points = shown.race.descent.points[:, 0, 0]
    for step in (0, 7, UPDATES):
        formula = filled(update_card(shown, 1, "y").text, {STEP: float(step), "lr": 0.1})
        assert f"({number_text(points[step, 1])}) - 0.1" in formula
        assert f"= {number_text(points[step + 1, 1])}" in formula


@pytest.mark.parametrize("kind", ["line", "classifier"])
def test_data_have_updates_too(kind):
    stage = BY_KIND[kind]["step"].choose().stage
    _, length, _ = stage.summary.lives
    assert np.isfinite(length.array[0]).all()
