"""The verdict on a training run, its kinds and their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.diagnosis.amounts import place_text


class VerdictKind(StrEnum):
    """The kinds of verdicts on a training run."""

    TOO_SHORT = "too_short"
    NOT_JUDGED = "not_judged"
    LEARNING = "learning"
    HEALTHY = "healthy"
    UNDERFITTING = "underfitting"
    OVERFITTING = "overfitting"
    VALIDATION_TURNED = "validation_turned"
    DIVERGING = "diverging"
    OSCILLATING = "oscillating"
    STALLED = "stalled"
    NOISY = "noisy"


NAMES: Mapping[VerdictKind, str] = {
    VerdictKind.TOO_SHORT: "Too short to say",
    VerdictKind.NOT_JUDGED: "Not judged",
    VerdictKind.LEARNING: "Still learning",
    VerdictKind.HEALTHY: "Converged",
    VerdictKind.UNDERFITTING: "Underfitting",
    VerdictKind.OVERFITTING: "Overfitting",
    VerdictKind.VALIDATION_TURNED: "Validation loss rises",
    VerdictKind.DIVERGING: "Diverging",
    VerdictKind.OSCILLATING: "Oscillating",
    VerdictKind.STALLED: "Stalled",
    VerdictKind.NOISY: "Too noisy to say",
}


@dataclass(frozen=True)
class Verdict:
    """A kind and why. Rows count in the curve they belong to, as it was given; places are on its x axis."""

    kind: VerdictKind
    name: str
    sentence: str  # what is seen, with its numbers
    advice: str  # what to try
    best: int  # row of the lowest validation loss, or training loss where there is no validation; -1 if none is finite
    # Row. Overfitting: where validation turned, or stopped following. Diverging: the first that is off. Stalled,
    # underfitting, converged: from where on the loss is flat. Else -1.
    since: int
    best_at: float  # place of `best`, NaN if there is none
    since_at: float  # place of `since`, NaN if there is none
    gap: float  # (validation - training) / |validation| at the end, smoothed; NaN without both, or where not comparable
    evidence: Mapping[str, float]  # what the rules looked at, by the names in MEASURES; NaN where it has no meaning
    rule: str  # key of the rule that decided

    @property
    def text(self) -> str:
        """Name, sentence and advice in one: where the sentence names the place of `best`, the advice does not again."""
        advice, place = self.advice, place_text(self.best_at)
        if f" {place} (" in self.sentence:
            advice = re.sub(rf"the (model|checkpoint) of \w+ {re.escape(place)}(?=[;,])", r"that \1", advice)
        return " ".join(filter(None, (f"{self.name}.", self.sentence, advice)))
