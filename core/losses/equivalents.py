"""The same loss in other libraries: code that computes it, and where its value differs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.losses.family import FAMILIES, NUMERIC_TARGET
from core.losses.fold import fold
from core.record import Documented

MODULES = {  # what code for a library may import: module -> name in the code
    "NumPy": {"numpy": "np", "scipy.special": "scipy", "scipy.ndimage": "scipy"},
    "PyTorch": {"math": "math", "torch": "torch", "torchvision": "torchvision"},
    "MONAI": {"monai.losses": "monai"},
    "segmentation-models-pytorch": {"torch": "torch", "segmentation_models_pytorch": "smp"},
    "Keras": {"keras": "keras"},
    "scikit-learn": {"numpy": "np", "scipy.special": "scipy", "sklearn.metrics": "sklearn"},
    "Optax": {"jax": "jax", "jax.numpy": "jnp", "optax": "optax"},
}
LIBRARIES = {name: MODULES[name] for name in NUMERIC_TARGET}  # of what is no box and no mask


@dataclass(frozen=True)
class Equivalent:
    """This loss in another library: its mean over a batch, whatever the number type of the targets.

    `code` is an expression in `pred`, `target` and the parameters (as %(name)s); the reference generator runs it.
    `lines` are statements that it needs before it, in the same names. The program begins with the family's statements
    that make any target fit, unless the library's own function `takes_any`: integer or float, [n] or [n, 1].
    Ours = `scale` x theirs + `offset`, both expressions in the parameters and `target`; `note` says so in words.
    `where` is a condition in the same names: outside it the library computes something else, or loses digits, and
    `note` says that too. `rtol` is how closely the two agree; it is wide only where the library adds a small constant,
    or computes in single precision. `same_grad`: whether its gradient is ours too; where not, `note` says why.
    """

    code: str
    scale: str = "1"
    offset: str = "0"
    note: str = ""
    where: str = "True"
    rtol: float = 1e-12
    lines: str = ""
    takes_any: bool = False
    same_grad: bool = True

    def at(self, **params: float | str) -> str:
        """`code` with the parameters as numbers, or as these texts."""
        return fill_parameters(self.code, params)

    def program(self, library: str, params: Mapping[str, float | str], prepared: str) -> str:
        """The whole program: imports, `prepared`, which makes the target fit, `lines` and `loss = ...`."""
        parts = ("" if self.takes_any else prepared, fill_parameters(self.lines, params), f"loss = {self.at(**params)}")
        body = "\n".join(line for part in parts for statement in part.splitlines() for line in fold(statement))
        imports = imports_of(library, body)
        return "\n".join([*imports, "", body] if imports else [body])


def imports_of(library: str, body: str) -> list[str]:
    """The lines that import what a piece of code takes from a library, a key of MODULES."""
    found = []
    for module, name in MODULES[library].items():
        renamed = name != module.partition(".")[0]
        if re.search(rf"\b{re.escape(name if renamed else module)}\.", body):
            found.append(f"import {module}" + f" as {name}" * renamed)
    return found


def fill_parameters(template: str, params: Mapping[str, float | str]) -> str:
    """A piece of code with the parameters as numbers, or as these texts."""
    return template % {name: value if isinstance(value, str) else code_number(value) for name, value in params.items()}


def code_number(value: float) -> str:
    """A parameter's value as it stands in a program."""
    return f"{value:g}"


class WithEquivalents(Documented):
    """A record that other libraries have too, or that can be written out with them."""

    family: str  # a key of FAMILIES
    equivalents: Mapping[str, Equivalent]  # by library, of `libraries`
    soft_targets = False  # whether the target of its code is probabilities, where others have labels

    @property
    def prepared(self) -> Mapping[str, str]:
        """The statements that make any target fit, by library."""
        return NUMERIC_TARGET if self.soft_targets else FAMILIES[self.family].prepared

    @property
    def libraries(self) -> tuple[str, ...]:
        """The libraries that pickers of its code show, with or without such a loss."""
        return tuple(self.prepared)

    def code(self, library: str, **params: float | str) -> str:
        """Its mean over a batch with another library: imports, then what sets `loss`.

        The parameters stand in it as numbers; a text, such as a name, stands as it is.
        """
        return self.equivalents[library].program(library, self.defaults | params, self.prepared[library])
