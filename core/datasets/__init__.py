"""Every data set, by key, and by kind in the order in which pickers show them: measured ones and generated ones."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from core.datasets import classes, curves, detection, imbalanced, lines, multi_class
from core.datasets.classes import ClassDataset, ShapeDataset
from core.datasets.curves import CurveDataset
from core.datasets.dataset import SEEDS, BinaryData, Dataset, RegressionData, TrainTest, TrainValidation, Variable
from core.datasets.detection import StripData, StripDataset, StripSplit
from core.datasets.imbalanced import DISTANCES, ImbalancedDataset
from core.datasets.lines import LineDataset
from core.datasets.multi_class import MultiClassData, MultiClassDataset, MultiClassSplit
from core.datasets.own import MARK, OwnData, find_own
from core.record import collect

Kind = TypeVar("Kind", bound=Dataset)
DATASETS = collect(Dataset, lines, classes, curves, imbalanced, multi_class, detection)


def of_kind(kind: type[Kind]) -> Mapping[str, Kind]:
    """The data sets of a kind, by key."""
    return MappingProxyType({key: dataset for key, dataset in DATASETS.items() if isinstance(dataset, kind)})


def dataset_of(kind: type[Kind], key: str) -> Kind:
    """The data set of this kind and key, which may be of a person's own table.

    Raises KeyError where there is none, and ValueError, a sentence, for a table that nobody holds any more.
    """
    found = find_own(key).of_kind(kind) if key.startswith(MARK) else of_kind(kind)[key]
    if found is None:
        raise KeyError(key)
    return found


LINE_DATASETS, CLASS_DATASETS, SHAPE_DATASETS = of_kind(LineDataset), of_kind(ClassDataset), of_kind(ShapeDataset)
CURVE_DATASETS, IMBALANCED_DATASETS = of_kind(CurveDataset), of_kind(ImbalancedDataset)
MULTI_CLASS_DATASETS, STRIP_DATASETS = of_kind(MultiClassDataset), of_kind(StripDataset)

__all__ = [
    "CLASS_DATASETS",
    "CURVE_DATASETS",
    "DATASETS",
    "DISTANCES",
    "IMBALANCED_DATASETS",
    "LINE_DATASETS",
    "MARK",
    "MULTI_CLASS_DATASETS",
    "SEEDS",
    "SHAPE_DATASETS",
    "STRIP_DATASETS",
    "BinaryData",
    "ClassDataset",
    "CurveDataset",
    "Dataset",
    "ImbalancedDataset",
    "LineDataset",
    "MultiClassData",
    "MultiClassDataset",
    "MultiClassSplit",
    "OwnData",
    "RegressionData",
    "ShapeDataset",
    "StripData",
    "StripDataset",
    "StripSplit",
    "TrainTest",
    "TrainValidation",
    "Variable",
    "dataset_of",
    "find_own",
]
