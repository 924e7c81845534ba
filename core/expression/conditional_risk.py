"""What a binary loss makes of probabilities: whether its best score tells them, or at least the likelier class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.expression.curve import WINDOW, LossLine
from core.expression.finding import ROUNDING, Finding, few_digits
from core.numerics import sigmoid


@dataclass(frozen=True, eq=False)
class ConditionalRisk:
    """The expected loss of a score z where y = 1 has probability eta: eta f(z, 1) + (1 - eta) f(z, 0)."""

    positive: LossLine
    negative: LossLine

    reach = 40.0  # scores beyond it are probabilities of 0 and 1 to 17 digits
    points = 8001

    def findings(self) -> list[Finding]:
        """What follows from it; "not defined" for a loss that has no value for one of the labels."""
        if all(np.isfinite(one).any() for one in self.costs(self.grid())):
            return [self.labels(), self.proper(), self.calibrated(), self.threshold()]
        sentence = "It has no finite value for one of the labels"
        return [Finding(key, "not defined", sentence) for key in ("labels", "proper", "calibrated", "threshold")]

    def grid(self) -> np.ndarray:
        even = np.linspace(-self.reach, self.reach, self.points)
        return np.unique(np.concatenate([even, self.positive.suspects, self.negative.suspects]))

    def costs(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The loss of each score for a label of 1 and of 0; infinite where it has none."""
        return tuple(np.where(np.isnan(one := line.value(z)), np.inf, one) for line in (self.positive, self.negative))  # type: ignore[return-value]

    def risk(self, eta: np.ndarray, z: np.ndarray) -> np.ndarray:
        """[len(eta), len(z)]"""
        one, zero = self.costs(z)
        with np.errstate(invalid="ignore"):
            return np.asarray(eta)[:, None] * one + (1 - np.asarray(eta)[:, None]) * zero

    def best(self, eta: np.ndarray) -> np.ndarray:
        """The score that costs least for each probability, refined; +-reach where it lies at the end."""
        z = self.grid()
        rows = self.risk(eta, z).argmin(axis=1)
        low, high = z[np.maximum(rows - 1, 0)], z[np.minimum(rows + 1, len(z) - 1)]
        golden = (np.sqrt(5) - 1) / 2
        for _ in range(70):
            left, right = high - golden * (high - low), low + golden * (high - low)
            at_left, at_right = self.paired(eta, left), self.paired(eta, right)
            low, high = np.where(at_left <= at_right, low, left), np.where(at_left <= at_right, right, high)
        found = 0.5 * (low + high)
        return np.where(self.paired(eta, found) <= self.paired(eta, z[rows]), found, z[rows])

    def paired(self, eta: np.ndarray, z: np.ndarray) -> np.ndarray:
        one, zero = self.costs(z)
        return eta * one + (1 - eta) * zero

    def labels(self) -> Finding:
        """Whether a label of 0 costs at z what a label of 1 costs at -z."""
        z = np.linspace(-WINDOW, WINDOW, 401)
        (one, _), (_, zero) = self.costs(z), self.costs(-z)
        with np.errstate(invalid="ignore"):
            there = np.isfinite(one) & np.isfinite(zero)
            same = np.all(
                ~there | (one == zero) | (np.abs(one - zero) <= ROUNDING * (np.abs(one) + np.abs(zero)) + 1e-12)
            )
        at = self.costs(np.zeros(1))
        evidence = {"positive at 0": float(at[0][0]), "negative at 0": float(at[1][0])}
        if same:
            return Finding(
                "labels", "treated alike", "Both labels are treated alike: it depends on the margin alone", evidence
            )
        return Finding(
            "labels", "treated apart", "The labels are treated apart: the same mistake costs differently", evidence
        )

    def proper(self) -> Finding:
        """ "proper": the best score is the log-odds; "through another link": it tells the probability in another scale;
        or "tells no probability"."""
        eta = np.linspace(0.05, 0.95, 18)  # not 0.5, where any score may be best
        best = self.best(eta)
        found = sigmoid(best)
        evidence = {"probabilities": eta.tolist(), "best scores": best.tolist()}
        off = np.abs(found - eta)
        if off.max() < 1e-4:
            return Finding(
                "proper", "proper", "It is proper: the sigmoid of the best score is the probability", evidence
            )
        inside = np.abs(best) < self.reach - 1
        example = int(np.where(inside, off, -1.0).argmax())
        seen = f"for a probability of {few_digits(eta[example])} the best score is {few_digits(best[example])}"
        if not inside.any():
            seen = "it has no size"
        if np.all(np.diff(best) > 1e-4) and inside.all():
            sentence = f"The best score tells the probability, but not by a sigmoid: {seen}"
            return Finding("proper", "through another link", sentence, evidence)
        return Finding(
            "proper", "tells no probability", f"The best score does not tell the probability: {seen}", evidence
        )

    def calibrated(self) -> Finding:
        """Whether the best score always has the sign of the likelier class (Bartlett, Jordan and McAuliffe 2006):
        "calibrated" or "not calibrated"."""
        eta = np.concatenate([np.linspace(0.02, 0.48, 24), np.linspace(0.52, 0.98, 24)])
        z = self.grid()
        risk = self.risk(eta, z)
        wrong = (2 * eta[:, None] - 1) * z <= 0
        gap = np.where(wrong, risk, np.inf).min(axis=1) - risk.min(axis=1)
        bad = ~(gap > 1e-9 * (1 + np.abs(risk.min(axis=1))))
        evidence = {"probabilities": eta.tolist(), "extra cost of the wrong sign": gap.tolist()}
        if not bad.any():
            return Finding(
                "calibrated", "calibrated", "Its best score always has the sign of the likelier class", evidence
            )
        wrong_eta = eta[bad]
        sentence = (
            f"Its best score has not always the sign of the likelier class: not for a probability of"
            f" {few_digits(float(wrong_eta[np.abs(wrong_eta - 0.5).argmax()]))}"
        )
        return Finding("calibrated", "not calibrated", sentence, evidence)

    def threshold(self) -> Finding:
        """The probability from which on the best score is positive: a "number" in the evidence, or "none"."""
        z = self.grid()
        above, below = z[z > 0], z[z < 0]

        def prefers_positive(eta: float) -> bool:
            rates = np.array([eta])
            return bool(self.risk(rates, above).min() < self.risk(rates, below).min())

        low, high = 1e-6, 1 - 1e-6
        if prefers_positive(low) or not prefers_positive(high):
            return Finding("threshold", "none", "Its best score never changes its sign with the probability", {})
        for _ in range(50):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if prefers_positive(middle) else (middle, high)
        sentence = f"It predicts y = 1 from a probability of {few_digits(high)} on"
        return Finding("threshold", "number", sentence, {"threshold": high})
