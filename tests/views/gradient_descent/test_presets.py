"""Each link does what it says: by the paths, heights and outcomes that the page computes at its address."""

import re

import numpy as np
import pytest

from core.descent.outcome import Outcome
from core.views.gradient_descent.presets import PRESETS
from tests.views.gradient_descent.races import arrived

APART = np.array([6.0, 6.0])  # a window of the quadratic landscapes


def preset(name, **other):
    """As the link shows it, but for these words."""
    return arrived(**(dict(PRESETS[name].address) | other))


@pytest.mark.parametrize("name", PRESETS)
def test_a_link_is_read_in_full_and_says_one_plain_sentence(name):
    shown = preset(name)
    view, own = shown.view, dict(PRESETS[name].address)
    kept = {param.name: param.write(shown.choice[param.name]) for param in view.params if param.name in own}
    kept |= {key: f"{value:g}" for key, value in shown.values.items()}
    assert {key: float(text) if key in shown.values else text for key, text in own.items() if key != "view"} == {
        key: float(text) if key in shown.values else text for key, text in kept.items()
    }  # nothing is moved to another frame
    shows = PRESETS[name].shows
    assert re.fullmatch(r"[A-Z][^.]+\.", shows)
    assert len(shows) < 120
    assert not re.search(r"(?i)gradient norm|eigen|hessian|condition|curvature|converge|stochastic", shows)


def test_overshoot_changes_sides_with_every_step_and_arrives():
    shown = preset("Overshoot")
    across = shown.points("gradient_descent")[:40, 1]
    assert (np.sign(across[1:]) == -np.sign(across[:-1])).all()
    assert (np.abs(across[:10]) > 0.02 * APART[1]).all()  # to be seen
    assert shown.outcomes == {"gradient_descent": Outcome.CONVERGED}


def test_glacial_is_hundreds_of_times_too_slow():
    shown = preset("Learning rate too small")
    assert set(shown.outcomes.values()) == {Outcome.SLOW}
    for key in shown.race.optimizers:
        best = shown.race.rates[np.nanargmin(shown.final_losses(key))]
        assert best / shown.values["lr"] > 200
        path = shown.points(key)
        assert np.linalg.norm(path[-1] - path[0]) < 0.1 * np.linalg.norm(path[0])
        assert shown.race.outcomes.share_done[shown.at(key)] < 0.05


def test_in_the_ravine_momentum_is_there_and_gradient_descent_is_not_at_any_rate():
    shown = preset("Ravine")
    assert shown.outcomes["momentum"] == shown.outcomes["nesterov"] == Outcome.CONVERGED
    assert shown.outcomes["gradient_descent"] in (Outcome.SLOW, Outcome.NOT_CONVERGED)
    codes, _ = shown.by_rate("gradient_descent")
    assert Outcome.CONVERGED not in codes
    creeping = np.abs(np.diff(shown.points("gradient_descent")[-50:, 0]))
    assert creeping.max() < 0.002 * APART[0]


def test_trapped_in_the_nearest_valley():
    shown = preset("Local minimum")
    assert set(shown.outcomes.values()) == {Outcome.LOCAL_MINIMUM}
    critical = shown.race.grid.critical
    minima = critical.points[critical.kind == "minimum"]
    nearest = minima[np.linalg.norm(minima - [2.2, 1.7], axis=1).argmin()]
    assert len(minima) > 20
    for key in shown.race.optimizers:
        np.testing.assert_allclose(shown.points(key)[-1], nearest, atol=0.02)
        assert shown.heights(key)[-1] > 5


def test_off_the_cliff_at_the_first_step():
    shown = preset("Cliff")
    assert shown.outcomes == {"gradient_descent": Outcome.DIVERGED, "adam": Outcome.CONVERGED}
    (left, right), _ = shown.race.problem.landscape.window
    assert not left - 10 < shown.points("gradient_descent")[1, 0] < right + 10
    strides = np.abs(np.diff(shown.points("adam"), axis=0))
    assert strides.max() < 1.5 * shown.values["lr"]
    assert strides[0] == pytest.approx(shown.values["lr"])  # on the cliff as everywhere


def test_gradient_descent_lingers_at_the_saddle_and_the_others_leave():
    shown = preset("Saddle escape")
    assert shown.outcomes["gradient_descent"] in (Outcome.SADDLE, Outcome.SLOWED_AT_SADDLE)
    steps, away = shown.race.steps, 0.5  # off the ridge by so much is away

    def leaves(key):
        gone = np.abs(shown.points(key)[:, 1]) > away
        return int(gone.argmax()) if gone.any() else steps + 1

    assert leaves("gradient_descent") == steps + 1
    held = np.linalg.norm(shown.points("gradient_descent"), axis=1) < 0.05 * APART[0]
    assert held.sum() > 0.6 * steps
    assert max(leaves("rmsprop"), leaves("adam")) * 4 < steps


def test_adagrad_is_first_by_far_whatever_the_others_rates():
    """AdaGrad at a rate for the link, the others at every rate of their sweeps: none of them is there in 90 steps.

    This landscape is no sparse data, but what sparse data do to a mean gradient: one coordinate of it is a hundredth.
    """
    shown = preset("Sparse gradients")
    assert shown.outcome("adagrad") == Outcome.CONVERGED
    assert shown.convergence_step("adagrad") < 20
    for key in shown.race.optimizers:
        codes, steps = shown.by_rate(key)
        if key == "adagrad":
            assert np.isin(codes, (Outcome.CONVERGED,)).sum() >= 10  # and not by luck
            continue
        assert steps[codes == Outcome.CONVERGED].min(initial=10**9) > 5 * shown.convergence_step("adagrad")
        best = {"gradient_descent": 0.016, "momentum": 0.0032, "adam": 1.0}[key]
        if (codes == Outcome.CONVERGED).any():
            assert steps[shown.race.slider(f"{key}.lr").frame(best)] == steps[codes == Outcome.CONVERGED].min()
        else:
            assert shown.race.rates[np.nanargmin(shown.final_losses(key))] == best
        assert shown.values[f"{key}.lr"] == best


def test_with_noise_nobody_rests_and_half_the_rate_ends_lower():
    shown = preset("Noisy gradients")
    assert set(shown.outcomes.values()) == {Outcome.NOISE_FLOOR}
    for key in shown.race.optimizers:
        late = shown.points(key)[-50:]
        assert np.ptp(late, axis=0).max() > 0.05 * APART[0]
        whole, half, quarter = (shown.heights(key, lr=rate)[-100:].mean() for rate in (0.2, 0.1, 0.05))
        assert quarter < half < whole
    still = preset("Noisy gradients", noise="0")
    assert set(still.outcomes.values()) <= {Outcome.CONVERGED, Outcome.OSCILLATING}
    assert still.outcomes["gradient_descent"] == still.outcomes["adam"] == Outcome.CONVERGED


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_without_its_warm_up_the_same_rate_diverges(schedule):
    warm, cold = preset("Warm-up helps"), preset("Warm-up helps", schedule=schedule)
    assert set(warm.outcomes.values()) == {Outcome.CONVERGED}
    assert set(cold.outcomes.values()) == {Outcome.DIVERGED}
    low, high = np.array(warm.race.problem.landscape.window).T
    for key in warm.race.optimizers:
        assert ((warm.points(key) >= low) & (warm.points(key) <= high)).all()
