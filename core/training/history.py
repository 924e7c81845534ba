"""The result of training: curves, the weights at some epochs, and where early stopping would have ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.training.network import count, scores
from core.training.records import Model, Span

CURVES = ("train", "validation", "train_metric", "validation_metric", "gradient")
FAR = 1e12  # a run has diverged at a loss of FAR times (1 + the initial loss)


@dataclass(frozen=True, eq=False)
class History:
    """R runs of E epochs. Epoch 0 is before the first step; curves go on to the last epoch even after divergence."""

    models: tuple[Model, ...]  # of each run
    spans: tuple[Span, ...]  # of each run's inputs, training and validation
    inputs: int
    patience: int
    train: np.ndarray  # [R, E + 1], mean loss without penalty, as the next
    validation: np.ndarray
    train_metric: np.ndarray
    validation_metric: np.ndarray
    gradient: np.ndarray  # [R, E + 1], the gradient norm of mean loss and penalty over all examples
    epochs_kept: np.ndarray  # [K], rising from 0 to E
    weights: np.ndarray  # [R, K, P], at those epochs: a run's own parameters first, then 0
    precision: type[np.floating]  # of the networks' computation

    @cached_property
    def best_epoch(self) -> np.ndarray:
        """The epoch [R] of the least finite validation loss, the first of equals; 0 where none is finite."""
        return np.where(np.isfinite(self.validation), self.validation, np.inf).argmin(axis=-1)

    @cached_property
    def stop_epoch(self) -> np.ndarray:
        """The epoch [R] at which early stopping would have ended the run; -1 where patience never runs out."""
        return patience_epochs(self.validation, self.patience)

    @cached_property
    def diverged_epoch(self) -> np.ndarray:
        """The first epoch [R] at which a loss is not finite or beyond FAR; -1 where there is none."""
        return diverged_epochs(self.train, self.validation)

    def take(self, runs: Sequence[int]) -> History:
        """The history of these runs, in this order; a run may be taken twice."""
        rows = np.asarray(runs, dtype=int)
        every = {name: getattr(self, name)[rows] for name in (*CURVES, "weights")}
        return replace(
            self, models=tuple(self.models[run] for run in runs), spans=tuple(self.spans[run] for run in runs), **every
        )

    @np.errstate(all="ignore")
    def predict(self, run: int | slice, x: np.ndarray) -> np.ndarray:
        """Raw scores at points x [n, inputs], in each kept epoch: [K, n] of one run, [runs, K, n] of a slice of runs.

        Raises ValueError for points of another shape.
        """
        x = np.asarray(x, dtype=np.float64)
        if x.ndim != 2 or x.shape[1] != self.inputs:
            raise ValueError(f"x must be points [n, {self.inputs}], got shape {x.shape}")
        if isinstance(run, slice):
            found = [self.predict(one, x) for one in range(len(self.models))[run]]
            return np.array(found).reshape(-1, len(self.epochs_kept), len(x))
        model, sizes = self.models[run], self.models[run].sizes(self.inputs)
        theta = self.weights[run][:, : count(sizes)].astype(self.precision)
        return scores(theta, model.features(x, self.spans[run]), sizes).astype(np.float64)


def patience_epochs(validation: np.ndarray, patience: int) -> np.ndarray:
    """The epoch [R] at which patience runs out: `patience` epochs after the last improvement of curves [R, E + 1].

    -1 where it never does. A loss that is not finite, or equal to the least one so far, is no improvement. Patience 0
    never runs out.
    """
    if patience == 0:
        return np.full(len(validation), -1)
    finite = np.where(np.isfinite(validation), validation, np.inf)
    before = np.minimum.accumulate(finite, axis=-1)[:, :-1]
    epochs = np.arange(validation.shape[-1])
    improved = np.concatenate([np.ones((len(finite), 1), dtype=bool), finite[:, 1:] < before], axis=-1)
    since = epochs - np.maximum.accumulate(np.where(improved, epochs, 0), axis=-1)
    return first_true(since >= patience)


def diverged_epochs(*losses: np.ndarray) -> np.ndarray:
    """The first epoch [R] at which any of the curves [R, E + 1] is beyond FAR or not finite; -1 for none."""
    with np.errstate(invalid="ignore"):
        fine = [np.isfinite(loss) & (loss <= FAR * (1 + np.abs(loss[:, :1]))) for loss in losses]
    return first_true(~np.logical_and.reduce(fine))


def first_true(found: np.ndarray) -> np.ndarray:
    """The first index [R] at which each row [R, n] is true; -1 for never."""
    return np.where(found.any(axis=-1), found.argmax(axis=-1), -1)
