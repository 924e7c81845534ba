"""What holds for every data set, and what several tests ask of data."""

import numpy as np
import pytest
from scipy.optimize import linprog

BAD_SEEDS = [-1, 1000, 1.5, 7.0, "3", None, float("nan"), [3]]


def assert_complete(data, *columns):
    """The columns are finite float64 of one length that nobody can change, and the texts are there."""
    for column in columns:
        values = getattr(data, column)
        assert len(values) == len(data)
        assert values.dtype == np.float64
        assert np.isfinite(values).all()
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0.0
    assert all([data.name, data.about.endswith("."), data.source.authors, data.source.title])


def assert_seeded(dataset, load, seed=7):
    """A seed names the points of generated data, and its source says so."""
    one, same, other = load(seed), load(np.int64(seed)), load(seed + 1)
    assert np.array_equal(one.inputs, same.inputs)
    assert np.array_equal(one.target, same.target)
    changed = not (np.array_equal(one.inputs, other.inputs) and np.array_equal(one.target, other.target))
    assert changed == dataset.generated
    assert (f"default_rng({seed})" in one.source.title) == dataset.generated


def parted(data):
    """Whether a straight line parts the classes: whether s (w . x + b) >= 1 can be met at every point."""
    sign = 2 * data.target[:, None] - 1
    rows = -sign * np.column_stack([data.features, np.ones(len(data))])
    answer = linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(data)), bounds=[(None, None)] * 3, method="highs")
    assert answer.status in (0, 2)  # solved, or shown to have no solution
    return answer.status == 0
