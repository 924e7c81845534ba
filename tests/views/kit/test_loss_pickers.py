"""What somebody types into a picker of losses finds the loss."""

import pytest

from core.losses import LOSSES
from core.views import VIEWS
from core.views.kit.loss_pickers import labels

TYPED = {
    "L2": "squared_error", "MSE": "squared_error", "RMSE": "squared_error", "squared": "squared_error",
    "L1": "absolute_error", "MAE": "absolute_error", "pinball": "quantile", "MAPE": "absolute_percentage_error",
    "BCE": "binary_cross_entropy", "NLL": "gaussian_nll", "logcosh": "log_cosh",
    "log loss": "binary_cross_entropy", "CE": "categorical_cross_entropy", "KL": "kl_divergence",
}  # fmt: skip


def found(label: str, text: str) -> bool:
    """Whether Streamlit's pickers show an option for a text: all its letters are there, in their order."""
    rest = iter(label.lower())
    return all(letter in rest for letter in text.lower())


@pytest.mark.parametrize(("text", "key"), TYPED.items())
def test_the_usual_names_find_a_loss_in_every_picker_that_has_it(text, key):
    pickers = [param.options for view in VIEWS.values() for param in view.params if param.name in ("loss", "losses")]
    of_them = [options[key] for options in pickers if key in options]
    assert of_them
    assert all(found(label, text) for label in of_them)


def test_a_label_is_short():
    assert max(map(len, labels(LOSSES).values())) <= 60
