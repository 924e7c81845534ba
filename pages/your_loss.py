"""Your loss: type a formula, and see what it does."""

from core.ui.header import header
from core.ui.stage import choose_and_show
from core.views import VIEWS
from core.views.your_loss.presets import PRESETS

SHOWN = {family: VIEWS[f"{family}_typed"] for family in ("regression", "binary", "two_goals")}

scenes = header("Your loss", "your_loss.py", PRESETS, by="family")
choose_and_show(SHOWN, by="family", scenes=scenes)
