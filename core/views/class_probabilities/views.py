"""The views of /class-probabilities."""

from core.views.class_probabilities.simplex import class_simplex

__all__ = ["class_simplex"]
