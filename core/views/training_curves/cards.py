"""The cards under training curves: the legend of the marks, the rules of the verdict, what to know of each loss."""

from __future__ import annotations

from collections.abc import Sequence

from core.diagnosis import RULES
from core.expression.typed_loss import loss_of
from core.losses import FAMILIES
from core.stage import Card, Text
from core.views.kit.cards import loss_cards

MARKS = (
    "● the epoch that is shown; ★ the epoch with the lowest validation loss; ⊠ where early stopping (choose it under "
    "More) would have ended the run. The model is trained on the training examples; validation uses other examples "
    "with the same noise."
)
CLASS_MARKS = (
    "In the panel of the data ● is a training example of class 0 and ◆ one of class 1. The colour is the score, and "
    "the line is the decision boundary, where the score is 0."
)
COMPARISON_MARKS = (
    "On the metric ● marks the epoch that is shown. On the size of the gradient it marks the example that the sentence "
    "above names."
)
VERDICT = "How the verdict is found"


def run_cards(loss: str) -> tuple[Card, ...]:
    """The legend of the marks, the rules of the verdict, and what to know of the loss."""
    legend = f"{MARKS} {CLASS_MARKS}" if FAMILIES[loss_of(loss).family].classes else MARKS
    rules = Card(text=Text(RULE_TABLE), wide=True, folded=VERDICT)
    return (Card(text=Text(legend), wide=True), rules, *loss_cards([loss]))


def comparison_cards(losses: Sequence[str]) -> tuple[Card, ...]:
    """The legend of the marks, and what to know of each loss."""
    return (Card(text=Text(COMPARISON_MARKS), wide=True), *loss_cards(losses))


def rule_table() -> str:
    """The rules of the verdict in their order, as a Markdown table."""
    lines = [f"| {number} | {rule.name} | {rule.text} |" for number, rule in enumerate(RULES.values(), start=1)]
    head = ["The first rule in this list that holds gives the verdict.", "", "| | | the rule |", "|---:|---|---|"]
    return "\n".join([*head, *lines])


RULE_TABLE = rule_table()
