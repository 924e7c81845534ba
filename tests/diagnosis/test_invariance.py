"""What must not matter: the unit of the loss, where its zero is, how often it was logged, how long it went on."""

from dataclasses import replace

import numpy as np
import pytest

from core.diagnosis import diagnose
from tests.diagnosis.cases import BUILDERS, Run

STEADY = ["healthy", "underfitting", "gap", "stalled"]


def some(name: str, length: int, noise: float = 0.01, draws: int = 8) -> list[Run]:
    seeds = [np.random.default_rng([seed, length, list(BUILDERS).index(name)]) for seed in range(draws)]
    return [BUILDERS[name](length, rng).noisy(noise, rng) for rng in seeds]


@pytest.mark.parametrize("scale", [1e-6, 0.01, 7.0, 1e6, 1e150, 1e-150])
@pytest.mark.parametrize("name", BUILDERS)
def test_scale_changes_nothing(name, scale):
    for run in some(name, 60):
        was, now = run.verdict(), run.scaled(scale).verdict()
        assert (now.kind, now.rule, now.best, now.since) == (was.kind, was.rule, was.best, was.since)
        np.testing.assert_allclose(now.gap, was.gap, rtol=1e-9)
        np.testing.assert_allclose([*now.evidence.values()], [*was.evidence.values()], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", BUILDERS)
def test_what_is_counted_is_only_a_word(name):
    for run in [*some(name, 60), *some(name, 3), *some(name, 60, noise=1.0)]:
        was = run.verdict()
        now = diagnose(run.train, run.validation, unit="step", baseline=run.baseline, floor=run.floor)
        assert now.sentence == was.sentence.replace("epoch", "step")
        assert now.advice == was.advice.replace("epoch", "step")


@pytest.mark.parametrize("shift", [-30.0, -1.0, 0.5, 100.0])
@pytest.mark.parametrize("name", BUILDERS)
def test_adding_a_number_changes_nothing_if_the_floor_moves_too(name, shift):
    for run in some(name, 60):
        was, now = run.verdict(), run.scaled(1.0, shift).verdict()
        assert (now.kind, now.rule, now.best, now.since) == (was.kind, was.rule, was.best, was.since)


@pytest.mark.parametrize("shift", [-30.0, -1.0, 10.0])
@pytest.mark.parametrize("name", ["healthy", "learning", "overfitting", "gap", "diverging", "oscillating"])
def test_without_a_floor_all_kinds_are_seen_that_need_no_zero(name, shift):
    kinds = [replace(run.scaled(1.0, shift), floor=None) for run in some(name, 60)]
    assert [run.verdict().kind for run in kinds] == [run.kind for run in kinds]


def test_a_negative_loss_has_no_floor():
    way = np.linspace(0, 1, 60)
    flat_and_high = 0.8 + 0.2 * np.exp(-20 * way)
    assert diagnose(flat_and_high, floor=0.0).kind == "underfitting"
    assert diagnose(flat_and_high - 5, floor=0.0).kind == "healthy"
    assert np.isnan(diagnose(flat_and_high - 5, floor=0.0).evidence["left"])


def test_a_loss_whose_lowest_nobody_knows_is_never_called_high():
    way = np.linspace(0, 1, 60)
    for floor in (0.8, 3.5, 200.0):
        verdict = diagnose(floor + 0.2 * floor * np.exp(-20 * way))
        assert verdict.kind == "healthy"
        assert "The curve alone cannot say" in verdict.advice
        assert np.isnan(verdict.evidence["left"])


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize("every", [2, 5])
def test_sampling_keeps_the_kind(name, every):
    right = []
    for run in some(name, 500, draws=20):
        if name == "oscillating" and every * 6 > run.verdict().evidence["period"]:
            continue  # fewer than six values a period would be left
        right.append(run.sampled(every).verdict().kind is run.kind)
    assert np.mean(right) >= 0.95


@pytest.mark.parametrize("name", STEADY)
def test_going_on_as_before_keeps_the_kind(name):
    for run in some(name, 60):
        draw = np.random.default_rng(1)

        def longer(loss: np.ndarray, draw=draw, run=run) -> np.ndarray:
            level = loss[-20:].mean()
            return np.append(loss, level + 0.01 * run.fall * draw.standard_normal(120))

        assert run.changed(longer).verdict().kind is run.kind


@pytest.mark.parametrize("name", BUILDERS)
def test_epochs_name_rows_and_change_nothing(name):
    for run in some(name, 60, draws=3):
        was = run.verdict()
        now = replace(run, epochs=1000 + 50 * np.arange(60)).verdict()
        assert (now.kind, now.best, now.since) == (was.kind, was.best, was.since)


@pytest.mark.parametrize("name", BUILDERS)
def test_a_verdict_is_pure(name):
    run = some(name, 60, draws=1)[0]
    curves = [curve for curve in (run.train, run.validation) if curve is not None]
    before = [curve.copy() for curve in curves]
    for curve in curves:
        curve.flags.writeable = False
    first, second = run.verdict(), run.verdict()
    assert first.sentence == second.sentence
    assert first.advice == second.advice
    np.testing.assert_equal(dict(first.evidence), dict(second.evidence))
    np.testing.assert_equal(curves, before)
    with pytest.raises(TypeError):
        first.evidence["noise"] = 0.0
