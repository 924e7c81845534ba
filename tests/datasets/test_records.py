"""What holds for the records of all data sets."""

import re
from types import MappingProxyType

from core.datasets import (
    CLASS_DATASETS,
    CURVE_DATASETS,
    DATASETS,
    IMBALANCED_DATASETS,
    LINE_DATASETS,
    MULTI_CLASS_DATASETS,
    SHAPE_DATASETS,
    STRIP_DATASETS,
)

KINDS = (
    LINE_DATASETS,
    CLASS_DATASETS,
    SHAPE_DATASETS,
    CURVE_DATASETS,
    IMBALANCED_DATASETS,
    MULTI_CLASS_DATASETS,
    STRIP_DATASETS,
)


def test_every_data_set_is_of_one_kind():
    assert isinstance(DATASETS, MappingProxyType)
    assert sorted(DATASETS) == sorted(key for kind in KINDS for key in kind)
    assert all(key == dataset.key == str(dataset) for key, dataset in DATASETS.items())
    assert all(dataset is DATASETS[key] for kind in KINDS for key, dataset in kind.items())


def test_names_differ():
    assert len({dataset.name for dataset in DATASETS.values()}) == len(DATASETS)
    assert all(len({dataset.label for dataset in kind.values()}) == len(kind) for kind in KINDS)


def test_a_record_says_what_a_point_is():
    for dataset in DATASETS.values():
        assert re.fullmatch(r"[A-Z0-9].*[^.]\.", dataset.about), dataset
        assert dataset.label
        assert len(dataset.label) <= 24, dataset
