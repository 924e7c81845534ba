"""The sentences beside the figure of scores and labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import logit

from core.evaluation.scored import Scored
from core.evaluation.scored_model import ScoredModel
from core.sentences import number_text, plain_name
from core.stage import Live, Slider, Text, Words

USUAL = 0.5  # the threshold that is used where nobody chooses one
ALIKE = 0.15  # log-odds between two thresholds that are the same for any purpose
LITTLE = 0.005  # of a cost: less is no saving
SURPRISING = 1.96  # standard deviations: of calibrated models 5 % are farther off

CHEAPEST = ("{model}: the cheapest threshold is {best} (95 % interval {low} to {high}){as_score}",
            "{model}: predicting every row positive is cheapest",
            "{model}: predicting no row positive is cheapest")  # fmt: skip
AS_SCORE = ("", ", a score of {score} in the file")  # of a model whose scores are no probabilities
SAVING = (", {saving} % cheaper than 0.5", ", as cheap as 0.5")
FORMULA = "1/(1 + c) = "
THERE = "calibrated probabilities would have it at {formula}{calibrated}"
WHY = (
    f"{THERE}, about the same",
    f"{THERE}: too few rows are between the two to tell them apart",
    f"{THERE}: these are too high there, not calibrated",
    f"{THERE}: these are too low there, not calibrated",
    f"{THERE} if each amount were the mean one",
)
SAME, CHANCE, TOO_HIGH, TOO_LOW, OTHER_AMOUNTS = range(len(WHY))


def model_note(model: ScoredModel) -> str:
    """What the scores of a model are."""
    if model.scored.is_probability[model.name]:
        return (
            f"Its scores are probabilities: their mean is {number_text(100 * model.mean_prediction, 3)} %, and "
            f"{number_text(100 * model.scored.prevalence, 3)} % of the rows are positive."
        )
    slope, intercept = model.scored.platt[model.name]
    sign = "−" if intercept < 0 else "+"
    turned = " A lower score means positive." if slope < 0 else ""
    return (
        f"Its scores are not probabilities. Platt scaling on these rows turns them into p = σ({number_text(slope)} × "
        f"score {sign} {number_text(abs(intercept))}).{turned}"
    )


def summary(
    models: Sequence[ScoredModel], cost: Slider, prevalence: Slider, costs: np.ndarray, odds_ratios: np.ndarray
) -> Text:
    """The cheapest threshold of the model that is cheapest, what it saves, and why it is not 1/(1 + c).

    costs, odds_ratios: those of the sliders' frames, [costs, prevalences] each.
    """
    least = np.stack([model.least_cost(costs, odds_ratios) for model in models])
    chosen = least.argmin(axis=0)

    def of_chosen(values: list[np.ndarray]) -> np.ndarray:
        return np.take_along_axis(np.stack(values), chosen[None], axis=0)[0]

    by = (cost, prevalence)
    places = of_chosen([model.ranking.cheapest(costs * odds_ratios) for model in models])
    last = of_chosen([np.full(costs.shape, len(model.ranking.score)) for model in models])
    each_best = [(model, model.cheapest_threshold(costs, odds_ratios)) for model in models]
    best = of_chosen([one for _, one in each_best])
    intervals = [model.threshold_interval(costs, odds_ratios) for model in models]
    low, high = (of_chosen([one[end] for one in intervals]) for end in (0, 1))
    scores = of_chosen([model.scored.score_at(model.name, one) for model, one in each_best])
    usual = of_chosen([model.costs(USUAL, costs, odds_ratios) for model in models])
    is_score = of_chosen([np.full(costs.shape, not model.scored.is_probability[model.name]) for model in models])
    calibrated = models[0].calibrated_threshold(costs, odds_ratios)
    surprise = of_chosen([model.surprise(model.cheapest_threshold(costs, odds_ratios), calibrated) for model in models])
    why = reason(best, low, high, calibrated, surprise, amounts=models[0].scored.amount is not None)
    saving = 1 - least.min(axis=0) / np.where(usual > 0, usual, 1.0)
    head = np.where(places == 0, 1.0, np.where(places == last, 2.0, 0.0))
    return Text(
        "{cheapest}{saves}; {why}.",
        cheapest=Words(CHEAPEST, Live(head, by)),
        saves=Words(SAVING, Live((saving < LITTLE).astype(float), by)),
        why=Words(WHY, Live(why, by)),
        model=Words([plain_name(model.name) for model in models], Live(chosen.astype(float), by)),
        best=Live(best, by),
        as_score=Words(AS_SCORE, Live(is_score.astype(float), by)),
        score=Live(scores, by),
        low=Live(low, by),
        high=Live(high, by),
        saving=Live(np.round(100 * saving), by),
        calibrated=Live(calibrated, by),
        formula=Words.each([formula(models[0].scored, float(one)) for one in prevalence.values], prevalence),
    )


def formula(scored: Scored, prevalence: float) -> str:
    """The formula of the threshold of calibrated probabilities, where c in it is what the slider says."""
    return FORMULA if scored.amount is None and prevalence == scored.prevalence else ""


def reason(
    best: np.ndarray, low: np.ndarray, high: np.ndarray, calibrated: np.ndarray, surprise: np.ndarray, *, amounts: bool
) -> np.ndarray:
    """For each frame the number of the reason in WHY, float [...].

    best, low, high: the cheapest threshold and its interval, [...]. calibrated: the threshold of calibrated
    probabilities. surprise: of the positives between the two. amounts: whether rows have them.
    """
    with np.errstate(divide="ignore"):
        gap = np.abs(logit(best) - logit(calibrated))
    expected = np.abs(surprise) <= SURPRISING
    reasons = [gap <= ALIKE, (low <= calibrated) & (calibrated <= high), expected, calibrated < low]
    return np.select(reasons, [SAME, CHANCE, OTHER_AMOUNTS if amounts else CHANCE, TOO_HIGH], TOO_LOW).astype(float)
