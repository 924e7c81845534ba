"""Class probabilities: what a softmax says, and what each loss asks of it."""

from core.ui.header import header
from core.ui.stage import choose_and_show
from core.views import VIEWS
from core.views.class_probabilities.presets import PRESETS

SHOWN = {key: VIEWS[f"class_{key}"] for key in ("example", "simplex", "divergence", "train")}

scenes = header("Class probabilities", "class_probabilities.py", PRESETS, by="view")
choose_and_show(SHOWN, by="view", scenes=scenes)
