"""The words beside one example: what it says of the right answers, how a softmax is computed, its gradients."""

from __future__ import annotations

import numpy as np

from core.losses import LOSSES
from core.models.scored_example import bits, perplexity
from core.sentences import number_text
from core.stage import Card, Cell, Grid, Live, Slider, Task, Text, Words
from core.views.class_probabilities.example.figure import BARS, SMOOTHING, Runs
from core.views.kit import theme
from core.views.kit.cards import loss_card
from core.views.kit.units import unit

DECIMALS = 3  # in the table under the picture: five columns have room on a phone


def summary(runs: Runs) -> Text:
    """The surprise at the right answer, or the cross-entropy with several; what a step does; an overflow."""
    example, live, first = runs.example, runs.live, LOSSES[runs.losses[0]].short
    answer = runs.answer
    if answer is None:
        nats = example.cross_entropy
        text = "The mean surprise of the right answers, the cross-entropy, is {nats} {nat} or {bits} {bit}.{naive} "
        text += "No softmax comes below {entropy} nats, the entropy of this target."
        numbers = {"entropy": example.entropy}
    else:
        nats = example.surprise[:, answer]
        text = f"The right answer {runs.letters[answer]} has probability {{p}}: a surprise of {{nats}} {{nat}} or "
        text += "{bits} {bit}, perplexity {perplexity}.{naive} "
        text += f"One step of {first} makes the probability {{after}}."
        numbers = {"p": example.softmax[:, answer], "perplexity": perplexity(nats),
                   "after": runs.after[runs.losses[0]].softmax[:, answer]}  # fmt: skip
    numbers |= {"nats": nats, "bits": bits(nats)}
    overflow = " Computed in float32 as its formula is written, that is {}."
    naive = ["" if np.isfinite(one) else overflow.format(float_text(one)) for one in example.naive_cross_entropy]
    slots = {name: live(array) for name, array in numbers.items()}
    return Text(text, naive=Words.each(naive, runs.sweep), **slots, **units(runs, nats))


def units(runs: Runs, nats: np.ndarray) -> dict[str, Words]:
    """The units of a surprise [runs] in nats, and of the same in bits."""
    return {"nat": unit("nat", "nats", nats, runs.sweep), "bit": unit("bit", "bits", bits(nats), runs.sweep)}


def float_text(number: float) -> str:
    """A number to four digits, NaN and infinity in words."""
    return number_text(number) if np.isfinite(number) else "NaN" if np.isnan(number) else "infinity"


def gradients(runs: Runs) -> Grid:
    """The probabilities, the target, and each loss's gradient, by class.

    A bar is a probability itself, and a gradient's size beside the largest of all losses.
    """

    def sizes_of(array: np.ndarray) -> np.ndarray:
        return np.abs(np.nan_to_num(array, posinf=1e9, neginf=-1e9))

    most = np.max([sizes_of(grad).max(axis=-1) for grad in runs.grads.values()], axis=0)[..., None]  # [runs, 1]

    def row(name: str, array: np.ndarray, colour: str, whole: np.ndarray) -> tuple[str, tuple[Cell, ...]]:
        shares = sizes_of(array) / np.maximum(whole, 1e-300)
        columns = zip(np.round(array, DECIMALS).T, shares.T, strict=True)
        return name, tuple(Cell(Text("{}", runs.live(one)), runs.live(share), colour) for one, share in columns)

    rows = [row(name, array, BARS[name][1].colour, np.ones(1)) for name, array in runs.bars.items()]
    rows += [row(LOSSES[key].short, runs.grads[key], theme.look(key).colour, most) for key in runs.losses]
    return Grid(
        name="Softmax, target, and the gradient of each loss",
        colour=theme.NEUTRAL,
        columns=tuple(runs.letters),
        rows=tuple(rows),
    )


def cards(runs: Runs) -> tuple[Card, ...]:
    """What surprise is, a softmax computed in two ways, and the formula and code of each loss."""
    own = [loss_card(LOSSES[key], param_sliders(runs, key)) for key in runs.losses]
    return (surprise_card(runs), overflow_card(runs), *own)


def param_sliders(runs: Runs, key: str) -> dict[str, Slider]:
    """The slider of each parameter of a loss. That of the smoothing belongs to no loss: it moves the target of all."""
    own = {one.name: one for one in runs.sweep.sliders if one.owner == key}
    return {param.name: own.get(param.name, SMOOTHING) for param in LOSSES[key].params}


def surprise_card(runs: Runs) -> Card:
    nats = runs.example.cross_entropy
    return Card(text=Text(
        "#### Surprise\n\n"
        "$$q = \\operatorname{softmax}(z/T), \\qquad H(t, q) = -\\sum_k t_k \\log q_k$$\n\n"
        "The surprise of an answer is $-\\log$ of its probability. Cross-entropy is the mean surprise under the "
        "target: here {nats} {nat}. Divided by $\\log 2$ that is {bits} {bit}. The perplexity $e^H$ is {perplexity}: "
        "so many equally likely classes would surprise as much.\n\n"
        "Its gradient on each score is $(q - t)/T$: what the softmax has too much, divided by the temperature.",
        nats=runs.live(nats), bits=runs.live(bits(nats)), perplexity=runs.live(perplexity(nats)),
        **units(runs, nats),
    ))  # fmt: skip


def overflow_card(runs: Runs) -> Card:
    """The softmax as its formula is written, in float32, beside the stable one."""
    example, lines = runs.example, []
    slots: dict[str, Live | Words] = {}
    for at, letter in enumerate(runs.letters):
        lines.append(f"| {letter} | {{naive_{letter}}} | {{stable_{letter}}} |")
        slots[f"naive_{letter}"] = Words.each([float_text(one) for one in example.naive_softmax[:, at]], runs.sweep)
        slots[f"stable_{letter}"] = runs.live(example.softmax[:, at])
    slots["naive"] = Words.each([float_text(one) for one in example.naive_cross_entropy], runs.sweep)
    slots["stable"] = runs.live(example.cross_entropy)
    table = "\n".join(["| class | as written, float32 | largest score first taken away |", "|:--|--:|--:|", *lines,
                       "| cross-entropy | {naive} | {stable} |"])  # fmt: skip
    return Card(text=Text(
        "#### A softmax that does not overflow\n\n"
        "In float32 $e^z$ is infinite above 88.7, and infinity divided by infinity is NaN. Libraries first take the "
        "largest score away from all: the softmax stays the same, and no power exceeds 1.\n\n" + table, **slots,
    ))  # fmt: skip


def task(runs: Runs) -> Task:
    letter = runs.letters[runs.answer or 0]
    meets = "Cross-entropy is lowest where the softmax is the target: there its arrows vanish."
    also = ", and so does Cross-entropy's gradient" * ("categorical_cross_entropy" in runs.losses)
    falls = f"The surprise falls as the right answer gets likelier{also}."
    return Task(
        f"Drag the dot of {letter}, or “Score of {letter}”, up and down.", meets if runs.answer is None else falls
    )
