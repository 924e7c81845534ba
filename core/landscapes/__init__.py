"""Every textbook landscape, by key, and landscapes made from a loss and data (`fitted`)."""

from core.catalogue import collect
from core.landscapes import rugged, simple
from core.landscapes.contract import Landscape

LANDSCAPES = collect(Landscape, simple, rugged)

__all__ = ["LANDSCAPES", "Landscape"]
