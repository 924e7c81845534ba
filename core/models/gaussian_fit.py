"""One Gaussian fitted to a mixture of two by three divergences: their values, gradients and integrands, and how Adam
takes each of them down from one start.

A Gaussian is (mean, log of the standard deviation), [..., 2]. Its expectations are sums over fixed nodes u of a
standard normal variable, at x = mean + e^(log sd) u, so the gradient of reverse KL is exactly that of its sum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import logit, ndtr

from core.numerics import LOG_2, softplus
from core.optimizers import OPTIMIZERS, iterate
from core.record import Source

NODES = 0.15 * np.arange(-44, 45)  # their sums err by less than 5e-5 where the modes are at most 6 apart
NODE_WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()
LOG_NORMAL = -0.5 * float(np.log(2 * np.pi))  # of the standard normal density at 0
FIT_STEPS, FIT_RATE, FIT_MOMENTUM = 75, 0.25, 0.7  # of Adam: its learning rate and β₁
FIRST_SPREAD = 1.0  # the standard deviation from which every fit begins
BISHOP = Source(
    "Bishop",
    2006,
    "Pattern Recognition and Machine Learning, section 10.1.2",
    "https://www.microsoft.com/en-us/research/people/cmbishop/prml-book/",
)


@dataclass(frozen=True)
class Mixture:
    """(1 - weight) N(-separation/2, 1) + weight N(separation/2, 1); the weight lies between 0 and 1.

    Numbers, or arrays of one shape [...]: then it is a mixture for each.
    """

    separation: Any
    weight: Any

    def log_density(self, x: np.ndarray) -> np.ndarray:
        """At points [..., points]."""
        # The two terms have sqrt(w (1 - w)) e^(-x²/2 - s²/8) in common; what is left is e^a + e^-a.
        separation, lean = self._at_points
        common = LOG_NORMAL + np.log(_column(self.weight) * (1 - _column(self.weight))) / 2
        a = (separation * x + lean) / 2
        return common - x**2 / 2 - separation**2 / 8 + np.logaddexp(a, -a)

    def score(self, x: np.ndarray) -> np.ndarray:
        """The derivative of the logarithm of the density, at points [..., points]."""
        separation, lean = self._at_points
        return -x + separation / 2 * np.tanh((separation * x + lean) / 2)

    @property
    def _at_points(self) -> tuple[np.ndarray, np.ndarray]:
        return _column(self.separation), logit(_column(self.weight))

    @property
    def mean(self) -> np.ndarray:
        return (np.asarray(self.weight) - 0.5) * self.separation

    @property
    def variance(self) -> np.ndarray:
        return 1 + np.asarray(self.weight) * (1 - np.asarray(self.weight)) * np.asarray(self.separation) ** 2

    def expectation(self, of: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Of a function of points [..., points], [...]."""
        half = _column(self.separation) / 2
        left, right = (of(NODES + side * half) @ NODE_WEIGHTS for side in (-1, 1))
        return (1 - np.asarray(self.weight)) * left + self.weight * right

    def outside(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """The share of each of the two parts that lies below `low` or above `high`, [..., 2]."""
        means = np.array([-0.5, 0.5]) * _column(self.separation)
        return ndtr(_column(low) - means) + ndtr(means - _column(high))


def log_gaussian(gaussian: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The logarithm of the density of Gaussians [..., 2] at points [..., points]."""
    mean, log_sd = gaussian[..., :1], gaussian[..., 1:]
    return LOG_NORMAL - log_sd - ((x - mean) * np.exp(-log_sd)) ** 2 / 2


def _points(gaussian: np.ndarray) -> np.ndarray:
    return gaussian[..., :1] + np.exp(gaussian[..., 1:]) * NODES


def _log_at_points(gaussian: np.ndarray) -> np.ndarray:
    """log_gaussian at its own points: (x - mean)/sd is the node there."""
    return LOG_NORMAL - NODES**2 / 2 - gaussian[..., 1:]


def forward_kl(target: Mixture, gaussian: np.ndarray) -> np.ndarray:
    """KL(target, Gaussian), [...]."""
    entropy = -target.expectation(target.log_density)
    mean, log_sd = gaussian[..., 0], gaussian[..., 1]
    spread = (target.variance + (target.mean - mean) ** 2) * np.exp(-2 * log_sd)
    return spread / 2 + log_sd - LOG_NORMAL - entropy


def forward_kl_grad(target: Mixture, gaussian: np.ndarray) -> np.ndarray:
    """The derivatives in mean and log standard deviation, [..., 2]: 0 where both moments are the target's."""
    mean, precision = gaussian[..., 0], np.exp(-2 * gaussian[..., 1])
    away = mean - target.mean
    return np.stack([away * precision, 1 - (target.variance + away**2) * precision], axis=-1)


def reverse_kl(target: Mixture, gaussian: np.ndarray) -> np.ndarray:
    """KL(Gaussian, target), [...]."""
    x = _points(gaussian)
    return (_log_at_points(gaussian) - target.log_density(x)) @ NODE_WEIGHTS


def reverse_kl_grad(target: Mixture, gaussian: np.ndarray) -> np.ndarray:
    """The derivatives in mean and log standard deviation, [..., 2], through x = mean + sd u."""
    score = target.score(_points(gaussian))
    along = np.stack([score @ NODE_WEIGHTS, np.exp(gaussian[..., 1]) * (score @ (NODE_WEIGHTS * NODES))], axis=-1)
    return -along - np.array([0.0, 1.0])


def jensen_shannon(target: Mixture, gaussian: np.ndarray) -> np.ndarray:
    """Half of KL(target, m) and half of KL(Gaussian, m), where m is the mean of both densities, [...]."""
    from_target = target.expectation(lambda x: log_share(target.log_density(x), log_gaussian(gaussian, x)))
    x = _points(gaussian)
    return (from_target + log_share(_log_at_points(gaussian), target.log_density(x)) @ NODE_WEIGHTS) / 2


def jensen_shannon_grad(target: Mixture, gaussian: np.ndarray) -> np.ndarray:
    """The derivatives in mean and log standard deviation, [..., 2]: E[log(q/m) d log q] / 2."""
    x = _points(gaussian)
    ratio = log_share(_log_at_points(gaussian), target.log_density(x)) * NODE_WEIGHTS / 2
    return np.stack([np.exp(-gaussian[..., 1]) * (ratio @ NODES), ratio @ (NODES**2 - 1)], axis=-1)


def log_share(log_density: np.ndarray, log_other: np.ndarray) -> np.ndarray:
    """log(p/m) for m = (p + other)/2, from the logarithms: at most log 2."""
    return LOG_2 - softplus(log_other - log_density)


def integrand(key: str, target: Mixture, gaussian: np.ndarray, x: np.ndarray) -> np.ndarray:
    """What a divergence, by its loss's key, is the integral of, at points [..., points]."""
    log_p, log_q = target.log_density(x), log_gaussian(gaussian, x)
    p, q = np.exp(log_p), np.exp(log_q)
    if key == "jensen_shannon":
        return (p * log_share(log_p, log_q) + q * log_share(log_q, log_p)) / 2
    return p * (log_p - log_q) if key == "kl_divergence" else q * (log_q - log_p)


def _column(numbers: Any) -> np.ndarray:
    return np.asarray(numbers, dtype=float)[..., None]


FITTED = {  # value and gradient, by the key of the loss
    "kl_divergence": (forward_kl, forward_kl_grad),
    "reverse_kl_divergence": (reverse_kl, reverse_kl_grad),
    "jensen_shannon": (jensen_shannon, jensen_shannon_grad),
}


def fit_gaussians(target: Mixture, start: np.ndarray) -> dict[str, np.ndarray]:
    """The Gaussians of Adam's steps down each divergence, [steps + 1, ..., 2], from means `start` [...]."""
    first = np.stack([start, np.full_like(start, np.log(FIRST_SPREAD))], axis=-1)

    def gradients(_: int, gaussians: np.ndarray) -> np.ndarray:
        return np.stack([grad(target, one) for (_, grad), one in zip(FITTED.values(), gaussians, strict=True)])

    run = iterate(
        OPTIMIZERS["adam"], np.stack([first] * len(FITTED)), gradients, FIT_STEPS, lr=FIT_RATE, beta1=FIT_MOMENTUM
    )
    paths = np.stack([gaussians for gaussians, _ in run], axis=1)
    return dict(zip(FITTED, paths, strict=True))
