"""What a view returns, and how it reaches a browser."""

from core.stage.contract import Aim, Pick, Reading, Reel, Stage, Text, Track, Words

__all__ = ["Aim", "Pick", "Reading", "Reel", "Stage", "Text", "Track", "Words"]
