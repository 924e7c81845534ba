"""Built runs of a known end, logged as tools log them: the right kind for nearly all."""

import time
from collections import Counter

import numpy as np
import pytest

from core.diagnosis import VerdictKind, diagnose_run
from tests.diagnosis.runs import NAMES, draws

EACH = 20


@pytest.fixture(scope="module")
def wrong() -> dict[str, Counter]:
    """By builder: how many of its runs were called what they are not."""
    runs = {name: [draws(name, seed) for seed in range(EACH)] for name in NAMES}
    return {
        name: Counter(verdict.kind for run in drawn if (verdict := run.verdict()).kind is not run.kind)
        for name, drawn in runs.items()
    }


def test_98_of_100_runs_are_called_what_they_are(wrong):
    assert len(NAMES) * EACH >= 500
    assert sum(map(Counter.total, wrong.values())) <= 0.02 * len(NAMES) * EACH, wrong


@pytest.mark.parametrize("name", NAMES)
def test_no_kind_of_run_is_often_taken_for_another(wrong, name):
    assert wrong[name].total() <= 0.1 * EACH


def test_the_builders_cover_every_kind():
    kinds = {draws(name, seed).kind for name in NAMES for seed in range(4)}
    assert kinds == set(VerdictKind) - {VerdictKind.TOO_SHORT}


@pytest.mark.parametrize("spread", [1, 37])
def test_a_long_run_takes_a_moment(spread):
    count, draw = 200_000, np.random.default_rng(0)
    x = np.arange(count, dtype=float)
    loss = 0.3 + np.exp(-x / 40_000) + 0.02 * draw.standard_normal(count)
    validation = (loss + 1e-6 * np.maximum(0, x - 80_000))[::spread]
    took = []
    for _ in range(3):
        start = time.process_time()
        assert diagnose_run((x, loss), (x[::spread], validation)).kind is VerdictKind.OVERFITTING
        took.append(time.process_time() - start)
    assert min(took) < 0.2  # seconds
