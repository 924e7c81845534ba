"""The code to copy computes the loss: figures of the libraries, made by reference/make_snippets.py and, of boxes and
masks, by make_vision_snippets.py, and NumPy here.

A program that is new or was changed is not the one whose figures are stored, and fails until `make reference` has run.
"""

import ast
import itertools
import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from core.losses import BOX_LOSSES, FAMILIES, LOSSES, MASK_LOSSES
from core.models.objectives import OBJECTIVES, Objective
from tests.losses.cases import one_at_a_time, settings

REFERENCE, VISION = (
    json.loads((Path(__file__).parent.parent / "reference" / f"{name}.json").read_text())
    for name in ("snippets", "vision_snippets")
)
BLOCKS = {
    (reference is VISION, block["key"], block["library"]): block
    for reference in (REFERENCE, VISION)
    for block in reference["blocks"]
}
RECORDS = [*LOSSES.values(), *(objective for key, objective in OBJECTIVES.items() if key not in LOSSES)]
OF_VISION = [*BOX_LOSSES.values(), *MASK_LOSSES.values()]
PROGRAMS = [(record, library) for record in (*RECORDS, *OF_VISION) for library in record.equivalents]
TYPES = [np.float64, np.int64, np.int32, np.uint8, np.bool_]

each_program = pytest.mark.parametrize(("record", "library"), PROGRAMS, ids=str)


def of_vision(record):
    """Whether it is a loss of boxes or of masks."""
    return record.family in ("box", "mask")


def batches_of(record):
    """The batches that its code is for, by name."""
    reference = VISION if of_vision(record) else REFERENCE
    return reference["batches"][record.family + (", probabilities" if record.soft_targets else "")]


def settings_of(record):
    """The parameters that its code was run with."""
    return one_at_a_time(record) if of_vision(record) else settings(record)


def batch(record, name):
    pred, target = batches_of(record)[name]
    return np.array(pred, dtype=float), np.array(target, dtype=float)


def whole(record, pred, target, **params):
    """The mean of this project's values over a batch."""
    return np.mean(record.value(pred, target, **params))


def gradient(record, pred, target, **params):
    return record.grad(pred, target, **params) / (1 if isinstance(record, Objective) else len(target))


def agrees(ours, theirs, rtol):
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=1e-14 if rtol <= 1e-12 else rtol / 100)


def block_of(record, library):
    """What is stored of a program, if something is."""
    return BLOCKS.get((of_vision(record), record.key, library), {"runs": [], "programs": "none"})


def runs_of(record, library):
    """The figures of each setting of a program, if some are stored."""
    return block_of(record, library)["runs"]


@each_program
def test_the_figures_are_of_the_code_as_it_is_now(record, library):
    programs = "\n\n".join(record.code(library, **params) for params in settings_of(record))
    stored = block_of(record, library)["programs"]
    assert stored == sha256(programs.encode()).hexdigest(), f"run `make reference`: new code of {record} for {library}"
    assert [run["params"] for run in runs_of(record, library)] == settings_of(record)


def test_no_figure_is_of_code_that_is_gone():
    programs = {(of_vision(record), record.key, library) for record, library in PROGRAMS}
    assert set(BLOCKS) <= programs, "run `make reference`"


@each_program
def test_every_batch_that_the_code_is_for_was_run(record, library):
    """Left out is only what lies outside the loss's domain, has an infinite value, or what `where` excludes."""
    where = record.equivalents[library].where
    runs = runs_of(record, library)
    for run in runs:
        names = {name for name in run["figures"] if not name.endswith("gradient")}
        for name in set(batches_of(record)) - names:
            pred, target = batch(record, name)
            if np.all(eval(where, {"pred": pred, "target": target, "np": np, **run["params"]})):
                try:
                    value = whole(record, pred, target, **run["params"])
                except ValueError:
                    continue
                assert np.isinf(value)
    assert not runs or any("mixed" in run["figures"] for run in runs)


@each_program
def test_the_libraries_figures_are_the_mean_of_ours(record, library):
    rtol = record.equivalents[library].rtol
    for run in runs_of(record, library):
        for name, figures in run["figures"].items():
            pred, target = batch(record, name.removesuffix(", gradient"))
            if name.endswith("gradient"):
                theirs = np.array(figures, dtype=float)
                smooth = ~np.isnan(theirs)
                assert smooth.any()
                ours = gradient(record, pred, target, **run["params"])
                if record.equivalents[library].same_grad:
                    agrees(ours[smooth], theirs[smooth], rtol)
                else:
                    assert np.abs(ours - theirs).max() > 0.01 * np.abs(ours).max()
            else:
                agrees(whole(record, pred, target, **run["params"]), figures, rtol)


def forms(record, pred, target):
    """A batch in the shapes and number types that people have it in."""
    if of_vision(record):
        channel = (lambda array: array[:, None]) if record.family == "mask" else np.copy
        for shaped, labels in ((pred, target), (channel(pred), target), (channel(pred), channel(target))):
            yield from ((shaped, labels.astype(kind)) for kind in TYPES if np.array_equal(labels.astype(kind), labels))
            yield shaped.astype(np.float32), labels
        return
    rows = pred.shape[:-1] if FAMILIES[record.family].pred_axes else pred.shape
    column = pred[:, None] if rows == pred.shape else pred
    for shaped, labels in itertools.product((pred, column), (target, target[:, None])):
        for kind in TYPES:
            if np.array_equal(labels.astype(kind), labels):
                yield shaped, labels.astype(kind)
        yield shaped.astype(np.float32), labels


@pytest.mark.parametrize("record", [record for record, library in PROGRAMS if library == "NumPy"], ids=str)
def test_numpy_computes_it(record):
    where = record.equivalents["NumPy"].where
    for params in settings_of(record):
        program = compile(record.code("NumPy", **params), record.key, "exec")
        for name in batches_of(record):
            pred, target = batch(record, name)
            if not np.all(eval(where, {"pred": pred, "target": target, "np": np, **params})):
                continue
            with np.errstate(over="ignore"):
                try:
                    ours = whole(record, pred, target, **params)
                except ValueError:  # outside the loss's domain
                    continue
            if np.isinf(ours):
                continue
            for shaped, labels in forms(record, pred, target):
                names = {"pred": shaped, "target": labels}
                with np.errstate(all="raise", under="ignore"):
                    exec(program, names)
                single = shaped.dtype == np.float32
                if single and name.startswith("far"):
                    continue
                np.testing.assert_allclose(
                    names["loss"], ours, rtol=1e-5 if single else 1e-12, atol=1e-6 * single or 1e-14
                )


def test_a_loss_that_is_written_out_is_written_out_with_numpy():
    assert all("NumPy" in record.equivalents for record in (*RECORDS, *OF_VISION) if record.equivalents)
    assert all(family.prepared and next(iter(family.prepared)) == "NumPy" for family in FAMILIES.values())
    assert all(record.equivalents for record in OF_VISION)


@each_program
def test_a_note_says_where_the_code_is_not_the_loss(record, library):
    equivalent = record.equivalents[library]
    assert equivalent.note or (equivalent.where == "True" and equivalent.rtol <= 1e-12 and equivalent.same_grad)
    assert equivalent.note == "" or equivalent.note.endswith(".")


@pytest.mark.parametrize("library", LOSSES["weighted_binary_cross_entropy"].equivalents)
def test_weighted_cross_entropy_of_six_examples_in_a_row(library):
    run = next(
        run
        for run in runs_of(LOSSES["weighted_binary_cross_entropy"], library)
        if run["params"] == {"pos_weight": 10.0}
    )
    assert run["figures"]["mixed"] == pytest.approx([4.403, 4.403], abs=5e-4)


@pytest.mark.parametrize("library", LOSSES["hinge"].equivalents)
def test_hinge_of_one_class(library):
    (run,) = runs_of(LOSSES["hinge"], library)
    assert run["figures"]["all positive"] == pytest.approx([0.5, 0.5], abs=1e-15)
    assert run["figures"]["all negative"] == pytest.approx([1.9333333333] * 2, abs=1e-9)


@each_program
def test_no_program_asks_what_is_written_in_it(record, library):
    """`if 1.5 == 1` is for who wrote the program, not for who copies it."""
    for params in settings_of(record):
        for node in ast.walk(ast.parse(record.code(library, **params))):
            if isinstance(node, ast.IfExp | ast.If):
                assert any(isinstance(part, ast.Name) for part in ast.walk(node.test)), ast.unparse(node.test)
