"""The training loop: any number of small models at once, each as if it were alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from core.numerics import length
from core.optimizers.check import whole_number
from core.record import numbers
from core.training.batch import NetworkBatch, PaddedExamples, orders
from core.training.history import CURVES, History
from core.training.network import count
from core.training.records import Examples, Plan, Setting
from core.training.steps import Steps

Orders = Callable[[int, int], Iterator[np.ndarray]]
NARROW = 8  # units in the widest layer up to which width costs next to nothing


@np.errstate(all="ignore")  # what diverges becomes infinite and NaN, and is recorded
def train_runs(
    setting: Setting,
    plans: Sequence[Plan],
    train: Sequence[Examples],
    validation: Sequence[Examples] | None = None,
    *,
    keep: int = 60,
    curves: bool = True,
    precision: type[np.floating] = np.float64,
    orders: Orders = orders,
    progress: Callable[[float], None] | None = None,
) -> History:
    """The history of R plans, each trained on its own examples.

    train, validation: the examples of each plan; without `validation` those of `train` take its place.
    keep: how many epochs' weights are kept, evenly spread, the first and the last among them.
    curves: whether losses, metrics and gradient norms are measured after each epoch. NaN without, and sooner there.
    precision: of the networks' computation. float32 is faster: losses then hold about 6 digits, and a gradient norm
        below 1e-6 of its start is mostly noise. Weights and the optimizer's state are float64 always.
    orders: (seed, examples) -> the order of the examples in each epoch, for mini-batches.
    progress: called after each epoch with the share of all epochs that is done.

    Raises ValueError for lists of different lengths, and for a learning rate, a model or examples that do not fit.
    """
    whole_number(keep, "keep", least=2)
    validation = train if validation is None else validation
    check_lists(setting, plans, train, validation)
    inputs = train[0].x.shape[1]
    sizes = [plan.model.sizes(inputs) for plan in plans]
    spans = [(min(a.x.min(), b.x.min()), max(a.x.max(), b.x.max())) for a, b in zip(train, validation, strict=True)]
    kept = np.unique(np.linspace(0, setting.epochs, keep).round().astype(int))
    measured = np.full((len(CURVES), len(plans), setting.epochs + 1), np.nan)
    weights = np.zeros((len(plans), len(kept), max(map(count, sizes))))

    groups: dict[tuple[int, int], list[int]] = {}  # each is one network and one loop; the runs of most steps first
    for run in sorted(range(len(plans)), key=lambda run: -setting.steps(len(train[run]))):
        groups.setdefault(loop_key(sizes[run]), []).append(run)
    work, done = setting.epochs * len(groups), 0
    for runs in groups.values():

        def of(column: Sequence[Any], runs: list[int] = runs) -> list[Any]:
            return [column[run] for run in runs]

        batch = NetworkBatch.of(of(plans), of(sizes), setting, precision)
        models = [plan.model for plan in of(plans)]
        data = batch.padded_examples(models, of(spans), of(train))
        unseen = data if validation is train else batch.padded_examples(models, of(spans), of(validation))
        for epoch, theta, found in epochs(setting, of(plans), batch, data, unseen, of(train), orders, curves):
            measured[:, runs, epoch] = found
            if epoch in kept:
                at = np.searchsorted(kept, epoch)
                for run, row, places in zip(runs, theta, batch.places, strict=True):
                    weights[run, at, : len(places)] = row[places]
            if progress and epoch:
                done += 1
                progress(done / work)
    return History(
        models=tuple(plan.model for plan in plans),
        spans=tuple((float(low), float(high)) for low, high in spans),
        inputs=inputs,
        patience=setting.patience,
        epochs_kept=kept,
        weights=weights,
        precision=precision,
        **dict(zip(CURVES, measured, strict=True)),
    )


def epochs(
    setting: Setting,
    plans: Sequence[Plan],
    batch: NetworkBatch,
    data: PaddedExamples,
    unseen: PaddedExamples,
    train: Sequence[Examples],
    orders: Orders,
    curves: bool,
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yields each epoch's number, parameters [G, P] and CURVES [5, G], of runs in falling order of their steps.

    curves: without them, they are NaN.
    """

    def loss_and_metric(scores: np.ndarray, points: PaddedExamples) -> tuple[np.ndarray, np.ndarray]:
        return batch.mean_loss(scores, points), setting.measure(scores, points.target, points.weights)

    def measured(theta: np.ndarray, scores: np.ndarray, grad: np.ndarray) -> np.ndarray:
        of_train = loss_and_metric(scores, data)
        of_unseen = of_train if unseen is data else loss_and_metric(batch.scores(theta, unseen), unseen)
        (loss, metric), (unseen_loss, unseen_metric) = of_train, of_unseen
        return np.array([loss, unseen_loss, metric, unseen_metric, length(grad)])

    each = [setting.steps(len(own)) for own in train]
    theta = batch.padded_parameters([plan.start(own.x.shape[1]) for plan, own in zip(plans, train, strict=True)])
    steps = Steps(setting, [plan.lr for plan in plans], [setting.epochs * its for its in each], theta)
    # Runs of one seed and as many examples go through them in one order, which is drawn once.
    keys = [(plan.seed, len(own)) for plan, own in zip(plans, train, strict=True)]
    shuffled = {key: orders(*key) for key in keys}
    missing, whole = np.full((len(CURVES), len(plans)), np.nan), each[0] == 1
    for epoch in range(setting.epochs + 1):
        if curves or whole:
            scores, grad = batch.scores_and_grad(theta, data)
        yield epoch, theta, measured(theta, scores, grad) if curves else missing
        if epoch == setting.epochs:
            return
        if whole:
            theta = steps.step(theta, grad)
            continue
        drawn = {key: next(order) for key, order in shuffled.items()}
        for part in mini_batches([drawn[key] for key in keys], setting.batch):
            _, grad = batch.scores_and_grad(theta[: len(part[0])], data.at(*part))
            theta = steps.step(theta, grad)


def loop_key(sizes: Sequence[int]) -> tuple[int, int]:
    """The key of runs that are trained as one batch: the depth, and the width up to a power of 2 (to pad little)."""
    return len(sizes), max(NARROW, 1 << (max(sizes) - 1).bit_length())


def mini_batches(rows: Sequence[np.ndarray], size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yields the mini-batches of an epoch: numbers of examples [runs, size], and their weights, which sum to 1 by run.

    rows: the order of the examples of each run. Runs with more mini-batches must come first: a run that has no more is
        left out. A mini-batch that is shorter than the others' repeats an example at weight 0.
    """
    most = max(map(len, rows))
    padded = np.array([np.append(own, np.full(most - len(own), own[0])) for own in rows])
    real = np.array([np.arange(most) < len(own) for own in rows])
    for begin in range(0, most, size):
        left = sum(len(own) > begin for own in rows)
        own = real[:left, begin : begin + size]
        yield padded[:left, begin : begin + size], own / own.sum(axis=-1, keepdims=True)


def check_lists(
    setting: Setting, plans: Sequence[Plan], train: Sequence[Examples], validation: Sequence[Examples]
) -> None:
    """Raises ValueError for lists that do not belong together, and for targets that the loss does not take."""
    if not len(plans) == len(train) == len(validation):
        raise ValueError(
            f"there must be as many train and validation examples as plans, "
            f"got {len(train)}, {len(validation)} and {len(plans)}"
        )
    if not plans:
        raise ValueError("there must be at least one plan, got none")
    inputs = {examples.x.shape[1] for examples in (*train, *validation)}
    if len(inputs) > 1:
        raise ValueError(f"all examples must have as many inputs, got {', '.join(map(str, sorted(inputs)))}")
    for examples in {id(one): one for one in (*train, *validation)}.values():
        numbers("target", examples.target, setting.loss.target_domain, of=setting.loss.key)
