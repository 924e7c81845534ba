"""The parts of a training run: a model, examples, the run's own plan, and the setting that runs share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.polynomial import legendre

from core.datasets import BinaryData, RegressionData
from core.datasets.dataset import freeze
from core.losses import FAMILIES, Loss
from core.optimizers import OPTIMIZERS, SCHEDULES
from core.optimizers.check import whole_number
from core.record import NON_NEGATIVE, REAL, numbers, one_number
from core.training.metrics import METRICS, Metric
from core.training.network import count, initial

Span = tuple[float, float]  # the least and the largest input of a run


@dataclass(frozen=True)
class Polynomial:
    """A polynomial of one input, as a sum of Legendre polynomials over the input's span mapped to [-1, 1].

    Raises ValueError for a degree below 0.

    They are a network without a hidden layer: those of degree 1 ... D enter it with a weight each, and the one of
    degree 0 is its bias. Legendre's, because evenly spread examples make them nearly orthogonal: powers of x would need
    learning rates that lie millions apart.
    """

    degree: int

    def __post_init__(self) -> None:
        whole_number(self.degree, "degree")

    def sizes(self, inputs: int) -> tuple[int, ...]:
        """Layer sizes, the input's first. ValueError for more than one input."""
        if inputs != 1:
            raise ValueError(f"a polynomial takes one input, got {inputs}")
        return (self.degree, 1)

    def features(self, x: np.ndarray, span: Span) -> np.ndarray:
        """The network's inputs [n, degree] for x [n, 1]."""
        low, high = span
        middle, half = (low + high) / 2, (high - low) / 2
        return legendre.legvander((x[:, 0] - middle) / (half or 1.0), self.degree)[:, 1:]

    def start(self, inputs: int, _: int) -> np.ndarray:
        """Parameters [P] before training: all 0."""
        return np.zeros(count(self.sizes(inputs)))


@dataclass(frozen=True)
class Perceptron:
    """The tanh network of core.training.network with one output. ValueError for a hidden layer without a unit."""

    hidden: tuple[int, ...]  # units of each hidden layer

    def __post_init__(self) -> None:
        for units in self.hidden:
            whole_number(units, "hidden units", least=1)

    def sizes(self, inputs: int) -> tuple[int, ...]:
        """Layer sizes, the input's first."""
        return (inputs, *self.hidden, 1)

    def features(self, x: np.ndarray, _: Span) -> np.ndarray:
        """The network's inputs [n, inputs]: x itself."""
        return x

    def start(self, inputs: int, seed: int) -> np.ndarray:
        """Parameters [P] before training: `initial` of the seed."""
        return initial(self.sizes(inputs), np.random.default_rng(seed))


Model = Polynomial | Perceptron


@dataclass(frozen=True, eq=False)
class Examples:
    """Points x [n, d] and their target [n], float64 and read-only. ValueError for none, NaN and other shapes."""

    x: np.ndarray
    target: np.ndarray

    def __post_init__(self) -> None:
        x, target = numbers("x", self.x, REAL), numbers("target", self.target, REAL)
        if x.ndim != 2 or target.shape != x.shape[:1] or x.size == 0:
            raise ValueError(f"examples must be x [n, d] and target [n], n and d > 0, got {x.shape} and {target.shape}")
        freeze(self, "x", "target")

    @classmethod
    def of(cls, data: RegressionData | BinaryData) -> Examples:
        """The examples of a data set."""
        return cls(data.inputs, data.target)

    def __len__(self) -> int:
        return len(self.target)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One run: its model, learning rate, penalties and seed.

    The penalty on the mean loss is the sum of `l1` |w| + `l2` w² over all weights w, without the biases. Raises
    ValueError for a penalty below 0 and for what is not finite.
    """

    model: Model
    lr: float
    l1: float = 0.0
    l2: float = 0.0
    initial_score: float = 0.0  # added to every score before training, by the bias of the output
    seed: int = 0  # of the initial weights, and of the order of the examples

    def __post_init__(self) -> None:
        one_number("lr", self.lr, REAL)
        one_number("initial_score", self.initial_score, REAL)
        one_number("l1", self.l1, NON_NEGATIVE)
        one_number("l2", self.l2, NON_NEGATIVE)
        whole_number(self.seed, "seed")

    def start(self, inputs: int) -> np.ndarray:
        """Parameters [P] before training."""
        theta = self.model.start(inputs, self.seed)
        theta[-1] += self.initial_score  # the bias of the output
        return theta


@dataclass(frozen=True, kw_only=True)
class Setting:
    """The loss, the optimizer and the length of training, which all runs share.

    The optimizer and the schedule are keys of OPTIMIZERS and SCHEDULES; a parameter that is not given has its default,
    and the schedule goes over all steps of a run. `metric` is recorded beside the loss: without one, accuracy or root
    mean squared error.

    Raises ValueError for a loss that does not take any raw score, for an unknown key and for a number out of range,
    TypeError for an unknown parameter.
    """

    loss: Loss
    loss_params: Mapping[str, float] = field(default_factory=dict)
    optimizer: str = "adam"
    optimizer_params: Mapping[str, float] = field(default_factory=dict)  # without the learning rate, which is a plan's
    schedule: str = "constant"
    epochs: int = 300
    batch: int = 0  # examples a step; 0 for all
    patience: int = 0  # epochs without a new least validation loss after which training would stop; 0 for never
    metric: Metric | None = None

    def __post_init__(self) -> None:
        if not self.loss.fits("network"):
            raise ValueError(f"loss must be one of raw scores, for regression or two classes, got {self.loss.key}")
        check_key("optimizer", self.optimizer, OPTIMIZERS)
        check_key("schedule", self.schedule, SCHEDULES)
        whole_number(self.epochs, "epochs", least=1)
        whole_number(self.batch, "batch")
        whole_number(self.patience, "patience")
        params = {name: one_number(name, value, REAL) for name, value in self.loss_params.items()}
        self.loss.with_defaults(params)
        object.__setattr__(self, "loss_params", MappingProxyType(params))
        own = {name: one_number(name, value, REAL) for name, value in self.optimizer_params.items()}
        if "lr" in own:
            raise ValueError("lr belongs to each plan, got one for the optimizer of all")
        OPTIMIZERS[self.optimizer].with_defaults(own)
        object.__setattr__(self, "optimizer_params", MappingProxyType(own))

    @property
    def measure(self) -> Metric:
        """The metric that is recorded beside the loss."""
        return self.metric or METRICS[FAMILIES[self.loss.family].metric].of

    def steps(self, examples: int) -> int:
        """Number of steps in an epoch over so many examples; the last mini-batch may be smaller than the others."""
        return -(-examples // self.batch) if self.batch else 1


def check_key(name: str, key: Any, records: Mapping[str, Any]) -> None:
    """Raises ValueError for what is no key of the records."""
    if not isinstance(key, str) or key not in records:
        raise ValueError(f"{name} must be one of {', '.join(records)}, got {key!r:.80}")
