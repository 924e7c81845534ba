"""Judgements of data that several tests share."""

import numpy as np
from scipy.optimize import linprog


def parted(data):
    """Whether a straight line parts the classes: whether s (w . x + b) >= 1 can be met at every point."""
    sign = 2 * data.target[:, None] - 1
    rows = -sign * np.column_stack([data.features, np.ones(len(data))])
    answer = linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(data)), bounds=[(None, None)] * 3, method="highs")
    assert answer.status in (0, 2)  # solved, or shown to have no solution
    return answer.status == 0
