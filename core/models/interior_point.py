"""The minimum of a convex objective whose slope jumps, with a proof of how near it is.

A kink that a score is t past adds a jump times a share a to the slope: 0 where t < 0, 1 where t > 0, and any share
between for a score that lies on the kink, as some do at a minimum. With t = ahead - behind, both at least 0, the
minimum is where the gradient is zero and so is every ahead (1 - a) and every behind a (the Karush-Kuhn-Tucker
conditions).

A primal-dual interior-point method follows the points at which all of these products are about equal, and lets them
shrink together (Mehrotra 1992, doi:10.1137/0802028; for the support vector machine Ferris and Munson 2002,
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

from core.models.classifier_problem import ClassifierProblem, Solution

MAX_INTERIOR_STEPS = 60
TO_BOUNDARY = 0.995  # of the way to where a share would leave (0, 1)
TELLING = 1e-4  # how small the products are, on average, when they begin to tell which scores lie on a kink
SPENT = 1e-18  # and when there is nothing left to shrink
POLISH_STEPS = 3
RANK = 1e-10  # of the largest singular value
ON_KINK = 1e-12  # of the score: nearer to a kink than this is on it
REACH = 10.0  # of the largest weight: how far around the proof looks
CERTIFIED_GAP = 1e-10  # of the value
ROUNDING = 1e-14  # of the value without weights


@dataclass(frozen=True)
class ProblemWithKinks:
    """A classifier's problem, and where the slope of its objective jumps: one row for each example and kink."""

    problem: ClassifierProblem
    basis: np.ndarray  # [m, k], of the example
    place: np.ndarray  # [m], of the kink, as a score
    jump: np.ndarray  # [m], of the slope
    example: np.ndarray  # [m], its number
    scale: float  # the value without weights

    @classmethod
    def of(cls, problem: ClassifierProblem) -> ProblemWithKinks:
        """The problem with the kinks that its objective declares."""
        margins = np.array(problem.objective.kinks(**problem.params), dtype=float)
        places = (2 * problem.target - 1)[:, None] * margins
        right, left = (
            np.stack([problem.score_grad(place + side * _near(place)) for place in places.T], axis=1)
            for side in (1, -1)
        )
        jumps = right - left
        example, kink = np.nonzero(jumps > 1e-6 * jumps.max())  # at some kinks only the curvature jumps
        scale = problem.value(np.zeros(problem.basis.shape[1]))
        return cls(problem, problem.basis[example], places[example, kink], jumps[example, kink], example, scale)

    def at(self, w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How far each score is past the kink [m]; slopes [n] and Hessian [k, k] without the jumps."""
        problem, curvature = self.problem, self.problem.objective.curvature_of
        assert curvature is not None, "a loss with kinks is each example's own"
        score = problem.basis @ w
        past, near = score[self.example] - self.place, _near(score)
        on = np.abs(past) <= near[self.example]
        off = score - 2 * near * (self._by_example(on) > 0)  # what lies on a kink is seen from the left
        slope = problem.score_grad(off) - self._by_example(self.jump * ((past > 0) & ~on))
        weighted = curvature(off, problem.target, **problem.params)[:, None] * problem.basis
        return past, slope, problem.basis.T @ weighted + 2 * np.diag(problem.penalties)

    def gradient(self, w: np.ndarray, slope: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, float]:
        """The gradient [k] with these shares [m] of the jumps, and the relative gradient."""
        return self.problem.gradient_from(slope + self._by_example(self.jump * share), w)

    def solution(self, w: np.ndarray, share: np.ndarray, steps: int) -> Solution:
        """The weights, with how much lower the objective can be anywhere around them at most."""
        past, slope, _ = self.at(w)
        gradient, relative = self.gradient(w, slope, share)
        gap = self.jump @ (np.maximum(past, 0.0) - share * past)
        gap += np.abs(gradient).sum() * REACH * (1 + np.abs(w).max())
        value = self.problem.value(w)
        proven = bool(gap <= CERTIFIED_GAP * value + ROUNDING * self.scale)
        return Solution(w, value, relative, proven, steps, float(gap))

    def on_kinks(self, w: np.ndarray, share: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights [k] and shares [m] of a gradient of zero, while the scores whose share is `free` stay on their kinks.

        By Newton's method from w and `share`.
        """
        rows = self.basis[free]
        padded = np.vstack([rows, np.zeros((max(0, rows.shape[1] - len(rows)), rows.shape[1]))])
        _, sizes, right = np.linalg.svd(padded, full_matrices=False)
        seen = sizes > RANK * sizes.max()
        along, across = right[seen] / sizes[seen, None], right[~seen]  # moves that change a score on a kink, or none
        for _ in range(POLISH_STEPS):
            past, slope, hessian = self.at(w)
            share = np.where(free, share, past > 0)
            gradient, _relative = self.gradient(w, slope, share)
            move = along.T @ (along @ (rows.T @ -past[free]))
            flat = np.linalg.pinv(across @ hessian @ across.T, hermitian=True)
            move -= across.T @ (flat @ (across @ (gradient + hessian @ move)))
            # The least change of the shares that takes the rest away, each measured by its room in (0, 1)
            room = np.minimum(share[free], 1 - share[free])
            jumps = (self.jump[free] * room)[:, None] * rows
            inverse = np.linalg.pinv(jumps.T @ jumps, RANK, hermitian=True)
            share[free] -= room * (jumps @ (inverse @ (gradient + hessian @ move)))
            w = w + move
        past, *_ = self.at(w)
        return w, np.clip(np.where(free, share, past > 0), 0.0, 1.0)

    def _by_example(self, values: np.ndarray) -> np.ndarray:
        """The sums [n] of values [m] over the kinks of each example."""
        return np.bincount(self.example, values, minlength=len(self.problem.target))


class PrimalDual(NamedTuple):
    """A point of the interior-point method, or a step: the change of each of its parts."""

    w: np.ndarray  # [k]
    share: np.ndarray  # [m]
    rest: np.ndarray  # [m], 1 - share, with digits of its own
    ahead: np.ndarray  # [m]
    behind: np.ndarray  # [m]

    def moved(self, step: PrimalDual, part: float) -> PrimalDual:
        """The point after this part of a step."""
        return PrimalDual(*(now + part * change for now, change in zip(self, step, strict=True)))

    def complementarity(self) -> float:
        """The average of the products ahead (1 - a) and behind a, which is zero at the minimum."""
        return float(self.ahead @ self.rest + self.behind @ self.share) / (2 * len(self.share))

    def largest_part(self, step: PrimalDual) -> float:
        """The largest part of a step, at most 1, that leaves everything but the weights above 0."""
        return float(1 / max(1.0, *((-change / now).max() for now, change in zip(self[1:], step[1:], strict=True))))


@dataclass(frozen=True)
class KKTStep:
    """Newton's steps for the Karush-Kuhn-Tucker conditions, linearised at a point."""

    kinks: ProblemWithKinks
    point: PrimalDual

    @cached_property
    def linearised(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Distances past the kinks [m], gradient [k], d share / d score [m], and the inverse of the system [k, k]."""
        kinks, (w, share, rest, ahead, behind) = self.kinks, self.point
        past, slope, hessian = kinks.at(w)
        turning = 1 / (ahead / rest + behind / share)
        matrix = hessian + kinks.basis.T @ ((kinks.jump * turning)[:, None] * kinks.basis)
        return past, kinks.gradient(w, slope, share)[0], turning, _inverse(matrix)

    def to(self, front: np.ndarray | float, back: np.ndarray | float) -> PrimalDual:
        """The step to where, to first order, the gradient is zero, ahead (1 - a) = front and behind a = back."""
        kinks, (_, share, rest, ahead, behind) = self.kinks, self.point
        past, gradient, turning, inverse = self.linearised
        off = past - front / rest + back / share
        move = -inverse @ (gradient + kinks.basis.T @ (kinks.jump * turning * off))
        turn = (kinks.basis @ move + off) * turning
        return PrimalDual(
            move, turn, -turn, (front + ahead * turn) / rest - ahead, (back - behind * turn) / share - behind
        )


def interior_point_minimum(problem: ClassifierProblem, start: np.ndarray) -> Solution:
    """The minimum, proven to be the least value up to rounding, if there is one.

    Predictor and corrector as in Mehrotra (1992): a step straight to zero shows how far there is room, and that says
    what the corrected step aims at.
    """
    kinks = ProblemWithKinks.of(problem)
    past, half = kinks.at(start)[0], np.full(len(kinks.jump), 0.5)
    point = PrimalDual(start, half, half, np.maximum(past, 0.0) + 1, np.maximum(-past, 0.0) + 1)
    best = kinks.solution(start, half, 0)
    for steps in range(1, MAX_INTERIOR_STEPS):
        newton, measure = KKTStep(kinks, point), point.complementarity()
        predictor = newton.to(0.0, 0.0)
        left = point.moved(predictor, point.largest_part(predictor)).complementarity()
        aim = measure * (left / measure) ** 3
        step = newton.to(aim + predictor.ahead * predictor.share, aim - predictor.behind * predictor.share)
        point = point.moved(step, TO_BOUNDARY * point.largest_part(step))
        found = [best, kinks.solution(point.w, point.share, steps)]
        if measure < TELLING:
            free = (point.ahead < point.rest) & (point.behind < point.share)
            found.append(kinks.solution(*kinks.on_kinks(point.w, point.share, free), steps))
        best = min(found, key=lambda solution: solution.gap)
        if best.converged or measure < SPENT:
            break
    return best


def _inverse(matrix: np.ndarray) -> np.ndarray:
    """The inverse of a positive definite matrix, which rounding may have made singular."""
    unit = 1 / np.sqrt(np.diag(matrix))
    sizes, axes = np.linalg.eigh(matrix * unit[:, None] * unit)
    axes = unit[:, None] * axes
    return axes / np.maximum(sizes, np.finfo(float).eps * sizes[-1]) @ axes.T


def _near(score: np.ndarray) -> np.ndarray:
    """The distance from a kink up to which a score is on it."""
    return ON_KINK * (1 + np.abs(score))
