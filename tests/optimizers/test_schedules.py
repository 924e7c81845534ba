"""Schedules are the curves that their formulas say, and any optimizer follows them."""

import numpy as np
import pytest

from core.descent import descend, update_terms
from core.optimizers import OPTIMIZERS, SCHEDULES, with_schedule, with_weight_decay
from tests.optimizers.cases import SAMPLE_LANDSCAPES, START, fed, gradients

EACH = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=str)
EVERY = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=str)
STEPS = 40


def curve(key, steps=STEPS, **params):
    return SCHEDULES[key].factor(np.arange(steps), steps, **params)


@EACH
@pytest.mark.parametrize("steps", [1, 2, 3, 10, 200])
def test_factors_lie_between_0_and_1_and_reach_1(schedule, steps):
    for pick in ("default", "low", "high"):
        params = {param.name: getattr(param, pick) for param in schedule.params}
        factors = curve(schedule.key, steps, **params)
        assert factors.shape == (steps,)
        assert factors.dtype == np.float64
        assert (factors >= 0).all()
        assert (factors <= 1 + 1e-15).all()
        assert factors.max() > 0.9 or schedule.key in ("warmup_cosine", "one_cycle")
    if steps >= 10:
        assert curve(schedule.key, steps).max() == pytest.approx(1.0, abs=0.02)


@EACH
def test_a_factor_can_be_computed_alone_and_past_the_end(schedule):
    factors = curve(schedule.key)
    assert [float(schedule.factor(at, STEPS)) for at in range(STEPS)] == pytest.approx(factors, rel=1e-14)
    assert schedule.factor(7, STEPS).shape == ()
    if schedule.key in ("cosine", "warmup_cosine", "one_cycle"):
        assert schedule.factor(10 * STEPS, STEPS) == schedule.factor(STEPS, STEPS)


@EACH
def test_parameters_may_be_arrays(schedule):
    params = {param.name: np.array([param.low, param.default, param.high]) for param in schedule.params}
    factors = schedule.factor(np.arange(STEPS)[:, None], STEPS, **params)
    for index in range(3 if params else 0):
        alone = curve(schedule.key, **{name: values[index] for name, values in params.items()})
        np.testing.assert_allclose(factors[:, index], alone, rtol=1e-14)


def test_known_values_of_the_factors():
    assert (curve("constant") == 1).all()
    assert curve("step", every=10.0, gamma=0.5).tolist() == [0.5 ** (at // 10) for at in range(STEPS)]
    np.testing.assert_allclose(curve("exponential", gamma=0.9), 0.9 ** np.arange(STEPS), rtol=1e-14)
    cosine = curve("cosine", floor=0.2)
    assert cosine[0] == 1.0
    assert cosine[20] == pytest.approx(0.6)
    assert SCHEDULES["cosine"].factor(STEPS, STEPS, floor=0.2) == pytest.approx(0.2)
    warm = curve("warmup_cosine", warmup=0.25)
    np.testing.assert_allclose(warm[:11], np.arange(1, 12) / 11)
    assert warm[25] == pytest.approx(0.5)
    assert curve("warmup_cosine", warmup=0.0).tolist() == curve("cosine").tolist()
    cycle = curve("one_cycle", warmup=0.5, begin=10.0, end=100.0)
    assert cycle[0] == pytest.approx(0.1)
    assert cycle[19] == 1.0
    assert cycle[-1] == pytest.approx(1e-3)


@EVERY
@pytest.mark.parametrize("key", SCHEDULES)
def test_a_scheduled_optimizer_steps_at_the_scheduled_rate(optimizer, key):
    x, sequence = np.array([1.0, -2.0]), gradients(STEPS)
    ours = fed(with_schedule(optimizer, SCHEDULES[key], STEPS), x, sequence, lr=0.02)
    state, point = optimizer.init(x), x
    for at, (grad, factor) in enumerate(zip(sequence, curve(key), strict=True)):
        point, state = optimizer.step(point, grad, state, lr=0.02 * factor)
        np.testing.assert_allclose(ours[at + 1], point, rtol=1e-13)


def test_parameters_of_a_schedule_become_those_of_the_optimizer():
    falling = with_schedule(OPTIMIZERS["adam"], SCHEDULES["cosine"], STEPS, floor=0.3)
    assert list(falling.defaults) == ["lr", "beta1", "beta2", "eps", "floor"]
    assert falling.defaults["floor"] == 0.3
    assert (falling.key, falling.name, falling.torch) == ("adam", "Adam", OPTIMIZERS["adam"].torch)
    floors = np.array([0.0, 0.3, 1.0])
    run = descend(falling, SAMPLE_LANDSCAPES[1], START, STEPS, lr=0.05, floor=floors)
    assert run.points.shape == (STEPS + 1, 3, 2)
    for index, floor in enumerate(floors):
        alone = descend(falling, SAMPLE_LANDSCAPES[1], START, STEPS, lr=0.05, floor=floor)
        np.testing.assert_allclose(run.points[:, index], alone.points, rtol=1e-12)
    plain = descend(OPTIMIZERS["adam"], SAMPLE_LANDSCAPES[1], START, STEPS, lr=0.05)
    np.testing.assert_allclose(run.points[:, 2], plain.points, rtol=1e-12)


def test_the_wrapped_optimizer_is_unchanged():
    adam = OPTIMIZERS["adam"]
    before = adam.params, adam.template, dict(adam.symbols)
    with_schedule(adam, SCHEDULES["one_cycle"], 10, warmup=0.5)
    assert (adam.params, adam.template, dict(adam.symbols)) == before


def test_the_last_rate_stays_after_the_end():
    falling = with_schedule(OPTIMIZERS["gradient_descent"], SCHEDULES["cosine"], 10, floor=0.25)
    points = fed(falling, np.zeros(1), np.ones((30, 1)), lr=1.0)
    np.testing.assert_allclose(np.diff(points[11:], axis=0), -0.25)


@pytest.mark.parametrize("key", ["cosine", "warmup_cosine", "step"])
def test_the_rate_is_one_of_the_terms_of_a_step(key):
    falling = with_schedule(OPTIMIZERS["momentum"], SCHEDULES[key], STEPS)
    run = descend(falling, SAMPLE_LANDSCAPES[1], START, STEPS, lr=0.001)
    parts = update_terms(falling, run.points, run.noisy_gradients, lr=0.001)
    assert list(parts) == ["g", r"\eta", "v", r"\Delta x"]
    np.testing.assert_allclose(parts[r"\eta"][:, 0], 0.001 * curve(key), rtol=1e-14)
    np.testing.assert_allclose(parts[r"\Delta x"], -parts[r"\eta"] * parts["v"], rtol=1e-9)


@EACH
@EVERY
def test_formulas_contain_the_rule_and_the_schedule(optimizer, schedule):
    made = with_schedule(optimizer, schedule, STEPS)
    for formula in (made.formula, made.formula_at(lr=0.37)):
        assert "%(" not in formula
        assert formula.count("{") == formula.count("}")
        assert formula.count(r"\begin{") == formula.count(r"\end{")
        assert r"\eta_t" in formula
    assert made.formula_at(lr=0.37).count("0.37") == 1
    assert r"\eta \cdot" in made.formula


def test_decoupled_decay_follows_the_scheduled_rate():
    sequence = np.zeros((STEPS, 1))
    optimizer = with_schedule(with_weight_decay(OPTIMIZERS["gradient_descent"], 0.5), SCHEDULES["cosine"], STEPS)
    points = fed(optimizer, np.ones(1), sequence, lr=0.1)
    np.testing.assert_allclose(points[1:, 0], np.cumprod(1 - 0.05 * curve("cosine")), rtol=1e-13)


def test_bad_arguments_are_refused():
    adam, cosine = OPTIMIZERS["adam"], SCHEDULES["cosine"]
    with pytest.raises(ValueError, match=r"^steps must be a whole number of at least 1, got 0$"):
        with_schedule(adam, cosine, 0)
    with pytest.raises(ValueError, match=r"^floor must be in \[0, 1\], got .* \(cosine\)$"):
        with_schedule(adam, cosine, 10, floor=2.0)
    with pytest.raises(TypeError, match=r"^cosine has no parameter 'gamma'; it takes floor$"):
        with_schedule(adam, cosine, 10, gamma=0.5)
    with pytest.raises(ValueError, match=r"^adam has a parameter 'floor' already, and so has warmup_cosine$"):
        with_schedule(with_schedule(adam, cosine, 10), SCHEDULES["warmup_cosine"], 10)
