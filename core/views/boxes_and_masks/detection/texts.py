"""The words beside a detector in training: who supplies its gradient, what is descended, and what is measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.losses import BOX_LOSSES, LOSSES
from core.models.detector import SHARES
from core.models.trained_detectors import IGNORED, NEGATIVES, RATE
from core.sentences import join_words
from core.stage import Card, Cell, Grid, Live, Task, Text
from core.views.boxes_and_masks.detection.runs import STEP, THRESHOLD, DetectionChoice, LossDetectors
from core.views.kit import theme
from core.views.kit.cards import loss_card, vision_cards

HEADINGS = ("loss", "box loss", "AP", "mean AP")
TASK = Task(
    "Press Play, or drag “Step” to 120.",
    "The loss falls at once. When does average precision begin to rise, and whose gradient is it then?",
)


def percent(shares: np.ndarray) -> np.ndarray:
    """Shares in percent, to one digit behind the point."""
    return np.round(100 * shares, 1)


def summary(detectors: Sequence[LossDetectors]) -> Text:
    """The easy negatives' share of each gradient, how far each loss has fallen, and average precision."""

    def each(word: str, after: str = "") -> str:
        return join_words([f"{{{word}{number}}}{after}" for number in range(len(detectors))])

    slots = {}
    for number, one in enumerate(detectors):
        slots[f"easy{number}"] = one.live(percent(one.trained.shares[..., SHARES.index("easy negatives")]))
        slots[f"left{number}"] = one.live(percent(one.relative_loss))
        slots[f"ap{number}"] = Live(np.round(one.precision, 3), (one.sweep, THRESHOLD, STEP))
    easy = join_words([f"{{easy{number}}} % of {one.name}’s" for number, one in enumerate(detectors)])
    return Text(
        f"At step {{step}}, easy negatives supply {easy} gradient. The loss is at {each('left', ' %')} of its start; "
        f"average precision at IoU {{threshold}} is {each('ap')}.",
        step=Live(STEP.values, STEP), threshold=Live(THRESHOLD.values, THRESHOLD), **slots,
    )  # fmt: skip


def numbers(one: LossDetectors) -> tuple[Live, ...]:
    """The descended loss, the box loss in it, average precision at the threshold, and its mean over thresholds."""
    precision = Live(np.round(one.precision, 3), (one.sweep, THRESHOLD, STEP))
    mean = one.live(np.round(one.precision.mean(axis=1), 3))
    return one.live(one.trained.loss), one.live(one.trained.box), precision, mean


def note(one: LossDetectors) -> Text:
    """Where the loss is lowest, and where the metric is highest."""
    by = (one.sweep, THRESHOLD)
    return Text("Of the steps shown, the loss is lowest at {}, average precision is highest at {}.",
                Live(STEP.values[one.lowest], one.sweep), Live(STEP.values[one.highest], by))  # fmt: skip


def share_grid(detectors: Sequence[LossDetectors]) -> Grid:
    """Who supplies the gradient, in percent."""

    def row(one: LossDetectors) -> tuple[str, tuple[Cell, ...]]:
        shares = np.moveaxis(one.trained.shares, -1, 0)
        return one.name, tuple(
            Cell(Text("{} %", one.live(percent(part))), one.live(part), one.look.colour) for part in shares
        )

    return Grid(name="Who supplies the gradient", colour=theme.NEUTRAL, columns=SHARES,
                rows=tuple(map(row, detectors)))  # fmt: skip


DESCENDED = f"""\
#### What is descended

$$L = \\frac{{1}}{{n}} \\Big( \\sum_i \\ell(z_i, y_i) + \\lambda \\sum_{{j}} \\ell_\\mathrm{{box}}(b_j, t_j) \\Big)$$

An anchor is a box where an object may be. Each strip has 64 anchors of 12 × 12 pixels and one object: 1 anchor in 64 \
is a positive. The first sum runs over anchors, the second over the n objects: other anchors have no box. The \
{IGNORED} anchors on either side of the positive are left out: they are neither. The box loss takes edges in units of \
12 pixels.

Each anchor sees 27 columns of pixels. From six shared activations it makes a score z and a box b. Its label y is 1 \
for a positive, whose true box is t, else 0. Adam trains all detectors from the same weights with a learning rate of \
{RATE:g}, on 32 strips.

**Who supplies the gradient:** each anchor sends gradients back to the shared activations. A bar is the sum of their \
lengths, as a share of all. A negative is easy if its probability is below 0.5, and hard otherwise.

**Negatives per object:** with fewer than {NEGATIVES}, so many are drawn at random, and the others are left out.
"""
MEASURED = """\
#### What is measured

A box is right if its IoU with an object is at least the threshold, and no box with a higher score found that object. \
Boxes are taken by falling score. Precision is the share of right boxes so far, recall the share of objects found. \
Average precision (AP) is the mean precision at 101 recalls, as COCO computes it. Mean AP is its mean over IoU \
thresholds from 0.5 to 0.95.

AP counts boxes in their order. A small change of the weights changes neither, so its gradient is 0 almost everywhere: \
it cannot be descended.

First a box is suppressed where it overlaps a better one by an IoU of more than 0.5. AP is measured on 48 other strips.

Before training the weights are random. They may rank bright columns first by chance, so AP at step 0 depends on the \
seed.
"""


def cards(choice: DetectionChoice) -> tuple[Card, ...]:
    """What is descended, what is measured, and what to know of each loss."""
    own = (loss_card(LOSSES[key], {one.name: one for one in choice.own(key)}) for key in choice.losses)
    box = vision_cards([BOX_LOSSES[choice.settings.box_loss]])
    return (Card(text=Text(DESCENDED)), Card(text=Text(MEASURED)), *own, *box)
