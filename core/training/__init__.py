"""Training many small models at once: curves of loss, metric and gradient, and the weights on the way."""

from core.training.batch import orders
from core.training.history import History
from core.training.metrics import Metric, accuracy, root_mean_squared_error
from core.training.records import Examples, Model, Perceptron, Plan, Polynomial, Setting
from core.training.run import train_runs

__all__ = [
    "Examples",
    "History",
    "Metric",
    "Model",
    "Perceptron",
    "Plan",
    "Polynomial",
    "Setting",
    "accuracy",
    "orders",
    "root_mean_squared_error",
    "train_runs",
]
