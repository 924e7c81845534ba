"""Real trainings of several seeds end as their cause says, most of the time."""

from collections import Counter

import numpy as np
import pytest

from core.datasets import DATASETS
from core.diagnosis import VerdictKind, diagnose
from core.losses import LOSSES
from core.training import Examples, Perceptron, Plan, Polynomial, Setting, train_runs

SEEDS = range(1, 6)
LINE, CURVE, FLEXIBLE = Polynomial(1), Polynomial(5), Polynomial(20)
SMALL, LARGE = Perceptron((8, 8)), Perceptron((16, 16))


def kinds(model, lr, count, optimizer="adam"):
    """The verdicts on a run of each seed, trained as on the page: their kinds, with how many there are of each."""
    if model is SMALL:
        loss, data = "binary_cross_entropy", [DATASETS["moons"].split(count, 0.2, seed) for seed in SEEDS]
    else:
        loss, data = "squared_error", [DATASETS["wave"].split(count, 0.3, seed) for seed in SEEDS]
    train, validation = ([Examples.of(split[part]) for split in data] for part in (0, 1))
    plans = [Plan(model=model, lr=lr, seed=seed) for seed in SEEDS]
    setting = Setting(loss=LOSSES[loss], optimizer=optimizer)
    history = train_runs(setting, plans, train, validation, keep=2, precision=np.float32)
    return Counter(diagnose(*curves, floor=0.0).kind for curves in zip(history.train, history.validation, strict=True))


@pytest.mark.parametrize(
    ("model", "count", "optimizer"),
    [(CURVE, 30, "adam"), (CURVE, 30, "gradient_descent"), (LARGE, 50, "adam"), (SMALL, 100, "adam")],
)
def test_at_a_tiny_rate_every_run_is_still_learning(model, count, optimizer):
    assert kinds(model, 1e-4, count, optimizer) == {VerdictKind.LEARNING: 5}


def test_at_a_huge_rate_every_plain_descent_diverges():
    assert kinds(CURVE, 1.0, 30, "gradient_descent") == {VerdictKind.DIVERGING: 5}


@pytest.mark.parametrize(("model", "count"), [(LARGE, 50), (SMALL, 100)])
def test_at_a_huge_rate_hardly_a_network_converges(model, count):
    found = kinds(model, 1.0, count)
    assert found[VerdictKind.LEARNING] == 0
    assert found[VerdictKind.HEALTHY] <= 2


def test_a_straight_line_underfits_a_wave():
    assert kinds(LINE, 0.03, 30)[VerdictKind.UNDERFITTING] >= 4


def test_the_right_capacity_is_mostly_healthy():
    found = kinds(CURVE, 0.03, 30)
    assert found[VerdictKind.HEALTHY] >= 3
    assert found[VerdictKind.UNDERFITTING] == 0


@pytest.mark.parametrize("count", [20, 30])
def test_twenty_degrees_overfit_few_points(count):
    found = kinds(FLEXIBLE, 0.03, count)
    assert found[VerdictKind.OVERFITTING] >= 4
    assert found[VerdictKind.UNDERFITTING] == 0


@pytest.mark.parametrize(("model", "lr"), [(FLEXIBLE, 0.03), (SMALL, 0.01)])
def test_more_data_cures_it(model, lr):
    few, many = kinds(model, lr, 30), kinds(model, lr, 200)
    assert few[VerdictKind.OVERFITTING] >= 3
    assert many[VerdictKind.OVERFITTING] <= 2  # of the network two still do, by a tenth and by a third of their lowest
    assert many[VerdictKind.HEALTHY] + many[VerdictKind.LEARNING] >= 3
