"""The minimum of a convex objective whose slope jumps, with a proof of how near it is.

A kink that a score is t past adds a jump times a share a to the slope: 0 where t < 0, 1 where t > 0, and any share
between for a score that lies on the kink, as some do at a minimum. With t = ahead - behind, both at least 0, the
minimum is where the gradient is zero and so is every ahead (1 - a) and every behind a.

A primal-dual interior-point method walks there through where all of these are about equal and shrink together
(Mehrotra 1992, doi:10.1137/0802028; for the support vector machine Ferris and Munson 2002,
doi:10.1137/S1052623400374379). Once that tells which scores lie on kinks, Newton's method keeps them there and solves
for the weights and their shares, to the last digit.

The proof: max(0, t) is at least a t whatever the shares, so weights v have a value of at least F(w) - gap + g (v - w),
with g the gradient with these shares and gap = sum jump (max(0, t) - a t).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.models.task import End, Task

STEPS = 60
WITHIN = 0.995  # of the way to where a share would leave (0, 1)
TOLD = 1e-4  # how small ahead (1 - a) and behind a are, on average, when they begin to tell what lies on a kink
SPENT = 1e-18  # and when there is nothing left to shrink
ROUNDS = 3  # of Newton's method
RANK = 1e-10  # of the largest singular value
SIDE = 1e-12  # of the score: nearer to a kink than this is on it
REACH = 10.0  # of the largest weight: how far around the proof looks
CERTIFIED = 1e-10  # of the value
ROUNDING = 1e-14  # of the value without weights


@dataclass(frozen=True)
class Kinked:
    """A task, and where the slope of its objective jumps: one row for each example and kink."""

    task: Task
    basis: np.ndarray  # [m, k], of the example
    place: np.ndarray  # [m], in its score
    jump: np.ndarray  # [m]
    example: np.ndarray  # [m]
    scale: float  # the value without weights

    @classmethod
    def of(cls, task: Task) -> Kinked:
        margins = np.array(task.objective.kinks(**task.params), dtype=float)
        places = (2 * task.target - 1)[:, None] * margins
        right, left = (
            np.stack([task.slope(place + side * _near(place)) for place in places.T], axis=1) for side in (1, -1)
        )
        jumps = right - left
        example, kink = np.nonzero(jumps > 1e-6 * jumps.max())  # at some kinks only the curvature jumps
        scale = task.value(np.zeros(task.basis.shape[1]))
        return cls(task, task.basis[example], places[example, kink], jumps[example, kink], example, scale)

    def at(self, w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How far each score is past the kink [m]; slope [n] and second derivative [k, k] without the jumps."""
        task, bend = self.task, self.task.objective.bend_of
        assert bend is not None, "a loss with kinks is each example's own"
        score = task.basis @ w
        past, near = score[self.example] - self.place, _near(score)
        on = np.abs(past) <= near[self.example]
        off = score - 2 * near * (self._summed(on) > 0)  # what lies on a kink is seen from the left
        slope = task.slope(off) - self._summed(self.jump * ((past > 0) & ~on))
        curved = task.basis.T @ (bend(off, task.target, **task.params)[:, None] * task.basis)
        return past, slope, curved + 2 * np.diag(task.held)

    def gradient(self, w: np.ndarray, slope: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, float]:
        """With these shares of the jumps, as `Task.gradient`."""
        return self.task.summed(slope + self._summed(self.jump * share), w)

    def proven(self, w: np.ndarray, share: np.ndarray, steps: int) -> End:
        """The weights with how much lower the objective can be anywhere around them, at most."""
        past, slope, _ = self.at(w)
        gradient, pull = self.gradient(w, slope, share)
        gap = self.jump @ (np.maximum(past, 0.0) - share * past)
        gap += np.abs(gradient).sum() * REACH * (1 + np.abs(w).max())
        value = self.task.value(w)
        return End(w, value, pull, bool(gap <= CERTIFIED * value + ROUNDING * self.scale), steps, float(gap))

    def kept(self, w: np.ndarray, share: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights and shares of a gradient of zero, while those whose share is free stay on their kinks."""
        rows = self.basis[free]
        padded = np.vstack([rows, np.zeros((max(0, rows.shape[1] - len(rows)), rows.shape[1]))])
        _, sizes, right = np.linalg.svd(padded, full_matrices=False)
        seen = sizes > RANK * sizes.max()
        along, across = right[seen] / sizes[seen, None], right[~seen]  # moves that change a kept score, and that do not
        for _ in range(ROUNDS):
            past, slope, hessian = self.at(w)
            share = np.where(free, share, past > 0)
            gradient, _pull = self.gradient(w, slope, share)
            move = along.T @ (along @ (rows.T @ -past[free]))
            flat = np.linalg.pinv(across @ hessian @ across.T, hermitian=True)
            move -= across.T @ (flat @ (across @ (gradient + hessian @ move)))
            # The least change of the shares that takes the rest away, each measured by its room in (0, 1)
            room = np.minimum(share[free], 1 - share[free])
            pulls = (self.jump[free] * room)[:, None] * rows
            inverse = np.linalg.pinv(pulls.T @ pulls, RANK, hermitian=True)
            share[free] -= room * (pulls @ (inverse @ (gradient + hessian @ move)))
            w = w + move
        past, *_ = self.at(w)
        return w, np.clip(np.where(free, share, past > 0), 0.0, 1.0)

    def _summed(self, values: np.ndarray) -> np.ndarray:
        """Over the kinks of each example, [n]."""
        return np.bincount(self.example, values, minlength=len(self.task.target))


class Stand(NamedTuple):
    """Where the walk is, or how each of it changes."""

    w: np.ndarray  # [k]
    share: np.ndarray  # [m]
    rest: np.ndarray  # 1 - share, with digits of its own
    ahead: np.ndarray
    behind: np.ndarray

    def moved(self, step: Stand, part: float) -> Stand:
        return Stand(*(now + part * change for now, change in zip(self, step, strict=True)))

    def level(self) -> float:
        """The average of what is to become zero."""
        return float(self.ahead @ self.rest + self.behind @ self.share) / (2 * len(self.share))

    def room(self, step: Stand) -> float:
        """The part of a step, up to all of it, that leaves everything but the weights above 0."""
        return float(1 / max(1.0, *((-change / now).max() for now, change in zip(self[1:], step[1:], strict=True))))


@dataclass(frozen=True)
class Straight:
    """Everything around a stand as far as straight lines tell."""

    kinked: Kinked
    stand: Stand

    @cached_property
    def around(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """How far past the kinks, the gradient, how much a share turns when its score moves, and what solves for it."""
        kinked, (w, share, rest, ahead, behind) = self.kinked, self.stand
        past, slope, hessian = kinked.at(w)
        turning = 1 / (ahead / rest + behind / share)
        matrix = hessian + kinked.basis.T @ ((kinked.jump * turning)[:, None] * kinked.basis)
        return past, kinked.gradient(w, slope, share)[0], turning, _inverse(matrix)

    def to(self, front: np.ndarray | float, back: np.ndarray | float) -> Stand:
        """The step to where ahead (1 - a) = front and behind a = back."""
        kinked, (_, share, rest, ahead, behind) = self.kinked, self.stand
        past, gradient, turning, inverse = self.around
        off = past - front / rest + back / share
        move = -inverse @ (gradient + kinked.basis.T @ (kinked.jump * turning * off))
        turn = (kinked.basis @ move + off) * turning
        return Stand(move, turn, -turn, (front + ahead * turn) / rest - ahead, (back - behind * turn) / share - behind)


def descend(task: Task, start: np.ndarray) -> End:
    """To a value that is proven to be the least, up to rounding, if there is one."""
    kinked = Kinked.of(task)
    past, half = kinked.at(start)[0], np.full(len(kinked.jump), 0.5)
    stand = Stand(start, half, half, np.maximum(past, 0.0) + 1, np.maximum(-past, 0.0) + 1)
    best = kinked.proven(start, half, 0)
    for steps in range(1, STEPS):
        straight, level = Straight(kinked, stand), stand.level()
        # Straight to zero, as far as there is room: how well that goes says what to aim at, and mends the bends.
        trial = straight.to(0.0, 0.0)
        left = stand.moved(trial, stand.room(trial)).level()
        aim = level * (left / level) ** 3
        step = straight.to(aim + trial.ahead * trial.share, aim - trial.behind * trial.share)
        stand = stand.moved(step, WITHIN * stand.room(step))
        ends = [best, kinked.proven(stand.w, stand.share, steps)]
        if level < TOLD:
            free = (stand.ahead < stand.rest) & (stand.behind < stand.share)
            ends.append(kinked.proven(*kinked.kept(stand.w, stand.share, free), steps))
        best = min(ends, key=lambda end: end.gap)
        if best.met or level < SPENT:
            break
    return best


def _inverse(matrix: np.ndarray) -> np.ndarray:
    """Of a positive definite matrix, which rounding may have made singular."""
    unit = 1 / np.sqrt(np.diag(matrix))
    sizes, axes = np.linalg.eigh(matrix * unit[:, None] * unit)
    axes = unit[:, None] * axes
    return axes / np.maximum(sizes, np.finfo(float).eps * sizes[-1]) @ axes.T


def _near(score: np.ndarray) -> np.ndarray:
    return SIDE * (1 + np.abs(score))
