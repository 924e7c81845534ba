"""Losses that are missing, infinite or too few are a verdict; only what is no curve is an error."""

import itertools

import numpy as np
import pytest

from core.diagnosis import VerdictKind, diagnose, diagnose_run
from tests.diagnosis.cases import BUILDERS, way

FALL = 0.1 + 0.9 * np.exp(-20 * way(60))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("count", [1, 5, 59])
def test_an_end_without_a_number_has_diverged(bad, count):
    loss = FALL.copy()
    loss[-count:] = bad
    for verdict in (diagnose(loss), diagnose(loss, loss)):
        assert (verdict.kind, verdict.since) == (VerdictKind.DIVERGING, 60 - count)
        assert f"from epoch {60 - count} on" in verdict.sentence
        assert verdict.evidence["lost"] == count
        assert verdict.best == 59 - count


def test_a_rise_before_it_is_where_it_began():
    verdict = diagnose([1.0, 0.5, 0.3, 0.2, 0.2, 3.0, 1e4, 1e30, np.inf, np.nan])
    assert (verdict.kind, verdict.since) == (VerdictKind.DIVERGING, 5)
    assert "from epoch 8 on" in verdict.sentence
    assert "0.2" in verdict.sentence


def test_growth_over_every_power_of_ten_keeps_its_early_numbers():
    loss = np.concatenate([np.linspace(1, 0.5, 50), 0.5 * 10.0 ** np.arange(0, 300, 2)])
    verdict = diagnose(loss)
    assert verdict.kind is VerdictKind.DIVERGING
    assert "0.5" in verdict.sentence
    assert diagnose(np.append(loss, np.inf)).kind is VerdictKind.DIVERGING


@pytest.mark.parametrize("name", ["healthy", "learning", "underfitting", "overfitting", "gap", "diverging", "stalled"])
def test_losses_that_are_missing_in_between_change_nothing(name):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        run = BUILDERS[name](100, rng).noisy(0.01, rng)
        holes = rng.choice(np.arange(1, 95), 15, replace=False)

        def holed(loss: np.ndarray, holes=holes) -> np.ndarray:
            loss = loss.copy()
            loss[holes] = np.resize([np.nan, np.inf, -np.inf], len(holes))
            return loss

        assert run.changed(holed).verdict().kind is run.kind


@pytest.mark.parametrize("name", ["healthy", "underfitting", "overfitting", "gap"])
def test_validation_may_be_logged_less_often(name):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        run = BUILDERS[name](200, rng).noisy(0.01, rng)
        if run.validation is None:
            continue
        sparse = np.full(200, np.nan)
        sparse[::7] = run.validation[::7]
        verdict = diagnose(run.train, sparse, baseline=run.baseline, floor=run.floor)
        assert verdict.kind is run.kind
        assert verdict.best % 7 == 0


def test_rows_of_either_kind_may_take_turns():
    train, validation = FALL.copy(), FALL + 0.02
    train[1::2], validation[::2] = np.nan, np.nan
    assert diagnose(train, validation).kind is VerdictKind.HEALTHY


@pytest.mark.parametrize("loss", [[], [1.0], [1.0, 0.5], [3.0, np.nan, 2.0, np.nan, 1.0], [np.inf, np.inf, 1.0]])
def test_too_few_losses_are_named(loss):
    verdict = diagnose(loss)
    assert verdict.kind is VerdictKind.TOO_SHORT
    assert verdict.since == -1
    assert "too few to judge" in verdict.sentence
    assert verdict.best == (int(np.argmin(loss)) if len(loss) and np.isfinite(loss).all() else len(loss) - 1)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_no_number_at_all_has_diverged(bad):
    verdict = diagnose(np.full(20, bad), np.full(20, bad))
    assert (verdict.kind, verdict.since, verdict.best) == (VerdictKind.DIVERGING, 0, -1)


def test_validation_alone_is_judged_in_place_of_training():
    verdict = diagnose(np.full(60, np.nan), FALL)
    assert verdict.kind is VerdictKind.HEALTHY
    assert np.isnan(verdict.gap)
    assert verdict.sentence.startswith("Validation loss")
    assert diagnose(FALL, np.full(60, np.nan)).kind is VerdictKind.HEALTHY


def test_a_few_validation_losses_name_the_best_epoch_and_the_gap_alone():
    few = np.full(60, np.nan)
    few[[10, 40, 59]] = 0.5, 0.2, 0.4
    verdict = diagnose(1 - 0.8 * way(60), few)
    assert (verdict.kind, verdict.best) == (VerdictKind.LEARNING, 40)
    assert verdict.sentence.startswith("Training loss")
    assert verdict.sentence.endswith("Only 3 validation losses (lowest 0.2 at epoch 40): too few to judge.")
    assert np.isfinite(verdict.gap)


@pytest.mark.parametrize("value", [1.0, -1.0, 1e308, 5e-324])
@pytest.mark.parametrize("length", [5, 6, 10, 300, 2001])
def test_a_constant_is_stalled_whatever_it_is(value, length):
    assert diagnose(np.full(length, value)).kind is VerdictKind.STALLED
    assert diagnose(np.full(length, value), np.full(length, value)).kind is VerdictKind.STALLED


@pytest.mark.parametrize("length", [5, 300])
def test_zero_throughout_is_no_loss_and_the_other_curve_is_judged(length):
    zero, fall = np.zeros(length), 0.1 + 0.9 * np.exp(-20 * way(length))
    for verdict in (diagnose(zero), diagnose(zero, zero), diagnose(np.full(length, np.nan), zero)):
        assert verdict.kind is VerdictKind.NOT_JUDGED
        assert verdict.sentence.startswith("The loss is 0 throughout")
    for verdict in (diagnose(zero, fall), diagnose(fall, zero)):
        assert verdict.kind is diagnose(fall).kind
        assert "is 0 throughout and left out" in verdict.sentence
    assert diagnose(zero, fall).sentence.startswith("Validation loss")
    assert diagnose(np.maximum(0, 1 - 3 * way(60))).kind is VerdictKind.HEALTHY  # it got there


def test_every_run_of_numbers_gets_a_verdict():
    rng = np.random.default_rng(0)
    for _ in range(500):
        n = int(rng.integers(1, 40))
        power = rng.choice([0.0, 1.0, 100.0, 300.0])
        loss = rng.standard_normal((2, n)) * 10 ** rng.uniform(-power, power, (2, n))
        loss[rng.random((2, n)) < rng.choice([0, 0.2, 0.8])] = rng.choice([np.nan, np.inf, 0.0, -1.0])
        epochs = np.cumsum(rng.exponential(1, n) + 1e-9) * 10 ** rng.uniform(-power / 2, power / 2)
        verdict = diagnose(loss[0], loss[1] if rng.random() < 0.5 else None, epochs=epochs)
        assert -1 <= verdict.best < n
        assert -1 <= verdict.since < n
        assert verdict.sentence.endswith(".")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"train": [1, 2, 3], "validation": [1, 2]}, r"validation must be as long as train \(3\), got 2"),
        ({"train": [1, 2, 3], "epochs": [1, 2]}, r"epochs must be as long as train \(3\), got 2"),
        ({"train": [1, 2, 3], "epochs": [1, 3, 3]}, "epochs must be finite and rise"),
        ({"train": [1, 2, 3], "epochs": [1, np.nan, 3]}, "epochs must be finite and rise"),
        ({"train": [[1, 2], [3, 4]]}, r"train must be one row of numbers, got the shape \(2, 2\)"),
        ({"train": 3.0}, "train must be one row of numbers"),
        ({"train": ["a", "b"]}, "train must be numbers"),
        ({"train": [1.0], "baseline": np.nan}, "baseline must be finite and above the floor"),
        ({"train": [1.0], "baseline": 0.0, "floor": 0.0}, "baseline must be finite and above the floor"),
        ({"train": [1.0], "floor": np.inf}, "floor must be finite or None"),
    ],
)
def test_what_is_no_curve_is_an_error(given, message):
    with pytest.raises(ValueError, match=message):
        diagnose(**given)


PLACES = {
    "even": lambda n: np.arange(n, dtype=float),
    "one far before": lambda n: np.concatenate([[-2e24], np.arange(1.0, n)]),
    "one far behind": lambda n: np.concatenate([np.arange(n - 1.0), [1.7e308]]),
    "tiny": lambda n: 1e-300 * np.arange(1.0, n + 1),
    "of every size": lambda n: np.geomspace(1e-300, 1e300, n),
}
LOSSES = {
    "falling": lambda n: np.exp(-np.arange(n) / 5),
    "zero": np.zeros,
    "huge": lambda n: 1e300 * np.exp(-np.arange(n) / 5),
    "with gaps": lambda n: np.where(np.arange(n) % 3 == 1, np.nan, np.exp(-np.arange(n) / 5)),
    "mostly infinite": lambda n: np.where(np.arange(n) % 5 == 4, 1.0, np.inf),
}


@pytest.mark.parametrize("train", LOSSES)
@pytest.mark.parametrize("validation", [None, *LOSSES])
def test_curves_at_any_places_get_a_verdict(train, validation):
    for here, there in itertools.product(PLACES, PLACES):
        for n in (1, 5, 14):
            own = (PLACES[here](n), LOSSES[train](n))
            other = None if validation is None else (PLACES[there](2 * n), LOSSES[validation](2 * n))
            assert diagnose_run(own, other).sentence.endswith(".")
