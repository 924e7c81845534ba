"""The table of metrics, and what the page concludes from it, are worked out anew from the scores of the models."""

import re
from functools import cache

import numpy as np
import pytest
from scipy.special import expit, logit

from core.metrics import DECISION_METRICS, METRICS, SCORE_METRICS, Confusion
from core.models.imbalance.data import ImbalanceSettings
from core.models.imbalance.report import Report
from core.models.imbalance.test_metrics import ModelScores
from core.models.objectives import OBJECTIVES
from core.sentences import number_text
from core.stage import Sweep
from core.views.class_imbalance.cards import table
from tests.views.class_imbalance.shown import ORDER, PLAIN, SHIFTED, Counts, arrived
from tests.views.texts import filled, number_in

WEIGHT = "weighted_binary_cross_entropy.pos_weight"
CASES = {
    "at its defaults": {},
    "weighted": {WEIGHT: "68", "cost": "50", "threshold": "0.11"},
    "a false alarm is dear": {"cost": "0.05", "threshold": "0.952", "share": "0.3", "points": "400"},
    "of a batch": {"losses": "soft_f1,dice,hinge,brier", "share": "0.1", "points": "400"},
    "without the plain one": {"losses": "focal,exponential", "focal.gamma": "5", "threshold": "0.0001"},
    "never": {"threshold": "0.9999"},
    "real": {"data": "short_lives", "features": "quadratic"},
    "parted": {"overlap": "none", "points": "400", "share": "0.5"},
    "no probabilities": {"losses": "hinge,squared_hinge,soft_f1,dice", "share": "0.1", "threshold": "0.27"},
    "weights at their ends": {"losses": "weighted_binary_cross_entropy,class_balanced", WEIGHT: "1",
                              "class_balanced.beta": "1", "threshold": "0.9999", "share": "0.5"},
    "side by side": {"losses": "binary_cross_entropy,hinge,exponential", "cost": "0.01", "threshold": "0.0001",
                     "data": "ring", "points": "400", "share": "0.3"},
}  # fmt: skip
cases = pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in CASES.items()])
TEXTS = ("Threshold", "Corrected by")  # rows without a number of a metric
RANKS = [metric.name for metric in SCORE_METRICS.values() if not metric.of_probabilities]
PROBABILITIES = [metric.name for metric in SCORE_METRICS.values() if metric.of_probabilities]
LOW = {metric.name for metric in METRICS.values() if metric.best == "low"}


def report(shown):
    return shown.report


def decided(counts, miss):
    """Each metric of what was decided, a reason where there is none; those not worked out here by their records."""
    called, positives, negatives = counts.tp + counts.fp, counts.tp + counts.fn, counts.fp + counts.tn
    if called == 0:
        mcc = "undefined: nothing is predicted positive"
    elif called == counts.all:
        mcc = "undefined: everything is predicted positive"
    else:
        times = [counts.tp, counts.fn, counts.fp, counts.tn]
        cov = np.cov([1, 1, 0, 0], [1, 0, 1, 0], fweights=times)  # of what is true and what is predicted
        mcc = cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1])
    recall, specificity = counts.tp / positives, counts.tn / negatives
    confusion = Confusion(counts.tp, counts.fp, counts.fn, counts.tn)
    others = {
        metric.name: f"undefined: {why}" if (why := metric.why(confusion)) else metric.value(confusion)
        for metric in DECISION_METRICS.values()
    }
    return others | {
        "Accuracy": (counts.tp + counts.tn) / counts.all,
        "Balanced accuracy": (recall + specificity) / 2,
        "Precision": counts.precision if called else "undefined: nothing is predicted positive",
        "Recall (sensitivity)": recall,
        "Specificity": specificity,
        "F score": 2 * counts.tp / (2 * counts.tp + counts.fn + counts.fp),
        "Matthews correlation (MCC)": mcc,
        "Expected cost": counts.cost(miss),
    }


def of_scores(y, z, names):
    """These metrics of the scores, by their definitions; those not worked out here by their records."""
    known = {metric.name: metric.value for metric in SCORE_METRICS.values()} | {
        "Area under the ROC curve": area_of,
        "Average precision": average_precision,
        "Log loss": lambda y, z: np.mean(np.logaddexp(0, np.where(y == 1, -z, z))),
        "Brier score": lambda y, z: np.mean((expit(z) - y) ** 2),
        "Expected calibration error": calibration_error,
    }
    return {name: known[name](y, z) for name in names}


def area_of(y, z):
    """The share of the pairs of a positive and a negative in which the positive's score is higher; a tie is half."""
    positives, negatives = z[y == 1], np.sort(z[y == 0])
    below, up_to = (np.searchsorted(negatives, positives, side) for side in ("left", "right"))
    return np.mean((below + up_to) / 2) / len(negatives)


def average_precision(y, z):
    """The mean of the precision at each positive's own score."""
    own = z[y == 1]
    found, called = (reached(scores, own) for scores in (own, z))
    return np.mean(found / called)


def reached(scores, cuts):
    """The number of scores that are at least as high as each cut."""
    return len(scores) - np.searchsorted(np.sort(scores), cuts, "left")


def calibration_error(y, z):
    p, error = expit(z), 0.0
    for bin in range(10):
        inside = (p > bin / 10) & (p <= (bin + 1) / 10) | ((bin == 0) & (p == 0))
        error += inside.sum() / len(y) * abs(np.mean(p[inside]) - np.mean(y[inside])) if inside.any() else 0.0
    return error


@cache
def cheapest(shown, key):
    """The cheapest thresholds on the training set, from the lowest to the highest that cost no more."""
    z, y = shown.score(key, "train", {}), shown.split({}).train.target
    levels = np.unique(z)
    tried = np.array([-np.inf, *((levels[1:] + levels[:-1]) / 2), np.inf])
    tp, fp = (reached(z[y == label], tried) for label in (1, 0))
    cost = Counts(tp, fp, fn=np.sum(y == 1) - tp, tn=np.sum(y == 0) - fp).cost(shown.at("cost", {}))
    return tried[cost <= cost.min() + 1e-12]


def assert_tells(entry, number, row):
    if isinstance(number, str):
        assert entry.text == number, row
    elif entry.text.endswith(" %"):
        assert number_in(entry.text) == pytest.approx(100 * number, rel=5.1e-4, abs=1e-12), row
    else:
        assert number_in(entry.text) == pytest.approx(number, rel=5.1e-3, abs=1e-12), row


@cases
def test_every_number_is_that_of_its_model_and_of_the_baseline(words):
    shown = arrived(words=words)
    y, miss = shown.split({}).test.target, shown.at("cost", {})
    here, own, whole, taken, corrected = report(shown).groups().values()
    nobody = Counts.of(y, np.zeros(len(y), bool))
    for number, key in enumerate(shown.losses):
        z = shown.score(key, "test", {})
        assert_rows(here, number, decided(shown.counts(key, {}), miss))
        options = (decided(Counts.of(y, z >= cut), miss) for cut in cheapest(shown, key))
        texts = {row: entries[number].text for row, entries in own.items() if row != "Threshold"}
        assert any(all(agrees(texts, row, value) for row, value in option.items()) for option in options)
        assert_rows(whole, number, of_scores(y, z, RANKS))
        outputs = dict.fromkeys(of_probabilities(y, z), "not a probability") if key in ORDER else of_probabilities(y, z)
        assert_rows(taken, number, outputs)
        assert_rows(corrected, number, of_probabilities(y, shown.log_odds(key, {})))
        assert corrected["Corrected by"][number].text == way(shown, key)
    for group in (here, own):
        assert_rows(group, -1, decided(nobody, miss))
    for group in (whole, taken, corrected):
        assert {entries[-1].text for entries in group.values()} == {"–"}  # it has no scores


def of_probabilities(y, z):
    """Of log-odds."""
    return {f"Sum, where {int(y.sum()):,} are positive": expit(z).sum()} | of_scores(y, z, PROBABILITIES)


def way(shown, key):
    """How it is said that outputs become probabilities."""
    if key in ORDER:
        return "Platt scaling"
    if key not in SHIFTED:
        return "no correction needed"
    return "inverting its formula" if key == "focal" else f"log-odds − log {number_text(shown.weight(key, {}))}"


def assert_rows(group, column, values):
    rows = {row.removesuffix(" (lower is better)"): entries for row, entries in group.items() if row not in TEXTS}
    assert list(rows) == list(values)
    for row, value in values.items():
        assert_tells(rows[row][column], value, row)


def agrees(texts, row, value):
    text = texts.get(row) or texts[f"{row} (lower is better)"]
    if isinstance(value, str) or text.startswith("undefined"):
        return text == value
    return number_in(text) == pytest.approx(value * (100 if "%" in text else 1), rel=5.1e-3)


@cases
def test_the_threshold_of_a_column_is_one_of_the_cheapest(words):
    shown = arrived(words=words)
    here, own, *_ = report(shown).groups().values()
    assert ("Threshold" in here) == any(key in ORDER for key in shown.losses)
    t = shown.at("threshold", {})
    for key, entry in zip(shown.losses, here.get("Threshold", ()), strict=False):
        assert entry.text == (f"score of {number_text(logit(t))}" if key in ORDER else f"{t:g}")
    for key, entry in zip(shown.losses, own["Threshold"], strict=False):
        equal = cheapest(shown, key)
        if entry.text.startswith("score of "):
            assert key in ORDER
            score = number_in(entry.text.removeprefix("score of "))
            assert equal[0] - 0.01 * abs(score) <= score <= equal[-1] + 0.01 * abs(score)
            continue
        if entry.text == "always positive":
            assert equal[0] == -np.inf
        elif entry.text == "never positive":
            assert equal[-1] == np.inf
        else:
            away = entry.text.removeprefix("1 − ")
            score = logit(number_in(away)) * (1 if away == entry.text else -1)
            assert equal[0] - 0.1 <= score <= equal[-1] + 0.1
    assert own["Threshold"][-1].text == "–"


@cases
def test_the_best_of_a_row_is_marked_and_so_is_everyone_that_reads_alike(words):
    for rows in report(arrived(words=words)).groups().values():
        for row, entries in rows.items():
            if row in TEXTS or row.startswith("Sum"):
                assert not any(entry.best for entry in entries)
                continue
            numbers = {}
            for entry in entries:
                if re.fullmatch(r"[\d.,e−]+( %)?", entry.text):
                    numbers[entry.text] = number_in(entry.text)
            low = row.endswith(" (lower is better)")
            assert low == (row.removesuffix(" (lower is better)") in LOW)
            best = (min if low else max)(numbers.values(), default=None)
            texts = {entry.text for entry in entries if entry.best}
            assert texts == ({text for text in numbers if numbers[text] == best} if len(unlike(entries)) > 1 else set())
            assert all(entry.best for entry in entries if entry.text in texts)


def unlike(entries):
    """What a row holds, without the column that has no number."""
    return {entry.text for entry in entries if entry.text != "–"}


def written(made):
    """The table in Markdown."""
    return filled(table(made.losses, [made], Sweep()), {})


@cases
def test_the_page_shows_that_table_with_the_baseline_in_every_row(words):
    made = report(arrived(words=words))
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in written(made).splitlines()]
    assert lines[0] == ["", *(OBJECTIVES[key].short for key in made.losses), "Always negative"]
    rows = [row for group in made.groups().values() for row in group.items()]
    shown = [line for line in lines[2:] if not line[0].startswith("**")]
    assert [line[0] for line in shown] == [name for name, _ in rows]
    for line, (_, entries) in zip(shown, rows, strict=True):
        assert line[1:] == [f"**{entry.text}**" if entry.best else entry.text for entry in entries]
        assert line[-1]


SENTENCE = re.compile(
    r"\*\*(?P<name>.+?)\*\* predicts (?:(?P<all>nothing|everything)|(?P<count>[\d,]+) points?) positive at "
    r"(?:(?P<t>[\d.e−]+)|a score of (?P<score>[−\d.e]+))(?:; (?:BCE predicts as many at about (?P<moved>[\d.e−]+|1 − "
    r"[\d.e−]+), (?P<same>[\d,]+) of them the same"
    r"(?P<alike>: moving the threshold has nearly the same effect)?|(?P<tied>no "
    r"threshold makes BCE predict exactly as many)))?\. (?:It ranks the points (?:as well as BCE: ROC AUC "
    r"(?P<both>[\d.]+)|with ROC AUC (?P<area>[\d.]+), BCE with (?P<plain>[\d.]+))\. )?(?P<sums>.+)"
)
NUMBER, THERE = r"([\d.,e−]+)", r"BCE's to ([\d.,e−]+); there are ([\d,]+)\."
WEIGHT_UNDONE = (
    r"Without the weight, $\operatorname{{logit}} p' = \operatorname{{logit}} p - \log {w}$ or "
    r"$p' = p \, / \, (p + {w} \, (1 - p))$, so that {p} becomes {right},"
)
SUMS = {
    "proper": rf"Its probabilities add up to {NUMBER} positives, {THERE}",
    "shifted": rf"Taken as probabilities its outputs add up to {NUMBER} positives, {THERE} (.+) they add up to "
    rf"{NUMBER}\.",
    "order": r"Its score is not a probability\. Platt scaling on the training set turns it into probabilities, which "
    r"add up "
    rf"to {NUMBER} positives, {THERE}",
}


def loss_sentences(shown):
    """The sentence about each loss but the plain one."""
    sentences = [sentence for sentence in report(shown).sentences() if sentence.startswith("**")]
    return list(zip([key for key in shown.losses if key != PLAIN], sentences, strict=True))


@cases
def test_what_is_said_of_a_loss_is_so(words):
    assert_so(arrived(words=words))


def assert_so(shown):
    for key, sentence in loss_sentences(shown):
        match = SENTENCE.fullmatch(sentence)
        assert match, sentence
        assert match["name"] == OBJECTIVES[key].short
        assert_decisions(shown, key, match)
        assert_areas(shown, key, match)
        assert_sums(shown, key, match["sums"])


def assert_decisions(shown, key, match):
    t, plain = shown.at("threshold", {}), shown.score(PLAIN, "test", {})
    called = expit(shown.score(key, "test", {})) >= t
    assert bool(match["score"]) == (key in ORDER)
    assert number_in(match["t"] or match["score"]) == pytest.approx(logit(t) if key in ORDER else t, rel=6e-3, abs=1e-9)
    assert match["all"] == {0: "nothing", len(called): "everything"}.get(called.sum())
    if match["all"]:
        return
    count = called.sum()
    assert number_in(match["count"]) == count
    below, level = np.sort(plain)[-count - 1], np.sort(plain)[-count]
    assert bool(match["tied"]) == (below == level)
    if match["tied"]:
        return
    same = np.sum(called & (plain >= level))
    assert same == number_in(match["same"])
    assert bool(match["alike"]) == (same >= 0.9 * count)
    less = match["moved"].removeprefix("1 − ")
    score = logit(number_in(less)) * (1 if less == match["moved"] else -1)
    assert below - 0.06 <= score <= level + 0.06  # of three digits, and of two close to 1


def assert_areas(shown, key, match):
    y = shown.split({}).test.target
    if 0 < y.sum() < len(y):
        areas = [f"{area_of(y, shown.score(loss, 'test', {})):.3f}" for loss in (key, PLAIN)]
        assert [match["both"] or match["area"], match["both"] or match["plain"]] == areas
        assert bool(match["both"]) == (areas[0] == areas[1])
    else:
        assert match["both"] is match["area"] is None


def assert_sums(shown, key, sentence):
    kind = "order" if key in ORDER else "shifted" if key in SHIFTED else "proper"
    match = re.fullmatch(SUMS[kind], sentence)
    assert match, sentence
    y, (first, plainly, there, *rest) = shown.split({}).test.target, match.groups()
    own, right = expit(shown.score(key, "test", {})).sum(), expit(shown.log_odds(key, {})).sum()
    assert number_in(first) == pytest.approx(right if kind == "order" else own, rel=5.1e-3)
    assert number_in(plainly) == pytest.approx(expit(shown.score(PLAIN, "test", {})).sum(), rel=5.1e-3)
    assert number_in(there) == y.sum()
    if kind == "shifted":
        undone, total = rest
        assert number_in(total) == pytest.approx(right, rel=5.1e-3)
        if key == "focal":
            assert undone == "After inverting the relation between score and probability for this loss,"
        else:
            p, w = shown.at("threshold", {}), shown.weight(key, {})
            numbers = {"w": number_text(w), "p": r"[\d.]+", "right": NUMBER}
            pattern = re.escape(WEIGHT_UNDONE.format(w="WWW", p="PPP", right="RRR"))
            pattern = pattern.replace("WWW", re.escape(numbers["w"])).replace("PPP", f"{p:g}").replace("RRR", NUMBER)
            found = re.fullmatch(pattern, undone)
            assert found, undone
            assert number_in(found[1]) == pytest.approx(p / (p + w * (1 - p)), rel=1e-2)


@pytest.mark.parametrize(
    ("cost", "price", "right"),
    [("10", "as much as 10 false positives", 1 / 11), ("1", "as much as a false positive", 0.5),
     ("0.05", "1/20 of a false positive", 1 / 1.05), ("0.333333", "1/3 of a false positive", 0.75)],
)  # fmt: skip
def test_the_threshold_that_pays_is_said_with_its_reason(cost, price, right):
    shown = arrived(words={"cost": cost})
    (sentence,) = [one for one in report(shown).sentences() if one.startswith("If a")]
    assert sentence.startswith(
        f"If a false negative costs {price}, the cheapest threshold for calibrated probabilities is 1 / (1 + "
    )
    assert f") = {number_text(right)}. On the training set " in sentence
    found = re.search(r"On the training set BCE has its lowest cost at about ([\d.e−]+)\.$", sentence)
    equal = cheapest(shown, PLAIN)
    assert equal[0] - 0.01 <= logit(number_in(found[1])) <= equal[-1] + 0.01


def with_scores(plain, other, threshold=0.5):
    """A report of which the plain loss and Brier have these scores of the test set."""
    values = {"threshold": threshold, "cost": 10.0, "share": 0.01}
    made = Report(ImbalanceSettings.of(arrived().choice), ("brier",), values)
    vars(made)["plain"] = ModelScores(PLAIN, "", test_scores=np.array(plain))
    return made.decision_text(ModelScores("brier", "", test_scores=np.array(other)))


def test_where_the_plain_scores_are_equal_no_threshold_of_it_gives_as_many():
    assert with_scores([-1.0, 2, 2, 3], [-1.0, -2, 1, 3]) == (
        "**Brier** predicts 2 points positive at 0.5; no threshold of BCE predicts exactly as many.")  # fmt: skip
    assert with_scores([-1.0, 2, 2, 3], [-1.0, 2, 1, 3]) == (
        "**Brier** predicts 3 points positive at 0.5; BCE predicts as many at about 0.6225, 3 of them the same: "
        "moving the threshold has nearly the same effect.")  # fmt: skip


@pytest.mark.parametrize(("threshold", "predicted"), [(0.9999, "nothing"), (0.0001, "everything")])
def test_beyond_all_scores_nothing_or_everything_is_predicted_positive(threshold, predicted):
    assert with_scores([0.0, 1], [0.5, 2], threshold) == f"**Brier** predicts {predicted} positive at {threshold:g}."


@pytest.mark.parametrize("words", [CASES["side by side"], CASES["no probabilities"]])
def test_a_score_that_is_no_probability_gets_no_number_of_probabilities(words):
    """Its columns say so, its curve of calibration is not there, and its axis is that of a score."""
    shown = arrived(words=words)
    *_, taken, _ = report(shown).groups().values()
    layout = shown.stage.figure.layout
    for number, key in enumerate(shown.losses):
        unlike_one = {entries[number].text for entries in taken.values()} == {"not a probability"}
        assert unlike_one == (key in ORDER)
        axis = layout[f"xaxis{len(shown.losses) + number + 1}"]
        assert axis.title.text == ("score" if key in ORDER else "probability")
        if key in ORDER:
            assert [number_in(text) for text in axis.ticktext] == list(axis.tickvals)
