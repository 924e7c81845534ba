"""Loss landscapes: textbook ones, and those that a loss makes of data and of a network."""

from core.ui.choose import tab
from core.ui.header import header
from core.ui.stage import choose_and_show
from core.views import VIEWS

SHOWN = {
    "textbook": VIEWS["textbook_landscape"],
    "line": VIEWS["line_landscape"],
    "classifier": VIEWS["logistic_landscape"],
    "network": VIEWS["network_landscape"],
}

header("Loss landscapes")
opened, box = tab("view", {key: view.name for key, view in SHOWN.items()})
with box:
    choose_and_show(SHOWN[opened])
