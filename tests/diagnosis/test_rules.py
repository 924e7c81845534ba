"""Every rule says its thresholds, and decides what no other rule would."""

import string
from contextlib import suppress
from types import MappingProxyType

import numpy as np
import pytest

from core.diagnosis import MEASURES, NAMES, RULES, VerdictKind, diagnose
from core.diagnosis import run as run_module
from core.diagnosis.sentences import ADVICE, SENTENCES
from core.sentences import space_percents

X = np.linspace(0, 1, 100)
AT = np.arange(100)
FAST = np.exp(-20 * X)
LOW = 0.05 + 0.95 * FAST
NOISE = np.random.default_rng(3).standard_normal((2, 100))

# A run for each rule: training, validation and what else is given.
DECIDES: dict[str, tuple] = {
    "lost": (np.append(LOW[:-1], np.nan), None, {}),
    "too_short": ([1.0, 0.5, 0.4, 0.3], None, {}),
    "zero": (np.zeros(100), None, {}),
    "climbing": (LOW + 0.6 * np.maximum(0, X - 0.5), None, {}),
    "growing_swings": (1 + 0.01 * np.exp(4 * X) * (-1.0) ** AT, None, {}),
    "restarts_falling": (1.5 - X + 0.3 * np.exp(-6 * (4 * X % 1)), None, {}),
    "restarts": (0.2 + FAST + 0.3 * (X > 0.3) * np.exp(-12 * (3 * X % 1)) * (X < 1), None, {}),
    "swings": (LOW + 0.2 * (1 + np.sin(60 * X)), None, {}),
    "thrown_out": (LOW + 0.7 * (X > 0.6), None, {}),
    "wild": (np.append(1.0, 30 * np.exp(3 * NOISE[0, 1:])), None, {}),
    "noise": (2 + 0.4 * NOISE[0], None, {}),
    "slow_swing": (1 + np.cos(12 * X), None, {}),
    "rising": (LOW + 0.2 * np.clip(4 * X - 2, 0, 1), None, {}),
    "turned": (LOW, 0.02 + LOW + 0.2 * np.maximum(0, X - 0.5), {}),
    "parted": (0.2 + 8 * FAST + 0.2 * (1 - X), 0.4 + 8 * FAST + 0.1 * np.maximum(0, X - 0.5), {}),
    "turned_alone": (np.full(100, np.nan), LOW + 0.3 * np.maximum(0, X - 0.5), {}),
    "rose_and_stayed": (0.8 + 0.6 * np.exp(-(((X - 0.06) / 0.03) ** 2)), None, {}),
    "hardly_fell": (0.97 + 0.03 * FAST, None, {}),
    "motionless": (np.full(100, -3.0), None, {}),
    "widening_gap": (np.exp(-3 * X), 0.4 + 0.6 * FAST, {}),
    "wide_gap": (LOW, 0.6 + 0.4 * FAST, {}),
    "dropped": (0.1 + FAST + 0.5 * (X < 0.7), None, {}),
    "dropped_lately": (0.1 + FAST + 0.5 * (X < 0.93), None, {}),
    "falling": (np.exp(-2 * X) - 5, None, {}),
    "both_falling": (np.exp(-2 * X), np.exp(-2 * X) + 0.2 * NOISE[1], {}),
    "to_gain": (10 ** (-6 * X), None, {}),
    "slowing": ([1.0, 0.51, 0.5005, 0.5001, 0.5, 0.49999], None, {}),
    "few": ([1.0, 0.5, 0.4999, 0.4999, 0.5, 0.49995], None, {}),
    "high": (0.8 + 2 * FAST, None, {"baseline": 1.0, "floor": 0.0}),
    "converged": (LOW, LOW + 0.02, {}),
    "unsettled": (1 + 0.03 * np.cos(25 * X) + 2 * FAST, None, {}),
}


@pytest.mark.parametrize("key", RULES)
def test_a_rule_decides(key):
    train, validation, given = DECIDES[key]
    verdict = diagnose(train, validation, **given)
    assert (verdict.rule, verdict.kind, verdict.name) == (key, RULES[key].kind, NAMES[RULES[key].kind])


@pytest.mark.parametrize("key", RULES)
def test_without_it_the_verdict_would_be_another(monkeypatch, key):
    train, validation, given = DECIDES[key]
    advice = diagnose(train, validation, **given).advice
    others = {name: rule for name, rule in RULES.items() if name != key}
    monkeypatch.setattr(run_module, "RULES", MappingProxyType(others))
    with suppress(StopIteration):  # no other rule holds at all
        other = diagnose(train, validation, **given)
        assert (other.kind, other.advice) != (RULES[key].kind, advice)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_each_threshold_stands_in_the_sentence(rule):
    fields = [name for _, name, _, _ in string.Formatter().parse(rule.template) if name]
    assert sorted(fields) == sorted(rule.thresholds)
    assert not set(rule.at_least) & set(rule.at_most)
    assert set(rule.thresholds) <= set(MEASURES)
    assert rule.text[0].isupper()
    assert rule.text.endswith(".")
    # As it is printed, no threshold is rounded to another.
    printed = [rule.template[rule.template.index("{" + name) :].split("}")[0] + "}" for name in fields]
    for name, form in zip(fields, printed, strict=True):
        shown = form.format(**{name: rule.thresholds[name]})
        number = float(shown.rstrip("%")) / (100 if shown.endswith("%") else 1)
        assert number == pytest.approx(rule.thresholds[name], abs=1e-12)
        assert space_percents(shown) in rule.text


@pytest.mark.parametrize("key", RULES)
def test_sentence_and_advice_are_whole(key):
    train, validation, given = DECIDES[key]
    verdict = diagnose(train, validation, epochs=10 * np.arange(len(train)) + 5, **given)
    for text in (verdict.sentence, verdict.advice):
        assert text.endswith(".")
        assert text[0].isupper() or text[0].isdigit()
        assert not set("{}") & set(text)
        assert "nan" not in text.split()
        assert len(text) < 200


def test_names_agree():
    assert set(SENTENCES) == set(ADVICE) == set(RULES) == set(DECIDES)
    assert {rule.kind for rule in RULES.values()} == set(VerdictKind) == set(NAMES)
    assert all(rule.key == key for key, rule in RULES.items())
    assert set(diagnose(LOW).evidence) == set(MEASURES)
    used = {name for rule in RULES.values() for name in rule.thresholds}
    assert used == set(MEASURES) - {"period"}


def test_thresholds_decide_where_they_say():
    # The floor of a flat run, as a share of its baseline, on both sides of the rule's own number.
    limit = RULES["high"].thresholds["left"]
    kinds = [diagnose(limit * at + 2 * FAST, baseline=1.0, floor=0.0).kind for at in (0.98, 1.02)]
    assert kinds == [VerdictKind.HEALTHY, VerdictKind.UNDERFITTING]
    rise = RULES["turned"].thresholds["turned"]
    for times, kind in ((0.8, VerdictKind.HEALTHY), (1.5, VerdictKind.OVERFITTING)):
        up = rise * times * np.clip((X - 0.4) / 0.4, 0, 1)
        assert diagnose(FAST, 0.7 + FAST + up).kind is kind
