"""What the names of one table mean, where one name changes the meaning of another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from core.logs.names.meaning import Meaning, parse_name
from core.logs.names.vocabulary import ACTOR_CRITIC, ADVERSARIAL, TRAINING, UNDIRECTED, VALIDATION
from core.logs.names.words import split_words


def parse_names(names: Iterable[str]) -> dict[str, Meaning]:
    """The meaning of each name of one table: beside "val_accuracy" a bare "accuracy" is that of training."""
    meanings = {name: parse_name(name) for name in names}
    # As in Keras: accuracy and val_accuracy. The bare one is that of training.
    validated = {one.metric for one in meanings.values() if one.split == "validation"}
    for name, one in meanings.items():
        if not one.split and not one.axis and one.metric in validated:
            meanings[name] = replace(one, split="train")
    if not any(one.split == "train" for one in meanings.values()):
        # XGBoost's eval_set: people pass the training set first.
        for name, one in meanings.items():
            other = re.sub(r"(?i)(?<=validation_)0", "1", name, count=1)
            if other != name and other in meanings:
                meanings[name] = replace(one, split="train", metric=_without_digit(one.metric))
                meanings[other] = replace(meanings[other], metric=_without_digit(meanings[other].metric), part=one.part)
    # "Loss: 1.2, Train: 0.8, Val: 0.7", as examples of PyTorch Geometric print it: the last two are accuracies.
    bare = {name: one for name, one in meanings.items() if one.is_loss and one.split and _is_split_alone(name)}
    if len({one.split for one in bare.values()}) > 1 and any(
        one.is_loss and not parse_name(name).split and not one.part for name, one in meanings.items()
    ):
        for name, one in bare.items():
            meanings[name] = replace(one, is_loss=False, quantity="", more_is_better=True)
    if any(one.need_not_fall == ACTOR_CRITIC for one in meanings.values()):  # LossPi and LossV
        for name, one in meanings.items():
            if one.is_loss and one.part == "v":
                meanings[name] = replace(one, need_not_fall=ACTOR_CRITIC)
    sides = {name: {"d", "g"} & set(split_words(name)) for name in meanings}
    if set().union(*sides.values()) == {"d", "g"}:  # D_A, G_A: the losses of a pair that never says "loss"
        for name, side in sides.items():
            one = meanings[name]
            if (
                side
                and not one.is_loss
                and not one.more_is_better
                and not one.axis
                and not set(split_words(name)) & UNDIRECTED
            ):
                meanings[name] = replace(
                    one, is_loss=True, quantity="loss", part=" ".join(split_words(name)), need_not_fall=ADVERSARIAL
                )
    return meanings


def _is_split_alone(name: str) -> bool:
    """True for a name that states a split and nothing else: train, Val, test."""
    return all(word in VALIDATION | TRAINING for word in split_words(name))


def _without_digit(metric: str) -> str:
    """The metric without the number of XGBoost's set before it: "0_logloss" -> "logloss"."""
    return metric.removeprefix("0_").removeprefix("1_")
