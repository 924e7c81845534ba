"""The right kind, over noise, length and every formula of a kind; and where too much noise takes over."""

import numpy as np
import pytest

from core.diagnosis import VerdictKind
from tests.diagnosis.cases import BUILDERS, Run, healthy

LENGTHS = (10, 20, 40, 100, 300, 1000, 5000)
NOISES = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05)  # of the fall
DRAWS = 4


def drawn(name: str, length: int, noise: float, seed: int) -> Run:
    rng = np.random.default_rng([seed, length, round(noise * 1000), list(BUILDERS).index(name)])
    return BUILDERS[name](length, rng).noisy(noise, rng)


def right(name: str, lengths, noises, draws: int = DRAWS) -> np.ndarray:
    """Whether each verdict is the built-in one, bool [length, noise, draw]."""
    runs = [[[drawn(name, n, noise, seed) for seed in range(draws)] for noise in noises] for n in lengths]
    return np.array([[[run.verdict().kind is run.kind for run in row] for row in rows] for rows in runs])


@pytest.fixture(scope="module")
def shares() -> dict[str, np.ndarray]:
    return {name: right(name, LENGTHS, NOISES) for name in BUILDERS}


def test_nearly_every_verdict_is_right(shares):
    assert np.mean([*shares.values()]) >= 0.985


@pytest.mark.parametrize("name", BUILDERS)
def test_each_kind_is_seen_at_every_length(shares, name):
    # Of ten or twenty values nobody can tell noise from a trend every time.
    assert shares[name][2:].mean() >= 0.97
    assert shares[name][:2].mean() >= (0.85 if name == "noisy" else 0.94)


@pytest.mark.parametrize("index", range(len(NOISES)), ids=str)
def test_each_noise_is_borne(shares, index):
    assert np.mean([right[:, index] for right in shares.values()]) >= 0.97


@pytest.mark.parametrize("name", [name for name in BUILDERS if name != "noisy"])
def test_without_noise_there_is_hardly_a_wrong_one(name):
    assert right(name, (10, 25, 60, 250), (0.0,), draws=25).mean() >= 0.96


@pytest.mark.parametrize(("noise", "low", "high"), [(0.1, 0.0, 0.1), (0.2, 0.0, 0.4), (0.5, 0.9, 1.0)])
def test_too_noisy_takes_over_at_about_a_quarter_of_the_fall(noise, low, high):
    kinds = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        kinds.append(healthy(100, rng).noisy(noise, rng).verdict().kind)
    assert low <= np.mean([kind is VerdictKind.NOISY for kind in kinds]) <= high


def test_the_builders_cover_every_kind_of_a_training_loss():
    rng = np.random.default_rng(0)
    assert {builder(50, rng).kind for builder in BUILDERS.values()} == set(VerdictKind) - {
        VerdictKind.TOO_SHORT,
        VerdictKind.NOT_JUDGED,
        VerdictKind.VALIDATION_TURNED,
    }
