"""Training is PyTorch's, epoch by epoch: made by reference/make_training.py."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.losses import LOSSES
from core.training import Examples, Perceptron, Plan, Setting, train_runs

BLOCKS = json.loads((Path(__file__).parent.parent / "reference" / "training.json").read_text())


def name_of(block):
    return f"{'-'.join(map(str, block['sizes']))}-{block['optimizer']}-{block['batch']}-{block['l2']:g}"


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_losses_gradients_and_weights_are_those_of_pytorch(block):
    inputs, *hidden, _ = block["sizes"]
    plan = Plan(model=Perceptron(tuple(hidden)), lr=block["lr"], l2=block["l2"], seed=block["seed"])
    setting = Setting(
        loss=LOSSES[block["loss"]],
        optimizer=block["optimizer"],
        epochs=len(block["train"]) - 1,
        batch=block["batch"],
    )
    train = Examples(block["x"], block["target"])
    validation = Examples(block["validation_x"], block["validation_target"])
    history = train_runs(setting, [plan], [train], [validation])
    assert train.x.shape[1] == inputs
    for name in ("train", "validation", "gradient"):
        np.testing.assert_allclose(getattr(history, name)[0], block[name], rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(history.weights[0, -1], block["theta"], rtol=1e-8, atol=1e-11)
    assert block["train"][-1] < 0.9 * block["train"][0]


def test_the_references_hold_both_kinds_of_everything():
    assert all((block["library"], block["script"]) == ("PyTorch", "make_training.py") for block in BLOCKS)
    assert all(len(block["train"]) == 51 for block in BLOCKS)
    seen = {(block["optimizer"], block["batch"] > 0) for block in BLOCKS}
    assert seen == {(optimizer, mini) for optimizer in ("adam", "momentum") for mini in (False, True)}
    assert {block["loss"] for block in BLOCKS} == {"squared_error", "binary_cross_entropy"}
    assert {block["l2"] > 0 for block in BLOCKS} == {False, True}
    assert any(block["batch"] and len(block["x"]) % block["batch"] for block in BLOCKS)  # a shorter last step
