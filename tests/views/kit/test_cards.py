"""The cards under the pictures: formulas and programs whose numbers are those of the sliders."""

import ast
import builtins

import pytest

from core.losses import BOX_LOSSES, LOSSES, MASK_LOSSES
from core.losses.equivalents import MODULES
from core.models.objectives import OBJECTIVES
from core.optimizers import OPTIMIZERS
from core.stage import Slider
from core.views.gradient_descent.cards import program
from core.views.gradient_descent.sliders import BETAS, RATES, momentum_param
from core.views.kit.cards import loss_card, loss_cards, vision_cards
from core.views.kit.loss_sliders import loss_sliders
from tests.views.texts import filled

OF_VISION = [*BOX_LOSSES.values(), *MASK_LOSSES.values()]
EVERY = [*LOSSES.values(), *OF_VISION]
each_loss = pytest.mark.parametrize("loss", EVERY, ids=str)
EQUIVALENTS = [(loss, library) for loss in EVERY for library in loss.equivalents]


def turned(loss):
    """The parameters where their sliders start and at both ends."""
    yield loss.starts
    yield {param.name: param.low for param in loss.params}
    yield {param.name: param.high for param in loss.params}


def sliders_of(loss):
    return {slider.name: slider for slider in loss_sliders(loss)}


def keyed(loss, params):
    """The values of the sliders of a loss's parameters."""
    return {f"{loss.key}.{name}": value for name, value in params.items()}


@each_loss
def test_a_card_says_everything(loss):
    for params in turned(loss):
        text = filled(loss_card(loss, sliders_of(loss)).text, keyed(loss, params))
        assert f"$$L = {loss.formula_at(**params)}$$" in text
        for part in (loss.name, loss.use_when, loss.watch_out, str(loss.source), loss.subgradient):
            assert part in text
        assert loss in OF_VISION or str(loss.estimates) in text
        assert text.count("$$") == 2
        assert "%(" not in text


@each_loss
def test_the_formula_has_the_numbers_in_it(loss):
    for param in loss.params:
        low, high = (loss.formula_at(**{param.name: end}) for end in (param.low, param.high))
        assert f"{param.low:g}" in low
        assert f"{param.high:g}" in high
        assert low != high


@each_loss
def test_a_source_can_be_followed_from_markdown(loss):
    url = loss.source.url
    if url:
        assert url.startswith("https://")
        assert not set(url) & set("()[]<> ")


@pytest.mark.parametrize(("loss", "library"), EQUIVALENTS, ids=str)
def test_a_program_is_whole(loss, library):
    for params in turned(loss):
        code = loss.code(library, **params)
        tree = ast.parse(code)
        bound = {"pred", "target", "loss", *dir(builtins)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                bound |= {name.asname or name.name.split(".")[0] for name in node.names}
                assert all(name.name in MODULES[library] for name in node.names)
            bound |= {node.arg} if isinstance(node, ast.arg) else set()
            bound |= {node.name} if isinstance(node, ast.FunctionDef) else set()
            bound |= {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else set()
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert names <= bound, names - bound
        assert "%(" not in code


@pytest.mark.parametrize(("loss", "library"), EQUIVALENTS, ids=str)
def test_a_program_has_the_numbers_in_it(loss, library):
    settings = {tuple(params.items()) for params in turned(loss)}  # a start may be an end of the slider
    codes = {loss.code(library, **dict(params)) for params in settings}
    assert len(codes) == len(settings) or not any(
        f"%({name})s" in loss.equivalents[library].code + loss.equivalents[library].lines for name in loss.defaults
    )


@each_loss
def test_code_for_every_library_or_a_word_about_it(loss):
    card = loss_card(loss, sliders_of(loss))
    assert list(card.code) == list(loss.libraries)
    for library, code in card.code.items():
        for params in turned(loss):
            shown = filled(code, keyed(loss, params))
            if library not in loss.equivalents:
                assert shown == f"# {library} has no such loss."
            else:  # on other lines, maybe: those of the longest number
                assert ast.dump(ast.parse(shown)) == ast.dump(ast.parse(loss.code(library, **params)))
                assert card.notes[library] == loss.equivalents[library].note


@pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=str)
def test_what_a_classifier_is_trained_under_has_its_code_too(objective):
    code = loss_card(objective, sliders_of(objective)).code
    for params in turned(objective):
        for library in objective.equivalents:
            shown = filled(code[library], keyed(objective, params))
            assert ast.dump(ast.parse(shown)) == ast.dump(ast.parse(objective.code(library, **params)))


def test_cards_of_boxes_and_masks_follow_the_sliders_of_their_own_loss():
    """Dice is the key of a loss of masks and of one of batches."""
    losses = [MASK_LOSSES["dice"], MASK_LOSSES["jaccard"], BOX_LOSSES["giou"]]
    sliders = [slider for loss in losses[:2] for slider in loss_sliders(loss)]
    dice, jaccard, giou = vision_cards(losses, sliders)
    moved = {"dice.smooth": 4.0, "jaccard.smooth": 2.5}
    assert "2 TP + 4}{2 TP + FP + FN + 4}" in filled(dice.text, moved)
    assert "smooth_nr=4, smooth_dr=4" in filled(dice.code["MONAI"], moved)
    assert "TP + 2.5}" in filled(jaccard.text, moved)
    assert giou.code.keys() == {"NumPy", "PyTorch", "MONAI", "Keras"}
    assert "generalized_box_iou_loss" in filled(giou.code["PyTorch"], {})
    assert giou.notes["PyTorch"] == losses[2].equivalents["PyTorch"].note


def test_without_sliders_the_numbers_are_those_of_the_starts():
    (card,) = loss_cards(["huber"])
    assert f"$$L = {LOSSES['huber'].formula_at(**LOSSES['huber'].starts)}$$" in filled(card.text, {})
    assert filled(card.code["NumPy"], {}) == LOSSES["huber"].code("NumPy", **LOSSES["huber"].starts)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=str)
def test_an_optimizers_program_is_pytorchs_at_every_stop_of_its_sliders(optimizer):
    (momentum,) = [name for name in (momentum_param(optimizer.key),) if name] or [""]
    rate = Slider(name="lr", label="Learning rate", values=RATES[::7], start=2)
    sliders = {"lr": rate} | ({momentum: Slider(name="beta", label="β", values=BETAS, start=3)} if momentum else {})
    shown = program(optimizer, sliders)
    for lr in rate.values:
        for beta in BETAS if momentum else [0.0]:
            own = {"lr": float(lr)} | ({momentum: float(beta)} if momentum else {})
            expected = optimizer.torch_at(**own) if optimizer.torch else "# PyTorch has no such optimizer"
            assert filled(shown, {"lr": lr, "beta": beta}) == expected
