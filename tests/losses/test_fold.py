"""Long statements on short lines say the same."""

import ast

import pytest

from core.losses import LOSSES
from core.losses.fold import WIDTH, fold
from core.models.objectives import OBJECTIVES

RECORDS = dict(LOSSES) | {key: objective for key, objective in OBJECTIVES.items() if key not in LOSSES}
PROGRAMS = [(record, library) for record in RECORDS.values() for library in record.equivalents]


@pytest.mark.parametrize(("record", "library"), PROGRAMS, ids=str)
def test_a_folded_program_is_the_same_program(record, library):
    equivalent, code = record.equivalents[library], record.code(library)
    last = ast.parse(code).body[-1]
    assert ast.dump(last) == ast.dump(ast.parse(f"loss = {equivalent.at(**record.defaults)}").body[0])
    assert all(len(line) <= WIDTH + 2 for line in code.splitlines())  # + 2: the longest name of a function of PyTorch


@pytest.mark.parametrize(
    ("statement", "lines"),
    [
        ("x = 1", ["x = 1"]),
        (f"x = f({'a' * 60})", ["x = f(", f"    {'a' * 60}", ")"]),
        (f"x = f({'a' * 40}, {'b' * 30})", ["x = f(", f"    {'a' * 40},", f"    {'b' * 30},", ")"]),
        (
            f"x = ({'a' * 30} * {'b' * 30} - f(1, c - d)).mean()",
            ["x = (", f"    {'a' * 30} * {'b' * 30}", "    - f(1, c - d)", ").mean()"],
        ),
        (f"# {'a, (b) ' * 20}", [f"# {'a, (b) ' * 20}"]),
        ("a" * 80, ["a" * 80]),
    ],
)
def test_fold(statement, lines):
    assert fold(statement) == lines
