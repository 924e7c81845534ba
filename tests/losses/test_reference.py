"""Losses against their definitions in 400 digits, and statsmodels: rows made by reference/make_losses.py.

A loss needs no rows: it has them once its definition is written out a second time there.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from core.losses import FAMILIES, LOSSES

BLOCKS = json.loads((Path(__file__).parent.parent / "reference" / "losses.json").read_text())

# What cancels inside a library or a textbook form: log1p(1e-3) - log1p(1e-3 + tiny), or z - log(e^z + 1) in PyTorch.
ROUNDING = 1e-14
CANCELLED = 1e-30  # of a gradient in scores of classes: what is left where equal terms of 1e-17 cancel


def label(block):
    return "-".join([block["key"], block["library"], *(f"{value:g}" for value in block["params"].values())])


@pytest.mark.parametrize("block", BLOCKS, ids=label)
def test_value_and_slopes_agree(block):
    loss, rows = LOSSES[block["key"]], block["rows"]
    at = {"pred": np.array(rows["pred"]), "target": np.array(rows["target"])} | block["params"]
    exact = block["library"] == "mpmath"

    def agree(ours, theirs, least=1e-300):
        np.testing.assert_allclose(ours, theirs, rtol=block["rtol"], atol=least if exact else ROUNDING)

    agree(loss.value(**at).mean(axis=1), rows["value"])
    for name, ours in (("grad", loss.grad), ("curvature", loss.curvature)):
        known = [i for i, row in enumerate(rows.get(name, [])) if row is not None and row != [None]]
        if known:
            least = CANCELLED if FAMILIES[loss.family].pred_axes else 1e-300
            agree(ours(**at)[known], np.array([rows[name][i] for i in known]), least)


def test_no_row_is_of_a_loss_that_is_gone():
    assert {block["key"] for block in BLOCKS} <= set(LOSSES), "run `make reference`"
