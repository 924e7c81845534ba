"""Writes training.json: what PyTorch makes of small perceptrons: loss and gradient in each epoch, the weights at last.

    make reference

The networks are torch.nn.Sequential in float64 and torch.optim's own optimizers. The L2 penalty is a term of the loss,
over weights and not over biases; a mini-batch's loss is the mean over its own examples. The initial weights are this
project's `initial` and the order of the examples its `orders`, each of the block's seed.
"""

import json
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from make_networks import flat, network

from core.training.batch import orders
from core.training.network import initial

torch.set_default_dtype(torch.float64)

EPOCHS = 50
LOSSES = {
    "squared_error": torch.nn.functional.mse_loss,
    "binary_cross_entropy": torch.nn.functional.binary_cross_entropy_with_logits,
}
OPTIMIZERS = {
    "adam": torch.optim.Adam,
    "momentum": lambda parameters, lr: torch.optim.SGD(parameters, lr=lr, momentum=0.9),
}
RUNS = [  # sizes, loss, optimizer, examples, batch, lr, l2
    ((1, 8, 8, 1), "squared_error", "adam", 23, 0, 0.02, 0.0),
    ((1, 8, 8, 1), "squared_error", "adam", 23, 5, 0.01, 0.003),
    ((1, 8, 8, 1), "squared_error", "momentum", 23, 0, 0.02, 0.003),
    ((1, 6, 1), "squared_error", "momentum", 20, 8, 0.01, 0.0),
    ((2, 7, 5, 1), "binary_cross_entropy", "adam", 21, 8, 0.02, 0.01),
    ((2, 9, 1), "binary_cross_entropy", "momentum", 21, 0, 0.1, 0.01),
]


def examples(sizes, loss, count, random):
    x = random.normal(size=(count, sizes[0]))
    noisy = np.sin(2 * x).sum(axis=1) + 0.3 * random.normal(size=count)
    return x, noisy if loss == "squared_error" else (noisy > 0).astype(float)


def block(seed, sizes, loss, optimizer, count, batch, lr, l2):
    random = np.random.default_rng([seed, 2])
    train, validation = (examples(sizes, loss, size, random) for size in (count, 11))
    mean = LOSSES[loss]
    net = network(sizes, initial(sizes, np.random.default_rng(seed)))
    weights = [module.weight for module in net if isinstance(module, torch.nn.Linear)]
    stepper = OPTIMIZERS[optimizer](net.parameters(), lr=lr)

    def backward(x, target):
        net.zero_grad()
        found = mean(net(torch.from_numpy(x))[:, 0], torch.from_numpy(target))
        (found + l2 * sum((weight**2).sum() for weight in weights)).backward()
        return found.item()

    curves = {"train": [], "validation": [], "gradient": []}

    def recorded():
        curves["train"].append(backward(*train))
        curves["gradient"].append(np.linalg.norm(flat(net, lambda part: part.grad)))
        with torch.no_grad():
            score = net(torch.from_numpy(validation[0]))[:, 0]
        curves["validation"].append(mean(score, torch.from_numpy(validation[1])).item())

    recorded()
    for order in islice(orders(seed, count), EPOCHS):
        for rows in np.split(order, range(batch, count, batch)) if batch else [slice(None)]:
            backward(train[0][rows], train[1][rows])
            stepper.step()
        recorded()
    head = {"library": "PyTorch", "version": version("torch"), "script": Path(__file__).name}
    plan = {"sizes": sizes, "loss": loss, "optimizer": optimizer, "batch": batch, "lr": lr, "l2": l2, "seed": seed}
    data = {"x": train[0].tolist(), "target": train[1].tolist()}
    unseen = {"validation_x": validation[0].tolist(), "validation_target": validation[1].tolist()}
    return head | plan | data | unseen | curves | {"theta": flat(net, lambda part: part).tolist()}


def main():
    blocks = [block(seed, *run) for seed, run in enumerate(RUNS, start=1)]
    target = Path(__file__).with_name("training.json")
    target.write_text(
        "[\n" + ",\n".join(json.dumps(block, separators=(",", ":"), allow_nan=False) for block in blocks) + "\n]\n"
    )
    print(f"{target}: {len(blocks)} blocks, {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
