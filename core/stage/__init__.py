"""What a view returns, and how it reaches a browser."""

from core.stage.contract import Aim, Cell, Grid, Pick, Reading, Stage, Text, Track, Words
from core.stage.reel import Reel

__all__ = ["Aim", "Cell", "Grid", "Pick", "Reading", "Reel", "Stage", "Text", "Track", "Words"]
