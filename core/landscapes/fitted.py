"""The landscape that a loss makes of data: its mean over the points, for every setting of a model's two weights.

A line (intercept and slope) for the regression losses, a logistic model's two weights for the binary ones. Everything
comes from the loss's own value, slope and curvature through the model, so a new loss has a landscape at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.datasets import BinaryData, RegressionData
from core.landscapes.landscape import Landscape, Window
from core.losses import Loss
from core.record import NON_NEGATIVE, Param, Source

Method = Callable[..., np.ndarray]  # a loss's value, grad or curvature

EVERY = slice(None)
ELEMENTS = 32_000  # predictions at once: they stay in the processor's cache, and memory does not grow with the grid
PENALTIES = {"none": "None", "l1": "L1", "l2": "L2"}
PENALTY_FORMULAS = {"none": "", "l1": r" + %(penalty)s \lVert w \rVert_1", "l2": r" + %(penalty)s \lVert w \rVert_2^2"}
PENALTY = Param("penalty", symbol="λ", latex=r"\lambda", default=0.0, low=0.0, high=1.0, step=0.05, domain=NON_NEGATIVE)


@dataclass(frozen=True, eq=False)
class Model:
    """Predictions that are linear in two weights: `basis` [n, 2] times the weights, to be compared with `target` [n].

    `stray` copies of one more point, at the row `stray_basis` of the basis, have a target of their own: the parameter
    `outlier`. `penalised` says which weights a penalty counts. `data` are the points as they were measured.
    """

    basis: np.ndarray
    target: np.ndarray
    axes: tuple[str, str]
    window: Window
    formula: str  # of a prediction, in LaTeX
    about: str
    source: Source
    penalised: tuple[float, float]
    data: RegressionData | BinaryData
    stray: int = 0
    stray_basis: tuple[float, float] = (0.0, 0.0)
    outlier: Param | None = None


def fitted(model: Model, loss: Loss, penalty: str = "none") -> Landscape:
    """The mean loss of the model over its points, plus the penalty's strength times its weights' L1 or squared L2 norm.

    Its parameters are the loss's own, `outlier` where the model has one, and `penalty` if there is one. Its height is
    NaN where a prediction leaves the loss's domain. Raises ValueError for targets that the loss does not take.
    """
    if penalty not in PENALTIES:
        raise ValueError(f"penalty must be one of {', '.join(PENALTIES)}, got {penalty!r:.40}")
    if not loss.target_domain.holds(model.target):
        raise ValueError(f"{loss.key} takes targets that are {loss.target_domain}; those of {model.about!r} are not")
    strength = (PENALTY,) if penalty != "none" else ()
    stray = (model.outlier,) if model.outlier else ()
    parts = Parts(model, loss, penalty)
    return Landscape(
        name=loss.short,
        value_of=parts.value,
        grad_of=parts.grad,
        hessian_of=parts.hessian,
        sweep_of=parts.sweep,
        sampled_grad_of=parts.sampled_grad,
        examples=parts.count,
        window=model.window,
        axes=model.axes,
        template=rf"\frac{{1}}{{n}} \sum_i L({model.formula},\ y_i)" + PENALTY_FORMULAS[penalty],
        params=(*loss.params, *stray, *strength),
        convex=loss.convex,
        costly=not loss.convex,
        about=model.about,
        source=model.source,
        key=loss.key,
    )


@dataclass(frozen=True)
class Parts:
    """The formulas of a fitted landscape: what the data add, the stray point and the penalty."""

    model: Model
    loss: Loss
    penalty: str

    def value(self, points: np.ndarray, **params: Any) -> np.ndarray:
        ones = np.ones((len(self.model.target), 1))
        total = self.data(self.loss.value, points, params, ones) + self.strayed(self.loss.value, points, params, [1.0])
        return total[..., 0] + self.penalised(points, params)

    def grad(self, points: np.ndarray, **params: Any) -> np.ndarray:
        total = self.data(self.loss.grad, points, params, self.model.basis)
        return total + self.strayed(self.loss.grad, points, params, self.model.stray_basis) + self.pull(points, params)

    def sampled_grad(self, points: np.ndarray, rows: np.ndarray, weights: np.ndarray, **params: Any) -> np.ndarray:
        """The gradient when only these examples count, each as much as its weight; the copies of the stray are last."""
        measured = rows < len(self.model.target)
        total = self.data(self.loss.grad, points, params, self.model.basis, rows[measured], weights[..., measured])
        stray = self.strayed(self.loss.grad, points, params, self.model.stray_basis)
        share = weights[..., ~measured].sum(axis=-1) * (self.count / max(self.model.stray, 1))
        return total + stray * share[..., None] + self.pull(points, params)

    def pull(self, points: np.ndarray, params: Mapping[str, Any]) -> Any:
        """The gradient of the penalty."""
        if self.penalty == "none":
            return 0.0
        slope = np.sign(points) if self.penalty == "l1" else 2 * points
        return np.asarray(params["penalty"])[..., None] * np.asarray(self.model.penalised) * slope

    def hessian(self, points: np.ndarray, **params: Any) -> np.ndarray:
        first, second = self.model.basis.T
        a, b = self.model.stray_basis
        products = np.stack([first * first, first * second, second * second], axis=-1)
        total = self.data(self.loss.curvature, points, params, products)
        total = total + self.strayed(self.loss.curvature, points, params, [a * a, a * b, b * b])
        bend = total[..., [[0, 1], [1, 2]]]
        if self.penalty == "l2":
            bend = bend + np.asarray(params["penalty"])[..., None, None] * 2 * np.diag(self.model.penalised)
        return bend

    def sweep(self, points: np.ndarray, settings: Sequence[Mapping[str, float]]) -> np.ndarray:
        """`value` at several settings of the parameters, what the data add only once for each setting of the loss's."""
        ones, known, heights = np.ones((len(self.model.target), 1)), {}, []
        for params in settings:
            own = tuple(params[param.name] for param in self.loss.params)
            if own not in known:
                known[own] = self.data(self.loss.value, points, params, ones)
            total = known[own] + self.strayed(self.loss.value, points, params, [1.0])
            heights.append(total[..., 0] + self.penalised(points, params))
        return np.stack(heights)

    def penalised(self, points: np.ndarray, params: Mapping[str, Any]) -> Any:
        if self.penalty == "none":
            return 0.0
        size = np.abs(points) if self.penalty == "l1" else points**2
        return params["penalty"] * (np.asarray(self.model.penalised) * size).sum(axis=-1)

    def data(
        self,
        method: Method,
        points: np.ndarray,
        params: Mapping[str, Any],
        columns: np.ndarray,
        chosen: np.ndarray | slice = EVERY,
        weights: Any = None,
    ) -> np.ndarray:
        """The data's part of the mean of a loss's value or slope times each of the columns [n, c]: [..., c].

        Of the chosen rows alone with these weights [..., rows], if given, in place of the mean's.
        """
        own = {param.name: np.asarray(params[param.name], dtype=np.float64) for param in self.loss.params}
        basis, target, columns = self.model.basis[chosen], self.model.target[chosen], columns[chosen]
        beside = () if weights is None else weights.shape[:-1]
        shape = np.broadcast_shapes(points.shape[:-1], beside, *(array.shape for array in own.values()))
        flat = np.broadcast_to(points, (*shape, 2)).reshape(-1, 2)
        rows = {name: array.reshape(1, 1) if array.size == 1 else np.broadcast_to(array, shape).reshape(-1, 1)
                for name, array in own.items()}  # fmt: skip
        if weights is not None:
            weights = np.broadcast_to(weights, (*shape, len(target))).reshape(len(flat), len(target))
        found = np.empty((len(flat), columns.shape[1]))
        size = max(1, ELEMENTS // max(1, len(target)))
        for begin in range(0, len(flat), size):
            part = slice(begin, begin + size)
            settings = {name: array if array.size == 1 else array[part] for name, array in rows.items()}
            each = self.where_defined(method, flat[part] @ basis.T, target, settings)
            found[part] = each @ columns / self.count if weights is None else (each * weights[part]) @ columns
        return found.reshape(*shape, columns.shape[1])

    def strayed(self, method: Method, points: np.ndarray, params: Mapping[str, Any], columns: Any) -> np.ndarray:
        """The stray point's part of that mean: [..., c]."""
        if self.model.outlier is None:
            return np.zeros(len(columns))
        own = {param.name: np.asarray(params[param.name])[..., None] for param in self.loss.params}
        pred = points @ np.asarray(self.model.stray_basis)
        found = self.where_defined(method, pred[..., None], np.asarray(params["outlier"])[..., None], own)
        return found * np.asarray(columns) * (self.model.stray / self.count)

    @property
    def count(self) -> int:
        return len(self.model.target) + (self.model.stray if self.model.outlier else 0)

    def where_defined(
        self, method: Method, pred: np.ndarray, target: Any, params: Mapping[str, np.ndarray]
    ) -> np.ndarray:
        """The loss's value or slope [..., n]; NaN for a prediction outside its domain."""
        if self.loss.pred_domain.holds(pred):
            return method(pred, target, **params)
        allowed = self.loss.pred_domain.mask(pred)
        return np.where(allowed, method(np.where(allowed, pred, 1.0), target, **params), np.nan)
