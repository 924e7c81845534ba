"""Which examples make up a loss, before training and after, and how much each loss makes of an example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.kept import kept
from core.models.classifier import ClassifierFit
from core.models.imbalance.data import ImbalanceSettings
from core.models.imbalance.measured import Params, scores, trained_model
from core.models.objectives import Objective, objective_of
from core.numerics import softplus

GROUPS = ("hard positives", "easy positives", "easy negatives", "hard negatives")
DUST = 1e-12  # what rounding leaves of a loss that is 0
MARGINS = np.linspace(-6.0, 6.0, 121)  # scores for the true class


@dataclass(frozen=True, eq=False)
class LossShares:
    """The shares of a loss and of its gradient that each of GROUPS has: [2, groups], before training and after.

    `weight` [2, margins] is an example's loss over its cross-entropy, for a negative and for a positive. NaN where the
    examples of a loss have no loss of their own, or where there was nothing to learn.
    """

    loss: np.ndarray
    gradient: np.ndarray
    weight: np.ndarray


@kept
def loss_shares(settings: ImbalanceSettings, share: float, key: str, params: Params) -> LossShares:
    """The shares on the training set, before training, when every score is 0, and after."""
    fit, data = trained_model(settings, share, key, params), settings.split(share).train
    if not isinstance(fit, ClassifierFit):
        lost = np.full((2, len(GROUPS)), np.nan)
        return LossShares(lost, lost, np.full((2, len(MARGINS)), np.nan))
    objective, parts = objective_of(key), []
    for score in (np.zeros(len(data)), scores(settings, share, fit, data.features)):
        right = (2 * data.target - 1) * score > 0
        positive = data.target == 1
        members = np.stack([positive & ~right, positive & right, ~positive & right, ~positive & ~right])
        each = objective.per_example(score, data.target, **dict(params))
        loss = np.full(len(data), np.nan) if each is None else each / len(data)
        gradient = np.abs(objective.grad(score, data.target, **dict(params)))
        parts.append((shares(members, loss), shares(members, gradient)))
    losses, gradients = zip(*parts, strict=True)
    return LossShares(
        np.stack(losses), np.stack(gradients), weight(objective, objective.formula_params(data.target, dict(params)))
    )


def weight(objective: Objective, params: Mapping[str, float]) -> np.ndarray:
    """The weight of an example at each margin, relative to cross-entropy: [2, margins]."""
    if objective.per_example_of is None:
        return np.full((2, len(MARGINS)), np.nan)
    found = [
        objective.per_example_of((2 * label - 1) * MARGINS, np.full(len(MARGINS), label), **params)
        for label in (0.0, 1.0)
    ]
    return np.stack(found) / softplus(-MARGINS)


def shares(members: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """The share of the sum of `parts` [n] that each group [groups, n] has; NaN of nothing, and of rounding."""
    total = parts.sum()
    return members @ parts / total if total > DUST else np.full(len(members), np.nan)


def share_table(settings: ImbalanceSettings, runs: Mapping[str, tuple[float, Params]]) -> dict[str, np.ndarray]:
    """A row for each loss, before training and after, and group: its share of the loss and of the gradient.

    runs: by loss, the share of the positives and the loss's parameters.
    """
    rows = []
    for key, (share, params) in runs.items():
        found = loss_shares(settings, share, key, params)
        for at, when in enumerate(("before", "after")):
            rows += [(key, when, *parts) for parts in zip(GROUPS, found.loss[at], found.gradient[at], strict=True)]
    names = ("loss", "training", "examples", "share of the loss", "share of the gradient")
    return dict(zip(names, (np.array(column) for column in zip(*rows, strict=True)), strict=True))
