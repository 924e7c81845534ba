"""Where the panels of the picture of decisions stand: the losses beside each other, on a phone one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scipy.special import logit

from core.views.class_imbalance.experiment import Experiment, window
from core.views.class_imbalance.outputs import Says, says
from core.views.class_imbalance.settings import EDGE
from core.views.kit.panels import EDGE as TOP
from core.views.kit.panels import FOOT, Box, laid_out

MAP, SCORES, CURVES = 190, 80, 195  # pixels: heights of the rows
LOW_MAP, LOW_CURVE = 150, 200  # on a phone
GAP, UNDER = 64, 60  # between two rows; between a map and the scores below it
HEIGHT = TOP + MAP + UNDER + SCORES + GAP + CURVES + FOOT  # on a wide page
BESIDE = 0.055  # of the width, between two panels
CROWD = 4  # losses
PRECISION, ROC, CALIBRATION = range(3)  # the panels that all losses share
TITLES = ("Precision-recall curve", "ROC curve: recall over false positives", "Calibration: observed over predicted")
SHARED = (("recall", ""), ("false positive rate", ""), ("predicted probability", ""))
TICKS = (0.001, 0.1, 0.5, 0.9, 0.999)  # probabilities, on an axis of scores
FEW_TICKS = (0.001, 0.5, 0.999)  # where there is room for no more
SCORE_TICKS = (-8, -4, 0, 4, 8)  # of a score that is no probability
ACROSS = {Says.PROBABILITY: "probability", Says.SHIFTED: "σ(score)", Says.ORDER: "score"}  # under the scores
PLAIN = {"zeroline": False, "showgrid": False}
Axes = dict[int, dict[str, dict[str, Any]]]


def axes_of(experiment: Experiment, ticks: Sequence[float]) -> Axes:
    """What is to be known of each panel's axes, by the panel's number from 1."""
    losses = len(experiment.losses)
    names = [str(axis) for axis in experiment.settings.split(0.5).test.variables]
    found: Axes = {}
    for number in range(losses):
        found[number + 1] = {
            letter: PLAIN | {"title": {"text": names[at] if letter == "x" or number == 0 else ""}, "nticks": 5,
                             "range": list(window(experiment.settings)[at])}
            for at, letter in enumerate("xy")
        }  # fmt: skip
        what = says(experiment.losses[number])
        places = list(SCORE_TICKS) if what is Says.ORDER else logit(ticks).tolist()
        labels = [f"{tick:g}".replace("-", "−") for tick in (SCORE_TICKS if what is Says.ORDER else ticks)]
        found[losses + number + 1] = {
            "x": PLAIN | {"range": [-EDGE, EDGE], "tickangle": 0, "title": {"text": ACROSS[what]},
                          "tickvals": places, "ticktext": labels},
            "y": PLAIN | {"range": [0, 1], "showticklabels": False},
        }  # fmt: skip
    for panel, (across, up) in enumerate(SHARED):
        share = {"range": [-0.02, 1.02], "tickformat": ".0%", "nticks": 6, "zeroline": False}
        found[2 * losses + panel + 1] = {
            "x": share | {"title": {"text": across}},
            "y": share | {"title": {"text": up}},
        }
    return found


def arranged(experiment: Experiment, names: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The layout on a wide page, and on a phone."""
    revision = f"{experiment.settings} {len(names)}"
    roomy, tight = axes_of(experiment, TICKS if len(names) < CROWD else FEW_TICKS), axes_of(experiment, FEW_TICKS)
    return (
        laid_out(*wide(names), lambda box: roomy[box.x], revision),
        laid_out(*tall(names), lambda box: tight[box.x], revision),
    )


def wide(names: Sequence[str]) -> tuple[list[Box], float]:
    many = len(names)
    boxes = []
    tops = TOP, TOP + MAP + UNDER, TOP + MAP + UNDER + SCORES + GAP
    for number, (left, right) in enumerate(columns(many)):
        boxes.append(Box(number + 1, number + 1, left, right, tops[0], tops[0] + MAP, names[number]))
        place = many + number + 1
        boxes.append(Box(place, place, left, right, tops[1], tops[1] + SCORES, "Scores of each class" * (number == 0)))
    for panel, (left, right) in enumerate(columns(len(TITLES))):
        place = 2 * many + panel + 1
        boxes.append(Box(place, place, left, right, tops[2], tops[2] + CURVES, TITLES[panel]))
    return boxes, HEIGHT


def tall(names: Sequence[str]) -> tuple[list[Box], float]:
    many, boxes, top = len(names), [], float(TOP)
    for number, name in enumerate(names):
        bottom = top + LOW_MAP
        boxes.append(Box(number + 1, number + 1, 0.0, 0.5, top, bottom, name))
        boxes.append(Box(many + number + 1, many + number + 1, 0.58, 1.0, top, bottom))
        top = bottom + GAP
    for panel, title in enumerate(TITLES):
        place = 2 * many + panel + 1
        boxes.append(Box(place, place, 0.0, 1.0, top, top + LOW_CURVE, title))
        top += LOW_CURVE + GAP
    return boxes, top - GAP + FOOT


def columns(many: int) -> list[tuple[float, float]]:
    """The left and the right end of so many panels beside each other."""
    width = (1 - BESIDE * (many - 1)) / many
    return [(at * (width + BESIDE), min(1.0, at * (width + BESIDE) + width)) for at in range(many)]
