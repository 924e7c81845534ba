"""Your data: which loss and which model, on a person's own file."""

from core.ui.header import header
from core.ui.own_table import of_examples, own_data, place_to_drop, read_dropped
from core.views.your_data.presets import PRESETS

scenes = header("Your data", "your_data.py", of_examples(PRESETS), by="kind", beside=place_to_drop)
read_dropped()
own_data(scenes)
