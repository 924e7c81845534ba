"""The pictures of predictions: what is drawn and said is what the losses are."""

import numpy as np
import pytest

from core.evaluation.predictions import Predictions
from core.losses import LOSSES
from core.sentences import number_text, plain_name
from core.stage.encode import payload
from core.views import VIEWS
from core.views.your_data.bias import BiasPicture
from core.views.your_data.murphy import MurphyPicture
from core.views.your_data.ranking import END, RankingPicture
from core.views.your_data.settings import TAU, short_number
from core.views.your_data.views import PREDICTION_PICTURES
from core.views.your_data.worst_rows import SHARES, WorstRows

RANDOM = np.random.default_rng(11)
TARGET = RANDOM.gamma(2.0, 5.0, 500) + 1
OWN = Predictions(TARGET, {"good": TARGET + RANDOM.normal(size=500), "low": TARGET - 2 + RANDOM.standard_t(3, 500),
                           "{0} <b>%{x}": TARGET * 1.1})  # fmt: skip
ODD = {
    "one model": Predictions(TARGET, {"only": TARGET + 1}),
    "two rows": Predictions(np.array([1.0, 2]), {"a": np.array([1.0, 3]), "b": np.array([2.0, 2])}),
    "all perfect": Predictions(TARGET, {"a": TARGET, "b": TARGET}),
    "one perfect": Predictions(TARGET, {"a": TARGET, "b": TARGET + 1}),
    "constant": Predictions(np.full(9, 3.0), {"a": np.full(9, 3.0), "b": np.full(9, 4.0)}),
    "huge": Predictions(TARGET * 1e100, {"a": TARGET * 1.1e100, "b": TARGET * 0.9e100}),
    "tiny": Predictions(TARGET * 1e-100, {"a": TARGET * 1.1e-100, "b": TARGET * 0.9e-100}),
    "negative": Predictions(-TARGET, {"a": -TARGET * 1.1, "b": 1 - TARGET}),
}


def summary_text(stage, **values):
    """The summary at these values of the sliders."""
    text = stage.summary.template
    for _ in range(3):
        for name, slot in stage.summary.slots.items():
            if hasattr(slot, "strings"):
                by = slot.by
                at = by.frame_at(values) if hasattr(by, "frame_at") else int(by.row(values))
                text = text.replace(f"{{{name}}}", slot.strings[at])
            else:
                text = text.replace(f"{{{name}}}", f"{float(slot.row(values)):.4g}")
    return text


def test_marks_are_at_the_ratio_to_the_best_model():
    picture = RankingPicture(OWN)
    stage, own = picture.stage({}), picture.own
    row = [loss.key for loss in own.losses if own.slider_of(loss) is own.tau].index("quantile")
    for level in (0.05, 0.5, 0.95):
        means = [LOSSES["quantile"].value(pred, TARGET, tau=level).mean() for pred in OWN.models.values()]
        for name, mean in zip(map(plain_name, OWN.names), means, strict=True):
            (drawn,) = (live for live in stage.drawn(name, "x") if own.tau in live.sliders)
            np.testing.assert_allclose(drawn.row({"tau": level})[row], min(mean / min(means), END), rtol=1e-9)


def test_the_best_model_is_named_and_what_is_too_close():
    stage = RankingPicture(OWN).stage({})
    assert summary_text(stage, tau=0.9).startswith(
        "Best is under squared error “good”; under absolute error “good”; under the quantile"
    )
    close = Predictions(
        TARGET, {name: TARGET + np.random.default_rng(seed).normal(size=500) for seed, name in enumerate("ab")}
    )
    assert "(or perhaps “" in summary_text(RankingPicture(close).stage({}))


def test_a_loss_that_cannot_be_computed_is_left_out_and_said():
    stage = RankingPicture(ODD["negative"]).stage({})
    text = stage.cards[-1].text.template.replace("\\", "")
    assert "Poisson needs every truth to be at least 0, and 500 rows are not" in text
    assert "Poisson" not in list(stage.table({})["loss"])


def test_the_worst_rows_and_the_lines_beyond_which_they_lie():
    picture = WorstRows(OWN)
    stage = picture.stage({})
    assert stage.figure.layout.xaxis2.title.text == "prediction"  # without a time
    errors = np.sort(np.abs(OWN.residuals[1]))[::-1]
    for share in (0.01, 0.1, 0.5):
        count = round(share * 500)
        values = {"share": share, "model": 2.0}
        up, down = (live.row(values)[0] for live in stage.drawn("the worst", "y", "y2"))
        assert up == -down == errors[count - 1]
        made = np.sum(errors[:count] ** 2) / np.sum(errors**2)
        assert f"the worst {100 * share:g} % of the rows make {100 * made:.4g} % of the squared error" in summary_text(
            stage, **values
        )
    assert SHARES[0] < 0.01


def test_each_loss_is_least_at_its_best_shift():
    picture = BiasPicture(OWN)
    stage = picture.stage({})
    for number, name in enumerate(OWN.names):
        errors = OWN.residuals[number]
        cells = stage.readings[number].cells
        assert float(cells[0].slots["0"].row()) == pytest.approx(-errors.mean(), abs=1e-9), name
        assert float(cells[1].slots["0"].row()) == pytest.approx(-np.median(errors), abs=1e-9)
        for level in (0.1, 0.9):
            best = float(cells[2].slots["0"].row({"tau": level}))
            assert best == pytest.approx(-np.quantile(errors, 1 - level, method="averaged_inverted_cdf"), abs=1e-9)


def test_the_model_that_is_best_without_its_bias_is_named():
    low = Predictions(TARGET, {"low": TARGET - 5 + RANDOM.normal(size=500), "fair": TARGET + RANDOM.normal(0, 3, 500)})
    assert BiasPicture(low).best_shifted().endswith("“low” is best under squared and absolute error.")
    spread = {"even": RANDOM.uniform(-3, 3, 500), "rare": np.where(RANDOM.random(500) < 0.02, 30.0, 0.5)}
    errors = {name: (error.var(), np.abs(error - np.median(error)).mean()) for name, error in spread.items()}
    squared, absolute = (min(errors, key=lambda name: errors[name][at]) for at in (0, 1))
    found = BiasPicture(Predictions(TARGET, {name: TARGET + error for name, error in spread.items()})).best_shifted()
    assert f"“{squared}” is best under squared error, “{absolute}” under absolute error." in found
    assert BiasPicture(Predictions(TARGET, {"one": TARGET + 1})).best_shifted() == ""


@pytest.mark.parametrize("quantile", [False, True])
def test_the_verdict_of_a_murphy_diagram(quantile):
    better = Predictions(TARGET, {"worse": TARGET + 4, "better": TARGET + 2})
    stage = MurphyPicture(better, quantile=quantile).stage({})
    what = "the quantile" if quantile else "the mean"
    assert (
        summary_text(stage)
        == f"“better” is lowest at every threshold here: it is best under the losses that ask for {what}."
    )
    assert "the loss that you choose decides" in summary_text(MurphyPicture(OWN, quantile=quantile).stage({}), tau=0.9)
    columns = stage.table({"tau": 0.2})
    assert list(columns) == ["threshold", "worse", "better"]
    assert np.all(columns["better"] <= columns["worse"] + 1e-12)
    assert TAU.start


@pytest.mark.parametrize("shown", PREDICTION_PICTURES)
@pytest.mark.parametrize("name", ODD)
def test_odd_files_are_drawn_all_the_same(name, shown):
    stage = PREDICTION_PICTURES[shown](ODD[name]).stage({})
    assert len(payload(stage)) < 700_000
    ends = {slider.key: float(slider.values[-1]) for slider in stage.sliders}
    for values in ({}, ends):
        assert summary_text(stage, **values)
        assert all(len(column) for column in stage.table(values).values())


def test_the_example_is_what_the_page_shows():
    assert summary_text(VIEWS["predictions"].choose().stage).startswith("Best is under squared error “least squares”")


def test_models_that_are_the_same_are_said_to_be():
    pred = TARGET + RANDOM.normal(size=500)
    own = Predictions(TARGET, {"a": pred, "twin": pred, "worse": TARGET + 9})
    assert "“a” and “twin” (their predictions are the same)" in summary_text(RankingPicture(own).stage({}))
    both = RankingPicture(Predictions(TARGET, {"a": pred, "twin": pred}))
    assert summary_text(both.stage({})) == (
        "“a” and “twin” predict the same in every row: no loss can tell them apart."
    )


@pytest.mark.parametrize(("shift", "words"), [(2.0, "too high (95 %"), (-2.0, "too low (95 %"), (0.0, "may be chance")])
def test_of_one_model_the_bias_is_said_with_its_interval(shift, words):
    noise = RANDOM.normal(size=500)
    picture = RankingPicture(Predictions(TARGET, {"only": TARGET + noise - noise.mean() + shift + 0.01}))
    assert words in summary_text(picture.stage({}))
    low, high = picture.own.bias_interval[:, 0]
    spread = 1.96 * noise.std() / np.sqrt(500)
    np.testing.assert_allclose([low, high], shift + 0.01 + spread * np.array([-1, 1]), atol=0.25 * spread)


@pytest.mark.parametrize("name", ["only", "always the mean"])
def test_an_only_model_stands_beside_a_constant(name):
    pred = TARGET + RANDOM.normal(size=len(TARGET))
    stage = RankingPicture(Predictions(TARGET, {name: pred})).stage({})
    assert len(stage.readings) == 2
    rmse = [reading.cells[0].slots["0"].row({}) for reading in stage.readings]
    np.testing.assert_allclose(rmse, [np.sqrt(np.mean((pred - TARGET) ** 2)), TARGET.std()])
    ratio = np.mean((pred - TARGET) ** 2) / TARGET.var()
    assert f"Its squared error is {number_text(ratio)} times that of always predicting the mean." in summary_text(stage)


def test_where_all_truths_are_equal_a_constant_cannot_be_beaten():
    stage = RankingPicture(Predictions(np.ones(9), {"only": np.linspace(0, 1, 9)})).stage({})
    assert "Its squared error is not less than that of always predicting the mean." in summary_text(stage)


@pytest.mark.parametrize("quantile", [False, True])
def test_the_threshold_starts_where_being_wrong_costs_something(quantile):
    target = np.append(TARGET, 1e5)  # far from all others
    own = Predictions(target, {"a": target * 1.1, "b": target + 2})
    picture = MurphyPicture(own, quantile=quantile)
    costs = [reading.cells[0].slots["0"].row({}) for reading in picture.stage({}).readings]
    assert min(costs) >= 0
    assert max(costs) == pytest.approx((picture.curves[:, TAU.start] if quantile else picture.curves).max())


@pytest.mark.parametrize(
    ("value", "text"),
    [(2263.4, "2,260"), (-12345.0, "−12,300"), (0.012345, "0.0123"), (999.6, "1,000"), (3e9, "3.00e9")],
)
def test_numbers_beside_sliders_are_read_without_powers_of_ten(value, text):
    assert short_number(value) == text
