"""Data of several classes: Fisher's flowers, made clouds, and labels that are wrong on purpose."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.datasets import MULTI_CLASS_DATASETS
from tests.datasets.cases import BAD_SEEDS, assert_complete, assert_seeded

EACH = pytest.mark.parametrize("dataset", MULTI_CLASS_DATASETS.values(), ids=str)
IRIS = json.loads((Path(__file__).parents[1] / "reference" / "softmax.json").read_text())["data"]["flowers"]


@EACH
def test_it_is_complete_and_seeded(dataset):
    for data in (dataset.load(), *dataset.split(2, 0.3)):
        assert_complete(data, "features", "target")
        assert set(data.target) == set(range(len(data.names)))
        assert data.features.shape == (len(data), 2)
    assert_seeded(dataset, dataset.load)


def test_the_flowers_are_those_of_scikit_learn():
    data = MULTI_CLASS_DATASETS["flowers"].load()
    np.testing.assert_array_equal(data.features, IRIS["points"])
    np.testing.assert_array_equal(data.target, IRIS["target"])
    assert np.bincount(data.target.astype(int)).tolist() == [50, 50, 50]


@EACH
def test_a_split_has_every_point_once_and_as_many_of_each_class(dataset):
    whole, (train, test) = dataset.load(4), dataset.split(4)
    both = np.concatenate([np.column_stack([one.features, one.target]) for one in (train, test)])
    rows = np.column_stack([whole.features, whole.target])
    np.testing.assert_array_equal(np.sort(both, axis=0), np.sort(rows, axis=0))
    counts = [np.bincount(one.target.astype(int)) for one in (train, test)]
    assert all(len(set(one)) == 1 for one in counts)
    assert counts[0][0] == round(dataset.trained * counts[0][0] + dataset.trained * counts[1][0])


@EACH
def test_the_asked_share_of_training_labels_is_wrong_and_larger_shares_hold_smaller_ones(dataset):
    right, test = dataset.split(4)
    before = np.zeros(len(right), dtype=bool)
    for share in (0.0, 0.1, 0.3, 0.5, 1.0):
        train, same = dataset.split(4, share)
        wrong = train.target != right.target
        assert wrong.sum() == round(share * len(right))
        assert (wrong >= before).all()
        np.testing.assert_array_equal(train.features, right.features)
        np.testing.assert_array_equal(same.target, test.target)
        before = wrong


@EACH
def test_bad_input_is_refused(dataset):
    for seed in BAD_SEEDS:
        with pytest.raises(ValueError, match="seed must be a whole number from 0 to 999"):
            dataset.split(seed)
    for share in (-0.1, 1.1, np.nan):
        with pytest.raises(ValueError, match="wrong must be"):
            dataset.split(0, share)
