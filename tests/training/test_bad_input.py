"""Errors name the argument, what is needed and what was given."""

import numpy as np
import pytest

from core.losses import LOSSES
from core.training import Examples, Perceptron, Plan, Polynomial, Setting, train_runs
from tests.training.cases import ENTROPY, SQUARE, sample

NAN = float("nan")
DATA = sample(SQUARE, 5)
PLAN = Plan(model=Polynomial(1), lr=0.1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Polynomial(-1), "degree must be a whole number of at least 0, got -1"),
        (lambda: Polynomial(2.0), r"degree must be a whole number of at least 0, got 2\.0"),
        (lambda: Perceptron((3, 0)), "hidden units must be a whole number of at least 1, got 0"),
        (lambda: Plan(model=PLAN.model, lr=NAN), "lr must be finite, got nan"),
        (lambda: Plan(model=PLAN.model, lr=[0.1, 0.2]), r"lr must be one number, got shape \(2,\)"),
        (lambda: Plan(model=PLAN.model, lr=0.1, l1=-1), "l1 must be at least 0, got -1"),
        (lambda: Plan(model=PLAN.model, lr=0.1, l2=np.inf), "l2 must be at least 0, got inf"),
        (lambda: Plan(model=PLAN.model, lr=0.1, initial_score=np.inf), "initial_score must be finite, got inf"),
        (lambda: Plan(model=PLAN.model, lr=0.1, seed=-1), "seed must be a whole number of at least 0, got -1"),
        (lambda: Setting(loss=LOSSES["poisson"]), "loss must be one of raw scores, .* got poisson"),
        (lambda: Setting(loss=LOSSES["squared_log_error"]), "one of raw scores, .* got squared_log_error"),
        (lambda: Setting(loss=LOSSES["categorical_cross_entropy"]), "got categorical_cross_entropy"),
        (lambda: Setting(loss=SQUARE, optimizer="sgd"), "optimizer must be one of gradient_descent, .* got 'sgd'"),
        (lambda: Setting(loss=SQUARE, optimizer=["adam"]), r"optimizer must be one of .* got \['adam'\]"),
        (
            lambda: Setting(loss=SQUARE, optimizer_params={"lr": 1}),
            "lr belongs to each plan, got one for the optimizer",
        ),
        (lambda: Setting(loss=SQUARE, optimizer_params={"beta1": 1}), "beta1 must be .* got .*1.* \\(adam\\)"),
        (lambda: Setting(loss=SQUARE, schedule="linear"), "schedule must be one of constant, .* got 'linear'"),
        (lambda: Setting(loss=SQUARE, epochs=0), "epochs must be a whole number of at least 1, got 0"),
        (lambda: Setting(loss=SQUARE, batch=-1), "batch must be a whole number of at least 0, got -1"),
        (lambda: Setting(loss=SQUARE, patience=1.5), r"patience must be a whole number of at least 0, got 1\.5"),
        (lambda: Setting(loss=LOSSES["huber"], loss_params={"delta": 0}), "delta must be greater than 0"),
        (lambda: Setting(loss=LOSSES["huber"], loss_params={"delta": [1, 2]}), "delta must be one number, got shape"),
        (lambda: Examples([[1.0], [NAN]], [1.0, 2.0]), r"x must be finite, got nan at \[1, 0\]"),
        (lambda: Examples([[1.0], [2.0]], [1.0, NAN]), r"target must be finite, got nan at \[1\]"),
        (lambda: Examples(np.zeros((0, 1)), []), r"must be x \[n, d\] and target \[n\], .* got \(0, 1\) and \(0,\)"),
        (lambda: Examples([1.0, 2.0], [1.0, 2.0]), r"must be x \[n, d\] .* got \(2,\) and \(2,\)"),
        (lambda: Examples([[1.0], [2.0]], [1.0]), r"got \(2, 1\) and \(1,\)"),
    ],
)
def test_records(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [], []), "there must be at least one plan, got none"),
        (([PLAN], [DATA, DATA], [DATA]), "as many train and validation examples as plans, got 2, 1 and 1"),
        (([PLAN, PLAN], [DATA, DATA], [DATA]), "got 2, 1 and 2"),
        (([PLAN], [DATA], [sample(SQUARE, 5, inputs=2)]), "all examples must have as many inputs, got 1, 2"),
        (([PLAN], [sample(SQUARE, 5, inputs=2)] * 1, [sample(SQUARE, 5, inputs=2)]), "a polynomial takes one input"),
    ],
)
def test_runs(arguments, message):
    with pytest.raises(ValueError, match=message):
        train_runs(Setting(loss=SQUARE), *arguments)


def test_a_loss_is_asked_only_for_what_it_can_take():
    with pytest.raises(ValueError, match=r"target must be 0 or 1, got .* \(binary_cross_entropy\)"):
        train_runs(Setting(loss=ENTROPY), [PLAN], [DATA], [DATA])
    with pytest.raises(ValueError, match="keep must be a whole number of at least 2, got 1"):
        train_runs(Setting(loss=SQUARE), [PLAN], [DATA], [DATA], keep=1)
    with pytest.raises(TypeError, match="squared_error has no parameter 'delta'; it takes none"):
        Setting(loss=SQUARE, loss_params={"delta": 1.0})


def test_examples_are_nobodys_to_change():
    given = np.ones((2, 1))
    examples = Examples(given, [1, 2])
    given[0] = 5.0
    assert examples.x.tolist() == [[1.0], [1.0]]
    assert examples.x.dtype == examples.target.dtype == np.float64
    assert len(examples) == 2
    with pytest.raises(ValueError, match="read-only"):
        examples.x[0] = 2.0
