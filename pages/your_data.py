"""Your data: which loss and which model, on a person's own file."""

from core.ui.header import header
from core.ui.own_table import own_predictions, place_to_drop
from core.views.your_data.presets import PRESETS

header("Your data", "your_data.py", PRESETS, beside=place_to_drop)
own_predictions()
