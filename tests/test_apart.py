"""Another process: it works where it holds up nothing here, and its end is an error that can be met."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import numpy as np
import pytest

import core.apart
from core.apart import POSSIBLE, ProcessEnded, Template, TemplateEnded

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="no process is forked on this system")


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    made = Template()
    yield made
    made.close()


def test_results_come_back_whole_and_from_another_process(template: Template) -> None:
    assert template.run(os.getpid) != os.getpid()
    array = np.random.default_rng(0).normal(size=(300, 200))
    assert np.array_equal(template.run(np.transpose, array), array.T)


def test_what_a_function_prints_is_no_answer(template: Template) -> None:
    assert template.run(print, "a line on standard output") is None
    assert template.run(len, "abc") == 3


def test_an_exception_is_raised_here_and_says_where_it_came_from(template: Template) -> None:
    with pytest.raises(ValueError, match="invalid literal") as raised:
        template.run(int, "three")
    assert "In the other process" in "".join(raised.value.__notes__)
    assert template.run(int, "3") == 3


def test_a_process_that_ends_in_the_middle_is_an_error_and_the_next_one_works(template: Template) -> None:
    with pytest.raises(ProcessEnded, match="kill_own_process has ended"):
        template.run(kill_own_process)
    assert template.run(len, "abc") == 3


def test_the_memory_of_a_piece_of_work_is_free_when_it_is_done(template: Template) -> None:
    before = resident(template.process)
    assert template.run(size_of_ones, 20_000_000) == 160_000_000
    assert resident(template.process) < before + 20  # MB; the array had 160


def test_the_template_ends_with_the_process_that_made_it() -> None:
    script = (
        "from core.apart import Template; import os; print(Template().process, flush=True); os.kill(os.getpid(), 9)"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, timeout=30, check=False)
    status = Path(f"/proc/{int(found.stdout)}")
    end = time.monotonic() + 10
    while status.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert not status.exists()


def test_pieces_of_work_do_not_wait_for_each_other(template: Template) -> None:
    both = Barrier(2)

    def wait() -> None:
        both.wait(10)
        template.run(time.sleep, 0.5)

    begun = time.monotonic()
    threads = [Thread(target=wait) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert time.monotonic() - begun < 0.9


def test_a_template_that_has_ended_says_so_and_what_is_run_runs_here(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = Template()
    os.kill(ended.process, signal.SIGKILL)
    os.waitpid(ended.process, 0)
    with pytest.raises(TemplateEnded):
        ended.run(os.getpid)
    monkeypatch.setattr(core.apart, "_template", ended)
    assert core.apart.run(os.getpid) == os.getpid()
    core.apart.close()
    assert core.apart.run(os.getpid) == os.getpid()
    core.apart.start()
    assert core.apart.run(os.getpid) != os.getpid()
    core.apart.close()


def size_of_ones(count: int) -> int:
    return np.ones(count).nbytes


def kill_own_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def resident(process: int) -> float:
    """Resident memory of a process, MB."""
    return int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())[1]) / 1000
