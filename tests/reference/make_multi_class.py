"""Writes multi_class.json: what PyTorch and SciPy make of the losses of several classes, on whole batches.

    make reference

Batches of two, three and ten classes, and one in which every example is of one class; targets as labels and as
probabilities. PyTorch differentiates; SciPy gives values. Nothing is written that is not this project's value too.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from scipy.spatial.distance import jensenshannon
from scipy.special import log_softmax, rel_entr, softmax, xlogy
from torch.nn import functional

from core.losses import losses_of

EXAMPLES = 6
SETTINGS = {
    "categorical_cross_entropy": [{"label_smoothing": 0.0}, {"label_smoothing": 0.2}],
    "multiclass_focal": [{"gamma": 0.0}, {"gamma": 0.5}, {"gamma": 2.0}],
    "generalized_cross_entropy": [{"s": 0.1}, {"s": 0.7}, {"s": 1.0}],
}


def batches():
    """By name: scores [n, K], labels [n] and probabilities [n, K], all with few digits."""
    random = np.random.default_rng(17)
    for count in (2, 3, 10):
        scores = random.normal(0, 3, (EXAMPLES, count)).round(2)
        shares = random.dirichlet(np.ones(count), EXAMPLES).round(3)
        shares[:, 0] = (1 - shares[:, 1:].sum(axis=1)).round(3)
        yield f"{count} classes", scores, random.integers(0, count, EXAMPLES), shares
    yield "one class only", random.normal(0, 3, (EXAMPLES, 3)).round(2), np.full(EXAMPLES, 1), np.eye(3)[[1] * EXAMPLES]


def _highest_other(z):
    """The highest score of the other classes, for each class."""
    same = torch.eye(z.shape[-1], dtype=bool)
    return z[:, None, :].expand(-1, z.shape[-1], -1).masked_fill(same, -torch.inf).amax(dim=-1)


def _jensen_shannon(z, t):
    q = torch.softmax(z, dim=-1)
    m = (t + q) / 2
    return (functional.kl_div(m.log(), t, reduction="none") + functional.kl_div(m.log(), q, reduction="none")) / 2


PYTORCH = {  # scores and probabilities to what is summed over the classes of each example
    "categorical_cross_entropy": lambda z, t, label_smoothing: functional.cross_entropy(
        z, t, label_smoothing=label_smoothing, reduction="none"
    ),
    "kl_divergence": lambda z, t: functional.kl_div(torch.log_softmax(z, dim=-1), t, reduction="none"),
    "reverse_kl_divergence": lambda z, t: functional.kl_div(
        torch.log(t), torch.log_softmax(z, dim=-1), reduction="none", log_target=True
    ),
    "jensen_shannon": _jensen_shannon,
    "multiclass_brier": lambda z, t: functional.mse_loss(torch.softmax(z, dim=-1), t, reduction="none"),
    "multiclass_focal": lambda z, t, gamma: -t * (1 - torch.softmax(z, dim=-1)) ** gamma * torch.log_softmax(z, dim=-1),
    "generalized_cross_entropy": lambda z, t, s: t * (1 - torch.softmax(z, dim=-1) ** s) / s,
    "one_vs_rest_cross_entropy": lambda z, t: functional.binary_cross_entropy_with_logits(z, t, reduction="none"),
    "crammer_singer_hinge": lambda z, t: t * torch.relu(1 + _highest_other(z) - z),
}
SCIPY = {  # scores and probabilities to a number for each example
    "categorical_cross_entropy": lambda z, t: -(t * log_softmax(z, axis=-1)).sum(axis=-1),
    "kl_divergence": lambda z, t: rel_entr(t, softmax(z, axis=-1)).sum(axis=-1),
    "reverse_kl_divergence": lambda z, t: rel_entr(softmax(z, axis=-1), t).sum(axis=-1),
    "jensen_shannon": lambda z, t: jensenshannon(t, softmax(z, axis=-1), axis=-1) ** 2,
    "multiclass_brier": lambda z, t: ((softmax(z, axis=-1) - t) ** 2).sum(axis=-1),
    "multiclass_focal": lambda z, t, gamma: -xlogy(t * (1 - softmax(z, axis=-1)) ** gamma, softmax(z, axis=-1)).sum(-1),
}


def pytorch_block(key, scores, shares, params):
    """Values [n] and the gradient of their mean [n, K]."""
    z = torch.tensor(scores, requires_grad=True)
    value = PYTORCH[key](z, torch.tensor(shares), **params)
    value = value.sum(dim=-1) if value.ndim > 1 else value
    value.mean().backward()
    return value.detach().numpy(), z.grad.numpy()


def main():
    blocks = []
    for key, loss in losses_of("multi-class").items():
        if key not in PYTORCH:  # not yet written out here
            continue
        for params in SETTINGS.get(key, [{}]):
            for name, scores, labels, shares in batches():
                for target in (labels, shares):
                    of_classes = np.eye(scores.shape[1])[target] if target.ndim == 1 else target
                    value, grad = pytorch_block(key, scores, of_classes, params)
                    if not np.isfinite(value).all():
                        continue
                    libraries = {"torch": value}
                    if key in SCIPY and not params.get("label_smoothing"):
                        own = {name: number for name, number in params.items() if name == "gamma"}
                        libraries["scipy"] = SCIPY[key](scores, of_classes, **own)
                    for library, values in libraries.items():
                        np.testing.assert_allclose(
                            loss.value(scores, target, **params), values, 1e-10, 1e-13, err_msg=key
                        )
                        block = {"key": key, "library": library, "version": version(library), "batch": name}
                        rows = {"pred": scores.tolist(), "target": target.tolist(), "value": values.tolist()}
                        rows |= {"grad": grad.tolist()} if library == "torch" else {}
                        blocks.append(block | {"params": params} | rows)
    target = Path(__file__).with_name("multi_class.json")
    lines = [json.dumps(block, separators=(",", ":"), allow_nan=False) for block in blocks]
    target.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{target}: {len(blocks)} blocks, {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
