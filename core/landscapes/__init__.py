"""Every textbook landscape, by key, and landscapes made from a loss and data (`fitted`)."""

from core.landscapes import rugged, simple
from core.landscapes.landscape import Landscape
from core.record import collect

LANDSCAPES = collect(Landscape, simple, rugged)

__all__ = ["LANDSCAPES", "Landscape"]
