"""Every case through the command: the verdict on its first run, as the README of the cases asks."""

import json

import pytest

from core.logs.__main__ import answers
from tests.logs.cases import CASES

FILES = {path.name.split("_")[0]: path for path in CASES.iterdir() if path.name != "README.md"}
NO_RUN, NO_VERDICT = "no run", "no verdict"
# The case: how many runs, the kind of verdict on the first, and the best place on its axis.
RIGHT = {
    "f04": (1, "healthy", 99), "k01a": (1, "overfitting", 1599), "k01b": (1, "learning", 5),
    "k01e": (1, "overfitting", 3), "k01f": (1, "overfitting", 2503), "k02a": (1, "validation_turned", 8),
    "k03a": (1, "overfitting", 8), "k03b": (1, "learning", 20), "k03c": (1, "overfitting", 8),
    "k03d": (1, "overfitting", 4), "k03e": (1, "overfitting", 80), "k03f": (1, "overfitting", 35),
    "k03g": (1, "overfitting", 16), "k03k": (1, "learning", 8), "k04a": (1, "learning", 1199),
    "k05a": (5, "learning", 10), "k06a": (1, "overfitting", 16), "k07a": (1, "learning", 39),
    "k07b": (1, "overfitting", 8), "k08a": (1, "learning", 20), "k09a": (1, "learning", 2000),
    "k09b": (1, "learning", 5), "k10a": (1, "healthy", 40), "k11a": (1, NO_VERDICT, None),
    "k12a": (1, "healthy", 2), "k13a": (1, "overfitting", 16), "k13b": (1, "overfitting", 8),
    "k13c": (1, "overfitting", 8), "k13d": (1, "overfitting", 12), "k14a": (1, "overfitting", 8),
    "k15a": (1, NO_VERDICT, None), "k16a": (0, NO_RUN, None), "k16b": (0, NO_RUN, None), "k17a": (0, NO_RUN, None),
    "k19a": (2, "overfitting", 16), "k20a": (1, "overfitting", 9), "k20b": (1, "overfitting", 2),
    "k21a": (1, "learning", 20), "k21b": (1, "learning", 20),
}  # fmt: skip


def test_every_case_has_its_answer():
    assert set(RIGHT) == set(FILES)


@pytest.mark.parametrize("case", RIGHT)
def test_the_verdict_on_a_case(case):
    count, kind, best = RIGHT[case]
    (line,) = answers([str(FILES[case])])
    answer = json.loads(line)
    assert len(answer["runs"]) == count
    assert answer["runs"] or answer["notes"]  # what is no run is said
    verdict = answer["runs"][0]["verdict"] if answer["runs"] else None
    found = NO_RUN if not answer["runs"] else NO_VERDICT if verdict is None else verdict["kind"]
    assert (found, verdict and verdict["best"]) == (kind, best)
