"""The landscape that a loss makes of data: its mean over the points, for every setting of a model's two weights.

A line (intercept and slope) for the regression losses, a logistic model's two weights for the binary ones. Everything
comes from the loss's own value, gradient and curvature through the model, so a new loss has a landscape at once.
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

# A loss's value, grad or curvature. For the data the arguments are not checked: it would take as long again.
Method = Callable[..., Any]

ALL_ROWS = slice(None)
MAX_PREDICTIONS = 32_000  # at once: they stay in the processor's cache, and memory does not grow with the grid
PENALTIES = {"none": "None", "l1": "L1", "l2": "L2"}
PENALTY_FORMULAS = {"none": "", "l1": r" + %(penalty)s \lVert w \rVert_1", "l2": r" + %(penalty)s \lVert w \rVert_2^2"}
PENALTY = Param("penalty", symbol="λ", latex=r"\lambda", default=0.0, low=0.0, high=1.0, step=0.05, domain=NON_NEGATIVE)


@dataclass(frozen=True, eq=False)
class FittedModel:
    """Data, a model of two weights for them, and the window of weights to look at.

    A prediction is linear in the weights: basis @ weights. Some models add copies of one outlier to the data, whose
    target is a parameter of the landscape.
    """

    basis: np.ndarray  # [n, 2]
    target: np.ndarray  # [n]
    axes: tuple[str, str]  # names of the weights
    window: Window
    formula: str  # of a prediction, in LaTeX
    about: str
    source: Source
    penalised: tuple[float, float]  # 1 for a weight that a penalty counts, 0 for one that it does not
    data: RegressionData | BinaryData  # the points as they were measured
    outlier: Param | None = None  # its target
    outlier_copies: int = 0
    outlier_basis: tuple[float, float] = (0.0, 0.0)


def fitted_landscape(model: FittedModel, loss: Loss, penalty: str = "none") -> Landscape:
    """The mean loss of the model over its points, plus the penalty's strength times its weights' L1 or squared L2 norm.

    penalty: a key of PENALTIES.

    The landscape's parameters are the loss's own, `outlier` where the model has one, and `penalty` if there is one. Its
    value is NaN where a prediction leaves the loss's domain. Raises ValueError for targets that the loss does not take.
    """
    if penalty not in PENALTIES:
        raise ValueError(f"penalty must be one of {', '.join(PENALTIES)}, got {penalty!r:.40}")
    if not loss.target_domain.holds(model.target):
        raise ValueError(f"{loss.key} takes targets that are {loss.target_domain}; those of {model.about!r} are not")
    strength = (PENALTY,) if penalty != "none" else ()
    outlier = (model.outlier,) if model.outlier else ()
    formulas = FittedFormulas(model, loss, penalty)
    return Landscape(
        name=loss.short,
        value_of=formulas.value,
        grad_of=formulas.grad,
        hessian_of=formulas.hessian,
        sweep_of=formulas.sweep,
        sampled_grad_of=formulas.sampled_grad,
        examples=formulas.examples,
        window=model.window,
        axes=model.axes,
        template=rf"\frac{{1}}{{n}} \sum_i L({model.formula},\ y_i)" + PENALTY_FORMULAS[penalty],
        params=(*loss.params, *outlier, *strength),
        convex=loss.convex,
        costly=not loss.convex,
        about=model.about,
        source=model.source,
        key=loss.key,
    )


@dataclass(frozen=True)
class FittedFormulas:
    """The formulas of a fitted landscape: sums of what the data, the outlier and the penalty add.

    Points are weights [..., 2]; `params` are the landscape's, numbers or arrays that broadcast with [...].
    """

    model: FittedModel
    loss: Loss
    penalty: str

    @property
    def examples(self) -> int:
        """Number of points, the copies of the outlier too."""
        return len(self.model.target) + (self.model.outlier_copies if self.model.outlier else 0)

    def value(self, points: np.ndarray, **params: Any) -> np.ndarray:
        """The landscape's value [...]."""
        return self._data_value(points, params) + self._rest_of_value(points, params)

    def sweep(self, points: np.ndarray, settings: Sequence[Mapping[str, float]]) -> np.ndarray:
        """`value` at several settings of the parameters [settings, ...].

        What the data add is computed once for all settings that share the loss's own parameters.
        """
        known: dict[tuple[float, ...], np.ndarray] = {}
        values = []
        for params in settings:
            own = tuple(params[param.name] for param in self.loss.params)
            if own not in known:
                known[own] = self._data_value(points, params)
            values.append(known[own] + self._rest_of_value(points, params))
        return np.stack(values)

    def grad(self, points: np.ndarray, **params: Any) -> np.ndarray:
        """The gradient [..., 2]."""
        of_data = self.of_data(self.loss.grad_of, points, params, self.model.basis)
        of_outlier = self.of_outlier(self.loss.grad, points, params, self.model.outlier_basis)
        return of_data + of_outlier + self.penalty_grad(points, params)

    def sampled_grad(self, points: np.ndarray, rows: np.ndarray, weights: np.ndarray, **params: Any) -> np.ndarray:
        """The gradient [..., 2] over the examples `rows` [r] alone, each times its weight [..., r].

        The copies of the outlier are the last examples.
        """
        measured = rows < len(self.model.target)
        of_data = self.of_data(
            self.loss.grad_of, points, params, self.model.basis, rows[measured], weights[..., measured]
        )
        of_outlier = self.of_outlier(self.loss.grad, points, params, self.model.outlier_basis)
        share = weights[..., ~measured].sum(axis=-1) * (self.examples / max(self.model.outlier_copies, 1))
        return of_data + of_outlier * share[..., None] + self.penalty_grad(points, params)

    def hessian(self, points: np.ndarray, **params: Any) -> np.ndarray:
        """Second derivatives [..., 2, 2]."""
        curvature_of = self.loss.curvature_of
        assert curvature_of is not None, "every loss of a single prediction has one"
        first, second = self.model.basis.T
        a, b = self.model.outlier_basis
        products = np.stack([first * first, first * second, second * second], axis=-1)
        total = self.of_data(curvature_of, points, params, products)
        total = total + self.of_outlier(self.loss.curvature, points, params, [a * a, a * b, b * b])
        hessian = total[..., [[0, 1], [1, 2]]]
        if self.penalty == "l2":
            hessian = hessian + np.asarray(params["penalty"])[..., None, None] * 2 * np.diag(self.model.penalised)
        return hessian

    def penalty_value(self, points: np.ndarray, params: Mapping[str, Any]) -> Any:
        """The penalty [...]; 0 without one."""
        if self.penalty == "none":
            return 0.0
        size = np.abs(points) if self.penalty == "l1" else points**2
        return params["penalty"] * (np.asarray(self.model.penalised) * size).sum(axis=-1)

    def penalty_grad(self, points: np.ndarray, params: Mapping[str, Any]) -> Any:
        """The gradient of the penalty [..., 2]; 0 without one."""
        if self.penalty == "none":
            return 0.0
        slope = np.sign(points) if self.penalty == "l1" else 2 * points
        return np.asarray(params["penalty"])[..., None] * np.asarray(self.model.penalised) * slope

    def of_data(
        self,
        method: Method,
        points: np.ndarray,
        params: Mapping[str, Any],
        columns: np.ndarray,
        rows: np.ndarray | slice = ALL_ROWS,
        weights: Any = None,
    ) -> np.ndarray:
        """The data's part of the mean of the loss's `method` times each of the columns: [..., c].

        method: the loss's value, grad or curvature; columns: [n, c].
        rows, weights: of these points alone, as a sum with these weights [..., rows] in place of the mean's.
        """
        own = {param.name: np.asarray(params[param.name], dtype=np.float64) for param in self.loss.params}
        basis, target, columns = self.model.basis[rows], self.model.target[rows], columns[rows]
        beside = () if weights is None else weights.shape[:-1]
        shape = np.broadcast_shapes(points.shape[:-1], beside, *(array.shape for array in own.values()))
        flat = np.broadcast_to(points, (*shape, 2)).reshape(-1, 2)
        flat_params = {
            name: array.reshape(1, 1) if array.size == 1 else np.broadcast_to(array, shape).reshape(-1, 1)
            for name, array in own.items()
        }
        if weights is not None:
            weights = np.broadcast_to(weights, (*shape, len(target))).reshape(len(flat), len(target))
        found = np.empty((len(flat), columns.shape[1]))
        size = max(1, MAX_PREDICTIONS // max(1, len(target)))
        for begin in range(0, len(flat), size):
            part = slice(begin, begin + size)
            settings = {name: array if array.size == 1 else array[part] for name, array in flat_params.items()}
            each = self._where_defined(method, flat[part] @ basis.T, target, settings)
            found[part] = each @ columns / self.examples if weights is None else (each * weights[part]) @ columns
        return found.reshape(*shape, columns.shape[1])

    def of_outlier(self, method: Method, points: np.ndarray, params: Mapping[str, Any], columns: Any) -> np.ndarray:
        """The outlier's part of the same mean, of all its copies: [..., c]. columns: [c], of the outlier."""
        if self.model.outlier is None:
            return np.zeros(len(columns))
        own = {param.name: np.asarray(params[param.name])[..., None] for param in self.loss.params}
        pred = points @ np.asarray(self.model.outlier_basis)
        found = self._where_defined(method, pred[..., None], np.asarray(params["outlier"])[..., None], own)
        return found * np.asarray(columns) * (self.model.outlier_copies / self.examples)

    def _data_value(self, points: np.ndarray, params: Mapping[str, Any]) -> np.ndarray:
        return self.of_data(self.loss.value_of, points, params, np.ones((len(self.model.target), 1)))[..., 0]

    def _rest_of_value(self, points: np.ndarray, params: Mapping[str, Any]) -> Any:
        of_outlier = self.of_outlier(self.loss.value, points, params, [1.0])[..., 0]
        return of_outlier + self.penalty_value(points, params)

    def _where_defined(
        self, method: Method, pred: np.ndarray, target: Any, params: Mapping[str, np.ndarray]
    ) -> np.ndarray:
        """The loss's value, gradient or curvature [..., n]; NaN for a prediction outside its domain."""
        with np.errstate(over="ignore"):  # infinity is the right answer there
            if self.loss.pred_domain.holds(pred):
                return method(pred, target, **params)
            allowed = self.loss.pred_domain.mask(pred)
            return np.where(allowed, method(np.where(allowed, pred, 1.0), target, **params), np.nan)
