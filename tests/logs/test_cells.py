"""Cells as tools print them: numbers with something about them, and what is no number."""

import pytest

from core.logs.tables.cells import AnnotatedNumber, parse_cell
from tests.logs.cases import read, values


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("tensor(0.53, device='cuda:0')", 0.53),
        ("tensor(0.53, device='cuda:0', grad_fn=<MeanBackward0>)", 0.53),
        ("tensor([0.53], grad_fn=<NllLossBackward0>)", 0.53),
        ("torch.tensor(-1e-3)", -1e-3),
        ("np.float64(0.5)", 0.5),
        ("tf.Tensor(0.53, shape=(), dtype=float32)", 0.53),
        ("<tf.Tensor: shape=(), dtype=float32, numpy=0.53>", 0.53),
        ("Array(0.53, dtype=float32)", 0.53),
        ("[0.53]", 0.53),
        ("(0.5,)", 0.5),
        ("1.2e-3s", 0.0012),
        ("12%", 12.0),
        ("2.3 GB/s", 2.3),
        ("1.5k", 1500.0),
        ("0.5 ± 0.1", 0.5),
        ("0.5 +/- 0.1", 0.5),
        ("0.5 (0.6)", 0.5),
        ("1 234.5", 1234.5),
    ],
)
def test_what_stands_about_a_number_is_taken_off(cell, value):
    found = parse_cell(cell)
    assert isinstance(found, AnnotatedNumber)
    assert found == value


@pytest.mark.parametrize(
    "cell",
    ["[1 2 3]", "[0.1, 0.2]", "tensor(0.5", "tensor([1., 2.])", "1e", "nanx", "f(1)", "=1+1", "adam1", "12:30",
     "2030-01-01", "1/20", "12/x", "oops", "tensor(" * 40, "(" * 299],
)  # fmt: skip
def test_what_is_no_number(cell):
    with pytest.raises(ValueError, match=r".+"):
        parse_cell(cell)


@pytest.mark.parametrize("cell", ["3/20", "[3/20]", "Epoch 3", "epoch 3/20", "3 of 20", "ep-3", "iter 3:"])
def test_a_count_of_a_total(cell):
    assert parse_cell(cell, is_counter=True) == 3


def test_a_count_is_read_from_text_of_its_own_kind_alone():
    with pytest.raises(ValueError, match="adam-1"):
        parse_cell("adam-1", is_counter=True)


@pytest.mark.parametrize("empty", ["", "-", "None", "null", "NA", "–", "nil", None])
def test_an_empty_cell(empty):
    assert parse_cell(empty) is None


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["1,234.5", "999"], [1234.5, 999]),
        (["1,234", "2,345,678"], [1234, 2345678]),
        (["0,512", "1,234"], [0.512, 1.234]),
    ],
)
def test_commas_between_thousands_and_decimal_commas_in_one_table(cells, found):
    text = "loss,name\n" + "".join(f'"{cell}",a\n' for cell in cells)
    assert values(read(text), "loss") == found


def test_another_unit_in_one_column_is_named_with_its_row():
    log = read("epoch,time,loss\n0,950ms,3\n1,980ms,2\n2,1.1s,1\n")
    assert values(log, "time") == [950, 980]
    assert "Row 4: '1.1s' in column time is no number; it is left out." in log.notes


def test_one_odd_cell_among_wrapped_ones_is_named():
    cells = [*(f"tensor({at}.5)" for at in range(5)), "oops"]
    log = read("epoch,loss\n" + "".join(f"{at},{cell}\n" for at, cell in enumerate(cells)))
    assert values(log, "loss") == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert "Row 7: 'oops' in column loss is no number; it is left out." in log.notes
