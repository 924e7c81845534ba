"""An error says which argument, what is allowed, and what was given."""

import re

import numpy as np
import pytest

from core.descent import MINIMISERS, Gaussian, MiniBatch, descend
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS, SCHEDULES
from tests.optimizers.cases import START, Parabola

EACH = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=str)
BOWL = LANDSCAPES["bowl"]
ADAM = OPTIMIZERS["adam"]
NAN = float("nan")


def exactly(message):
    return f"^{re.escape(message)}$"


@EACH
@pytest.mark.parametrize("rate", [NAN, np.inf, -np.inf, None, "0.1", 1j, [0.1, NAN]])
def test_a_rate_is_a_finite_number(optimizer, rate):
    with pytest.raises(ValueError, match=rf"^lr must be (finite|numbers), got .* \({optimizer}\)$"):
        descend(optimizer, BOWL, START, 3, lr=rate)


@EACH
def test_values_outside_a_domain_are_refused_at_both_ends(optimizer):
    for param in optimizer.params:
        for end, open_, step in (
            (param.domain.low, param.domain.low_open, -1e-9),
            (param.domain.high, param.domain.high_open, 1e-9),
        ):
            if np.isfinite(end):
                with pytest.raises(ValueError, match=f"^{param.name} must be .* \\({optimizer}\\)$"):
                    descend(optimizer, BOWL, START, 3, **{param.name: end if open_ else end + step})
                if not open_:
                    descend(optimizer, BOWL, START, 3, **{param.name: end})


@EACH
def test_an_unknown_parameter_is_named(optimizer):
    known = ", ".join(optimizer.defaults)
    with pytest.raises(TypeError, match=exactly(f"{optimizer} has no parameter 'size'; it takes {known}")):
        descend(optimizer, BOWL, START, 3, size=1.0)


@pytest.mark.parametrize("steps", [-1, 2.0, 2.5, NAN, None, "3", True, [3]])
def test_steps_are_a_whole_number(steps):
    with pytest.raises(ValueError, match=exactly(f"steps must be a whole number of at least 0, got {steps!r}")):
        descend(ADAM, BOWL, START, steps)
    with pytest.raises(
        ValueError, match=exactly(f"max_evaluations must be a whole number of at least 0, got {steps!r}")
    ):
        MINIMISERS["bfgs"].run(BOWL, START, steps)


def test_a_whole_number_of_numpy_is_one_too():
    assert descend(ADAM, BOWL, START, np.int64(3)).steps == 3


@pytest.mark.parametrize(
    "start", [[NAN, 1.0], [1.0, np.inf], 3.0, None, "ab", ["1", "2"], [1j, 0.0], [[1.0, 2.0], [3.0]], [1.0], np.ones(3)]
)
def test_a_start_is_finite_numbers(start):
    message = f"start must be finite numbers, 2 on the last axis, got {start!r}"
    for run in (lambda: descend(ADAM, BOWL, start, 3), lambda: MINIMISERS["cg"].run(BOWL, start, 30)):
        with pytest.raises(ValueError, match=exactly(message)):
            run()


def test_a_start_on_a_landscape_of_unknown_dimension_is_finite_numbers_too():
    message = "start must be finite numbers, the coordinates on the last axis, got [nan]"
    with pytest.raises(ValueError, match=exactly(message)):
        descend(ADAM, Parabola(np.ones(1)), [NAN], 3)


def test_a_minimiser_starts_at_one_point():
    for minimiser in MINIMISERS.values():
        with pytest.raises(ValueError, match=r"^start must be one point \[d\], got array"):
            minimiser.run(BOWL, np.ones((3, 2)), 30)


def test_shapes_that_do_not_broadcast_are_named():
    message = "shapes must broadcast, got start (3,), the parameters (2,) (adam)"
    with pytest.raises(ValueError, match=exactly(message)):
        descend(ADAM, BOWL, np.ones((3, 2)), 3, lr=[0.1, 0.2])
    with pytest.raises(ValueError, match=exactly("shapes must broadcast, got lr (2,), beta1 (3,) (adam)")):
        descend(ADAM, BOWL, START, 3, lr=[0.1, 0.2], beta1=[0.1, 0.2, 0.3])
    with pytest.raises(
        ValueError, match=exactly("shapes must broadcast, got the parameters (2,), the noise (3,) (adam)")
    ):
        descend(ADAM, BOWL, START, 3, lr=[0.1, 0.2], noise=Gaussian([0.1, 0.2, 0.3]))
    ravine = LANDSCAPES["ravine"].at(condition=[1.0, 2.0, 3.0])
    with pytest.raises(
        ValueError, match=exactly("shapes must broadcast, got the landscape (3,), the parameters (2,) (adam)")
    ):
        descend(ADAM, ravine, START, 3, lr=[0.1, 0.2])


@pytest.mark.parametrize("scale", [-0.1, NAN, np.inf, None, "1", [0.1, -0.1]])
def test_a_noise_has_a_scale(scale):
    with pytest.raises(ValueError, match=exactly(f"scale must be at least 0, got {scale!r}")):
        Gaussian(scale)


@pytest.mark.parametrize("size", [0, -1, 2.5, NAN, None, "8", [4, 0]])
def test_a_batch_has_a_whole_size(size):
    with pytest.raises(ValueError, match=exactly(f"size must be whole numbers of at least 1, got {size!r}")):
        MiniBatch(size)


def test_mini_batches_need_examples():
    with pytest.raises(
        ValueError, match=exactly("mini-batches need a landscape that is a mean over examples, got 'bowl'")
    ):
        descend(ADAM, BOWL, START, 3, noise=MiniBatch(4))


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=str)
def test_a_schedule_is_checked_as_an_optimizer_is(schedule):
    with pytest.raises(ValueError, match=exactly("steps must be a whole number of at least 1, got 0")):
        schedule.factor(0, 0)
    with pytest.raises(TypeError, match=rf"^{schedule} has no parameter 'size'; it takes"):
        schedule.factor(0, 10, size=3.0)
    for name in schedule.defaults:
        with pytest.raises(ValueError, match=rf"^{name} must be .*, got nan \({schedule}\)$"):
            schedule.factor(0, 10, **{name: NAN})
