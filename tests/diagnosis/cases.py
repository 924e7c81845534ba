"""Runs with a known verdict, by kind: formulas over the run from 0 to 1, with noise, scales and sampling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.diagnosis import Verdict, VerdictKind, diagnose

Draw = np.random.Generator


@dataclass(frozen=True, eq=False)
class Run:
    """A run and its right verdict."""

    kind: VerdictKind
    train: np.ndarray
    validation: np.ndarray | None = None
    since: float | None = None  # the place from 0 to 1 from which on the verdict holds, by the formula
    # The largest change in it, which noise is a share of.
    fall: float = 1.0
    baseline: float | None = None
    floor: float | None = 0.0
    epochs: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.train)

    def changed(self, change: Callable[[np.ndarray], np.ndarray]) -> Run:
        """With both curves changed."""
        validation = None if self.validation is None else change(self.validation)
        return replace(self, train=change(self.train), validation=validation)

    def noisy(self, noise: float, rng: Draw) -> Run:
        """Independent normal noise with a deviation of so many falls, on each curve its own."""
        return self.changed(lambda loss: loss + noise * self.fall * rng.standard_normal(len(loss)))

    def scaled(self, scale: float, shift: float = 0.0) -> Run:
        """Every loss, the baseline and the floor too."""
        changed = self.changed(lambda loss: scale * loss + shift)
        baseline = None if self.baseline is None else scale * self.baseline + shift
        return replace(changed, baseline=baseline, floor=None if self.floor is None else scale * self.floor + shift)

    def sampled(self, every: int) -> Run:
        """Every `every`-th row, with its own epoch."""
        sampled = self.changed(lambda loss: loss[::every])
        return replace(sampled, epochs=np.arange(len(self))[::every])

    def verdict(self) -> Verdict:
        return diagnose(self.train, self.validation, epochs=self.epochs, baseline=self.baseline, floor=self.floor)


def way(n: int) -> np.ndarray:
    return np.linspace(0.0, 1.0, n)


def both(draw: Draw, train: np.ndarray, validation: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Two of three runs have a validation curve."""
    return train, validation if draw.random() < 2 / 3 else None


def healthy(n: int, draw: Draw) -> Run:
    """Falls to a low floor within a third of the run, or like a power; validation ends a little above."""
    x, floor, beside = way(n), draw.uniform(0.0, 0.3), draw.uniform(0.0, 0.12)
    fall = np.exp(-draw.uniform(9, 25) * x) if n < 40 or draw.random() < 0.7 else (1 + 60 * x) ** -draw.uniform(1.2, 2)
    return Run(
        VerdictKind.HEALTHY, *both(draw, floor + (1 - floor) * fall, floor + beside + (1 - floor - beside) * fall)
    )


def learning(n: int, draw: Draw) -> Run:
    """Falls by at least a tenth of its fall in the last third."""
    x, floor, beside = way(n), draw.uniform(0.0, 0.3), draw.uniform(0.0, 0.1)
    rate = draw.uniform(0.2, 2.5)
    shape = draw.integers(3)
    fall = [np.exp(-rate * x), 1 - draw.uniform(0.3, 1) * x, 0.5 * (1 + np.cos(3 * np.clip(x, 0, 1)))][shape]
    run = Run(
        VerdictKind.LEARNING, *both(draw, floor + (1 - floor) * fall, floor + beside + (1 - floor - beside) * fall)
    )
    return replace(run, fall=float(np.ptp(run.train)))


def underfitting(n: int, draw: Draw) -> Run:
    """Flat at 60-85 % of its start or of a given baseline, validation close to it."""
    x, floor = way(n), draw.uniform(0.6, 0.85)
    fall, fast = (1 - floor), np.exp(-draw.uniform(9, 25) * x)
    train, validation = both(draw, floor + fall * fast, floor + 0.1 * fall + 0.9 * fall * fast)
    if draw.random() < 0.5:
        return Run(VerdictKind.UNDERFITTING, train, validation, fall=fall)
    above = draw.uniform(1, 9)  # a start far above the baseline
    if validation is not None:
        validation = validation + above * fast
    return Run(VerdictKind.UNDERFITTING, train + above * fast, validation, fall=fall, baseline=1.0)


def overfitting(n: int, draw: Draw) -> Run:
    """Validation turns at a known place and rises by a quarter to the whole of training's fall."""
    x, turn, rise, shape = way(n), draw.uniform(0.2, 0.6), draw.uniform(0.25, 1.0), draw.uniform(1.0, 2.0)
    floor = draw.uniform(0.1, 0.4)
    down = floor + (1 - floor) * np.clip(1 - x / turn, 0, 1) ** 2
    up = rise * np.clip((x - turn) / (1 - turn), 0, 1) ** shape
    return Run(VerdictKind.OVERFITTING, 0.02 + 0.98 * np.exp(-draw.uniform(4, 12) * x), down + up, since=turn)


def gap(n: int, draw: Draw) -> Run:
    """Validation stops at 60-85 % of its start while training falls to nothing."""
    x, stay = way(n), draw.uniform(0.6, 0.85)
    validation = stay + (1 - stay) * np.exp(-draw.uniform(12, 25) * x)
    return Run(VerdictKind.OVERFITTING, np.exp(-draw.uniform(4, 15) * x), validation)


def diverging(n: int, draw: Draw) -> Run:
    """Falls, then grows geometrically; or grows from the first epoch on; or is thrown out and stays there."""
    x, turn, rate = way(n), draw.uniform(0.2, 0.7), draw.uniform(3, 60)
    fall = 0.1 + 0.9 * np.exp(-10 * x)
    late = np.clip((x - turn) / (1 - turn), 0, 1)
    shape = draw.integers(3)
    if shape == 0:
        train = fall + draw.uniform(1, 10) * np.expm1(rate * late) / np.expm1(min(rate, 5))
        return Run(VerdictKind.DIVERGING, *both(draw, train, 1.1 * train), since=turn)
    if shape == 1:
        return Run(VerdictKind.DIVERGING, *both(draw, np.exp(rate / 2 * x), 1.1 * np.exp(rate / 2 * x)), since=0.0)
    return Run(VerdictKind.DIVERGING, fall + draw.uniform(2, 30) * (x > turn), since=turn)


def oscillating(n: int, draw: Draw) -> Run:
    """Sines, sawteeth or jumps to and fro that do not shrink, about a fall or none."""
    x, wide = way(n), draw.uniform(0.15, 0.8)
    fall = 1.0 + 0.9 * np.exp(-draw.uniform(8, 20) * x) * draw.integers(2)
    at = np.arange(n)
    # A period of at least five values, so that every second one still shows it; or to and fro.
    cycles = draw.uniform(7, max(8, min(40, n / 5)))
    phase = draw.random()
    shape = draw.integers(3) if n >= 60 else 2
    swing = [
        np.sin(2 * np.pi * (cycles * x + phase)),
        2 * ((cycles * x + phase) % 1) - 1,
        (-1.0) ** at,
    ][shape]
    return Run(VerdictKind.OSCILLATING, fall + wide * swing / 2, fall=wide)


def stalled(n: int, draw: Draw) -> Run:
    """Flat from the first epoch on, or after losing 3 %; noise is a share of that."""
    x, level = way(n), draw.uniform(0.3, 3)
    train, validation = both(draw, level * (1 + draw.choice([0.0, 0.03]) * np.expm1(-30 * x)), np.full(n, 1.02 * level))
    return Run(VerdictKind.STALLED, train, validation, fall=0.05 * level)


def noisy(n: int, draw: Draw) -> Run:
    """Nothing but noise, or noise as wide as a fall."""
    x = way(n)
    fall = draw.integers(2) * 0.5 * np.exp(-draw.uniform(2, 10) * x)
    return Run(VerdictKind.NOISY, 2 + fall + draw.uniform(0.4, 0.7) * draw.standard_normal(n))


BUILDERS: Mapping[str, Callable[[int, Draw], Run]] = {
    builder.__name__: builder
    for builder in (healthy, learning, underfitting, overfitting, gap, diverging, oscillating, stalled, noisy)
}
