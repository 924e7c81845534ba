"""Exact far out, quiet about it, and no surprises with shapes and types."""

import numpy as np
import pytest

from core.losses import LOSSES
from core.losses.loss import always_finite
from tests.losses.cases import PAIRS, SCALAR, axis, extremes, family, name_of, settings, targets


def functions(loss):
    return [loss.value, loss.grad] + ([loss.curvature] if loss.curvature_of else [])


def examples(loss):
    """A dozen ordinary examples."""
    if family(loss).pred_axes:
        return np.random.default_rng(0).normal(0, 2, (12, 3)), np.arange(12) % 3
    y = np.resize(targets(loss), 12)
    return axis(loss, 12), y


@pytest.mark.parametrize(("loss", "params"), PAIRS, ids=name_of)
def test_finite_and_quiet_at_the_extremes(loss, params):
    pred, target = extremes(loss)
    with np.errstate(all="raise", under="ignore"):
        for f in functions(loss):
            finite = np.isfinite(f(pred, target, **params))
            assert finite[np.broadcast_to(loss.finite_where(pred, target), finite.shape)].all()


@pytest.mark.parametrize("loss", [loss for loss in SCALAR if loss.finite_where is not always_finite], ids=str)
def test_infinite_where_it_says_so(loss):
    """At one setting at least a slope is infinite there: no record excuses itself without need."""
    sizes = np.array([1e-300, 1e-200, 1e3, 1e4])
    pred, target = (grid.ravel() for grid in np.meshgrid(np.concatenate([-sizes, sizes]), targets(loss)))
    beyond = loss.pred_domain.mask(pred)
    beyond[beyond] = ~loss.finite_where(pred[beyond], target[beyond])
    with np.errstate(all="raise", under="ignore"):
        found = [f(pred[beyond], target[beyond], **params) for params in settings(loss) for f in functions(loss)]
    assert np.isinf(found).any()


def test_exponential_is_infinite_where_float64_ends():
    with np.errstate(all="raise", under="ignore"):
        loss = LOSSES["exponential"]
        assert np.isfinite(loss.value(-709.0, 1))
        assert loss.value(-1e4, 1) == loss.value(1e4, 0) == loss.curvature(-1e4, 1) == np.inf
        assert loss.grad(-1e4, 1) == -np.inf
        assert loss.grad(1e4, 0) == np.inf
        assert loss.value(1e4, 1) == 0


@pytest.mark.parametrize("key", ["binary_cross_entropy", "weighted_binary_cross_entropy", "focal", "brier"])
def test_probabilities_of_zero_and_one_keep_their_digits(key):
    """Sure and right costs e^-z (to a power), not 0; sure and wrong keeps its gradient unless the loss saturates."""
    loss, params = LOSSES[key], LOSSES[key].starts
    assert 0 < loss.value(100.0, 1, **params) < 1e-40
    assert 0 > loss.grad(100.0, 1, **params) > -1e-40
    wrong = {"brier": 1, "focal": 2500, "binary_cross_entropy": 1e4, "weighted_binary_cross_entropy": 1e5}[key]
    assert loss.value(-1e4, 1, **params) == pytest.approx(wrong)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_empty_in_empty_out(loss):
    pred = np.empty((0, 3)) if family(loss).pred_axes else np.empty(0)
    assert loss.value(pred, []).shape == (0,)
    assert loss.grad(pred, []).shape == pred.shape


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_not_a_number_is_refused(loss, bad):
    pred, target = examples(loss)
    with np.errstate(all="raise", under="ignore"):
        spoilt = pred.copy()
        spoilt[3] = bad
        with pytest.raises(ValueError, match=rf"^pred must be .*, got {bad:g} at \[3.*\({loss}\)$"):
            loss.value(spoilt, target)
        spoilt = np.array(target, dtype=float)
        spoilt[2] = bad
        with pytest.raises(ValueError, match=rf"^target must be .*, got {bad:g} at \[2\] \({loss}\)$"):
            loss.grad(pred, spoilt)
        for param in loss.params:
            with pytest.raises(ValueError, match=rf"^{param.name} must be .*, got {bad:g} \({loss}\)$"):
                loss.value(pred, target, **{param.name: bad})


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_inputs_are_never_changed_nor_handed_back(loss):
    pred, target = examples(loss)
    params = {param.name: np.full(12, param.default) for param in loss.params}
    inputs = [pred, target, *params.values()]
    before = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    for f in functions(loss):
        found = f(pred, target, **params)
        assert found.flags.writeable
        assert not any(np.shares_memory(found, array) for array in inputs)
    assert all(np.array_equal(array, copy) for array, copy in zip(inputs, before, strict=True))


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_broadcasting_is_a_loop(loss):
    """Predictions x targets x parameters in one call, against one call for each."""
    pred, target = examples(loss)
    target = target[:4]
    turned = {param.name: param.frames[[0, 3, -1]] for param in loss.params}
    grown = {name: values[:, None, None] for name, values in turned.items()}
    many = 3 if turned else 1
    batch = pred[None, :, None]  # a multi-class one keeps its classes on the last axis
    for f in functions(loss):
        found = f(batch, target, **grown)
        assert found.shape[:3] == (many, 12, 4)
        assert found.dtype == np.float64
        for i, j, k in np.ndindex(many, 12, 4):
            one = f(pred[j], target[k], **{name: values[i] for name, values in turned.items()})
            np.testing.assert_allclose(found[i, j, k], one, rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_any_number_type_gives_float64(loss):
    pred = [1, 2, 3] if family(loss).pred_axes else 2
    exact = loss.value(np.array(pred, dtype=np.float64), 1)
    assert isinstance(exact, np.float64)
    for kind in (np.int8, np.int64, np.float32):
        found = loss.value(np.array(pred, dtype=kind), kind(1))
        assert found.dtype == np.float64
        assert found == exact
    assert loss.value(pred, True) == exact


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_no_negative_zero(loss):
    """-0 would be shown as "-0"."""
    pred, target = extremes(loss)
    for f in functions(loss):
        found = f(pred, target)
        assert not np.signbit(found[found == 0]).any()
