"""What a view returns, and how it reaches a browser."""

from core.stage.slider import Slider
from core.stage.stage import Aim, Cell, Grid, Pick, Reading, Stage, Text, Track, Words

__all__ = ["Aim", "Cell", "Grid", "Pick", "Reading", "Slider", "Stage", "Text", "Track", "Words"]
