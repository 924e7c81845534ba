"""Loss curves: compare losses, see the lines they fit, and check the numbers of the textbooks."""

from core.examples import EXAMPLES
from core.ui.choose import tab
from core.ui.examples import show_examples
from core.ui.header import header
from core.ui.own_data import views_with_own
from core.ui.stage import choose_and_show
from core.views.loss_curves.views import CURVES, FITS, own_fit

header("Loss curves")
opened, box = tab("view", {"compare": "Compare", "fit": "Fitted lines", "examples": "Worked examples"})
with box:
    if opened == "examples":
        show_examples(EXAMPLES)
    else:
        fits = views_with_own(FITS, own_fit)
        choose_and_show(*{"compare": (CURVES, "family"), "fit": (fits, "data")}[opened])
