"""The views of /class-probabilities."""

from core.views.class_probabilities.divergence import class_divergence

__all__ = ["class_divergence"]
