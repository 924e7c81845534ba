"""Weight decay for any optimizer: a pull towards 0, in the gradient or beside it."""

from __future__ import annotations

from dataclasses import replace

from core.optimizers.optimizer import Optimizer
from core.optimizers.params import DECAY


def with_weight_decay(optimizer: Optimizer, decay: float = DECAY.default, *, decoupled: bool = True) -> Optimizer:
    """The optimizer with a parameter `weight_decay` λ, whose new default is `decay`.

    Decoupled, every step also takes lr λ x away from x, past whatever the optimizer does with gradients (Loshchilov and
    Hutter 2019); otherwise λ x is added to the gradient, which is the slope of a penalty λ ‖x‖²/2 and PyTorch's
    `weight_decay` but for AdamW. A schedule goes outside: `scheduled(with_weight_decay(adam), ...)` makes the pull
    follow the rate. Raises ValueError for a decay below 0 and for an optimizer that has one.
    """
    if DECAY.name in optimizer.defaults:
        raise ValueError(f"{optimizer.key} has weight decay already")

    def beside(x, grad, state, *, weight_decay, **params):
        after, state = optimizer.step_of(x, grad, state, **params)
        return after - params["lr"] * weight_decay * x, state

    def inside(x, grad, state, *, weight_decay, **params):
        return optimizer.step_of(x, grad + weight_decay * x, state, **params)

    if decoupled:
        line = r" \\ x_{t+1} \leftarrow x_{t+1} - %(lr)s\, %(weight_decay)s\, x_t"
        template = r"\begin{gathered} " + optimizer.template + line + r" \end{gathered}"
    else:
        line = r"g_t \leftarrow g_t + %(weight_decay)s\, x_t \\ "
        template = r"\begin{gathered} " + line + optimizer.template + r" \end{gathered}"

    def spelling(torch: str) -> str:
        return torch.removesuffix(")") + ", weight_decay=%(weight_decay)s)" if torch and not decoupled else ""

    found = replace(
        optimizer,
        step_of=beside if decoupled else inside,
        params=(*optimizer.params, DECAY.but(default=float(decay))),
        template=template,
        torch=spelling(optimizer.torch),
        torch_zero={name: spelling(torch) for name, torch in optimizer.torch_zero.items()},
    )
    found.with_defaults({})  # the new default too is checked
    return found
