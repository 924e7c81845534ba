"""The networks whose planes are shown, and how they are named."""

from __future__ import annotations

from core.datasets import SHAPE_DATASETS
from core.expression.typed_loss import loss_of
from core.kept import kept
from core.record import at_starts
from core.training.trained_network import Recipe, TrainedNetwork, train_network

SEED = 1  # of data, networks and directions
PLANES = {"random": ("direction 1", "direction 2"), "path": ("first component", "second component")}
NETWORKS = {
    "standard": Recipe(),
    # As many steps for both, or their comparison would be one of long and short training.
    "batch16": Recipe(batch=16, epochs=300),
    "full": Recipe(epochs=3900),
    "shallow": Recipe(sizes=(2, 16, 1)),
    "deep": Recipe(sizes=(2, 16, 16, 16, 1)),
    "decay": Recipe(weight_decay=0.1),
}
# What is shown beside each other: a name for each network.
COMPARED = {
    "one": {"network": "standard"},
    "batch": {"batch 16": "batch16", "full batch": "full"},
    "depth": {"shallow": "shallow", "deep": "deep"},
    "decay": {"no decay": "standard", "decay 0.1": "decay"},
}


@kept
def trained(data: str, loss: str, recipe: Recipe) -> TrainedNetwork:
    """A trained network, once for all views and visitors."""
    return train_network(SHAPE_DATASETS[data].load(SEED), at_starts(loss_of(loss)), recipe)
