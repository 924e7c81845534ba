"""Paths of 300 steps against PyTorch and Optax, and schedules against PyTorch: made by reference/make_optimizers.py."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.descent import descend
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS, SCHEDULES, with_schedule, with_weight_decay

BLOCKS = json.loads((Path(__file__).parent.parent / "reference" / "optimizers.json").read_text())


def label(block):
    words = [block["key"], block.get("landscape", ""), block.get("schedule", ""), str(block.get("decoupled", ""))]
    return "-".join([*filter(None, words), *(f"{value:g}" for value in block["params"].values())])


def of(kind):
    return pytest.mark.parametrize("block", BLOCKS[kind], ids=label)


def assert_path(optimizer, block):
    landscape = LANDSCAPES[block["landscape"]]
    points = descend(optimizer, landscape, block["start"], block["steps"], **block["params"]).points
    theirs = np.array(block["points"])
    assert len(theirs) == block["steps"] // block["every"] + 1 == 31
    assert np.ptp(theirs, axis=0).max() > 0.1, "a path that goes nowhere would prove nothing"
    np.testing.assert_allclose(points[:: block["every"]], theirs, rtol=1e-9, atol=1e-12 * np.abs(theirs).max())


@of("paths")
def test_paths(block):
    assert_path(OPTIMIZERS[block["key"]], block)


@pytest.mark.parametrize("optimizer", [one for one in OPTIMIZERS.values() if one.torch or one.optax], ids=str)
def test_what_a_library_has_was_run_on_three_landscapes_at_two_settings(optimizer):
    code = optimizer.torch_at if optimizer.torch else optimizer.optax_at
    own = [block for block in BLOCKS["paths"] if block["key"] == optimizer.key]
    assert len({block["landscape"] for block in own}) == 3, f"`make reference` runs {optimizer} in its library"
    assert len({(block["landscape"], *block["params"].items()) for block in own}) == 6
    assert all(block["code"] == code(**block["params"]) for block in own), "`make reference` runs the new code"
    assert all(block["version"] for block in own)


@of("decayed")
def test_paths_with_weight_decay(block):
    assert_path(with_weight_decay(OPTIMIZERS[block["key"]], block["decay"], decoupled=block["decoupled"]), block)


@of("scheduled")
def test_paths_under_a_schedule(block):
    schedule = SCHEDULES[block["schedule"]]
    assert_path(with_schedule(OPTIMIZERS[block["key"]], schedule, block["steps"], **block["own"]), block)


@of("factors")
def test_schedules(block):
    schedule, steps = SCHEDULES[block["key"]], block["steps"]
    factors = schedule.factor(np.arange(steps), steps, **block["params"])
    np.testing.assert_allclose(factors, block["factors"], rtol=1e-11, atol=1e-15)
    assert block["code"] == schedule.torch_at(lr=0.3, steps=steps, **block["params"])


def test_every_schedule_that_pytorch_has_was_run():
    was = {block["key"] for block in BLOCKS["factors"]}
    assert was == {key for key, one in SCHEDULES.items() if one.torch}, "`make reference` runs the schedules"
