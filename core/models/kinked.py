"""The minimum of a convex objective whose slope jumps, with a proof of how near it is.

At such a minimum some examples lie on a kink, and there any slope between those of its two sides will do: a share of
the jump, from 0 to 1, is free. First the kinks are rounded off, less each time: max(0, t) becomes m log(1 + e^(t/m)),
whose slope sigmoid(t/m) is such a share. That tells which examples lie on a kink. Then Newton's method keeps them
there, and finds the weights and the shares that make the gradient zero.

Whatever the shares a, max(0, t) is at least a t, so no weights v have a value below F(w) - gap + g (v - w), with g the
gradient with these shares and gap = sum jump (max(0, t) - a t): that is the proof.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.models.task import End, Task, down
from core.numerics import sigmoid, softplus

ROUNDINGS = 10.0 ** -np.arange(11)  # of the kinks, in units of the score
SETTLED = 1e-4  # of the pulls, for each of them
UNDECIDED = 1e-3  # a share farther than this from 0 and 1 is that of an example on a kink
ROUNDS = 4  # of Newton's method
SIDE = 1e-12  # of the score: nearer to a kink than this is on it
RANK = 1e-10  # of the largest singular value
REACH = 10.0  # of the largest weight: how far around the proof looks
CERTIFIED = 1e-10  # of the value


@dataclass(frozen=True)
class Kinked:
    """A task, and where the slope of its objective jumps in each score."""

    task: Task
    places: np.ndarray  # [n, kinks]
    jumps: np.ndarray  # [n, kinks]

    @classmethod
    def of(cls, task: Task) -> Kinked:
        margins = np.array(task.objective.kinks(**task.params), dtype=float)
        places = (2 * task.target - 1)[:, None] * margins
        right, left = (
            np.stack([task.slope(place + side * _near(place)) for place in places.T], axis=1) for side in (1, -1)
        )
        return cls(task, places, right - left)

    def plain(self, score: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How far each score is past each kink [n, kinks], and slope and bend of the objective without its jumps."""
        past, near = score[:, None] - self.places, _near(score)
        off = np.where(np.any(np.abs(past) <= near[:, None], axis=1), score - 2 * near, score)
        bend = self.task.objective.bend_of
        assert bend is not None, "a loss with kinks is each example's own"
        slope = self.task.slope(off) - np.sum(self.jumps * (past > near[:, None]), axis=1)
        return past, slope, bend(off, self.task.target, **self.task.params)

    def rounded(self, width: float) -> Task:
        """The task with its kinks rounded off to about this width."""
        objective, jumps = self.task.objective, self.jumps

        def value_of(score, target, **params):
            past = score[:, None] - self.places
            lifted = width * softplus(past / width) - np.maximum(past, 0)
            return objective.value_of(score, target, **params) + np.sum(jumps * lifted)

        def slope_of(score, _target, **_):
            past, slope, _bend = self.plain(score)
            return slope + np.sum(jumps * sigmoid(past / width), axis=1)

        def turned_of(score, _target, columns, **_):
            past, _slope, bend = self.plain(score)
            round_bend = sigmoid(past / width) * sigmoid(-past / width) / width
            return (bend + np.sum(jumps * round_bend, axis=1))[:, None] * columns

        rounded = replace(objective, value_of=value_of, slope_of=slope_of, turned_of=turned_of)
        return replace(self.task, objective=rounded)

    def gradient(self, w: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, float]:
        """With these shares of the jumps, as `Task.gradient`."""
        _, slope, _ = self.plain(self.task.basis @ w)
        return self.task.summed(slope + np.sum(self.jumps * shares, axis=1), w)

    def gap(self, w: np.ndarray, shares: np.ndarray) -> float:
        """How much lower than here the objective can be, at most, around here."""
        past = self.task.basis @ w[:, None] - self.places
        beyond = np.abs(self.gradient(w, shares)[0]).sum() * REACH * (1 + np.abs(w).max())
        return float(np.sum(self.jumps * (np.maximum(past, 0) - shares * past)) + beyond)

    def kept(self, w: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights and shares that make the gradient zero while the examples whose shares are undecided stay on their
        kinks."""
        task = self.task
        free = (shares > UNDECIDED) & (shares < 1 - UNDECIDED)
        rows, _ = np.nonzero(free)
        left, sizes, right = np.linalg.svd(task.basis[rows], full_matrices=True)
        rank = int(np.sum(sizes > RANK * sizes.max(initial=0)))
        # Moves within `across` change no score that is kept, and moves along the other directions all of them.
        across, along, back = right[rank:].T, right[:rank].T / sizes[:rank], left[:, :rank]
        for _ in range(ROUNDS):
            past, _slope, bend = self.plain(task.basis @ w)
            shares = np.where(free, shares, past > 0)
            gradient, _ = self.gradient(w, shares)
            hessian = task.basis.T @ (bend[:, None] * task.basis) + 2 * np.diag(task.held)
            move = along @ (back.T @ -past[free])
            inner = across.T @ hessian @ across
            move -= across @ (np.linalg.pinv(inner, hermitian=True) @ (across.T @ (gradient + hessian @ move)))
            shares[free] -= back @ (along.T @ (gradient + hessian @ move)) / self.jumps[free]
            w = w + move
        past, *_ = self.plain(task.basis @ w)
        return w, np.clip(np.where(free, shares, past > 0), 0.0, 1.0)


def descend(task: Task, start: np.ndarray) -> End:
    """To a value that is proven to be the least, up to rounding, if there is one."""
    kinked, w, steps = Kinked.of(task), start, 0
    ends = []
    for width in ROUNDINGS:
        w, more = down(kinked.rounded(width), w, SETTLED)
        steps += more
        shares = sigmoid((task.basis @ w[:, None] - kinked.places) / width)
        for there, their in ((w, shares), kinked.kept(w, shares)):
            value, gap = task.value(there), kinked.gap(there, their)
            met = gap <= CERTIFIED * value
            ends.append(End(there, value, kinked.gradient(there, their)[1], met, steps, gap))
        if ends[-1].met:
            break
    best = min(ends, key=lambda end: end.gap)
    return best._replace(steps=steps)


def _near(score: np.ndarray) -> np.ndarray:
    return SIDE * (1 + np.abs(score))
