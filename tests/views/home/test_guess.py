"""The first picture: a guess, its loss, and the steps that the slope suggests."""

import numpy as np
import pytest

from core.losses import LOSSES
from core.views import VIEWS
from core.views.home.guess import DIGITS, OUTLIER, RATE, SHOWN, STEPS, TRUTH
from tests.views.cases import chosen, drawn, number, text_slots

GUESS = VIEWS["guess_the_number"]
each_loss = pytest.mark.parametrize("loss", [LOSSES[key] for key in SHOWN], ids=str)
SHOWN_TO = 0.5 * 10.0**-DIGITS
GUESSES = [0.0, 1.5, 4.9, 5.0, 5.1, 8.3, 10.0]


@each_loss
@pytest.mark.parametrize("guess", GUESSES)
def test_the_walk_is_gradient_descent_and_ends_no_farther(loss, guess):
    x, y = drawn(chosen(GUESS), f"{loss.short} steps", 0, {"guess": guess, "step": STEPS})
    assert len(x) == STEPS + 1
    assert x[0] == guess
    np.testing.assert_allclose(y, loss.value(x, TRUTH), atol=SHOWN_TO)
    np.testing.assert_allclose(np.diff(x), -RATE * loss.grad(x[:-1], TRUTH), atol=1e-12)
    assert abs(x[-1] - TRUTH) < max(RATE, abs(guess - TRUTH))
    if loss.convex and loss is not LOSSES["absolute_error"]:  # whose steps keep their length and hop over the number
        assert (np.diff(np.abs(x - TRUTH)) <= 0).all()
        assert abs(x[-1] - TRUTH) < 0.02 + 0.2 * abs(guess - TRUTH)


@each_loss
def test_ball_and_key_stand_where_the_path_has_come_to(loss):
    shown = chosen(GUESS)
    row = next(row for row in shown.readings if row.name == loss.short)
    for step in (0.0, 1.0, 7.0, float(STEPS)):
        values = {"guess": 1.5, "step": step}
        path, heights = drawn(shown, f"{loss.short} steps", 0, values)
        (x,), (y,) = drawn(shown, f"{loss.short} guess", 0, values)
        assert (x, y) == (path[-1], heights[-1])
        read = [number(cell, values) for cell in row.cells]
        assert read == pytest.approx([x, y, loss.grad(x, TRUTH)], abs=SHOWN_TO)


@each_loss
def test_the_curve_is_the_loss_and_lowest_at_the_number(loss):
    x, y = drawn(chosen(GUESS), loss.name, 0, {})
    np.testing.assert_allclose(y, loss.value(x, TRUTH))
    assert x[np.argmin(y)] == TRUTH


@pytest.mark.parametrize("guess", GUESSES)
def test_the_sentence_says_how_far_off_each_loss_has_come(guess):
    for step, when in [(0.0, "Before the first step"), (1.0, "After 1 step"), (float(STEPS), f"After {STEPS} steps")]:
        values = {"guess": guess, "step": step}
        whose, far, then, *away, lesson = text_slots(
            chosen(GUESS), "{} {} away from the number (solid line). {}, squared error is {} away", values
        )
        assert (then, far) == (when, pytest.approx(abs(guess - TRUTH), abs=SHOWN_TO))
        assert whose == ("Your guess is" if step == 0 else "Your first guess was")
        for key, shown in zip(SHOWN, away, strict=True):
            (x,), _ = drawn(chosen(GUESS), f"{LOSSES[key].short} guess", 0, values)
            assert shown == pytest.approx(abs(x - TRUTH), abs=SHOWN_TO)
        assert ("Play" in lesson) == (step == 0)


@each_loss
@pytest.mark.parametrize("outlier", [5.0, 8.0, 10.0])
def test_the_best_guess_is_the_lowest_point_of_the_curve(loss, outlier):
    (x,), (y,) = drawn(chosen(GUESS), f"{loss.short} best guess", 0, {"outlier": outlier})
    fine = np.linspace(0, 10, 20_001)
    losses = np.mean([loss.value(fine, value) for value in [TRUTH] * 4 + [outlier]], axis=0)
    assert y <= losses.min() + 1e-9
    assert x == pytest.approx(fine[losses.argmin()], abs=1e-3)


def test_with_an_outlier_squared_error_ends_at_the_mean_of_the_five_values():
    """As the sentence says then."""
    shown = chosen(GUESS)
    for outlier in OUTLIER.values[1:]:
        values = {"outlier": float(outlier), "step": float(STEPS)}
        *_, lesson = text_slots(shown, "{} {} away from the number (solid line). {}, squared error is {} away", values)
        assert "mean of the five values" in lesson
        for guess in (1.5, 8.0):
            x, _ = drawn(shown, "MSE steps", 0, {**values, "guess": guess})
            assert x[-1] == pytest.approx(TRUTH + (outlier - TRUTH) / 5, abs=1e-3)


def test_squared_error_slows_down_and_absolute_error_does_not():
    """What the sentence says once the ball rolls."""
    for name, slower in [("MSE", True), ("MAE", False)]:
        x, _ = drawn(chosen(GUESS), f"{name} steps", 0, {"guess": 1.5, "step": 8.0})
        lengths = np.abs(np.diff(x))
        assert np.allclose(lengths, lengths[0]) != slower
        assert (np.diff(lengths) < 0).all() == slower
