"""Class imbalance: what a rare class does to a loss, and what helps."""

from core.ui.header import header
from core.ui.stage import choose_and_show
from core.views import VIEWS
from core.views.class_imbalance.presets import PRESETS

SHOWN = {key: VIEWS[f"imbalance_{key}"] for key in ("decisions", "accuracy", "sources")}

header("Class imbalance", "class_imbalance.py", PRESETS)
choose_and_show(SHOWN, by="show", scenes=PRESETS)
