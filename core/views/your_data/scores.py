"""The figure of scores and labels: what a threshold makes of each model's scores, what that costs, and calibration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from scipy.special import logit

from core.evaluation.bootstrap import Bootstrap
from core.evaluation.scored import Scored
from core.evaluation.scored_model import ScoredModel
from core.evaluation.weighted_calibration import BINS
from core.metrics import DECISION_METRICS, Confusion
from core.sentences import join_words, plain_name
from core.stage import Grid, Live, Stage, Task, Text
from core.views.kit import theme
from core.views.kit.class_map import Count, confusion_grid
from core.views.kit.layout import Axis, Panel, axis, rows
from core.views.kit.plot import Plot, scatter
from core.views.kit.theme import Stroke
from core.views.your_data.curve_layout import PERCENT, WHOLE, curve_panels
from core.views.your_data.score_cards import score_cards
from core.views.your_data.score_sliders import score_sliders, weight_slider
from core.views.your_data.score_texts import model_note, summary

TOP, LOW, PHONE = 165, 140, 190  # pixels: heights of the rows
BETWEEN_ROWS = 58
MOST_MODELS = 6
DRAWN_POINTS = 200  # of a curve
COST_SHARES = np.linspace(0.0, 1.0, 81)  # of the cost that positives have
RARE = 0.1  # a prevalence from which on thresholds are drawn at even distances; below, at their log-odds
FEWEST_BINS, ROWS_OF_BIN = 4, 15  # of a calibration curve, where there are few rows
LOG_ODDS_SHOWN = 3.5  # on the axes of calibration: from 3 % to 97 %, and more where there is more
FEW_TICKS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99)
ACROSS_GAP, UPWARDS_GAP = 0.2, 0.1  # of an axis, between two of them: room for their words
THRESHOLD_TICKS = (0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)
HIGHEST_RELATIVE_COST = 2.0  # times that of the better decision without a model: what costs more is beyond the picture
BAND = 9  # pixels
THIN_LINE = 1.25
HEADINGS = ("precision", "recall", "cost per row")
PREDICTED = ("predicted negative", "predicted positive")
OUTCOMES = {"positive": ("fn", "tp"), "negative": ("tn", "fp")}  # in the order of PREDICTED
NO_MODEL = Stroke(theme.NEUTRAL, "dot")
CALIBRATED = Stroke(theme.NEUTRAL, "dashdot")


class ScoresFigure:
    """Precision-recall, ROC and calibration curves of every model, and the costs of its decisions.

    All frames are in it: the threshold, the cost ratio and the prevalence move every part that depends on them.
    """

    def __init__(self, scored: Scored) -> None:
        if len(scored.models) > MOST_MODELS:
            raise ValueError(
                f"at most {MOST_MODELS} models fit into one picture, got {len(scored.models)}: choose fewer"
            )
        self.scored = scored
        bootstrap = Bootstrap(len(scored))
        self.models = [ScoredModel(scored, name, bootstrap) for name in scored.names]
        self.threshold, self.cost, self.prevalence = score_sliders(scored)
        self.weight = weight_slider(scored)
        weighted = [self.weight] if any(scored.is_probability.values()) else []
        self.sliders = (self.threshold, self.cost, self.prevalence, *weighted)
        self.odds_ratios = scored.odds_ratio(self.prevalence.values)  # [prevalences]
        self.log_scale = min(scored.prevalence, 1 - scored.prevalence) < RARE
        self.costs, self.curves, self.precision, self.roc, self.calibration = self.panels()
        layout = rows(
            [[self.costs, self.curves], [self.precision, self.roc, self.calibration]],
            gap=BETWEEN_ROWS, between=0.07,
            phone=[[self.costs], [self.curves], [self.precision, self.roc], [self.calibration]],
        )  # fmt: skip
        self.plot = Plot(layout, left=48)
        self.draw_guides()
        for model, look in zip(self.models, self.looks, strict=True):
            self.draw_costs(model, look)
            self.draw_cost_curve(model, look)
            self.draw_curves(model, look)
            self.draw_calibration(model, look)
            self.add_reading(model, look)
        self.explain()

    @property
    def looks(self) -> list[Stroke]:
        """The stroke of each model."""
        return [Stroke(colour) for colour in theme.SERIES[: len(self.models)]]

    # --- the axes ---

    def panels(self) -> list[Panel]:
        return [
            Panel(self.threshold_axis(), axis(ends=(0, HIGHEST_RELATIVE_COST), nticks=5),
                  "Cost over threshold (1: without a model)", TOP, PHONE, width=0.55),
            Panel(axis("part of the cost at stake that positives have", (0, 1), tickformat=".0%"),
                  axis(ends=(0, 0.52), nticks=5), "Cost at every cost ratio (1: all rows wrong)", TOP, PHONE,
                  width=0.45),
            *curve_panels(LOW, PHONE),
            Panel(
                self.calibration_axis("predicted probability"), self.calibration_axis(""),
                "Calibration: observed frequency", LOW, PHONE,
            ),
        ]  # fmt: skip

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The ends of the axis of thresholds, in its units."""
        if not self.log_scale:
            return 0.0, 1.0
        inside = self.threshold.values[1:-1]
        return float(logit(inside[0])) - 0.5, float(logit(inside[-1])) + 0.5

    def threshold_axis(self) -> Axis:
        if not self.log_scale:
            return axis("decision threshold", self.ends)
        ticks = [tick for tick in THRESHOLD_TICKS if self.ends[0] < logit(tick) < self.ends[1]]
        return axis("decision threshold", self.ends, tickvals=logit(ticks).tolist(), ticktext=[f"{t:g}" for t in ticks])

    @property
    def bins(self) -> int:
        """The number of bins of calibration: in few rows of a bin a frequency would be noise."""
        return int(np.clip(len(self.scored) // ROWS_OF_BIN, FEWEST_BINS, BINS))

    @cached_property
    def calibration_ends(self) -> tuple[float, float]:
        """The ends of the axes of calibration."""
        if not self.log_scale:
            return WHOLE
        low, high = self.ends
        return min(low, -LOG_ODDS_SHOWN), max(high, LOG_ODDS_SHOWN)

    def calibration_axis(self, title: str) -> Axis:
        """Probabilities, at their log-odds where positives or negatives are rare."""
        if not self.log_scale:
            return axis(title, self.calibration_ends, **PERCENT)
        ticks = ticks_apart(self.calibration_ends, ACROSS_GAP if title else UPWARDS_GAP)
        return axis(
            title, self.calibration_ends, tickvals=logit(ticks).tolist(), ticktext=[f"{100 * t:g} %" for t in ticks]
        )

    def place_of_frequency(self, shares: np.ndarray) -> np.ndarray:
        """Where shares [...] are on the axes of calibration; 0 and 1 at their ends."""
        if not self.log_scale:
            return shares
        with np.errstate(divide="ignore"):
            return logit(shares).clip(*self.calibration_ends)

    def place(self, thresholds: np.ndarray) -> np.ndarray:
        """Where thresholds [...] are on their axis: at their log-odds where positives or negatives are rare."""
        if not self.log_scale:
            return thresholds
        with np.errstate(divide="ignore"):
            return logit(thresholds).clip(*self.ends)

    # --- numbers of a model in every frame ---

    @cached_property
    def by_ratio(self) -> tuple[np.ndarray, np.ndarray]:
        """The cost ratio and the odds ratio of every frame, [costs, prevalences] each."""
        cost, odds = np.broadcast_arrays(self.cost.values[:, None], self.odds_ratios)
        return cost, odds

    def live(self, array: np.ndarray) -> Live:
        """What follows the cost ratio and the prevalence: [costs, prevalences, ...]."""
        return Live(array, (self.cost, self.prevalence))

    @cached_property
    def without_model(self) -> np.ndarray:
        """The cost of the better of always negative and always positive, [costs, prevalences]."""
        always = [self.models[0].ranking.costs(place, *self.by_ratio) for place in (0, -1)]
        return np.minimum(*always)

    def costs_of(self, model: ScoredModel) -> np.ndarray:
        """The cost of a row, [costs, prevalences, thresholds]."""
        cost, odds = self.by_ratio
        return model.costs(self.threshold.values, cost[..., None], odds[..., None])

    def decisions(self, model: ScoredModel) -> Confusion:
        """The counts for as many rows as the file has, [prevalences, thresholds]."""
        return self.at_prevalences(model.counts(self.threshold.values))

    def at_prevalences(self, counts: Confusion) -> Confusion:
        """Counts of the file [...] where positives are more or less frequent, [prevalences, ...]."""
        odds = self.odds_ratios.reshape(-1, *(1,) * counts.tp.ndim)
        total, positives = counts.total, counts.positives
        scale = total / (odds * positives + total - positives)
        more = odds * scale
        return Confusion(more * counts.tp, scale * counts.fp, more * counts.fn, scale * counts.tn)

    # --- what is drawn ---

    def draw_guides(self) -> None:
        """The threshold, the cost ratio, and what decisions without a model come to."""
        plot, ends = self.plot, [0.0, 1.0]
        plot.line(self.costs, "without a model", self.ends, ends[1:] * 2, NO_MODEL, width=1, hoverinfo="skip")
        for y in (ends, ends[::-1]):
            plot.line(self.curves, "without a model", ends, y, NO_MODEL, width=1, hoverinfo="skip")
        plot.line(self.roc, "without a model", ends, ends, NO_MODEL, width=1, hoverinfo="skip")
        no_skill = Live(np.repeat(self.prevalence.values[:, None], 2, axis=1), self.prevalence)
        plot.line(self.precision, "without a model", ends, no_skill, NO_MODEL, width=1, hoverinfo="skip")
        whole = self.calibration_ends
        plot.line(self.calibration, "perfect calibration", whole, whole, NO_MODEL, width=1, hoverinfo="skip")
        calibrated = self.place(self.models[0].calibrated_threshold(*self.by_ratio))
        plot.line(self.costs, "1/(1 + c)", self.live(np.stack([calibrated] * 2, axis=-1)), [0.0, HIGHEST_RELATIVE_COST],
                  CALIBRATED, width=THIN_LINE, hoverinfo="skip")  # fmt: skip
        for panel, places, up in (
            (self.costs, self.place(self.threshold.values), [0.0, HIGHEST_RELATIVE_COST]),
            (self.calibration, self.place_of_frequency(self.threshold.values), whole),
        ):
            x = Live(np.repeat(places[:, None], 2, axis=1), self.threshold)
            stroke = Stroke(theme.NEUTRAL, "dash")
            plot.drag(plot.line(panel, "threshold", x, up, stroke, width=1.5, hoverinfo="skip"),
                      x=self.threshold)  # fmt: skip
        share = self.models[0].cost_share(*self.by_ratio)
        here = plot.line(self.curves, "cost ratio", self.live(np.stack([share] * 2, axis=-1)), [0.0, 0.52],
                         Stroke(theme.NEUTRAL, "dash"), width=1.5, hoverinfo="skip")  # fmt: skip
        plot.drag(here, x=self.cost)

    def draw_costs(self, model: ScoredModel, look: Stroke) -> None:
        """The cost at every threshold, the cheapest one and its interval."""
        ratios, name = self.by_ratio, plain_name(model.name)
        relative = self.costs_of(model) / self.without_model[..., None]
        least = (model.least_cost(*ratios) / self.without_model)[..., None]
        low, high = self.place(model.threshold_interval(*ratios))
        band = self.live(np.stack([low, high], axis=-1))
        pale = Stroke(theme.faint(look.colour))
        self.plot.line(self.costs, "95 % interval", band, self.live(np.repeat(least, 2, axis=-1)), pale, width=BAND,
                       hoverinfo="skip")  # fmt: skip
        x = self.place(self.threshold.values)
        hover = f"{name}: %{{y:.3~g}}<extra></extra>"
        self.plot.line(self.costs, name, x, self.live(relative), look, width=2.25, hovertemplate=hover)
        cheapest = self.place(model.cheapest_threshold(*ratios))[..., None]
        self.mark_cheapest(self.costs, look, cheapest, least)
        here = self.plot.marks(self.costs, "at the threshold", Live(x[:, None], self.threshold),
                               Live(relative[..., None], (self.cost, self.prevalence, self.threshold)),
                               theme.head(look), hoverinfo="skip")  # fmt: skip
        self.plot.drag(here, x=self.threshold)

    def draw_cost_curve(self, model: ScoredModel, look: Stroke) -> None:
        """The least cost at every ratio, and that at the threshold of calibrated probabilities."""
        name = plain_name(model.name)
        for y, width, what in (
            (model.cost_at_calibrated(COST_SHARES), THIN_LINE, "at 1/(1 + c)"),
            (model.cost_curve(COST_SHARES), 2.25, "at its best threshold"),
        ):
            hover = f"{name} {what}: %{{y:.3~g}}<extra></extra>"
            self.plot.line(self.curves, name, COST_SHARES, y, look, width=width, hovertemplate=hover)
        share = model.cost_share(*self.by_ratio)
        self.mark_cheapest(self.curves, look, share[..., None], model.cost_curve(share)[..., None])

    def draw_curves(self, model: ScoredModel, look: Stroke) -> None:
        """The precision-recall and the ROC curve, and the threshold and the cheapest one on both."""
        places, name = model.ranking.thinned(DRAWN_POINTS)[::-1], plain_name(model.name)
        drawn, here = self.at_prevalences(model.ranking.counts(places)), self.decisions(model)
        cheapest = model.ranking.cheapest(np.multiply(*self.by_ratio))
        best = model.ranking.counts(cheapest)
        odds = self.by_ratio[1]
        precision = DECISION_METRICS["precision"].value(Confusion(odds * best.tp, best.fp, odds * best.fn, best.tn))
        for panel, x, y, at_x, at_y, best_x, best_y, hover in (
            (
                self.precision, recall(drawn)[0], Live(DECISION_METRICS["precision"].value(drawn), self.prevalence),
                self.of_threshold(recall(here)[0]),
                Live(DECISION_METRICS["precision"].value(here)[..., None], (self.prevalence, self.threshold)),
                recall(best), precision, "recall %{x:.1%}, precision %{y:.1%}",
            ),
            (
                self.roc, false_positive_rate(drawn)[0], recall(drawn)[0],
                self.of_threshold(false_positive_rate(here)[0]), self.of_threshold(recall(here)[0]),
                false_positive_rate(best), recall(best), "false positive rate %{x:.1%}, recall %{y:.1%}",
            ),
        ):  # fmt: skip
            self.plot.line(panel, name, x, y, look, width=2.25, hovertemplate=f"{hover}<extra>{name}</extra>")
            self.mark_cheapest(panel, look, best_x[..., None], best_y[..., None])
            dot = self.plot.marks(panel, "at the threshold", at_x, at_y, theme.head(look), hoverinfo="skip")
            self.plot.drag(dot, along=self.threshold)

    def of_threshold(self, values: np.ndarray) -> Live:
        """A point for each threshold, [thresholds]."""
        return Live(values[:, None], self.threshold)

    def draw_calibration(self, model: ScoredModel, look: Stroke) -> None:
        """The observed frequency in bins of as many rows each, where positives are as frequent as chosen."""
        found, name = model.calibration(self.bins, self.odds_ratios, even=True), plain_name(model.name)
        x, y = (Live(self.place_of_frequency(shares), self.prevalence) for shares in (found.predicted, found.observed))
        self.plot.line(self.calibration, name, x, y, look, width=2.25, hoverinfo="skip")
        hover = f"observed %{{customdata:.3~p}}<extra>{name}</extra>"
        dots = {"color": look.colour, "size": 5}
        trace = scatter(name=name, mode="markers", marker=dots, hovertemplate=hover)
        self.plot.add(self.calibration, trace, x=x, y=y, customdata=Live(found.observed, self.prevalence))
        if self.scored.is_probability[model.name]:
            self.draw_without_weight(model, look, found.observed)

    def draw_without_weight(self, model: ScoredModel, look: Stroke, observed: np.ndarray) -> None:
        """The same after the chosen weight is undone, with hollow dots; nothing at a weight of 1.

        observed: the frequencies, [prevalences, bins].
        """
        others = self.weight.values != 1
        predicted = np.full((len(others), *observed.shape), np.nan)
        predicted[others] = model.without_weights(self.weight.values[others], self.bins, self.odds_ratios)
        x = Live(self.place_of_frequency(predicted), (self.weight, self.prevalence))
        y = Live(self.place_of_frequency(observed), self.prevalence)
        name = f"{plain_name(model.name)}, weight undone"
        self.plot.line(self.calibration, name, x, y, look, width=THIN_LINE, hoverinfo="skip")
        hollow = {"color": look.colour, "size": 7, "symbol": "circle-open"}
        self.plot.marks(self.calibration, name, x, y, hollow, hoverinfo="skip")

    def mark_cheapest(self, panel: Panel, look: Stroke, x: np.ndarray, y: np.ndarray) -> None:
        """The mark of the cheapest threshold: [costs, prevalences, 1] each."""
        marker = theme.BEST[theme.CHEAPEST] | {"color": look.colour}
        self.plot.marks(panel, "cheapest threshold", self.live(x), self.live(y), marker, hoverinfo="skip")

    # --- what is written ---

    def add_reading(self, model: ScoredModel, look: Stroke) -> None:
        """A model's numbers at the threshold, and what its scores are."""
        found = self.decisions(model)
        both = (self.prevalence, self.threshold)
        cells = (
            Live(DECISION_METRICS["precision"].value(found), both),
            Live(recall(found)[0], self.threshold),
            Live(self.costs_of(model), (self.cost, *both)),
        )
        self.plot.reading(plain_name(model.name), look, *cells, note=Text(model_note(model)))

    def grid(self, model: ScoredModel, look: Stroke) -> Grid:
        """The confusion matrix at the threshold, for as many rows as the file has."""
        found, both = self.decisions(model), (self.prevalence, self.threshold)
        passed, raised = recall(found)[0], false_positive_rate(found)[0]
        shares = {"tp": passed, "fn": 1 - passed, "fp": raised, "tn": 1 - raised}
        cells = {
            row: [
                Count(Live(getattr(found, name).round(1), both), Live(shares[name], self.threshold), name[0] == "t")
                for name in names
            ]
            for row, names in OUTCOMES.items()
        }
        return confusion_grid(plain_name(model.name), look, PREDICTED, cells)

    def explain(self) -> None:
        """The legend."""
        for symbol, text in {
            "◇": "cheapest threshold",
            "▬": "its 95 % interval (paler)",
            "●": "at the decision threshold",
            "- -": "decision threshold; the chosen cost ratio",
            "- ·": "threshold 1/(1 + c) of calibrated probabilities",
            "─": "thin: cost at the threshold 1/(1 + c)",
            "····": "without a model; perfect calibration",
            **({"○": "calibration with the chosen weight undone"} if self.weight in self.sliders else {}),
        }.items():
            self.plot.explain(symbol, text)

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each model and threshold: counts, metrics and the cost at these values of the other sliders."""
        cost, prevalence = self.cost.frame_at(values), self.prevalence.frame_at(values)
        found = [self.decisions(model)[prevalence] for model in self.models]
        thresholds, count = self.threshold.values, len(self.models)
        columns = {"model": np.repeat(np.array(self.scored.names), len(thresholds)),
                   "threshold": np.tile(thresholds, count)}  # fmt: skip
        columns |= {name: np.concatenate([getattr(one, name) for one in found]) for name in ("tp", "fp", "fn", "tn")}
        columns |= {
            name: np.concatenate([DECISION_METRICS[name].value(one) for one in found])
            for name in ("precision", "recall")
        }
        costs = [self.costs_of(model)[cost, prevalence] for model in self.models]
        return columns | {"cost": np.concatenate(costs)}


def scores_stage(scored: Scored) -> Stage:
    """The stage of scores and labels. ValueError for more models than fit into one picture."""
    figure = ScoresFigure(scored)
    names = join_words([plain_name(name) for name in scored.names])
    return figure.plot.stage(
        name="Your scores and labels",
        alt=f"For {names}: the cost over the decision threshold, with the cheapest threshold; the least cost at every "
        "cost ratio; and the precision-recall, ROC and calibration curves. A point marks the decision threshold.",
        sliders=figure.sliders,
        task=Task(
            f"Drag “{figure.cost.label}” to the right.",
            "The cheapest threshold ◇ moves to the left: a false negative costs more than many false positives.",
        ),
        summary=summary(figure.models, figure.cost, figure.prevalence, *figure.by_ratio),
        headings=HEADINGS,
        grids=tuple(figure.grid(model, look) for model, look in zip(figure.models, figure.looks, strict=True)),
        cards=score_cards(figure.models, figure.cost, figure.prevalence, figure.weight, *figure.by_ratio),
        table=figure.table,
    )


def ticks_apart(ends: tuple[float, float], gap: float) -> list[float]:
    """Those of FEW_TICKS that are between the ends of an axis of log-odds, at least this share of it apart."""
    low, high = ends
    found: list[float] = []
    for tick in FEW_TICKS:
        place = float(logit(tick))
        if low <= place <= high and (not found or place - logit(found[-1]) >= gap * (high - low)):
            found.append(tick)
    return found


def recall(counts: Confusion) -> np.ndarray:
    return DECISION_METRICS["recall"].value(counts)


def false_positive_rate(counts: Confusion) -> np.ndarray:
    return 1 - DECISION_METRICS["specificity"].value(counts)
