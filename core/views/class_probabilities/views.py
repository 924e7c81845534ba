"""The views of /class-probabilities."""

from core.views.class_probabilities.divergence.view import class_divergence
from core.views.class_probabilities.example.view import class_example
from core.views.class_probabilities.simplex.view import class_simplex
from core.views.class_probabilities.train.view import class_train

__all__ = ["class_divergence", "class_example", "class_simplex", "class_train"]
