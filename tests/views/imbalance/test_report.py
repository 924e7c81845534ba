"""The table of metrics, and what the page concludes from it, are worked out anew from the scores of the models."""

import re
from functools import cache

import numpy as np
import pytest
from scipy.special import expit, logit

from core.models.objectives import OBJECTIVES
from core.ui.imbalance import table
from core.views.imbalance.report import Report
from core.views.imbalance.scene import Scene
from core.views.imbalance.views import filled

from .shown import PLAIN, Counts, arrived

WEIGHT = "weighted_binary_cross_entropy.pos_weight"
CASES = {
    "at its defaults": {},
    "weighted": {WEIGHT: "68", "cost": "50", "threshold": "0.11"},
    "a false alarm is dear": {"cost": "0.05", "threshold": "0.952", "share": "0.3", "points": "400"},
    "of a batch": {"losses": "soft_f1,dice,hinge,brier", "share": "0.11", "points": "400"},
    "without the plain one": {"losses": "focal,exponential", "focal.gamma": "5", "threshold": "0.0001"},
    "never": {"threshold": "0.9999"},
    "real": {"data": "short_lives", "features": "quadratic"},
    "parted": {"overlap": "none", "points": "400", "share": "0.5"},
}
cases = pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in CASES.items()])
LOW = {"Expected cost", "Log loss", "Brier score", "Expected calibration error"}


def report(shown):
    return Report(Scene.of(shown.choice), shown.losses, filled(shown.choice, shown.values))


def decided(counts, miss):
    """Each metric of what was decided; a reason where there is none."""
    called, positives, negatives = counts.tp + counts.fp, counts.tp + counts.fn, counts.fp + counts.tn
    if called == 0:
        mcc = "undefined: nothing is called positive"
    elif called == counts.all:
        mcc = "undefined: everything is called positive"
    else:
        truth = np.repeat([1, 1, 0, 0], [counts.tp, counts.fn, counts.fp, counts.tn])
        calls = np.repeat([1, 0, 1, 0], [counts.tp, counts.fn, counts.fp, counts.tn])
        mcc = np.corrcoef(truth, calls)[0, 1]
    recall, specificity = counts.tp / positives, counts.tn / negatives
    return {
        "Accuracy": (counts.tp + counts.tn) / counts.all,
        "Balanced accuracy": (recall + specificity) / 2,
        "Precision": counts.precision if called else "undefined: nothing is called positive",
        "Recall (sensitivity)": recall,
        "Specificity": specificity,
        "F score": 2 * counts.tp / (2 * counts.tp + counts.fn + counts.fp),
        "Matthews correlation (MCC)": mcc,
        "Expected cost": counts.cost(miss),
    }


def of_scores(y, z):
    """Each metric of the scores, by its definition."""
    p, above = expit(z), z[y == 1][:, None] - z[y == 0]
    precision = [np.mean(y[z >= own]) for own in z[y == 1]]  # at each positive's own score
    error = 0.0
    for bin in range(10):
        inside = (p > bin / 10) & (p <= (bin + 1) / 10) | ((bin == 0) & (p == 0))
        error += inside.sum() / len(y) * abs(np.mean(p[inside]) - np.mean(y[inside])) if inside.any() else 0.0
    return {
        "Area under the ROC curve": np.mean(above > 0) + np.mean(above == 0) / 2,
        "Average precision": np.mean(precision),
        "Log loss": np.mean(np.logaddexp(0, np.where(y == 1, -z, z))),
        "Brier score": np.mean((p - y) ** 2),
        "Expected calibration error": error,
    }


@cache
def cheapest(shown, key):
    """The cheapest thresholds of the half that was learned from, from the lowest to the highest that cost no more."""
    z, y = shown.score(key, "train", {}), shown.halves({}).train.target
    levels = np.unique(z)
    tried = np.array([-np.inf, *((levels[1:] + levels[:-1]) / 2), np.inf])
    cost = np.array([Counts.of(y, z >= cut).cost(shown.at("cost", {})) for cut in tried])
    return tried[cost <= cost.min() + 1e-12]


def assert_tells(entry, number, row):
    if isinstance(number, str):
        assert entry.text == number, row
    elif entry.text.endswith(" %"):
        assert float(entry.text[:-2]) == pytest.approx(100 * number, rel=5.1e-4, abs=1e-12), row
    else:
        assert float(entry.text.replace(",", "")) == pytest.approx(number, rel=5.1e-3, abs=1e-12), row


@cases
def test_every_number_is_that_of_its_model_and_of_the_baseline(words):
    shown = arrived(words=words)
    y, miss = shown.halves({}).test.target, shown.at("cost", {})
    here, own, whole = report(shown).groups().values()
    nobody = Counts.of(y, np.zeros(len(y), bool))
    for number, key in enumerate(shown.losses):
        z = shown.score(key, "test", {})
        assert_rows(here, number, decided(shown.counts(key, {}), miss))
        options = [decided(Counts.of(y, z >= cut), miss) for cut in cheapest(shown, key)]
        told = {row: entries[number].text for row, entries in own.items() if row != "Threshold"}
        assert any(all(agrees(told, row, value) for row, value in option.items()) for option in options)
        assert_rows(whole, number, of_scores(y, z))
    for group in (here, own):
        assert_rows(group, -1, decided(nobody, miss))
    assert {entries[-1].text for entries in whole.values()} == {"–"}  # it has no scores


def assert_rows(group, column, values):
    rows = {row.removesuffix(" (lower is better)"): entries for row, entries in group.items() if row != "Threshold"}
    assert list(rows) == list(values)
    for row, value in values.items():
        assert_tells(rows[row][column], value, row)


def agrees(told, row, value):
    text = told.get(row) or told[f"{row} (lower is better)"]
    if isinstance(value, str) or text.startswith("undefined"):
        return text == value
    return float(text.rstrip(" %").replace(",", "")) == pytest.approx(value * (100 if "%" in text else 1), rel=5.1e-3)


@cases
def test_the_threshold_of_a_column_is_one_of_the_cheapest(words):
    shown = arrived(words=words)
    _, own, _ = report(shown).groups().values()
    for key, entry in zip(shown.losses, own["Threshold"], strict=False):
        equal = cheapest(shown, key)
        if entry.text == "always positive":
            assert equal[0] == -np.inf
        elif entry.text == "never positive":
            assert equal[-1] == np.inf
        else:
            away = entry.text.removeprefix("1 − ")
            score = logit(float(away)) * (1 if away == entry.text else -1)
            assert equal[0] - 0.1 <= score <= equal[-1] + 0.1
    assert own["Threshold"][-1].text == "–"


@cases
def test_the_best_of_a_row_is_marked_and_so_is_everyone_that_reads_alike(words):
    for rows in report(arrived(words=words)).groups().values():
        for row, entries in rows.items():
            numbers = {}
            for entry in entries:
                if re.fullmatch(r"[\d.,e-]+( %)?", entry.text) and row != "Threshold":
                    numbers[entry.text] = float(entry.text.rstrip(" %").replace(",", ""))
            low = row.endswith(" (lower is better)")
            assert low == (row.removesuffix(" (lower is better)") in LOW)
            best = (min if low else max)(numbers.values(), default=None)
            texts = {entry.text for entry in entries if entry.best}
            assert texts == ({text for text in numbers if numbers[text] == best} if len(unlike(entries)) > 1 else set())
            assert all(entry.best for entry in entries if entry.text in texts)


def unlike(entries):
    """What a row holds, without the column that has no number."""
    return {entry.text for entry in entries if entry.text != "–"}


@cases
def test_the_page_shows_that_table_with_the_baseline_in_every_row(words):
    made = report(arrived(words=words))
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table(made).splitlines()]
    assert lines[0] == ["", *(OBJECTIVES[key].short for key in made.losses), "Always negative"]
    rows = [row for group in made.groups().values() for row in group.items()]
    shown = [line for line in lines[2:] if not line[0].startswith("**")]
    assert [line[0] for line in shown] == [name for name, _ in rows]
    for line, (_, entries) in zip(shown, rows, strict=True):
        assert line[1:] == [f"**{entry.text}**" if entry.best else entry.text for entry in entries]
        assert line[-1]


SENTENCE = re.compile(
    r"\*\*(?P<name>.+?)\*\* calls (?:(?P<all>no|every) point|(?P<count>[\d,]+) points?) positive at (?P<t>[\d.e-]+)"
    r"(?:; BCE calls as many at (?P<moved>[\d.e-]+), (?P<same>[\d,]+) of them the same(?P<disguise>: a threshold in "
    r"disguise)?)?\. It orders the points(?P<alike> as well as BCE does)?: ROC AUC (?P<area>[\d.]+)"
    r"(?:, BCE (?P<plain>[\d.]+))?\. Taken as probabilities its scores add up to (?P<sum>[\d.,e-]+) positives, BCE's "
    r"to (?P<sums>[\d.,e-]+); there are (?P<there>[\d,]+)\."
)


@cases
def test_what_is_said_of_a_loss_is_so(words):
    shown = arrived(words=words)
    y, t = shown.halves({}).test.target, shown.at("threshold", {})
    plain = shown.score(PLAIN, "test", {})
    said = [sentence for sentence in report(shown).sentences() if sentence.startswith("**")]
    others = [key for key in shown.losses if key != PLAIN]
    assert len(said) == len(others)
    for key, sentence in zip(others, said, strict=True):
        told = SENTENCE.fullmatch(sentence)
        assert told, sentence
        score = shown.score(key, "test", {})
        called = expit(score) >= t
        assert told["name"] == OBJECTIVES[key].short
        assert told["t"] == f"{t:g}"
        assert told["all"] == {0: "no", len(y): "every"}.get(called.sum())
        if told["count"]:
            count = int(told["count"].replace(",", ""))
            assert count == called.sum()
            level = np.sort(plain)[-count]
            same = np.sum(called & (plain >= level))
            assert same == int(told["same"].replace(",", ""))
            below = np.sort(plain)[-count - 1]
            assert expit(below) * 0.99 <= float(told["moved"]) <= expit(level) * 1.01
            assert bool(told["disguise"]) == (same >= 0.9 * count)
        areas = [of_scores(y, z)["Area under the ROC curve"] for z in (score, plain)]
        assert told["area"] == f"{areas[0]:.3f}"
        assert (told["plain"] or told["area"]) == f"{areas[1]:.3f}"
        assert bool(told["alike"]) == (not told["plain"])
        sums = [float(told[name].replace(",", "")) for name in ("sum", "sums")]
        assert sums == pytest.approx([expit(score).sum(), expit(plain).sum()], rel=5.1e-3)
        assert int(told["there"].replace(",", "")) == y.sum()


@pytest.mark.parametrize(
    ("cost", "told", "right"),
    [("10", "as much as 10 false alarms", 1 / 11), ("1", "as much as a false alarm", 0.5),
     ("0.05", "1/20 of a false alarm", 1 / 1.05), ("0.333333", "1/3 of a false alarm", 0.75)],
)  # fmt: skip
def test_the_threshold_that_pays_is_said_with_its_reason(cost, told, right):
    shown = arrived(words={"cost": cost})
    (sentence,) = [one for one in report(shown).sentences() if one.startswith("Where")]
    assert sentence.startswith(f"Where a miss costs {told}, a model whose probabilities are right is cheapest when ")
    assert f"has a probability of {right:.3g} and more" in sentence
    found = re.search(r"On the half that it learned from, BCE is cheapest at ([\d.e-]+)\.$", sentence)
    equal = cheapest(shown, PLAIN)
    assert equal[0] - 0.01 <= logit(float(found[1])) <= equal[-1] + 0.01
