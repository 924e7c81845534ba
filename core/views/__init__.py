"""Every view, by key: the names that `/view/<name>` answers to."""

from core.catalogue import collect
from core.views import curves, descents, fits, guess, landscapes
from core.views.contract import View, nearest
from core.views.imbalance import views as imbalance
from core.views.training import views as training

VIEWS = collect(View, guess, curves, fits, landscapes, descents, imbalance, training)


def unknown(name: str) -> str:
    """What to say to somebody who asks for a view that there is not."""
    return f'unknown view "{name:.40}"; {nearest(name, VIEWS)}'


__all__ = ["VIEWS", "View", "unknown"]
