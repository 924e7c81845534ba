"""Where a race begins, and at which learning rate, before anybody chooses: there the landscape shows what it does."""

import numpy as np
import pytest

from core.descent.outcome import Outcome
from core.landscapes import LANDSCAPES
from core.views.gradient_descent.sliders import RATES
from core.views.loss_landscapes.cards import textbook_cards
from tests.views.gradient_descent.races import arrived


@pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=LANDSCAPES)
def test_a_start_of_a_landscapes_own_is_inside_of_its_window_and_its_rate_on_a_frame(landscape):
    low, high = np.array(landscape.window).T
    if landscape.start:
        assert ((low < landscape.start) & (landscape.start < high)).all()
    assert landscape.rate is None or landscape.rate in RATES


@pytest.mark.parametrize("key", ["saddle", "monkey_saddle"])
def test_on_a_saddle_gradient_descent_stalls_for_long_and_then_leaves(key):
    landscape, shown = LANDSCAPES[key], arrived(landscape=key)
    (link,) = textbook_cards(landscape, ())[0].links
    assert arrived(**link.query).choice == shown.choice  # the link from its own page opens the same race
    assert not link.sliders
    assert list(shown.race.optimizers) == ["gradient_descent", "momentum", "rmsprop", "adam"]
    assert shown.race.steps == 200
    (low, high), _ = landscape.window
    points = shown.points("gradient_descent")
    distance = np.hypot(*(points - landscape.saddles[0]).T)
    near = np.flatnonzero(distance < 0.05 * (high - low))
    assert len(near) == near[-1] - near[0] + 1 >= 45  # one stay
    strides = np.hypot(*np.diff(points[: near[-1]], axis=0).T)
    assert strides.min() < strides[0] / 30
    ends = shown.outcomes
    assert set(ends.values()) == {Outcome.LEFT_WINDOW}
    others = [shown.convergence_step(one) for one in ends if one != "gradient_descent"]
    assert 1.5 * max(others) < shown.convergence_step("gradient_descent") < 150
    assert f"It spent {len(near)} steps near a saddle point." in shown.summary
