"""Training curves: the loss over time, and what it tells."""

from core.ui.choose import tab
from core.ui.header import header
from core.ui.own_runs import own_runs
from core.ui.stage import choose_and_show
from core.views.training_curves.presets import PRESETS
from core.views.training_curves.views import COMPARISONS, RUNS

SHOWN = {"run": RUNS, "losses": COMPARISONS}

header("Training curves", "training_curves.py", PRESETS)
opened, box = tab("view", {"run": "One run", "losses": "Several losses", "own": "Your run"})
with box:
    if opened == "own":
        own_runs()
    else:
        choose_and_show(SHOWN[opened], by="task", scenes=PRESETS)
