"""The README's own example has to be true."""

from pathlib import Path

import numpy as np

from core.losses import Loss
from core.record import Param, Source

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_loss_that_the_readme_adds_is_a_whole_record_with_the_right_slope():
    code = README.split("```python")[1].split("```")[0]
    made = {"Loss": Loss, "Param": Param, "Source": Source, "np": np}
    exec(code, made)
    fair = made["fair"]
    r, h = np.array([-3.0, -0.5, 0.7, 2.0]), 1e-5
    for c in fair.params[0].frames[[0, -1]]:
        slope = (fair.value(r + h, 0, c=c) - fair.value(r - h, 0, c=c)) / (2 * h)
        bend = (fair.grad(r + h, 0, c=c) - fair.grad(r - h, 0, c=c)) / (2 * h)
        np.testing.assert_allclose(fair.grad(r, 0, c=c), slope, rtol=1e-6)
        np.testing.assert_allclose(fair.curvature(r, 0, c=c), bend, rtol=1e-6)
    assert fair.formula_at(c=2.0).endswith("c = 2")


def test_every_file_that_the_readme_points_to_is_there():
    links = [part.split(")")[0] for part in README.split("](")[1:]]
    local = [link for link in links if not link.startswith("http")]
    assert local
    assert all((Path(__file__).parents[1] / link).exists() for link in local)
