"""The README's own example has to be true."""

from pathlib import Path

import numpy as np

from core.losses import Loss, smooth

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_loss_that_the_readme_adds_runs_at_the_end_of_its_file():
    code = README.split("```python")[1].split("```")[0]
    names = dict(vars(smooth))
    exec(code, names)
    loss = names["pseudo_huber"]
    assert isinstance(loss, Loss)
    r = np.array([-3.0, -1e-9, 0.0, 0.75, 1e6])
    np.testing.assert_allclose(loss.value(r, 0), r**2 / (np.sqrt(1 + r**2) + 1), rtol=1e-14)


def test_every_file_that_the_readme_points_to_is_there():
    links = [part.split(")")[0] for part in README.split("](")[1:]]
    local = [link for link in links if not link.startswith("http")]
    assert local
    assert all((Path(__file__).parents[1] / link).exists() for link in local)
