"""The views of /class-probabilities."""

from core.views.class_probabilities.example import class_example

__all__ = ["class_example"]
