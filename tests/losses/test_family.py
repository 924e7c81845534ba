"""Families say what is true of their losses, and a new one needs no other."""

from dataclasses import replace

import numpy as np
import pytest

from core.losses import BATCH_LOSSES, BOX_LOSSES, FAMILIES, LOSSES, MASK_LOSSES, Loss, losses_of, losses_that_fit
from core.losses.equivalents import LIBRARIES, MODULES
from core.training.metrics import METRICS

EVERY = [loss for losses in (LOSSES, BATCH_LOSSES, BOX_LOSSES, MASK_LOSSES) for loss in losses.values()]
DRAWN = [(family, key, truth) for family in FAMILIES.values() for key in family.axes for truth in (0, 1)]
H = 1e-6


def test_the_keys_are_the_ones_other_programs_compare():
    assert {"regression", "binary", "multi-class", "batch", "box", "mask"} <= set(FAMILIES)
    assert all(key == family.key == str(family) for key, family in FAMILIES.items())
    assert all(isinstance(loss.family, str) and loss.family in FAMILIES for loss in EVERY)


@pytest.mark.parametrize("loss", EVERY, ids=str)
def test_a_loss_gives_a_number_for_each_place_before_the_axes_of_one_answer(loss):
    family = FAMILIES[loss.family]
    pred = np.ones((5, 2, *[4] * family.pred_axes))
    target = np.ones((2, *[4] * family.target_axes))
    assert loss.value(pred, target).shape == (5, 2)
    assert loss.grad(pred, target).shape == pred.shape


@pytest.mark.parametrize("loss", EVERY, ids=str)
def test_targets_of_a_loss_are_targets_of_its_family(loss):
    targets = np.array([-1.5, 0.0, 0.5, 1.0, 2.0, 7.0])
    assert not (loss.target_domain.mask(targets) & ~FAMILIES[loss.family].targets.mask(targets)).any()


@pytest.mark.parametrize("family", FAMILIES.values(), ids=str)
def test_what_a_family_names_is_there(family):
    assert set(family.prepared) <= set(MODULES)
    assert family.key in ("box", "mask") or list(family.prepared) == list(LIBRARIES)
    assert family.metric in METRICS or not family.metric
    assert bool(family.metric) == ("network" in family.models)


@pytest.mark.parametrize("family", [family for family in FAMILIES.values() if family.coordinate], ids=str)
def test_the_coordinate_leads_back_to_the_prediction(family):
    target = np.array([0.0, 1.0])
    for pred in np.linspace(-3, 3, 7):
        np.testing.assert_allclose(family.pred_at(family.coordinate(pred, target), target), [pred, pred])


@pytest.mark.parametrize(("family", "key", "truth"), DRAWN, ids=str)
def test_an_axis_leads_to_the_loss_and_back(family, key, truth):
    axis = family.axes[key](truth)
    x, label = axis.stops, np.array(float(truth))
    pred, target = axis.to_loss(x, label)
    assert (target == truth).all()
    np.testing.assert_allclose(axis.from_kink(family.coordinate(pred, target)), x, atol=1e-12)
    slope = (axis.to_loss(x + H, label)[0] - axis.to_loss(x - H, label)[0]) / (2 * H)
    np.testing.assert_allclose(axis.stretch(x), slope, rtol=1e-6)
    assert axis.low <= axis.start <= axis.high
    assert (np.diff(axis.grid) > 0).all()
    assert axis.symbol in axis.title.split()


def test_losses_are_found_by_family_and_by_model():
    assert sorted(key for family in FAMILIES for key in losses_of(family)) == sorted(LOSSES)
    assert "huber" in losses_that_fit("line")
    assert "poisson" not in losses_that_fit("line")  # a line goes below 0
    assert set(losses_that_fit("classifier")) == set(losses_of("binary"))
    assert set(losses_that_fit("network")) == set(losses_that_fit("line")) | set(losses_of("binary"))
    assert not losses_that_fit("forest")


def test_a_loss_of_no_family_is_refused():
    with pytest.raises(ValueError, match=r"^family must be one of regression, .*, got 'ranks' \(Huber\)$"):
        replace(LOSSES["huber"], family="ranks")


def test_a_family_is_added_beside_the_others(monkeypatch):
    """A loss on points of two coordinates each: checked, called and coded as those of the other families."""
    points = replace(FAMILIES["regression"], key="points", pred_axes=1, target_axes=1, coordinate=None, pred_at=None)
    monkeypatch.setattr("core.losses.family.FAMILIES", families := {**FAMILIES, "points": points})
    for module in ("loss", "equivalents"):
        monkeypatch.setattr(f"core.losses.{module}.FAMILIES", families)
    mae = LOSSES["absolute_error"]
    distance = Loss(
        family="points",
        value_of=lambda pred, target: np.linalg.norm(pred - target, axis=-1),
        grad_of=lambda pred, target: (pred - target) / np.linalg.norm(pred - target, axis=-1, keepdims=True),
        curvature_of=None,
        key="distance",
        equivalents=mae.equivalents,
        **{name: getattr(mae, name) for name in ("name", "short", "template", "estimates", "use_when", "watch_out")},
        source=mae.source,
    )
    assert distance.value([[3.0, 4.0], [0.0, 2.0]], [0.0, 0.0]).tolist() == [5, 2]
    assert distance.grad([3.0, 4.0], [0.0, 0.0]).tolist() == [0.6, 0.8]
    assert distance.code("NumPy").endswith("loss = np.abs(pred - target).mean()")
    assert distance.fits("line")
