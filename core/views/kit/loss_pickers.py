"""The pickers of losses: those of core.losses, and a formula that a person types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from core.expression.examples import FORMULA_EXAMPLES
from core.expression.reading import MOST_CHARACTERS
from core.expression.typed_loss import ADDRESS_WORDS
from core.expression.usable import drawable, trainable
from core.stage.parameters import OneOf, SomeOf, Typed, TypedOption

RANGES_HELP = """\
Every other name is a parameter with a slider. To choose its ends, type after the formula: with c from 0 to 20."""
VARIABLES_HELP = {
    "regression": f"r is the error, prediction p less true value y. {RANGES_HELP}",
    "binary": "z is the score, y the label 0 or 1, m the margin (positive where z has the right sign), p the sigmoid "
    f"of z. {RANGES_HELP}",
}
FIRST = {"regression": "r^2 + c max(-r, 0)^2", "binary": "(1 + w) y softplus(-z) + (1 - y) softplus(z)"}


def formula_field(family: str, check: Callable[[str], Any], default: str = "") -> Typed:
    """The field of a formula of a family. `check` raises ValueError, a sentence, for a text that is none."""
    every = (one.formula for one in FORMULA_EXAMPLES if one.family == family)
    return Typed(name="formula", label="Formula of your loss", default=default or FIRST[family],
                 longest=MOST_CHARACTERS, check=check, examples=tuple(one for one in every if passes(check, one)),
                 shared=ADDRESS_WORDS[family], help=VARIABLES_HELP[family])  # fmt: skip


def passes(check: Callable[[str], Any], text: str) -> bool:
    """Whether a check takes a text."""
    try:
        check(text)
    except ValueError:
        return False
    return True


def your_loss(family: str, *, trains: bool) -> TypedOption:
    """The option of a typed loss. `trains`: whether a model is trained under it: not every formula will do for that."""
    field = formula_field(family, partial(trainable if trains else drawable, family=family))
    return TypedOption(word=ADDRESS_WORDS[family], name="Your loss", field=field)


def labels(losses: Mapping[str, Any]) -> dict[str, str]:
    """The options of a picker of losses: a picker finds what a person types in these words, and nowhere else."""
    return {key: label(loss) for key, loss in losses.items()}


def label(loss: Any) -> str:
    """The name of a loss, with other names behind it if its record has some: "Squared error (MSE, L2)"."""
    if not (also := getattr(loss, "also", ())):
        return str(loss.name)
    name, opened, inner = loss.name.removesuffix(")").partition(" (")
    return f"{name} ({', '.join([*([inner] if opened else []), *also])})"


def one_loss(losses: Mapping[str, Any], family: str, default: str, **rest: Any) -> OneOf:
    """The picker of one of these losses, by key, or a typed one of the family, to train a model under."""
    return OneOf(name="loss", label="Loss", options=labels(losses), default=default,
                 typed=your_loss(family, trains=True), **rest)  # fmt: skip


def some_losses(
    losses: Mapping[str, Any], family: str, default: tuple[str, ...], most: int, *, trains: bool = True, **rest: Any
) -> SomeOf:
    """The picker of some of these losses, by key, and a typed one of the family."""
    return SomeOf(name="losses", label="Losses", options=labels(losses), default=default, most=most,
                  typed=your_loss(family, trains=trains), **rest)  # fmt: skip
