"""Every textbook landscape, by key; landscapes of a loss over data are made by `core.landscapes.fitted`."""

from core.landscapes import rugged, simple
from core.landscapes.landscape import Landscape
from core.record import collect

LANDSCAPES = collect(Landscape, simple, rugged)

__all__ = ["LANDSCAPES", "Landscape"]
