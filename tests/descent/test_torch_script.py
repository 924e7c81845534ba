"""Programs for PyTorch, without PyTorch: their arithmetic in NumPy, and their loop with a stand-in for a tensor.

That PyTorch's own optimizers take the same path: tests/optimizers/test_reference.py.
"""

import ast
import builtins
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.datasets import CLASS_DATASETS, LINE_DATASETS
from core.descent import Gaussian, MiniBatch, descend
from core.descent.torch_landscape import WIDTH
from core.descent.torch_script import ScriptRun, has_script, script
from core.landscapes import LANDSCAPES, Landscape
from core.landscapes.fitted import PENALTIES, fitted_landscape
from core.losses import FAMILIES, LOSSES
from core.models.objectives import has_slope
from core.optimizers import OPTIMIZERS, SCHEDULES, with_schedule, with_weight_decay
from tests.landscapes.cases import model_of

STEPS, RATE = 40, 0.0123


def entry(key: str = "gradient_descent", **params: float) -> ScriptRun:
    return ScriptRun(OPTIMIZERS[key], {"lr": RATE} | params, end=np.array([1.25, -2.0]), height=0.5)


def program(landscape: Landscape, runs: Any = None, **changes: Any) -> str:
    given = {"start": (1.5, -2.25), "steps": STEPS, "schedule": SCHEDULES["constant"], "params": {}}
    text = script(landscape, runs or [entry()], **(given | changes))
    compile(text, "script", "exec")
    assert max(map(len, text.splitlines())) <= WIDTH
    assert not undefined_names(text)
    return text


def undefined_names(text: str) -> set[str]:
    """The names that a program uses and nowhere defines."""
    nodes = list(ast.walk(ast.parse(text)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    defined = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    defined |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    defined |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.alias)}
    return {node.id for node in names} - defined - set(dir(builtins))


class Tensor(np.ndarray):
    grad: np.ndarray

    def std(self, *, correction: float) -> Any:
        return np.std(np.asarray(self), ddof=correction)


def of_arrays(function: np.ufunc) -> Any:
    """PyTorch's functions take tensors and no bare numbers."""

    def called(*given: Any) -> np.ndarray:
        assert all(isinstance(one, np.ndarray) for one in given)
        return function(*given)

    return called


FUNCTIONS = {name: of_arrays(getattr(np, name)) for name in ("sin", "cos", "exp", "expm1", "sqrt", "log", "log1p")}
TORCH = SimpleNamespace(cat=np.concatenate, ones=np.ones, where=np.where, e=np.e, pi=np.pi, **FUNCTIONS)
TORCH.float64, TORCH.set_default_dtype, TORCH.no_grad = np.float64, lambda _: None, nullcontext
TORCH.tensor = lambda given, **_: np.array(given).view(Tensor)


def defined(text: str) -> dict[str, Any]:
    """What the program defines before it makes its optimizers, with NumPy in PyTorch's place."""
    names: dict[str, Any] = {"torch": TORCH, "numpy": np}
    exec(text.partition("\noptimizers = {")[0].replace("import torch\n", ""), names)
    return names


def places(landscape: Landscape, count: int) -> np.ndarray:
    low, high = np.transpose(landscape.window)
    return np.random.default_rng(3).uniform(low, high, (count, 2))


@pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)
def test_a_textbook_formula(landscape):
    points = places(landscape, 50)
    for params in ({}, {param.name: param.frames[1] for param in landscape.params}):
        f = defined(program(landscape, params=params))["f"]
        np.testing.assert_allclose(f(points.T), landscape.value(points, **params), rtol=1e-12, atol=1e-12)


def test_a_formula_comes_with_what_it_uses_of_its_module():
    text = program(LANDSCAPES["sharp_and_flat"])
    assert text.count("SHARP, WIDE = (-1.5, 0.3), (1.5, 1.2)") == text.count("def _hole(x, y, place, width):") == 1
    assert "condition = 20.0  # κ" in program(LANDSCAPES["ravine"])
    assert "np." not in text


def test_a_root_has_derivative_0_at_0_as_in_the_picture():
    """Autograd would make NaN of it: an infinite derivative times 0. scripts.json has a run that starts there."""
    text = program(LANDSCAPES["ackley"])
    assert "def root(x):" in text
    assert "sqrt(" not in text.partition("def f(p):")[2]
    root = defined(text)["root"]
    np.testing.assert_array_equal(root(np.array([0.0, 4.0])), [0.0, 2.0])
    assert "root" not in program(LANDSCAPES["rastrigin"])


@pytest.mark.parametrize("optimizer", [one for one in OPTIMIZERS.values() if one.torch], ids=str)
def test_numbers_are_written_as_floats(optimizer):
    """PyTorch tells 0 from 0.0, and refuses betas of which one is an int."""
    code = optimizer.torch_at(lr=1.0, **{param.name: 0.0 for param in optimizer.params[1:]})
    call = ast.parse(code, mode="eval").body
    numbers = [node.value for word in call.keywords for node in ast.walk(word) if isinstance(node, ast.Constant)]
    assert all(isinstance(number, float | bool) for number in numbers)


def test_a_share_of_a_run_is_a_float_and_a_count_of_steps_is_none():
    assert "pct_start=0.0," in SCHEDULES["one_cycle"].torch_at(lr=0.1, steps=40, warmup=0.0)
    assert "step_size=50," in SCHEDULES["step"].torch_at(lr=0.1, steps=40)


def agrees(landscape: Landscape, params: dict[str, float], loss: Any) -> None:
    names = defined(program(landscape, params=params))
    own = {param.name: params[param.name] for param in loss.params if param.name in params}
    names["loss"] = lambda pred, target: loss.value(pred, target, **own).mean()
    for point in places(landscape, 5):
        expected = landscape.value(point, **params)
        if np.isfinite(expected):  # inside the loss's domain
            np.testing.assert_allclose(names["f"](point), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("key", [*LINE_DATASETS, *CLASS_DATASETS])
@pytest.mark.parametrize("penalty", PENALTIES)
def test_data_and_penalty(key, penalty):
    loss = LOSSES["squared_error" if key in LINE_DATASETS else "binary_cross_entropy"]
    landscape = fitted_landscape(model_of(key), loss, penalty)
    changed = {name: {"penalty": 0.35, "outlier": 17.5}[name] for name in landscape.defaults}
    for params in ({}, changed):
        agrees(landscape, params, loss)


@pytest.mark.parametrize(
    "loss", [one for one in LOSSES.values() if FAMILIES[one.family].models and "PyTorch" in one.equivalents], ids=str
)
def test_every_loss_of_a_line_or_a_boundary(loss):
    landscape = fitted_landscape(model_of("iris" if FAMILIES[loss.family].classes else "tips"), loss)
    params = {param.name: float(param.frames[1]) for param in loss.params}
    agrees(landscape, params, loss)
    text = program(landscape, params=params)
    for param in loss.params:
        assert f"\n{param.name} = {params[param.name]}  # {param.symbol}\n" in text
    (definition,) = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == "loss")
    equivalent = loss.equivalents["PyTorch"]
    expected = f"{equivalent.lines}\nreturn {equivalent.code}" % {name: name for name in loss.defaults}
    assert ast.unparse(definition.body) == ast.unparse(ast.parse(expected))
    assert (equivalent.scale, equivalent.offset) == ("1", "0")  # or it is another height
    assert ("import math" in text) == ("math." in equivalent.code)
    assert (".isfinite()" in text) == (loss.pred_domain.mask(np.array([-1e9])).item() is False)
    assert ("0 * w.sum()" in text) == (not has_slope(loss))


def test_a_height_over_some_rows():
    landscape = fitted_landscape(model_of("made"), LOSSES["squared_error"], "l2")
    params = {"penalty": 0.35, "outlier": 17.5}
    names = defined(program(landscape, params=params, noise=MiniBatch(8, seed=4)))
    names["loss"] = lambda pred, target: ((pred - target) ** 2).mean()
    point = np.array([4.0, 1.5])
    each = [names["f"](point, [row]) for row in range(landscape.examples)]
    np.testing.assert_allclose(names["f"](point), landscape.value(point, **params), rtol=1e-12)
    np.testing.assert_allclose(np.mean(each), landscape.value(point, **params), rtol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=str)
def test_an_optimizer_at_its_settings(optimizer):
    params = {name: default * 0.875 for name, default in optimizer.defaults.items()}
    text = program(LANDSCAPES["bowl"], [entry(), ScriptRun(optimizer, params, np.zeros(2), 0.0)])
    if optimizer.torch:
        made = ast.parse(optimizer.torch_at(**params), mode="eval")
        assert f"'{optimizer.name}': lambda x: {ast.unparse(made)}" in ast.unparse(ast.parse(text))
        assert f"#   {optimizer.name:18} (0, 0)  height 0\n" in text
    else:
        assert f"    # {optimizer.name} is left out: PyTorch has none\n" in text
        assert text.count(optimizer.name) == 1


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=str)
def test_a_schedule(schedule):
    text = program(LANDSCAPES["bowl"], schedule=schedule)
    assert ("scheduler.step()" in text) == bool(schedule.torch)
    if schedule.torch:
        (made,) = (
            node.value
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "scheduler"
        )
        for node in ast.walk(made):
            if isinstance(node, ast.Name) and node.id in ("lr", "steps"):
                assert f"\n    {node.id} = " in text or f"\n{node.id} = " in text
                node.id = {"lr": str(RATE), "steps": str(STEPS)}[node.id]
        assert ast.unparse(made) == ast.unparse(ast.parse(schedule.torch_at(lr=RATE, steps=STEPS), mode="eval"))


def test_landscapes_and_optimizers_without_a_script():
    network = Landscape(**(vars(LANDSCAPES["bowl"]) | {"key": "network"}))
    for landscape, runs in ((network, [entry()]), (LANDSCAPES["bowl"], [entry("lion")])):
        assert not has_script(landscape, [one.optimizer for one in runs])
        with pytest.raises(ValueError, match=r"^PyTorch lacks the landscape .* or all of the optimizers$"):
            program(landscape, runs)


# --- the loop ---


class Height(float):
    """What a landscape answers."""

    landscape: Landscape
    at: Tensor

    def isfinite(self) -> bool:
        return bool(np.isfinite(self))

    def backward(self) -> None:
        self.at.grad += self.landscape.grad(self.at)


class SGD:
    """torch.optim.SGD, as far as gradient descent goes."""

    def __init__(self, points: list[Tensor], lr: float) -> None:
        (self.x,) = points
        self.defaults, self.param_groups = {"lr": lr}, [{"lr": lr}]

    def zero_grad(self) -> None:
        self.x.grad = np.zeros(2)

    def step(self) -> None:
        self.x -= self.param_groups[0]["lr"] * self.x.grad


class StepLR:
    """torch.optim.lr_scheduler.StepLR"""

    def __init__(self, optimizer: SGD, step_size: float, gamma: float) -> None:
        self.group, self.step_size, self.gamma, self.steps = optimizer.param_groups[0], step_size, gamma, 0

    def step(self) -> None:
        self.steps += 1
        if self.steps % self.step_size == 0:
            self.group["lr"] *= self.gamma


def printed(text: str, landscape: Landscape, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the program prints, with the three of the above in PyTorch's place."""

    def f(point: Tensor) -> Height:
        height = Height(landscape.value(point))
        height.landscape, height.at = landscape, point
        return height

    optim = SimpleNamespace(SGD=SGD, lr_scheduler=SimpleNamespace(StepLR=StepLR))
    names = defined(text) | {"torch": SimpleNamespace(**vars(TORCH), optim=optim), "f": f}
    exec("optimizers = {" + text.partition("\noptimizers = {")[2], names)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("scale", [0.0, 3.0])
@pytest.mark.parametrize("rates", ["constant", "step"])
def test_the_program_prints_the_ends_that_its_comments_say(decay, scale, rates, capsys):
    landscape, start, steps = LANDSCAPES["himmelblau"], (1.5, -2.25), 120
    optimizer, noise = OPTIMIZERS["gradient_descent"], Gaussian(scale, seed=5)
    ours = with_weight_decay(optimizer, decay) if decay else optimizer
    run = descend(with_schedule(ours, SCHEDULES[rates], steps), landscape, start, steps, noise=noise, lr=RATE)
    ended = ScriptRun(optimizer, {"lr": RATE}, run.points[-1], float(run.values[-1]))
    text = program(landscape, [ended], start=start, steps=steps, schedule=SCHEDULES[rates], decay=decay, noise=noise)
    assert printed(text, landscape, capsys) == [line[4:] for line in text.splitlines() if line.startswith("#   ")]


def test_decay_is_for_optimizers_without_their_own():
    text = program(LANDSCAPES["bowl"], [entry("momentum"), entry("adamw")], decay=0.1)
    assert 'if name != "AdamW":' in text
    assert "name !=" not in program(LANDSCAPES["bowl"], decay=0.1)
    assert "decay" not in program(LANDSCAPES["bowl"]).replace("weight_decay", "")


def test_batches_are_those_of_the_picture():
    landscape = fitted_landscape(model_of("blobs"), LOSSES["binary_cross_entropy"])
    noise, point = MiniBatch(16, seed=7), np.array([0.5, 1.5])
    text = program(landscape, noise=noise)
    batches = defined(text)["batches"]
    assert "f(x, batches[step]).backward()" in text
    noisy_gradient = noise.noisy_gradient(landscape.at(), (2,), STEPS)
    for at, rows in enumerate(batches):
        own = landscape.at().sampled_grad(point, rows, np.full(16, 1 / 16))
        np.testing.assert_allclose(noisy_gradient(at, point, landscape.grad(point)), own, rtol=1e-12)


def test_no_noise_needs_no_numpy():
    line = fitted_landscape(model_of("tips"), LOSSES["huber"])
    for text in (
        program(LANDSCAPES["bowl"], noise=Gaussian(0.0)),
        program(line, noise=MiniBatch(line.examples)),
        program(line),
    ):
        assert "numpy" not in text
        assert "pip install torch\n" in text
    assert "pip install numpy torch\n" in program(LANDSCAPES["bowl"], noise=Gaussian(0.5))


def test_a_run_that_diverged():
    gone = ScriptRun(OPTIMIZERS["momentum"], {}, np.full(2, np.nan), np.inf, diverged_at=17)
    assert program(LANDSCAPES["bowl"], [gone]).endswith("#   Momentum           has diverged at step 17\n")
