"""Paths of 300 steps against PyTorch and Optax, and schedules against PyTorch: made by reference/make_optimizers.py."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.descent import descend
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS, SCHEDULES, scheduled, with_weight_decay

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


def test_every_optimizer_was_run_on_three_landscapes_at_two_settings_as_it_is_spelt():
    for key, optimizer in OPTIMIZERS.items():
        own = [block for block in BLOCKS["paths"] if block["key"] == key]
        assert len({block["landscape"] for block in own}) == 3
        assert len({(block["landscape"], *block["params"].items()) for block in own}) == 6
        if optimizer.torch:
            assert all(block["code"] == optimizer.torch_at(**block["params"]) for block in own)
        assert all(block["version"] for block in own)


@of("decayed")
def test_paths_with_weight_decay(block):
    assert_path(with_weight_decay(OPTIMIZERS[block["key"]], block["decay"], decoupled=block["decoupled"]), block)


@of("scheduled")
def test_paths_under_a_schedule(block):
    schedule = SCHEDULES[block["schedule"]]
    assert_path(scheduled(OPTIMIZERS[block["key"]], schedule, block["steps"], **block["own"]), block)


@of("factors")
def test_schedules(block):
    schedule, steps = SCHEDULES[block["key"]], block["steps"]
    factors = schedule.factor(np.arange(steps), steps, **block["params"])
    np.testing.assert_allclose(factors, block["factors"], rtol=1e-11, atol=1e-15)
    assert block["code"] == schedule.torch_at(lr=0.3, steps=steps, **block["params"])


def test_every_schedule_that_pytorch_has_was_run():
    assert {block["key"] for block in BLOCKS["factors"]} == {key for key, one in SCHEDULES.items() if one.torch}
    assert set(SCHEDULES) - {block["key"] for block in BLOCKS["factors"]} == {"constant"}
