"""Two players throw darts: only the one with a loss gets better."""

import numpy as np
import pytest

from core.views import VIEWS
from core.views.home.darts import FIRST_AIM, HELP, LAST, LEARNING_RATE, SPREAD, THROW, THROWS, throws
from tests.views.cases import chosen, drawn, number, text_slots

DARTS = VIEWS["dart_board"]
PLAYERS = ("with loss", "without loss")
SENTENCE = "Throw {}."


def landed(name: str, values: dict[str, float]) -> np.ndarray:
    return np.stack(drawn(chosen(DARTS), f"{name} darts", PLAYERS.index(name), values), axis=-1)


def test_the_aim_takes_the_step_that_the_last_dart_suggests():
    values = {"rate": 0.4, "spread": 3.0, "throw": float(THROWS)}
    shakes = landed("without loss", values) - FIRST_AIM  # without a loss the aim stays
    assert shakes.std() == pytest.approx(3.0, rel=0.2)
    aim = FIRST_AIM
    for dart, shake in zip(landed("with loss", values), shakes, strict=True):
        np.testing.assert_allclose(dart, aim + shake, atol=1e-9)
        aim = aim - 0.4 * dart


def test_without_a_learning_rate_both_players_throw_the_same():
    np.testing.assert_array_equal(*(landed(name, {"rate": 0.0, "throw": float(THROWS)}) for name in PLAYERS))


def test_the_chart_is_the_distance_and_the_table_its_mean():
    values = {"rate": 0.2, "spread": 1.0, "throw": 25.0}
    for row, name in zip(chosen(DARTS).readings, PLAYERS, strict=True):
        _, distance = drawn(chosen(DARTS), name, 2, values)
        np.testing.assert_allclose(distance, np.hypot(*landed(name, values).T))
        assert len(distance) == 25
        assert [number(cell, values) for cell in row.cells] == [distance[-1], pytest.approx(distance[-LAST:].mean())]
    early = {**values, "throw": 3.0}
    _, distance = drawn(chosen(DARTS), "with loss", 2, early)
    assert number(chosen(DARTS).readings[0].cells[1], early) == pytest.approx(distance.mean())


def test_what_the_page_says_to_look_for_is_so():
    """Without a loss nobody gets better; at a learning rate of 1 the hand's shakes make the darts land farther off."""
    spread = SPREAD.frame(SPREAD.default)
    distance = np.linalg.norm(throws(LEARNING_RATE.values)[:, spread], axis=-1)
    first, last = distance[0, :LAST].mean(), distance[0, -LAST:].mean()
    assert last > 0.9 * first
    usual, whole = (distance[LEARNING_RATE.frame(rate), -LAST:].mean() for rate in (LEARNING_RATE.default, 1.0))
    assert usual < 0.25 * last
    assert whole > 1.2 * usual


def test_the_sentence_says_whom_the_loss_helps():
    for rate, throw, helps in [(0.0, 30.0, False), (0.3, 1.0, False), (0.3, 30.0, True), (1.0, 30.0, True)]:
        values = {"rate": rate, "throw": throw}
        shown, own, other, lesson = text_slots(chosen(DARTS), SENTENCE, values)
        assert shown == throw
        assert (lesson == HELP) == helps == (own < other)
    assert len(THROW.values) == THROWS
