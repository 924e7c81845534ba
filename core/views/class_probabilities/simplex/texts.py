"""The words beside the triangles: what each loss asks for, and how far that is from the true probabilities."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.models.simplex import Asks, LossMinimum
from core.stage import Card, Live, Sweep, Text, Words

HEADINGS = ("A", "B", "C", "least loss")
DIGITS = 3  # of a probability
NOTES = {
    Asks.PROPER: "It asks for exactly the true probabilities, wherever the ring is: it is strictly proper.",
    Asks.EXACT: "It asks for exactly the true probabilities here, but not everywhere.",
    Asks.OTHER: "It asks for {sure} confident probabilities than the true ones: {far} away.",
    Asks.CORNER: "It asks for {top} alone, a corner: {far} away.",
    Asks.MIX: "It asks for one of the most likely classes; a mix of them costs the same.",
    Asks.LEAD: "It asks for a score of {top} that leads by 1. Its scores are no probabilities.",
    Asks.TIE: "It asks for equal scores, a tie that names no class: none has more than half of the probability.",
}
BRIEF = {
    Asks.PROPER: "asks for exactly the true probabilities",
    Asks.EXACT: "asks for the true probabilities here",
    Asks.OTHER: "is {far} off the true probabilities",
    Asks.CORNER: "asks for {top} alone",
    Asks.MIX: "asks for one of the most likely classes",
    Asks.LEAD: "asks for a lead of {top}",
    Asks.TIE: "asks for a tie",
}
FAR = ("less than 0.1 points", "up to 1 point", "up to {points} points")
COOLED = (
    "",
    " After division of the scores by T (◇): exactly the true probabilities.",
    " After division of the scores by T (◇): {far_cooled} away.",
)
EXACTLY = 1e-6  # points: nearer is a rounding error
THEORY = Card(
    text=Text(
        "**Proper.** Labels are drawn from the true probabilities, and the loss is averaged over them. A loss is "
        "strictly proper if the true probabilities alone make that average least, whatever they are.\n\n"
        "**Temperature.** The prediction is softmax(z / T). ★ has the scores z that the loss asks for at T = 1, ◇ the "
        "same scores divided by T. T changes how confident a prediction is, never which class comes first. If training "
        "uses the same T, the best scores are T times as large, and the best probabilities stay.\n\n"
        "**Source:** [Gneiting, Raftery 2007, Strictly Proper Scoring Rules, Prediction, and Estimation]"
        "(https://doi.org/10.1198/016214506000001437)"
    ),
    wide=True,
)


Slots = dict[str, Live | Words]


def phrase(minimum: LossMinimum, sweep: Sweep, sentences: Mapping[Asks, str], after: str = "") -> Slots:
    """The sentence about each run, and what fills its slots; `after` ends their names."""
    known = np.unique(minimum.asks)
    numbers: Slots = {
        "top": Words("ABC", Live(minimum.asked.argmax(axis=-1), sweep)),
        "sure": Words(("less", "more"), Live(minimum.asked.max(axis=-1) > minimum.p.max(axis=-1), sweep)),
    }
    strings = [sentences[Asks(one)] for one in known]
    together = " ".join(strings)
    own: Slots = {f"{name}{after}": one for name, one in numbers.items() if f"{{{name}}}" in together}
    own |= distance(minimum.off(minimum.asked), sweep, after) if "{far}" in together else {}
    for name in ("far", *numbers):
        strings = [string.replace(f"{{{name}}}", f"{{{name}{after}}}") for string in strings]
    return own | {f"asks{after}": Words(strings, Live(np.searchsorted(known, minimum.asks), sweep))}


def distance(points: np.ndarray, by: Sweep, after: str = "") -> Slots:
    """The slot "far", a distance in points [runs] to one digit behind the point, and the number in it."""
    shown = np.round(points, 1)
    strings = [string.replace("{points}", f"{{points{after}}}") for string in FAR]
    which = np.select([shown == 0, shown == 1], [0, 1], 2)
    return {f"far{after}": Words(strings, Live(which, by)), f"points{after}": Live(shown, by)}


def note(minimum: LossMinimum, sweep: Sweep, cooled: np.ndarray, hot: Sweep) -> Text:
    """What a loss asks for, and what is left of it after a division by the temperature: [runs of hot, 3]."""
    slots = phrase(minimum, sweep, NOTES)
    if np.isnan(cooled).all():
        return Text("{asks}", **slots)
    points = 100 * np.abs(cooled - minimum.p[hot.runs_in(sweep)]).max(axis=-1)
    which = np.select([np.isnan(points), points < EXACTLY], [0, 1], 2)
    return Text("{asks}{divided}", **slots, divided=Words(COOLED, Live(which, hot)), **distance(points, hot, "_cooled"))


def summary(found: Mapping[str, tuple[LossMinimum, Sweep]]) -> Text:
    """What each loss, by its short name, asks for."""
    slots: Slots = {}
    for number, (minimum, sweep) in enumerate(found.values()):
        slots |= phrase(minimum, sweep, BRIEF, str(number))
    return Text("; ".join(f"{name} {{asks{number}}}" for number, name in enumerate(found)) + ".", **slots)


def cells(minimum: LossMinimum, sweep: Sweep) -> list[Live | Text]:
    """The probabilities that a loss asks for, if its scores have some, and its least expected loss."""
    q = [Live(np.round(column, DIGITS), sweep) if minimum.loss.link else Text("–") for column in minimum.asked.T]
    return [*q, Live(np.round(minimum.least, DIGITS + 1), sweep)]
