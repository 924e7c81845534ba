"""Which loss for what: the advice as records, and the experiment that holds each of them."""

from core.advice.advice import SEEDS, Advice, ExperimentResult, Factor, Method, Option, Prediction, Values
from core.advice.boxes import BOXES
from core.advice.classes import SEVERAL_CLASSES
from core.advice.count import COUNT
from core.advice.labels import SEVERAL_LABELS
from core.advice.masks import MASKS
from core.advice.mistakes import COMMON_MISTAKES
from core.advice.number import NUMBER
from core.advice.two_classes import TWO_CLASSES

PREDICTIONS = {  # by the word of an address
    "number": NUMBER,
    "count": COUNT,
    "two_classes": TWO_CLASSES,
    "classes": SEVERAL_CLASSES,
    "labels": SEVERAL_LABELS,
    "boxes": BOXES,
    "masks": MASKS,
    "mistakes": COMMON_MISTAKES,
}

__all__ = ["PREDICTIONS", "SEEDS", "Advice", "ExperimentResult", "Factor", "Method", "Option", "Prediction", "Values"]
