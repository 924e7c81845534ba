"""Logs of training runs: files of any tool into curves, thinned and smoothed to be drawn."""

from core.logs.drawing import exponential_average, thin_points
from core.logs.formats.decode import MAX_BYTES
from core.logs.log import Log
from core.logs.merge import merge_pair, merge_splits, split_pairs
from core.logs.read import read_log
from core.logs.run import Run
from core.logs.series import Series

__all__ = [
    "MAX_BYTES",
    "Log",
    "Run",
    "Series",
    "exponential_average",
    "merge_pair",
    "merge_splits",
    "read_log",
    "split_pairs",
    "thin_points",
]
