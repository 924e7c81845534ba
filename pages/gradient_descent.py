"""Gradient descent: a race of optimizers across a landscape, one step of it, and a hundred starts."""

from core.ui.choose import tab
from core.ui.header import header
from core.ui.stage import choose_and_show
from core.views.gradient_descent.presets import PRESETS
from core.views.gradient_descent.problems import KINDS
from core.views.gradient_descent.views import BY_KIND

header("Gradient descent", "gradient_descent.py", PRESETS)
kind, box = tab("view", {key: kind.name for key, kind in KINDS.items()})
with box:
    choose_and_show(BY_KIND[kind], by="show", scenes=PRESETS)
