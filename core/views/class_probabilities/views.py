"""The views of /class-probabilities."""

from core.views.class_probabilities.train import class_train

__all__ = ["class_train"]
