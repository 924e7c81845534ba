"""Training and validation at places of their own: both are judged, and neither is dropped without a word."""

import numpy as np
import pytest

from core.diagnosis import VerdictKind, diagnose, diagnose_run
from core.diagnosis.raw_curve import RawCurve, interval_means
from tests.diagnosis.cases import BUILDERS, way
from tests.diagnosis.test_rules import DECIDES

N = 400
X = np.arange(N, dtype=float)


def points(x, value) -> RawCurve:
    return RawCurve.of("curve", (x, value))


def test_training_is_averaged_over_the_interval_up_to_each_validation():
    train = points([1, 2, 3, 4, 7, 9], [1.0, 3.0, 5.0, 9.0, 4.0, 100.0])
    mean = interval_means(train, points([2, 4, 5, 8], [0.0] * 4))
    np.testing.assert_array_equal(mean.x, [2, 4, 8])  # nothing was logged between 4 and 5
    np.testing.assert_array_equal(mean.value, [2, 7, 4])
    huge = interval_means(points(X[:4], np.full(4, 1e308)), points([3.0], [0.0]))
    np.testing.assert_allclose(huge.value, 1e308)


@pytest.mark.parametrize("name", ["healthy", "learning", "underfitting", "overfitting", "gap"])
@pytest.mark.parametrize("apart", [0.0, 0.4])
def test_validation_elsewhere_and_less_often_keeps_the_kind(name, apart):
    for seed in range(12):
        rng = np.random.default_rng([seed, 3])
        run = BUILDERS[name](N, rng)
        if run.validation is None:
            continue
        run = run.noisy(0.01, rng)
        verdict = diagnose_run(
            (X, run.train), (X[::20] + apart, run.validation[::20]), floor=run.floor, baseline=run.baseline
        )
        assert verdict.kind is run.kind
        assert (verdict.best_at - apart) % 20 == 0
        assert verdict.best == (verdict.best_at - apart) / 20


def test_noise_from_step_to_step_does_not_hide_a_clean_validation():
    rng, x = np.random.default_rng(0), way(N)
    train = 0.2 + np.exp(-4 * x) + 0.5 * rng.standard_normal(N)
    validation = 0.3 + (x - 0.4) ** 2
    assert diagnose_run((X, train)).kind is VerdictKind.NOISY
    verdict = diagnose_run((X, train), (X[19::20], validation[19::20]))
    assert verdict.kind is VerdictKind.OVERFITTING
    assert verdict.best_at == X[19::20][np.argmin(validation[19::20])]


def test_training_is_judged_on_all_of_its_points():
    train = 0.1 + np.exp(-15 * way(N))
    train[-30:] += 5.0  # between two validations
    verdict = diagnose_run((X, train), (X[:370:37], train[:370:37]))
    assert (verdict.kind, verdict.since_at) == (VerdictKind.DIVERGING, X[-30])


def test_a_training_loss_logged_less_often_than_validation():
    train, validation = np.exp(-4 * way(N)), 0.3 + (way(N) - 0.4) ** 2
    verdict = diagnose_run((X[5::25], train[5::25]), (X, validation))
    assert (verdict.kind, verdict.best) == (VerdictKind.OVERFITTING, int(np.argmin(validation)))


def test_a_table_is_the_same_as_curves_at_the_same_places():
    for key, (train, validation, given) in DECIDES.items():
        if validation is None or not np.isfinite(train).any():
            continue
        x = 3.0 + 2 * np.arange(len(train))
        table = diagnose(train, validation, epochs=x, **given)
        run = diagnose_run((x, train), (x, validation), **given)
        assert (run.rule, run.sentence, run.best, run.since) == (table.rule, table.sentence, table.best, table.since), (
            key
        )
        np.testing.assert_equal(dict(run.evidence), dict(table.evidence))
        assert run.best_at == x[run.best]
        np.testing.assert_equal(run.since_at, x[run.since] if run.since >= 0 else np.nan)


@pytest.mark.parametrize("few", [0, 1, 2, 4])
@pytest.mark.parametrize("which", ["training", "validation"])
def test_a_curve_that_is_not_judged_is_named(few, which):
    fall = 0.3 + np.exp(-10 * way(N))
    little = (X[:few] + 0.5, fall[:few])
    pair = (little, (X, fall)) if which == "training" else ((X, fall), little)
    verdict = diagnose_run(*pair)
    assert verdict.kind is VerdictKind.HEALTHY
    text = (
        f"Only {few} {which} loss{'' if few == 1 else 'es'} (" if few else f"{which.capitalize()} loss has no number."
    )
    assert text in verdict.sentence
    if few and which == "validation":
        assert verdict.best == few - 1


def test_a_run_is_lost_where_a_curve_ends_as_no_number():
    fall = 0.3 + np.exp(-10 * way(N))
    lost = np.where(X < 300, fall, np.nan)
    for pair in (((X, lost), (X[::9], fall[::9])), ((X, fall), (X, lost))):
        verdict = diagnose_run(*pair)
        assert (verdict.kind, verdict.since_at) == (VerdictKind.DIVERGING, 300)
    # A curve with a gap in every second row ends in one, too.
    gaps = np.where(X % 2 == 1, np.nan, fall)
    assert diagnose_run((X, gaps), (X, fall)).evidence["lost"] == 0
    assert diagnose_run((X, np.append(gaps[:-1], np.inf)), (X, fall)).evidence["lost"] == 1


@pytest.mark.parametrize(
    "curve", ["lost", "swings", "noise", "hardly_fell", "motionless", "dropped", "falling", "to_gain"]
)
def test_validation_alone_gives_no_advice_on_training_or_the_rate(curve):
    train, _, given = DECIDES[curve]
    verdict = diagnose_run(None, (np.arange(len(train)), train), **given)
    assert verdict.rule == curve
    text = verdict.sentence + verdict.advice
    assert "Training loss" not in text
    assert "rate" not in text
    assert "alidation" in text or curve == "lost"


def test_validation_alone_that_blows_up_has_turned_and_not_diverged():
    for grows in (np.exp(8 * way(60)), 1 + 0.01 * np.exp(4 * way(60)) * (-1.0) ** np.arange(60)):
        assert diagnose_run(None, (X[:60], grows)).kind in (VerdictKind.VALIDATION_TURNED, VerdictKind.OSCILLATING)


def test_nothing_at_all_is_too_short():
    verdict = diagnose_run()
    assert (verdict.kind, verdict.sentence) == (VerdictKind.TOO_SHORT, "No epochs with a loss: too few to judge.")
    assert (verdict.best, verdict.since) == (-1, -1)
    assert np.isnan([verdict.best_at, verdict.since_at, verdict.gap]).all()
    assert diagnose_run(([3], [1.0]), unit="step").sentence == "1 step with a loss: too few to judge."


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"train": 3.0}, r"train must be a pair \(x, values\), got 3.0"),
        ({"train": [1.0, 2.0, 3.0]}, r"train must be a pair \(x, values\), got \[1.0, 2.0, 3.0\]"),
        ({"validation": ([1, 2], [1.0])}, r"x of validation must be as long as validation \(1\), got 2"),
        ({"train": ([1, 1], [1.0, 2.0])}, "x of train must be finite and rise"),
        ({"train": ([1, np.nan], [1.0, 2.0])}, "x of train must be finite and rise"),
        ({"train": ([1, 2], ["a", "b"])}, "train must be numbers"),
        ({"floor": np.nan}, "floor must be finite or None, got nan"),
        ({"baseline": 1.0, "floor": 1.0}, "baseline must be finite and above the floor, got 1.0"),
    ],
)
def test_what_is_no_curve_is_an_error(given, message):
    with pytest.raises(ValueError, match=message):
        diagnose_run(**given)


def test_every_pair_of_curves_gets_a_verdict():
    rng = np.random.default_rng(1)
    for _ in range(400):
        curves = []
        for _ in range(2):
            n, power = int(rng.integers(0, 60)), rng.choice([0.0, 1.0, 100.0, 300.0])
            value = rng.standard_normal(n) * 10 ** rng.uniform(-power, power, n)
            value[rng.random(n) < rng.choice([0, 0.2, 0.8])] = rng.choice([np.nan, np.inf, 0.0, -1.0])
            curves.append((np.cumsum(rng.exponential(1, n) + 1e-9), value) if rng.random() < 0.9 else None)
        verdict = diagnose_run(*curves, comparable=bool(rng.integers(2)))
        assert verdict.sentence.endswith(".")
        assert verdict.advice.endswith(".")
        assert not {"nan", "inf", "nan%"} & set(verdict.sentence.replace(",", "").split())
