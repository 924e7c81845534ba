"""The script of a race: what a person has released is what it runs, and PyTorch takes all that is in it.

There is no PyTorch here: reference/scripts.json says what the real one accepted, and what it printed.
"""

import ast
import json
from pathlib import Path

import numpy as np
import pytest

from core.descent import Gaussian
from core.optimizers import OPTIMIZERS, SCHEDULES
from core.views.gradient_descent.problems import KINDS as PROBLEMS
from core.views.gradient_descent.script import script_of
from core.views.gradient_descent.views import BY_KIND
from tests.views.cases import chosen, name_of
from tests.views.gradient_descent.races import race_of
from tests.views.gradient_descent.scripts import (
    EVERYBODY,
    KINDS,
    constructors,
    every_constructor,
    program,
    race,
    schedule,
    signature,
    stops,
)

RACES = {kind: views["race"] for kind, views in BY_KIND.items()}


def script(kind, values=None, **choice):
    """The race of a choice around these values, and its script."""
    values = values or {}
    race = race_of(RACES[kind].choose(**choice).around(values))
    text = script_of(race)(values)
    compile(text, "script", "exec")
    return race, text


def named(text):
    """The numbers at the top of a script."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.List):
            found[ast.unparse(node.targets[0])] = ast.literal_eval(node.value)
    return found


def end(race, number):
    """How the script says that an optimizer of the centre ends."""
    (x, y), height = race.descent.points[-1, number, 0], race.descent.values[-1, number, 0]
    return f"#   {OPTIMIZERS[race.optimizers[number]].name:18} ({x:.8g}, {y:.8g})  height {height:.8g}\n"


@pytest.mark.parametrize("view", RACES.values(), ids=name_of)
def test_the_link_is_there_where_there_is_a_script(view):
    assert ("py" in view.saves) == (chosen(view).script is not None) == (view.key != "network_race")


def test_no_script_without_an_optimizer_that_pytorch_has():
    assert chosen(RACES["textbook"], optimizers=("lion",)).script is None


def test_what_was_released_runs():
    values = {"x": 1.25, "y": -2.5, "lr": 0.004, "beta": 0.8, "condition": 34.0, "noise": 0.2}
    race, text = script("textbook", values, optimizers=("momentum", "adam"), steps="50")
    numbers = named(text)
    assert (numbers["start"], numbers["steps"], numbers["condition"]) == ([1.25, -2.5], 50, 34.0)
    assert "SGD([x], lr=0.004, momentum=0.8)" in text
    assert "Adam([x], lr=0.004, betas=(0.8, 0.999)" in text
    assert all(end(race, number) in text for number in range(2))
    noise = Gaussian(numbers["noise"], seed=1).noisy_gradient(None, (2,), 50)
    np.testing.assert_allclose(
        noise(0, np.zeros(2), np.zeros(2)), race.descent.noisy_gradients[0, 0, 0] - race.descent.gradients[0, 0, 0]
    )


def test_each_rate_is_its_own():
    values = {"momentum.lr": 0.002, "adam.lr": 0.5}
    race, text = script("textbook", values, optimizers=("momentum", "adam"), rates="each", decay="0.1", schedule="step")
    assert "SGD([x], lr=0.002," in text
    assert "Adam([x], lr=0.5," in text
    assert "StepLR(optimizer, step_size=50, gamma=0.1)" in text
    assert named(text)["decay"] == 0.1
    assert all(end(race, number) in text for number in range(2))


def test_a_line_with_its_loss_its_outlier_and_its_batches():
    values = {"batch": 8.0, "huber.delta": 2.25, "outlier": 21.0, "penalty": 0.4, "lr": 0.01}
    race, text = script("line", values, data="tips", loss="huber", norm="l1")
    stands = {key: race.slider(key).nearest(value) for key, value in values.items()}
    numbers = named(text)
    assert [numbers[name] for name in ("delta", "outlier", "penalty")] == [
        stands[key] for key in ("huber.delta", "outlier", "penalty")
    ]
    assert f"random.permutation(248)[:{stands['batch']:g}]" in text
    assert all(end(race, number) in text for number in range(len(race.optimizers)))


@pytest.mark.parametrize("kind", [kind for kind, view in RACES.items() if "py" in view.saves])
def test_every_choice_of_problem(kind):
    for param in PROBLEMS[kind].params:
        for value in RACES[kind].param(param.name).extremes():
            _, text = script(kind, optimizers=("rmsprop",), steps="50", **{param.name: value})
            assert text.splitlines()[-1].startswith("#   RMSprop ")


def test_a_typed_loss_is_a_function_with_the_numbers_of_its_sliders():
    """Its parameters may have names that mean something else in the program."""
    loss = "your_loss:u min(r^2, w) + (1 - u) |r|"
    _, text = script("line", {"your_loss.w": 2.0}, optimizers=("rmsprop",), steps="50", loss=loss)
    assert "def loss(pred, target, u=0.5, w=2" in text
    assert "\nu = (" in text  # the data's column
    assert not any(line.startswith(("w = ", "u = 0")) for line in text.splitlines())


# --- what PyTorch accepts, and where it ends ---

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "scripts.json").read_text())
ACCEPTED = set(REFERENCE["accepted"])
CLOSE = 1e-6  # of the window, and of the height: it was printed to eight digits


@pytest.mark.parametrize("kind", KINDS)
def test_pytorch_accepts_every_optimizer_at_every_stop_of_every_slider(kind):
    found = race(kind, {"optimizers": EVERYBODY, "steps": "50"}, {})
    count = 0
    for values in stops(found):
        calls = list(constructors(program(found, values)))
        assert len(calls) == sum(bool(one.torch) for one in OPTIMIZERS.values())
        assert {signature(call) for call in calls} <= ACCEPTED, f"`make reference` runs the new ones; {values}"
        count += 1
    assert count == 1 + sum(len(slider.values) for slider in found.sliders if slider.recomputed)


def test_pytorch_accepts_every_learning_rate_with_every_momentum():
    for call in every_constructor():
        assert signature(call) in ACCEPTED, f"`make reference` runs {call}"


def test_without_momentum_nesterovs_script_is_plain_descent():
    """PyTorch has no Nesterov without momentum, where it is gradient descent."""
    _, text = script("textbook", {"beta": 0.0}, optimizers=("gradient_descent", "nesterov", "adam"))
    plain, nesterov, adam = constructors(text)
    assert nesterov == plain
    assert "betas=(0.0, 0.999)" in adam  # PyTorch asks for two floats
    _, text = script("textbook", {"beta": 0.1}, optimizers=("nesterov",))
    assert "momentum=0.1, nesterov=True" in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_schedule_is_as_it_was_run(kind):
    for steps in PROBLEMS[kind].steps:
        for key, record in SCHEDULES.items():
            _, text = script(kind, optimizers=("adagrad",), steps=steps, schedule=key)
            line = schedule(text)
            assert (line in REFERENCE["schedules"]) == bool(record.torch)


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: "-".join(map(str, case["choice"].values())))
def test_pytorch_prints_where_the_picture_ends(case):
    found = race(case["kind"], case["choice"] | {"optimizers": EVERYBODY}, case["around"])
    run = found.descents_of(np.arange(1))  # as the sliders stand
    low, high = np.transpose(found.problem.landscape.window)
    for key, name in ((key, OPTIMIZERS[key].name) for key in found.optimizers):
        if name in case["ends"]:
            (x, y, height), number = case["ends"][name], found.optimizers.index(key)
            np.testing.assert_allclose(run.points[-1, number, 0] / (high - low), [x, y] / (high - low), atol=CLOSE)
            assert run.values[-1, number, 0] == pytest.approx(height, rel=CLOSE, abs=CLOSE)


def test_the_programs_that_were_run_are_all_there_are():
    counts = REFERENCE["counts"]
    assert counts["programs"] > 5000
    assert counts["same"] > 10 * counts["chaos"]
    assert all(case["ends"] for case in REFERENCE["cases"])


RUN = {"textbook": 18, "line": 19, "classifier": 8}  # landscapes and losses that PyTorch has run: never fewer


@pytest.mark.parametrize("kind", RUN)
def test_every_landscape_and_every_loss_that_pytorch_has_was_run(kind):
    word = "landscape" if kind == "textbook" else "loss"
    run = {case["choice"][word] for case in REFERENCE["cases"] if case["kind"] == kind}
    options = set(RACES[kind].param(word).options)
    assert run <= options
    assert len(run) >= RUN[kind]
    new = [one for one in sorted(options - run) if chosen(RACES[kind], **{word: one}).script]
    if new:
        pytest.skip(f"`make reference` runs the programs of {', '.join(new)} with PyTorch")
