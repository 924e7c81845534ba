"""A typed formula as a loss: value, gradient and curvature in the prediction, and what models must know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np

from core.expression.crossings import crossings
from core.expression.curve import LossLine
from core.expression.diagnosis import convexity, regression_line, score_line
from core.expression.expression import Derivative, Expression, parse
from core.expression.text import names_in_latex
from core.losses import LOSSES, Loss
from core.losses.axis import RESIDUAL, LossAxis
from core.losses.estimand import Estimand
from core.losses.loss import Formula, formula_in, identity, owner_of
from core.losses.sampled import KINK_OFFSET
from core.record import BINARY, REAL, Look, Source

VARIABLES = {"regression": ("r", "p", "y"), "binary": ("z", "y", "m", "p")}  # by family
PREDICTION = {"regression": "p", "binary": "z"}
# By family the word before the formula in an address; the sliders of its parameters have it in their names.
ADDRESS_WORDS = {"regression": "your_loss", "binary": "your_binary_loss"}
FAMILY_OF = {word: family for family, word in ADDRESS_WORDS.items()}
LOOKS = {"regression": Look("red"), "binary": Look("teal")}  # by family: no other loss of it is drawn so
SAMPLE_TRUTHS = (1.0, 4.0)  # at which a loss is looked at that depends on more than the residual
FAR_OUT = np.geomspace(10.0, 1e6, 51)[1:]
SCORES = np.linspace(-10.0, 10.0, 401)
FARTHEST_SCORE = 300.0  # beyond it the slopes of a cross-entropy are too small for float64
GRID = np.concatenate([-FAR_OUT[::-1], np.linspace(-10.0, 10.0, 401), FAR_OUT])  # of residuals and margins
JUMP = 1e-4  # between the sides of a corner, relative to the numbers
SAME = 1e-9  # two kinks, or two scores
Way = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, kw_only=True, eq=False)
class TypedLoss(Loss):
    """A formula as a loss of a family, whose prediction is p of regression and the score z of a binary one.

    As other losses, but its arguments are not checked: outside the domain of a part of the formula its value and its
    slopes are NaN or infinite.
    """

    typed: Expression

    @cached_property
    def expression(self) -> Expression:
        """The formula in the prediction and the truth alone."""
        return self.typed.of_family()

    @cached_property
    def slope(self) -> Derivative:
        """The derivative in the prediction."""
        return self.expression.derivative(PREDICTION[self.family])

    # A parameter may have any name, that of an argument too: hence no argument of these can be given by its name.

    def value(self, pred: Any, target: Any, /, **params: Any) -> np.ndarray:  # type: ignore[override]
        return self.value_of(pred, target, **params)

    def grad(self, pred: Any, target: Any, /, **params: Any) -> np.ndarray:  # type: ignore[override]
        return self.grad_of(pred, target, **params)

    def curvature(self, pred: Any, target: Any, /, **params: Any) -> np.ndarray:  # type: ignore[override]
        assert self.curvature_of is not None
        return self.curvature_of(pred, target, **params)

    def code(self, library: str, /, **params: Any) -> str:  # type: ignore[override]
        """A function in a library that returns its mean over a batch."""
        return self.typed.code(library, **params)

    def kinks_on(self, axis: LossAxis, params: Mapping[str, np.ndarray], truth: np.ndarray) -> np.ndarray:
        """As of other losses: where the value, the slope or the curvature does jump."""
        own = {name: values.ravel() for name, values in params.items()}
        found = self.jumps(axis.to_loss, axis.grid, own, truth.ravel())
        return found.reshape(*truth.shape, found.shape[1])

    def kinks_at(self, params: Mapping[str, np.ndarray], settings: int) -> np.ndarray:
        """As of other losses; of residuals those that are a kink at all of SAMPLE_TRUTHS, of margins at one label."""
        if self.family == "binary":
            ways = [partial(margin_to_loss, label) for label in (0.0, 1.0)]
            found = np.concatenate([self.jumps(way, GRID, params, np.zeros(settings)) for way in ways], axis=1)
            return np.sort(found, axis=1)
        truths = SAMPLE_TRUTHS[:1] if self.of_residual else SAMPLE_TRUTHS
        first, *others = (self.jumps(RESIDUAL.to_loss, GRID, params, np.full(settings, truth)) for truth in truths)
        for other in others:
            same = np.isclose(first[:, :, None], other[:, None, :], rtol=0, atol=SAME).any(axis=2)
            first = np.where(same, first, np.nan)
        return np.sort(first, axis=1)

    def jumps(self, to_loss: Way, grid: np.ndarray, params: Mapping[str, np.ndarray], truth: np.ndarray) -> np.ndarray:
        """Where value, slope or curvature jump as x goes along a grid: [settings, places], NaN where there are fewer.

        to_loss: x and truth -> prediction and target. params, truth: [settings].
        """
        own = {name: values[:, None] for name, values in params.items()}

        def at(part: Expression | Derivative, x: np.ndarray) -> np.ndarray:
            pred, target = to_loss(x, truth[:, None])
            found = part.value(**{PREDICTION[self.family]: pred, "y": target}, **own)
            return np.broadcast_to(found, (len(truth), x.shape[-1]))

        every = [crossings(partial(at, kink), grid) for kink in self.expression.kinks]
        places = np.concatenate([np.empty((len(truth), 0)), *every], axis=1)
        there = np.zeros(places.shape, dtype=bool)
        side = KINK_OFFSET * np.maximum(1.0, np.abs(places))
        for part in (self.expression, self.slope, self.slope.derivative(PREDICTION[self.family])):
            left, right = at(part, places - side), at(part, places + side)
            there |= np.abs(right - left) > JUMP * (1 + np.abs(left) + np.abs(right))
        found = np.where(there, places, np.nan)
        return found[:, ~np.isnan(found).all(axis=0)]

    def settings(self, inside: int = 0) -> Iterator[dict[str, float]]:
        """Its parameters at their starts, and each at both ends of its slider, or so many steps inside them."""
        yield self.starts
        for param in self.params:
            ends = (param.frames[inside], param.frames[-1 - inside])
            yield from (self.starts | {param.name: float(end)} for end in ends)

    def lines(self, params: Mapping[str, float]) -> Sequence[LossLine]:
        """Its curves along the residual or the score, for some true values or both labels."""
        if self.family == "binary":
            return [score_line(self.typed, label, **params) for label in (0, 1)]
        truths = SAMPLE_TRUTHS[:1] if self.of_residual else SAMPLE_TRUTHS
        return [regression_line(self.typed, truth, **params) for truth in truths]


@lru_cache(maxsize=256)
def typed_loss(text: str, family: str) -> TypedLoss:
    """The loss that a text is. Raises ExpressionError for a text that is no formula in the family's variables."""
    typed = parse(text, VARIABLES[family])
    expression, name = typed.of_family(), PREDICTION[family]
    slope = expression.derivative(name)
    second = slope.derivative(name)
    variables = set(typed.root.names) & set(typed.variables)
    own = {param.name for param in typed.parameters}
    names = names_in_latex(tuple(one for one in typed.root.names if one not in own))

    def of(part: Expression | Derivative) -> Formula:
        return lambda pred, target, /, **params: part.value(**{name: pred, "y": target}, **params)

    found = TypedLoss(
        key=f"{ADDRESS_WORDS[family]}:{text}",
        name="Your loss",
        short="Your loss",
        family=family,
        typed=typed,
        look=LOOKS[family],
        params=typed.parameters,
        template=typed.template % (names | {one: f"%({one})s" for one in own}),
        value_of=of(expression),
        grad_of=of(slope),
        curvature_of=of(second),
        target_domain=BINARY if family == "binary" else REAL,
        of_residual=not variables - {"r", "m"},
        convex=False,
        fits_confirmed=False,
        estimates=Estimand("what costs least on average"),
        use_when="You know what a mistake costs, and no known loss says it.",
        watch_out="The page “Your loss” says what it does.",
        source=Source("You", 2026, "typed on this page"),
    )
    return replace(found, kinks=partial(kinks_of, found))


@lru_cache(maxsize=256)
def loss_of(key: str) -> Loss:
    """The loss of a key: one of core.losses, or the one whose formula the key holds. KeyError for another key."""
    if key in LOSSES:
        return LOSSES[key]
    loss = typed_loss(formula_in(key), FAMILY_OF[owner_of(key)])
    every = [line for params in loss.settings() for line in loss.lines(params)]
    with np.errstate(all="ignore"):
        convex = all(convexity(line, "r").answer == "convex" for line in every)
        # Where the slope falls in a jump, nothing is least.
        corners = any(one.kind == "corner" and one.right > one.left for line in every for one in line.corners)
        log_odds = log_odds_of(loss) if loss.family == "binary" else None
    return replace(
        loss,
        convex=convex,
        subgradient="the one nearest to 0" if corners else "",
        log_odds=log_odds,
        estimates=Estimand("the log-odds of y = 1") if log_odds is identity else loss.estimates,
    )


def kinks_of(loss: TypedLoss, /, **params: float) -> tuple[float, ...]:
    """Where the value, the slope or the curvature jumps, as residuals or margins."""
    (found,) = loss.kinks_at({name: np.array([value]) for name, value in params.items()}, 1)
    found = found[np.isfinite(found)]
    return tuple(found[np.diff(found, prepend=-np.inf) > SAME].tolist())  # both labels may have one at the same margin


def margin_to_loss(label: float, margin: np.ndarray, _: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The score and the label of a margin."""
    return (2 * label - 1) * margin, np.asarray(label)


def log_odds_of(loss: TypedLoss) -> Callable[..., Any] | None:
    """The log-odds of y = 1 for which a score is best: there the slopes for both labels balance. None if it tells none.

    Where the score itself is the log-odds it is `identity`.
    """

    def log_odds(score: np.ndarray, **params: float) -> np.ndarray:
        inside = np.clip(score, -FARTHEST_SCORE, FARTHEST_SCORE)
        with np.errstate(all="ignore"):
            found = np.log(loss.grad(inside, 0.0, **params)) - np.log(-loss.grad(inside, 1.0, **params))
        return np.clip(found, -FARTHEST_SCORE, FARTHEST_SCORE)

    # A weight of 0 at the end of a slider makes a loss deaf to one label, and is no reason to say so of the others.
    every = [log_odds(SCORES, **params) for params in loss.settings(inside=1)]
    if not all(np.isfinite(one).all() and np.all(np.diff(one) > SAME) for one in every):
        return None
    return identity if all(np.allclose(one, SCORES, rtol=0, atol=SAME) for one in every) else log_odds
