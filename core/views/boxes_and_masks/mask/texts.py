"""The words beside a predicted mask: how good it is, and on which pixels each loss has its gradient."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.losses import MASK_LOSSES
from core.models.mask_descent import MaskPaths
from core.models.mask_prediction import SIZE
from core.sentences import join_words
from core.stage import Card, Cell, Grid, Live, Sweep, Task, Text, Words
from core.views.boxes_and_masks.mask.runs import MaskRuns
from core.views.kit import theme

FAR = 12.0  # pixels: a distance whose bar is full
SHARE_HEADING = {"one": "on object", "two": "on small one", "empty": "on predicted"}  # the heading of a column
WHERE = {"one": "the object", "two": "the small object", "empty": "the prediction"}
TASKS = {
    "one": Task("Drag “Object, share of the picture (%)” to 0.5.",
                "Who still hears the object? Read its share of each gradient."),
    "two": Task("Drag “Confidence in the small object” to 1.", "Which gradients were on it while it was missed?"),
    "empty": Task("Drag “Leak: probability everywhere”.",
                  "False positives alone are left: which losses have a gradient there?"),
}  # fmt: skip
ONE_NUMBER = Text("It is one number of all pixels, without a loss of each: its gradient is shown.")
GOAL = 0.9  # IoU that a descent is to reach


def summary(runs: MaskRuns) -> Text:
    """Pixel accuracy beside IoU, and where the gradient of each loss lies."""
    counts = runs.counts
    slots = {"accuracy": np.round(100 * runs.metrics["pixel accuracy"], 2), "iou": np.round(runs.metrics["IoU"], 3),
             "nothing": np.round(100 * counts.negatives / counts.total, 2)}  # fmt: skip
    numbers = {name: Live(values, runs.base) for name, values in slots.items()}
    text = "Pixel accuracy is {accuracy} %, IoU {iou}; a prediction without any object is {nothing} % accurate. "
    each, words = [], {}
    for number, key in enumerate(runs.losses):
        share = object_share(runs, key)
        numbers[f"share{number}"] = share
        none = np.isnan(share.array)  # where the loss has no gradient at all
        words[f"part{number}"] = Words((f"{{share{number}}}\u00a0%", "nothing"), Live(none, runs.sweeps[key]))
        each.append(f"{{part{number}}} under {MASK_LOSSES[key].short}")
    return Text(f"{text}Of the gradient, {join_words(each)} lies on {WHERE[runs.layout]}.", **numbers, **words)


def object_share(runs: MaskRuns, key: str) -> Live:
    """The percentage of a loss's gradient that lies on the object, on the small one where there are two, or on what is
    predicted where there is none."""
    made = runs.prediction
    return runs.share(key, made.hard if runs.layout == "empty" else made.objects[-1])


def metric_grid(runs: MaskRuns) -> Grid:
    """The hard metrics; bars of shares, and of distances in pixels."""

    def cell(name: str, values: np.ndarray) -> Cell:
        distance = "distance" in name
        text = Text("{} px" if distance else "{}", Live(np.round(values, 2 if distance else 4), runs.base))
        part = np.clip(np.nan_to_num(values / (FAR if distance else 1.0)), 0, 1)
        return Cell(text, Live(part, runs.base), theme.WRONG if distance else theme.RIGHT)

    cells = tuple(cell(*one) for one in runs.metrics.items())
    return Grid(name="Hard masks: probability at least one half", colour=theme.NEUTRAL, columns=tuple(runs.metrics),
                rows=(("prediction", cells),))  # fmt: skip


def gradient_grid(runs: MaskRuns) -> Grid:
    """The part of each loss's gradient that lies on each object and on the background, in percent."""
    made = runs.prediction
    names = ("object",) if runs.layout == "one" else ("large object", "small object")
    masks = dict(zip(names, made.objects, strict=True)) | {"background": made.target == 0}

    def row(key: str) -> tuple[str, tuple[Cell, ...]]:
        shares = [runs.share(key, mask) for mask in masks.values()]
        colour = theme.look(MASK_LOSSES[key]).colour
        return MASK_LOSSES[key].short, tuple(
            Cell(Text("{} %", one), Live(np.nan_to_num(one.array / 100), runs.sweeps[key]), colour) for one in shares
        )

    return Grid(name="Where the gradient lies", colour=theme.NEUTRAL, columns=tuple(masks),
                rows=tuple(map(row, runs.losses)))  # fmt: skip


ABOUT = Card(
    text=Text(
        f"**The picture** has {SIZE} × {SIZE} pixels. A pixel has a score z; its probability of being in the object is "
        "$p = 1 / (1 + e^{-z})$. TP, FP and FN are sums of probabilities: of p over the object, of p over the "
        "background, and of 1 − p over the object.\n\n"
        "**Two kinds of loss.** Cross-entropy and focal loss are means of a loss of each pixel. Dice, Jaccard, Tversky "
        "and Lovász are one number of all pixels together: there is no loss of a pixel, but there is a gradient in "
        "its score.\n\n"
        "**Who still hears a rare object?** Cross-entropy gives each pixel a gradient of p − y. Many background pixels "
        "together can outweigh a small object. Dice and its relatives divide by the size of the object, so that it "
        "keeps its part. But they have the factor p(1 − p): where the network is confident, they are almost silent.\n\n"
        "**Distances of the edges** are in pixels. Their mean over both edges is the average symmetric surface "
        "distance (ASSD), the largest is the Hausdorff distance. They are undefined where a mask is empty."
    ),
    wide=True,
)


# --- descents ---


def first_step(found: MaskPaths) -> np.ndarray:
    """The first step at which the IoU of each run is at least GOAL, [runs]; infinite where it never is."""
    reached = found.iou >= GOAL
    return np.where(reached.any(axis=1), reached.argmax(axis=1), np.inf)


def outcome_note(found: MaskPaths, sweep: Sweep) -> Text:
    """What becomes of the descents of a loss, in each run."""
    first, last = first_step(found), found.iou.shape[1] - 1

    def words(run: int) -> str:
        end = found.iou[run, -1]
        if np.isnan(found.discs[run, -1]).any():
            return "It diverges: the learning rate is too large."
        if np.isfinite(first[run]):
            after = "" if end >= GOAL else f", and falls to {end:.2f} again"
            return f"IoU {GOAL:g} at step {first[run]:.0f}{after}."
        if found.discs[run, -1, 2] <= 0:
            return "Its mask has become empty: no pixel is predicted any more."
        return f"IoU {end:.2f} after {last} steps."

    return Text("{}", Words.each([words(run) for run in range(len(first))], sweep))


def first_to_goal(paths: Mapping[str, MaskPaths], sweep: Sweep) -> Text:
    """Which loss reaches the goal first, and which never do, in each run."""
    firsts = np.array([first_step(found) for found in paths.values()])
    ends = np.array([found.iou[:, -1] for found in paths.values()])
    steps = next(iter(paths.values())).iou.shape[1] - 1
    names = np.array([MASK_LOSSES[key].short for key in paths])

    def words(run: int) -> str:
        first = firsts[:, run]
        if np.isinf(first).all():
            best = ends[:, run].max()
            end = f"; the highest at the end is {best:.2f}, under {join_words(names[ends[:, run] == best])}"
            return f"No loss reaches IoU {GOAL:g} in {steps} steps{end if best > 0 else ''}."
        winners, never = join_words(names[first == first.min()]), join_words(names[np.isinf(first)])
        end = f", and never under {never}" if never else ""
        return f"IoU {GOAL:g} is reached first under {winners}, at step {first.min():.0f}{end}."

    return Text("{}", Words.each([words(run) for run in range(firsts.shape[1])], sweep))


DESCENT = Card(
    text=Text(
        "**The model** has four numbers: the middle x and y, a radius and a softness. The score of a pixel is (radius "
        "− distance from the middle) / softness. Gradient descent changes x, y and the radius in pixels, and the "
        "logarithm of the softness in tenths.\n\n"
        "**Who finds the object?** A loss can find an object only where its pixels have a gradient. Far from the disc "
        "the probability is almost 0, and p(1 − p) with it: under Dice, Jaccard and Tversky such an object is silent. "
        "The false positives are heard, and the disc shrinks away. Cross-entropy keeps a gradient of about 1 in "
        "each missed pixel; divided by the number of all pixels it is small, but it is there.\n\n"
        "**A fair race?** All have one start and one learning rate, but their gradients differ in size: compare "
        "where they go, not only how fast. Adam takes most of that difference away."
    ),
    wide=True,
)
