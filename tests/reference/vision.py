"""What make_boxes.py and make_masks.py share: the cases of a loss in other libraries, and the file of them.

torchvision's compiled operators, of which none is needed here, load only beside the PyTorch that they were built for.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch

torch.library.register_fake = lambda *_, **__: lambda function: function
from torchvision import ops  # noqa: E402, F401


def case(record, library, function, params, pred, target, within):
    """Values and gradients of a batch [n, ...] by a function that gives one value for each of n: how close ours are is
    printed."""
    leaf = torch.tensor(pred, requires_grad=True)
    value = function(leaf, torch.tensor(target))
    (grad,) = torch.autograd.grad(value.sum(), leaf)
    theirs = {"value": value.detach().numpy(), "grad": grad.numpy()}
    off = {name: np.abs(getattr(record, name)(pred, target, **params) - found).max() for name, found in theirs.items()}
    print(record.key, library, params, off)
    arrays = {"pred": pred, "target": target} | theirs
    return {"key": record.key, "library": library, "params": params, "within": within} | {
        name: array.tolist() for name, array in arrays.items()
    }


def write(script, packages, cases):
    """Writes the cases of a script make_<name>.py to <name>.json, and of which versions of the packages they are."""
    script = Path(script)
    found = {"library": {name: version(name) for name in packages}, "script": script.name, "cases": list(cases)}
    target = script.with_name(f"{script.stem.removeprefix('make_')}.json")
    target.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{target}: {len(found['cases'])} cases, {target.stat().st_size / 1e3:.0f} kB")
