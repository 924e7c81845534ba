"""An error says which argument, what is allowed, and what was given."""

import numpy as np
import pytest

from core.losses import LOSSES
from tests.losses.cases import family

NUMBERS = "must be numbers, got"

CASES = [
    ("huber", (1, 2), {"delta": -3}, "delta must be greater than 0, got -3 (huber)"),
    ("huber", (1, 2), {"delta": [1.0, 0.0]}, "delta must be greater than 0, got 0 at [1] (huber)"),
    ("smooth_l1", (1, 2), {"beta": 0}, "beta must be greater than 0, got 0 (smooth_l1)"),
    ("quantile", (1, 2), {"tau": 1}, "tau must be in (0, 1), got 1 (quantile)"),
    ("expectile", (1, 2), {"tau": 0}, "tau must be in (0, 1), got 0 (expectile)"),
    (
        "asymmetric_squared",
        (1, 2),
        {"over_weight": 0},
        "over_weight must be greater than 0, got 0 (asymmetric_squared)",
    ),
    ("epsilon_insensitive", (1, 2), {"epsilon": -1}, "epsilon must be at least 0, got -1 (epsilon_insensitive)"),
    ("cauchy", (1, 2), {"c": 0}, "c must be greater than 0, got 0 (cauchy)"),
    ("welsch", (1, 2), {"c": -1}, "c must be greater than 0, got -1 (welsch)"),
    ("geman_mcclure", (1, 2), {"c": 0}, "c must be greater than 0, got 0 (geman_mcclure)"),
    ("tukey", (1, 2), {"c": 0}, "c must be greater than 0, got 0 (tukey)"),
    ("gaussian_nll", (1, 2), {"var": 0}, "var must be greater than 0, got 0 (gaussian_nll)"),
    ("weighted_binary_cross_entropy", (1, 1), {"pos_weight": 0}, "pos_weight must be greater than 0, got 0"),
    ("focal", (1, 1), {"gamma": -1}, "gamma must be at least 0, got -1 (focal)"),
    ("focal", (1, 1), {"alpha": 1.5}, "alpha must be in [0, 1], got 1.5 (focal)"),
    ("categorical_cross_entropy", ([1, 2], 1), {"label_smoothing": 2}, "label_smoothing must be in [0, 1], got 2"),
    ("absolute_percentage_error", (1, [3, 0]), {}, "target must be finite and not 0, got 0 at [1]"),
    ("squared_log_error", (-1, 1), {}, "pred must be greater than -1, got -1 (squared_log_error)"),
    ("squared_log_error", (1, -2), {}, "target must be greater than -1, got -2 (squared_log_error)"),
    ("poisson", ([[1, 0]], 1), {}, "pred must be greater than 0, got 0 at [0, 1] (poisson)"),
    ("poisson", (1, -1), {}, "target must be at least 0, got -1 (poisson)"),
    ("hinge", (1, -1), {}, "target must be 0 or 1, got -1 (hinge)"),
    ("binary_cross_entropy", (1, [0, 1, 0.5]), {}, "target must be 0 or 1, got 0.5 at [2] (binary_cross_entropy)"),
    ("zero_one", (1, 2), {}, "target must be 0 or 1, got 2 (zero_one)"),
    ("categorical_cross_entropy", ([1, 2, 3], 3), {}, "target must be a whole number from 0 to 2, got 3"),
    ("categorical_cross_entropy", ([[1, 2]], [0.5]), {}, "target must be a whole number from 0 to 1, got 0.5 at [0]"),
    ("categorical_cross_entropy", ([1, 2], -1), {}, "target must be a whole number from 0 to 1, got -1"),
    (
        "categorical_cross_entropy",
        (1.0, 0),
        {},
        "pred must hold one score for each class on its last axis, got shape ()",
    ),
    ("categorical_cross_entropy", (np.empty((2, 0)), 0), {}, "on its last axis, got shape (2, 0)"),
    ("categorical_cross_entropy", (np.ones((2, 3)), [0, 1, 2]), {}, "must broadcast, got pred (2,), target (3,)"),
    (
        "kl_divergence",
        (np.ones((2, 3)), [[0.2, 0.3, 0.5], [0.2, 0.3, 0.6]]),
        {},
        "got a sum of 1.1 at [1]; divide the row",
    ),
    (
        "multiclass_brier",
        ([1, 2], [0.5, 0.500002]),
        {},
        "target must be probabilities that sum to 1, got a sum of 1.000002;",
    ),
    ("jensen_shannon", ([[1, 2]], [[1.5, -0.5]]), {}, "target must be in [0, 1], got 1.5 at [0, 0]"),
    ("multiclass_focal", ([[1, 2]] * 2, [[0, 1], [np.nan, 1]]), {}, "target must be in [0, 1], got nan at [1, 0]"),
    ("crammer_singer_hinge", ([[1, 2, 3]] * 2, [2, 3]), {}, "target must be a whole number from 0 to 2, got 3 at [1]"),
    (
        "one_vs_rest_cross_entropy",
        ([1, 2, 3], [0, 1]),
        {},
        "or probabilities of 3 classes on its last axis, got shape (2,)",
    ),
    ("generalized_cross_entropy", (np.ones((4, 1)), np.zeros(4)), {}, "two classes or more on its last axis, got one"),
    (
        "reverse_kl_divergence",
        (np.ones((3, 2)), np.full((2, 2), 0.5)),
        {},
        "must broadcast, got pred (3,), target (2,)",
    ),
    ("generalized_cross_entropy", ([1, 2], 1), {"s": 0}, "s must be in (0, 1], got 0"),
    ("squared_error", ([1, 2], [1, 2, 3]), {}, "shapes must broadcast, got pred (2,), target (3,) (squared_error)"),
    ("huber", ([1, 2], 0), {"delta": [1, 2, 3]}, "must broadcast, got pred (2,), target (), delta (3,) (huber)"),
    ("squared_error", (None, 1), {}, f"pred {NUMBERS} None (squared_error)"),
    ("squared_error", (1, "2"), {}, f"target {NUMBERS} '2' (squared_error)"),
    ("squared_error", (1 + 2j, 1), {}, f"pred {NUMBERS} (1+2j) (squared_error)"),
    ("squared_error", ([[1, 2], [3]], 1), {}, "pred must be an array of numbers, got [[1, 2], [3]] (squared_error)"),
    ("huber", (1, 2), {"delta": "one"}, f"delta {NUMBERS} 'one' (huber)"),
]


@pytest.mark.parametrize(("key", "data", "params", "message"), CASES, ids=lambda case: str(case)[:40])
def test_one_sentence_says_what_is_wrong(key, data, params, message):
    loss = LOSSES[key]
    for f in (loss.value, loss.grad):
        with pytest.raises(ValueError) as raised:  # noqa: PT011 (the message is compared below, whole)
            f(*data, **params)
        assert message in str(raised.value)
        assert str(raised.value).endswith(f"({key})")


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_every_edge_of_every_domain_is_guarded(loss):
    """A number just outside each finite end of each domain is refused, and the record's own defaults are not."""
    pred = [1.0, 2.0] if family(loss).pred_axes else 1.0
    loss.value(pred, 1)
    for param in loss.params:
        for end, step in ((param.domain.low, -1e-9), (param.domain.high, 1e-9)):
            if np.isfinite(end):
                with pytest.raises(ValueError, match=f"^{param.name} must be .* \\({loss}\\)$"):
                    loss.value(pred, 1, **{param.name: end + step})


def test_an_unknown_parameter_is_named():
    with pytest.raises(TypeError, match=r"^huber has no parameter 'beta'; it takes delta$"):
        LOSSES["huber"].value(1, 2, beta=1)
    with pytest.raises(TypeError, match=r"^squared_error has no parameter 'delta'; it takes none$"):
        LOSSES["squared_error"].grad(1, 2, delta=1)
    with pytest.raises(TypeError, match=r"^focal has no parameter 'c'; it takes gamma, alpha$"):
        LOSSES["focal"].curvature(1, 1, c=1)
