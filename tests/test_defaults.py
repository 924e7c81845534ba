"""A call without parameters gives the plain form of a record; a slider that starts elsewhere says so."""

import numpy as np
import pytest

from core.datasets import SHAPE_DATASETS
from core.landscapes.networks import SEED, trained
from core.losses import BATCH_LOSSES, LOSSES
from core.metrics import DECISION_METRICS, SCORE_METRICS
from core.metrics.counts import confusion
from core.models.objectives import OBJECTIVES
from core.numerics import log_softmax
from core.optimizers import OPTIMIZERS
from core.record import Param, at_starts
from core.training.network import loss_and_grad
from core.training.trained_network import Recipe, train_network
from core.views import VIEWS
from core.views.gradient_descent.problems import KINDS
from core.views.training_curves.training_sweep import setting_of

R = np.linspace(-6.0, 6.0, 241)
Z = np.random.default_rng(5).normal(0, 4, (40, 5))
LABEL = np.arange(40) % 5
RECORDS = [*LOSSES.values(), *BATCH_LOSSES.values(), *OBJECTIVES.values(), *DECISION_METRICS.values(),
           *SCORE_METRICS.values(), *OPTIMIZERS.values()]  # fmt: skip

OF_TODAY = {  # where sliders have always started: an address without the parameter means these
    "weighted_binary_cross_entropy.pos_weight": 10.0,
    "quantile.tau": 0.9,
    "expectile.tau": 0.9,
    "class_balanced.beta": 0.999,
}


def plain_pairs():
    """A loss at its defaults, and what that is."""
    squared, bce = R**2, np.logaddexp(0, R)
    yield LOSSES["weighted_binary_cross_entropy"].value(R, 0), bce
    yield LOSSES["weighted_binary_cross_entropy"].value(-R, 1), bce
    yield LOSSES["categorical_cross_entropy"].value(Z, LABEL), -log_softmax(Z)[np.arange(40), LABEL]
    yield LOSSES["quantile"].value(R, 0), np.abs(R) / 2
    yield LOSSES["expectile"].value(R, 0), squared / 2
    yield LOSSES["gaussian_nll"].value(R, 0), squared / 2
    yield LOSSES["huber"].value(R, 0), np.where(np.abs(R) <= 1, squared / 2, np.abs(R) - 0.5)
    yield LOSSES["smooth_l1"].value(R, 0), LOSSES["huber"].value(R, 0)
    target = (np.arange(R.size) % 3 == 0).astype(float)
    yield OBJECTIVES["class_balanced"].per_example(R, target), np.logaddexp(0, np.where(target == 1, -R, R))
    counts = confusion(target, R, 0.3)
    yield DECISION_METRICS["expected_cost"].value(counts), 1 - DECISION_METRICS["accuracy"].value(counts)
    precision, recall = (DECISION_METRICS[key].value(counts) for key in ("precision", "recall"))
    yield DECISION_METRICS["f_beta"].value(counts), 2 / (1 / precision + 1 / recall)


def test_without_parameters_it_is_the_plain_form():
    for found, plain in plain_pairs():
        np.testing.assert_allclose(found, plain, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("record", RECORDS, ids=str)
def test_nothing_is_weighted_or_smoothed_unless_asked_for(record):
    """A default is where the parameter has no effect, or the record says why not."""
    for param in record.params:
        if any(word in param.name for word in ("weight", "smooth", "cost", "alpha")):
            assert param.neutral is not None, f"where has {param.name} of {record} no effect?"
        assert param.neutral in (None, param.default) or param.because, f"{param.name} of {record}: why?"
        assert not param.because or param.neutral != param.default


def test_at_gamma_0_and_alpha_a_half_focal_is_half_the_cross_entropy():
    for y in (0, 1):
        found = LOSSES["focal"].value(R, y, gamma=0, alpha=0.5)
        np.testing.assert_allclose(found, LOSSES["binary_cross_entropy"].value(R, y) / 2, rtol=1e-13)


def test_a_slider_starts_at_the_default_unless_the_record_says_otherwise():
    usual = Param("a", symbol="a", default=1.0, low=0.0, high=4.0, step=1.0)
    assert usual.starts_at == 1
    moved = usual.but(start=3.0)
    assert (moved.default, moved.starts_at) == (1, 3)
    assert moved.but(start=0.0).starts_at == 0
    for record in RECORDS:
        assert record.starts == {param.name: param.starts_at for param in record.params}
        for param in record.params:
            assert param.starts_at in param.frames
            assert at_starts(record).defaults[param.name] == param.starts_at


def test_every_slider_starts_where_it_always_did():
    seen = set()
    for view in VIEWS.values():
        for picker in (param for param in view.params if param.name in ("loss", "losses")):
            for key in picker.options:
                choice = view.defaults | {picker.name: key if picker.name == "loss" else (key,)}
                for slider in view.choose(**choice).picture.sliders:
                    if slider.key in OF_TODAY:
                        assert slider.values[slider.start] == OF_TODAY[slider.key], view.key
                        seen.add(slider.key)
    assert seen == set(OF_TODAY)


def test_what_is_trained_without_a_slider_is_trained_as_its_card_says():
    """The training pages and the networks have no sliders of a loss: they show it where its slider would start."""
    for key in ("wave_run", "polynomial_run"):
        for loss in ("quantile", "expectile"):
            assert setting_of(VIEWS[key].defaults | {"loss": loss}).loss_params == {"tau": 0.9}
    weighted, brief = LOSSES["weighted_binary_cross_entropy"], Recipe(batch=50, epochs=3)
    ten = at_starts(weighted)
    np.testing.assert_array_equal(
        trained("moons", weighted.key, brief).theta, train_network(SHAPE_DATASETS["moons"].load(SEED), ten, brief).theta
    )
    kind = KINDS["network"]
    choice = {param.name: param.default for param in kind.params} | {"loss": weighted.key}
    problem = kind.problem(choice)
    run, data = problem.model.network, problem.model.data
    exact, _ = loss_and_grad(run.theta, data.features, data.target, run.recipe.sizes, weighted, pos_weight=10.0)
    assert problem.landscape.value([0.0, 0.0]) == pytest.approx(float(exact), rel=1e-5)
    assert exact > 1.5 * loss_and_grad(run.theta, data.features, data.target, run.recipe.sizes, weighted)[0]


def test_a_fitted_landscape_without_parameters_is_the_page_s_own():
    """From it the slider of the learning rate takes its start."""
    kind = KINDS["line"]
    problem = kind.problem({param.name: param.default for param in kind.params} | {"loss": "quantile"})
    assert problem.landscape.defaults["tau"] == 0.9
