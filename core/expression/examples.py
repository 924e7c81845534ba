"""Formulas to start from."""

from __future__ import annotations

from typing import NamedTuple


class FormulaExample(NamedTuple):
    """A loss as a person might type it: its title, its family, the formula, and what it is for in one sentence."""

    title: str
    family: str  # a key of core.losses.FAMILIES
    formula: str
    about: str


FORMULA_EXAMPLES = (
    FormulaExample(
        "Out of stock costs twice",
        "regression",
        "where(r < 0, 2, 1) * r^2",
        "A forecast that is too low costs twice as much as one that is too high by the same amount.",
    ),
    FormulaExample(
        "A missed cancer costs tenfold",
        "binary",
        "10 y softplus(-z) + (1 - y) softplus(z)",
        "Cross-entropy in which a false negative weighs ten times as much as a false positive.",
    ),
    FormulaExample(
        "Capped squared error",
        "regression",
        "min(r^2, cap)",
        "Squared error that never exceeds a cap, so that an outlier beyond it has no effect at all.",
    ),
    FormulaExample(
        "Huber by hand",
        "regression",
        "where(|r| <= δ, r^2/2, δ (|r| - δ/2))",
        "A parabola for errors up to δ and a straight line beyond, joined without a corner.",
    ),
    FormulaExample(
        "Log-cosh",
        "regression",
        "logaddexp(r, -r) - log(2)",
        "Like Huber with δ = 1, but smooth everywhere.",
    ),
    FormulaExample(
        "Hinge with a squared foot",
        "binary",
        "cases(m >= 1, 0, m > 0, (1 - m)^2/2, 1/2 - m)",
        "Hinge whose corner at a margin of 1 is rounded off by a parabola.",
    ),
    FormulaExample(
        "Two goals in one",
        "regression",
        "w r^2 + (1 - w) |r|",
        "Squared error and absolute error, weighed against each other by w.",
    ),
    FormulaExample(
        "Elastic penalty",
        "regression",
        "r^2 + λ (α |p| + (1 - α) p^2/2)",
        "Squared error and a price for large predictions: a mixture of the lasso's and of ridge regression's.",
    ),
    FormulaExample(
        "Asymmetric exponential",
        "regression",
        "exp(a r) - a r - 1",
        "Linex: an error on one side costs exponentially, on the other almost linearly.",
    ),
    FormulaExample(
        "Focal by hand",
        "binary",
        "where(y == 1, α, 1 - α) sigmoid(-m)^γ softplus(-m)",
        "Cross-entropy that counts an example less the better it is classified.",
    ),
)
