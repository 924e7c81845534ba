"""Weight decay, decoupled from the gradient or part of it."""

import numpy as np
import pytest

from core.descent import descend
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS, with_weight_decay
from tests.optimizers.cases import START, fed, gradients

UNDECAYED = [one for one in OPTIMIZERS.values() if "weight_decay" not in one.defaults]
EACH = pytest.mark.parametrize("optimizer", UNDECAYED, ids=str)
HIMMELBLAU = LANDSCAPES["himmelblau"]


def test_adamw_is_adam_with_decoupled_decay():
    ours = descend(OPTIMIZERS["adamw"], HIMMELBLAU, START, 300, lr=[0.01, 0.1], weight_decay=0.3)
    theirs = descend(with_weight_decay(OPTIMIZERS["adam"], 0.3), HIMMELBLAU, START, 300, lr=[0.01, 0.1])
    np.testing.assert_allclose(ours.points, theirs.points, rtol=1e-11)


@EACH
def test_decoupled_decay_bypasses_the_rule(optimizer):
    x, state = np.array([1.0, -3.0]), optimizer.init(np.ones(2))
    decayed = with_weight_decay(optimizer, 0.2)
    for grad in gradients(5):
        plain, after = optimizer.step(x, grad, state, lr=0.1)
        decayed_point, same = decayed.step(x, grad, state, lr=0.1)
        np.testing.assert_allclose(decayed_point, plain - 0.02 * x, rtol=1e-14)
        assert str(after) == str(same)
        x, state = decayed_point, after


@EACH
def test_coupled_decay_is_the_gradient_of_a_penalty(optimizer):
    x, sequence = np.array([1.0, -3.0]), gradients(12)
    points = fed(with_weight_decay(optimizer, 0.2, decoupled=False), x, sequence, lr=0.01)
    again = fed(optimizer, x, sequence + 0.2 * points[:-1], lr=0.01)
    np.testing.assert_allclose(points, again, rtol=1e-14)


def test_coupled_and_decoupled_agree_for_gradient_descent_and_not_for_adam():
    def difference(key):
        both = [with_weight_decay(OPTIMIZERS[key], 0.3, decoupled=way) for way in (True, False)]
        one, other = (descend(optimizer, HIMMELBLAU, START, 50, lr=0.005).points for optimizer in both)
        return np.abs(one - other).max()

    assert difference("gradient_descent") < 1e-12
    assert difference("adam") > 1e-2


@EACH
@pytest.mark.parametrize("decoupled", [True, False])
def test_the_decay_can_differ_by_run(optimizer, decoupled):
    decayed = with_weight_decay(optimizer, 0.2, decoupled=decoupled)
    assert list(decayed.defaults) == [*optimizer.defaults, "weight_decay"]
    assert decayed.defaults["weight_decay"] == 0.2
    decays = np.array([0.0, 0.2, 0.4])
    run = descend(decayed, HIMMELBLAU, START, 20, lr=0.002, weight_decay=decays)
    for index, decay in enumerate(decays):
        alone = descend(decayed, HIMMELBLAU, START, 20, lr=0.002, weight_decay=decay)
        np.testing.assert_allclose(run.points[:, index], alone.points, rtol=1e-12)
    plain = descend(optimizer, HIMMELBLAU, START, 20, lr=0.002)
    np.testing.assert_allclose(run.points[:, 0], plain.points, rtol=1e-12)
    for formula in (decayed.formula, decayed.formula_at(weight_decay=0.37)):
        assert "%(" not in formula
        assert formula.count("{") == formula.count("}")
    assert "0.37" in decayed.formula_at(weight_decay=0.37)
    assert r"\lambda" in decayed.formula


def test_pytorchs_weight_decay_is_the_coupled_one():
    adam = OPTIMIZERS["adam"]
    assert with_weight_decay(adam, decoupled=False).torch_at(lr=0.1, weight_decay=0.3) == (
        "torch.optim.Adam([x], lr=0.1, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.3)"
    )
    assert with_weight_decay(adam).torch == ""
    assert with_weight_decay(OPTIMIZERS["lion"], decoupled=False).torch == ""


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match=r"^weight_decay must be at least 0, got -0.1 \(adam\)$"):
        with_weight_decay(OPTIMIZERS["adam"], -0.1)
    for one in (OPTIMIZERS["adamw"], with_weight_decay(OPTIMIZERS["adam"])):
        with pytest.raises(ValueError, match=rf"^{one} has weight decay already$"):
            with_weight_decay(one)
