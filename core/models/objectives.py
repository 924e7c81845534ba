"""Objectives of a classifier's training: the mean of a loss over the examples, or one number for all of them.

Every binary loss with a slope is one, and so is every batch loss; between them stands the weighted cross-entropy whose
weight follows from the counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from core.expression.typed_loss import loss_of
from core.losses import BATCH_LOSSES, LOSSES, BatchLoss, Equivalent, Loss, losses_of
from core.losses.equivalents import WithEquivalents
from core.losses.estimand import Estimand
from core.losses.loss import identity, no_kinks
from core.models.balance import BETA, balanced_weight
from core.record import BINARY, REAL, Look, Param, Source, numbers

Formula = Callable[..., Any]
Params = Mapping[str, Any]


def unchanged(_target: np.ndarray, params: Params) -> Params:
    """The objective's own parameters are the formula's."""
    return params


@dataclass(frozen=True, kw_only=True)
class Objective(WithEquivalents):
    """One number to minimise: `value` of the scores [n] of n examples, and its derivatives in each score.

    `value`, `grad`, `curvature` and `per_example` take scores, targets of 0 or 1 and the parameters by keyword, one
    number each; a missing one takes its default. They raise ValueError for what is not finite or outside its domain,
    for shapes that are not one and the same [n], and for no examples at all, TypeError for an unknown parameter.
    """

    key: str
    name: str
    short: str
    template: str
    params: tuple[Param, ...]
    estimates: Estimand
    use_when: str
    watch_out: str
    source: Source
    convex: bool
    smooth: bool  # the slope never jumps
    # The formulas, unchecked: (score, target, **formula parameters) in float64.
    value_of: Formula  # one number
    grad_of: Formula  # [n]
    hessian_product_of: Formula  # (score, target, columns [n, m], **...): the Hessian [n, n] times columns
    per_example_of: Formula | None  # [n]; None where examples have no loss of their own
    curvature_of: Formula | None  # [n]; None where the second derivative is not diagonal
    kinks: Callable[..., tuple[float, ...]] = no_kinks  # in the margin, as a loss declares them
    log_odds_of: Formula | None = None  # (score, **...): as a loss's `log_odds`; None where a score does not tell them
    formula_params_of: Callable[[np.ndarray, Params], Params] = unchanged  # from the targets and the own parameters
    look: Look | None = None
    family: str = "binary"
    equivalents: Mapping[str, Equivalent] = field(default_factory=dict)

    def value(self, score: Any, target: Any, **params: Any) -> float:
        """The objective: the mean of `per_example`, where examples have losses of their own."""
        score, target, values = self._checked_arguments(score, target, params)
        return float(self.value_of(score, target, **values))

    def grad(self, score: Any, target: Any, **params: Any) -> np.ndarray:
        """d value / d score [n]; at a kink the loss's subgradient."""
        score, target, values = self._checked_arguments(score, target, params)
        return np.add(self.grad_of(score, target, **values), 0.0)

    def curvature(self, score: Any, target: Any, **params: Any) -> np.ndarray | None:
        """d2 value / d score2 [n], the diagonal of the Hessian; None where the Hessian is not diagonal."""
        score, target, values = self._checked_arguments(score, target, params)
        return None if self.curvature_of is None else np.add(self.curvature_of(score, target, **values), 0.0)

    def per_example(self, score: Any, target: Any, **params: Any) -> np.ndarray | None:
        """The loss of each example [n]; None where only all together have one."""
        score, target, values = self._checked_arguments(score, target, params)
        return None if self.per_example_of is None else np.add(self.per_example_of(score, target, **values), 0.0)

    @property
    def proper(self) -> bool:
        """Whether sigmoid of the best score is the probability of y = 1."""
        return self.log_odds_of is identity

    def log_odds(self, score: Any, target: Any, **params: Any) -> np.ndarray | None:
        """The log-odds of y = 1 [...] that belong to scores [...] of a model trained on `target` [n].

        None where a score does not tell them.
        """
        score, target = numbers("score", score, REAL, of=self.key), numbers("target", target, BINARY, of=self.key)
        values = self.formula_params(target, params)
        return None if self.log_odds_of is None else np.add(self.log_odds_of(score, **values), 0.0)

    def formula_params(self, target: np.ndarray, params: Params) -> dict[str, float]:
        """The parameters of the formulas, from the objective's own ones, which are checked: TypeError, ValueError."""
        own = self.with_defaults(params)
        for name, value in own.items():
            if value.ndim:
                raise ValueError(f"{name} must be one number, got shape {value.shape} ({self.key})")
        return {name: float(value) for name, value in self.formula_params_of(target, own).items()}

    def _checked_arguments(
        self, score: Any, target: Any, params: Params
    ) -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
        score, target = numbers("score", score, REAL, of=self.key), numbers("target", target, BINARY, of=self.key)
        if score.ndim != 1 or score.shape != target.shape or score.size == 0:
            raise ValueError(
                f"score and target must be one row of as many examples, got {score.shape} and {target.shape} "
                f"({self.key})"
            )
        return score, target, self.formula_params(target, params)


def mean_objective(loss: Loss) -> Objective:
    """The objective that is the mean of a binary loss over the examples."""
    value_of, grad_of, second_derivative_of = loss.value_of, loss.grad_of, loss.curvature_of
    assert second_derivative_of is not None, "every binary loss has one"

    def curvature_of(score, target, **params):
        return second_derivative_of(score, target, **params) / target.size

    def hessian_product_of(score, target, columns, **params):
        return curvature_of(score, target, **params)[:, None] * columns

    return Objective(
        **_shared_fields(loss),
        convex=loss.convex,
        smooth=not loss.subgradient,
        kinks=loss.kinks,
        log_odds_of=loss.log_odds,
        value_of=lambda score, target, **params: value_of(score, target, **params).mean(),
        grad_of=lambda score, target, **params: grad_of(score, target, **params) / target.size,
        hessian_product_of=hessian_product_of,
        per_example_of=value_of,
        curvature_of=curvature_of,
    )


def batch_objective(loss: BatchLoss) -> Objective:
    """The objective that is a batch loss, which is one number already."""
    return Objective(
        **_shared_fields(loss),
        convex=False,
        smooth=True,
        value_of=loss.value_of,
        grad_of=loss.grad_of,
        hessian_product_of=loss.hessian_product_of,
        per_example_of=None,
        curvature_of=None,
    )


def _shared_fields(loss: Loss | BatchLoss) -> dict[str, Any]:
    shared = ("key", "name", "short", "look", "template", "params", "estimates", "use_when", "watch_out", "source",
              "equivalents")  # fmt: skip
    return {field: getattr(loss, field) for field in shared}


def has_slope(loss: Loss) -> bool:
    """Whether the gradient is anything but 0: not so for a loss of steps, on which nothing can be trained."""
    pred, target = np.linspace(-40.0, 40.0, 801), np.array([0.0, 1.0])
    pred, target = pred[loss.pred_domain.mask(pred)], target[loss.target_domain.mask(target)]
    return bool(np.any(loss.grad(pred[:, None], target)))


@dataclass(frozen=True)
class ParamWithStops(Param):
    """A parameter whose slider has just these stops: even steps would leave out the interesting values."""

    stops: tuple[float, ...] = ()

    @property
    def frames(self) -> np.ndarray:
        """The values of its slider."""
        return np.array(self.stops)


weighted = mean_objective(LOSSES["weighted_binary_cross_entropy"])

# Summed, it needs no case of its own at beta = 1, where (1 - beta^n)/(1 - beta) is 0/0.
_terms = "The weight is E₋/E₊, with E the sum of βᵏ over k = 0 ... n − 1, which is (1 − βⁿ)/(1 − β)."
_weight = """\
positives = int(target.sum())
negatives = len(terms) - positives
weight = terms[:negatives].sum() / terms[:positives].sum()"""

class_balanced = replace(
    weighted,
    key="class_balanced",
    name="Class-balanced cross-entropy",
    short="Class-balanced",
    look=Look("blue", "dot"),
    # What happens happens close to 1: with 20 positives and 1,980 negatives the weight is 1.1 at beta = 0.9, 5.5 at
    # 0.99, 44 at 0.999. Each stop has a nine more, as in the paper; the ends are no weighting and the inverse counts.
    params=(
        ParamWithStops(
            "beta",
            symbol="β",
            latex=r"\beta",
            default=0.0,
            neutral=0.0,
            start=0.999,
            low=0.0,
            high=1.0,
            step=1.0,
            domain=BETA,
            stops=(0.0, 0.9, 0.99, 0.999, 0.9999, 0.99999, 1.0),
        ),
    ),
    template=r"\frac{E_{-}}{E_{+}} \, y \log(1 + e^{-z}) + (1 - y) \log(1 + e^{z}), \quad"
    r" E_{\pm} = \frac{1 - \beta^{n_{\pm}}}{1 - \beta}, \ \beta = %(beta)s",
    estimates=Estimand("the log-odds of y = 1 plus log(E₋/E₊): the probabilities come out too high on purpose"),
    use_when="You want a weight for the rare class that follows from the counts, but only up to a limit.",
    watch_out="β = 0 is no weighting, β = 1 weights by the inverse counts, and nearly all of the change happens above "
    "0.9. Sources scale the two weights differently; only their ratio moves the minimum.",
    source=Source(
        "Cui, Jia, Lin, Song, Belongie",
        2019,
        "Class-Balanced Loss Based on Effective Number of Samples",
        "arxiv:1901.05555",
    ),
    formula_params_of=lambda target, params: {
        "pos_weight": balanced_weight(target.sum(), target.size - target.sum(), params["beta"])
    },
    equivalents={
        "NumPy": Equivalent(
            "((1 + (weight - 1) * target) * np.logaddexp(0, (1 - 2 * target) * pred)).mean()",
            lines=f"terms = %(beta)s ** np.arange(target.size)\n{_weight}",
            note=_terms,
        ),
        "PyTorch": Equivalent(
            "torch.nn.functional.binary_cross_entropy_with_logits(pred, target, pos_weight=weight)",
            lines=f"terms = %(beta)s ** torch.arange(target.numel()).to(pred)\n{_weight}",
            note=_terms,
        ),
    },
)

OBJECTIVES: Mapping[str, Objective] = MappingProxyType(
    {loss.key: mean_objective(loss) for loss in losses_of("binary").values() if has_slope(loss)}
    | {class_balanced.key: class_balanced}
    | {loss.key: batch_objective(loss) for loss in BATCH_LOSSES.values()}
)


@lru_cache(maxsize=64)
def objective_of(key: str) -> Objective:
    """The objective of a key: one of OBJECTIVES, or the mean of the loss whose formula the key holds."""
    return OBJECTIVES[key] if key in OBJECTIVES else mean_objective(loss_of(key))
