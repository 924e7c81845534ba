"""Weight decay for any optimizer, decoupled or as part of the gradient."""

from __future__ import annotations

from dataclasses import replace

from core.optimizers.optimizer import Optimizer
from core.optimizers.params import DECAY


def with_weight_decay(optimizer: Optimizer, decay: float = DECAY.default, *, decoupled: bool = True) -> Optimizer:
    """The optimizer with one more parameter, `weight_decay` λ, whose default is `decay`.

    decoupled: each step also subtracts lr λ x from x (Loshchilov and Hutter 2019, as in AdamW). Otherwise λ x is added
        to the gradient: the gradient of a penalty λ ‖x‖²/2, as `weight_decay` in PyTorch's other optimizers.

    Wrap a schedule around it, `with_schedule(with_weight_decay(adam), ...)`: decoupled decay then follows the learning
    rate. Raises ValueError for a decay below 0 and for an optimizer that has weight decay already.
    """
    if DECAY.name in optimizer.defaults:
        raise ValueError(f"{optimizer.key} has weight decay already")

    def decoupled_step(x, grad, state, *, weight_decay, **params):
        after, state = optimizer.step_of(x, grad, state, **params)
        return after - params["lr"] * weight_decay * x, state

    def penalised_step(x, grad, state, *, weight_decay, **params):
        return optimizer.step_of(x, grad + weight_decay * x, state, **params)

    if decoupled:
        line = r" \\ x_{t+1} \leftarrow x_{t+1} - %(lr)s\, %(weight_decay)s\, x_t"
        template = r"\begin{gathered} " + optimizer.template + line + r" \end{gathered}"
    else:
        line = r"g_t \leftarrow g_t + %(weight_decay)s\, x_t \\ "
        template = r"\begin{gathered} " + line + optimizer.template + r" \end{gathered}"

    def torch_code(torch: str) -> str:
        return torch.removesuffix(")") + ", weight_decay=%(weight_decay)s)" if torch and not decoupled else ""

    found = replace(
        optimizer,
        step_of=decoupled_step if decoupled else penalised_step,
        params=(*optimizer.params, DECAY.but(default=float(decay))),
        template=template,
        torch=torch_code(optimizer.torch),
        torch_zero={name: torch_code(torch) for name, torch in optimizer.torch_zero.items()},
    )
    found.with_defaults({})  # checks the new default
    return found
