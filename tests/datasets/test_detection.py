"""Strips with one object: where it lies, and what is drawn anew."""

import numpy as np
import pytest

from core.datasets import STRIP_DATASETS
from core.datasets.detection import STRIP_HEIGHT, STRIP_WIDTH, coverage

STRIPS = STRIP_DATASETS["strips"]


def test_each_strip_has_one_object_inside_of_it_that_is_bright():
    train, test = STRIPS.split(3)
    assert (len(train), len(test)) == (32, 48)
    for part in (train, test):
        left, top, right, bottom = part.boxes.T
        assert ((left >= 1) & (right <= STRIP_WIDTH - 1)).all()
        assert ((right - left >= 8) & (right - left <= 20)).all()
        assert (top == 0).all()
        assert (bottom == STRIP_HEIGHT).all()
        inside = coverage(left, right - left) == 1
        assert part.brightness[inside].mean() > part.brightness[~inside].mean() + 0.6
        assert not part.brightness.flags.writeable
    assert not np.isin(train.boxes[:, 0], test.boxes[:, 0]).any()


def test_a_seed_draws_the_same_strips_and_another_seed_others():
    assert STRIPS.split(1) is STRIPS.split(1)
    assert (STRIPS.split(1).train.brightness != STRIPS.split(2).train.brightness).all()
    for wrong in (-1, 1000, 0.5, "1"):
        with pytest.raises(ValueError, match="seed must be a whole number from 0 to 999"):
            STRIPS.split(wrong)


def test_columns_at_the_edges_are_covered_in_part():
    found = coverage(np.array([2.25]), np.array([3.5]))[0]
    np.testing.assert_allclose(found[:8], [0, 0, 0.75, 1, 1, 0.75, 0, 0])
    assert found.sum() == pytest.approx(3.5)
