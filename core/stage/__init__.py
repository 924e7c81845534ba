"""The stage that a view returns, and its way to a browser."""

from core.stage.card import Action, Card, Link
from core.stage.live import Live, Text, Words
from core.stage.slider import Slider
from core.stage.stage import (
    Cell,
    Grid,
    Handle,
    LegendEntry,
    Question,
    Reading,
    Stage,
    Story,
    StoryStep,
    Task,
    Tick,
    Traces,
    Track,
)
from core.stage.sweep import Sweep

__all__ = [
    "Action",
    "Card",
    "Cell",
    "Grid",
    "Handle",
    "LegendEntry",
    "Link",
    "Live",
    "Question",
    "Reading",
    "Slider",
    "Stage",
    "Story",
    "StoryStep",
    "Sweep",
    "Task",
    "Text",
    "Tick",
    "Traces",
    "Track",
    "Words",
]
