"""The first picture: a guess, its loss, and the steps that the slope suggests."""

import numpy as np
import pytest

from core.losses import LOSSES
from core.views import VIEWS
from core.views.guess import RATE, SHOWN, STEPS, TRUTH

from .cases import chosen, drawn, said

GUESS = VIEWS["guess_the_number"]
each_loss = pytest.mark.parametrize("loss", [LOSSES[key] for key in SHOWN], ids=str)
GUESSES = [0.0, 1.5, 4.9, 5.0, 5.1, 8.3, 10.0]


@each_loss
@pytest.mark.parametrize("guess", GUESSES)
def test_the_walk_is_gradient_descent_and_ends_no_farther(loss, guess):
    x, y = drawn(chosen(GUESS), f"{loss.short} steps", 0, {"guess": guess, "step": STEPS})
    assert len(x) == STEPS + 1
    assert x[0] == guess
    np.testing.assert_allclose(y, loss.value(x, TRUTH))
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
        read = [float(shown.row(cell.slots["n"], values)) for cell in row.cells]
        assert read == pytest.approx([x, y, loss.grad(x, TRUTH)])


@each_loss
def test_the_curve_is_the_loss_and_lowest_at_the_number(loss):
    x, y = drawn(chosen(GUESS), loss.name, 0, {})
    np.testing.assert_allclose(y, loss.value(x, TRUTH))
    assert x[np.argmin(y)] == TRUTH


@pytest.mark.parametrize("guess", GUESSES)
def test_the_sentence_says_what_is_so(guess):
    slots = said(chosen(GUESS), "{warm}. At {guess} squared error has slope {slope}: {way}.", {"guess": guess})
    assert slots["guess"] == guess
    assert slots["slope"] == pytest.approx(2 * (guess - TRUTH))
    way = {-1: "step up", 0: "there is no slope, so stay", 1: "step down"}
    assert slots["way"] == way[int(np.sign(guess - TRUTH))]


def test_it_gets_warmer_towards_the_number():
    shown = chosen(GUESS)
    words = [said(shown, "{warm}", {"guess": guess})["warm"] for guess in shown.reel("guess").values]
    half = len(words) // 2
    assert words == words[::-1]
    assert list(dict.fromkeys(words[: half + 1])) == ["Cold", "Cool", "Warm", "Hot", "Spot on"]
    assert words.count("Spot on") == 1
