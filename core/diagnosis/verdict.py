"""What a diagnosis says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What has become of a training run."""

    TOO_SHORT = "too_short"
    LEARNING = "learning"
    HEALTHY = "healthy"
    UNDERFITTING = "underfitting"
    OVERFITTING = "overfitting"
    DIVERGING = "diverging"
    OSCILLATING = "oscillating"
    STALLED = "stalled"
    NOISY = "noisy"


NAMES: Mapping[Kind, str] = {
    Kind.TOO_SHORT: "Too short to say",
    Kind.LEARNING: "Still learning",
    Kind.HEALTHY: "Converged",
    Kind.UNDERFITTING: "Underfitting",
    Kind.OVERFITTING: "Overfitting",
    Kind.DIVERGING: "Diverging",
    Kind.OSCILLATING: "Oscillating",
    Kind.STALLED: "Stalled",
    Kind.NOISY: "Too noisy to say",
}


@dataclass(frozen=True)
class Verdict:
    """A kind and why. `best` and `since` are rows of the curves as they were given; the sentence names their epochs."""

    kind: Kind
    name: str
    sentence: str  # what is seen, with its numbers
    advice: str  # what to try
    best: int  # least validation loss, or least training loss where there is no validation; -1 if none is finite
    # Overfitting: where validation turned, or stopped following. Diverging: the first row that is off. Stalled,
    # underfitting, converged: from where on the loss is flat. Else -1.
    since: int
    gap: float  # (validation - training) / |validation| at the end, smoothed; NaN without validation
    evidence: Mapping[str, float]  # what the rules looked at, by the names in MEASURES; NaN where it has no meaning
    rule: str  # key of the rule that decided
