"""What a plot hands over to its stage."""

import numpy as np
import pytest

from core.stage import LegendEntry, Slider, Text
from core.views.kit.layout import Panel, axis, rows
from core.views.kit.plot import Plot


def test_a_symbol_is_explained_once_and_means_one_thing():
    plot = Plot(rows([[Panel(axis(), axis())]]))
    for _ in range(2):
        plot.explain("◇", "corner")
    plot.explain("●", "minimum")
    with pytest.raises(ValueError, match="◇ cannot mean 'cheapest': it means 'corner' already"):
        plot.explain("◇", "cheapest")
    probe = Slider(name="probe", label="Probe", values=np.array([0.0, 1.0]), start=0)
    stage = plot.stage(name="A", alt="B", sliders=(probe,), summary=Text("C"))
    assert stage.legend == (LegendEntry("◇", "corner"), LegendEntry("●", "minimum"))
