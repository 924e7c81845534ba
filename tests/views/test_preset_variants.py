"""The two sides of a scene's switch: what each is said to come to is what the page computes there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pytest

from core.descent.outcome import Outcome
from core.diagnosis import NAMES
from core.models.imbalance.report import BASELINE, PLAIN
from core.models.simplex import cooled
from core.stage import Slider
from core.ui.stage import scene_of
from core.views.class_probabilities.example.texts import float_text
from core.views.gradient_descent.race_text import BRIEF
from core.views.kit.view import Preset
from core.views.which_loss.presets import PRESETS as ADVICE
from tests.views.boxes_and_masks import box_scenes, detection_scenes, mask_scenes
from tests.views.class_imbalance import shown as imbalance
from tests.views.class_probabilities import shown as probabilities
from tests.views.class_probabilities import train_scenes
from tests.views.gradient_descent import races
from tests.views.scenes import EVERY, PAGES, Scene, counts, losses, report, verdict
from tests.views.test_preset_tasks import asked_for
from tests.views.training_curves import shown as training

WITHOUT = {
    "gradient descent": ["Local minimum", "Cliff"],
    "training curves": ["Healthy", "Underfit", "Slow start"],
    "which loss": list(ADVICE),  # its sentence compares two losses already
}
SWITCHES = [(page, name) for page, name in EVERY if name not in WITHOUT.get(page, [])]


# --- what the page computes on a side, in the words of its verdict ---


def brief(shown: races.Shown, key: str = "gradient_descent") -> str:
    """The result of an optimizer, as in the table."""
    return BRIEF[shown.outcomes[key]].format(step=shown.convergence_step(key))


def speed(shown: races.Shown) -> str:
    ends = set(shown.outcomes.values())
    assert len(shown.outcomes) > 2
    return {(Outcome.SLOW,): "all are very slow", (Outcome.CONVERGED,): "all converge"}[tuple(ends)]


def how_many_converge(shown: races.Shown) -> str:
    several = {0: "none converges", 2: "two converge", len(shown.outcomes): "all converge"}
    return several[list(shown.outcomes.values()).count(Outcome.CONVERGED)]


def whether_descent_leaves(shown: races.Shown) -> str:
    away = np.abs(shown.points("gradient_descent")[:, 1]) > 0.5
    if shown.outcomes["gradient_descent"] == Outcome.SLOWED_AT_SADDLE:
        assert not away.any()
        return "gradient descent stays"
    assert shown.outcomes["gradient_descent"] == Outcome.LEFT_WINDOW
    return f"it leaves, at step {shown.convergence_step('gradient_descent')}"


def descent_at_its_rate(shown: races.Shown) -> str:
    if shown.outcomes["gradient_descent"] == Outcome.DIVERGED:
        return brief(shown)
    assert Outcome.CONVERGED not in shown.by_rate("gradient_descent")[0]  # nor at any other rate
    return f"not converged in {shown.race.steps} steps"


def both(shown: races.Shown) -> str:
    (end,) = set(shown.outcomes.values())
    how = {Outcome.DIVERGED: "both diverge", Outcome.CONVERGED: "both converge"}[end]
    first, second = (shown.convergence_step(key) for key in shown.race.optimizers)
    return f"{how}, at steps {first} and {second}"


def diagnosis(shown: training.Shown) -> str:
    return NAMES[verdict(shown, {})].lower()


def diagnosis_and_loss(shown: training.Shown) -> str:
    return f"{diagnosis(shown)}, validation loss {losses(shown, {})[1][-1]:.2g}"


def diagnosis_and_bound(shown: training.Shown) -> str:
    """Without digits of a network's loss, which depend on how a machine rounds."""
    last = losses(shown, {})[1][-1]
    bound = "< 0.1" if last < 0.1 else f"> {np.floor(10 * last) / 10:g}"
    return f"{diagnosis(shown)}, validation loss {bound}"


def loss_of_the_model_that_is_kept(shown: training.Shown) -> str:
    _, validation = losses(shown, {})
    if not int(shown.choice["patience"]):
        return f"validation loss {validation[-1]:.2g}"
    best = int(shown.trace("best epoch", training.LOSS, {})["x"].item())
    assert validation[best] == validation.min()
    return f"{validation[best]:.2g} at ★"


def frauds(shown: imbalance.Shown) -> str:
    found = counts(shown, PLAIN, {})
    if not found.fp:
        return f"BCE finds {found.tp} of {found.tp + found.fn} frauds"
    return f"{found.tp} of {found.tp + found.fn}, and {found.fp} false positives"


def misses(shown: imbalance.Shown) -> str:
    found = counts(shown, PLAIN, {})
    whose = " of BCE" if shown.values.get("threshold") else ""
    return f"{found.fn} false negatives{whose}, cost {found.cost(report(shown, {}).cost):.2g}"


def false_alarms(shown: imbalance.Shown) -> str:
    return f"{counts(shown, PLAIN, {}).fp} false positives" + ("" if shown.values.get("threshold") else " of BCE")


def without_a_model(shown: imbalance.Shown) -> str:
    *_, baseline = shown.stage.readings
    accuracy = shown.number(baseline.cells[2], {})
    return (f"“{BASELINE}” has accuracy " if accuracy == 0.5 else "") + f"{100 * accuracy:g} %"


def always_negative(shown: imbalance.Shown) -> str:
    accuracy = shown.sentence(shown.stage.readings[0].cells[0], {})
    return accuracy if shown.values.get("share") == 0.5 else f"“Always negative” is {accuracy} accurate"


def short_lives(shown: imbalance.Shown) -> str:
    found = counts(shown, PLAIN, {})
    if not shown.values.get("threshold"):
        return f"BCE finds {found.tp} of {found.tp + found.fn} positives"
    return f"{found.tp} of {found.tp + found.fn}, and {found.fp} false positives"


def surprise(shown: probabilities.Shown) -> str:
    return f"surprise {shown.surprise({}):.3g} nats"


def surprise_in_bits(shown: probabilities.Shown) -> str:
    number = f"{shown.surprise({}) / np.log(2):.3g}"
    return f"surprise of {number} bit{'' if number == '1' else 's'}"


def perplexity(shown: probabilities.Shown) -> str:
    return f"perplexity {np.exp(shown.surprise({})):.3g}"


def both_probabilities_of_b(shown: probabilities.Shown) -> str:
    softmax, sigmoid = (shown.chances(how, {})[1] for how in ("softmax", "sigmoids"))
    return f"B: softmax {softmax:.3g}, sigmoid {sigmoid:.3g}"


def softmax_of_a_in_two_ways(shown: probabilities.Shown) -> str:
    naive, stable = (shown.chances(how, {})[0] for how in ("naive_softmax", "softmax"))
    return f"as written {float_text(naive)}, stable {stable:.3g}"


def softmax_of_b(shown: probabilities.Shown) -> str:
    return f"softmax of B {shown.chances('softmax', {})[1]:.3g}"


def three_digits(numbers: Sequence[float]) -> list[str]:
    """To three digits."""
    return [f"{number:.3g}".replace("-", "−") for number in numbers]


def means_of_fits(shown: probabilities.Shown) -> str:
    forward, reverse, _ = three_digits([one[shown.column("mean")] for one in shown.numbers({}).values()])
    return f"reverse KL has mean {reverse}, forward KL {forward}"


def spread_of_fits(shown: probabilities.Shown) -> str:
    forward, reverse, _ = three_digits([one[shown.column("sd")] for one in shown.numbers({}).values()])
    return f"{'sd ' if 'separation' in shown.values else ''}{forward} forward, {reverse} reverse"


def modes_of_reverse_kl(shown: probabilities.Shown) -> str:
    words = shown.summary({}).partition(". ")[0].split(", ")[1]
    return words[0].lower() + words[1:]


def js_and_its_gradient(shown: probabilities.Shown) -> str:
    value, gradient = shown.numbers({})["Jensen-Shannon"]
    return f"Jensen-Shannon {value:.4f}, gradient {gradient:.4g}".replace(" -", " −")


def gradients_on_wrong_classes(shown: probabilities.Shown) -> str:
    _, b, _, d = three_digits([one[shown.column("gradient")] for one in shown.numbers({}).values()])
    return f"gradients on B and D are {b} and {d}"


def how_far_away(shown: probabilities.Shown) -> str:
    minimum = shown.minimum({})
    q = cooled(minimum.best, np.array([shown.at("temperature", {})]))
    off = minimum.off(q)[0]
    return "exactly the true probabilities" if off < 1e-6 else f"up to {off:.1f}".removesuffix(".0") + " points away"


def least_loss(shown: probabilities.Shown) -> str:
    return f"least loss {shown.minimum({}).least[0]:.3g}"


def what_is_asked_for(shown: probabilities.Shown) -> str:
    return shown.sentence(shown.stage.summary, {}).partition(" asks for ")[2].removesuffix(".")


VERDICTS: dict[str, dict[str, Callable[..., str]]] = {
    "gradient descent": {
        "Overshoot": brief,
        "Learning rate too small": speed,
        "Ravine": how_many_converge,
        "Saddle escape": whether_descent_leaves,
        "Sparse gradients": descent_at_its_rate,
        "Noisy gradients": how_many_converge,
        "Warm-up helps": both,
    },
    "training curves": {
        "Overfit": diagnosis_and_loss,
        "Learning rate too large": diagnosis,
        "Learning rate too small": diagnosis_and_bound,
        "Early stopping helps": loss_of_the_model_that_is_kept,
        "More data helps": diagnosis_and_loss,
    },
    "class imbalance": {
        "Accuracy lies": always_negative,
        "Fraud, 0.1 %": frauds,
        "Screening": misses,
        "Spam": false_alarms,
        "Balanced": without_a_model,
        "Real data: low life expectancy": short_lives,
    },
    "boxes and masks": box_scenes.VERDICTS | mask_scenes.VERDICTS | detection_scenes.VERDICTS,
    "class probabilities": {
        "Confident and right": surprise,
        "Confident and wrong": surprise,
        "Undecided": perplexity,
        "A tie": surprise_in_bits,
        "Two right answers": both_probabilities_of_b,
        "Scores of 1,000": softmax_of_a_in_two_ways,
        "Temperature 0.1 and 10": softmax_of_b,
        "Two far modes": means_of_fits,
        "Near modes": spread_of_fits,
        "Uneven weights": modes_of_reverse_kl,
        "Support missed": js_and_its_gradient,
        "Distillation": gradients_on_wrong_classes,
        "Focal is less confident": how_far_away,
        "GCE is more confident": how_far_away,
        "A temperature corrects GCE": how_far_away,
        "Smoothed labels": least_loss,
        "Absolute error takes a corner": what_is_asked_for,
        "No class has more than half": what_is_asked_for,
        **train_scenes.VERDICTS,
    },
    "which loss": {},
}


# --- the tests ---


def preset_of(page: str, name: str) -> Preset:
    return PAGES[page].presets[name]


@cache
def side(page: str, name: str, number: int) -> Scene:
    preset = preset_of(page, name)
    return PAGES[page].open(preset.words(preset.variants[number]))


def differing(page: str, name: str) -> list[str]:
    """The words of the address in which the two sides differ."""
    one, other = map(preset_of(page, name).words, preset_of(page, name).variants)
    return [word for word in {**one, **other} if one.get(word) != other.get(word)]


@pytest.mark.parametrize(("page", "name"), EVERY)
def test_a_scene_has_two_sides_which_differ_in_one_thing_and_one_is_its_own(page, name):
    preset = preset_of(page, name)
    assert bool(preset.variants) == ((page, name) in SWITCHES) == (name in VERDICTS[page])
    if preset.variants:
        assert len(preset.variants) == 2
        assert [preset.words(variant) == preset.address for variant in preset.variants].count(True) == 1
        assert len(differing(page, name)) == 1
        assert all(len(f"{one.name}: {one.verdict}") <= 60 for one in preset.variants)


@pytest.mark.parametrize(("page", "name"), SWITCHES)
@pytest.mark.parametrize("number", [0, 1])
def test_a_verdict_is_what_the_page_computes(page, name, number):
    variant = preset_of(page, name).variants[number]
    assert variant.verdict == VERDICTS[page][name](side(page, name, number).shown)


@pytest.mark.parametrize(("page", "name"), SWITCHES)
def test_a_switch_names_the_value_to_which_it_sets_a_slider(page, name):
    (word,) = differing(page, name)
    for number, variant in enumerate(preset_of(page, name).variants):
        slider: Slider | None = side(page, name, number).sliders.get(word)
        if slider is None:  # a picker
            assert variant.name.startswith(("With ", "Without "))
        elif not variant.name.startswith(("With ", "Without ")):
            stands = slider.at(side(page, name, number).shown.values)
            value = slider.labels[slider.frame(stands)] if slider.labels else f"{stands:g}"
            left, found, right = f" {variant.name} ".partition(f" {value} ")
            assert found
            assert (left or right).strip().lower() in slider.label.lower()


@pytest.mark.parametrize("page", PAGES)
def test_every_address_of_a_scene_is_as_the_page_writes_it_and_belongs_to_no_other(page):
    """The browser tells by the address which scene is on the page: also after its task is done."""
    presets = PAGES[page].presets
    sides = {name: [dict(preset.address), *map(preset.words, preset.variants)] for name, preset in presets.items()}
    for name, preset in presets.items():
        slider, value = asked_for(page, name)
        done = {word: text for word, text in preset.address.items() if word != slider.key}
        if value != slider.default:
            done[slider.key] = f"{value:g}"
        assert not [
            other for other in presets if other != name for words in [*sides[name], done] if words in sides[other]
        ]
        for words in sides[name]:
            one = PAGES[page].open(words)
            usual = {param.name: param.write(param.default) for param in one.shown.view.params}
            usual |= {slider.key: f"{slider.default:g}" for slider in one.sliders.values()}
            assert not [word for word, text in words.items() if text == usual.get(word)]


def test_the_browser_gets_the_words_of_both_sides():
    preset = preset_of("gradient descent", "Warm-up helps")
    cold, warm = scene_of(preset)["variants"]
    assert warm["words"] == preset.address
    assert cold["words"] == {**preset.address, "schedule": "cosine"}
    assert cold["verdict"].startswith("both diverge")
    assert not scene_of(preset_of("gradient descent", "Cliff"))["variants"]
