"""Every data set, by key, and by kind in the order in which pickers show them: measured ones and generated ones."""

from core.datasets import classes, curves, imbalanced, lines
from core.datasets.classes import ClassDataset, ShapeDataset
from core.datasets.curves import CurveDataset
from core.datasets.dataset import SEEDS, BinaryData, Dataset, RegressionData, TrainTest, TrainValidation, Variable
from core.datasets.imbalanced import DISTANCES, ImbalancedDataset
from core.datasets.lines import LineDataset
from core.record import collect

DATASETS = collect(Dataset, lines, classes, curves, imbalanced)
LINE_DATASETS = collect(LineDataset, lines)
CLASS_DATASETS = collect(ClassDataset, classes)
SHAPE_DATASETS = collect(ShapeDataset, classes)
CURVE_DATASETS = collect(CurveDataset, curves)
IMBALANCED_DATASETS = collect(ImbalancedDataset, imbalanced)

__all__ = [
    "CLASS_DATASETS",
    "CURVE_DATASETS",
    "DATASETS",
    "DISTANCES",
    "IMBALANCED_DATASETS",
    "LINE_DATASETS",
    "SEEDS",
    "SHAPE_DATASETS",
    "BinaryData",
    "ClassDataset",
    "CurveDataset",
    "Dataset",
    "ImbalancedDataset",
    "LineDataset",
    "RegressionData",
    "ShapeDataset",
    "TrainTest",
    "TrainValidation",
    "Variable",
]
