"""Every view, by key: the names that `/view/<name>` answers to."""

from core.record import collect
from core.stage.parameters import nearest
from core.views.class_imbalance import views as imbalance
from core.views.gradient_descent.views import VIEWS as DESCENTS
from core.views.home import guess
from core.views.kit.view import View
from core.views.loss_curves import curves
from core.views.loss_curves.fits import FITS
from core.views.loss_landscapes import views as landscapes
from core.views.training_curves.views import VIEWS as TRAINING

VIEWS = collect(View, guess, curves, FITS, landscapes, DESCENTS, imbalance, TRAINING)


def unknown(name: str) -> str:
    """What to say to somebody who asks for a view that there is not."""
    return f'unknown view "{name:.40}"; {nearest(name, VIEWS)}'


__all__ = ["VIEWS", "View", "unknown"]
