"""What a column's name says: an axis, a curve of training or of validation, and of which metric."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_LETTERS = 80

VALIDATION = frozenset({"val", "valid", "validation", "eval", "evaluation", "dev", "holdout", "test", "testing"})
TRAINING = frozenset({"train", "training", "tr"})
PHASES = frozenset({"phase", "split", "mode", "stage", "set", "subset", "partition"})
EPOCHS = frozenset({"epoch", "epochs"})
STEPS = frozenset(
    {"step", "steps", "iteration", "iterations", "iter", "iters", "update", "updates", "batch", "batches"}
)
LOSSES = frozenset(
    {"loss", "losses", "cost", "nll", "error", "err", "mse", "mae", "rmse", "crossentropy", "perplexity"}
)
SHORT = {"acc": "accuracy", "losses": "loss", "err": "error"}
# What may stand beside "epoch" or "step" in the name of an axis: trainer/global_step, train/epoch, _step.
_BESIDE = TRAINING | {"trainer", "global", "current", "num", "index", "number"}
_NO_METRIC = VALIDATION | TRAINING | {"epoch", "step"}
_WORDS = re.compile(r"[a-z]+|[0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GLUED = re.compile(r"(train|training|val|valid|validation|eval|dev|test)(loss|error|mse|mae|rmse|acc|accuracy)")


def clean(name: object) -> str:
    """A name as one printable line of at most 80 characters; what cannot be printed is a space."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in str(name)[:4000]).split())
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1] + "…"


def words(name: str) -> list[str]:
    """The words of a name, in lower case: "trainLoss", "train/loss", "trainloss" -> train, loss."""
    own = name.rpartition(" - ")[2]  # Weights & Biases writes "run - train/loss"
    found = _WORDS.findall(_CAMEL.sub(" ", own).lower())
    glued = ((word, _GLUED.fullmatch(word)) for word in found)
    return [part for word, match in glued for part in (match.groups() if match else (word,))]


@dataclass(frozen=True)
class Meaning:
    """What a name says. `axis` is "epoch" or "step" for a column that counts them, else ""; `whose` is "validation",
    "train" or, where no word says it, ""; `metric` is what is measured ("loss" of train_loss_epoch, of val/loss, of
    loss_step); of an `is_loss` less is better.
    """

    axis: str
    whose: str
    metric: str
    is_loss: bool

    @property
    def role(self) -> str:
        """Whose curve it is; a bare loss is the training loss, any other bare metric is "other"."""
        return self.whose or ("train" if self.metric == "loss" else "other")


def meaning(name: str) -> Meaning:
    own = set(words(name))
    counts = own - _BESIDE
    axis = "" if len(counts) != 1 else "epoch" if counts <= EPOCHS else "step" if counts <= STEPS else ""
    whose = "validation" if own & VALIDATION else "train" if own & TRAINING else ""
    measured = [SHORT.get(word, word) for word in words(name) if word not in _NO_METRIC]
    return Meaning(axis, whose, "_".join(measured) or "value", bool(own & LOSSES))


def phase(word: str) -> str:
    """ "train" or "val" for a cell that says whose row it is, "" for any other."""
    plain = word.strip().lower()
    return "train" if plain in TRAINING else "val" if plain in VALIDATION else ""


def listed(things: list[str], most: int = 4) -> str:
    """ "5, 6 and 9"; of more than `most` the first ones and how many more."""
    own = things if len(things) <= most else [*things[: most - 1], f"{len(things) - most + 1} more"]
    return own[0] if len(own) == 1 else f"{', '.join(own[:-1])} and {own[-1]}"
