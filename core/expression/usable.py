"""Whether a typed loss can stand where other losses do: in a picture with sliders, in a fit, in training."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.expression.diagnosis import diagnosis
from core.expression.error import ExpressionError
from core.expression.typed_loss import SAMPLE_TRUTHS, SCORES, TypedLoss, typed_loss

MOST_PARAMETERS = 3  # a picture holds every combination of their values
# Names that a parameter cannot have where others stand beside it: of a picture's own numbers, and of arguments.
NAMES_TAKEN = {
    "basis", "cost", "library", "loss", "objective", "outlier", "penalty", "points", "score", "self", "share", "start",
    "weights", "x",
}  # fmt: skip


def drawable(text: str, family: str) -> TypedLoss:
    """The loss that a text is, if a picture of several losses has room for its parameters, and for their names.

    Raises ExpressionError, a sentence, for another one and for a text that is no formula.
    """
    loss = typed_loss(text, family)
    if len(loss.params) > MOST_PARAMETERS:
        names = ", ".join(param.symbol for param in loss.params)
        raise refusal(
            f"it has {len(loss.params)} parameters ({names}), and here a loss can have {MOST_PARAMETERS}: write "
            "numbers for the others"
        )
    for param in loss.params:
        if param.name in NAMES_TAKEN:
            raise refusal(f"a parameter cannot be called {param.name} here: that name has a meaning already")
    return loss


@lru_cache(maxsize=256)
def trainable(text: str, family: str) -> TypedLoss:
    """The loss that a text is, if it has a value for every prediction, a least one, and a slope to follow.

    Raises ExpressionError, a sentence, for one that has not, and as `drawable`.
    """
    loss = drawable(text, family)
    found = diagnosis(loss.typed, family, tuple(loss.starts.items()))
    if found["finite"].answer == "not everywhere":
        raise refusal(f"{in_sentence(found['finite'].sentence)}, and here a prediction can be any number")
    if found["bounded below"].answer == "no":
        raise refusal(f"{in_sentence(found['bounded below'].sentence)}, so that nothing can be fitted under it")
    truths = np.array(SAMPLE_TRUTHS if family == "regression" else (0.0, 1.0))[:, None]
    pred = SCORES + truths if family == "regression" else SCORES
    finite = np.isfinite(loss.value(pred, truths)).all(axis=1)
    if not finite.all():
        raise refusal(f"it has no finite value for y = {truths[~finite][0, 0]:g}")
    if not loss.grad(pred, truths).any():
        raise refusal("its gradient is 0 everywhere, so that no step changes a model")
    return loss


def refusal(sentence: str) -> ExpressionError:
    """The error for a formula that is one, but cannot be used here."""
    return ExpressionError(sentence, 1)


def in_sentence(sentence: str) -> str:
    """A finding's sentence with a small first letter."""
    return sentence[0].lower() + sentence[1:]
