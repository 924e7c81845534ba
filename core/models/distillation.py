"""Distillation: a student's scores are asked for a teacher's softened probabilities.

Scores are [..., K]; the temperature T is a number or an array [...], which divides the scores of both.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.losses import LOSSES
from core.losses.link import SOFTMAX
from core.record import Source

HINTON = Source("Hinton, Vinyals, Dean", 2015, "Distilling the Knowledge in a Neural Network", "arxiv:1503.02531")


def softened(scores: np.ndarray, temperature: Any) -> np.ndarray:
    """softmax(scores / T), [..., K]."""
    return SOFTMAX.probabilities(scores / np.asarray(temperature)[..., None])


def distillation_loss(student: np.ndarray, teacher: np.ndarray, temperature: Any) -> np.ndarray:
    """T² KL(teacher, student), both softened, [...]."""
    temperature = np.asarray(temperature)
    pair = np.broadcast_arrays(student / temperature[..., None], softened(teacher, temperature))
    return temperature**2 * LOSSES["kl_divergence"].value(*pair)


def distillation_grad(student: np.ndarray, teacher: np.ndarray, temperature: Any) -> np.ndarray:
    """Its gradient in the student's scores: T times the difference of the probabilities, [..., K]."""
    temperature = np.asarray(temperature)[..., None]
    return temperature * (softened(student, temperature[..., 0]) - softened(teacher, temperature[..., 0]))


def hot_limit(student: np.ndarray, teacher: np.ndarray) -> np.ndarray:
    """What the gradient tends to as T grows: (z - v)/K, of scores from which their mean is taken, [..., K]."""
    away = student - teacher
    return (away - away.mean(axis=-1, keepdims=True)) / away.shape[-1]
