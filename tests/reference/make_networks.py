"""Writes networks.json: what PyTorch makes of small tanh networks: scores, mean loss, full gradient, a short training.

    make reference

The networks are torch.nn.Sequential in float64, their gradients come from autograd. Parameters are this project's
`initial` plus normal noise, so that no bias is 0, and stand in this project's order: for each layer its weights
(inputs x outputs, row by row; PyTorch holds the transpose), then its biases. The training starts at `initial` itself
and takes some steps of AdamW, and of Adam, on all points at once.
"""

import json
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from core.losses import LOSSES
from core.training.network import count, initial, loss_and_grad, scores

torch.set_default_dtype(torch.float64)

NETWORKS = [(2, 16, 16, 1), (2, 16, 1), (2, 8, 8, 8, 1)]
POINTS = 12
STEPS, RATE = 25, 0.02
DECAYS = [0.0, 0.3]


def network(sizes, theta):
    """The network of a flat parameter vector."""
    modules, at = [], 0
    for inputs, outputs in pairwise(sizes):
        linear = torch.nn.Linear(inputs, outputs)
        weights = theta[at : at + inputs * outputs].reshape(inputs, outputs)
        biases = theta[at + inputs * outputs : at + (inputs + 1) * outputs]
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weights.T.copy()))
            linear.bias.copy_(torch.from_numpy(biases))
        modules += [linear, torch.nn.Tanh()]
        at += (inputs + 1) * outputs
    return torch.nn.Sequential(*modules[:-1])  # the score itself is not squashed


def flat(net, of):
    """Of each parameter `of(parameter)`, in this project's order."""
    linears = [module for module in net if isinstance(module, torch.nn.Linear)]
    parts = [part for one in linears for part in (of(one.weight).T.reshape(-1), of(one.bias))]
    return torch.cat(parts).detach().numpy()


def mean_loss(net, x, target):
    return torch.nn.functional.binary_cross_entropy_with_logits(net(x)[:, 0], target)


def trained(sizes, seed, x, target, decay):
    """The parameters after some steps of AdamW; without decay that is Adam."""
    net = network(sizes, initial(sizes, np.random.default_rng(seed)))
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=decay)
    for _ in range(STEPS):
        optimizer.zero_grad()
        mean_loss(net, x, target).backward()
        optimizer.step()
    return {"steps": STEPS, "rate": RATE, "decay": decay, "theta": flat(net, lambda part: part).tolist()}


def block(sizes, seed):
    random = np.random.default_rng(seed)
    theta = initial(sizes, random) + 0.3 * random.normal(size=count(sizes))
    x, target = random.normal(size=(POINTS, sizes[0])), random.integers(0, 2, POINTS).astype(float)
    net = network(sizes, theta)
    examples = torch.from_numpy(x), torch.from_numpy(target)
    loss = mean_loss(net, *examples)
    loss.backward()
    found = net(examples[0])[:, 0].detach().numpy()
    result = {"scores": found, "loss": loss.detach().numpy(), "grad": flat(net, lambda part: part.grad)}

    ours_loss, ours_grad = loss_and_grad(theta, x, target, sizes, LOSSES["binary_cross_entropy"])
    ours = {"scores": scores(theta, x, sizes), "loss": ours_loss, "grad": ours_grad}
    for name, theirs in result.items():
        np.testing.assert_allclose(ours[name], theirs, rtol=1e-12, atol=1e-14, err_msg=f"{name} of {sizes}")

    head = {"sizes": list(sizes), "library": "PyTorch", "version": version("torch"), "script": Path(__file__).name}
    data = {"theta": theta, "x": x, "target": target} | result
    runs = [trained(sizes, seed, *examples, decay) for decay in DECAYS]
    return head | {"seed": seed} | {name: array.tolist() for name, array in data.items()} | {"trained": runs}


def main():
    blocks = [block(sizes, seed) for seed, sizes in enumerate(NETWORKS, start=1)]
    target = Path(__file__).with_name("networks.json")
    target.write_text(
        "[\n" + ",\n".join(json.dumps(block, separators=(",", ":"), allow_nan=False) for block in blocks) + "\n]\n"
    )
    print(f"{target}: {len(blocks)} blocks, {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
