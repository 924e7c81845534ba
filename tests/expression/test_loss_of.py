"""What models must know of a typed loss: it is what the record of the same loss declares."""

import numpy as np
import pytest

from core.expression.error import ExpressionError
from core.expression.typed_loss import ADDRESS_WORDS, loss_of, typed_loss
from core.expression.usable import drawable, trainable
from core.losses import LOSSES
from core.losses.axis import RESIDUAL, score_axis
from core.losses.loss import identity
from core.losses.sampled import SampledLoss
from tests.expression.cases import TYPED_LOSSES

# Whose record takes predictions above a bound alone: as a formula they have no value below it.
BOUNDED = {"squared_log_error", "symmetric_absolute_percentage_error", "poisson", "tweedie"}
KNOWN = sorted(set(TYPED_LOSSES) - BOUNDED)


def typed(key):
    return loss_of(f"{ADDRESS_WORDS[LOSSES[key].family]}:{TYPED_LOSSES[key]}")


def test_a_key_without_a_formula_is_that_of_a_known_loss():
    assert loss_of("huber") is LOSSES["huber"]
    for key in ("hubert", "your_loss"):
        with pytest.raises((KeyError, ExpressionError)):
            loss_of(key)


@pytest.mark.parametrize("key", KNOWN)
def test_it_is_convex_where_the_record_is(key):
    assert typed(key).convex == LOSSES[key].convex


@pytest.mark.parametrize("key", KNOWN)
def test_its_kinks_are_those_of_the_record(key):
    loss = typed(key)
    own = {name: value for name, value in LOSSES[key].starts.items() if name in loss.starts}
    np.testing.assert_allclose(loss.kinks(**own), sorted(LOSSES[key].kinks(**LOSSES[key].starts)), atol=1e-9)


@pytest.mark.parametrize("key", [key for key in KNOWN if LOSSES[key].family == "binary"])
def test_its_score_tells_the_log_odds_where_that_of_the_record_does(key):
    loss, record = typed(key), LOSSES[key]
    assert (loss.log_odds is None) == (record.log_odds is None)
    assert (loss.log_odds is identity) == (record.log_odds is identity)
    if record.log_odds:
        scores = np.linspace(-8, 8, 33)
        own = {name: value for name, value in record.starts.items() if name in loss.starts}
        np.testing.assert_allclose(
            loss.log_odds(scores, **own), record.log_odds(scores, **record.starts), rtol=1e-7, atol=1e-7
        )


@pytest.mark.parametrize("key", ["huber", "quantile", "tukey", "hinge", "focal", "absolute_percentage_error"])
def test_sampled_along_an_axis_it_has_the_kinks_of_the_record_in_each_frame(key):
    record, loss = LOSSES[key], typed(key)
    x = RESIDUAL if record.family == "regression" else score_axis(1)
    values = {param.name: np.linspace(param.low, param.high, 5) for param in record.params}
    truths = None if record.of_residual or record.family == "binary" else np.array([0.5, 3.0])
    found, expected = (SampledLoss(one, x, values, truths).kinks for one in (loss, record))
    inside = np.where((expected >= x.low) & (expected <= x.high), expected, np.nan)
    assert found.shape[:-1] == inside.shape[:-1]
    for frame in np.ndindex(found.shape[:-1]):
        one, other = found[frame], inside[frame]
        np.testing.assert_allclose(np.sort(one[~np.isnan(one)]), np.sort(other[~np.isnan(other)]), atol=1e-9)


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("log(r)", "it has no finite value for r up to 0: log(r) has none, and here a prediction can be any number"),
        ("-r^2", "so that nothing can be fitted under it"),
        ("r", "so that nothing can be fitted under it"),
        ("3", "its gradient is 0 everywhere"),
        ("sign(r)^2", "its gradient is 0 everywhere"),
        ("a r^2 + b |r| + c + d", "it has 4 parameters (a, b, c, d), and here a loss can have 3"),
    ],
)
def test_what_nothing_can_be_trained_under_is_refused_with_a_reason(formula, why):
    with pytest.raises(ExpressionError) as refusal:
        trainable(formula, "regression")
    assert why in str(refusal.value)


def test_a_binary_loss_needs_a_value_for_both_labels():
    with pytest.raises(ExpressionError, match="it has no finite value for y = 0"):
        trainable("softplus(-m) - log(y)", "binary")


def test_what_can_be_drawn_needs_no_least_value():
    assert drawable("log(r)", "regression") is typed_loss("log(r)", "regression")
