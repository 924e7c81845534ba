"""Logs of training runs: read from files of any tool, thinned and smoothed to be drawn."""

from core.logs.curves import Series
from core.logs.drawing import smoothed, thinned
from core.logs.log import Log
from core.logs.read import read_log
from core.logs.run import Run
from core.logs.text import MOST_BYTES
from core.logs.together import joined, pairs, together

__all__ = ["MOST_BYTES", "Log", "Run", "Series", "joined", "pairs", "read_log", "smoothed", "thinned", "together"]
