"""What a view returns, and how it reaches a browser."""

from core.stage.contract import Pick, Reading, Reel, Stage, Text, Track, Words

__all__ = ["Pick", "Reading", "Reel", "Stage", "Text", "Track", "Words"]
