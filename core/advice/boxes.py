"""Boxes are predicted: one shift and stretch that a detector learns for all its anchors, and the overlap it reaches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.advice.advice import (
    LUCK,
    SEEDS,
    Advice,
    ExperimentResult,
    Factor,
    Method,
    Option,
    Prediction,
    Values,
    runs_of,
)
from core.losses import BOX_LOSSES
from core.models.box_descent import edges_of, gradient, iou_of
from core.optimizers import OPTIMIZERS
from core.optimizers.iterate import Gradient, iterate

OBJECTS, NEW_OBJECTS = 4, 30  # of a training set, and of those that it is judged by
SMALLEST = 10.0  # pixels, the side of the smallest object
MARGIN = 3.0  # pixels that a true box leaves around its object, whatever its size
UNEVEN = 0.3  # of the logarithm of a side, and of a margin
OFF = 0.1  # of the size: how far anchors lie off at random
USUAL_RATIO = 10.0  # of the largest object to the smallest
BOX_STEPS, BOX_RATE = 40, 0.1
BOX_RULE = OPTIMIZERS["adam"]
EVERY = 5  # steps between two points of the picture

DISTANCE = Factor("distance", "Distance of the anchors, in widths", (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0), 1.5)
SIDE_RATIO = Factor("ratio", "Largest side / smallest side", (1, 2, 3, 5, 10, 20, 30, 50), 10)
BOX_DATA = {
    "apart": Option("Some miss their object", (DISTANCE,)),
    "overlap": Option("All overlap their object", (SIDE_RATIO,)),
}
BOX_COSTS = {"iou": Option("By IoU"), "pixels": Option("By pixels that the edges are off")}


def compare(advice: Advice, data: str, cost: str, values: Values) -> ExperimentResult:
    """Shift and stretch fitted to 200 training sets under both losses, and their mean cost for new objects."""
    seen, new = (objects(data, values, seed, count) for seed, count in ((0, (SEEDS, OBJECTS)), (1, (1, NEW_OBJECTS))))
    learned = [learn(method, *seen) for method in (advice.best, advice.other)]  # [steps + 1, R, S, 4]
    best, other = (mean_cost(cost, moved(path[-1], new[0]), new[1]) for path in learned)
    best_curve, other_curve = (mean_overlap(path[:, :, :1], *(one[:, :1] for one in seen)) for path in learned)
    steps, same = np.arange(BOX_STEPS + 1.0), np.ones(runs_of(values))
    points = steps[::EVERY], mean_overlap(learned[0][::EVERY], *seen)[:, 0]
    return ExperimentResult(best, other, steps, best_curve, other_curve, np.ones_like(best_curve), points, same, same)


def objects(data: str, values: Values, seed: int, count: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Anchors, as middle and size, and true boxes by their edges, [R, *count, 4] each; an object's middle is 0.

    The sides of objects are spread from the smallest to the largest, on a logarithmic scale.
    """
    random = np.random.default_rng([LUCK, seed])  # the same luck in every run
    ratio = values["ratio"] if data == "overlap" else np.full(runs_of(values), USUAL_RATIO)
    distance = values["distance"] if data == "apart" else np.zeros(runs_of(values))
    size = SMALLEST * ratio[:, None, None, None] ** random.uniform(size=(*count, 1))
    size = size * np.exp(UNEVEN * random.normal(size=(*count, 2)))
    off = OFF * random.normal(size=(*count, 2)) + distance[:, None, None, None]
    margin = MARGIN * np.exp(UNEVEN * random.normal(size=(*count, 2)))
    return np.concatenate([off * size, size], axis=-1), np.concatenate([-size / 2 - margin, size / 2 + margin], axis=-1)


def moved(learned: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """Anchors [..., n, 4], as middle and size, after a shift in units of their sizes and a stretch [..., 4]."""
    shift, stretch = learned[..., None, :2], np.exp(learned[..., None, 2:])
    return np.concatenate([anchors[..., :2] + shift * anchors[..., 2:], stretch * anchors[..., 2:]], axis=-1)


def learn(method: Method, anchors: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The shift and the logarithm of the stretch that go down the mean loss of some objects, with Adam.

    anchors, target: [R, S, n, 4]. Returns [steps + 1, R, S, 4].
    """
    start, slope = np.zeros((*anchors.shape[:-2], 4)), slope_of(method, anchors, target)
    return np.stack([learned for learned, _ in iterate(BOX_RULE, start, slope, BOX_STEPS, lr=BOX_RATE)])


def slope_of(method: Method, anchors: np.ndarray, target: np.ndarray) -> Gradient:
    """The derivative of the mean loss in the shift and the logarithm of the stretch, as `iterate` asks for it."""

    def slope(_: int, learned: np.ndarray) -> np.ndarray:
        placed = moved(learned, anchors)
        each = gradient(method.loss, placed, target)
        scale = np.concatenate([anchors[..., 2:], placed[..., 2:]], axis=-1)
        return (each * scale).mean(axis=-2)

    return slope


def mean_overlap(learned: np.ndarray, anchors: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The mean IoU of all objects [R, S, n] at each of some steps [steps, R, S, 4], [R, 1, steps]."""
    return iou_of(edges_of(moved(learned, anchors)), target).mean(axis=(-2, -1)).T[:, None]


def mean_cost(cost: str, placed: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The mean cost of placed boxes [..., n, 4], [...]: 1 - IoU, or by how many pixels an edge is off."""
    edges = edges_of(placed)
    return (1 - iou_of(edges, target)).mean(axis=-1) if cost == "iou" else np.abs(edges - target).mean(axis=(-2, -1))


def of(key: str) -> Method:
    """A loss of boxes."""
    return Method(key, losses=BOX_LOSSES)


APART = Advice(
    best=of("eiou"),
    other=of("iou"),
    second="ciou",
    why="Without overlap IoU has no gradient; the distances of middles and sides have one from everywhere.",
    otherwise="The boxes overlap from the start, and IoU alone does as well.",
    metric="Average precision, at several IoU thresholds",
    differs="It counts which boxes are good enough, in the order of their scores, and has no gradient.",
)
BOX_ADVICE = {
    ("apart", "iou"): APART,
    ("apart", "pixels"): replace(
        APART,
        metric="Mean distance of the edges",
        differs="It is in pixels, and large objects count most; the loss counts in shares of the box.",
    ),
    ("overlap", "iou"): replace(
        APART,
        other=of("box_smooth_l1"),
        why="IoU and its relatives count what is off in shares of the box, for small objects and large ones alike.",
        otherwise="The objects are about as large, and then pixels are shares of the box as well.",
    ),
    ("overlap", "pixels"): Advice(
        best=of("box_smooth_l1"),
        other=of("ciou"),
        second="box_l1",
        why="It counts the pixels that you are judged by, and those of large objects most.",
        otherwise="Few objects are so large that their pixels decide.",
        metric="Mean IoU, and that of small objects",
        differs="A small object that is missed has few pixels, and hardly shows in the loss.",
    ),
}

BOXES = Prediction(
    name="Boxes",
    data=BOX_DATA,
    costs=BOX_COSTS,
    advice=BOX_ADVICE,
    compare=compare,
    axes=("step", "mean IoU of its objects"),
    shows="mean IoU of all seeds under the advised loss",
    asks="Boxes at the start",
    asks_cost="How boxes are judged",
    begins=("apart", "iou"),
    about=f"A detector learns one shift and one stretch for all its anchors, in shares of their sizes. "
    f"True boxes leave some {MARGIN:g} pixels around every object, so small ones need another stretch than large ones.",
    tried=f"Under both losses Adam takes {BOX_STEPS} steps on {SEEDS} training sets of {OBJECTS} objects, each with a "
    "seed of its own. The cost that you chose is then found for new objects.",
)
