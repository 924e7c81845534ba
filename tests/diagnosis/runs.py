"""Runs with a known verdict as tools log them: schedules, plateaus, floors, decades, curves at own places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from core.diagnosis import Verdict, VerdictKind, diagnose_run
from tests.diagnosis.cases import BUILDERS, Draw

Shape = Callable[[np.ndarray], np.ndarray]
NOISES = (0.0, 0.01, 0.02, 0.05)  # of the fall


@dataclass(frozen=True, eq=False)
class Built:
    """The formulas of training and validation over the run from 0 to 1, and the right verdict."""

    kind: VerdictKind
    train: Shape | None
    validation: Shape | None = None
    fall: float = 1.0  # that noise is a share of
    floor: float | None = None
    lengths: tuple[int, ...] = (10, 20, 50, 200, 1000, 5000)
    relative: bool = False  # noise is a share of each value


@dataclass(frozen=True, eq=False)
class Logged:
    """A run as it was logged."""

    kind: VerdictKind
    train: tuple[np.ndarray, np.ndarray] | None
    validation: tuple[np.ndarray, np.ndarray] | None
    floor: float | None = None
    baseline: float | None = None

    def verdict(self) -> Verdict:
        return diagnose_run(self.train, self.validation, floor=self.floor, baseline=self.baseline)


def level(draw: Draw) -> tuple[float, float]:
    """A fall and a floor: of a classifier, a regression in some unit, or a language model."""
    which = draw.integers(3)
    if which == 0:
        return draw.uniform(0.5, 2.5), draw.uniform(0.02, 0.4)
    if which == 1:
        scale = 10 ** draw.uniform(-4, 4)
        return scale, scale * draw.uniform(0.05, 2)
    return draw.uniform(0.4, 8), draw.uniform(1.5, 3.5)


def converged(draw: Draw) -> Built:
    fall, floor = level(draw)
    rate, beside = draw.uniform(12, 40), draw.uniform(0, 0.1) * fall
    return Built(
        VerdictKind.HEALTHY,
        lambda x: floor + fall * np.exp(-rate * x),
        lambda x: floor + beside + fall * np.exp(-rate * x),
        fall,
    )


def slow(draw: Draw) -> Built:
    fall, floor = level(draw)
    rate = draw.uniform(0.5, 2.5)
    shrunk = 1 - np.exp(-rate)
    return Built(
        VerdictKind.LEARNING,
        lambda x: floor + fall * np.exp(-rate * x),
        lambda x: 1.03 * floor + fall * np.exp(-rate * x),
        fall * shrunk,
    )


def language_model(draw: Draw) -> Built:
    """Falls like a small power of the steps: by little for each step, but on and on."""
    floor, fall, power = draw.uniform(1.2, 1.8), draw.uniform(6, 9), draw.uniform(0.25, 0.45)
    shape = lambda x: floor + fall * (1 + 200 * x) ** -power  # noqa: E731
    return Built(VerdictKind.LEARNING, shape, lambda x: shape(x) + 0.03, 0.1, lengths=(50, 200, 1000, 5000))


def decades(draw: Draw) -> Built:
    """A straight line on a logarithmic axis."""
    many, scale = draw.uniform(2.5, 9), 10 ** draw.uniform(-2, 2)
    return Built(VerdictKind.LEARNING, lambda x: scale * 10 ** (-many * x), None, 1.0, relative=True)


def decades_done(draw: Draw) -> Built:
    """The same down to a floor, far below the start."""
    many, scale = draw.uniform(2, 5), 10 ** draw.uniform(-2, 2)
    return Built(
        VerdictKind.HEALTHY,
        lambda x: scale * (10 ** (-5 * many * x) + 10**-many),
        None,
        1.0,
        lengths=(50, 200, 1000),
        relative=True,
    )


def step_decay(draw: Draw) -> Built:
    """Falls at once where the rate drops, and is flat before and after."""
    fall, floor = level(draw)
    steps = np.sort(draw.choice([0.3, 0.5, 0.65, 0.8], draw.integers(1, 3), replace=False))
    shares = draw.uniform(0.15, 0.5, len(steps))

    def shape(x: np.ndarray) -> np.ndarray:
        drops = sum(
            share * -np.expm1(-150 * np.clip(x - step, 0, 1)) for step, share in zip(steps, shares, strict=True)
        )
        return floor + fall * (np.exp(-25 * x) + shares.sum() - drops)

    return Built(
        VerdictKind.HEALTHY, shape, lambda x: shape(x) + 0.02 * fall, fall / 2, lengths=(50, 100, 200, 1000, 5000)
    )


def grokking(draw: Draw) -> Built:
    """Validation stays up long after training is down, then drops and stays down."""
    at, fall, floor = draw.uniform(0.45, 0.75), draw.uniform(1, 4), draw.uniform(0.05, 0.2)
    return Built(
        VerdictKind.HEALTHY,
        lambda x: floor + fall * np.exp(-40 * x),
        lambda x: floor + 0.02 + fall / (1 + np.exp(np.clip(120 * (x - at), -50, 50))),
        fall / 2,
        lengths=(100, 200, 1000, 5000),
    )


def plateau(draw: Draw) -> Built:
    """Stays where it began for a while, then learns."""
    at, fall, floor = draw.uniform(0.3, 0.6), draw.uniform(1, 4), draw.uniform(0.1, 0.5)
    shape = lambda x: floor + fall / (1 + np.exp(np.clip(100 * (x - at), -50, 50)))  # noqa: E731
    return Built(VerdictKind.HEALTHY, shape, lambda x: shape(x) + 0.02 * fall, fall / 2, lengths=(100, 200, 1000, 5000))


def restarts(draw: Draw) -> Built:
    """The rate restarts a few times: the loss leaps up, and comes down to where it was."""
    cycles, fall, floor = int(draw.integers(3, 7)), draw.uniform(1, 3), draw.uniform(0.1, 0.5)
    leap = draw.uniform(0.15, 0.4) * fall

    def shape(x: np.ndarray) -> np.ndarray:
        phase = np.where(x < 1, cycles * x % 1, 1)
        return floor + fall * np.exp(-30 * x) + leap * (x > 1 / cycles) * 0.5 * (1 + np.cos(np.pi * phase))

    return Built(VerdictKind.HEALTHY, shape, lambda x: shape(x) + 0.02 * fall, fall / 2, lengths=(100, 200, 1000, 5000))


def cosine(draw: Draw) -> Built:
    """An exponential fall at a rate that is annealed to nothing."""
    fall, floor = level(draw)
    rate = draw.uniform(12, 25)
    shape = lambda x: floor + fall * np.exp(-rate * (x + np.sin(np.pi * x) / np.pi))  # noqa: E731
    return Built(VerdictKind.HEALTHY, shape, lambda x: shape(x) + 0.03 * fall, fall)


def turned(draw: Draw) -> Built:
    fall, floor = level(draw)
    at, rise, rate = draw.uniform(0.1, 0.6), draw.uniform(0.2, 0.8) * fall, draw.uniform(4, 12)

    def validation(x: np.ndarray) -> np.ndarray:
        down = floor + 0.7 * fall * np.clip(1 - x / at, 0, 1) ** 2
        return down + rise * np.clip((x - at) / (1 - at), 0, 1) ** 1.3

    return Built(VerdictKind.OVERFITTING, lambda x: 0.2 * floor + fall * np.exp(-rate * x), validation, 0.5 * fall)


def turned_little(draw: Draw) -> Built:
    """A language model: validation rises by little of its fall, which is much of what is left."""
    at, rise = draw.uniform(0.2, 0.5), draw.uniform(0.3, 0.6)

    def validation(x: np.ndarray) -> np.ndarray:
        return 2.9 + 7 * np.exp(-30 * x) + rise * np.clip((x - at) / (1 - at), 0, 1)

    return Built(
        VerdictKind.OVERFITTING,
        lambda x: 1.5 + 1.4 * np.exp(-3 * x) + 7 * np.exp(-30 * x),
        validation,
        0.5,
        lengths=(50, 200, 1000, 5000),
    )


def gap(draw: Draw) -> Built:
    stay, rate = draw.uniform(0.6, 0.8), draw.uniform(4, 15)
    return Built(
        VerdictKind.OVERFITTING,
        lambda x: 0.02 + 0.98 * np.exp(-rate * x),
        lambda x: stay + (1 - stay) * np.exp(-20 * x),
        lengths=(20, 50, 200, 1000, 5000),
    )


def both_rise(draw: Draw) -> Built:
    """Training rises again, and validation with it."""
    fall, floor = draw.uniform(0.5, 3), draw.uniform(0.1, 0.5)
    at, rise = draw.uniform(0.3, 0.6), draw.uniform(0.3, 1.5) * fall
    shape = lambda x: floor + fall * np.exp(-25 * x) + rise * np.clip((x - at) / (1 - at), 0, 1)  # noqa: E731
    return Built(VerdictKind.DIVERGING, shape, lambda x: 1.05 * shape(x), 0.5 * fall, lengths=(20, 50, 200, 1000, 5000))


def flat_and_high(draw: Draw) -> Built:
    """Flat far from 0: whether that is high nobody knows, unless the lowest possible loss is given."""
    floor = draw.uniform(0.6, 0.85)
    known = bool(draw.integers(2))
    return Built(
        VerdictKind.UNDERFITTING if known else VerdictKind.HEALTHY,
        lambda x: floor + (1 - floor) * np.exp(-25 * x),
        lambda x: floor + 0.02 + (1 - floor) * np.exp(-25 * x),
        1 - floor,
        floor=0.0 if known else None,
        lengths=(10, 20, 50, 200, 1000, 5000),
    )


def slow_swings(draw: Draw) -> Built:
    """Up and down one and a half to two and a half times in all, and not lower in the end."""
    wide, floor = draw.uniform(0.3, 1), draw.uniform(0.1, 1)
    cycles = draw.uniform(1.6, 2.6)
    shape = lambda x: floor + wide * (1 + np.cos(2 * np.pi * cycles * x)) / 2  # noqa: E731
    return Built(VerdictKind.OSCILLATING, shape, None, wide / 2, lengths=(50, 200, 1000, 5000))


def alone_turned(draw: Draw) -> Built:
    built = turned(draw)
    return Built(VerdictKind.VALIDATION_TURNED, None, built.validation, built.fall, lengths=(20, 50, 200))


def alone_blown_up(draw: Draw) -> Built:
    many = draw.uniform(2, 6)
    shape = lambda x: 0.5 + np.exp(-20 * x) + 10 ** (many * x - 2)  # noqa: E731
    return Built(VerdictKind.VALIDATION_TURNED, None, shape, 0.2, lengths=(20, 50, 200))


def alone_falling(draw: Draw) -> Built:
    built = slow(draw)
    return Built(VerdictKind.LEARNING, None, built.validation, built.fall)


def alone_flat(draw: Draw) -> Built:
    built = converged(draw)
    return Built(VerdictKind.HEALTHY, None, built.validation, built.fall)


def few(draw: Draw) -> Built:
    """Five to seven epochs that fall still: by however little, nobody calls them done."""
    fall, floor = level(draw)
    rate = draw.uniform(2, 8)
    return Built(VerdictKind.LEARNING, lambda x: floor + fall * np.exp(-rate * x), None, 0.0, lengths=(5, 6, 7))


def zero(draw: Draw) -> Built:
    return Built(VerdictKind.NOT_JUDGED, np.zeros_like, np.zeros_like if draw.integers(2) else None, 0.0)


NEW: Mapping[str, Callable[[Draw], Built]] = {
    builder.__name__: builder
    for builder in (
        converged, slow, language_model, decades, decades_done, step_decay, grokking, plateau, restarts, cosine, turned,
        turned_little, gap, both_rise, flat_and_high, slow_swings, alone_turned, alone_blown_up, alone_falling,
        alone_flat, few, zero,
    )
}  # fmt: skip


def logged(built: Built, draw: Draw) -> Logged:
    """The run in one table, or training by step and validation by epoch, at places that they do not share."""
    n, noise = int(draw.choice(built.lengths)), draw.choice(NOISES)

    def noisy(shape: Shape | None, x: np.ndarray, times: float = 1.0) -> tuple[np.ndarray, np.ndarray] | None:
        if shape is None:
            return None
        values = shape(x)
        width = times * noise * (values if built.relative else built.fall)
        return x * 1000, values + width * draw.standard_normal(len(x))

    x = np.linspace(0, 1, n)
    if built.validation is None or built.train is None or draw.random() < 0.4 or n < 20:
        both = built.train is None or n < 20 or built.kind is VerdictKind.OVERFITTING or draw.random() < 0.7
        validation = noisy(built.validation, x) if both else None
        if (
            built.validation is not None
            and validation is None
            and built.kind not in (VerdictKind.HEALTHY, VerdictKind.LEARNING)
        ):
            validation = noisy(built.validation, x)
        return Logged(built.kind, noisy(built.train, x), validation, built.floor)
    # A training loss every few steps, noisier by far; a validation loss at the end of each of so many epochs.
    epochs = int(draw.choice([12, 20, 40]))
    if n < 50:
        return Logged(built.kind, noisy(built.train, x), noisy(built.validation, x), built.floor)
    if n < 5 * epochs or max(built.lengths) < 5000:
        return Logged(built.kind, noisy(built.train, x), noisy(built.validation, x[2::3] + 0.3 / n), built.floor)
    ends = (1 + np.arange(epochs)) / epochs
    return Logged(built.kind, noisy(built.train, x + 0.4 / n, 2.0), noisy(built.validation, ends), built.floor)


def old(name: str, draw: Draw) -> Logged:
    """A run of the first builders."""
    run = BUILDERS[name](int(draw.choice([10, 20, 40, 100, 300, 1000])), draw)
    run = run.noisy(draw.choice(NOISES), draw)
    x = np.arange(len(run.train), dtype=float)
    validation = None if run.validation is None else (x, run.validation)
    return Logged(run.kind, (x, run.train), validation, run.floor, run.baseline)


def draws(name: str, seed: int) -> Logged:
    """A run by one of the builders, old or new."""
    names = [*NEW, *BUILDERS]
    draw = np.random.default_rng([seed, names.index(name)])
    if name in NEW and not (name in BUILDERS and seed % 2):
        return logged(NEW[name](draw), draw)
    return old(name, draw)


NAMES = tuple(dict.fromkeys([*NEW, *BUILDERS]))
