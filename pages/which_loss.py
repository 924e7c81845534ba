"""Which loss: what is predicted, what the data are like, what a mistake costs; and an experiment that proves it."""

from core.advice import PREDICTIONS
from core.ui.header import header
from core.ui.stage import choose_and_show
from core.views import VIEWS
from core.views.which_loss.presets import PRESETS

SHOWN = {word: VIEWS[f"which_{word}"] for word in PREDICTIONS}

scenes = header("Which loss", "which_loss.py", PRESETS, by="predict")
choose_and_show(SHOWN, by="predict", scenes=scenes)
