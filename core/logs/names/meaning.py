"""What a metric's name means: an axis, a loss of training or validation, which quantity, whether less is better."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from core.logs.names.vocabulary import (
    ACTOR_CRITIC,
    ADVERSARIAL,
    AIMS,
    BESIDE_COUNT,
    DERIVED,
    DIVERGENCE,
    EPOCHS,
    KNOWN,
    LOSS_SETTINGS,
    METRICS,
    MORE_IS_BETTER,
    NEED_NOT_FALL_WORDS,
    OTHER_COUNTS,
    PREFERENCE_WORDS,
    QUALIFIERS,
    QUANTITIES,
    REWARDS,
    SHORT_FORMS,
    STEPS,
    TERMS,
    TEST,
    TOTALS,
    TRAINING,
    UNDIRECTED,
    VALIDATION,
    WHOLE_RUN,
)
from core.logs.names.words import split_words

_NO_METRIC = VALIDATION | TRAINING | {"epoch", "step"}
_VALUE_LOSS = re.compile(
    r"(?i)value(?:[ _./-]?(?:function|fn|f|head))?[ _./-]?loss|loss(?:es)?/(?:\w+_)?value(?![a-z])"
)


@dataclass(frozen=True)
class Meaning:
    """The meaning of a name. The fields from `quantity` to `need_not_fall` are those of a loss."""

    axis: str  # what a column counts: "epoch", "step", "token" ...; "" for a column that counts nothing
    split: str  # "train" or "validation"; "" where no word names it
    metric: str  # what is measured: "loss" for train_loss_epoch, val/loss and loss_step
    is_loss: bool  # less is better
    is_test: bool = False  # the word for the split is "test"
    more_is_better: bool = False
    quantity: str = ""  # what may be compared: "loss", "cross-entropy", "MAE" ...
    part: str = ""  # the words that make it one term of several; "" for the total
    is_total: bool = False  # a word names it the total
    is_derived: bool = False  # a running best or a moving average
    need_not_fall: str = ""  # the kind of loss, where such a loss need not fall: "adversarial" ...
    is_undirected: bool = False  # a rate, a time, a size: neither less nor more is better
    spans_run: bool = False  # of an axis: it counts the whole run, not each epoch

    @property
    def role(self) -> str:
        """The split; without one "train" for a loss and "other" for any other metric."""
        return self.split or ("train" if self.is_loss else "other")

    @property
    def is_term(self) -> bool:
        """True for one term of a sum of losses: box, kl, aux."""
        return bool(set(self.part.split()) & TERMS)


@lru_cache(maxsize=20_000)
def parse_name(name: str) -> Meaning:
    """The meaning of a name by itself: `parse_name("val/box_loss")` is a validation loss, of the part "box"."""
    own = split_words(name)
    bag = frozenset(own)
    split = "validation" if bag & VALIDATION else "train" if bag & TRAINING else ""
    measured = "_".join(SHORT_FORMS.get(word, word) for word in own if word not in _NO_METRIC) or "value"
    axis, spans_run = _axis(own)
    if axis:
        return Meaning(axis, split, measured, False, spans_run=spans_run)
    is_test = bool(bag & TEST) and not bag & (VALIDATION - TEST)
    quantities = [word for word in own if word in QUANTITIES and word not in TRAINING | VALIDATION]
    kinds = {NEED_NOT_FALL_WORDS[word] for word in own if word in NEED_NOT_FALL_WORDS}
    named = any(QUANTITIES[word] in ("loss", "cross-entropy") and word not in AIMS for word in quantities)
    of_value = named and bool(_VALUE_LOSS.search(name))  # train/value_loss, as Stable-Baselines writes it
    if of_value:
        kinds.add(ACTOR_CRITIC)
    is_loss, better = _loss_or_score(own, bag, bool(quantities), named)
    if not is_loss and not better and DIVERGENCE in kinds and not bag & UNDIRECTED:
        is_loss = True  # "kl" alone
    bare = split and all(word in VALIDATION | TRAINING | QUALIFIERS or word.isdigit() for word in bag)
    if bare and not name.endswith("%"):
        is_loss = True  # train, val: nothing but the split
    if not is_loss:
        return Meaning("", split, measured, False, is_test, better, is_undirected=bool(bag & UNDIRECTED or bare))
    known = [QUANTITIES[word] for word in quantities]
    quantity = next((one for one in known if one != "loss"), "loss")
    part = [
        word
        for word in own
        if word not in TRAINING | VALIDATION | QUALIFIERS | TOTALS | DERIVED and word not in QUANTITIES
    ]
    if bag & TOTALS:
        part = [word for word in part if word in TERMS]
    part = ["value"] * of_value + [word for at, word in enumerate(part) if not word.isdigit() or at]
    return Meaning(
        axis="",
        split=split,
        metric=measured,
        is_loss=True,
        is_test=is_test,
        quantity=quantity,
        part=" ".join(part),
        is_total=bool(bag & TOTALS),
        is_derived=bool(bag & DERIVED),
        need_not_fall=next((kind for kind in (ACTOR_CRITIC, ADVERSARIAL, DIVERGENCE) if kind in kinds), ""),
    )


def _loss_or_score(own: list[str], bag: frozenset[str], has_quantity: bool, named: bool) -> tuple[bool, bool]:
    """Whether less is better, and whether more is better."""
    negative = bool(bag & {"neg", "negative"})
    if bag & AIMS and bag & MORE_IS_BETTER and not named:
        return False, True  # objective/rlhf_reward
    if has_quantity and own[-1] not in LOSS_SETTINGS and not (bag & UNDIRECTED and not named):
        return not negative, negative  # scikit-learn's neg_mean_squared_error: more is better
    if bag & MORE_IS_BETTER and not bag & {"loss", "std", "time"}:
        return negative, not negative
    return False, False


def _axis(own: list[str]) -> tuple[str, bool]:
    """The unit that a name counts, "" for none, and whether it counts the whole run."""
    bag = set(own)
    # "time/total_timesteps" is a count in the group "time" (Stable-Baselines); "time/epoch" is a duration.
    if "time" in bag and own[0] == "time" and bag & {"iterations", "timesteps", "episodes", "steps"}:
        bag.discard("time")
    counts = bag - BESIDE_COUNT
    spans_run = bool(bag & WHOLE_RUN) or bool(counts & {"timesteps", "interacts"})
    if len(counts) != 1:
        return "", False
    if counts <= EPOCHS:
        return "epoch", spans_run
    if counts <= STEPS:
        return "step", spans_run
    # "num_tokens" or "episodes" count; "samples" in a table of validation may be anything.
    return OTHER_COUNTS.get(next(iter(counts)), ""), spans_run


def is_reward(name: str) -> bool:
    """True for the reward or the return of an agent."""
    own = set(split_words(name))
    return bool(own & REWARDS) and not own & PREFERENCE_WORDS


def metric_of_file_name(file: str) -> str:
    """The metric that a file's name states for the only curve in it; "" where it states none.

    "run-train-tag-epoch_loss.csv"  ->  "train_epoch_loss"  (TensorBoard)
    "val_loss"                      ->  "val_loss"          (MLflow)
    """
    stem = re.sub(r"(?i)\.(csv|tsv|txt|log|json|jsonl|ndjson|out)$", "", file)
    before, *tagged = re.split(r"[-_]tag[-_]", f"-{stem}", maxsplit=1)
    if tagged:
        tag = tagged[0]
        own = split_words(tag)
        if not set(own) & (TRAINING | VALIDATION):
            own = [word for word in split_words(before) if word in TRAINING | VALIDATION][-1:] + own
        return "_".join(own)
    known = [word for word in split_words(stem) if word in KNOWN | UNDIRECTED | QUALIFIERS]
    name = "_".join(known)
    meaning = parse_name(name)
    return name if set(known) & METRICS and (meaning.is_loss or meaning.more_is_better) else ""
