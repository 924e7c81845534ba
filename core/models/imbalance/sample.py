"""1,000 examples at a share of positives, with the scores of a model that was trained on others at the same share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.kept import kept
from core.metrics import Confusion, confusion
from core.models.classifier import ClassifierFit
from core.models.imbalance.data import ImbalanceSettings
from core.models.imbalance.measured import scores, trained_model

EXAMPLES = 1000
POINTS = 40_000  # half of them are the training set: 20 positives at a share of 0.1 %


@dataclass(frozen=True, eq=False)
class Sample:
    """Examples in the order in which they are drawn: the positives first, and in each class the highest score first."""

    target: np.ndarray  # [EXAMPLES], 0 or 1
    score: np.ndarray  # [EXAMPLES]: the log-odds under the trained model

    def decisions(self, cuts: np.ndarray) -> Confusion:
        """The counts at each of these scores: at -inf every example is predicted positive, at inf none."""
        return confusion(self.target, self.score, cuts)


@kept
def sample(settings: ImbalanceSettings, share: float) -> Sample:
    """Examples of the test set, exactly as many of them positive as the share says, and their scores under BCE.

    Raises ValueError where the test set has too few examples.
    """
    fit, test = trained_model(settings, share, "binary_cross_entropy", ()), settings.split(share).test
    positives = round(share * EXAMPLES)
    features = [
        test.features[test.target == label][:count] for label, count in ((1, positives), (0, EXAMPLES - positives))
    ]
    if not isinstance(fit, ClassifierFit) or sum(map(len, features)) < EXAMPLES:
        raise ValueError(f"{len(test)} examples at a share of {share:g} are too few for a sample of {EXAMPLES}")
    ranked = [np.sort(scores(settings, share, fit, own))[::-1] for own in features]
    return Sample(np.repeat([1.0, 0.0], [len(own) for own in ranked]), np.concatenate(ranked))
