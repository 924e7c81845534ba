"""What is measured of scores that a model gives."""

import numpy as np
import pytest

from core.models.imbalance.measured import BINS, EDGE, density


def test_a_density_is_the_share_of_the_scores_in_each_bin():
    width = 2 * EDGE / BINS
    found = density(np.array([-1e9, -EDGE, 0.5 * width, 0.6 * width, EDGE, 1e9, EDGE - 0.1 * width, -0.1 * width]))
    assert {place: share for place, share in enumerate(found) if share} == {
        0: 2 / 8, BINS // 2 - 1: 1 / 8, BINS // 2: 2 / 8, BINS - 1: 3 / 8,
    }  # fmt: skip
    assert density(np.linspace(-20, 20, 77)).sum() == pytest.approx(1)
    assert density(np.array([])).tolist() == [0] * BINS
