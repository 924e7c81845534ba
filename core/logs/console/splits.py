"""The split of each metric in a line: training, validation or test, by the words beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.logs.console.metric_names import is_bare_loss, is_metric_word, is_setting, split_in_name, without_split
from core.logs.console.template import LineMetric
from core.logs.console.vocabulary import SPLIT_WORDS

_TEST_SUMMARY = re.compile(r"\s*\*\s")  # " *   Acc@1 70.1": the examples of PyTorch print it of the test set
_ESTIMATOR_EVALUATION = re.compile(r"(?i)saving dict for global step")  # TensorFlow's Estimator prints it
_SPLIT_WORD = re.compile(r"(?<![A-Za-z0-9_./])(" + "|".join(sorted(SPLIT_WORDS, key=len, reverse=True)) + r")"
                         r"(?![A-Za-z0-9_]|\.[A-Za-z]|\s?/)", re.IGNORECASE)  # fmt: skip


def assign_splits(
    line: str, masked: str, metrics: Sequence[LineMetric], places: Sequence[int], spans: Sequence[tuple[int, int]]
) -> tuple[LineMetric, ...]:
    """The metrics of a line with their splits; of two with one name and one split the first alone.

    `masked`: the line without dates and paths. `places`: where its numbers stand. `spans`: where the names of the
    metrics stand; a split word inside one is a part of the name.
    """
    text = list(masked)
    for start, end in spans:
        text[start:end] = " " * (end - start)
    words = [(match.start(), SPLIT_WORDS[match[1].lower()]) for match in _SPLIT_WORD.finditer("".join(text))]
    names = [metric.name for metric in metrics]
    named = {split_in_name(name) for name in names} - {""}
    only = named.pop() if len(named) == 1 and not any(map(is_bare_loss, names)) else ""
    of_both = {bare for name in names if split_in_name(name) and (bare := without_split(name))}  # "acc 0.4 val_acc 0.5"
    result: dict[tuple[str, str], LineMetric] = {}
    last = ""
    for metric in metrics:
        own = split_in_name(metric.name)
        before = [split for at, split in words if at < places[metric.place]]
        if _ESTIMATOR_EVALUATION.search(line):
            before = ["val"]
        split = metric.split or ("" if own or not before else before[-1])
        if _TEST_SUMMARY.match(line) and not own:
            split = split or "test"
        if not split and not own and names.count(metric.name) > 1:
            split = last  # "train loss 0.3 acc 0.4 val loss 0.5 acc 0.6"
        last = own or split or last
        if not own and is_setting(metric.name):
            split = ""
        elif (
            not own and not split and is_metric_word(metric.name.lower()) and without_split(metric.name) not in of_both
        ):
            split = only  # "val_loss 0.5, acc 0.6"
        result.setdefault((metric.name, split), replace(metric, split=split))
    return tuple(result.values())
