"""Class probabilities: softmax, cross-entropy and what each loss of several classes asks for."""

from core.ui.header import header
from core.ui.stage import choose_and_show
from core.views import VIEWS
from core.views.class_probabilities.presets import PRESETS

SHOWN = {key: VIEWS[f"class_{key}"] for key in ("train",)}

header("Class probabilities", "class_probabilities.py", PRESETS)
choose_and_show(SHOWN, by="view", scenes=PRESETS)
