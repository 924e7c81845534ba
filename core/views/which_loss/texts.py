"""What is said of an advice: who wins, what to take, why, what to watch, and the code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from core.advice import PREDICTIONS, SEEDS, Advice, ExperimentResult, Method
from core.advice.advice import AnyLoss
from core.losses import BoxLoss, MaskLoss
from core.stage import Card, Link, Sweep, Text, Words
from core.views.kit.cards import NO_SUCH, citation

HARDLY = 0.1  # percent
NOTICED = 1  # percent
CHANCE = 1.96  # standard deviations of the wins, were both methods as good: more is rarer than 5 %
SCATTERED = 1.05  # times as much: then this is the reason that is given
ELSEWHERE = (
    "#### Something else to predict\n\n"
    "**Rankings:** a loss of pairs or lists, such as RankNet or ListNet; watch NDCG.\n\n"
    "**Embeddings:** triplet or contrastive loss.\n\n"
    "There is no experiment for them on this page."
)

SYMBOLS = {  # by what stands in a formula of boxes or masks
    "|B": "B is the predicted box, T the true one. C is the smallest box around both, c its diagonal, and d the "
    "distance of the middles.",
    "TP": "TP, FP and FN are sums over the pixels: of p on the object, of p beside it, and of 1 − p on the object.",
    "b_k": "b and t are the predicted and the true edges.",
}
SHOWN_ON: Mapping[str, tuple[str, str, dict[str, str], bool]] = {  # label, page, query, and whether it takes the losses
    "number": ("Both losses as curves", "loss-curves", {}, True),
    "count": ("Both losses as curves", "loss-curves", {}, True),
    "two_classes": ("Move the threshold yourself", "class-imbalance", {}, True),
    "classes": ("Train three classes under both", "class-probabilities", {"view": "train"}, True),
    "labels": ("What a softmax says", "class-probabilities", {}, False),
    "boxes": ("Watch a box descend both", "boxes-and-masks", {"show": "descent"}, True),
    "masks": ("Their gradients on a mask", "boxes-and-masks", {"view": "mask"}, True),
    "mistakes": ("See accuracy lie", "class-imbalance", {"show": "accuracy"}, False),
}


class AdviceTexts:
    """The words of an advice in each run of a sweep."""

    def __init__(self, word: str, advice: Advice, sweep: Sweep, found: ExperimentResult) -> None:
        self.word, self.advice, self.sweep, self.found = word, advice, sweep, found
        self.best, self.other = (one.settings(sweep.values) for one in (advice.best, advice.other))

    def each(self, strings: list[str]) -> Text:
        """One text for each run."""
        return Text("{words}", words=Words.each(strings, self.sweep))

    def summary(self) -> Text:
        """Who wins how often, what it saves, and what to take."""
        return self.each([self.verdict_of(run) for run in range(len(self.sweep))])

    def verdict_of(self, run: int) -> str:
        """The summary of one run."""
        wins, losses = int(self.found.wins[run]), int(self.found.losses[run])
        best, other = self.best[run], self.other[run]
        if not wins and not losses:
            ways = f"both ways are {best}" if best == other else f"{best} and {other} are the same"
            return f"Here {ways}: they cost the same in all {SEEDS} seeds."
        same = f", and ties in {SEEDS - wins - losses}" if wins + losses < SEEDS else ""
        holds = self.found.holds[run]
        take = self.how_to_take(run, holds=holds)
        if holds:
            less = saved(100 * float(self.found.saving[run]))
            return f"{best} wins in {wins} of {SEEDS} seeds against {other}{same}. {less}{take}"
        return f"Here {other} wins in {losses} of {SEEDS} seeds against {best}{same}{take} {self.reason(run)}"

    def how_to_take(self, run: int, *, holds: bool) -> str:
        """The end of a sentence on the method that wins more seeds: whether that may be chance, and its mean cost."""
        wins, losses = int(self.found.wins[run]), int(self.found.losses[run])
        best, other = self.found.best[run].mean(), self.found.other[run].mean()
        more = 100 * ((best / other if holds else other / best) - 1)
        if abs(wins - losses) < CHANCE * np.sqrt(wins + losses):
            if more < NOTICED:
                return ". That may be chance: take either."
            return f". That may be chance, and on average it costs {percent_text(more)} % more."
        if more < NOTICED:
            return ": take it."
        return f", but on average it costs {percent_text(more)} % more: take it if a few very high costs do no harm."

    def reason(self, run: int) -> str:
        """Why the other method wins: the scatter of the fits, where that is much larger under the advised one."""
        ratio = float(self.found.scatter[run])
        if ratio < SCATTERED:
            return self.advice.otherwise
        return f"The predictions of {self.best[run]} vary {ratio:.2g} times as much from seed to seed."

    def cards(self) -> tuple[Card, ...]:
        """The answer, its code, how the experiment was made, and what this page has no experiment for."""
        runs = range(len(self.sweep))
        return (
            Card(text=self.answer(), links=(link_of(self.word, self.advice),)),
            Card(
                text=self.formula(),
                code={
                    library: self.each([self.program(library, run) for run in runs])
                    for library in self.advice.best.loss.libraries
                },
                notes={library: self.notes(library) for library in self.advice.best.loss.libraries},
            ),
            Card(text=Text(self.experiment_text())),
            Card(text=Text(ELSEWHERE), folded="Something else to predict"),
        )

    def taken(self, run: int) -> Method:
        """The method that this run's experiment advises."""
        return self.advice.best if self.found.holds[run] else self.advice.other

    def by_run(self, template: str, **words: Callable[[int], str]) -> Text:
        """A text whose words are found for each run."""
        runs = range(len(self.sweep))
        return Text(template, **{name: Words.each([find(run) for run in runs], self.sweep)
                                 for name, find in words.items()})  # fmt: skip

    def answer(self) -> Text:
        """What to take, why, what else, and what to watch."""
        holds, advice = self.found.holds, self.advice
        untried = "" if advice.second == advice.other.key else " (not in this experiment)"
        second = f"{advice.best.losses[advice.second].name}{untried}"
        return self.by_run(
            "#### Take {name}\n\n**Why:** {why}\n\n**Second best:** {second}.\n\n"
            f"**Watch beside the loss:** {advice.metric}.\n\n**Why it is not the loss:** {advice.differs}",
            name=lambda run: self.best[run] if holds[run] else self.other[run],
            why=lambda run: advice.why if holds[run] else self.reason(run),
            second=lambda run: second if holds[run] else self.best[run],
        )

    def formula(self) -> Text:
        """The formula of the loss that is taken, what it estimates or what it is used for, and its source."""

        def latex_of(run: int) -> str:
            method = self.taken(run)
            return method.loss.formula_at(**self.params(method, run))

        return self.by_run(
            "#### {name}\n\n$$L = {formula}$$\n\n{about}\n\n**Source:** {source}",
            name=lambda run: self.taken(run).loss.name,
            formula=latex_of,
            about=lambda run: about(self.taken(run).loss),
            source=lambda run: citation(self.taken(run).loss.source),
        )

    def params(self, method: Method, run: int) -> dict[str, float]:
        """The parameters of a method in one run, as they are written."""
        return {name: float(f"{value[run]:.3g}") for name, value in method.at(self.sweep.values).items()}

    def program(self, library: str, run: int) -> str:
        """The code of the loss that is taken, and how to decide."""
        method = self.taken(run)
        if library not in method.loss.equivalents:
            return NO_SUCH.format(library)
        threshold = method.decides_at(self.sweep.values)[run]
        decision = "" if np.isnan(threshold) else f"\n# predict positive where sigmoid(pred) >= {threshold:.3g}"
        return method.loss.code(library, **self.params(method, run)) + decision

    def notes(self, library: str) -> str:
        """What to know of the programs: of both methods, for either may be the one that is taken."""
        losses = {method.key: method.loss for method in (self.advice.best, self.advice.other)}
        found = {loss.short: loss.equivalents[library].note for loss in losses.values() if library in loss.equivalents}
        return "\n\n".join(f"{name}: {note}" for name, note in found.items() if note)

    def experiment_text(self) -> str:
        """How the data are made and the cost is found."""
        return (
            f"#### The experiment\n\n{PREDICTIONS[self.word].about} {PREDICTIONS[self.word].tried} "
            "A seed is won by the loss that costs less. The advice holds where it wins more seeds than it loses."
        )


def about(loss: AnyLoss) -> str:
    """What a loss estimates; of one of boxes or masks, when it is used and what stands in its formula."""
    if not isinstance(loss, BoxLoss | MaskLoss):
        return f"**Estimates** {loss.estimates}."
    symbols = [words for symbol, words in SYMBOLS.items() if symbol in loss.template]
    return "\n\n".join([*symbols, f"**Use it when:** {loss.use_when}"])


def link_of(word: str, advice: Advice) -> Link:
    """To where the losses of an advice are shown with sliders of their own; `word` is the key of the prediction."""
    label, page, query, with_losses = SHOWN_ON[word]
    keys = dict.fromkeys((advice.best.key, advice.other.key))
    return Link(label=label, page=page, query={**query, **({"losses": ",".join(keys)} if with_losses else {})})


def saved(percent: float) -> str:
    """How much less a loss costs, as the begin of a sentence."""
    if percent < HARDLY:
        return "In the middle one it costs hardly less"
    return f"In the middle one it costs {percent_text(percent)} % less"


def percent_text(percent: float) -> str:
    return f"{percent:.0f}" if percent >= 10 else f"{percent:.2g}"
