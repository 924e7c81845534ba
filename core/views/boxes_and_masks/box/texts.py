"""The words beside a predicted box: how far both boxes agree, and what a step of each loss does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.losses import BOX_LOSSES
from core.models.box_descent import LEAST_SIZE
from core.sentences import join_words
from core.stage import Card, Cell, Grid, Slider, Text, Words
from core.views.boxes_and_masks.box.runs import BoxRuns
from core.views.kit import theme
from core.views.kit.cards import vision_cards

EDGE_NAMES = ("left edge", "bottom edge", "right edge", "top edge")
NEAR = 1e-9  # a difference of edges that is rounding
STILL = 1e-9  # a part of a gradient that moves nothing
CASES = (
    "",
    "Without overlap the IoU loss is 1 wherever the box is: it has no gradient. ",
    "Both boxes are the same. ",
    "One lies inside the other, with one middle: GIoU and DIoU are the IoU loss here. ",
    "One lies inside the other: there GIoU is the IoU loss. ",
    "Both have one middle: there DIoU is the IoU loss. ",
    "Both have the same aspect ratio: there CIoU is DIoU. ",
)


def one_box_summary(runs: BoxRuns) -> Text:
    """The IoU, what it is made of, and which losses are one here."""
    pred, target, pair = runs.pred, runs.target, runs.pair
    enclosing = runs.enclosing
    inside = np.logical_or(*(np.isclose(enclosing, one, rtol=0, atol=NEAR).all(axis=-1) for one in (pred, target)))
    off = (pred[:, :2] + pred[:, 2:]) - (target[:, :2] + target[:, 2:])
    middle = (np.abs(off) < NEAR).all(axis=-1)
    (width, height), (true_width, true_height) = ((one[:, 2:] - one[:, :2]).T for one in (pred, target))
    aspect = np.abs(width * true_height - height * true_width) < NEAR
    same = np.isclose(pred, target, rtol=0, atol=NEAR).all(axis=-1)
    apart = pair.overlap.value == 0
    case = np.select([apart, same, inside & middle, inside, middle, aspect], range(1, len(CASES)), 0)
    return Text(
        "{case}IoU is overlap divided by union: {overlap} / {union} = {iou}.",
        overlap=runs.live(pair.overlap.value),
        union=runs.live(pair.union.value),
        iou=runs.live(pair.iou.value),
        case=Words(CASES, runs.live(case)),
    )


def step_note(runs: BoxRuns, key: str) -> Text:
    """What a step of a loss does to the box, in words."""
    near, far = runs.grad(key)[:, :2], runs.grad(key)[:, 2:]
    (right, up), (wider, taller) = (-(near + far)).T, ((near - far) / 2).T
    return Text("A step {}.", Words.each([step_words(*one) for one in zip(right, up, wider, taller, strict=True)],
                                         runs.sweep))  # fmt: skip


def step_words(right: float, up: float, wider: float, taller: float) -> str:
    """What moves with such a step: its middle to the right and up, its width and height."""
    ways = [one if part > 0 else other
            for part, one, other in ((right, "right", "left"), (up, "up", "down")) if abs(part) > STILL]  # fmt: skip
    sizes = [one if part > 0 else other
             for part, one, other in ((wider, "wider", "narrower"), (taller, "taller", "shorter"))
             if abs(part) > STILL]  # fmt: skip
    done = [f"moves the box {join_words(ways)}"] if ways else []
    done += [f"makes it {join_words(sizes)}"] if sizes else []
    return join_words(done) if done else "changes nothing"


def edge_grid(runs: BoxRuns) -> Grid:
    """The gradient of each loss on every edge; a bar is the number's size, beside the largest of all."""
    most = np.max([np.abs(runs.grad(key)).max(axis=-1) for key in runs.losses], axis=0)  # [runs]

    def row(key: str) -> tuple[str, tuple[Cell, ...]]:
        grad = runs.grad(key)
        shares = np.abs(grad) / np.maximum(most[..., None], 1e-300)
        colour = theme.look(BOX_LOSSES[key]).colour
        parts = zip(np.round(grad, 4).T, shares.T, strict=True)
        return BOX_LOSSES[key].short, tuple(
            Cell(Text("{}", runs.live(one)), runs.live(share), colour) for one, share in parts
        )

    return Grid(name="Gradient on each edge", colour=theme.NEUTRAL, columns=EDGE_NAMES,
                rows=tuple(map(row, runs.losses)))  # fmt: skip


PARTS = Card(text=Text(
    "#### Overlap and union\n\n"
    "$$\\mathrm{IoU} = \\frac{|B \\cap T|}{|B \\cup T|}$$\n\n"
    "B is the predicted box, T the true one. The overlap $B \\cap T$ is what both cover, the union $B \\cup T$ what at "
    "least one covers. C is the smallest box that holds both, c its diagonal, and d the distance of the middles.\n\n"
    "Move and scale both boxes together, and every loss of the IoU family stays the same. L1 does not."
))  # fmt: skip
DESCENT = Card(text=Text(
    "#### What a step is\n\n"
    "$$b \\leftarrow b - \\eta\\, \\nabla L(b), \\qquad b = (x, y, w, h)$$\n\n"
    "Gradient descent moves the middle $(x, y)$, the width $w$ and the height $h$ with one learning rate η. A width "
    f"and a height stay at least {LEAST_SIZE}.\n\n"
    "The gradients of L1 and of the IoU family do not get small near the true box: with a constant learning rate "
    "the box then jumps around it. Detectors therefore lower the learning rate, or take a smooth loss."
))  # fmt: skip


def box_cards(losses: Sequence[str], sliders: Sequence[Slider] = (), about: Card = PARTS) -> tuple[Card, ...]:
    """A card about the picture, and one for each loss."""
    return (about, *vision_cards([BOX_LOSSES[key] for key in losses], sliders))
