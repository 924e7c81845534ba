"""What a test feeds a loss with, read off its record."""

import itertools

import numpy as np

from core.losses import FAMILIES, LOSSES, Family, Loss
from core.losses.loss_record import LossRecord

SCALAR = [loss for loss in LOSSES.values() if loss.curvature_of]


def family(loss: Loss) -> Family:
    return FAMILIES[loss.family]


def settings(loss: LossRecord) -> list[dict[str, float]]:
    """Every combination of the ends of the sliders, the defaults, and where the sliders start."""
    choices = [sorted({param.low, param.default, param.starts_at, param.high}) for param in loss.params]
    return [dict(zip(loss.defaults, values, strict=True)) for values in itertools.product(*choices)]


def one_at_a_time(loss: LossRecord) -> list[dict[str, float]]:
    """The defaults, the starts, and each parameter at its ends with the others at their starts."""
    ends = [loss.starts | {param.name: end} for param in loss.params for end in (param.low, param.high)]
    found: list[dict[str, float]] = []
    for params in (loss.defaults, loss.starts, *ends):
        found += [params] if params not in found else []
    return found


def targets(loss: Loss) -> list[float]:
    return [y for y in (-1.3, 0.0, 0.7, 1.0, 4.2) if loss.target_domain.holds(np.array(y))]


def axis(loss: Loss, count: int) -> np.ndarray:
    """Predictions from -6 to 6, or over the same width inside the domain."""
    low = max(-6.0, getattr(loss.pred_domain, "low", -np.inf) + 0.31)
    return np.linspace(low, low + 12.0, count)


def kinks(loss: Loss, target: float, params: dict[str, float]) -> np.ndarray:
    """Where the kinks lie in pred: they are declared in the residual, or in the margin s z."""
    return family(loss).pred_at(np.array(loss.kinks(**params), dtype=float), target)


def smooth_axis(loss: Loss, target: float, params: dict[str, float], gap: float, count: int = 400) -> np.ndarray:
    """Predictions that lie farther than `gap` from every kink."""
    pred = axis(loss, count)
    far = np.abs(pred[:, None] - kinks(loss, target, params)) > gap
    return pred[far.all(axis=1)]


def extremes(loss: Loss) -> tuple[np.ndarray, np.ndarray]:
    """Scores or residuals of every size up to 1e4, each with every target."""
    if family(loss).pred_axes:
        pred = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, 1e4], [1e4, 1e4, 1e4], [745.0, 0.0, -745.0]])
        return pred[:, None, :], np.arange(3)
    sizes = np.array([0.0, 1e-300, 1e-8, 1.0, 36.0, 710.0, 745.0, 1e4])
    ends = np.concatenate([-sizes, sizes])
    y = np.array(targets(loss))
    pred = family(loss).pred_at(ends, y[:, None])
    inside = loss.pred_domain.mask(pred)
    return pred[inside], np.broadcast_to(y[:, None], pred.shape)[inside]


PAIRS = [(loss, params) for loss in LOSSES.values() for params in settings(loss)]
SCALAR_PAIRS = [(loss, params) for loss, params in PAIRS if loss.curvature_of]


def name_of(case: Loss | dict[str, float]) -> str:
    """The id of a case in a test report."""
    return str(case) if isinstance(case, Loss) else ",".join(f"{name}={value:g}" for name, value in case.items()) or "-"
